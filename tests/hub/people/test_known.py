"""Whoever is remembered as signed in is forgotten with the first change to any account, and after half a minute."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from chiploom.hub.database.database import Database
from chiploom.hub.database.schema import Institution, Membership, User
from chiploom.hub.people import accounts, known
from chiploom.hub.people.accounts import Person
from chiploom.hub.people.known import Known


@pytest.fixture
def remembering(database: Database) -> Iterator[Known]:
    yield Known(database)
    database.changes._followers.clear()


def signed_in(database: Database) -> tuple[int, str]:
    """Make an account; return its number and a cookie of its."""
    with database.writing() as session:
        session.add(institution := Institution(name="Trường", language="vi", created_at=datetime.now(UTC)))
        session.flush()
        user = accounts.create(
            session,
            login=f"k{secrets.token_hex(8)}",
            name="Trần Văn Nhớ",
            password_hash="x",
            language="vi",
            institution_id=institution.id,
            role="operator",
        )
        session.flush()
        return user.id, accounts.sign_in(session, user)


def find(database: Database, remembering: Known, cookie: str) -> Person | None:
    with database.looking() as connection:
        return remembering.find(connection, cookie)


def test_somebody_found_once_is_known(database: Database, remembering: Known) -> None:
    user_id, cookie = signed_in(database)
    assert remembering.person(cookie) is None
    found = find(database, remembering, cookie)
    assert found is not None and found.id == user_id
    assert remembering.person(cookie) == found


def test_nobody_is_remembered_as_nobody(database: Database, remembering: Known) -> None:
    assert find(database, remembering, "made up") is None
    assert remembering._people == {}


CHANGES: dict[str, Callable[[Session, int, str], None]] = {
    "signed out": lambda session, user_id, cookie: accounts.sign_out(session, cookie),
    "signed out everywhere": lambda session, user_id, cookie: accounts.end_all(session, user_id),
    "no longer an operator": lambda session, user_id, cookie: session.execute(
        delete(Membership).where(Membership.user_id == user_id)
    ),
    "erased": lambda session, user_id, cookie: session.execute(
        update(User).where(User.id == user_id).values(erased_at=datetime.now(UTC))
    ),
    "with a password of others": lambda session, user_id, cookie: setattr(
        session.get(User, user_id), "must_change_password", True
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_counts_from_the_moment_it_is_made(database: Database, remembering: Known, change: str) -> None:
    user_id, cookie = signed_in(database)
    before = find(database, remembering, cookie)
    with database.writing() as session:
        CHANGES[change](session, user_id, cookie)
    assert remembering.person(cookie) is None
    assert find(database, remembering, cookie) != before


def test_what_was_read_before_a_change_is_not_remembered_after_it(
    database: Database, remembering: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, cookie = signed_in(database)
    ask = accounts.person_of_cookie

    def ask_and_be_overtaken(session: Session, token: str) -> Person | None:
        person = ask(session, token)
        with database.writing() as writer:
            accounts.sign_out(writer, token)
        return person

    monkeypatch.setattr(accounts, "person_of_cookie", ask_and_be_overtaken)
    assert find(database, remembering, cookie) is not None
    assert remembering.person(cookie) is None


def test_it_does_not_last(database: Database, remembering: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    _, cookie = signed_in(database)
    now = 1000.0
    monkeypatch.setattr(known.time, "monotonic", lambda: now)
    find(database, remembering, cookie)
    now += 29
    assert remembering.person(cookie) is not None
    now += 2
    assert remembering.person(cookie) is None


def test_it_does_not_grow_without_end(database: Database, remembering: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "_MOST", 2)
    cookies = [signed_in(database)[1] for _ in range(4)]
    for cookie in cookies:
        find(database, remembering, cookie)
        assert remembering.person(cookie) is not None
        assert len(remembering._people) <= 2
