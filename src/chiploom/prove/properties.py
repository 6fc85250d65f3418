"""Proving an author's assertions about a submission: no reference, only what must hold.

The property module's inputs are named as the submission's ports. Its immediate assertions must hold in every legal
run; its assumptions say which runs are legal. The module is read three-valued: an assertion fails where it is
certainly enabled and certainly false, and an assumption holds where it is certainly disabled or certainly true.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from chiploom.errors import LimitReached, ReferenceError_
from chiploom.hdl.netlist import Cell, Netlist
from chiploom.hdl.read import Elaborated
from chiploom.logic.aig import FALSE, TRUE, AndInverterGraph
from chiploom.logic.algebra import BooleanAlgebra, TernaryAlgebra
from chiploom.logic.blast import Blaster, StateBit, deep_recursion
from chiploom.logic.clocking import TimeModel, clock_use, time_model
from chiploom.prove.counterexample import assertion_name
from chiploom.prove.interface import asynchronous_loops, missing_ports
from chiploom.prove.judgement import assumptions, refuted, tool_versions, unsettled, warnings
from chiploom.prove.machine import latches_of, show_registers
from chiploom.prove.replay import replay_properties
from chiploom.prove.sides import PortBit, Side
from chiploom.prove.solvers import abc, deep_simulation, k_induction, random_simulation, satisfiability
from chiploom.prove.subject import Shown
from chiploom.prove.system import Deadline, Latch, Proved, Refuted, TransitionSystem, reduced
from chiploom.prove.verdict import Limits, Outcome, Verdict


class PropertyMachine:
    """A submission with an author's property module bound to its ports, in one graph."""

    def __init__(self, properties: Netlist, submission: Netlist, *, power_up: str, node_limit: int) -> None:
        self.properties = properties
        self.submission = submission
        self.power_up = power_up
        self.environment = None
        self.graph = AndInverterGraph(node_limit)
        self.model, self.clock, self.clock_edge = time_model(list(map(clock_use, (submission, properties))))
        self.inputs: dict[int, tuple[str, int]] = {}
        self._literals: dict[tuple[str, int], int] = {}
        for port in submission.ports.values():
            if port.direction == "output" or port.name == self.clock:
                continue
            for index in range(port.width):
                literal = self.graph.new_input()
                self._literals[port.name, index] = literal
                self.inputs[literal >> 1] = (port.name, index)
        self.tick = self.graph.new_input() if self.model is TimeModel.TICK else TRUE
        self.signatures: dict[int, int] = {}
        self.signature_lanes = 0
        #: Number of steps from power-up that bounded search has shown free of differences.
        self.explored = 0

    @property
    def netlists(self) -> tuple[Netlist, ...]:
        """The designs in the machine."""
        return (self.submission, self.properties)

    @cached_property
    def checks(self) -> tuple[Cell, ...]:
        """The property module's checks."""
        return tuple(cell for cell in self.properties.cells if cell.type == "$check")

    @cached_property
    @deep_recursion()
    def gate(self) -> Side:
        """The submission."""
        algebra = BooleanAlgebra(self.graph)
        known = {
            net: self._literals[name, index]
            for name, port in self.submission.ports.items()
            if port.direction != "output"
            for index, net in enumerate(port.bits)
            if (name, index) in self._literals
        }
        power_up = self.submission.power_up if self.power_up == "initial" else {}
        blaster: Blaster[int] = Blaster(self.submission, algebra, self.model, known, tick=self.tick, power_up=power_up)
        outputs = [
            PortBit(name, index, blaster.bit(net))
            for name, port in self.submission.ports.items()
            if port.direction != "input"
            for index, net in enumerate(port.bits)
        ]
        blasted = blaster.finish()
        return Side(outputs, blasted, {state.net: blaster.bit(state.net) for state in blasted.states if state.net})

    @cached_property
    @deep_recursion()
    def ternary(self) -> Side:
        """The property module."""
        algebra = TernaryAlgebra(self.graph)
        known: dict[int, Any] = {}
        values = {(bit.port, bit.index): bit.value for bit in self.gate.outputs} | self._literals
        for name, port in self.properties.ports.items():
            for index, net in enumerate(port.bits):
                if (name, index) in values:
                    known[net] = algebra.literal(values[name, index])
        blaster: Blaster[tuple[int, int]] = Blaster(
            self.properties, algebra, self.model, known, tick=self.tick, power_up=self.properties.power_up
        )
        side = Side([], blaster.result)
        for cell in self.checks:
            enable, condition = blaster.check(cell)
            flavour = cell.parameters["FLAVOR"]
            if flavour == "assume":
                side.assume = self.graph.and_(side.assume, self.graph.or_(enable[1], condition[0]))
            elif flavour == "assert":
                # Several may share a name: unlabelled ones of one line, or of the turns of a loop.
                fails = (self.graph.and_(enable[0], condition[1]), (enable[0], condition[1]))
                self.assertions.setdefault(assertion_name(cell), []).append(fails)
        blaster.finish()
        return side

    @cached_property
    def assertions(self) -> dict[str, list[tuple[int, tuple[int, ...]]]]:
        """By name, for each assertion of that name: the literal "it fails" and the literals that show it."""
        return {}

    @cached_property
    def three_valued(self) -> TransitionSystem:
        """The system whose bad states are failing assertions."""
        side = self.ternary
        bad = self.graph.or_all(fails for named in self.assertions.values() for fails, _ in named)
        return reduced(self.graph, self.all_latches(), bad, side.assume)

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
        for bit in self.gate.outputs:
            shown.got.setdefault(bit.port, []).append((bit.value, TRUE))
        shown.wrong.update(self.assertions)
        show_registers(shown, self.gate)
        return shown


