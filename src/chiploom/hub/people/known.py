"""Who is signed in by which cookie, remembered for half a minute, so that not every request asks the database."""

from __future__ import annotations

import threading
import time

from sqlalchemy import Connection

from chiploom.hub.database.database import Database
from chiploom.hub.database.schema import Membership, SignIn, User
from chiploom.hub.people import accounts
from chiploom.hub.people.accounts import Person

#: As long at most does a change that another process made to the database, or an end that time brings, go unnoticed.
_KEPT_S = 30.0
_MOST = 20_000


class Known:
    """Remembers people by the hashes of their cookies, until anything of anybody's account is changed."""

    def __init__(self, database: Database) -> None:
        self._people: dict[str, tuple[float, Person]] = {}
        self._changes = 0
        self._turn = threading.Lock()
        database.changes.follow((table.__tablename__ for table in (User, Membership, SignIn)), self.forget)

    def person(self, cookie: str) -> Person | None:
        """Return who is remembered, None if the database has to be asked."""
        until, person = self._people.get(accounts.hash_of(cookie), (0.0, None))
        return person if time.monotonic() < until else None

    def find(self, connection: Connection, cookie: str) -> Person | None:
        """Return who is signed in, as the database says, and remember it."""
        changes = self._changes
        person = accounts.person_of_cookie(connection, cookie)
        with self._turn:
            # What was read before a change must not be remembered after it.
            if person is not None and changes == self._changes:
                if len(self._people) >= _MOST:
                    self._people.clear()
                self._people[accounts.hash_of(cookie)] = (time.monotonic() + _KEPT_S, person)
        return person

    def forget(self) -> None:
        """Forget everybody."""
        with self._turn:
            self._changes += 1
            self._people.clear()
