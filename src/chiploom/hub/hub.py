"""The parts of a running hub, put together from the settings and taken apart again."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from chiploom.credentials.keys import issuer_key
from chiploom.errors import UsageError
from chiploom.grading.cache import Cache
from chiploom.grading.pool import Pool
from chiploom.hub.database import migrate
from chiploom.hub.database.database import Database
from chiploom.hub.database.together import Together
from chiploom.hub.dispatch.bench import Bench
from chiploom.hub.dispatch.dispatcher import Backend, Dispatcher, Graded
from chiploom.hub.dispatch.recording import Recorder
from chiploom.hub.dispatch.verdicts import TraceFiles
from chiploom.hub.library import Library
from chiploom.hub.operation.health import Watch
from chiploom.hub.operation.housekeeping import Housekeeper
from chiploom.hub.operation.limits import Limits
from chiploom.hub.operation.metrics import Metrics
from chiploom.hub.people.known import Known
from chiploom.hub.people.passwords import Brake
from chiploom.hub.teaching.admitting import Admissions
from chiploom.settings import Settings
from chiploom.signing import SigningKey

#: Somebody looks at the screen while a page is made, which takes milliseconds; proofs let it go first.
_WORKERS_NICENESS = 5


@dataclass(frozen=True, slots=True)
class Hub:
    """Everything a request may need."""

    settings: Settings
    database: Database
    together: Together
    library: Library
    dispatcher: Dispatcher
    bench: Bench
    traces: TraceFiles
    key: SigningKey
    brake: Brake
    admissions: Admissions
    known: Known
    #: A campus shares an address, and its learners their wrong passwords.
    address_brake: Brake = field(default_factory=lambda: Brake(free=200))
    metrics: Metrics = field(default_factory=Metrics)
    limits: Limits = field(default_factory=Limits)
    watch: Watch = field(default_factory=Watch)

    @property
    def address(self) -> str:
        """The address by which browsers reach the hub, without a slash at its end."""
        return address_of(self.settings)


def address_of(settings: Settings) -> str:
    """Return the address by which browsers reach the hub."""
    return (settings.hub_url or f"http://{settings.hub_host}:{settings.hub_port}").rstrip("/")


def database_url_of(settings: Settings) -> str:
    """Return the address of the database."""
    return settings.database_url or f"sqlite:///{hub_directory(settings) / 'hub.sqlite3'}"


def hub_directory(settings: Settings) -> Path:
    """Return where the hub keeps its files."""
    return settings.home / "hub"


@contextlib.contextmanager
def running(settings: Settings) -> Iterator[Hub]:
    """Open the database, bring its tables up to date, load the packs and begin to grade; end all of it at the end.

    Raises
    ------
    ChiploomError
        The database, a pack, the key or an address is not usable.
    """
    if settings.hub_url and not settings.hub_url.startswith(("http://", "https://")):
        raise UsageError("bad-setting", f"CHIPLOOM_HUB_URL is {settings.hub_url!r}; it begins with http:// or https://")
    try:
        ZoneInfo(settings.time_zone)
    except (ValueError, OSError, KeyError):
        message = f"CHIPLOOM_TIME_ZONE is {settings.time_zone!r}; use a name such as Asia/Ho_Chi_Minh"
        raise UsageError("bad-setting", message) from None
    library = Library([Path(folder) for folder in settings.packs.split(os.pathsep) if folder])
    key = issuer_key(settings.home)
    traces = TraceFiles(hub_directory(settings) / "traces")
    database = Database(database_url_of(settings))
    metrics = Metrics()
    try:
        migrate.upgrade(database)
        admissions = Admissions(database, library, hub_directory(settings) / "packs")
        admissions.load()
        dispatcher = Dispatcher(
            database,
            lambda: _open_backend(settings),
            library.task,
            _counted(Recorder(database, traces, key, library.open_packs).record, metrics),
            cache=Cache(settings.home / "cache"),
            ahead=0 if settings.scheduler else 1,
        )
        bench = Bench(lambda: Pool(1, box=not settings.unsafe_no_box))
        dispatcher.start()
        bench.start()
        housekeeper = Housekeeper(database)
        housekeeper.start()
        admissions.start()
        try:
            yield Hub(
                settings,
                database,
                Together(database),
                library,
                dispatcher,
                bench,
                traces,
                key,
                Brake(),
                admissions,
                Known(database),
                metrics=metrics,
                limits=Limits(settings.limit_percent),
            )
        finally:
            admissions.stop()
            housekeeper.stop()
            bench.stop()
            dispatcher.stop()
    finally:
        database.close()


def _counted(record: Callable[[list[Graded]], None], metrics: Metrics) -> Callable[[list[Graded]], None]:
    def counted(graded: list[Graded]) -> None:
        record(graded)
        metrics.graded(item.verdict.outcome.value for item in graded)

    return counted


def _open_backend(settings: Settings) -> Backend:
    if settings.scheduler:
        from chiploom.grading.cluster import Cluster

        return Cluster(settings.scheduler)
    return Pool(settings.workers, box=not settings.unsafe_no_box, niceness=_WORKERS_NICENESS)
