"""Enrolling a list: looked at first, then all of it or nothing, and passwords shown once."""

from __future__ import annotations

import re
import secrets
from urllib.parse import unquote

import pytest
from classroom import NOW, newcomer, open_classroom
from sqlalchemy import func, select
from starlette.testclient import TestClient
from visiting import Browser

from chiploom.hub import application
from chiploom.hub.database.schema import AuditEntry, Enrolment, Institution, Membership, User
from chiploom.hub.hub import Hub
from chiploom.hub.people import accounts, passwords
from chiploom.hub.teaching import courses, enrolling


def login() -> str:
    return f"sv-{secrets.token_hex(5)}"


def learners_of(hub: Hub, class_id: int) -> list[courses.Member]:
    with hub.database.reading() as session:
        return courses.members(session, class_id)


def test_a_list_is_looked_at_then_imported_and_the_passwords_work_once(hub: Hub) -> None:
    room = open_classroom(hub, learners=1)
    first, second, known = login(), login(), newcomer(hub, "learner", "Bùi Có Sẵn")[1]
    with hub.database.reading() as session:
        known_login = session.get_one(User, known.id).login
    text = f"\ufeff{first};Nguyễn Văn Ánh\r\n{second};Đỗ Thị =1+1;fr\r\n{known_login};Tên Khác\r\n"
    address = f"/teach/classes/{room.class_id}/roster"
    answer = room.lecturer.client.post(
        address,
        files={"file": ("lop.csv", text.encode(), "text/csv")},
        headers={"x-csrf-token": room.lecturer.csrf},
    )
    assert answer.status_code == 200
    assert "New accounts: 2. Existing accounts to be enrolled: 1." in answer.text and "Nguyễn Văn Ánh" in answer.text
    assert len(learners_of(hub, room.class_id)) == 1, "looking changes nothing"
    sent = re.search(r"<textarea name=\"text\" hidden>\n(.*?)</textarea>", answer.text, re.DOTALL)
    assert sent is not None

    sheet = room.lecturer.post(f"{address}/import", text=sent[1])
    shown = dict(re.findall(r"<code>(sv-\w+)</code></td><td><code>([a-z2-9-]+)</code>", sheet))
    assert set(shown) == {first, second}
    assert all(re.fullmatch(r"\w{4}-\w{4}-\w{4}", password) for password in shown.values())
    download = re.search(r'href="data:text/csv;charset=utf-8,([^"]+)"', sheet)
    assert download is not None and shown[first] in unquote(download[1])
    members = {member.login: member for member in learners_of(hub, room.class_id)}
    assert members[first].name == "Nguyễn Văn Ánh"
    assert members[str(known_login)].name == "Bùi Có Sẵn", "an account keeps its name"
    with hub.database.reading() as session:
        user = session.scalars(select(User).where(User.login == second)).one()
        assert (user.language, user.must_change_password) == ("fr", True)
        assert session.scalars(select(Membership.role).where(Membership.user_id == user.id)).one() == "learner"
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "roster-imported")).all()[-1]
    assert entry.details == {"new": 2, "known": 1}
    browser = TestClient(application.create(hub), follow_redirects=False)
    answer = browser.post("/sign-in", data={"login": first, "password": shown[first]})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")

    again = room.lecturer.client.post(
        f"{address}/import", data={"text": sent[1]}, headers={"x-csrf-token": room.lecturer.csrf}
    )
    assert again.status_code == 303, "the second time nobody is new and no password is shown"
    assert len(learners_of(hub, room.class_id)) == 4


def test_one_bad_line_stops_all_of_them(hub: Hub) -> None:
    room = open_classroom(hub, learners=0)
    good, text = login(), "tên có dấu;A\n"
    address = f"/teach/classes/{room.class_id}/roster"
    for path, field in ((address, "pasted"), (f"{address}/import", "text")):
        shown = room.lecturer.post(path, status=422, **{field: f"{good};Tốt\n{text}"})
        assert "Line 2:" in shown and "tên có dấu" in shown
    assert learners_of(hub, room.class_id) == []
    with hub.database.reading() as session:
        assert session.scalar(select(User.id).where(User.login == good)) is None


def test_hostile_cells_are_shown_as_text(hub: Hub) -> None:
    room = open_classroom(hub, learners=0)
    shown = room.lecturer.post(
        f"/teach/classes/{room.class_id}/roster",
        status=200,
        pasted=f'{login()},"<script>alert(1)</script></textarea>"\n',
    )
    assert "<script>alert" not in shown and "&lt;script&gt;" in shown
    room.lecturer.post(f"/teach/classes/{room.class_id}/roster", status=422)


