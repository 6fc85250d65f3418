"""A backup holds everything, goes into either database, and is refused as a whole where anything is wrong with it."""

from __future__ import annotations

import json
import os
import secrets
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from visiting import SERVER, database_of_its_own

from chiploom.credentials import keys
from chiploom.errors import ChiploomError, StorageError, UsageError
from chiploom.hub.database import migrate
from chiploom.hub.database.database import Database
from chiploom.hub.database.schema import Base, Draft, HubSetting, Institution, Submission, User
from chiploom.hub.dispatch.verdicts import TraceFiles
from chiploom.hub.hub import database_url_of, hub_directory
from chiploom.hub.operation import archive, backup
from chiploom.settings import Settings

KINDS = ["sqlite", *(["postgresql"] if SERVER else [])]
NOW = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
TEXT = 'dòng "một"\n\\ hai\u2028\ud83d\ude00'.encode("utf-16", "surrogatepass").decode("utf-16")


def quiet(step: str, done: int, total: int) -> None:
    assert 0 <= done <= total, step


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An empty hub on SQLite."""
    yield Settings(home=tmp_path / "home")


@pytest.fixture(params=KINDS)
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A hub with a little of everything that is hard to carry over."""
    with database_of_its_own(request.param, tmp_path) as url:
        settings = Settings(home=tmp_path / "filled", database_url=url)
        fill(settings)
        yield settings


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    (tmp_path / "empty").mkdir()
    with database_of_its_own(request.param, tmp_path / "empty") as url:
        yield Settings(home=tmp_path / "empty", database_url=url)


def fill(settings: Settings) -> None:
    digest = TraceFiles(hub_directory(settings) / "traces").keep({"cycles": [TEXT]})
    database = Database(database_url_of(settings))
    migrate.upgrade(database)
    with database.writing() as session:
        session.add(Institution(id=3, name="Trường Đại học", language="vi", created_at=NOW))
        for number in range(1, 6):
            session.add(
                User(
                    id=number * 100,
                    subject=f"urn:uuid:{secrets.token_hex(16)}",
                    login=None if number == 1 else f"person-{number}",
                    name=f"{TEXT} {number}",
                    password_hash="",
                    language="vi",
                    created_at=NOW,
                    must_change_password=number == 2,
                    erased_at=NOW if number == 1 else None,
                )
            )
        session.flush()
        for number in range(1, 4):
            session.add(
                Submission(
                    id=number,
                    user_id=200,
                    pack_id="foundations",
                    pack_version="1",
                    task_id="gates",
                    files=[["design.sv", TEXT]],
                    created_at=NOW,
                    state="done" if number < 3 else "queued",
                    **({"verdict": {"x": [1.5, None, TEXT]}, "is_met": False} if number == 1 else {}),
                    trace_hash=digest if number < 3 else None,
                )
            )
        session.add(Draft(user_id=200, pack_id="p", task_id="t", files=[], updated_at=NOW))
    database.close()


def in_utc(value: object) -> object:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def rows_of(settings: Settings) -> dict[str, list[Any]]:
    database = Database(database_url_of(settings))
    try:
        with database.snapshot() as connection:
            return {
                table.name: sorted(repr([in_utc(value) for value in row]) for row in connection.execute(select(table)))
                for table in Base.metadata.sorted_tables
            }
    finally:
        database.close()


def test_everything_comes_back_in_either_database(filled: Settings, empty: Settings, tmp_path: Path) -> None:
    file = tmp_path / "hub.zip"
    summary = backup.back_up(filled, file, quiet)
    assert (summary.traces, summary.missing_traces, summary.has_key) == (1, 0, False)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert backup.restore(empty, file, quiet).rows == summary.rows == 10
    assert rows_of(empty) == rows_of(filled)
    with_traces = [hub_directory(one) / "traces" for one in (filled, empty)]
    assert len({tuple((p.name, p.read_bytes()) for p in sorted(d.rglob("*.json"))) for d in with_traces}) == 1
    # Numbers go on after those restored, and nothing of the way there is left.
    database = Database(database_url_of(empty))
    with database.writing() as session:
        session.add(Institution(name="Sau", language="vi", created_at=NOW))
        session.flush()
        assert session.scalar(select(func.max(Institution.id))) == 4
    assert migrate.differences(database) == []
    database.close()
    assert not [path for path in (*tmp_path.iterdir(), *hub_directory(empty).iterdir()) if "tmp" in path.name]
    assert not list(hub_directory(empty).glob("*.restoring"))


