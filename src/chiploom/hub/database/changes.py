"""Who wants to know that rows of some tables were changed: what is kept of them in memory is then let go."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import cast

from sqlalchemy import Connection, Engine, TableClause, UpdateBase, event
from sqlalchemy.engine import ExecutionContext

_CHANGED: ContextVar[set[str] | None] = ContextVar("changed", default=None)


class Changes:
    """Tells after every transaction of this process what it changed; those of other processes are not seen."""

    def __init__(self) -> None:
        self._followers: list[tuple[frozenset[str], Callable[[], None]]] = []

    def watch(self, engine: Engine) -> None:
        """Look at what this engine executes."""
        event.listen(engine, "before_cursor_execute", _note)

    def follow(self, tables: Iterable[str], call: Callable[[], None]) -> None:
        """Call ``call`` whenever rows of one of these tables may have been changed."""
        self._followers.append((frozenset(tables), call))

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """Tell what the transaction in this block changed, when it has ended."""
        changed: set[str] = set()
        token = _CHANGED.set(changed)
        try:
            yield
        finally:
            # However it ended: a commit whose answer was lost may have been carried out.
            _CHANGED.reset(token)
            for tables, call in self._followers:
                if not tables.isdisjoint(changed):
                    call()


def _note(
    connection: Connection, cursor: object, statement: str, parameters: object, context: ExecutionContext, many: bool
) -> None:
    changed = _CHANGED.get()
    if changed is not None and context.compiled is not None and isinstance(context.compiled.statement, UpdateBase):
        changed.add(cast(TableClause, context.compiled.statement.table).name)
