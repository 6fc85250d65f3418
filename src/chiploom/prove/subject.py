"""What the search solvers need of a machine, whether it holds a reference or an author's properties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from chiploom.hdl.netlist import Netlist
from chiploom.logic.aig import AndInverterGraph
from chiploom.logic.blast import StateBit
from chiploom.logic.clocking import TimeModel
from chiploom.prove.system import Latch, TransitionSystem


class Shown:
    """Literals whose values a trace shows, by port or register name, least significant bit first.

    ``expected`` holds (certainly one, certainly zero, certainly driven, certainly not driven) literals, ``got`` (value,
    driven). ``wrong`` holds, for each compared bit of a port (or for each assertion), the literal "this is wrong" and
    the literals whose values show it: a trace keeps these definite.
    """

    def __init__(self) -> None:
        self.expected: dict[str, list[tuple[int, int, int, int]]] = {}
        self.got: dict[str, list[tuple[int, int]]] = {}
        self.registers: dict[str, dict[int, int]] = {}
        self.wrong: dict[str, list[tuple[int, tuple[int, ...]]]] = {}


class Subject(Protocol):
    """A submission in one graph with what it is judged by."""

    graph: AndInverterGraph
    model: TimeModel
    clock: str | None
    clock_edge: str
    inputs: dict[int, tuple[str, int]]
    tick: int
    submission: Netlist
    signatures: dict[int, int]
    signature_lanes: int
    explored: int

    @property
    def netlists(self) -> tuple[Netlist, ...]:
        """The designs in the machine."""

    @property
    def three_valued(self) -> TransitionSystem:
        """The system whose bad states refute."""

    def judge_states(self) -> Sequence[StateBit]:
        """State bits of the reference or of the property module."""

    def submission_states(self) -> Sequence[StateBit]:
        """State bits of the submission."""

    def submission_free_nets(self) -> Mapping[int, int]:
        """Free nodes of the submission by the net they stand for."""

    def submission_cut_loops(self) -> Sequence[int]:
        """Nets of the submission at which combinational loops were cut."""

    def all_latches(self) -> Mapping[int, Latch]:
        """Latches of everything shown."""

    def shown(self) -> Shown:
        """Literals to show."""
