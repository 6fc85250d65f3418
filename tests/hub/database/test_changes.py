"""Whoever keeps something of the database in memory hears of every change to it, and of nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from chiploom.hub.database.database import Database, insert_unless_there
from chiploom.hub.database.schema import Consent, HubSetting


def note(session: Session, name: str) -> None:
    session.add(HubSetting(name=name, value="x"))


def note_unless_there(session: Session, name: str) -> None:
    insert_unless_there(session, HubSetting, {"name": name, "value": "y"})


def change(session: Session, name: str) -> None:
    session.execute(update(HubSetting).where(HubSetting.name == name).values(value="z"))


def change_the_object(session: Session, name: str) -> None:
    setting = session.get(HubSetting, name)
    assert setting is not None
    setting.value += "more"


def remove(session: Session, name: str) -> None:
    session.execute(delete(HubSetting).where(HubSetting.name == name))


@pytest.fixture
def told(database: Database) -> Iterator[list[str]]:
    heard: list[str] = []
    database.changes.follow([HubSetting.__tablename__], lambda: heard.append("changed"))
    yield heard
    database.changes._followers.clear()


@pytest.mark.parametrize("doing", [note_unless_there, change, change_the_object, remove])
def test_every_kind_of_change_is_told_once_it_is_committed(
    database: Database, told: list[str], doing: Callable[[Session, str], None]
) -> None:
    with database.writing() as session:
        note(session, doing.__name__)
    assert told == ["changed"]
    with database.writing() as session:
        doing(session, doing.__name__)
        session.flush()
        assert told == ["changed"], "others still see what was before"
    assert told == ["changed", "changed"]


def test_what_does_not_wait_for_the_disk_is_told_too(database: Database, told: list[str]) -> None:
    with database.noting() as session:
        note(session, "noted")
    assert told == ["changed"]


def test_a_failed_transaction_is_told_since_its_commit_may_have_come_through(
    database: Database, told: list[str]
) -> None:
    def fail() -> None:
        with database.writing() as session:
            note(session, "fails")
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert told == ["changed"]


def test_reading_and_other_tables_are_not_told(database: Database, told: list[str]) -> None:
    with database.writing() as session:
        session.scalar(select(func.count()).select_from(HubSetting))
        session.execute(delete(Consent))
    with database.reading() as session:
        session.scalar(select(func.count()).select_from(HubSetting))
    assert told == []


def test_what_another_thread_changes_meanwhile_is_its_own_to_tell(database: Database, told: list[str]) -> None:
    def change_elsewhere() -> None:
        with database.noting() as session:
            note(session, "elsewhere")

    with database.changes.told():
        thread = threading.Thread(target=change_elsewhere)
        thread.start()
        thread.join()
        assert told == ["changed"]
    assert told == ["changed"]
