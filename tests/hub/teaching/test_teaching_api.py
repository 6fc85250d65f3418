"""Lecturers and learners of a class as programs: what pages do, and never what belongs to another class."""

from __future__ import annotations

import io
import secrets
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from classroom import NOW, RIGHT, WRONG, Classroom, newcomer, open_classroom
from fastapi.routing import APIRoute
from sqlalchemy import select
from starlette.testclient import TestClient
from visiting import application_of

from chiploom.hub.api import assigning, assignments, classes, packs, reports
from chiploom.hub.database.schema import AuditEntry, Class, ClusterComment, PackUpload
from chiploom.hub.hub import Hub
from chiploom.hub.people import accounts
from chiploom.hub.people.accounts import Person

CLUSTER = "c" * 16
ROUTES = sorted(
    {
        (method, f"/api/v1{route.path}")
        for module in (classes, assigning, reports, packs, assignments)
        for route in module.router.routes
        if isinstance(route, APIRoute)
        for method in route.methods
    }
)
TEACH = "/api/v1/teach"
TERMS: dict[str, Any] = {
    "pack": "foundations",
    "task": "gates",
    "opens_at": (NOW - timedelta(hours=1)).isoformat(),
    "due_at": (NOW + timedelta(days=1)).isoformat(),
    "closes_at": (NOW + timedelta(days=2)).isoformat(),
}
SENT = {
    **TERMS,
    "closes_at": (NOW + timedelta(days=9)).isoformat(),
    "due_at": (NOW + timedelta(days=8)).isoformat(),
    "institution": 1,
    "title": "Tên Khác",
    "name": "Tên Khác",
    "login": "new-login",
    "minutes_per_credit": 7,
    "text": "new-login,Tên Khác",
    "points": 1,
    "reason": "khác",
    "files": [{"name": "design.sv", "text": RIGHT}],
    "stimulus": "a\n1\n",
}


def program(hub: Hub, person: Person | None, *scopes: str) -> TestClient:
    client = TestClient(application_of(hub))
    if person is not None:
        with hub.database.writing() as session:
            token = accounts.make_token(session, person.id, "program", scopes or accounts.SCOPES, 1)
        client.headers["authorization"] = f"Bearer {token}"
    return client


def failure(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.json()["error"]["code"])


@pytest.fixture(scope="module")
def room(hub: Hub) -> Classroom:
    return open_classroom(hub)


def everything_of(room: Classroom) -> dict[str, object]:
    """Give a class one of everything, and return what routes call these things."""
    number = room.assign(closes_at=NOW + timedelta(days=2))
    learner = room.people[0]
    made = room.hand_in(learner, number, f"// secret\n{WRONG}", outcome="refuted", is_met=False, cluster=CLUSTER)
    with room.hub.database.writing() as session:
        comment = ClusterComment(assignment_id=number, cluster=CLUSTER, text="secret", at=NOW, by_id=room.person.id)
        upload = PackUpload(
            pack_id="secret",
            version="1",
            directory="none",
            task_count=1,
            by_id=room.person.id,
            uploaded_at=NOW,
            state="refused",
            reports=[{"task": "secret"}],
        )
        session.add_all([comment, upload])
        session.flush()
        course = session.get_one(Class, room.class_id).course_id
    numbers = {"classes": room.class_id, "assignments": number, "submissions": made, "packs": upload.id}
    return {**numbers, "courses": course, "user_id": learner.id, "comment_id": comment.id}


def address(path: str, things: dict[str, object]) -> str:
    kind = path.removeprefix(f"{TEACH}/").removeprefix("/api/v1/").partition("/")[0]
    values = {**things, "number": things[kind], "cluster": CLUSTER, "hint_number": 1}
    return path.format(**values)


