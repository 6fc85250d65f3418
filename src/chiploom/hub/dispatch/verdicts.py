"""Verdicts at rest: the short part in the submission's row, the trace in a file named by its own hash."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from chiploom import canonical, files
from chiploom.errors import StorageError
from chiploom.grading import codec
from chiploom.prove.trace import Trace
from chiploom.prove.verdict import Outcome, Verdict


class TraceFiles:
    """Traces by content hash; the same trace of many submissions is one file."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def keep(self, trace: dict[str, Any]) -> str:
        """Write a trace, unless it is there whole, and return its hash.

        Raises
        ------
        StorageError
            As :func:`chiploom.files.write_atomic`.
        """
        data = canonical.canonicalise(trace)
        digest = canonical.sha256_hex(data)
        path = self.path_of(digest)
        if self._read(digest) is None:
            files.private_directory(path.parent)
            files.write_atomic(path, data, mode=0o600)
        return digest

    def find(self, digest: str) -> dict[str, Any] | None:
        """Return the trace with this hash, None if its file is missing or damaged."""
        data = self._read(digest)
        if data is None:
            return None
        trace: dict[str, Any] = json.loads(data)
        return trace

    def path_of(self, digest: str) -> Path:
        """Return where the trace with this hash lies."""
        return self._directory / digest[:2] / f"{digest[2:]}.json"

    def _read(self, digest: str) -> bytes | None:
        try:
            data = self.path_of(digest).read_bytes()
        except OSError:
            return None
        return data if canonical.sha256_hex(data) == digest else None


def split(verdict: Verdict) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Return a verdict as JSON values: all but the trace, and the trace."""
    value: dict[str, Any] = json.loads(codec.encode(verdict))
    return {**value, "trace": None}, value["trace"]


def join(row: dict[str, Any], trace: dict[str, Any] | None) -> Verdict:
    """Return the verdict that :func:`split` was given.

    Raises
    ------
    StorageError
        ``verdict-damaged``: the values are not a verdict's.
    """
    try:
        verdict = codec.decode(json.dumps({**row, "trace": trace}).encode())
    except codec.Malformed as error:
        raise StorageError("verdict-damaged", f"a stored verdict cannot be read: {error}") from None
    assert isinstance(verdict, Verdict)
    return verdict


def is_met(verdict: Verdict) -> bool:
    """Tell whether the task is done: proved, or measured with every bound met."""
    met = bool(verdict.measurements) and all(measurement.met is True for measurement in verdict.measurements)
    return verdict.outcome is Outcome.PROVED or (verdict.outcome is Outcome.MEASURED and met)


def cluster_of(verdict: Verdict) -> str | None:
    """Return a name for the way in which a submission fails, the same for all that fail alike.

    Refuted submissions fail alike when the shortest trace asks the same of them and the same outputs are wrong in the
    same way; rejected ones when their first error has the same code.
    """
    if verdict.outcome is Outcome.REFUTED and verdict.trace is not None:
        return canonical.hash_of(_symptom(verdict.trace))[:16]
    if verdict.outcome is Outcome.REJECTED:
        errors = [diagnostic.code for diagnostic in verdict.diagnostics if diagnostic.severity == "error"]
        return canonical.hash_of(["rejected", errors[0] if errors else ""])[:16]
    return None


def _symptom(trace: Trace) -> list[Any]:
    last = trace.cycles[-1]
    return [
        trace.model,
        [dict(cycle.inputs) for cycle in trace.cycles],
        {name: [last.expected.get(name, ""), last.got.get(name, "")] for name in trace.failing},
    ]
