"""What the editor asks between checks: what the compiler says, and what the design does on one's own inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chiploom.errors import ChiploomError, UsageError
from chiploom.grading.job import Job, Reading, Run
from chiploom.hdl.sources import Source
from chiploom.hub.database.database import is_storable
from chiploom.hub.dispatch.bench import Bench
from chiploom.hub.hub import Hub
from chiploom.prove.verdict import Limits, Verdict
from chiploom.tasks.model import Task

_READ_LIMITS = Limits(time_s=3.0, memory_mb=1024)
_RUN_LIMITS = Limits(time_s=5.0, memory_mb=2048)
#: A hub in which more submissions wait is busy.
_QUEUED = 8


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the compiler says about a design, worded.

    Attributes
    ----------
    is_complete : bool
        False where the hub was too busy to make the netlist, so that what only it shows was not looked for.
    """

    findings: list[dict[str, Any]]
    is_complete: bool


def diagnose(hub: Hub, task: Task, sources: Sequence[Source], subject: str, language: str) -> Diagnosis:
    """Read a design while it is written; there are no findings also where that took too long."""
    # What is looked at here takes from those who wait for verdicts, which look at all of it.
    is_busy = hub.bench.is_busy or hub.dispatcher.queued > _QUEUED
    reading = Reading(task.top, task.policy.delays, task.policy.memory_files, _READ_LIMITS, elaborate=not is_busy)
    result = hub.bench.do(Job(reading, tuple(sources), subject))
    if isinstance(result, ChiploomError):
        raise result
    findings = [
        {
            "code": diagnostic.code,
            "severity": diagnostic.severity,
            "message": diagnostic.text(language),
            "file": diagnostic.file,
            "line": diagnostic.line,
            "column": diagnostic.column,
        }
        for diagnostic in (*result.diagnostics, *result.warnings)
    ]
    return Diagnosis(findings, is_complete=reading.elaborate)


def stimulus(text: str) -> Source:
    """Return somebody's own inputs as a file, CSV or WaveJSON.

    Raises
    ------
    UsageError
        ``bad-text``.
    """
    if not is_storable(text):
        raise UsageError("bad-text", "the inputs hold a NUL character or half a character")
    return Source("stimulus.json" if text.lstrip().startswith("{") else "stimulus.csv", text)


def run(bench: Bench, task: Task, sources: Sequence[Source], inputs: Source, subject: str) -> Verdict:
    """Simulate a design on somebody's own inputs.

    Raises
    ------
    ChiploomError
        The stimulus cannot be read.
    """
    result = bench.do(Job(Run(task.top, _RUN_LIMITS), (*sources, inputs), subject))
    if isinstance(result, ChiploomError):
        raise result
    return result
