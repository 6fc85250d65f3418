"""Malformed, huge, odd: a clear page or error object, never a fault of ours, and nothing lost."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from doors import SAFE, Door, belongings, browser, doors, full, named, person, program, read_only
from sqlalchemy import func, select
from starlette.testclient import TestClient
from test_access import FIELDS, SENT
from visiting import PASSWORD

from chiploom.hub.database.schema import Draft, Submission
from chiploom.hub.hub import Hub
from chiploom.hub.web.guard import LARGEST_BODY

MILLION = "x" * 1_000_000


@pytest.fixture(autouse=True)
def _generous(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(hub.limits, "_share", 0)
    yield


def is_told(answer: object, door: object) -> None:
    """Check that an answer is a page, a redirect or an error object, and no fault of ours."""
    status = answer.status_code  # type: ignore[attr-defined]
    body = answer.text  # type: ignore[attr-defined]
    assert status < 500, f"{door}: {status} {body[:300]}"
    if answer.headers.get("content-type") == "application/json" and status >= 400:  # type: ignore[attr-defined]
        assert set(json.loads(body)["error"]) == {"code", "message"}, door


def closed(hub: Hub, role: str = "operator") -> Iterator[tuple[Door, TestClient, str, str]]:
    """Yield every door that takes a body, with somebody who may go through it and the address."""
    user = person(hub, role)  # type: ignore[arg-type]
    owned = belongings(hub, user, "mine", evidence=False) | {"user": person(hub, "learner").id}
    asks, pages = (program(hub, user), ""), browser(hub, user)
    for door in doors(hub):
        # Without the right password the rest leaves the sign-in as it is.
        if door.method in SAFE or door.path in ("/setup", "/sign-out", "/sign-in", "/sign-up"):
            continue
        client, csrf = asks if door.is_for_programs else pages
        yield door, client, csrf, door.address(named(door.path, owned))


ODD = {
    "NUL": "a\0b",
    "half a character": "\ud83d",
    "a line that turns around": "\u202eabc",
    "markup": "<script>alert(1)</script>",
    "SQL": "' OR 1=1; --",
    "huge number": "9" * 400,
    "negative": "-1",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD)
def test_odd_texts_in_every_field_of_every_form(name: str, hub: Hub) -> None:
    value = ODD[name].encode("utf-8", "surrogatepass")
    for door, client, csrf, address in closed(hub):
        if door.is_for_programs or door.method == "PUT":
            odd = json.dumps({**SENT, **{key: ODD[name] for key, each in SENT.items() if isinstance(each, str)}})
            files = json.dumps({**SENT, "files": [{"name": ODD[name], "text": ODD[name]}]})
            pairs = json.dumps({"files": [[ODD[name], ODD[name]]], "revision": 1})
            for body in (odd, files, pairs):
                answer = client.request(
                    door.method,
                    address,
                    content=body,
                    headers={"content-type": "application/json", "x-csrf-token": csrf},
                )
                is_told(answer, door)
            continue
        data = dict.fromkeys(FIELDS, value)
        is_told(client.request(door.method, address, data=data, headers={"x-csrf-token": csrf}), door)
        if name not in ("NUL", "markup"):
            continue
        # One odd field among good ones.
        for key in ("name", "login", "skill", "files", "stimulus", "track", "role"):
            answer = client.request(door.method, address, data={**FIELDS, key: value}, headers={"x-csrf-token": csrf})
            is_told(answer, door)
            if name == "markup":
                assert "<script>alert(1)" not in answer.text, door


def test_nul_is_refused_in_the_same_way_wherever_it_would_be_stored(hub: Hub) -> None:
    client, csrf = browser(hub, person(hub, "operator"))
    headers = {"x-csrf-token": csrf, "accept": "application/json"}
    tried = [
        ("/account/name", {"name": "a\0b"}),
        ("/operate/institutions", {"name": "a\0b", "institution_language": "vi"}),
        ("/portfolio/credentials", {"skill": "a\0b"}),
        ("/lab/foundations/gates/check", {"files": json.dumps([["design.sv", "a\0b"]])}),
        ("/lab/foundations/gates/run", {"files": json.dumps([["design.sv", ""]]), "stimulus": "a\0"}),
        ("/lab/foundations/gates/check", {"files": json.dumps([["design.sv", "\ud83d"]])}),
    ]
    for path, fields in tried:
        answer = client.post(path, data=fields, headers=headers)
        assert answer.status_code == 422, (path, answer.text)
    for path in ("/operate/people?q=a%00b", "/operate/audit?action=a%00", "/operate/audit?about=%00"):
        assert client.get(path, headers=headers).status_code == 422, path
    for path in ("/evidence/a%00.json", "/credentials/a%00", "/lab/foundations/a%00"):
        assert client.get(path, headers=headers).status_code in (404, 422), path


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"\xff\xfe"),
        ("application/json", b"[" * 100_000),
        ("application/json", b'{"files": NaN}'),
        ("application/json", b'{"files": 1e999, "revision": ' + b"9" * 5000 + b"}"),
        ("application/json", b""),
        ("text/plain", b"files=1"),
        ("application/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
        ("application/x-www-form-urlencoded", b"name=%ff%fe&login=%c3%28&files=%00"),
        ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % number for number in range(20_000))),
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n\xff'),
        ("multipart/form-data; boundary=x", b"not multipart at all"),
        ("multipart/form-data; boundary=", b"----"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="name"; filename="../../a"\r\n\r\nx\r\n--x--\r\n',
        ),
        ("\xe9", b"x"),
    ],
)
def test_bodies_of_the_wrong_kind(kind: str, body: bytes, hub: Hub) -> None:
    for door, client, csrf, address in closed(hub, "learner"):
        for headers in ({"x-csrf-token": csrf}, *([{}] if door.path == "/account/name" else [])):
            answer = client.request(
                door.method, address, content=body, headers={**headers, "content-type": kind.encode("latin-1")}
            )
            is_told(answer, door)
            if not door.is_for_programs and not headers:
                assert 400 <= answer.status_code < 500, door


def test_huge_bodies_are_refused_before_they_are_read(hub: Hub) -> None:
    def drip() -> Iterator[bytes]:
        for _ in range(30):
            yield MILLION.encode()

    for door, client, csrf, address in closed(hub, "learner"):
        headers = {"x-csrf-token": csrf, "content-type": "application/x-www-form-urlencoded"}
        for length in (
            (str(10**12), "-1", "1e3") if door.path in ("/account/name", "/api/v1/submissions") else ("2000000000",)
        ):
            told = {**headers, "content-length": length.encode()}
            answer = client.request(door.method, address, content=b"x", headers=told)
            assert answer.status_code == 413, (door, length, answer.text)
        if door.path.endswith(("/check", "/draft", "/account/name", "/api/v1/submissions")):
            # No length is told beforehand.
            kind = "application/json" if door.is_for_programs else headers["content-type"]
            answer = client.request(door.method, address, content=drip(), headers={**headers, "content-type": kind})
            assert answer.status_code == 413, (door, answer.status_code, answer.text[:200])


def test_fields_of_a_million_characters(hub: Hub) -> None:
    assert len(MILLION) <= LARGEST_BODY
    for door, client, csrf, address in closed(hub):
        for key in () if door.is_for_programs else ("name", "password", "files"):
            data = {**FIELDS, key: MILLION[: LARGEST_BODY - 2000]}
            answer = client.request(door.method, address, data=data, headers={"x-csrf-token": csrf})
            is_told(answer, door)
    client, _ = browser(hub, person(hub, "operator"))
    for path in (
        "/operate/people?q=",
        "/operate/audit?about=",
        "/sign-in?next=/",
        "/lab/foundations/",
        "/credentials/",
    ):
        is_told(client.get(path + "x" * 60_000), path)


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "1.5", "x", "%00", "１", "1e3", "2147483648"])
def test_numbers_that_name_nothing(number: str, hub: Hub) -> None:
    client, csrf = browser(hub, person(hub, "operator"))
    asks = program(hub, person(hub, "operator"))
    for path in ("/submissions/{}", "/submissions/{}/state", "/submissions/{}/trace.json", "/operate/people/{}"):
        assert client.get(path.format(number)).status_code in (404, 422), path
    for path in ("/submissions/{}", "/people/{}"):
        assert asks.get(f"/api/v1{path.format(number)}").status_code in (404, 422), path
    for path in ("/account/tokens/{}/revoke", "/account/data/consents/{}/withdraw", "/operate/people/{}/sign-out"):
        answer = client.post(path.format(number), headers={"x-csrf-token": csrf})
        assert answer.status_code in (404, 422), path
    for query in ("variant", "submission"):
        answer = client.get(f"/lab/foundations/gates?{query}={number}")
        assert answer.status_code < 500, query


def test_after_signing_in_nobody_is_led_to_another_site(hub: Hub) -> None:
    user = person(hub, "learner")
    for target in (
        "https://elsewhere.example",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "javascript:alert(1)",
        "/\t/elsewhere.example",
        "/\n/elsewhere.example",
        "http:///elsewhere.example",
        "/%0d%0aSet-Cookie:x=1\r\nX: y",
    ):
        client, _ = browser(hub, None)
        answer = client.post("/sign-in", data={"login": user.login, "password": PASSWORD, "next": target})
        assert answer.status_code == 303
        place = answer.headers["location"]
        assert place.startswith("/") and not place.startswith(("//", "/\\", "/\t", "/\n")), target
        assert "set-cookie: x" not in str(answer.headers).lower()


# -- a database that does not take what is written


def sentence(answer: object) -> str:
    assert answer.status_code == 503, answer.text[:300]  # type: ignore[attr-defined]
    return answer.text  # type: ignore[attr-defined,no-any-return]


@pytest.fixture(params=[read_only, full])
def stuck(request: pytest.FixtureRequest, hub: Hub) -> Iterator[tuple[TestClient, str, int]]:
    """A learner whose hub cannot write any more."""
    user = person(hub, "learner")
    client, csrf = browser(hub, user)
    belongings(hub, user, "kept")
    with request.param(hub):
        yield client, csrf, user.id


def test_a_database_that_takes_nothing_more_gives_a_clear_page_and_loses_nothing(
    stuck: tuple[TestClient, str, int], hub: Hub
) -> None:
    client, csrf, user_id = stuck
    headers = {"x-csrf-token": csrf}
    long = "// " + "y" * 150_000
    fields = {"files": json.dumps([["design.sv", long]])}
    said = sentence(client.post("/lab/foundations/gates/check", data=fields, headers=headers))
    assert "cannot write at this moment" in said
    asked = client.put(
        "/lab/foundations/gates/draft",
        json={"files": [["design.sv", long]], "revision": 1},
        headers={**headers, "accept": "application/json"},
    )
    assert asked.status_code == 503
    assert asked.json()["error"]["code"] == "database-not-writable"
    # What there was is still shown, and what did not arrive is not there by half.
    assert client.get("/learn").status_code == 200
    assert "kept" in client.get("/lab/foundations/gates").text
    with hub.database.reading() as session:
        count = session.scalar(select(func.count()).select_from(Submission).where(Submission.user_id == user_id))
        assert count == 1
        assert session.scalars(select(Draft.files).where(Draft.user_id == user_id)).all() == [[["design.sv", "kept"]]]
    assert not hub.dispatcher.waiting_of(user_id)


def test_afterwards_everything_works_again(hub: Hub) -> None:
    user = person(hub, "learner")
    client, csrf = browser(hub, user)
    answer = client.post(
        "/lab/foundations/gates/check",
        data={"files": json.dumps([["design.sv", "// again"]])},
        headers={"x-csrf-token": csrf},
    )
    assert answer.status_code == 200
