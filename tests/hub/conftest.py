"""A running hub with its own home, on SQLite or, where CHIPLOOM_TEST_POSTGRESQL names a server, on PostgreSQL too."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright import sync_api as playwright
from starlette.testclient import TestClient
from visiting import PASSWORD, SERVER, Browser, database_of_its_own, sign_up

from chiploom.hub import application
from chiploom.hub.database import migrate
from chiploom.hub.database.database import Database
from chiploom.hub.hub import Hub, running
from chiploom.settings import Settings


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        if os.environ.get("CI") == "true" and not SERVER:
            raise pytest.UsageError("promised, but not there: a PostgreSQL server in CHIPLOOM_TEST_POSTGRESQL")
        is_one_enough = metafunc.definition.get_closest_marker("one_database") is not None
        kinds = ["sqlite", *(["postgresql"] if SERVER and not is_one_enough else [])]
        metafunc.parametrize("database_kind", kinds, indirect=True, scope="module")


@pytest.fixture(scope="module")
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def database_url(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty database."""
    with database_of_its_own(database_kind, tmp_path_factory.mktemp("database")) as url:
        yield url


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
