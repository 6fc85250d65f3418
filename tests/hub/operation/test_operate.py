"""The operator's pages, as an operator uses them, in each language."""

from __future__ import annotations

import re
import secrets
import unicodedata

import pytest
from doors import browser, person
from sqlalchemy import select
from starlette.testclient import TestClient
from visiting import PASSWORD, Browser

from chiploom.hub.database.schema import AuditEntry, Consent, Institution, Membership, User
from chiploom.hub.hub import Hub
from chiploom.hub.operation import governing

PAGES = ("", "/people", "/institutions", "/audit", "/retention", "/consents")


@pytest.mark.parametrize("language", ["en", "vi", "fr"])
def test_every_page_is_there_in_every_language(language: str, hub: Hub) -> None:
    client, csrf = browser(hub, person(hub, "operator"))
    client.post("/language", data={"chosen": language}, headers={"x-csrf-token": csrf})
    menu = {"en": "Audit log", "vi": "Nhật ký kiểm tra", "fr": "Journal d’audit"}[language]
    for path in PAGES:
        answer = client.get(f"/operate{path}")
        assert answer.status_code == 200, path
        assert menu in answer.text and f'lang="{language}"' in answer.text
    number = person(hub, "learner").id
    assert client.get(f"/operate/people/{number}").status_code == 200
    assert client.get("/account/data").status_code == 200


def test_an_account_is_made_and_its_first_password_works_once_it_is_handed_over(
    hub: Hub, operator: Browser, stranger: Browser
) -> None:
    login = f"new-{secrets.token_hex(4)}"
    shown = operator.post(
        "/operate/people", login=login, name="Phan Văn Mới", account_language="fr", institution=1, role="lecturer"
    )
    found = re.search(r'<code class="token">([a-z0-9-]+)</code>', shown)
    assert found is not None
    entered = stranger.client.post("/sign-in", data={"login": login, "password": found[1]}, follow_redirects=False)
    assert (entered.status_code, entered.headers["location"]) == (303, "/account")
    number = re.search(
        rf'/operate/people/(\d+)">Phan Văn Mới</a></td><td>{login}', operator.get(f"/operate/people?q={login}")
    )
    assert number is not None
    assert found[1] not in operator.get(f"/operate/people/{number[1]}"), "a password is shown once"
    again = operator.post(f"/operate/people/{number[1]}/password")
    other = re.search(r'<code class="token">([a-z0-9-]+)</code>', again)
    assert other is not None and other[1] != found[1]
    assert stranger.client.get("/account", follow_redirects=False).status_code == 303, "signed out by the reset"
    refused = stranger.client.post("/sign-in", data={"login": login, "password": found[1]}, follow_redirects=False)
    assert refused.status_code == 401
    operator.post(
        "/operate/people", status=409, login=login, name="x", account_language="vi", institution=1, role="learner"
    )
    operator.post(
        "/operate/people", status=422, login="ok-1", name="x", account_language="vi", institution=1, role="king"
    )
    operator.post(
        "/operate/people", status=404, login="ok-1", name="x", account_language="vi", institution=99, role="learner"
    )


def test_people_are_found_by_a_part_of_login_or_name_and_nothing_else(hub: Hub, operator: Browser) -> None:
    mark = secrets.token_hex(4)
    one = person(hub, "learner", name=f"Đỗ Thị {mark}_a%b")
    for words in (mark, f"{mark}_a%b", str(one.login).upper()):
        found = operator.client.get("/operate/people", params={"q": words}).text
        assert found.count('href="/operate/people/') == 1, words
    for words in (f"{mark}%b", f"{mark}xa", "\\", "'"):
        assert "Nobody found" in operator.client.get("/operate/people", params={"q": words}).text, words


def test_people_are_found_without_case_accents_and_the_order_of_words(hub: Hub) -> None:
    mark = secrets.token_hex(4)
    names = {
        "nguyen": "Nguyễn Thị Ánh",
        "do": "Đỗ Văn Đức",
        "elodie": "Élodie Lefèvre",
        "strasse": "Jörg STRAẞE",
        "ha": "Hà",
    }
    numbers = {key: person(hub, "learner", name=f"{name} {mark}").id for key, name in names.items()}
    asked = {
        "NGUYEN anh": "nguyen",
        "Ánh Nguyễn": "nguyen",
        unicodedata.normalize("NFD", "Nguyễn"): "nguyen",
        "do": "do",
        "ĐỖ VĂN": "do",
        "duc": "do",
        "lefevre": "elodie",
        "ÉLODIE": "elodie",
        "straße": "strasse",
        "jorg": "strasse",
    }
    with hub.database.reading() as session:
        for words, key in asked.items():
            found = [user.id for user in governing.find_people(session, f"{words} {mark}")]
            assert found == [numbers[key]], words
        assert len(governing.find_people(session, mark)) == len(names)
    renamed = numbers["ha"]
    client, csrf = browser(hub, _user(hub, renamed))
    client.post("/account/name", data={"name": f"Phạm Quý {mark}"}, headers={"x-csrf-token": csrf})
    with hub.database.reading() as session:
        assert [user.id for user in governing.find_people(session, f"pham quy {mark}")] == [renamed]
        assert not governing.find_people(session, f"ha  {mark} thi van")


