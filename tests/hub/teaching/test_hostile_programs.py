"""The same asked twice at once, a clock that goes back, and names that are meant for a spreadsheet program."""

from __future__ import annotations

import csv
import io
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from classroom import GATES, NOW, RIGHT, newcomer, open_classroom
from sqlalchemy import func, select, update
from starlette.testclient import TestClient
from visiting import PASSWORD, application_of, files

from chiploom.hub.database.schema import (
    ApiToken,
    Draft,
    Enrolment,
    Extension,
    Membership,
    Override,
    PracticeDay,
    SignIn,
    User,
)
from chiploom.hub.hub import Hub
from chiploom.hub.operation import governing
from chiploom.hub.people import accounts
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import clock

TEACH = "/api/v1/teach"


def program(hub: Hub, person: Person) -> TestClient:
    with hub.database.writing() as session:
        token = accounts.make_token(session, person.id, "program", accounts.SCOPES, 1)
    return TestClient(application_of(hub), headers={"authorization": f"Bearer {token}"}, follow_redirects=False)


def at_once(deeds: Sequence[Callable[[], Any]]) -> Counter[int]:
    """Do things at the same moment and return how often each status was answered."""
    with ThreadPoolExecutor(len(deeds)) as pool:
        return Counter(each.result().status_code for each in [pool.submit(deed) for deed in deeds])


def test_of_identical_sign_ups_one_makes_an_account(hub: Hub) -> None:
    login = f"twin-{secrets.token_hex(4)}"
    fields = {"login": login, "name": "Sinh Đôi", "password": PASSWORD, "accept": "true"}

    def sign_up() -> Any:
        return TestClient(application_of(hub), follow_redirects=False).post("/sign-up", data=fields)

    said = at_once([sign_up] * 4)
    assert said == {303: 1, 422: 3}
    with hub.database.reading() as session:
        assert session.scalar(select(func.count()).where(User.login == login)) == 1


def test_identical_imports_enrol_everybody_once(hub: Hub) -> None:
    room = open_classroom(hub, 0)
    client, mark = program(hub, room.person), secrets.token_hex(4)
    _, known = newcomer(hub, "learner", "Đã Có")
    with hub.database.reading() as session:
        login = session.get_one(User, known.id).login
    where = f"{TEACH}/classes/{room.class_id}/roster"
    said = at_once([lambda: client.post(where, json={"text": f"{login},Đã Có\n"})] * 4)
    assert said == {200: 4}
    said = at_once([lambda: client.post(where, json={"text": f"n-{mark},Mới\n{login},Đã Có\n"})] * 4)
    # Whoever looked at the list before the first was done is told that the login is taken; later ones find it there.
    assert said[200] >= 1 and set(said) <= {200, 409}
    with hub.database.reading() as session:
        enrolled = session.scalars(
            select(User.login)
            .join(Enrolment, Enrolment.user_id == User.id)
            .where(Enrolment.class_id == room.class_id, Enrolment.role == "learner")
        ).all()
    assert sorted(enrolled, key=str) == sorted([login, f"n-{mark}"], key=str)


def test_extensions_and_points_given_twice_at_once_count_once(hub: Hub) -> None:
    room = open_classroom(hub, 1)
    client, number, learner = program(hub, room.person), room.assign(points=10), room.people[0]
    until = (NOW + timedelta(days=9)).isoformat()
    more = {"due_at": until, "closes_at": until, "reason": "ốm"}
    where = f"{TEACH}/assignments/{number}"
    said = at_once([lambda: client.put(f"{where}/extensions/{learner.id}", json=more)] * 4)
    assert said[200] >= 1 and set(said) <= {200, 409}
    said = at_once(
        [lambda: client.put(f"{where}/learners/{learner.id}/points", json={"points": 5, "reason": "vấn đáp"})] * 4
    )
    assert said == {200: 4}
    assert client.get(f"{where}/learners/{learner.id}/points").json()["points"] == 5
    said = at_once([lambda: client.delete(f"{where}/learners/{learner.id}/points")] * 4)
    assert said == {204: 4}
    with hub.database.reading() as session:
        assert session.scalar(select(func.count()).where(Extension.assignment_id == number)) == 1
        assert session.scalar(select(func.count()).where(Override.assignment_id == number)) == 0


def test_credentials_roles_and_drafts_asked_for_twice_at_once(hub: Hub) -> None:
    room = open_classroom(hub, 1)
    learner = program(hub, room.people[0])
    sent = {"pack": "foundations", "task": "gates", "files": [{"name": "design.sv", "text": RIGHT}]}
    number = learner.post("/api/v1/submissions", json=sent).json()["id"]
    for _ in range(12):
        if learner.get(f"/api/v1/submissions/{number}?wait=10").json()["state"] == "done":
            break
    said = at_once([lambda: learner.post("/api/v1/credentials", json={"skill": GATES.skills[0]})] * 3)
    assert said == {201: 3}
    credential = learner.get("/api/v1/credentials").json()[0]["id"]
    where = f"/api/v1/credentials/{credential}/publication"
    assert at_once([lambda: learner.put(where, json={"is_public": True})] * 3) == {200: 3}
    consent = learner.get("/api/v1/me/consents").json()["items"][-1]["id"]
    assert at_once([lambda: learner.post(f"/api/v1/me/consents/{consent}/withdraw")] * 3) == {200: 3}
    operator = program(hub, newcomer(hub, "operator", "Vận Hành")[1])
    made = operator.post("/api/v1/institutions", json={"name": "Viện", "language": "vi"}).json()["id"]
    where = f"/api/v1/people/{room.people[0].id}/roles/{made}"
    said = at_once([lambda: operator.put(where, json={"role": "learner"})] * 4)
    assert said[200] >= 1 and set(said) <= {200, 409}


