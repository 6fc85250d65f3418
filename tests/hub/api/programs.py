"""Programs that ask the hub with a token."""

from __future__ import annotations

import re
from typing import Any

from starlette.testclient import TestClient
from visiting import Browser, application_of

from chiploom.hub.hub import Hub


def token_of(browser: Browser, *scopes: str) -> str:
    """Make a token in the browser, as a person would."""
    answer = browser.client.post(
        "/account/tokens",
        data={"name": "program", "days": 1, "scopes": list(scopes)},
        headers={"x-csrf-token": browser.csrf},
    )
    assert answer.status_code == 200, answer.text
    found = re.search(r"chiploom_[\w-]{20,}", answer.text)
    assert found is not None
    return found[0]


def program(hub: Hub, token: str) -> TestClient:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return TestClient(application_of(hub), headers=headers)


def failure(answer: Any, status: int) -> str:
    """Check that an answer is an error in the one shape, and return its code."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    assert re.fullmatch(r"[a-z0-9-]+", body["error"]["code"])
    return str(body["error"]["code"])
