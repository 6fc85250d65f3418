"""One transaction for many who write at once.

A commit waits for the disk, some milliseconds, and there is one writer. When a class hands in together, whoever comes
first writes for all who wait behind, so that a hundred submissions cost a few commits and not a hundred.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar, cast

from sqlalchemy.orm import Session

from chiploom.hub.database.database import Database

Value = TypeVar("Value")

_MOST = 64


class _Entry:
    """What somebody wants written, and what became of it."""

    __slots__ = ("call", "error", "is_done", "value")

    def __init__(self, call: Callable[[Session], Any]) -> None:
        self.call = call
        self.is_done = False
        self.value: Any = None
        self.error: BaseException | None = None


class Together:
    """Writes what several threads bring at the same time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[_Entry] = deque()
        self._turn = threading.Lock()

    def write(self, call: Callable[[Session], Value]) -> Value:
        """Call ``call`` with a writing session and return its value once that is committed.

        What it raises takes back what it wrote, and nothing of the others; it may be called in another thread.

        Raises
        ------
        Exception
            What ``call`` raised, or why the transaction could not be committed.
        """
        entry = _Entry(call)
        self._waiting.append(entry)
        with self._turn:
            # Somebody before may have written it with their own.
            while not entry.is_done:
                self._write_some()
        if entry.error is not None:
            raise entry.error
        return cast(Value, entry.value)

    def _write_some(self) -> None:
        entries = [self._waiting.popleft() for _ in range(min(len(self._waiting), _MOST))]
        try:
            with self._database.writing() as session:
                for entry in entries:
                    try:
                        with session.begin_nested():
                            entry.value = entry.call(session)
                    except Exception as error:
                        entry.error = error
        except BaseException as error:
            for entry in entries:
                entry.error = entry.error or error
        finally:
            for entry in entries:
                entry.is_done = True
