"""The verdict: what was found about a submission, by which method, under which assumptions and limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from chiploom import errors
from chiploom.hdl.diagnostics import Diagnostic
from chiploom.prove.trace import Trace

SCHEMA = "chiploom/verdict/1"


class Outcome(StrEnum):
    """The six verdicts. A verdict starts as ``undecided`` and must be earned."""

    PROVED = "proved"
    BOUNDED = "bounded"
    REFUTED = "refuted"
    REJECTED = "rejected"
    MEASURED = "measured"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a check may use. A limit that is hit is named in ``Verdict.limit_hit``."""

    time_s: float = 10.0
    memory_mb: int = 4096
    memory_bits: int = 16384
    aig_nodes: int = 2_000_000

    def as_json(self) -> dict[str, Any]:
        """Return the limits as JSON values."""
        return {
            "time_s": self.time_s,
            "memory_mb": self.memory_mb,
            "memory_bits": self.memory_bits,
            "aig_nodes": self.aig_nodes,
        }


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measured number; ``met`` is None where the task sets no bound."""

    name: str
    value: float
    unit: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found.

    Attributes
    ----------
    outcome : Outcome
        One of the six.
    method : str
        How it was found: ``"structural"``, ``"random"``, ``"induction"``, ``"three-valued"``, ``"sat"``,
        ``"k-induction"``, ``"abc"``, ``"diagnostics"``, ``"interface"``, ``"none"``.
    bound : int or None
        For ``bounded``: number of steps explored without a difference; for ``refuted``: length of the trace.
    assumptions : tuple of str
        What the verdict rests on, in English, for example ``"registers of the submission start with any value"``.
    warnings, diagnostics : tuple of Diagnostic
        ``diagnostics`` reject; ``warnings`` do not.
    trace : Trace or None
        Present exactly when refuted.
    limit_hit : str or None
        Name of the limit that stopped the check ("time", "memory", "memory_bits", "aig_nodes", "crash", "replay").
    """

    outcome: Outcome = Outcome.UNDECIDED
    method: str = "none"
    bound: int | None = None
    assumptions: tuple[str, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    trace: Trace | None = None
    limits: Limits = field(default_factory=Limits)
    limit_hit: str | None = None
    reason: str = ""
    tools: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def exit_status(self) -> int:
        """The command line's exit status for this verdict."""
        if self.outcome is Outcome.MEASURED:
            met = all(measurement.met is not False for measurement in self.measurements)
            return errors.EXIT_PROVED if met else errors.EXIT_REFUTED
        return {
            Outcome.PROVED: errors.EXIT_PROVED,
            Outcome.REFUTED: errors.EXIT_REFUTED,
            Outcome.REJECTED: errors.EXIT_REJECTED,
            Outcome.BOUNDED: errors.EXIT_UNDECIDED,
            Outcome.UNDECIDED: errors.EXIT_UNDECIDED,
        }[self.outcome]

    def as_json(self, language: str = "en") -> dict[str, Any]:
        """Return the verdict as JSON values, worded in ``language``."""
        return {
            "schema": SCHEMA,
            "verdict": self.outcome.value,
            "method": self.method,
            "bound": self.bound,
            "assumptions": list(self.assumptions),
            "measurements": [
                {"name": m.name, "value": m.value, "unit": m.unit, "met": m.met} for m in self.measurements
            ],
            "warnings": [_diagnostic_json(d, language) for d in self.warnings],
            "diagnostics": [_diagnostic_json(d, language) for d in self.diagnostics],
            "trace": None if self.trace is None else self.trace.as_json(language),
            "limits": {**self.limits.as_json(), "hit": self.limit_hit},
            "reason": self.reason,
            "tools": dict(self.tools),
            "seconds": round(self.seconds, 6),
        }


def _diagnostic_json(diagnostic: Diagnostic, language: str) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.text(language),
        "file": diagnostic.file,
        "line": diagnostic.line,
        "column": diagnostic.column,
    }
