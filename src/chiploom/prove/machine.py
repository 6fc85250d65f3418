"""The product machine: reference and submission over shared inputs in one graph, with the verdict's semantics.

The submission is Boolean: its unknowns (x constants, undriven nets, registers at power-up) are free inputs. A proof
against the concrete reference with its unknowns chosen to match the submission's is a proof: ternary evaluation is
monotone, so wherever the three-valued reference is certain, every concretisation gives the same value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from chiploom.hdl.netlist import Netlist
from chiploom.logic.aig import FALSE, TRUE, AndInverterGraph
from chiploom.logic.algebra import BooleanAlgebra
from chiploom.logic.blast import StateBit, deep_recursion
from chiploom.logic.clocking import clock_use
from chiploom.prove.sides import AuthorSides, Side, author_sides, author_uses, blast, floating_ports, frame_of
from chiploom.prove.subject import Shown
from chiploom.prove.system import Latch, TransitionSystem, reduced


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
    built : AuthorSides, optional
        The author's side, where it was built before; it is used if the submission fits its frame.
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
        built: AuthorSides | None = None,
    ) -> None:
        self.reference = reference
        self.submission = submission
        self.environment = environment
        self.power_up = power_up
        uses, floating = (
            (author_uses(reference, environment), floating_ports(reference))
            if built is None
            else (built.uses, built.floating)
        )
        frame = frame_of([*uses, clock_use(submission)], floating | floating_ports(submission), hold_loops=hold_loops)
        if built is None or built.frame != frame:
            built = author_sides(reference, environment, frame, node_limit=node_limit)
        self.frame = frame
        self.graph = AndInverterGraph(node_limit, base=built.graph)
        self.inputs = built.inputs
        self.tick = built.tick
        self.ternary = built.ternary
        """The three-valued reference."""
        self.concrete = built.concrete
        """The reference with its unknowns as free inputs."""
        self.model, self.clock, self.clock_edge = frame.model, frame.clock, frame.clock_edge
        #: Values of each latch in random simulation, step after step, for solvers that look for correspondences;
        #: ``signature_lanes`` has a one for every run that was still legal.
        self.signatures: dict[int, int] = {}
        self.signature_lanes = 0
        #: Number of steps from power-up that bounded search has shown free of differences.
        self.explored = 0

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
        side = blast(self.submission, algebra, self.frame, self.inputs, self.tick, initial, with_registers=True)
        places = {(bit.port, bit.index): bit for bit in side.outputs}
        # In the order of the reference's ports, whatever the submission's.
        side.outputs = [places[bit.port, bit.index] for bit in self.ternary.outputs]
        return side

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
