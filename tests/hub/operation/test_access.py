"""Every route, tried by everybody with what belongs to somebody else; every form, without the right to send it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator

import pytest
from doors import SAFE, Door, belongings, browser, doors, named, person, program
from sqlalchemy import select
from starlette.testclient import TestClient
from visiting import PASSWORD

from chiploom.hub.database.schema import (
    ApiToken,
    AuditEntry,
    Consent,
    CredentialRecord,
    Draft,
    EvidenceRecord,
    Institution,
    Membership,
    SignIn,
    Submission,
    User,
)
from chiploom.hub.hub import Hub
from chiploom.hub.people import accounts

#: What anybody may ask for.
PUBLIC = {
    "/",
    "/setup",
    "/sign-in",
    "/sign-up",
    "/language",
    "/health",
    "/api/v1/openapi.json",
}
#: What is for operators alone.
TEACHING = ("/assignments", "/teach", "/api/v1/teach/packs")
OPERATING = (
    "/operate",
    "/metrics",
    *(f"/api/v1/{name}" for name in ("people", "institutions", "audit", "consents", "retention", "sign-up")),
)
#: A form with every field of every page, each with a value that is possible.
FIELDS = {
    "password": "not the right one",
    "present": "not the right one",
    "new": "another good phrase",
    "name": "Tên Khác",
    "login": "new-login",
    "days": "1",
    "scopes": "read",
    "files": '[["design.sv", "// another"]]',
    "stimulus": "a\n1\n",
    "skill": "logic",
    "public": "true",
    "track": "design",
    "chosen": "en",
    "is_open": "true",
    "institution_language": "vi",
    "account_language": "vi",
    "institution": "1",
    "role": "operator",
    "drafts": "1",
    "practice": "1",
    "audit": "1",
    "erasure_files": "keep",
}
SENT = {
    "files": [{"name": "design.sv", "text": "// another"}],
    "revision": 0,
    "stimulus": "a\n1\n",
    "pack": "foundations",
    "task": "gates",
    "skill": "logic",
    "is_public": True,
    "name": "Tên Khác",
    "login": "new-login",
    "language": "vi",
    "institution": 1,
    "role": "operator",
    "subject": "not the right one",
    "is_open": True,
    "drafts": 1,
    "practice": 1,
    "audit": 1,
    "erasure_files": "keep",
    "title": "Tên Khác",
    "text": "// another",
    "opens_at": "2030-01-01T00:00:00Z",
    "due_at": "2030-01-02T00:00:00Z",
    "closes_at": "2030-01-03T00:00:00Z",
    "minutes_per_credit": 1,
    "points": 1,
    "reason": "another",
}


def knock(door: Door, client: TestClient, csrf: str, owned: dict[str, object]) -> tuple[int, str]:
    headers = {"x-csrf-token": csrf} if csrf else {}
    address = door.address(named(door.path, owned))
    if door.method in SAFE:
        answer = client.request(door.method, address, headers=headers)
    elif door.is_for_programs or door.method == "PUT":
        sent = SENT if door.is_for_programs else {"files": [["design.sv", "// another"]], "revision": 1}
        answer = client.request(door.method, address, json=sent, headers=headers)
    else:
        answer = client.request(door.method, address, data=FIELDS, headers=headers)
    return answer.status_code, answer.text


def state_of(hub: Hub, user_id: int) -> list[str]:
    """Return everything the hub holds about a person."""
    kinds = (ApiToken, Consent, CredentialRecord, Draft, EvidenceRecord, Membership, SignIn, Submission)
    with hub.database.reading() as session:
        rows = [session.execute(select(User.__table__).where(User.id == user_id)).all()]
        rows += [session.execute(select(kind.__table__).where(kind.user_id == user_id)).all() for kind in kinds]
        rows.append(session.execute(select(Institution.__table__)).all())
    return [repr(sorted(map(repr, each))) for each in rows]


@pytest.fixture
def generous(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No limits: here it is asked far too often."""
    monkeypatch.setattr(hub.limits, "_share", 0)
    yield


