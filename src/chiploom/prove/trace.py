"""The trace of a refutation: what went in, what should have come out, what came out, cycle by cycle.

Values are bit strings, most significant bit first. In inputs ``x`` marks a bit that does not matter: the
submission is wrong whatever it is. In expected values ``x`` marks a bit the reference leaves open. ``-`` marks a bit
of an output or a register that depends on inputs that do not matter, ``z`` one that nothing drives.

Cycles are numbered from 1 wherever people read them: the cycle number is the index in ``cycles`` plus 1. Values of a
cycle are those just before the clock edge that ends it, so a register shows what the edge at the end of the cycle
before made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: Pseudo input of the tick model: "1" where a clock edge ends the cycle. No Verilog name begins with a dollar.
TICK = "$tick"


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
        tick model every cycle's inputs hold the pseudo input :data:`TICK` ("1": the clock edge comes, "0": none).
    cycles : tuple of Cycle
        From power-up to the first difference, which is in the last cycle.
    failing : tuple of str
        Output ports that differ in the last cycle, or names of the assertions that fail.
    explanation : mapping of str to str
        The sentence that says what happened, by language.
    clock_edge : {"posedge", "negedge"}
        The edge of ``clock`` that registers wait for.
    signed : frozenset of str
        Ports and registers that were declared signed.
    """

    model: str
    clock: str | None
    cycles: tuple[Cycle, ...]
    failing: tuple[str, ...]
    explanation: Mapping[str, str]
    clock_edge: str = "posedge"
    signed: frozenset[str] = frozenset()

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


def edge_follows(model: str, inputs: Mapping[str, str]) -> bool:
    """Tell whether a clock edge ends a cycle with these inputs, in the models with an implied clock."""
    return model == "cycle" or (model == "tick" and inputs.get(TICK, inputs.get("tick")) == "1")


def visible_inputs(trace_model: str, clock: str | None, inputs: Mapping[str, str]) -> dict[str, str]:
    """Return the inputs without what only says when the clock edge comes."""
    hidden = {clock} if clock is not None and trace_model in ("cycle", "tick") else set()
    if trace_model == "tick":
        hidden.add(TICK if TICK in inputs else "tick")
    return {name: bits for name, bits in inputs.items() if name not in hidden}


def printable(name: str) -> str:
    """Return a signal's name safe for terminals and files: control, bidirectional and non-ASCII characters escaped.

    Verilog's names are ASCII, so nothing legitimate is lost.
    """
    return "".join(char if " " <= char <= "~" else f"\\u{{{ord(char):x}}}" for char in name)


def value_text(bits: str, signed: bool = False) -> str:
    """Return a value as people read it: decimal, hexadecimal when wide, binary or hexadecimal with x when partly open.

    Parameters
    ----------
    bits : str
        Bit string, most significant first, of 0, 1, x, z and ``-``.
    signed : bool
        Whether a definite value is to be read in two's complement.
    """
    if len(bits) == 1:
        return bits
    if set(bits) <= {"0", "1"}:
        if signed and bits[0] == "1":
            return str(int(bits, 2) - (1 << len(bits)))
        return str(int(bits, 2)) if len(bits) <= 16 else f"0x{int(bits, 2):0{-(-len(bits) // 4)}x}"
    if len(set(bits)) == 1:
        return bits[0]
    if len(bits) <= 16:
        return f"0b{bits}"
    padded = bits.rjust(-(-len(bits) // 4) * 4, "0")
    return "0x" + "".join(_nibble(padded[start : start + 4]) for start in range(0, len(padded), 4))


def _nibble(bits: str) -> str:
    if set(bits) <= {"0", "1"}:
        return f"{int(bits, 2):x}"
    return bits[0] if len(set(bits)) == 1 else "?"
