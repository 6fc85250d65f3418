"""Whether a hub can do its work: its database takes what is written, grading goes on, and there is room on the disk."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from chiploom.hub.database.database import Database
from chiploom.hub.database.schema import HubSetting

#: Below this, traces and verdicts of a busy day no longer fit.
LEAST_FREE_BYTES = 500_000_000

State = Literal["ok", "trouble"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Health:
    """The state of each part, and nothing that a stranger should not know."""

    database: State
    grading: State
    disk: State

    @property
    def is_well(self) -> bool:
        """Whether all is well."""
        return {self.database, self.grading, self.disk} == {"ok"}


class Watch:
    """Looks at the parts, at most once in a few seconds, however often it is asked."""

    _KEPT_S = 5.0

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: tuple[float, State, State] | None = None

    def look(self, database: Database, directory: Path, trouble: str) -> Health:
        """Return the state of the hub with this database and directory, and this trouble with grading."""
        with self._lock:
            now = time.monotonic()
            if self._seen is None or now - self._seen[0] > self._KEPT_S:
                self._seen = (now, _database(database), _disk(directory))
            _, database_state, disk_state = self._seen
        return Health(database_state, "trouble" if trouble else "ok", disk_state)

    def forget(self) -> None:
        """Look again when next asked."""
        with self._lock:
            self._seen = None


def _database(database: Database) -> State:
    try:
        with database.writing() as session:
            # Changes nothing, but only a database that may be written begins such a transaction.
            session.execute(update(HubSetting).where(HubSetting.name == "health").values(value=""))
    except SQLAlchemyError as error:
        _log.error("health: the database does not take what is written: %s", " ".join(str(error).split())[:200])
        return "trouble"
    return "ok"


def _disk(directory: Path) -> State:
    try:
        # The directory is made when the first trace is kept; until then its parent says how much room there is.
        present = next(place for place in (directory, *directory.parents) if place.exists())
        free = shutil.disk_usage(present).free
    except OSError as error:
        _log.error("health: %s", error)
        return "trouble"
    return "ok" if free >= LEAST_FREE_BYTES else "trouble"
