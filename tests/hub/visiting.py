"""How tests visit a hub: as a person's browser, with a database of their own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from chiploom.hub import application
from chiploom.hub.hub import Hub
from chiploom.hub.operation.metrics import Measured

PASSWORD = "một câu dễ nhớ"
SERVER = os.environ.get("CHIPLOOM_TEST_POSTGRESQL", "")


@dataclass
class Browser:
    """A browser as one person uses it."""

    client: TestClient

    @property
    def csrf(self) -> str:
        found = re.search(r'data-csrf="([^"]*)"', self.client.get("/account").text)
        assert found is not None
        return found[1]

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text[:2000]
        return answer.text

    def post(self, path: str, status: int = 200, **fields: object) -> str:
        data = {name: value for name, value in fields.items() if value is not None}
        answer = self.client.post(path, data=data, headers={"x-csrf-token": self.csrf})
        assert answer.status_code == status, answer.text[:2000]
        return answer.text


_applications: dict[int, Measured] = {}


def application_of(hub: Hub) -> Measured:
    """Return the application of a hub, made once: hundreds of clients use it."""
    if id(hub) not in _applications:
        _applications.clear()
        _applications[id(hub)] = application.create(hub)
    return _applications[id(hub)]


def sign_up(hub: Hub, login: str, name: str = "Trần Thị Học", language: str = "en") -> Browser:
    """Return the browser of a new learner."""
    browser = Browser(TestClient(application.create(hub), headers={"accept-language": language}))
    answer = browser.client.post(
        "/sign-up", data={"login": login, "name": name, "password": PASSWORD, "accept": "true"}, follow_redirects=False
    )
    assert answer.status_code == 303, answer.text
    return browser


def files(text: str) -> str:
    """Return one file as the lab's form sends it."""
    return json.dumps([["design.sv", text]])


def verdict_of(browser: Browser, fragment: str) -> str:
    """Follow a submission until it has a verdict; return what is then shown."""
    for _ in range(60):
        if 'data-outcome="' in fragment:
            return fragment
        found = re.search(r'data-submission="(\d+)"', fragment)
        assert found is not None, fragment
        fragment = browser.get(f"/submissions/{found[1]}/state?wait=5")
    raise AssertionError("no verdict")


@contextlib.contextmanager
def database_of_its_own(kind: str, folder: Path) -> Iterator[str]:
    """Make an empty database; it is gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'hub.sqlite3'}"
        return
    name = f"chiploom_test_{secrets.token_hex(6)}"
    server = create_engine(SERVER.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield f"{SERVER.rpartition('/')[0]}/{name}"
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()
