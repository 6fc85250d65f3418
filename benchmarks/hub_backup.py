"""How long backup and restore take, and how much memory, for a hub of a given size.

``python benchmarks/hub_backup.py --learners 50000 --submissions 1000000 [--from URL] [--to URL]`` makes a database of
that size in a temporary folder (or at ``--from``, which must be empty), saves it, and restores it (into SQLite,
or ``--to``, which must be empty). Every submission has files and a verdict of its own, one in five a trace, one in four
evidence. Then it starts a hub on what was restored, and times the pages a lecturer sees of a class of 200.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import insert

from chiploom import canonical
from chiploom.credentials import keys
from chiploom.hub.database import migrate
from chiploom.hub.database.database import Database
from chiploom.hub.database.schema import (
    Assignment,
    Class,
    Course,
    Draft,
    Enrolment,
    EvidenceRecord,
    Institution,
    Membership,
    SignIn,
    Submission,
    User,
)
from chiploom.hub.hub import database_url_of, hub_directory
from chiploom.hub.people.accounts import hash_of
from chiploom.settings import Settings
from hub_browser import Answer, Browser
from hub_server import Learner, Server

_TOGETHER = 2000
_START = datetime(2026, 1, 1, tzinfo=UTC)
#: The learners of a class of 200.
_CLASS = range(2, 202)
_TASKS = ("gates", "mux", "adder", "counter", "shift-register", "traffic-light", "fifo", "alu")


def main() -> int:
    """Make, save, restore, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=1000, help="accounts (default: 1000)")
    parser.add_argument("--submissions", type=int, default=20_000, help="submissions (default: 20000)")
    parser.add_argument(
        "--from", dest="source", default="", metavar="URL", help="an empty database to be filled and saved"
    )
    parser.add_argument("--to", dest="target", default="", metavar="URL", help="an empty database to be restored into")
    chosen = parser.parse_args()
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory() as folder:
        source = Settings(home=Path(folder) / "source", database_url=chosen.source)
        target = Settings(home=Path(folder) / "target", database_url=chosen.target)
        started = time.perf_counter()
        _fill(source, chosen.learners, chosen.submissions, console)
        seconds = time.perf_counter() - started
        print(f"made {chosen.learners:,} learners and {chosen.submissions:,} submissions: {seconds:.1f} s")
        file = Path(folder) / "hub.zip"
        for what, settings in (("backup", source), ("restore", target)):
            seconds, peak_mb = _run(what, settings, file)
            print(f"{what}: {seconds:.1f} s, {chosen.submissions / seconds:,.0f} submissions/s, peak {peak_mb:.0f} MB")
        print(f"file: {file.stat().st_size / 1e6:.1f} MB")
        _compare(source, target)
        _report(target)
    return 0


def _run(what: str, settings: Settings, file: Path) -> tuple[float, float]:
    """Run the command in a process of its own, so that its memory is its own."""
    environment = {**os.environ, "CHIPLOOM_HOME": str(settings.home), "CHIPLOOM_DATABASE_URL": settings.database_url}
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "chiploom.cli.main", "hub", what, str(file)],
        env=environment,
        check=True,
        stdout=sys.stderr,
    )
    seconds = time.perf_counter() - started
    return seconds, max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def _compare(source: Settings, target: Settings) -> None:
    counts = []
    for settings in (source, target):
        database = Database(database_url_of(settings))
        with database.snapshot() as connection:
            counts.append(
                {
                    table.name: connection.exec_driver_sql(f'SELECT count(*) FROM "{table.name}"').scalar()
                    for table in Submission.metadata.sorted_tables
                }
            )
        database.close()
    assert counts[0] == counts[1], counts
    traces = [sum(1 for _ in (hub_directory(each) / "traces").rglob("*.json")) for each in (source, target)]
    assert traces[0] == traces[1], traces
    print(f"the same rows in every table, and {traces[0]:,} traces")


