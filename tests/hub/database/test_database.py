"""Writers come one after the other, readers cannot write, and a database that is not there is said."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from visiting import SERVER, database_of_its_own

from chiploom.errors import StorageError, UsageError
from chiploom.hub.database import database as module
from chiploom.hub.database import migrate
from chiploom.hub.database.database import Database, insert_unless_there, is_full_or_readonly, is_passing
from chiploom.hub.database.schema import HubSetting, Institution


def set_number(database: Database, value: int) -> None:
    with database.writing() as session:
        session.merge(HubSetting(name="number", value=str(value)))


def number_in(database: Database) -> int:
    with database.reading() as session:
        return int(session.get_one(HubSetting, "number").value)


def test_counting_from_many_threads_loses_nothing(database: Database) -> None:
    def add_one(_: int) -> None:
        with database.writing() as session:
            row = session.get_one(HubSetting, "number", with_for_update=True)
            row.value = str(int(row.value) + 1)

    set_number(database, 0)
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(add_one, range(200)))
    assert number_in(database) == 200


def test_readers_go_on_while_somebody_writes_and_see_one_state(database: Database) -> None:
    set_number(database, 1)
    with database.reading() as reading:
        assert reading.scalar(select(HubSetting.value).where(HubSetting.name == "number")) == "1"
        set_number(database, 2)
        assert reading.scalar(select(HubSetting.value).where(HubSetting.name == "number")) == "1"
    assert number_in(database) == 2


def test_readers_cannot_write(database: Database) -> None:
    set_number(database, 3)
    with pytest.raises(DBAPIError) as caught, database.reading() as session:
        session.execute(text("UPDATE hub_setting SET value = '4'"))
    assert is_full_or_readonly(caught.value)
    assert number_in(database) == 3
    set_number(database, 5)
    assert number_in(database) == 5, (
        "a connection that was used to read stays one that may not write, and no other does"
    )


def test_an_exception_takes_everything_back(database: Database) -> None:
    set_number(database, 6)
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        session.get_one(HubSetting, "number").value = "7"
        session.flush()
        raise ZeroDivisionError
    assert number_in(database) == 6


def test_rows_can_be_read_after_their_session(database: Database) -> None:
    set_number(database, 8)
    with database.reading() as session:
        row = session.get_one(HubSetting, "number")
    assert row.value == "8"
    with database.writing() as session:
        session.add(row := Institution(name="Trường", language="vi", created_at=datetime.now(UTC)))
    assert row.id > 0
    assert row.name == "Trường"


def test_a_moment_needs_a_zone_and_comes_back_in_utc(database: Database) -> None:
    now = datetime.now(UTC)
    with database.writing() as session:
        session.add(row := Institution(name="A", language="vi", created_at=now))
    with database.reading() as session:
        assert session.get_one(Institution, row.id).created_at == now
    with pytest.raises(Exception, match="no time zone"), database.writing() as session:
        session.add(Institution(name="B", language="vi", created_at=datetime(2026, 1, 1)))


def test_of_many_who_insert_one_key_at_once_one_does(database: Database) -> None:
    def insert(number: int) -> bool:
        gate.wait(30)
        with database.writing() as session:
            return insert_unless_there(session, HubSetting, {"name": "contested", "value": str(number)})

    gate = threading.Barrier(12)
    with ThreadPoolExecutor(12) as threads:
        inserted = list(threads.map(insert, range(12)))
    assert sum(inserted) == 1
    with database.reading() as session:
        assert session.get_one(HubSetting, "contested").value == str(inserted.index(True))


def test_sqlite_writer_begins_as_one(tmp_path: Path) -> None:
    """A reader that turns writer fails at once when somebody else wrote in between; ours is a writer from the start."""
    path = tmp_path / "hub.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    with database.writing() as session:
        # Only read so far, and the other program must already wait.
        assert session.get(HubSetting, "number") is None
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM hub_setting").fetchone()
    set_number(database, 1)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("DELETE FROM hub_setting")
    other.close()
    assert number_in(database) == 1
    database.close()


def test_another_program_that_writes_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, lambda: other.execute("COMMIT"))
    timer.start()
    set_number(database, 1)
    timer.join()
    assert number_in(database) == 1
    other.close()
    database.close()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "hub.sqlite3",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://u@h/n",
        "postgres://u@h/n",
        "file:///x",
        "://",
        "\0",
    ],
)
def test_other_addresses_are_refused_without_showing_a_password(address: str) -> None:
    with pytest.raises(UsageError) as caught:
        Database(address)
    assert caught.value.code == "bad-database"


def test_the_password_of_a_refused_or_unreachable_server_is_not_shown() -> None:
    for address in ("mysql://somebody:secret@host/name", "postgresql://somebody:secret@127.0.0.1:1/name"):
        with pytest.raises((UsageError, StorageError)) as caught:
            Database(address)
        assert "secret" not in caught.value.message
        assert "\n" not in caught.value.message


def test_a_place_that_cannot_hold_a_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "folder").mkdir()
    (tmp_path / "other.sqlite3").write_text("this is not a database, it is a text of some length" * 100)
    for address in ("file/hub.sqlite3", "folder", "other.sqlite3"):
        with pytest.raises(StorageError) as caught:
            Database(f"sqlite:///{tmp_path / address}")
        assert caught.value.code == "database-unreachable"


@pytest.mark.skipif(os.getuid() == 0, reason="the superuser may write anywhere")
def test_a_file_that_may_only_be_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    database.close()
    path.chmod(0o400)
    with pytest.raises((StorageError, DBAPIError)):
        set_number(Database(f"sqlite:///{path}"), 1)


def test_what_a_read_only_or_full_disk_says_is_understood() -> None:
    def said(words: str) -> DBAPIError:
        return OperationalError("INSERT", {}, Exception(words))

    for words in (
        "attempt to write a readonly database",
        "database or disk is full",
        "could not extend file: No space left on device",
        "cannot execute INSERT in a read-only transaction",
        "disk I/O error",
    ):
        assert is_full_or_readonly(said(words))
    assert not is_full_or_readonly(said("the server closed the connection unexpectedly"))


def test_what_passes_is_told_from_what_does_not() -> None:
    assert is_passing(OperationalError("", {}, Exception("locked")))
    assert is_passing(PoolTimeoutError("no connection within 60 s"))
    assert is_passing(StorageError("disk-full", "no room"))
    assert not is_passing(IntegrityError("", {}, Exception("duplicate key")))
    assert not is_passing(ValueError("own fault"))


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[Database]:
    if not SERVER:
        pytest.skip("needs a PostgreSQL server in CHIPLOOM_TEST_POSTGRESQL")
    with database_of_its_own("postgresql", tmp_path) as url:
        opened = Database(url)
        migrate.upgrade(opened)
        yield opened
        opened.close()


@pytest.mark.parametrize("trusted_s", [0.0, 3600.0])
def test_what_the_server_ended_is_opened_again(
    postgresql: Database, monkeypatch: pytest.MonkeyPatch, trusted_s: float
) -> None:
    """At once if it was not used for a while; else whoever comes first is told, and the next finds it open."""
    set_number(postgresql, 7)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: number_in(postgresql), range(20)))
    monkeypatch.setattr(module, "_TRUSTED_S", trusted_s)
    server = create_engine(postgresql.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with server.connect() as connection:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(text(f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE {others}"))
    if trusted_s:
        with pytest.raises(OperationalError) as caught:
            number_in(postgresql)
        assert is_passing(caught.value)
    for _ in range(5):
        assert number_in(postgresql) == 7
        with postgresql.looking() as connection:
            assert connection.execute(text("SELECT 1")).scalar() == 1


def test_looking_leaves_no_transaction_open(database: Database) -> None:
    set_number(database, 8)
    number = select(HubSetting.value).where(HubSetting.name == "number")
    with database.looking() as connection:
        assert connection.execute(number).scalar() == "8"
    # The same connection, in a transaction, now sees one state again.
    with database.reading() as reading:
        assert reading.scalar(number) == "8"
        set_number(database, 9)
        assert reading.scalar(number) == "8"


def test_a_note_is_there_for_the_next_reader_and_later_writers_wait_for_the_disk_again(database: Database) -> None:
    with database.noting() as session:
        session.merge(HubSetting(name="number", value="11"))
        assert _waits_for_the_disk(database, session) is False
    assert number_in(database) == 11
    with database.writing() as session:
        assert _waits_for_the_disk(database, session) is True
    with pytest.raises(ZeroDivisionError), database.noting() as session:
        session.merge(HubSetting(name="number", value="12"))
        session.flush()
        raise ZeroDivisionError
    assert number_in(database) == 11


def _waits_for_the_disk(database: Database, session: Session) -> bool:
    if database.is_sqlite:
        return session.scalar(text("PRAGMA synchronous")) == 2
    return session.scalar(text("SHOW synchronous_commit")) == "on"