def test_a_class_from_its_course_to_its_gradebook(hub: Hub) -> None:
    _, person = newcomer(hub, "lecturer", "Lê Giảng")
    client = program(hub, person, "teach")
    course = client.post(f"{TEACH}/courses", json={"institution": 1, "title": "Thiết kế số"}).json()
    group = client.post(f"{TEACH}/courses/{course['id']}/classes", json={"name": "K68"}).json()
    assert [each["id"] for each in client.get(f"{TEACH}/courses").json()["items"]] == [course["id"]]
    here = f"{TEACH}/classes/{group['id']}"
    mark = secrets.token_hex(3)
    text = f"a{mark},Đỗ An\nb{mark},Lê Bình\n"
    planned = client.post(f"{here}/roster/check", json={"text": text}).json()
    assert planned == {"new": [f"a{mark}", f"b{mark}"], "known": [], "present": [], "problems": []}
    issued = client.post(f"{here}/roster", json={"text": text}).json()
    assert [each["login"] for each in issued] == planned["new"] and all(each["password"] for each in issued)
    faulty = client.post(f"{here}/roster/check", json={"text": "c d,Ai"}).json()
    assert [(each["line"], each["code"]) for each in faulty["problems"]] == [(1, "login")]
    assert failure(client.post(f"{here}/roster", json={"text": "c d,Ai"}), 422) == "roster-faulty"
    learners = client.get(f"{here}/learners?limit=1").json()
    assert learners["items"][0]["name"] == "Đỗ An" and learners["items"][0]["has_first_password"]
    rest = client.get(f"{here}/learners?after={learners['next']}").json()
    assert [each["name"] for each in rest["items"]] == ["Lê Bình"] and rest["next"] is None
    assert [each["id"] for each in client.get(f"{here}/lecturers").json()["items"]] == [person.id]
    made = client.post(f"{here}/assignments", json=TERMS)
    assert made.status_code == 201, made.text
    number = made.json()["id"]
    changed = client.put(f"{TEACH}/assignments/{number}", json={**TERMS, "points": 10}).json()
    assert changed["points"] == 10 and client.get(f"{TEACH}/assignments/{number}").json() == changed
    assert client.get(f"{here}/assignments").json()["items"] == [changed]
    who = learners["items"][0]["id"]
    points = f"{TEACH}/assignments/{number}/learners/{who}/points"
    given = client.put(points, json={"points": 4.5, "reason": "vấn đáp"}).json()
    assert (given["points"], given["computed"], given["reason"]) == (4.5, 0.0, "vấn đáp")
    book = client.get(f"{here}/gradebook").json()["items"]
    assert [(row["name"], row["total"], row["most"]) for row in book] == [("Đỗ An", 4.5, 10), ("Lê Bình", 0.0, 10)]
    assert book[0]["cells"] == [given]
    assert client.delete(points).status_code == 204
    assert client.get(points).json()["override"] is None
    more = {name: SENT[name] for name in ("due_at", "closes_at", "reason")}
    extension = client.put(f"{TEACH}/assignments/{number}/extensions/{who}", json=more).json()
    assert (extension["person"], extension["reason"]) == (who, "khác")
    assert client.get(f"{TEACH}/assignments/{number}/extensions").json()["items"] == [extension]
    assert client.delete(f"{TEACH}/assignments/{number}/extensions/{who}").status_code == 204
    assert client.get(f"{TEACH}/assignments/{number}/extensions").json()["items"] == []
    minutes = client.put(f"{here}/minutes-per-credit", json={"minutes_per_credit": 600}).json()
    assert minutes["minutes_per_credit"] == 600
    assert {row["credits"] for row in client.get(f"{here}/practice").json()["items"]} == {0.0}
    assert len(client.post(f"{here}/passwords").json()) == 2
    assert client.delete(f"{here}/members/{who}").status_code == 204
    assert len(client.get(f"{here}/learners").json()["items"]) == 1
    assert client.delete(f"{TEACH}/assignments/{number}").status_code == 204
    assert failure(client.get(f"{TEACH}/assignments/{number}"), 404) == "not-found"
    with hub.database.reading() as session:
        done = session.scalars(select(AuditEntry.action).where(AuditEntry.actor_id == person.id)).all()
    assert {"roster-imported", "points-given", "extension-given", "assignment-deleted"} <= set(done)