def test_the_key_goes_along_only_if_asked_for(settings: Settings, tmp_path: Path) -> None:
    fill(settings)
    did = keys.issuer_key(settings.home).did
    backup.back_up(settings, tmp_path / "without.zip", quiet)
    assert b"PRIVATE" not in b"".join(contents(tmp_path / "without.zip").values())
    assert backup.back_up(settings, tmp_path / "with.zip", quiet, with_key=True).has_key
    backup.restore(Settings(home=tmp_path / "a"), tmp_path / "with.zip", quiet)
    assert keys.issuer_key(tmp_path / "a").did == did
    backup.restore(Settings(home=tmp_path / "b"), tmp_path / "without.zip", quiet)
    assert keys.issuer_key(tmp_path / "b").did != did
    other = keys.issuer_key(tmp_path / "c")
    refuses("key-exists", Settings(home=tmp_path / "c"), tmp_path / "with.zip")
    assert keys.issuer_key(tmp_path / "c").did == other.did


def test_a_file_that_is_there_is_not_overwritten(settings: Settings, tmp_path: Path) -> None:
    fill(settings)
    (tmp_path / "hub.zip").write_text("mine")
    with pytest.raises(UsageError, match="there already") as caught:
        backup.back_up(settings, tmp_path / "hub.zip", quiet)
    assert caught.value.code == "output-exists"
    assert (tmp_path / "hub.zip").read_text() == "mine"


def test_a_missing_or_damaged_trace_is_counted_and_the_rest_saved(settings: Settings, tmp_path: Path) -> None:
    fill(settings)
    (trace,) = (hub_directory(settings) / "traces").rglob("*.json")
    trace.write_text("{}")
    summary = backup.back_up(settings, tmp_path / "hub.zip", quiet)
    assert (summary.traces, summary.missing_traces) == (0, 1)
    backup.restore(Settings(home=tmp_path / "other"), tmp_path / "hub.zip", quiet)


def test_an_unwritable_place_leaves_nothing(settings: Settings, tmp_path: Path) -> None:
    fill(settings)
    with pytest.raises(StorageError):
        backup.back_up(settings, tmp_path / "no such folder" / "hub.zip", quiet)


