"""The way to the database: SQLite in a file, or PostgreSQL, with the same two kinds of transaction.

SQLite in WAL mode lets readers go on while one writer writes. A transaction that begins as a reader and turns writer
fails at once when somebody else wrote in between, whatever the busy timeout says, so a writing transaction begins with
``BEGIN IMMEDIATE`` and a reading one can never write. Writers of this process queue for one connection, in order; the
busy timeout is for other processes (a backup).
"""

from __future__ import annotations

import contextlib
import functools
import math
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, Executable, Table, bindparam, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from chiploom.errors import StorageError, UsageError
from chiploom.hub.database.changes import Changes

_BUSY_S = 30
_READERS = 40
_WRITERS = 20
_WAIT_S = 60
#: A connection that was used within this time is taken to be open still.
_TRUSTED_S = 1.0
_USED_AT = "chiploom_used_at"
_IS_NOTE = "chiploom_is_note"
_NOT_WAITING = text("SET LOCAL synchronous_commit = off")
#: What PostgreSQL's integer columns hold; SQLite's hold more, but nothing of ours is larger.
_LARGEST = (1 << 31) - 1


class Database:
    """An open database.

    Parameters
    ----------
    address : str
        ``sqlite:///FILE`` or ``postgresql://USER:PASSWORD@HOST/NAME``.

    Raises
    ------
    UsageError
        ``bad-database``: the address is of another kind.
    StorageError
        ``database-unreachable``: nothing answers there, or the file cannot be opened or written.

    Attributes
    ----------
    changes : Changes
        Tells which tables the transactions of this object changed.
    """

    def __init__(self, address: str) -> None:
        self.url = _parse(address)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._reader, self._writer = _open_sqlite(self.url)
        else:
            self._reader = self._writer = _open_postgresql(self.url)
        for engine in {self._reader, self._writer}:
            event.listen(engine, "before_cursor_execute", _check_texts)
        self.changes = Changes()
        self.changes.watch(self._writer)
        # The same connections, with another kind of commit.
        self._noter = self._writer.execution_options(**{_IS_NOTE: True})
        # PostgreSQL is asked three times for one query in a transaction.
        self._looker = self._reader if self.is_sqlite else self._reader.execution_options(isolation_level="AUTOCOMMIT")
        try:
            with self._writer.connect() as connection:
                connection.execute(text("SELECT 1"))
        except DBAPIError as error:
            raise StorageError(
                "database-unreachable", f"cannot open {self.shown}: {_one_line(error)}; check CHIPLOOM_DATABASE_URL"
            ) from None

    @property
    def shown(self) -> str:
        """The address as it is set, without its password."""
        return self.url.set(drivername=self.url.get_backend_name()).render_as_string(hide_password=True)

    @property
    def engine(self) -> Engine:
        """The engine that may write, for migrations and bulk copies."""
        return self._writer

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a transaction that sees one state of the database and changes nothing."""
        with Session(self._reader, autoflush=False) as session:
            if not self.is_sqlite:
                session.connection(
                    execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
                )
            yield session
            # Rows stay readable after the session; what it holds is not expired when it is closed.
            session.expunge_all()

    @contextlib.contextmanager
    def looking(self) -> Iterator[Connection]:
        """Open a connection that reads, without a session around it, for the one query of every request."""
        with self._looker.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a transaction that is committed at the end, unless an exception leaves the block."""
        with self.changes.told(), Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Open a transaction in which every query sees the same state, however long all of them take."""
        options: dict[str, Any] = {}
        if not self.is_sqlite:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._reader.connect() as connection:
            yield connection.execution_options(**options)

    @contextlib.contextmanager
    def noting(self) -> Iterator[Session]:
        """Open a writing transaction whose end does not wait for the disk.

        What it writes survives the death of the hub or the database at any moment, but perhaps not a power cut within
        the next seconds: for drafts and minutes, never for what somebody was told is accepted or proved.
        """
        with self.changes.told(), Session(self._noter, expire_on_commit=False) as session, session.begin():
            if not self.is_sqlite:
                session.execute(_NOT_WAITING)
            yield session

    def close(self) -> None:
        """Let go of every connection."""
        self._reader.dispose()
        self._writer.dispose()


def is_full_or_readonly(error: DBAPIError) -> bool:
    """Tell whether a database refused to write because there is no room, or because it may not."""
    words = str(error.orig).lower()
    return any(word in words for word in ("full", "readonly", "read-only", "no space", "disk i/o"))


def insert_unless_there(session: Session, table: type[DeclarativeBase], values: Mapping[str, Any]) -> bool:
    """Insert a row and return True, or False if one with its key is there: also when two do this at once.

    ``values`` are all the row's values; the class's defaults are not asked.
    """
    statement = _insertion(cast(Table, table.__table__), session.get_bind().dialect.name, tuple(values))
    return session.connection().execute(statement, dict(values)).first() is not None


@functools.lru_cache(64)
def _insertion(table: Table, kind: str, names: tuple[str, ...]) -> Executable:
    insert = postgresql.insert if kind == "postgresql" else sqlite.insert
    statement = insert(table).values({name: bindparam(name) for name in names})
    return statement.on_conflict_do_nothing().returning(*table.primary_key)


def is_passing(error: Exception) -> bool:
    """Tell whether what failed may go well later: a database or a disk that is away, full, or locked by another."""
    if isinstance(error, DBAPIError):
        return not isinstance(error, DataError | IntegrityError)
    return isinstance(error, PoolTimeoutError | StorageError | OSError)


def _parse(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError:
        url = None
    if url is not None and url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        return url.set(drivername="sqlite+pysqlite")
    if url is not None and url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    kind = address.partition(":")[0][:20]
    raise UsageError(
        "bad-database", f"the database address ({kind!a}:...) is neither sqlite:///FILE nor postgresql://USER@HOST/NAME"
    )


def _open_sqlite(url: URL) -> tuple[Engine, Engine]:
    assert url.database is not None
    try:
        Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            "database-unreachable", f"cannot make the folder of {url.database!r}: {error.strerror}"
        ) from None
    arguments = {"timeout": _BUSY_S, "check_same_thread": False}
    reader = create_engine(url, connect_args=arguments, pool_size=_READERS, pool_timeout=_WAIT_S)
    writer = create_engine(url, connect_args=arguments, pool_size=1, max_overflow=0, pool_timeout=_WAIT_S)
    _prepare(reader, "journal_mode = WAL", "foreign_keys = ON", "cache_size = -8192", "query_only = 1")
    # What is erased shall not be found in the file.
    _prepare(writer, "journal_mode = WAL", "foreign_keys = ON", "cache_size = -32768", "secure_delete = FAST")

    @event.listens_for(reader, "begin")
    def _(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    @event.listens_for(writer, "begin")
    def _(connection: Connection) -> None:
        # FULL: a commit returns once the disk has it, some milliseconds later. NORMAL: the next FULL one brings it
        mode = "NORMAL" if connection.get_execution_options().get(_IS_NOTE) else "FULL"
        connection.exec_driver_sql(f"PRAGMA synchronous = {mode}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return reader, writer


def _open_postgresql(url: URL) -> Engine:
    engine = create_engine(url, pool_size=_READERS, max_overflow=_WRITERS, pool_timeout=_WAIT_S)

    @event.listens_for(engine, "checkin")
    def _(connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_USED_AT] = time.monotonic()

    # The server may have ended what nobody used for a while. Asking it before every request costs as much as a query.
    @event.listens_for(engine, "checkout")
    def _(connection: DBAPIConnection, record: ConnectionPoolEntry, proxy: object) -> None:
        if time.monotonic() - record.info.get(_USED_AT, math.inf) > _TRUSTED_S and not _answers(connection, engine):
            # Nor will the others of its age answer: the pool makes new ones.
            raise InvalidatePoolError

    return engine


def _answers(connection: DBAPIConnection, engine: Engine) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        return False


def _prepare(engine: Engine, *pragmas: str) -> None:
    @event.listens_for(engine, "connect")
    def _(connection: Any, record: object) -> None:
        # The driver must not begin transactions of its own, later than asked.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


def is_storable(text: str) -> bool:
    """Tell whether a text is one that either database takes: no NUL, and no half of a surrogate pair."""
    if "\0" in text:
        return False
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return False
    return True


def _check_texts(
    connection: Connection, cursor: object, statement: str, parameters: Any, context: object, is_many: bool
) -> None:
    """Refuse texts that PostgreSQL refuses, on SQLite too, before they come to a database."""
    if isinstance(parameters, dict):
        _check_values(parameters.values())
        return
    for row in parameters:
        # Several rows; several rows laid end to end, for a statement with places for all of them; or the one row.
        if isinstance(row, dict):
            _check_values(row.values())
        else:
            _check_values(row if isinstance(row, tuple | list) else (row,))


def _check_values(values: Iterable[Any]) -> None:
    for value in values:
        if isinstance(value, str) and not is_storable(value):
            raise UsageError("bad-text", "a text holds a NUL character or half a character, which is not stored")
        if isinstance(value, int) and not -_LARGEST <= value <= _LARGEST:
            raise UsageError("bad-number", "a number is larger than any that is stored")


def _one_line(error: DBAPIError) -> str:
    return " ".join(str(error.orig).split())[:200]