def prove_properties(
    properties: Elaborated,
    submission: Elaborated,
    *,
    power_up: str = "free",
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Verdict:
    """Decide whether a submission has the properties of an author's module.

    Raises
    ------
    ReferenceError_
        ``no-assertion``, ``properties-ports`` or ``assumptions-block`` when the property module itself is broken.
    """
    started = time.monotonic()
    deadline = Deadline(limits.time_s)
    base = Verdict(warnings=submission.warnings, limits=limits, tools=tool_versions())
    missing = missing_ports(properties.netlist, submission.netlist)
    if missing:
        verdict = replace(base, outcome=Outcome.REJECTED, method="interface", diagnostics=missing)
        return replace(verdict, seconds=time.monotonic() - started)
    if any(port.direction != "input" for port in properties.netlist.ports.values()):
        raise ReferenceError_("properties-ports", "every port of a property module must be an input")
    try:
        machine = PropertyMachine(
            properties.netlist, submission.netlist, power_up=power_up, node_limit=limits.aig_nodes
        )
        verdict = _decide(machine, base, deadline, limits)
    except LimitReached as reached:
        verdict = replace(base, limit_hit=reached.limit, reason=reached.message)
    return replace(verdict, seconds=time.monotonic() - started)


def _decide(machine: PropertyMachine, base: Verdict, deadline: Deadline, limits: Limits) -> Verdict:
    system = machine.three_valued
    if not machine.assertions:
        raise ReferenceError_("no-assertion", "the property module holds no assertion, so there is nothing to show")
    loops = asynchronous_loops(machine.submission, machine.submission_cut_loops())
    if loops:
        return replace(base, outcome=Outcome.REJECTED, method="interface", diagnostics=loops)
    everything = reduced(machine.graph, machine.all_latches(), FALSE, system.constraint)
    if system.constraint != TRUE and satisfiability.legal_run(everything, 8, deadline.part(0.3)) is False:
        raise ReferenceError_("assumptions-block", "the assumptions allow no run at all, so nothing could be shown")
    taken = assumptions(machine, machine.power_up)
    if system.constraint != TRUE:
        taken.append("the property module's assumptions hold in every step")
    base = replace(base, assumptions=tuple(taken), warnings=(*base.warnings, *warnings(machine, machine.power_up)))
    if system.bad == FALSE:
        return replace(base, outcome=Outcome.PROVED, method="structural")
    bound = 0
    for method, solve, share in (
        (random_simulation.METHOD, random_simulation.solve, 0.2),
        (satisfiability.METHOD, satisfiability.solve, 0.2),
        (deep_simulation.METHOD, deep_simulation.solve_soon, 0.1),
        (k_induction.METHOD, k_induction.solve, 0.2),
        (abc.METHOD, abc.solve, 0.6),
        (deep_simulation.METHOD, deep_simulation.solve, 1.0),
    ):
        answer = solve(machine, deadline.part(share))
        attempt = replace(base, method=method)
        if isinstance(answer, Proved):
            return replace(attempt, outcome=Outcome.PROVED)
        if isinstance(answer, Refuted):
            return refuted(
                machine,
                answer,
                attempt,
                lambda claim: replay_properties(claim, machine.properties, machine.submission),
                deadline,
            )
        bound = max(bound, answer.bound)
    return unsettled(base, bound, limits)