@pytest.mark.usefixtures("generous")
@pytest.mark.parametrize("role", ["stranger", "learner", "lecturer", "operator"])
def test_nobody_gets_or_changes_what_is_anothers(role: str, hub: Hub) -> None:
    mark = f"mark{secrets.token_hex(8)}"
    owner = person(hub, "learner", name=mark)
    owned = belongings(hub, owner, mark)
    actor = None if role == "stranger" else person(hub, role)  # type: ignore[arg-type]
    before = state_of(hub, owner.id)
    tried = 0
    for door in doors(hub):
        if door.path == "/setup" or (role == "operator" and door.path.startswith(OPERATING) and door.method != "GET"):
            continue
        # A browser of its own each time: some of these routes end the sign-in they are asked with.
        client, csrf = (program(hub, actor), "") if door.is_for_programs else browser(hub, actor)
        status, text = knock(door, client, csrf, owned)
        place = f"{role} {door.method} {door.path}: {status} {text[:300]}"
        tried += 1
        assert status < 500, place
        if role == "operator" and door.path.startswith(OPERATING):
            continue
        assert mark not in text, place
        if door.path.startswith(OPERATING):
            assert status in ((401, 404) if role == "stranger" else (404,)) or (
                role == "stranger" and status == 303 and door.method == "GET"
            ), place
        elif role == "stranger" and door.path not in PUBLIC:
            assert status in (303, 401, 404), place
        elif ("{number}" in door.path or "{identifier}" in door.path) and "/hints/" not in door.path:
            # What classes and assignments are sent is another matter: ``teaching/test_who_may.py`` sends it.
            assert status == 404 or (status == 422 and door.path.startswith(TEACHING)), place
    assert tried > 60
    assert state_of(hub, owner.id) == before


