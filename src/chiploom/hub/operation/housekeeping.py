"""The thread that once a day removes what the operator does not want kept."""

from __future__ import annotations

import logging
import threading

from sqlalchemy.exc import SQLAlchemyError

from chiploom.errors import ChiploomError
from chiploom.hub.database.database import Database
from chiploom.hub.operation import retention

_log = logging.getLogger(__name__)

_FIRST_S = 600.0
_EVERY_S = 24 * 3600.0
_AGAIN_S = 3600.0


class Housekeeper:
    """Purges ten minutes after the start, then once a day; an hour later where that failed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="housekeeping", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, if need be in the middle of a purge."""
        self._stopping.set()
        self._thread.join(timeout=10)

    def _work(self) -> None:
        wait_s = _FIRST_S
        while not self._stopping.wait(wait_s):
            try:
                removed = retention.purge(self._database, is_stopping=self._stopping.is_set)
                wait_s = _EVERY_S
                _log.info("removed what was too old: %s", removed)
            except (SQLAlchemyError, ChiploomError) as error:
                _log.error("cannot remove what is too old: %s", " ".join(str(error).split())[:200])
                wait_s = _AGAIN_S
