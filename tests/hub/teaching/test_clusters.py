"""Misconceptions: who fails alike, and one comment to all of them."""

from __future__ import annotations

from classroom import RIGHT, WRONG, open_classroom
from visiting import files, verdict_of

from chiploom.hub.hub import Hub
from chiploom.hub.teaching import clusters


def test_learners_who_fail_alike_are_one_group_and_get_one_comment(hub: Hub) -> None:
    room = open_classroom(hub, learners=4)
    number = room.assign()
    alike, other, alike_too, done = room.learners
    where = f"/assignments/{number}/check"
    for browser, text in (
        (alike, WRONG),
        (alike_too, f"// written differently\n{WRONG}"),
        (other, RIGHT.replace("endmodule", "")),
        (done, WRONG),
        (done, RIGHT),
    ):
        verdict_of(browser, browser.post(where, files=files(text)))
    with hub.database.reading() as session:
        found = clusters.of(session, room.row(number))
    assert [len(cluster.learner_ids) for cluster in found] == [2, 1], "who did it is in none"
    assert [cluster.outcome for cluster in found] == ["refuted", "rejected"]
    assert set(found[0].learner_ids) == {room.people[0].id, room.people[2].id}

    page = f"/teach/assignments/{number}/clusters"
    shown = room.lecturer.get(page)
    assert shown.index(found[0].id) < shown.index(found[1].id)
    assert "explanation" in shown and "Nguyễn Thị Học 3" in shown and "module logic_gates" in shown
    room.lecturer.post(f"{page}/{found[0].id}/comments", status=303, text="Xem lại **cổng AND** <b>")
    said = "<strong>cổng AND</strong> &lt;b&gt;"
    for browser in (alike, alike_too):
        assert said in browser.get(f"/assignments/{number}")
    assert said not in other.get(f"/assignments/{number}")
    room.lecturer.post(f"{page}/{'0' * 16}/comments", status=404, text="nobody fails so")
    room.lecturer.post(f"{page}/{found[0].id}/comments", status=422, text=" ")
    with hub.database.reading() as session:
        comment = clusters.of(session, room.row(number))[0].comments[0]
    another = room.assign()
    room.lecturer.post(f"/teach/assignments/{another}/comments/{comment.id}/remove", status=404)
    room.lecturer.post(f"/teach/assignments/{number}/comments/{comment.id}/remove", status=303)
    assert said not in alike.get(f"/assignments/{number}")


def test_the_newest_submission_says_where_a_learner_is(hub: Hub) -> None:
    room = open_classroom(hub, learners=2)
    number = room.assign()
    for cluster in ("a" * 16, "b" * 16):
        room.hand_in(room.people[0], number, WRONG, outcome="refuted", is_met=False, cluster=cluster)
    room.hand_in(room.people[1], number, WRONG, outcome="refuted", is_met=False, cluster="b" * 16)
    removed = room.add_learner()[1]
    room.hand_in(removed, number, WRONG, outcome="refuted", is_met=False, cluster="b" * 16)
    room.lecturer.post(f"/teach/classes/{room.class_id}/members/{removed.id}/remove", status=303)
    with hub.database.reading() as session:
        found = clusters.of(session, room.row(number))
    assert [(cluster.id[0], len(cluster.learner_ids)) for cluster in found] == [("b", 2)]