@pytest.mark.usefixtures("generous")
def test_a_form_without_the_right_to_be_sent_changes_nothing(hub: Hub) -> None:
    owner = person(hub, "operator")
    owned = belongings(hub, owner, "mine")
    other, foreign_csrf = browser(hub, person(hub, "learner"))
    assert other
    client, csrf = browser(hub, owner)
    before = state_of(hub, owner.id)
    tried = 0
    wrong = [
        {},
        {"x-csrf-token": ""},
        {"x-csrf-token": "wrong"},
        {"x-csrf-token": foreign_csrf},
        {"x-csrf-token": csrf, "origin": "https://elsewhere.example"},
        {"x-csrf-token": csrf, "origin": "null"},
        {"x-csrf-token": csrf, "origin": "http://testserver.elsewhere.example"},
        {"x-csrf-token": csrf, "sec-fetch-site": "cross-site"},
        {"x-csrf-token": csrf, "sec-fetch-site": "same-site"},
        {"x-csrf-token": csrf, "origin": "https://elsewhere.example", "authorization": "Basic b3A6b3A="},
    ]
    for door in doors(hub):
        if door.is_for_programs or door.method in SAFE:
            continue
        for headers in wrong:
            address = door.address(named(door.path, owned))
            answer = client.request(door.method, address, data=FIELDS | {"password": PASSWORD}, headers=headers)
            assert answer.status_code == 403, (door, headers, answer.text[:200])
            tried += 1
    assert tried > 200
    assert state_of(hub, owner.id) == before


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/setup", "/language"])
def test_what_nobody_is_signed_in_for_is_not_taken_from_other_sites(path: str, hub: Hub) -> None:
    client, _ = browser(hub, None)
    for headers in ({"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}):
        assert client.post(path, data=FIELDS, headers=headers).status_code == 403


def test_a_sign_in_cannot_be_planted(hub: Hub) -> None:
    """The cookie that a browser had before it signs in is never the one it has afterwards."""
    user = person(hub, "learner")
    client, _ = browser(hub, None)
    planted, _ = browser(hub, person(hub, "learner"))
    for cookie in ("chosen-by-somebody-else", planted.cookies["chiploom_session"]):
        client.cookies.set("chiploom_session", cookie)
        answer = client.post("/sign-in", data={"login": user.login, "password": PASSWORD})
        assert answer.status_code in (303, 403)
        if answer.status_code == 303:
            assert answer.cookies["chiploom_session"] != cookie
    fresh, _ = browser(hub, None)
    first = fresh.post("/sign-in", data={"login": user.login, "password": PASSWORD}).cookies["chiploom_session"]
    again, _ = browser(hub, None)
    assert again.post("/sign-in", data={"login": user.login, "password": PASSWORD}).cookies["chiploom_session"] != first
    with hub.database.reading() as session:
        assert not session.scalars(
            select(SignIn).where(SignIn.token_hash.in_([first, "chosen-by-somebody-else"]))
        ).all()


def test_a_cookie_is_not_told_to_scripts_and_not_sent_by_other_sites(hub: Hub) -> None:
    client, _ = browser(hub, None)
    user = person(hub, "learner")
    said = client.post("/sign-in", data={"login": user.login, "password": PASSWORD}).headers["set-cookie"].lower()
    assert "httponly" in said and "samesite=lax" in said


def test_a_token_is_offered_no_scope_that_its_owner_has_no_use_for(hub: Hub) -> None:
    usable = {"learner": ["read", "submit"], "lecturer": ["read", "submit", "teach"], "operator": [*accounts.SCOPES]}
    for role, scopes in usable.items():
        client, csrf = browser(hub, person(hub, role))  # type: ignore[arg-type]
        assert re.findall(r'name="scopes" value="(\w+)"', client.get("/account").text) == scopes, role
        for scope in ("read", "teach", "operate", "everything"):
            fields = {"name": "x", "days": 1, "scopes": scope}
            answer = client.post("/account/tokens", data=fields, headers={"x-csrf-token": csrf})
            assert answer.status_code == (200 if scope in scopes else 422), (role, scope)


def test_a_changed_password_ends_the_other_sign_ins(hub: Hub) -> None:
    user = person(hub, "learner")
    here, csrf = browser(hub, user)
    elsewhere, _ = browser(hub, user)
    answer = here.post(
        "/account/password", data={"present": PASSWORD, "new": "a phrase of my own"}, headers={"x-csrf-token": csrf}
    )
    assert answer.status_code == 303
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303


def test_guessing_a_password_is_slowed_down_for_that_login_only(hub: Hub) -> None:
    victim, neighbour = person(hub, "learner"), person(hub, "learner")
    client, _ = browser(hub, None)
    for _ in range(5):
        assert client.post("/sign-in", data={"login": victim.login, "password": "wrong guess"}).status_code == 401
    # Also the right one has to wait now, so that the answer tells nothing.
    assert client.post("/sign-in", data={"login": victim.login, "password": PASSWORD}).status_code == 429
    assert (
        client.post("/sign-in", data={"login": f" {str(victim.login).upper()} ", "password": PASSWORD}).status_code
        == 429
    )
    # Another of the same campus, behind the same address.
    assert client.post("/sign-in", data={"login": neighbour.login, "password": PASSWORD}).status_code == 303


def test_guessing_the_password_of_an_open_session_is_slowed_down(hub: Hub) -> None:
    user = person(hub, "learner")
    client, csrf = browser(hub, user)
    tries = [("/account/password", {"present": "wrong guess", "new": "another phrase"})] * 3
    tries += [("/account/data/erase", {"password": "wrong guess"})] * 2
    for path, fields in tries:
        assert client.post(path, data=fields, headers={"x-csrf-token": csrf}).status_code == 401
    answer = client.post("/account/data/erase", data={"password": PASSWORD}, headers={"x-csrf-token": csrf})
    assert answer.status_code == 429
    with hub.database.reading() as session:
        assert session.get_one(User, user.id).erased_at is None


def test_what_operators_do_is_written_down_without_names(hub: Hub) -> None:
    operator, user = person(hub, "operator"), person(hub, "learner", name="Nguyễn Không Tên")
    client, csrf = browser(hub, operator)
    for what, fields in (
        ("role", {"institution": 1, "role": "lecturer"}),
        ("password", {}),
        ("sign-out", {}),
        ("export", {}),
        ("erase", {"password": PASSWORD}),
    ):
        answer = client.post(f"/operate/people/{user.id}/{what}", data=fields, headers={"x-csrf-token": csrf})
        assert answer.status_code in (200, 303), answer.text
    with hub.database.reading() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.object == f"user {user.id}")).all()
    assert [row.action for row in rows] == [
        "role-set",
        "password-reset",
        "sessions-ended",
        "data-exported",
        "account-erased",
    ]
    assert {row.actor_id for row in rows} == {operator.id}
    assert not any("Không Tên" in repr(row.details) or str(user.login) in repr(row.details) for row in rows)
