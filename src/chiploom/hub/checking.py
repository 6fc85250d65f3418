"""What the editor asks between checks: what the compiler says, and what the design does on one's own inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chiploom.errors import ChiploomError, UsageError
from chiploom.grading.job import Job, Reading, Run
from chiploom.hdl.sources import Source
from chiploom.hub.database.database import is_storable
from chiploom.hub.dispatch.bench import Bench
from chiploom.prove.verdict import Limits, Verdict
from chiploom.tasks.model import Task

_READ_LIMITS = Limits(time_s=3.0, memory_mb=1024)
_RUN_LIMITS = Limits(time_s=5.0, memory_mb=2048)


def diagnose(bench: Bench, task: Task, sources: Sequence[Source], subject: str, language: str) -> list[dict[str, Any]]:
    """Return the diagnostics of a design, worded; empty also where reading it took too long."""
    reading = Reading(task.top, task.policy.delays, task.policy.memory_files, _READ_LIMITS)
    result = bench.do(Job(reading, tuple(sources), subject))
    if isinstance(result, ChiploomError):
        raise result
    return [
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