def test_misconceptions_and_the_comment_that_their_owners_read(room: Classroom) -> None:
    things = everything_of(room)
    client = program(room.hub, room.person)
    where = f"{TEACH}/assignments/{things['assignments']}"
    (cluster,) = client.get(f"{where}/clusters").json()["items"]
    assert (cluster["learners"], cluster["example"]) == ([things["user_id"]], things["submissions"])
    said = client.post(f"{where}/clusters/{CLUSTER}/comments", json={"text": "Xem lại cổng AND"})
    assert said.status_code == 201
    shown = client.get(f"{TEACH}/submissions/{things['submissions']}").json()
    assert shown["person"] == things["user_id"] and WRONG in shown["files"][0]["text"]
    listed = client.get(f"{where}/submissions").json()["items"]
    assert [each["id"] for each in listed] == [things["submissions"]]
    learner = program(room.hub, room.people[0])
    own = learner.get(f"/api/v1/submissions/{things['submissions']}").json()
    assert own["comments"] == ["secret", "Xem lại cổng AND"] and own["assignment"] == things["assignments"]
    assert client.delete(f"{where}/comments/{said.json()['id']}").status_code == 204
    assert learner.get(f"/api/v1/submissions/{things['submissions']}").json()["comments"] == ["secret"]
    assert failure(client.post(f"{where}/clusters/{'d' * 16}/comments", json={"text": "x"}), 404) == "not-found"


def test_a_learner_works_on_an_assignment_inside_its_window_only(room: Classroom) -> None:
    number = room.assign(max_attempts=1)
    client = program(room.hub, room.people[0], "read", "submit")
    here = f"/api/v1/assignments/{number}"
    given = client.get(here).json()
    assert (given["phase"], given["attempts_left"], given["task"]) == ("open", 1, "gates")
    assert number in {each["id"] for each in client.get("/api/v1/assignments").json()["items"]}
    assert client.get(f"{here}/task").json()["top"] == "logic_gates"
    files = SENT["files"]
    assert client.put(f"{here}/draft", json={"files": files}).json() == {"revision": 1}
    assert client.get(f"{here}/draft").json()["files"] == files
    assert client.post(f"{here}/hints/1").json()["opened"][0]["number"] == 1
    assert client.get(f"{here}/hints").json()["count"] >= 1
    assert client.post(f"{here}/diagnose", json={"files": files}).json() == {"diagnostics": [], "complete": True}
    made = client.post(f"{here}/submissions", json={"files": files})
    assert made.status_code == 202
    for _ in range(12):
        shown = client.get(f"/api/v1/submissions/{made.json()['id']}?wait=10").json()
        if shown["state"] == "done":
            break
    assert (shown["outcome"], shown["assignment"]) == ("proved", number)
    assert failure(client.post(f"{here}/submissions", json={"files": files}), 422) == "no-attempts-left"
    assert client.get(here).json()["is_met"] is True
    later = room.assign(mode="exam", opens_at=NOW + timedelta(hours=1))
    hidden = client.get(f"/api/v1/assignments/{later}").json()
    assert (hidden["phase"], hidden["pack"], hidden["task"]) == ("before", None, None)
    over = room.assign(opens_at=NOW - timedelta(days=3), due_at=NOW - timedelta(days=2), closes_at=NOW - timedelta(1))
    for each, code in ((later, "assignment-not-open"), (over, "assignment-closed")):
        for method, what in (("GET", "task"), ("GET", "draft"), ("POST", "submissions"), ("POST", "run")):
            answer = client.request(method, f"/api/v1/assignments/{each}/{what}", json=SENT)
            assert failure(answer, 422) == code
    exam = room.assign(mode="exam")
    assert failure(client.get(f"/api/v1/assignments/{exam}/hints"), 422) == "no-hints"
    assert failure(client.post(f"/api/v1/assignments/{exam}/hints/1"), 422) == "no-hints"
    assert client.get(f"/api/v1/assignments/{exam}/task").json()["hints"] == 0


def test_a_pack_is_handed_in_and_told_about(room: Classroom) -> None:
    client = program(room.hub, room.person)
    refused = client.post(f"{TEACH}/packs", files={"file": ("pack.zip", b"no archive", "application/zip")})
    assert failure(refused, 422) == "bad-archive"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writing:
        writing.writestr("pack.toml", "id = 'half")
    refused = client.post(f"{TEACH}/packs", files={"file": ("pack.zip", archive.getvalue(), "application/zip")})
    assert failure(refused, 422) == "pack-malformed"
    things = everything_of(room)
    shown = client.get(f"{TEACH}/packs/{things['packs']}").json()
    assert (shown["state"], shown["reports"]) == ("refused", [{"task": "secret"}])
    assert shown in client.get(f"{TEACH}/packs").json()["items"]
    assert client.delete(f"{TEACH}/packs/{things['packs']}").status_code == 204
    assert failure(client.get(f"{TEACH}/packs/{things['packs']}"), 404) == "not-found"


