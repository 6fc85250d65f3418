"""The product machine: reference and submission over shared inputs in one graph, with the verdict's semantics.

The submission is Boolean: its unknowns (x constants, undriven nets, registers at power-up) are free inputs. The
reference exists twice: *three-valued*, where an unknown output bit allows any answer, and *concrete*, where its
unknowns are free inputs as well. A proof against the concrete reference with its unknowns chosen to match the
submission's is a proof: ternary evaluation is monotone, so wherever the three-valued reference is certain, every
concretisation gives the same value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from chiploom.hdl.netlist import Netlist
from chiploom.logic.aig import FALSE, TRUE, AndInverterGraph
from chiploom.logic.algebra import BooleanAlgebra, TernaryAlgebra
from chiploom.logic.blast import Blasted, Blaster, StateBit, deep_recursion
from chiploom.logic.clocking import TimeModel, time_model
from chiploom.prove.subject import Shown
from chiploom.prove.system import Latch, TransitionSystem, reduced


@dataclass(frozen=True, slots=True)
class PortBit:
    """One bit of a compared port.

    ``value`` and ``enable`` are bits of the side's algebra; ``enable`` is None for a port that is always driven.
    """

    port: str
    index: int
    value: Any
    enable: Any = None


@dataclass(slots=True)
class Side:
    """One design in the product, blasted over one algebra."""

    outputs: list[PortBit]
    blasted: Blasted
    visible: dict[int, Any]
    environment: Blasted | None = None
    assume: int = TRUE
    compare: dict[str, int] = field(default_factory=dict)


class ProductMachine:
    """Reference, submission and environment over shared inputs.

    Parameters
    ----------
    reference, submission : Netlist
        With equal ports (see :func:`chiploom.prove.interface.compare_ports`).
    environment : Netlist or None
        Module whose inputs are the task's inputs and the reference's outputs.
    power_up : {"free", "initial"}
        Whether the submission's own ``initial`` values count.
    node_limit : int
        Largest number of graph nodes.
    hold_loops : bool
        Read combinational loops as gates that hold their value, step by step. Such a machine may refute; it must not
        prove.
    """

    def __init__(
        self,
        reference: Netlist,
        submission: Netlist,
        environment: Netlist | None = None,
        *,
        power_up: str = "free",
        node_limit: int = 2_000_000,
        hold_loops: bool = False,
    ) -> None:
        self.reference = reference
        self.submission = submission
        self.environment = environment
        self.power_up = power_up
        netlists = [reference, submission] + ([environment] if environment is not None else [])
        self.model, self.clock, self.clock_edge = time_model(netlists)
        self.hold_loops = hold_loops
        if hold_loops:
            self.model, self.clock, self.clock_edge = TimeModel.GLOBAL_STEP, None, "posedge"
        self.graph = AndInverterGraph(node_limit)
        #: Values of each latch in random simulation, step after step, for solvers that look for correspondences;
        #: ``signature_lanes`` has a one for every run that was still legal.
        self.signatures: dict[int, int] = {}
        self.signature_lanes = 0
        #: Number of steps from power-up that bounded search has shown free of differences.
        self.explored = 0
        self.inputs: dict[int, tuple[str, int]] = {}
        self._literals: dict[tuple[str, int], int] = {}
        for port in reference.ports.values():
            if port.direction == "output" or port.name == self.clock:
                continue
            for index in range(port.width):
                literal = self.graph.new_input()
                self._literals[port.name, index] = literal
                self.inputs[literal >> 1] = (port.name, index)
        self.tick = self.graph.new_input() if self.model is TimeModel.TICK else TRUE
        self.tristate_ports = frozenset(
            name
            for netlist in (reference, submission)
            for name, port in netlist.ports.items()
            if port.direction == "inout" or (port.direction == "output" and _may_float(netlist, port.bits))
        )

    @property
    def netlists(self) -> tuple[Netlist, ...]:
        """The designs in the machine."""
        environment = () if self.environment is None else (self.environment,)
        return (self.reference, self.submission, *environment)

    @cached_property
    @deep_recursion()
    def gate(self) -> Side:
        """The submission."""
        algebra = BooleanAlgebra(self.graph)
        initial = self.submission.power_up if self.power_up == "initial" else {}
        return self._blast(self.submission, algebra, initial, hold_loops=self.hold_loops)

    @cached_property
    @deep_recursion()
    def concrete(self) -> Side:
        """The reference with its unknowns as free inputs."""
        algebra = BooleanAlgebra(self.graph)
        side = self._blast(self.reference, algebra, self.reference.power_up, hold_loops=self.hold_loops)
        return self._with_environment(side, algebra)

    @cached_property
    @deep_recursion()
    def ternary(self) -> Side:
        """The three-valued reference."""
        algebra = TernaryAlgebra(self.graph)
        side = self._blast(self.reference, algebra, self.reference.power_up, hold_loops=self.hold_loops)
        return self._with_environment(side, algebra)

    @cached_property
    def mismatches(self) -> dict[tuple[str, int], int]:
        """Literal of "the submission is wrong on this output bit" against the three-valued reference."""
        graph = self.graph
        gold = self.ternary
        out: dict[tuple[str, int], int] = {}
        for expected, got in zip(gold.outputs, self.gate.outputs, strict=True):
            one, zero = expected.value
            wrong = graph.or_(graph.and_(one, got.value ^ 1), graph.and_(zero, got.value))
            if expected.enable is not None:
                on, off = expected.enable
                # Where the reference drives an x, floating is as right as any answer.
                floats = graph.and_(graph.and_(on, got.enable ^ 1), graph.or_(one, zero))
                wrong = graph.or_(
                    graph.or_(floats, graph.and_(off, got.enable)),
                    graph.and_(graph.and_(on, got.enable), wrong),
                )
            out[expected.port, expected.index] = graph.and_(gold.compare.get(expected.port, TRUE), wrong)
        return out

    @cached_property
    def concrete_mismatches(self) -> dict[tuple[str, int], int]:
        """Like :attr:`mismatches`, against the concrete reference."""
        graph = self.graph
        gold = self.concrete
        out: dict[tuple[str, int], int] = {}
        for expected, got in zip(gold.outputs, self.gate.outputs, strict=True):
            wrong = graph.xor(expected.value, got.value)
            if expected.enable is not None:
                both = graph.and_(expected.enable, got.enable)
                wrong = graph.or_(graph.xor(expected.enable, got.enable), graph.and_(both, wrong))
            out[expected.port, expected.index] = graph.and_(gold.compare.get(expected.port, TRUE), wrong)
        return out

    @cached_property
    def three_valued(self) -> TransitionSystem:
        """The system whose bad states are the differences that refute."""
        bad = self.graph.or_all(self.mismatches.values())
        return reduced(self.graph, latches_of(self.ternary, self.gate), bad, self.ternary.assume)

    def judge_states(self) -> Sequence[StateBit]:
        """Return the state bits of what the submission is judged by."""
        return self.ternary.blasted.states

    def submission_states(self) -> Sequence[StateBit]:
        """Return the state bits of the submission."""
        return self.gate.blasted.states

    def submission_free_nets(self) -> Mapping[int, int]:
        """Return the free nodes of the submission by the net they stand for."""
        return self.gate.blasted.free_nets

    def submission_cut_loops(self) -> Sequence[int]:
        """Return the nets of the submission at which combinational loops were cut."""
        return self.gate.blasted.cut_loops

    def all_latches(self) -> Mapping[int, Latch]:
        """Return the latches of everything a trace shows."""
        return latches_of(self.ternary, self.gate)

    def shown(self) -> Shown:
        """Return the literals a trace shows."""
        shown = Shown()
        for expected, got in zip(self.ternary.outputs, self.gate.outputs, strict=True):
            driven = (TRUE, FALSE) if expected.enable is None else expected.enable
            shown.expected.setdefault(expected.port, []).append((*expected.value, *driven))
            shown.got.setdefault(got.port, []).append((got.value, TRUE if got.enable is None else got.enable))
            wrong = self.mismatches[expected.port, expected.index]
            compare = self.ternary.compare.get(expected.port, TRUE)
            enables = () if expected.enable is None else (*expected.enable, got.enable)
            support = (*expected.value, got.value, compare, *enables)
            shown.wrong.setdefault(expected.port, []).append((wrong, support))
        show_registers(shown, self.gate)
        return shown

    def known(self, netlist: Netlist, algebra: BooleanAlgebra | TernaryAlgebra) -> dict[int, Any]:
        """Return the shared input values by net of ``netlist``."""
        known: dict[int, Any] = {}
        for port in netlist.ports.values():
            if port.direction == "output":
                continue
            for index, net in enumerate(port.bits):
                literal = self._literals.get((port.name, index))
                if literal is not None:
                    known[net] = algebra.literal(literal)
        return known

    def _blast(
        self,
        netlist: Netlist,
        algebra: BooleanAlgebra | TernaryAlgebra,
        power_up: Mapping[int, int],
        *,
        hold_loops: bool = False,
    ) -> Side:
        blaster: Blaster[Any] = Blaster(
            netlist,
            algebra,
            self.model,
            self.known(netlist, algebra),
            tick=self.tick,
            power_up=power_up,
            hold_loops=hold_loops,
        )
        outputs = []
        for name, port in self.reference.ports.items():
            if port.direction == "input":
                continue
            for index, net in enumerate(netlist.ports[name].bits):
                if name in self.tristate_ports:
                    enable, value = blaster.drive(net)
                    outputs.append(PortBit(name, index, value, enable))
                else:
                    outputs.append(PortBit(name, index, blaster.bit(net)))
        blasted = blaster.finish()
        return Side(outputs, blasted, {state.net: blaster.bit(state.net) for state in blasted.states if state.net})

    def _with_environment(self, side: Side, algebra: BooleanAlgebra | TernaryAlgebra) -> Side:
        netlist = self.environment
        if netlist is None:
            return side
        known = self.known(netlist, algebra)
        for bit in side.outputs:
            port = netlist.ports.get(bit.port)
            if port is not None:
                known[port.bits[bit.index]] = bit.value
        blaster: Blaster[Any] = Blaster(netlist, algebra, self.model, known, tick=self.tick, power_up=netlist.power_up)

        def certainly(port: str) -> int:
            value = blaster.bit(netlist.ports[port].bits[0])
            return int(value[0]) if isinstance(value, tuple) else int(value)

        if "assume_ok" in netlist.ports:
            side.assume = certainly("assume_ok")
        for name in netlist.ports:
            if name.startswith("compare_"):
                side.compare[name.removeprefix("compare_")] = certainly(name)
        side.environment = blaster.finish()
        return side


def latches_of(*sides: Side) -> dict[int, Latch]:
    """Return the latches of some sides (and of their environments) by node."""
    out: dict[int, Latch] = {}
    for side in sides:
        for blasted in (side.blasted, side.environment):
            for state in blasted.states if blasted is not None else ():
                for rail, initial, following in zip(state.rails, state.initial, state.next, strict=True):
                    out[rail >> 1] = Latch(rail >> 1, initial, following)
    return out


def show_registers(shown: Shown, side: Side) -> None:
    """Add the registers of a side, by their names in the source."""
    for state in side.blasted.states:
        if state.net and state.label is not None:
            shown.registers.setdefault(state.label[0], {})[state.label[1]] = side.visible[state.net]


def _may_float(netlist: Netlist, nets: tuple[int, ...]) -> bool:
    if any(net == -2 for net in nets):
        return True
    floating = {net for cell in netlist.cells if cell.type == "$tribuf" for net in cell.connections["Y"]}
    return not floating.isdisjoint(nets)
