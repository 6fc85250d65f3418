"""What programs may ask: with which token, in which shape, and never what is not theirs."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any

import pytest
from programs import failure, program, token_of
from starlette.testclient import TestClient
from visiting import Browser, sign_up

from chiploom.credentials import badge
from chiploom.grading import evidence
from chiploom.hub.hub import Hub
from chiploom.hub.people import accounts
from chiploom.tasks.load import load_pack, load_task

TASK = load_task(load_pack(), "gates")
GATES = "/api/v1/tasks/foundations/gates"
RIGHT = TASK.reference[0].text
ALL = ("read", "submit")


def hand_in(client: TestClient, text: str) -> dict[str, Any]:
    sent = {"pack": "foundations", "task": "gates", "files": [{"name": "design.sv", "text": text}]}
    answer = client.post("/api/v1/submissions", json=sent)
    assert answer.status_code == 202, answer.text
    for _ in range(12):
        shown: dict[str, Any] = client.get(f"/api/v1/submissions/{answer.json()['id']}?wait=10").json()
        if shown["state"] == "done":
            return shown
    raise AssertionError("no verdict")


def test_from_a_task_to_a_credential(hub: Hub, learner: Browser) -> None:
    client = program(hub, token_of(learner, *ALL))
    me = client.get("/api/v1/me").json()
    assert me["scopes"] == ["read", "submit"] and me["roles"] == ["learner"]
    listed = client.get("/api/v1/tasks").json()
    assert ("foundations", "gates") in {(task["pack"], task["id"]) for task in listed}
    refuted = hand_in(client, RIGHT.replace("&", "|", 1))
    assert (refuted["outcome"], refuted["is_met"]) == ("refuted", False)
    assert refuted["verdict"]["trace"]["failing"]
    proved = hand_in(client, RIGHT)
    assert (proved["outcome"], proved["verdict"]["verdict"], proved["place"]) == ("proved", "proved", None)
    (piece,) = client.get("/api/v1/evidence").json()["items"]
    assert piece["submission"] == proved["id"]
    shown = client.get(f"/api/v1/evidence/{piece['id']}").json()
    evidence.verify(evidence.Evidence(shown["document"]), hub.key.did)
    assert shown["opening"]
    issued = client.post("/api/v1/credentials", json={"skill": piece["skills"][0]})
    assert issued.status_code == 201
    assert badge.verify(issued.json()["jwt"], key=hub.key.did).holder_name == ""
    assert client.get("/api/v1/credentials").json() == [issued.json()]
    opened = client.put(f"/api/v1/credentials/{issued.json()['id']}/publication", json={"is_public": True})
    assert opened.json()["is_public"] is True
    standing = client.get("/api/v1/progress").json()
    assert next(task for task in standing["tasks"] if task["id"] == "gates") == {
        "pack": "foundations",
        "id": "gates",
        "is_met": True,
        "tries": 2,
    }


def test_a_task_is_told_without_what_gives_it_away(hub: Hub, learner: Browser) -> None:
    """Of no task of the pack is a line of the reference told that is not in its statement or starter."""
    client = program(hub, token_of(learner, "read"))
    pack = load_pack()
    for task_id in pack.task_ids:
        answer = client.get(f"/api/v1/tasks/foundations/{task_id}")
        assert answer.status_code == 200, answer.text
        task = load_task(pack, task_id)
        told = set(answer.json())
        assert not told & {"reference", "environment", "properties", "alternatives", "broken"}
        open_text = " ".join([*task.statement.values(), *(source.text for source in task.starter)])
        for source in (*task.reference, *task.properties, *task.environment):
            for line in source.text.splitlines():
                if len(line.strip()) > 30 and line.strip() not in open_text:
                    assert json.dumps(line.strip())[1:-1] not in answer.text, (task_id, line)


def test_drafts_hints_diagnostics_and_runs(hub: Hub, learner: Browser) -> None:
    client = program(hub, token_of(learner, *ALL))
    files = [{"name": "design.sv", "text": RIGHT}]
    assert client.get(f"{GATES}/draft").json()["revision"] == 0
    assert client.put(f"{GATES}/draft", json={"files": files}).json() == {"revision": 1}
    assert client.get(f"{GATES}/draft").json() == {"revision": 1, "files": files}
    other = [{"name": "design.sv", "text": "// other"}]
    assert failure(client.put(f"{GATES}/draft", json={"files": other}), 409) == "draft-newer"
    assert failure(client.post(f"{GATES}/hints/2"), 422) == "unknown-hint"
    assert [hint["number"] for hint in client.post(f"{GATES}/hints/1").json()["opened"]] == [1]
    assert client.get(GATES).json()["hints_used"] == 1
    broken = [{"name": "design.sv", "text": "module logic_gates(input a);\nasign y = a;\nendmodule"}]
    found = client.post(f"{GATES}/diagnose", json={"files": broken}).json()["diagnostics"]
    assert found[0]["line"] == 2
    ran = client.post(f"{GATES}/run", json={"files": files, "stimulus": "a,b,c\n0,1,0\n1,1,1\n"})
    assert len(ran.json()["trace"]["cycles"]) == 2


def test_without_a_token_or_with_a_wrong_one_nothing_is_answered(hub: Hub, learner: Browser) -> None:
    for token in ("", "chiploom_wrong", "x" * 5000):
        assert failure(program(hub, token).get("/api/v1/me"), 401) == "not-signed-in"
    for header in ("Basic b3A6b3A=", "Bearer", "bearer  ", "Bearer \xff"):
        answer = TestClient(program(hub, "").app).get("/api/v1/me", headers={"authorization": header.encode("latin-1")})
        assert failure(answer, 401) == "not-signed-in"
    # A cookie is no token: another site could make a browser send it.
    assert failure(learner.client.get("/api/v1/me"), 401) == "not-signed-in"


def test_a_token_may_do_what_its_scopes_say_and_nothing_on_pages(hub: Hub, learner: Browser) -> None:
    client = program(hub, token_of(learner, "read"))
    sent = {"pack": "foundations", "task": "gates", "files": [{"name": "design.sv", "text": ""}]}
    assert failure(client.post("/api/v1/submissions", json=sent), 403) == "missing-scope"
    assert failure(client.put(f"{GATES}/draft", json={"files": sent["files"]}), 403) == "missing-scope"
    assert failure(program(hub, token_of(learner, "submit")).get("/api/v1/me"), 403) == "missing-scope"
    # With a token that may only read, one that may do everything could otherwise be made.
    made = client.post("/account/tokens", data={"name": "x", "days": 1, "scopes": ["submit"]}, follow_redirects=False)
    assert made.status_code == 401
    assert client.get("/account", follow_redirects=False).status_code == 303


def test_a_token_ends_when_it_is_revoked(hub: Hub, learner: Browser) -> None:
    client = program(hub, token_of(learner, "read"))
    assert client.get("/api/v1/me").status_code == 200
    number = re.search(r"/account/tokens/(\d+)/revoke", learner.get("/account"))
    assert number is not None
    other = sign_up(hub, f"other-{secrets.token_hex(4)}")
    other.post(f"/account/tokens/{number[1]}/revoke", status=404)
    assert client.get("/api/v1/me").status_code == 200
    learner.post(f"/account/tokens/{number[1]}/revoke")
    assert client.get("/api/v1/me").status_code == 401


def test_lists_come_in_pages(hub: Hub, learner: Browser) -> None:
    client = program(hub, token_of(learner, *ALL))
    numbers = [hand_in(client, f"// {number}\n{RIGHT}")["id"] for number in range(3)]
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        answer = client.get(f"/api/v1/submissions?limit=2&after={after}").json()
        seen += [item["id"] for item in answer["items"]]
        after = answer["next"]
    assert seen == numbers


def test_what_is_anothers_is_not_found(hub: Hub, learner: Browser, operator: Browser) -> None:
    client = program(hub, token_of(learner, *ALL))
    number = hand_in(client, RIGHT)["id"]
    identifier = client.get("/api/v1/evidence").json()["items"][0]["id"]
    skill = client.get("/api/v1/evidence").json()["items"][0]["skills"][0]
    credential = client.post("/api/v1/credentials", json={"skill": skill}).json()["id"]
    for other in (sign_up(hub, f"other-{secrets.token_hex(4)}"), operator):
        foreign = program(hub, token_of(other, "read", "submit"))
        for path in (f"submissions/{number}", f"evidence/{identifier}", f"credentials/{credential}"):
            assert failure(foreign.get(f"/api/v1/{path}"), 404) == "not-found"
        changed = foreign.put(f"/api/v1/credentials/{credential}/publication", json={"is_public": True})
        assert failure(changed, 404) == "not-found"


def test_people_and_institutions_are_for_operators(hub: Hub, learner: Browser, operator: Browser) -> None:
    # One who was an operator when the token was made: it gives them nothing that they are not.
    number = program(hub, token_of(learner, "read")).get("/api/v1/me").json()["id"]
    with hub.database.writing() as session:
        token = accounts.make_token(session, number, "kept", ["operate"], 1)
    assert failure(program(hub, token).get("/api/v1/people"), 404) == "not-found"
    assert failure(program(hub, token_of(operator, "read")).get("/api/v1/people"), 403) == "missing-scope"
    client = program(hub, token_of(operator, "operate"))
    made = client.post("/api/v1/institutions", json={"name": "Đại học", "language": "vi"})
    assert made.status_code == 201
    login = f"new-{secrets.token_hex(4)}"
    sent = {"login": login, "name": "Lê Mới", "language": "vi", "institution": made.json()["id"], "role": "lecturer"}
    person = client.post("/api/v1/people", json=sent).json()
    assert person["roles"] == [{"institution": made.json()["id"], "role": "lecturer"}]
    assert failure(client.post("/api/v1/people", json=sent), 409) == "login-taken"
    assert [found["id"] for found in client.get(f"/api/v1/people?q={login}").json()["items"]] == [person["id"]]
    browser = Browser(TestClient(program(hub, "").app))
    entered = browser.client.post(
        "/sign-in", data={"login": login, "password": person["password"]}, follow_redirects=False
    )
    assert entered.headers["location"] == "/account"
    changed = client.put(f"/api/v1/people/{person['id']}/roles/{made.json()['id']}", json={"role": ""})
    assert changed.json()["roles"] == []
    assert client.post(f"/api/v1/people/{person['id']}/sign-out").status_code == 204
    assert browser.client.get("/account", follow_redirects=False).status_code == 303
    assert failure(client.get("/api/v1/people/999999"), 404) == "unknown-person"
    own = next(each for each in client.get("/api/v1/people?q=op").json()["items"] if each["login"] == "op")
    place = own["roles"][0]["institution"]
    refused = client.put(f"/api/v1/people/{own['id']}/roles/{place}", json={"role": "learner"})
    assert failure(refused, 409) == "last-operator"


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "patch"])
def test_unknown_places_are_told_in_the_same_shape(method: str, hub: Hub) -> None:
    client = program(hub, "")
    assert failure(getattr(client, method)("/api/v1/nothing"), 404) == "not-found"
    if method in ("delete", "patch"):
        assert failure(getattr(client, method)("/api/v1/me"), 405) == "not-allowed"