def _fill(settings: Settings, learners: int, submissions: int, console: Console) -> None:
    keys.issuer_key(settings.home)
    database = Database(database_url_of(settings))
    migrate.upgrade(database)
    chance = random.Random(20260101)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        with database.engine.begin() as connection:
            connection.execute(
                insert(Institution), [{"id": 1, "name": "Đại học", "language": "vi", "created_at": _START}]
            )
        _load(database, User, _people(learners, chance), bars, "people", learners)
        members = (
            {"user_id": number, "institution_id": 1, "role": "learner" if number > 1 else "lecturer"}
            for number in range(1, learners + 1)
        )
        _load(database, Membership, members, bars, "memberships", learners)
        _load(database, Draft, _drafts(learners, chance), bars, "drafts", learners)
        _make_class(database, learners)
        traces = hub_directory(settings) / "traces"
        work = _submissions(learners, submissions, chance, traces)
        _load(database, Submission, work, bars, "submissions", submissions)
        _load(database, EvidenceRecord, _evidence(learners, submissions, chance), bars, "evidence", submissions // 4)
    database.close()


def _make_class(database: Database, learners: int) -> None:
    """Make a class of 200, or of all there are, with an assignment for every task; the first learner teaches it."""
    terms = {"class_id": 1, "pack_id": "foundations", "mode": "practice", "seed": "0" * 64, "created_at": _START}
    dates = {"opens_at": _START, "due_at": _START + timedelta(days=30), "closes_at": _START + timedelta(days=400)}
    people = [{"class_id": 1, "user_id": number, "role": "learner"} for number in _CLASS if number <= learners]
    with database.engine.begin() as connection:
        connection.execute(
            insert(Course), [{"id": 1, "institution_id": 1, "title": "Số", "created_at": _START, "created_by": 1}]
        )
        connection.execute(insert(Class), [{"id": 1, "course_id": 1, "name": "A", "created_at": _START}])
        connection.execute(insert(Enrolment), [*people, {"class_id": 1, "user_id": 1, "role": "lecturer"}])
        connection.execute(insert(Assignment), [{**terms, **dates, "task_id": task} for task in _TASKS])


def _report(settings: Settings) -> None:
    """Time the pages that a lecturer sees of the class, as a browser gets them from a hub of this size."""
    cookie = secrets.token_urlsafe(32)
    server = Server(settings.home, settings.database_url)
    database = Database(server.address)
    with database.engine.begin() as connection:
        now = datetime.now(UTC)
        sign_in = {"token_hash": hash_of(cookie), "user_id": 1, "csrf": "", "created_at": now}
        connection.execute(insert(SignIn), [{**sign_in, "expires_at": now + timedelta(days=1)}])
    database.close()
    print(f"start of the hub: {server.start():.2f} s")
    try:
        browser = Browser(server.port, Learner(1, cookie, ""))
        for page in ("classes/1", "classes/1/progress", "classes/1/gradebook", "classes/1/practice"):
            answers = [asyncio.run(_get(browser, f"/teach/{page}")) for _ in range(6)]
            first, *others = (answer.seconds for answer in answers)
            print(
                f"/teach/{page}: {first:.2f} s, then {statistics.median(others):.2f} s, {len(answers[0].body):,} bytes"
            )
    finally:
        server.stop()


async def _get(browser: Browser, path: str) -> Answer:
    answer = await browser.get(path)
    browser.close()
    assert answer.status == 200, (path, answer.status, answer.text[:500])
    return answer


def _load(database: Database, kind: Any, rows: Iterator[dict[str, Any]], bars: Progress, name: str, total: int) -> None:
    task = bars.add_task(name, total=total)
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _TOGETHER:
            with database.engine.begin() as connection:
                connection.execute(insert(kind), batch)
            bars.advance(task, len(batch))
            batch = []
    if batch:
        with database.engine.begin() as connection:
            connection.execute(insert(kind), batch)
        bars.advance(task, len(batch))


def _people(count: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        yield {
            "id": number,
            "subject": f"urn:uuid:{uuid.UUID(int=chance.getrandbits(128), version=4)}",
            "login": f"learner-{number}",
            "name": f"Nguyễn Thị {number}",
            "password_hash": "$argon2id$v=19$m=19456,t=2,p=1$" + chance.randbytes(40).hex(),
            "language": "vi",
            "track": "design",
            "created_at": _START,
        }


def _drafts(count: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        yield {
            "user_id": number,
            "pack_id": "foundations",
            "task_id": _TASKS[0],
            "variant": 0,
            "files": [["design.sv", _design(chance)]],
            "updated_at": _START,
        }


def _submissions(learners: int, count: int, chance: random.Random, traces: Path) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        at = _START + timedelta(seconds=number)
        trace_hash = _trace(chance, traces) if number % 5 == 0 else None
        user_id = chance.randint(1, learners)
        yield {
            "id": number,
            "user_id": user_id,
            "pack_id": "foundations",
            "pack_version": "1.0.0",
            "task_id": _TASKS[number % len(_TASKS)],
            "assignment_id": 1 + number % len(_TASKS) if user_id in _CLASS else None,
            "files": [["design.sv", _design(chance)]],
            "created_at": at,
            "state": "done",
            "finished_at": at + timedelta(seconds=1),
            "outcome": "refuted" if trace_hash else "proved",
            "is_met": trace_hash is None,
            "verdict": {"outcome": "proved", "method": "sat", "tools": {"pyosys": "0.70"}, "n": chance.random()},
            "trace_hash": trace_hash,
            "cluster": None if trace_hash is None else f"{number % 7:064x}",
        }


def _evidence(learners: int, submissions: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(1, submissions + 1, 4):
        document = {"id": number, "commitment": chance.randbytes(32).hex(), "signature": chance.randbytes(64).hex()}
        yield {
            "id": f"urn:uuid:{uuid.UUID(int=chance.getrandbits(128), version=4)}",
            "submission_id": number,
            "user_id": chance.randint(1, learners),
            "issued_at": _START,
            "document": json.dumps(document) * 4,
            "opening": chance.randbytes(32).hex(),
        }


def _trace(chance: random.Random, traces: Path) -> str:
    data = canonical.canonicalise({"cycles": [chance.randbytes(20).hex() for _ in range(10)]})
    digest = canonical.sha256_hex(data)
    path = traces / digest[:2] / f"{digest[2:]}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return digest


def _design(chance: random.Random) -> str:
    lines = [f"  assign y[{bit}] = a[{chance.randrange(64)}] ^ b[{chance.randrange(64)}];" for bit in range(12)]
    return "\n".join(["module logic_gates(input [63:0] a, b, output [11:0] y);", *lines, "endmodule", ""])


if __name__ == "__main__":
    sys.exit(main())
