"""The trace of a refutation: what went in, what should have come out, what came out, cycle by cycle.

Values are bit strings, most significant bit first. In inputs ``x`` marks a bit that does not matter: the
submission is wrong whatever it is. In expected values ``x`` marks a bit the reference leaves open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Cycle:
    """One step of the trace: port or register name to bit string."""

    inputs: Mapping[str, str]
    expected: Mapping[str, str]
    got: Mapping[str, str]
    registers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Trace:
    """A replayed counterexample.

    Attributes
    ----------
    model : str
        Time model: ``"combinational"``, ``"cycle"``, ``"tick"`` or ``"global-step"``.
    clock : str or None
        Name of the clock port in the cycle and tick models (its column is implied, one edge per cycle); in the
        tick model every cycle's inputs hold the pseudo input ``tick`` ("1": the clock edge comes, "0": none).
    cycles : tuple of Cycle
        From power-up to the first difference, which is in the last cycle.
    failing : tuple of str
        Output ports that differ in the last cycle, or names of the assertions that fail.
    explanation : mapping of str to str
        The sentence that says what happened, by language.
    """

    model: str
    clock: str | None
    cycles: tuple[Cycle, ...]
    failing: tuple[str, ...]
    explanation: Mapping[str, str]

    def as_json(self, language: str = "en") -> dict[str, Any]:
        """Return the trace as JSON values; ``explanation`` is in ``language``, ``explanations`` in all."""
        return {
            "model": self.model,
            "clock": self.clock,
            "cycles": [
                {
                    "inputs": dict(cycle.inputs),
                    "expected": dict(cycle.expected),
                    "got": dict(cycle.got),
                    "registers": dict(cycle.registers),
                }
                for cycle in self.cycles
            ],
            "failing": list(self.failing),
            "explanation": self.explanation.get(language, ""),
            "explanations": dict(self.explanation),
        }
