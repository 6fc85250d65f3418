"""Many who write at once share a transaction, and none of them another's failure."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from chiploom.hub.database import together as module
from chiploom.hub.database.database import Database
from chiploom.hub.database.schema import HubSetting
from chiploom.hub.database.together import Together


class Counting:
    """A database that counts its transactions, and can fail to commit."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.transactions = 0
        self.may_begin = threading.Event()
        self.may_begin.set()
        self.is_full = False

    @contextmanager
    def writing(self) -> Iterator[Session]:
        self.transactions += 1
        self.may_begin.wait(30)
        with self.database.writing() as session:
            yield session
            session.flush()
            if self.is_full:
                raise OperationalError("COMMIT", {}, Exception("database or disk is full"))


@pytest.fixture
def counting(database: Database) -> Counting:
    return Counting(database)


def insert(name: str) -> object:
    def write(session: Session) -> str:
        session.add(HubSetting(name=name, value="x"))
        session.flush()
        return name

    return write


def names(database: Database, prefix: str) -> int:
    with database.reading() as session:
        found = session.scalar(
            select(func.count()).select_from(HubSetting).where(HubSetting.name.startswith(prefix, autoescape=True))
        )
    return found or 0


def test_more_than_one_transaction_holds_are_all_written(
    database: Database, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST", 3)
    together = Together(counting)  # type: ignore[arg-type]
    counting.may_begin.clear()
    with ThreadPoolExecutor(20) as threads:
        under_way = [threads.submit(together.write, insert(f"more-{number}")) for number in range(20)]
        while len(together._waiting) < 19:
            assert not any(each.done() for each in under_way)
        counting.may_begin.set()
        assert [each.result(30) for each in under_way] == [f"more-{number}" for number in range(20)]
    assert names(database, "more-") == 20


def test_each_gets_its_own_value_and_few_transactions_are_made(database: Database, counting: Counting) -> None:
    together = Together(counting)  # type: ignore[arg-type]
    counting.may_begin.clear()
    with ThreadPoolExecutor(40) as threads:
        under_way = [threads.submit(together.write, insert(f"many-{number}")) for number in range(40)]
        while len(together._waiting) < 39:
            assert not any(each.done() for each in under_way)
        counting.may_begin.set()
        assert [each.result(30) for each in under_way] == [f"many-{number}" for number in range(40)]
    assert names(database, "many-") == 40
    assert counting.transactions == 2


def test_one_who_fails_takes_back_its_own_only(database: Database, counting: Counting) -> None:
    together = Together(counting)  # type: ignore[arg-type]

    def fail(session: Session) -> None:
        session.add(HubSetting(name="apart-failed", value="x"))
        session.flush()
        raise ZeroDivisionError

    counting.may_begin.clear()
    with ThreadPoolExecutor(8) as threads:
        calls = [insert("apart-1"), fail, insert("apart-2"), insert("apart-1"), fail, insert("apart-3")]
        under_way = [threads.submit(together.write, call) for call in calls]
        while len(together._waiting) < 5:
            assert not any(each.done() for each in under_way)
        counting.may_begin.set()
        errors = [type(each.exception(30)) for each in under_way]
    assert errors.count(ZeroDivisionError) == 2
    assert errors.count(IntegrityError) == 1, "one of the two who wanted the same name"
    assert names(database, "apart-") == 3


def test_when_the_commit_fails_nobody_is_told_otherwise(database: Database, counting: Counting) -> None:
    together = Together(counting)  # type: ignore[arg-type]
    counting.is_full = True
    with ThreadPoolExecutor(6) as threads:
        under_way = [threads.submit(together.write, insert(f"full-{number}")) for number in range(6)]
        assert all(isinstance(each.exception(30), OperationalError) for each in under_way)
    assert names(database, "full-") == 0
    counting.is_full = False
    assert together.write(insert("full-no-more")) == "full-no-more"
    assert names(database, "full-") == 1
