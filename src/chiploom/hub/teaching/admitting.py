"""Uploaded packs: kept, examined by the admission test in a process of its own, usable once admitted.

The row of an upload is the truth: what was being examined when the hub ended is gone on with, task by task.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from chiploom.errors import ChiploomError, PackError, UsageError
from chiploom.hub.database.database import Database
from chiploom.hub.database.schema import PackUpload
from chiploom.hub.library import Library
from chiploom.hub.teaching import archive
from chiploom.tasks.load import load_pack, load_tasks
from chiploom.tasks.model import Pack

_log = logging.getLogger(__name__)

MOST_TASKS = 200
_TASK_LIMIT_S = 1800.0
_PAUSE_S = 30.0
_LARGEST_REPORT_BYTES = 1_000_000
_MOST_FINDINGS = 100

Examine = Callable[[Path, str, threading.Event], dict[str, Any] | None]
"""Examines one task of the pack in a folder; returns its report, None if the hub ends meanwhile."""


class Admissions:
    """Examines uploaded packs, one after the other.

    Parameters
    ----------
    database : Database
        Where uploads are written down.
    library : Library
        Where admitted packs are added.
    directory : Path
        Where uploaded packs are kept.
    examine : callable
        Examines a task; by default in a process of its own.
    """

    def __init__(self, database: Database, library: Library, directory: Path, examine: Examine | None = None) -> None:
        self._database = database
        self._library = library
        self._directory = directory
        self._examine = examine or examined_apart
        self._stopping = threading.Event()
        self._wanted = threading.Event()
        self._thread = threading.Thread(target=self._work, name="admission", daemon=True)

    def load(self) -> None:
        """Add the packs that were admitted before to the library. One that is damaged is left out and logged."""
        with self._database.reading() as session:
            rows = session.execute(
                select(PackUpload.pack_id, PackUpload.directory)
                .where(PackUpload.state == "admitted")
                .order_by(PackUpload.id)
            ).all()
        for row in rows:
            try:
                self._library.add(self.folder(row.directory), replacing=True)
            except ChiploomError as error:
                _log.warning("pack %s cannot be loaded: %s", row.pack_id, error.message)

    def start(self) -> None:
        """Begin, also with what was left over."""
        self._wanted.set()
        self._thread.start()

    def stop(self) -> None:
        """End; what is being examined is gone on with at the next start."""
        self._stopping.set()
        self._wanted.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def wake(self) -> None:
        """Look for uploads now."""
        self._wanted.set()

    def unpack(self, uploaded: IO[bytes]) -> tuple[str, Pack]:
        """Keep an uploaded pack and return the name of its folder and its description.

        Raises
        ------
        UsageError
            ``bad-archive``; ``pack-malformed``, saying what is wrong with which file; ``duplicate-pack``
            or ``pack-version-not-higher``.
        StorageError
            The disk does not take it.
        """
        name = secrets.token_hex(16)
        directory = self.folder(name)
        try:
            archive.unpack(uploaded, directory)
            pack = load_pack(directory)
            if not 1 <= len(pack.task_ids) <= MOST_TASKS:
                raise UsageError("bad-archive", f"a pack has 1 to {MOST_TASKS} tasks")
            unlisted = sorted(
                path.parent.name for path in directory.glob("*/task.toml") if path.parent.name not in pack.task_ids
            )
            if unlisted:
                raise PackError("task-unlisted", f"pack.toml does not list {unlisted[0]!r}, which holds a task")
            for _ in load_tasks(pack):
                pass
            self._library.check_new(pack, replacing=True)
        except PackError as error:
            self.forget(name)
            raise UsageError("pack-malformed", error.message) from None
        except ChiploomError:
            self.forget(name)
            raise
        return name, pack

    def folder(self, name: str) -> Path:
        """Return the folder of an upload."""
        return self._directory / name

    def forget(self, name: str) -> None:
        """Remove the folder of an upload."""
        shutil.rmtree(self.folder(name), ignore_errors=True)

    # -- the thread

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._wanted.wait(_PAUSE_S)
            self._wanted.clear()
            try:
                while not self._stopping.is_set() and self._examine_one():
                    pass
            except (DBAPIError, ChiploomError, OSError) as error:
                # The row stays as it is and is taken up again after the pause.
                _log.error("admission: %s", " ".join(str(error).split())[:200])

    def _examine_one(self) -> bool:
        """Examine the next task of the oldest upload; False if nothing waits or the hub ends."""
        with self._database.reading() as session:
            row = session.scalar(
                select(PackUpload).where(PackUpload.state == "testing").order_by(PackUpload.id).limit(1)
            )
        if row is None:
            return False
        directory = self.folder(row.directory)
        try:
            pack = load_pack(directory)
        except ChiploomError as error:
            self._finish(row.id, row.reports, "refused", error.message)
            return True
        done = {report["task"] for report in row.reports}
        following = next((task_id for task_id in pack.task_ids if task_id not in done), None)
        if following is not None:
            report = self._examine(directory, following, self._stopping)
            if report is None:
                return False
            with self._database.writing() as session:
                upload = session.get(PackUpload, row.id)
                if upload is not None:
                    upload.reports = [*upload.reports, report]
            return True
        if not all(report["admitted"] for report in row.reports):
            self._finish(row.id, row.reports, "refused", "")
            return True
        try:
            self._library.add(directory, replacing=True)
        except ChiploomError as error:
            self._finish(row.id, row.reports, "refused", error.message)
            return True
        self._finish(row.id, row.reports, "admitted", "")
        return True

    def _finish(self, number: int, reports: list[Any], state: str, reason: str) -> None:
        with self._database.writing() as session:
            upload = session.get(PackUpload, number)
            if upload is not None:
                upload.state, upload.reason, upload.finished_at = state, reason[:500], datetime.now(UTC)


def examined_apart(directory: Path, task_id: str, stopping: threading.Event) -> dict[str, Any] | None:
    """Run the admission test of one task as ``chiploom pack check`` does, in a process of its own."""
    command = [sys.executable, "-P", "-m", "chiploom.cli.main", "pack", "check", str(directory)]
    command += ["--task", task_id, "--workers", "1", "--json"]
    if nice := shutil.which("nice"):
        # Learners' checks go first.
        command = [nice, "-n", "10", *command]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", start_new_session=True
        )
        waited_s = 0.0
        try:
            while process.poll() is None and not stopping.wait(0.2) and waited_s < _TASK_LIMIT_S:
                waited_s += 0.2
            if process.poll() is None:
                return None if stopping.is_set() else _refused(task_id, f"no answer within {_TASK_LIMIT_S:.0f} s")
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        output.seek(0)
        text = output.read(_LARGEST_REPORT_BYTES)
    try:
        report: dict[str, Any] = json.loads(text)["tasks"][0]
        report["findings"] = report["findings"][:_MOST_FINDINGS]
        report["admitted"] = report["admitted"] is True
    except (ValueError, KeyError, IndexError, TypeError):
        if stopping.is_set():
            return None
        # A test that did not run admits nothing.
        lines = text.decode("utf-8", "replace").strip().splitlines()
        return _refused(task_id, f"the test ended without a report: {lines[-1][:300] if lines else ''}")
    return report


def _refused(task_id: str, problem: str) -> dict[str, Any]:
    finding = {"subject": "admission", "problem": problem, "variant": None, "blocking": True}
    return {"task": task_id, "admitted": False, "findings": [finding]}
