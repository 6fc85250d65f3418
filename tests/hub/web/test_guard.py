"""What stands before every request, and on every answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from visiting import Browser

from chiploom.hub import application
from chiploom.hub.hub import Hub
from chiploom.hub.web.guard import LARGEST_BODY, LARGEST_UPLOAD, Guard

HEADERS = (
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "permissions-policy",
    "cache-control",
)


def browser_of(hub: Hub) -> TestClient:
    return TestClient(application.create(hub), raise_server_exceptions=False, follow_redirects=False)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/nothing-here", 404),
        ("GET", "/learn", 303),
        ("DELETE", "/learn", 405),
        ("POST", "/sign-in", 422),
        ("GET", "/static/000000000000/hub.css", 404),
        ("GET", "/static/000000000000/../../hub.py", 404),
        ("GET", "/submissions/x/state", 303),
    ],
)
def test_every_answer_has_the_headers(hub: Hub, method: str, path: str, status: int) -> None:
    answer = browser_of(hub).request(method, path)
    assert answer.status_code == status
    for name in HEADERS:
        assert answer.headers[name], name
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "strict-transport-security" not in answer.headers


def test_a_fault_of_our_own_is_a_page_with_headers_and_without_details(
    hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    app = application.build(hub)

    @app.get("/faulty")
    def faulty() -> None:
        raise RuntimeError("a secret of the inside")

    client = TestClient(Guard(app, secure=True), raise_server_exceptions=False)
    answer = client.get("/faulty")
    assert answer.status_code == 500
    assert "secret" not in answer.text and "Traceback" not in answer.text
    for name in HEADERS:
        assert answer.headers[name]
    assert answer.headers["strict-transport-security"]
    number = re.search(r"own fault ([0-9a-f]{8})", caplog.text)
    assert number is not None
    answer = client.get("/faulty", headers={"accept": "application/json"})
    assert answer.json()["error"]["code"] == "internal"


def test_the_nonce_is_new_for_every_answer(hub: Hub) -> None:
    client = browser_of(hub)
    nonces = {re.findall(r"nonce-([^']+)'", client.get("/").headers["content-security-policy"])[0] for _ in range(20)}
    assert len(nonces) == 20


def test_static_files_may_be_kept_and_pages_may_not(hub: Hub) -> None:
    client = browser_of(hub)
    page = client.get("/sign-in")
    assert page.headers["cache-control"] == "no-store"
    style = re.search(r'href="(/static/[^"]+\.css)"', page.text)
    assert style is not None
    assert "immutable" in client.get(style[1]).headers["cache-control"]


def chunks(size: int) -> Iterator[bytes]:
    while size > 0:
        yield b"a" * min(size, 65536)
        size -= 65536


@pytest.mark.parametrize("path", ["/sign-in", "/lab/foundations/gates/check", "/nothing-here"])
def test_a_body_that_is_too_large_is_refused_with_and_without_its_length(hub: Hub, path: str) -> None:
    client = browser_of(hub)
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = client.post(path, content=b"a" * (LARGEST_BODY + 1), headers=form)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body-too-large")
    assert answer.headers["content-security-policy"]
    answer = client.post(path, content=chunks(LARGEST_BODY + 70_000), headers=form)
    if path != "/nothing-here":
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body-too-large")
        assert answer.headers["content-security-policy"]
    else:
        assert answer.status_code == 404, "nobody reads the body of a page that is not there"


def test_a_json_body_in_pieces_is_limited_too(hub: Hub, learner: Browser) -> None:
    answer = learner.client.put(
        "/lab/foundations/gates/draft",
        content=chunks(LARGEST_BODY + 70_000),
        headers={"content-type": "application/json", "x-csrf-token": learner.csrf},
    )
    assert answer.status_code == 413
    assert learner.client.get("/learn").status_code == 200


@pytest.mark.parametrize("length", ["-1", "1e3", "abc", "٣", "9" * 5000, "", "1 1"])
def test_a_length_that_is_no_number_is_refused(hub: Hub, length: str) -> None:
    answers = ask(hub, [(b"content-length", length.encode())], method="POST", path="/sign-in")
    assert answers[0]["status"] == 413


def ask(hub: Hub, headers: list[tuple[bytes, bytes]], method: str = "GET", path: str = "/") -> list[dict[str, Any]]:
    """Send a request as a server would hand it over, with headers that no client library sends."""
    import asyncio

    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"hub.example"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    asyncio.run(application.create(hub)(scope, receive, send))
    return sent


def test_uploads_may_be_larger_but_not_for_everybody(hub: Hub) -> None:
    assert LARGEST_UPLOAD > LARGEST_BODY
    answer = browser_of(hub).post("/teach/anything", content=b"a" * (LARGEST_BODY + 1))
    assert answer.status_code != 413
    answer = browser_of(hub).post("/teach/anything", content=b"a" * (LARGEST_UPLOAD + 1))
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "http://testserver:81"},
        {"origin": "http://["},
        {"origin": ""},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
    ids=str,
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_what_another_site_sends_is_refused(hub: Hub, method: str, headers: dict[str, str]) -> None:
    answer = browser_of(hub).request(method, "/sign-in", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "other-origin")
    assert answer.headers["content-security-policy"]


@pytest.mark.parametrize("headers", [{}, {"origin": "http://testserver"}, {"sec-fetch-site": "same-origin"}], ids=str)
def test_own_forms_pass(hub: Hub, headers: dict[str, str]) -> None:
    answer = browser_of(hub).post("/sign-in", data={"login": "nobody.at.all", "password": "x"}, headers=headers)
    assert answer.status_code == 401


def test_a_form_without_its_token_is_refused_for_whoever_is_signed_in(learner: Browser, operator: Browser) -> None:
    for headers in (
        {},
        {"x-csrf-token": ""},
        {"x-csrf-token": operator.csrf},
        {"x-csrf-token": "nonsense"},
    ):
        answer = learner.client.post("/learn/track", data={"track": "design"}, headers=headers, follow_redirects=False)
        assert answer.status_code == 403
    answer = learner.client.post("/learn/track", data={"track": "design", "csrf": learner.csrf}, follow_redirects=False)
    assert answer.status_code == 303
