"""A hub as a process of its own, for measurements: its learners are made in the database before it starts."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from sqlalchemy import create_engine, insert, text

from chiploom.grading.evidence import make_subject_id
from chiploom.hub.database import migrate
from chiploom.hub.database.database import Database
from chiploom.hub.database.schema import HubSetting, Institution, Membership, SignIn, User
from chiploom.hub.people.accounts import hash_of

_START_S = 60.0


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody who is signed in."""

    user_id: int
    cookie: str
    csrf: str


def make_learners(address: str, count: int) -> list[Learner]:
    """Make tables, an institution and learners who are signed in: no password is ever hashed for them."""
    database = Database(address)
    migrate.upgrade(database)
    now = datetime.now(UTC)
    learners = []
    with database.writing() as session:
        institution = Institution(name="Load", language="vi", created_at=now)
        session.add_all([institution, HubSetting(name="sign-up", value="closed")])
        session.flush()
        people, roles, sign_ins = [], [], []
        for number in range(1, count + 1):
            learner = Learner(number, secrets.token_urlsafe(32), secrets.token_urlsafe(24))
            learners.append(learner)
            people.append(
                {
                    "id": number,
                    "subject": make_subject_id(),
                    "login": f"learner{number}",
                    "name": f"Học Viên {number}",
                    "password_hash": "",
                    "language": ("vi", "vi", "en", "fr")[number % 4],
                    "track": "design",
                    "created_at": now,
                    "must_change_password": False,
                }
            )
            roles.append({"user_id": number, "institution_id": institution.id, "role": "learner"})
            sign_ins.append(
                {
                    "token_hash": hash_of(learner.cookie),
                    "user_id": number,
                    "csrf": learner.csrf,
                    "created_at": now,
                    "expires_at": now + timedelta(days=1),
                }
            )
        for table, rows in ((User, people), (Membership, roles), (SignIn, sign_ins)):
            session.execute(insert(table), rows)
    database.close()
    return learners


@dataclass
class Server:
    """``chiploom hub serve``, started, killed and started again on one home and one database.

    Parameters
    ----------
    program : tuple of str
        What to run instead, such as the same with a sampler in it.
    """

    home: Path
    database_url: str = ""
    workers: int = 0
    program: tuple[str, ...] = ("-m", "chiploom.cli.main", "hub", "serve")
    settings: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.port = self.port or free_port()

    @property
    def address(self) -> str:
        """The database's address."""
        return self.database_url or f"sqlite:///{self.home / 'hub' / 'hub.sqlite3'}"

    def start(self) -> float:
        """Start, wait until it answers, and return how long that took."""
        started = time.monotonic()
        environment = {
            **os.environ,
            "CHIPLOOM_HOME": str(self.home),
            "CHIPLOOM_HUB_PORT": str(self.port),
            "CHIPLOOM_DATABASE_URL": self.database_url,
            "CHIPLOOM_WORKERS": str(self.workers),
            **self.settings,
        }
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.program], env=environment, stdout=log, stderr=log, start_new_session=True
            )
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() - started > _START_S:
                raise RuntimeError(f"the hub did not start:\n{(self.home / 'server.log').read_text()[-2000:]}")
            time.sleep(0.02)
        return time.monotonic() - started

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> float:
        """Ask it to end, and return how long that took."""
        assert self.process is not None
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill()
        return time.monotonic() - started

    def worker_ids(self) -> list[int]:
        """The processes that grade, at this moment."""
        assert self.process is not None
        try:
            return [child.pid for child in psutil.Process(self.process.pid).children()]
        except psutil.NoSuchProcess:
            return []

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sign-in", timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False


def kept(address: str, accepted: dict[int, str | None]) -> dict[str, int]:
    """Compare what was accepted with what is in the database."""
    database = Database(address)
    with database.reading() as session:
        rows = {
            row.id: row for row in session.execute(text("SELECT id, state, outcome, is_met, verdict FROM submission"))
        }
        pieces = Counter(session.scalars(text("SELECT submission_id FROM evidence")))
    database.close()
    return {
        "accepted": len(accepted),
        "rows": len(rows),
        "lost": sum(number not in rows for number in accepted),
        "without a verdict": sum(row.state != "done" or row.verdict is None for row in rows.values()),
        "another verdict than shown": sum(
            outcome is not None and rows[number].outcome != outcome
            for number, outcome in accepted.items()
            if number in rows
        ),
        "evidence missing or too much": sum(pieces[row.id] != bool(row.is_met) for row in rows.values()),
    }


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def make_database(server: str) -> str:
    """Make an empty database on a PostgreSQL server and return its address."""
    name = f"chiploom_bench_{secrets.token_hex(6)}"
    _on(server, f"CREATE DATABASE {name}")
    return f"{server.rpartition('/')[0]}/{name}"


def drop_database(server: str, address: str) -> None:
    """Remove it again."""
    _on(server, f"DROP DATABASE IF EXISTS {address.rpartition('/')[2]} WITH (FORCE)")


def _on(server: str, statement: str) -> None:
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


class Processors:
    """What the processors were busy with: seconds of processor time by who used them."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._started = time.monotonic()
        self._before = self._now()

    def used(self) -> dict[str, float]:
        """Return processors in use, on average since this was made, by who used them."""
        passed_s = time.monotonic() - self._started
        return {name: round((value - self._before.get(name, 0.0)) / passed_s, 3) for name, value in self._now().items()}

    def _now(self) -> dict[str, float]:
        assert self._server.process is not None
        serving = psutil.Process(self._server.process.pid)
        own = psutil.Process()
        whole = psutil.cpu_times()
        return {
            "hub": _seconds(serving),
            # Children's children end with every submission; the machine's own count does not lose them.
            "load generator": _seconds(own),
            "postgresql": sum(_seconds(p) for p in psutil.process_iter() if p.name() == "postgres"),
            "idle": whole.idle,
            "waiting for the disk": whole.iowait,
            "all": whole.user + whole.system + whole.nice,
        }


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)