def test_operators_who_take_the_role_from_each_other_leave_one(hub: Hub) -> None:
    (_, one), (_, other) = (newcomer(hub, "operator", f"Vận Hành {turn}") for turn in range(2))
    with hub.database.writing() as session:
        before = list(
            session.scalars(
                update(Membership)
                .where(Membership.role == "operator", Membership.user_id.not_in([one.id, other.id]))
                .values(role="lecturer")
                .returning(Membership.user_id)
            )
        )
    clients = [(program(hub, one), other), (program(hub, other), one)]
    said = at_once(
        [
            lambda client=client, whom=whom: client.put(f"/api/v1/people/{whom.id}/roles/1", json={"role": "learner"})
            for client, whom in clients
        ]
    )
    with hub.database.writing() as session:
        left = session.scalars(select(Membership.user_id).where(Membership.role == "operator")).all()
        session.execute(update(Membership).where(Membership.user_id.in_(before)).values(role="operator"))
    assert len(left) == 1 and said[200] == 1, said


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps_loses_and_forges_nothing(hours: int, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written an hour ahead of (or behind) the clock is read as usual, and no minute is negative."""
    room = open_classroom(hub, 1)
    number = room.assign(opens_at=NOW - timedelta(days=1))
    learner, browser, moved = room.people[0], room.learners[0], timedelta(hours=hours)
    client, csrf = program(hub, learner), browser.csrf
    where = f"/assignments/{number}"
    answer = browser.client.put(
        f"{where}/draft", json={"files": [["design.sv", "// a"]], "revision": 0}, headers={"x-csrf-token": csrf}
    )
    assert answer.status_code == 200
    with hub.database.writing() as session:
        for kind, column in ((SignIn, "created_at"), (ApiToken, "created_at"), (Draft, "updated_at")):
            shifted = datetime.now(UTC) + moved
            session.execute(update(kind).where(kind.user_id == learner.id).values({column: shifted}))
        session.execute(
            update(PracticeDay).where(PracticeDay.user_id == learner.id).values(last_at=datetime.now(UTC) + moved)
        )
    room.hand_in(learner, number, RIGHT, created_at=NOW + moved)
    assert browser.client.get("/learn").status_code == 200
    assert client.get("/api/v1/me").status_code == 200
    answer = browser.client.put(
        f"{where}/draft", json={"files": [["design.sv", "// b"]], "revision": 1}, headers={"x-csrf-token": csrf}
    )
    assert answer.status_code == 200
    answer = browser.client.post(f"{where}/check", data={"files": files(RIGHT)}, headers={"x-csrf-token": csrf})
    assert answer.status_code == 200
    with hub.database.reading() as session:
        minutes = session.scalars(select(PracticeDay.minutes).where(PracticeDay.user_id == learner.id)).all()
    assert all(1 <= each <= 2 for each in minutes)
    teacher = program(hub, room.person)
    (row,) = teacher.get(f"{TEACH}/classes/{room.class_id}/gradebook").json()["items"]
    assert (row["total"], row["cells"][0]["late_days"]) == (100.0, 0)
    # An exam that was over is not begun again by a clock that goes back behind its opening.
    monkeypatch.setattr(clock, "now", lambda: NOW - timedelta(days=2))
    assert client.get(f"/api/v1{where}").json()["phase"] == "before"
    refused = client.post(f"/api/v1{where}/submissions", json={"files": [{"name": "design.sv", "text": RIGHT}]})
    assert refused.json()["error"]["code"] == "assignment-not-open"


def test_a_name_made_for_a_spreadsheet_is_a_text_in_every_table(hub: Hub) -> None:
    room = open_classroom(hub, 0)
    names = ["=cmd|'/C calc'!A0", "+84 912", "-1+1", "@SUM(A1)", "＝1+1"]
    for name in names:
        room.add_learner(name)
    room.assign()
    for path in ("gradebook.csv", "practice.csv"):
        text = room.lecturer.client.get(f"/teach/classes/{room.class_id}/{path}").content.decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        assert not any(cell.startswith(("=", "+", "-", "@", "＝")) for cell in cells), cells
    book = room.lecturer.client.get(f"/teach/classes/{room.class_id}/gradebook.csv").text
    assert all(f"'{name}" in book for name in names)


def test_a_search_for_nothing_but_marks_or_wildcards_finds_nobody_by_accident(hub: Hub) -> None:
    with hub.database.reading() as session:
        everybody = len(governing.find_people(session, "", limit=1000))
        assert governing.find_people(session, "%") == []
        assert governing.find_people(session, "_" * 50) == []
        assert len(governing.find_people(session, "ﷺ" * 200)) == 0
    assert everybody > 1