def test_logins_of_others_are_not_taken_over(hub: Hub) -> None:
    room = open_classroom(hub, learners=0)
    elsewhere = login()
    with hub.database.writing() as session:
        other = Institution(name="Trường Khác", language="vi", created_at=NOW)
        session.add(other)
        session.flush()
        accounts.create(session, login=elsewhere, name="X", password_hash="h", language="vi", institution_id=other.id)
        lecturer = session.get_one(User, room.person.id).login
    shown = room.lecturer.post(
        f"/teach/classes/{room.class_id}/roster/import", status=422, text=f"{elsewhere},A\n{lecturer},B\n"
    )
    assert "outside this institution" in shown and "is a lecturer of this class" in shown
    with hub.database.reading() as session:
        assert session.scalars(select(User.password_hash).where(User.login == elsewhere)).one() == "h"


def test_too_many_new_accounts_are_refused_before_anything_is_hashed(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    room = open_classroom(hub, learners=0)
    monkeypatch.setattr(passwords, "hashed_new", lambda *_: pytest.fail("hashed"))
    text = "".join(f"{login()},Tên\n" for _ in range(enrolling.MOST_NEW + 1))
    shown = room.lecturer.post(f"/teach/classes/{room.class_id}/roster/import", status=422, text=text)
    assert f"Line {enrolling.MOST_NEW + 1}:" in shown


def test_passwords_are_hashed_while_nobody_writes(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    room = open_classroom(hub, learners=0)

    def hashed(password: str, of: str) -> str:
        # Writers queue for one connection: this would wait for ever inside a writing transaction.
        with hub.database.writing() as session:
            session.execute(select(func.count()).select_from(User))
        return "hash"

    monkeypatch.setattr(passwords, "hashed_new", hashed)
    room.lecturer.post(f"/teach/classes/{room.class_id}/roster/import", text=f"{login()},Tên\n")
    room.lecturer.post(f"/teach/classes/{room.class_id}/passwords")


def test_lost_first_passwords_are_issued_again_to_those_who_never_chose_one(hub: Hub) -> None:
    room = open_classroom(hub, learners=1)
    new = login()
    room.lecturer.post(f"/teach/classes/{room.class_id}/roster/import", text=f"{new},Tên Mới\n")
    assert "password they were given: 1." in room.lecturer.get(f"/teach/classes/{room.class_id}")
    sheet = room.lecturer.post(f"/teach/classes/{room.class_id}/passwords")
    assert re.findall(r"<code>(sv-\w+)</code>", sheet) == [new]
    with hub.database.writing() as session:
        session.scalars(select(User).where(User.login == new)).one().must_change_password = False
    room.lecturer.post(f"/teach/classes/{room.class_id}/passwords", status=422)


def test_a_removed_learner_sees_nothing_more_and_keeps_the_account(hub: Hub) -> None:
    room = open_classroom(hub, learners=2)
    number = room.assign()
    room.learners[0].get(f"/assignments/{number}")
    room.lecturer.post(f"/teach/classes/{room.class_id}/members/{room.people[0].id}/remove", status=303)
    room.learners[0].get(f"/assignments/{number}", status=404)
    room.learners[0].get("/learn")
    room.lecturer.post(f"/teach/classes/{room.class_id}/members/{room.people[0].id}/remove", status=404)


def test_operators_enrol_lecturers_and_a_class_keeps_its_last(hub: Hub, operator: Browser) -> None:
    room = open_classroom(hub, learners=1)
    browser, person = newcomer(hub, "learner", "Phạm Sẽ Giảng")
    with hub.database.reading() as session:
        user_login = session.get_one(User, person.id).login
    address = f"/teach/classes/{room.class_id}"
    room.lecturer.post(f"{address}/members/{room.person.id}/remove", status=422)
    room.lecturer.post(f"{address}/lecturers", status=422, login=user_login)
    operator.client.follow_redirects = False
    operator.post(f"{address}/lecturers", status=303, login=user_login)
    assert "K67" in browser.get(address)
    operator.get(address, status=404)
    with hub.database.reading() as session:
        learner_login = session.get_one(User, room.people[0].id).login
    operator.post(f"{address}/lecturers", status=422, login=learner_login)
    room.lecturer.post(f"{address}/members/{room.person.id}/remove", status=303)
    room.lecturer.get(address, status=404)
    with hub.database.reading() as session:
        roles = session.execute(select(Enrolment.role).where(Enrolment.class_id == room.class_id)).scalars().all()
    assert sorted(roles) == ["learner", "lecturer"]


def test_names_are_sorted_by_the_given_name() -> None:
    names = ["Nguyễn Văn Bình", "Đỗ Thị Ánh", "Trần An", "Lê Đức"]
    assert sorted(names, key=courses.name_order) == ["Trần An", "Đỗ Thị Ánh", "Nguyễn Văn Bình", "Lê Đức"]