def test_a_database_without_a_hub_is_not_saved(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        backup.back_up(settings, tmp_path / "hub.zip", quiet)
    assert caught.value.code == "no-hub"
    assert not (tmp_path / "hub.zip").exists()


def test_a_hub_that_is_set_up_is_not_overwritten(filled: Settings, tmp_path: Path) -> None:
    file = tmp_path / "hub.zip"
    backup.back_up(filled, file, quiet)
    before = rows_of(filled)
    refuses("database-not-empty", filled, file)
    assert rows_of(filled) == before


def test_tables_without_rows_make_room(settings: Settings, tmp_path: Path) -> None:
    fill(settings)
    backup.back_up(settings, tmp_path / "hub.zip", quiet)
    other = Settings(home=tmp_path / "other")
    database = Database(database_url_of(other))
    migrate.upgrade(database)
    database.close()
    backup.restore(other, tmp_path / "hub.zip", quiet)
    assert rows_of(other) == rows_of(settings)


# -- files that are no backup


def contents(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archived:
        return {name: archived.read(name) for name in archived.namelist()}


def write(file: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archived:
        for name, data in entries.items():
            archived.writestr(name, data)
    return file


def in_manifest(entries: dict[str, bytes], change: Callable[[dict[str, Any]], object]) -> dict[str, bytes]:
    value = json.loads(entries["manifest.json"])
    change(value)
    return {**entries, "manifest.json": json.dumps(value).encode()}


def with_sums(entries: dict[str, bytes]) -> dict[str, bytes]:
    """Make the manifest agree with what the entries hold now, as a forger would."""
    import hashlib

    def change(value: dict[str, Any]) -> None:
        for name, entry in value["entries"].items():
            data = entries[name]
            entry.update(lines=data.count(b"\n"), bytes=len(data), sha256=hashlib.sha256(data).hexdigest())

    return in_manifest(entries, change)


def without(entries: dict[str, bytes], name: str) -> dict[str, bytes]:
    return {other: data for other, data in entries.items() if other != name}


def retable(entries: dict[str, bytes], table: str, line: bytes) -> dict[str, bytes]:
    return with_sums({**entries, f"tables/{table}.jsonl": line})


INSTITUTION = "tables/institution.jsonl"
FORGERIES: dict[str, Callable[[dict[str, bytes]], dict[str, bytes]]] = {
    "no manifest": lambda e: without(e, "manifest.json"),
    "manifest is no JSON": lambda e: {**e, "manifest.json": b"{"},
    "manifest is nested": lambda e: {**e, "manifest.json": b"[" * 100_000},
    "manifest is a list": lambda e: {**e, "manifest.json": b"[]"},
    "manifest without entries": lambda e: in_manifest(e, lambda v: v.pop("entries")),
    "manifest with a negative size": lambda e: in_manifest(e, lambda v: v["entries"][INSTITUTION].update(bytes=-1)),
    "an entry is missing": lambda e: without(e, INSTITUTION),
    "no traces": lambda e: in_manifest(without(e, "traces.jsonl"), lambda v: v["entries"].pop("traces.jsonl")),
    "one byte is another": lambda e: {**e, INSTITUTION: e[INSTITUTION].replace(b"vi", b"fr")},
    "a row is gone": lambda e: {**e, INSTITUTION: b""},
    "a name that climbs": lambda e: {**e, "../../outside": b"x"},
    "an absolute name": lambda e: {**e, "/tmp/outside": b"x"},
    "a folder": lambda e: {**e, "tables/": b""},
    "a table of another house": lambda e: {**e, "tables/../x.jsonl": b""},
    "a table too many": lambda e: with_sums(
        in_manifest(
            {**e, "tables/other.jsonl": b""},
            lambda v: v["entries"].update({"tables/other.jsonl": {"columns": ["id"]}}),
        )
    ),
    "a table without a column": lambda e: in_manifest(e, lambda v: v["entries"][INSTITUTION]["columns"].pop()),
    "a row that is no list": lambda e: retable(e, "institution", b"{}\n"),
    "a row too short": lambda e: retable(e, "institution", b"[1]\n"),
    "a row with a text for a number": lambda e: retable(
        e, "institution", b'["one","n","vi","2026-03-01T00:00:00+00:00"]\n'
    ),
    "a row without a needed value": lambda e: retable(e, "institution", b'[1,null,"vi","2026-03-01T00:00:00+00:00"]\n'),
    "a moment that is none": lambda e: retable(e, "institution", b'[1,"n","vi","yesterday"]\n'),
    "not UTF-8": lambda e: retable(e, "institution", b'[1,"\xff","vi","2026-03-01T00:00:00+00:00"]\n'),
    "nested": lambda e: retable(e, "institution", b"[" * 100_000 + b"\n"),
    "an endless line": lambda e: retable(e, "institution", b"[" + b" " * 40_000_000 + b"]\n"),
    "no end of the last line": lambda e: retable(e, "institution", b"[]"),
}


def refuses(code: str, settings: Settings, file: Path) -> None:
    """Nothing may be there after a refusal that was not there before."""
    home = settings.home
    with pytest.raises(ChiploomError) as caught:
        backup.restore(settings, file, quiet)
    assert caught.value.code == code, caught.value
    left = [path for path in home.rglob("*") if path.is_file() and path.suffix == ".json"]
    assert not left or code == "database-not-empty"


@pytest.mark.parametrize("name", FORGERIES)
def test_a_damaged_or_forged_file_is_refused_and_nothing_is_written(
    name: str, settings: Settings, tmp_path: Path
) -> None:
    fill(settings)
    backup.back_up(settings, tmp_path / "hub.zip", quiet)
    forged = write(tmp_path / "forged.zip", FORGERIES[name](contents(tmp_path / "hub.zip")))
    other = Settings(home=tmp_path / "other")
    refuses("backup-damaged", other, forged)
    database = Database(database_url_of(other))
    with database.snapshot() as connection:
        assert migrate.revision_of(connection) is None
    database.close()


def test_a_row_that_points_nowhere_is_refused(settings: Settings, tmp_path: Path) -> None:
    fill(settings)
    backup.back_up(settings, tmp_path / "hub.zip", quiet)
    entries = contents(tmp_path / "hub.zip")
    draft = entries["tables/draft.jsonl"].replace(b"200", b"999")
    other = Settings(home=tmp_path / "other")
    refuses("database-refused", other, write(tmp_path / "forged.zip", retable(entries, "draft", draft)))


@pytest.mark.parametrize("cut", [0, 10, 1000, -1, -30])
def test_a_file_cut_off_is_refused(cut: int, settings: Settings, tmp_path: Path) -> None:
    fill(settings)
    backup.back_up(settings, tmp_path / "hub.zip", quiet)
    data = (tmp_path / "hub.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(data[:cut])
    refuses("backup-damaged", Settings(home=tmp_path / "other"), tmp_path / "cut.zip")


@pytest.mark.parametrize("member", ["format", "revision"])
def test_a_newer_backup_is_refused(member: str, settings: Settings, tmp_path: Path) -> None:
    fill(settings)
    backup.back_up(settings, tmp_path / "hub.zip", quiet)
    newer = {"format": archive.FORMAT + 1, "revision": "feedfacefeed"}[member]
    entries = in_manifest(contents(tmp_path / "hub.zip"), lambda value: value.update({member: newer}))
    refuses("backup-newer", Settings(home=tmp_path / "other"), write(tmp_path / "newer.zip", entries))


def test_a_link_in_the_archive_is_refused(settings: Settings, tmp_path: Path) -> None:
    fill(settings)
    backup.back_up(settings, tmp_path / "hub.zip", quiet)
    entries = contents(tmp_path / "hub.zip")
    file = tmp_path / "link.zip"
    with zipfile.ZipFile(file, "w") as archived:
        for name, data in entries.items():
            information = zipfile.ZipInfo(name)
            kind = stat.S_IFLNK if name == "traces.jsonl" else stat.S_IFREG
            information.external_attr = (kind | 0o777) << 16
            archived.writestr(information, data)
    refuses("backup-damaged", Settings(home=tmp_path / "other"), file)


def test_what_cannot_fit_is_not_begun(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(settings)
    backup.back_up(settings, tmp_path / "hub.zip", quiet)
    room = os.statvfs_result((4096, 4096, 10, 0, 0, 0, 0, 0, 0, 255))
    monkeypatch.setattr(archive.os, "statvfs", lambda path: room)
    refuses("disk-full", Settings(home=tmp_path / "other"), tmp_path / "hub.zip")


def test_a_backup_is_one_state_while_others_write(filled: Settings, tmp_path: Path) -> None:
    """What is written while a backup goes on is in none of its tables, also not in those that come later."""
    database = Database(database_url_of(filled))
    written = []

    def write_meanwhile(step: str, done: int, total: int) -> None:
        if step == "institution" and not written:
            with database.writing() as session:
                session.add(HubSetting(name="meanwhile", value="x"))
                session.add(Draft(user_id=300, pack_id="p", task_id="t", files=[], updated_at=NOW))
            written.append(step)

    backup.back_up(filled, tmp_path / "hub.zip", write_meanwhile)
    database.close()
    assert written
    assert contents(tmp_path / "hub.zip")["tables/draft.jsonl"].count(b"\n") == 1


def test_the_address_of_a_database_that_does_not_answer_is_shown_without_its_password(tmp_path: Path) -> None:
    settings = replace(Settings(home=tmp_path), database_url="postgresql://me:secret@127.0.0.1:1/none")
    with pytest.raises(StorageError) as caught:
        backup.back_up(settings, tmp_path / "hub.zip", quiet)
    assert "secret" not in caught.value.message
