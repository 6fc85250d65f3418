"""A running hub with its own home, on SQLite or, where CHIPLOOM_TEST_POSTGRESQL names a server, on PostgreSQL too."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright import sync_api as playwright
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from chiploom.hub import application
from chiploom.hub.database import migrate
from chiploom.hub.database.database import Database
from chiploom.hub.hub import Hub, running
from chiploom.settings import Settings

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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        if os.environ.get("CI") == "true" and not SERVER:
            raise pytest.UsageError("promised, but not there: a PostgreSQL server in CHIPLOOM_TEST_POSTGRESQL")
        kinds = ["sqlite", *(["postgresql"] if SERVER else [])]
        metafunc.parametrize("database_kind", kinds, indirect=True, scope="module")


@pytest.fixture(scope="module")
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def database_url(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty database."""
    with database_of_its_own(database_kind, tmp_path_factory.mktemp("database")) as url:
        yield url


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


@pytest.fixture(scope="module")
def database(database_url: str) -> Iterator[Database]:
    """A database with tables and nothing in them, for what needs no hub around it."""
    opened = Database(database_url)
    migrate.upgrade(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def hub(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub that is set up, with an operator called ``op``; anybody may sign up."""
    home: Path = tmp_path_factory.mktemp("home")
    with running(Settings(home=home, database_url=database_url, workers=1)) as hub:
        client = TestClient(application.create(hub))
        answer = client.post(
            "/setup",
            data={
                "institution": "Trường Thử nghiệm",
                "institution_language": "vi",
                "name": "Vận Hành",
                "login": "op",
                "password": PASSWORD,
                "open_sign_up": "true",
            },
            follow_redirects=False,
        )
        assert answer.status_code == 303, answer.text
        yield hub


@pytest.fixture
def stranger(hub: Hub) -> Browser:
    """A browser nobody is signed in with."""
    return Browser(TestClient(application.create(hub), headers={"accept-language": "en"}))


@pytest.fixture
def operator(hub: Hub) -> Browser:
    browser = Browser(TestClient(application.create(hub), headers={"accept-language": "en"}))
    answer = browser.client.post("/sign-in", data={"login": "op", "password": PASSWORD}, follow_redirects=False)
    assert answer.status_code == 303
    return browser


def sign_up(hub: Hub, login: str, name: str = "Trần Thị Học", language: str = "en") -> Browser:
    """Return the browser of a new learner."""
    browser = Browser(TestClient(application.create(hub), headers={"accept-language": language}))
    answer = browser.client.post(
        "/sign-up", data={"login": login, "name": name, "password": PASSWORD, "accept": "true"}, follow_redirects=False
    )
    assert answer.status_code == 303, answer.text
    return browser


@pytest.fixture
def learner(hub: Hub) -> Browser:
    return sign_up(hub, f"learner-{secrets.token_hex(4)}")


@pytest.fixture(scope="module")
def site(hub: Hub) -> Iterator[str]:
    """The address at which real browsers reach the hub."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application.create(hub), log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(15)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def chromium() -> Iterator[playwright.Browser]:
    """Debian's Chromium."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


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