ASKERS: dict[str, Callable[[Hub, Classroom], Person]] = {
    "a lecturer of another class": lambda hub, room: open_classroom(hub, 1).person,
    "a learner of the class": lambda hub, room: room.people[1],
    "an operator": lambda hub, room: newcomer(hub, "operator", "Vận Hành")[1],
}


@pytest.mark.parametrize("asker", ASKERS)
def test_what_belongs_to_another_class_is_not_found(asker: str, hub: Hub, room: Classroom) -> None:
    things = everything_of(room)
    client = program(hub, ASKERS[asker](hub, room))
    before = program(hub, room.person).get(f"{TEACH}/classes/{room.class_id}/gradebook").text
    tried = 0
    for method, path in ROUTES:
        is_own = path.startswith("/api/v1/assignments") and asker == "a learner of the class"
        if "{" not in path or is_own:
            continue
        answer = client.request(method, address(path, things), json=SENT)
        place = (method, path, answer.text[:300])
        if asker == "an operator" and path.endswith("/lecturers") and method == "POST":
            assert failure(answer, 422) == "unknown-lecturer", place
        else:
            assert failure(answer, 404) == "not-found", place
        assert "secret" not in answer.text, place
        tried += 1
    assert tried > 25
    assert program(hub, room.person).get(f"{TEACH}/classes/{room.class_id}/gradebook").text == before


def test_a_token_without_the_scope_does_nothing_for_its_lecturer(hub: Hub, room: Classroom) -> None:
    things = everything_of(room)
    client = program(hub, room.person, "read", "submit")
    for method, path in ROUTES:
        if path.startswith(TEACH):
            answer = client.request(method, address(path, things) if "{" in path else path, json=SENT)
            assert failure(answer, 403) == "missing-scope", (method, path)


def test_a_number_of_another_class_under_ones_own_is_not_found(hub: Hub, room: Classroom) -> None:
    """One's own assignment with somebody else's learner, and one's own class with somebody else's member."""
    mine, others = open_classroom(hub, 1), everything_of(room)
    number, client = mine.assign(), program(hub, mine.person)
    for method, path in (
        ("PUT", f"assignments/{number}/extensions/{others['user_id']}"),
        ("PUT", f"assignments/{number}/learners/{others['user_id']}/points"),
        ("DELETE", f"assignments/{number}/learners/{others['user_id']}/points"),
        ("DELETE", f"assignments/{number}/comments/{others['comment_id']}"),
        ("POST", f"assignments/{number}/clusters/{CLUSTER}/comments"),
        ("DELETE", f"classes/{mine.class_id}/members/{others['user_id']}"),
    ):
        assert failure(client.request(method, f"{TEACH}/{path}", json=SENT), 404) == "not-found", path


def test_progress_does_not_lead_to_a_task_whose_exam_is_open(hub: Hub) -> None:
    room = open_classroom(hub, learners=1)
    client = program(hub, room.people[0])
    first = client.get("/api/v1/progress", params={"track": "design"}).json()["following"]["id"]
    room.assign(task_id=first, mode="exam")
    following = client.get("/api/v1/progress", params={"track": "design"}).json()["following"]
    assert following["id"] != first


def test_an_assignment_that_a_program_makes_or_changes_holds_the_version_of_its_pack(hub: Hub) -> None:
    room = open_classroom(hub, learners=1)
    client = program(hub, room.person)
    version = hub.library.packs["foundations"].version
    made = client.post(f"{TEACH}/classes/{room.class_id}/assignments", json=TERMS).json()["id"]
    assert room.row(made).pack_version == version
    assert client.put(f"{TEACH}/assignments/{made}", json={**TERMS, "points": 50}).status_code == 200
    assert (room.row(made).pack_version, room.row(made).points) == (version, 50)
