"""Backup and restore: the database, the traces and, if asked for, the signing key, in one file.

A backup is one state of the database, also while the hub is running. A restore goes into an empty database of either
kind and is all or nothing: the file is read and checked whole before anything is written, the rows are one
transaction, and traces get their place only once all of them are on the disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    DateTime,
    MetaData,
    Table,
    Text,
    cast,
    column,
    func,
    select,
    table,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import Boolean, Float, Integer, NullType

from chiploom import __version__, files, signing
from chiploom.credentials import keys
from chiploom.errors import StorageError, UsageError
from chiploom.hub.database import migrate
from chiploom.hub.database.database import Database, is_full_or_readonly
from chiploom.hub.database.schema import Base, Submission
from chiploom.hub.dispatch.verdicts import TraceFiles
from chiploom.hub.hub import database_url_of, hub_directory
from chiploom.hub.operation import archive
from chiploom.hub.operation.archive import KEY, TRACES, Manifest, Progress, Reader
from chiploom.settings import Settings

_ROWS_TOGETHER = 1000


@dataclass(frozen=True, slots=True)
class Summary:
    """What was saved or restored.

    Attributes
    ----------
    rows : int
        Rows of all tables.
    missing_traces : int
        Traces that the database names and whose files were not there, or were damaged.
    has_key : bool
        Whether the private key is in the file.
    """

    manifest: Manifest
    rows: int
    traces: int
    missing_traces: int
    has_key: bool


def back_up(settings: Settings, path: Path, progress: Progress, *, with_key: bool = False) -> Summary:
    """Write a backup of the hub that these settings name.

    Raises
    ------
    UsageError
        ``output-exists``; ``no-hub``: there is nothing to be saved.
    StorageError
        The database does not answer, or the file cannot be written.
    """
    key = keys.issuer_key(settings.home)
    traces = TraceFiles(hub_directory(settings) / "traces")
    database = Database(database_url_of(settings))
    try:
        with archive.writing(path) as writer, database.snapshot() as connection:
            revision = migrate.revision_of(connection)
            if revision is None or revision != migrate.newest():
                raise UsageError(
                    "no-hub",
                    f"{database.shown} holds no hub of this version; 'chiploom hub migrate' brings it up to date",
                )
            missing = [0]
            for kept in Base.metadata.sorted_tables:
                names = tuple(item.name for item in kept.columns)
                writer.write(
                    f"tables/{kept.name}.jsonl", archive.in_chunks(_lines(connection, kept, progress)), columns=names
                )
            writer.write(TRACES, archive.in_chunks(_trace_lines(connection, traces, progress, missing)))
            if with_key:
                writer.write(KEY, iter([keys.private_key_path(settings.home).read_bytes()]))
            manifest = writer.finish(
                revision=revision, issuer=key.did, made_at=datetime.now(UTC).isoformat(), version=__version__
            )
    except DBAPIError as error:
        raise _unreadable(database, error) from None
    finally:
        database.close()
    return _summary(manifest, missing[0])


def restore(settings: Settings, path: Path, progress: Progress) -> Summary:
    """Fill the empty database that these settings name from a backup, with its traces and, if it is there, its key.

    Raises
    ------
    UsageError
        ``backup-damaged``, ``backup-newer``, ``database-not-empty``, or ``key-exists``: another key is here already.
    StorageError
        The database does not answer or take the rows, or there is no room. Nothing was changed.
    """
    with archive.reading(path) as reader:
        manifest = reader.manifest
        if manifest.revision not in migrate.known():
            raise UsageError(
                "backup-newer", f"{str(path)!r} was made by a newer chiploom ({manifest.version!a:.40}); use that one"
            )
        reader.verify(progress)
        key = _key_to_write(settings.home, reader)
        directory = hub_directory(settings)
        files.private_directory(directory)
        archive.check_room(directory, manifest.size)
        database = Database(database_url_of(settings))
        staged = directory / f"traces.{secrets.token_hex(6)}.restoring"
        try:
            with database.engine.begin() as connection:
                _make_tables(connection, database, manifest)
                _fill(connection, reader, progress)
                migrate.upgrade_connection(connection)
                _stage_traces(reader, staged, progress)
                if key is not None:
                    files.private_directory(keys.private_key_path(settings.home).parent)
                    files.write_atomic(keys.private_key_path(settings.home), key, mode=0o600)
                _move_in(staged, directory / "traces")
        except DBAPIError as error:
            _undo_key(settings.home, key)
            raise _refused(database, error) from None
        except BaseException:
            _undo_key(settings.home, key)
            raise
        finally:
            shutil.rmtree(staged, ignore_errors=True)
            database.close()
    return _summary(manifest, 0)


def _summary(manifest: Manifest, missing: int) -> Summary:
    return Summary(
        manifest,
        rows=sum(entry.lines for entry in manifest.tables.values()),
        traces=manifest.entries[TRACES].lines,
        missing_traces=missing,
        has_key=KEY in manifest.entries,
    )


# -- out


def _lines(connection: Connection, kept: Table, progress: Progress) -> Iterator[bytes]:
    total = connection.scalar(select(func.count()).select_from(kept)) or 0
    # JSON columns are taken as the text that is stored: to parse and write them again would only cost time.
    wanted = [cast(item, Text) if isinstance(item.type, JSON) else item for item in kept.columns]
    result = connection.execution_options(stream_results=True, yield_per=_ROWS_TOGETHER).execute(select(*wanted))
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_iso).encode
    done = 0
    for rows in result.partitions():
        for row in rows:
            yield encode(tuple(row)).encode() + b"\n"
        done += len(rows)
        progress(kept.name, done, total)


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is in no column")


def _trace_lines(connection: Connection, traces: TraceFiles, progress: Progress, missing: list[int]) -> Iterator[bytes]:
    named = select(Submission.trace_hash).where(Submission.trace_hash.is_not(None)).distinct()
    total = connection.scalar(select(func.count()).select_from(named.subquery())) or 0
    result = connection.execution_options(stream_results=True, yield_per=_ROWS_TOGETHER).execute(named)
    for done, digest in enumerate(result.scalars(), start=1):
        try:
            data = traces.path_of(digest or "").read_bytes()
        except OSError:
            data = b""
        if hashlib.sha256(data).hexdigest() == digest and b"\n" not in data:
            yield data + b"\n"
        else:
            missing[0] += 1
        if done % _ROWS_TOGETHER == 0 or done == total:
            progress("traces", done, total)


# -- in


def _make_tables(connection: Connection, database: Database, manifest: Manifest) -> None:
    """Make the tables as they were when the backup was made; empty ones that are there make room."""
    present = MetaData()
    present.reflect(connection)
    ours = [present.tables[name] for name in Base.metadata.tables if name in present.tables]
    if any(connection.execute(select(text("1")).select_from(item).limit(1)).first() for item in ours):
        raise UsageError(
            "database-not-empty", f"{database.shown} holds a hub already; a backup is restored into an empty database"
        )
    revision = migrate.revision_of(connection)
    if revision is not None and revision not in migrate.known():
        raise UsageError("database-not-empty", f"{database.shown} holds the tables of something else")
    if revision is not None:
        ours.append(present.tables["alembic_version"])
    present.drop_all(connection, ours)
    migrate.upgrade_connection(connection, manifest.revision)


def _fill(connection: Connection, reader: Reader, progress: Progress) -> None:
    present = MetaData()
    present.reflect(connection)
    ours = {item.name: item for item in present.sorted_tables if item.name != "alembic_version"}
    if set(ours) != set(reader.manifest.tables):
        raise _malformed("it has other tables than its schema")
    for name, kept in ours.items():
        entry = reader.manifest.tables[name]
        if set(entry.columns) != set(kept.columns.keys()) or len(set(entry.columns)) < len(entry.columns):
            raise _malformed(f"table {name} has other columns than its schema")
        columns = [kept.columns[column_name] for column_name in entry.columns]
        _fill_table(connection, kept, columns, reader, progress)
        if connection.dialect.name == "postgresql":
            _reset_sequence(connection, kept)


def _fill_table(
    connection: Connection, kept: Table, columns: list[Column[Any]], reader: Reader, progress: Progress
) -> None:
    entry = reader.manifest.tables[kept.name]
    # JSON columns take the text as it is, whichever database it came from.
    target = table(
        kept.name, *(column(item.name, NullType() if isinstance(item.type, JSON) else item.type) for item in columns)
    )
    statement = target.insert()
    names = entry.columns
    checks = [(_accepted(item), isinstance(item.type, DateTime)) for item in columns]
    batch: list[dict[str, Any]] = []
    done = 0
    for line in reader.lines(f"tables/{kept.name}.jsonl"):
        batch.append(dict(zip(names, _row(line, checks, kept.name), strict=True)))
        if len(batch) == _ROWS_TOGETHER:
            connection.execute(statement, batch)
            done += len(batch)
            batch = []
            progress(kept.name, done, entry.lines)
    if batch:
        connection.execute(statement, batch)
        progress(kept.name, done + len(batch), entry.lines)


def _accepted(item: Column[Any]) -> tuple[type, ...]:
    nothing = (type(None),) if item.nullable else ()
    if isinstance(item.type, Boolean):
        return (bool, *nothing)
    if isinstance(item.type, Integer):
        return (int, *nothing)
    if isinstance(item.type, Float):
        return (float, int, *nothing)
    return (str, *nothing)


def _row(line: bytes, checks: list[tuple[tuple[type, ...], bool]], name: str) -> list[Any]:
    try:
        values: Any = json.loads(line)
        if type(values) is not list or len(values) != len(checks):
            raise ValueError(name)
        for position, (accepted, is_moment) in enumerate(checks):
            value = values[position]
            if type(value) not in accepted:
                raise ValueError(name)
            if is_moment and value is not None:
                values[position] = datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, RecursionError, OverflowError):
        raise _malformed(f"a row of table {name} cannot be read") from None
    return values


def _reset_sequence(connection: Connection, kept: Table) -> None:
    """Let new rows be numbered after the restored ones."""
    numbered = kept.autoincrement_column
    if numbered is None:
        return
    last = connection.scalar(select(func.max(numbered)))
    sequence = connection.scalar(select(func.pg_get_serial_sequence(f'"{kept.name}"', numbered.name)))
    if last is not None and sequence is not None:
        connection.execute(select(func.setval(sequence, last)))


def _stage_traces(reader: Reader, staged: Path, progress: Progress) -> None:
    traces = TraceFiles(staged)
    total = reader.manifest.entries[TRACES].lines
    files.private_directory(staged)
    try:
        for done, line in enumerate(reader.lines(TRACES), start=1):
            path = traces.path_of(hashlib.sha256(line).hexdigest())
            path.parent.mkdir(mode=0o700, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
                stream.write(line)
            if done % _ROWS_TOGETHER == 0 or done == total:
                progress("traces", done, total)
    except OSError as error:
        raise files.storage_error(staged, error) from error
    # Once for all of them: a million single calls would take an hour.
    os.sync()


def _move_in(staged: Path, place: Path) -> None:
    """Give the traces their names. Those that are there already have the same contents, since the hash is the name."""
    try:
        if not place.exists():
            staged.rename(place)
            return
        for folder in staged.iterdir():
            (place / folder.name).mkdir(mode=0o700, exist_ok=True)
            for path in folder.iterdir():
                path.replace(place / folder.name / path.name)
    except OSError as error:
        raise files.storage_error(place, error) from error


def _key_to_write(home: Path, reader: Reader) -> bytes | None:
    """Return the key of a backup if there is one and this home has none."""
    data = reader.key()
    if data is None:
        return None
    try:
        key = serialization.load_pem_private_key(data, password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey) or signing.did_of(key.public_key()) != reader.manifest.issuer:
        raise _malformed("its key is not the one it names")
    if not keys.private_key_path(home).exists():
        return data
    present = keys.issuer_key(home)
    if present.did != reader.manifest.issuer:
        raise UsageError(
            "key-exists",
            f"{str(keys.private_key_path(home))!r} is another key than the one in the backup; "
            "move it away, or restore into another CHIPLOOM_HOME",
        )
    return None


def _undo_key(home: Path, key: bytes | None) -> None:
    if key is not None:
        with suppress(OSError):
            keys.private_key_path(home).unlink(missing_ok=True)


def _malformed(why: str) -> UsageError:
    return UsageError("backup-damaged", f"this is no whole backup: {why}; nothing was written")


def _refused(database: Database, error: DBAPIError) -> StorageError | UsageError:
    if is_full_or_readonly(error):
        return StorageError("disk-full", f"{database.shown} has no room for the backup; nothing was written")
    said = " ".join(str(error.orig).split())[:200]
    return StorageError("database-refused", f"{database.shown} does not take the backup: {said}; nothing was written")


def _unreadable(database: Database, error: DBAPIError) -> StorageError:
    said = " ".join(str(error.orig).split())[:200]
    return StorageError("database-unreachable", f"{database.shown} cannot be read: {said}")
