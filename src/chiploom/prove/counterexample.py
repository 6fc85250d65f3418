"""What a solver hands over when it has found a difference: not yet believed, to be replayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from chiploom.hdl.netlist import Cell

Model = Literal["combinational", "cycle", "tick", "global-step"]


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A run of the submission that is claimed to end in a difference.

    Values are bit strings, most significant bit first. All tuples have one entry per step and the same length.

    Attributes
    ----------
    model : str
        Time model: ``"combinational"``, ``"cycle"``, ``"tick"`` or ``"global-step"``.
    clock : str or None
        Clock port in the cycle and tick models. It has no entry in ``inputs`` there.
    clock_edge : {"posedge", "negedge"}
        The edge the registers wait for.
    inputs : tuple of mapping of str to str
        Input port (and the input side of an inout) to 0/1/x, where x says that the bit does not matter. In the
        tick model every step also holds :data:`~chiploom.prove.trace.TICK`: ``"1"`` when the step ends with a clock
        edge. In the global-step
        model the clock is an ordinary entry.
    free : tuple of mapping of int to int
        Value of each undriven net bit of the submission (its X values): 0 or 1.
    power_up : mapping of int to int
        Value of each register output net bit of the submission before the first step.
    expected : tuple of mapping of str to str
        What the reference answers: 0/1, z where it drives nothing, or x where it leaves the answer open.
    got : tuple of mapping of str to str
        What the submission answers; x where it does not matter.
    registers : tuple of mapping of str to str
        The submission's registers by their names in the source.
    failing : tuple of str
        Output ports that differ in the last step, or names of the assertions that fail.
    """

    model: Model
    clock: str | None
    clock_edge: Literal["posedge", "negedge"]
    inputs: tuple[Mapping[str, str], ...]
    free: tuple[Mapping[int, int], ...]
    power_up: Mapping[int, int]
    expected: tuple[Mapping[str, str], ...]
    got: tuple[Mapping[str, str], ...]
    registers: tuple[Mapping[str, str], ...]
    failing: tuple[str, ...]


def assertion_name(cell: Cell) -> str:
    """Return what an assertion is called: its label in the source, or the line it stands in."""
    if not cell.name.startswith("$"):
        return cell.name
    line = cell.source.rpartition(":")[2].partition(".")[0]
    return f"line {line}" if line else cell.name