def _user(hub: Hub, number: int) -> User:
    with hub.database.reading() as session:
        return session.get_one(User, number)


def test_long_lists_come_in_pages(hub: Hub, operator: Browser) -> None:
    mark = secrets.token_hex(4)
    with hub.database.writing() as session:
        for number in range(60):
            session.add(
                User(
                    subject=secrets.token_hex(8),
                    login=f"many-{mark}-{number}",
                    name="Nhiều Người",
                    password_hash="",
                    language="vi",
                    created_at=session.scalars(select(Institution.created_at).limit(1)).one(),
                )
            )
    first = operator.get(f"/operate/people?q=many-{mark}")
    further = re.search(rf'href="(/operate/people\?q=many-{mark}&amp;after=\d+)"', first)
    assert further is not None
    second = operator.get(further[1].replace("&amp;", "&"))
    numbers = [set(re.findall(r"/operate/people/(\d+)", page)) for page in (first, second)]
    assert [len(each) for each in numbers] == [50, 10] and not numbers[0] & numbers[1]


def test_a_role_is_given_changed_and_taken(hub: Hub, operator: Browser) -> None:
    user = person(hub, "learner")
    operator.post("/operate/institutions", name=f"Viện {secrets.token_hex(3)}", institution_language="en")
    with hub.database.reading() as session:
        place = session.scalars(select(Institution.id).order_by(Institution.id.desc()).limit(1)).one()
    client, _ = browser(hub, user)
    for role, status in (("operator", 200), ("lecturer", 404), ("", 404)):
        operator.post(f"/operate/people/{user.id}/role", institution=place, role=role)
        assert client.get("/operate").status_code == status, role
    with hub.database.reading() as session:
        held = session.execute(select(Membership.institution_id, Membership.role).where(Membership.user_id == user.id))
        assert [tuple(row) for row in held] == [(1, "learner")]
    operator.post(f"/operate/institutions/{place}", name="Viện Khác", institution_language="fr")
    assert "Viện Khác" in operator.get("/operate/institutions")
    operator.post(f"/operate/institutions/{place}", status=422, name="Viện", institution_language="xx")


def test_signing_up_is_closed_and_opened(hub: Hub, operator: Browser, stranger: Browser) -> None:
    operator.post("/operate/sign-up", is_open="false")
    stranger.get("/sign-up", status=403)
    refused = stranger.client.post(
        "/sign-up", data={"login": "x1", "name": "x", "password": PASSWORD, "accept": "true"}
    )
    assert refused.status_code == 403
    operator.post("/operate/sign-up", is_open="true")
    stranger.get("/sign-up")


def test_the_audit_log_is_filtered_and_comes_in_pages(hub: Hub, operator: Browser) -> None:
    user = person(hub, "learner")
    with hub.database.writing() as session:
        at = session.scalars(select(Institution.created_at).limit(1)).one()
        for number in range(70):
            session.add(
                AuditEntry(at=at, actor_id=user.id, action="tried", object=f"thing {number % 2}", details={"n": number})
            )
    first = operator.get(f"/operate/audit?action=tried&actor={user.id}&about=thing 1")
    assert first.count("<td>tried</td>") == 35
    whole = operator.get(f"/operate/audit?actor={user.id}")
    assert whole.count("<td>tried</td>") == 50
    older = re.search(r'href="(/operate/audit\?[^"]*before=\d+)"', whole)
    assert older is not None
    assert operator.get(older[1].replace("&amp;", "&")).count("<td>tried</td>") == 20
    operator.get("/operate/audit?actor=x", status=422)


def test_consents_are_counted(hub: Hub, operator: Browser) -> None:
    user = person(hub, "learner")
    with hub.database.writing() as session:
        at = session.scalars(select(Institution.created_at).limit(1)).one()
        session.add_all(
            Consent(user_id=user.id, purpose="counted", given_at=at, withdrawn_at=at if number else None)
            for number in range(3)
        )
    shown = re.sub(r"\s", "", operator.get("/operate/consents"))
    assert "<tr><td>counted</td><td>3</td><td>2</td></tr>" in shown


def test_the_pages_are_for_operators_alone(hub: Hub, stranger: Browser) -> None:
    for role in ("learner", "lecturer"):
        client, _ = browser(hub, person(hub, role))  # type: ignore[arg-type]
        assert {client.get(f"/operate{path}").status_code for path in PAGES} == {404}
    assert isinstance(stranger.client, TestClient)
    assert {stranger.client.get(f"/operate{path}", follow_redirects=False).status_code for path in PAGES} == {303}
