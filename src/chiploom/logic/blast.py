"""From a word-level netlist to bits: lazy evaluation of nets over an algebra, registers under a time model.

The time models are those of :mod:`chiploom.logic.clocking`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, cast

from chiploom.errors import LimitReached
from chiploom.hdl.netlist import Cell, Netlist, X, Z
from chiploom.logic.aig import TRUE, AndInverterGraph
from chiploom.logic.algebra import Algebra, Bit, BooleanAlgebra, reduce_balanced
from chiploom.logic.cells import BITWISE, IGNORED, CellEvaluator
from chiploom.logic.clocking import ASYNCHRONOUS, CLOCKED, LATCHES, TimeModel
from chiploom.logic.one_hot import exclude_each_other

#: Several Python calls per cell of a path; the netlist bounds the path.
_DEEPEST_PATH = 400_000
_WITH_ENABLE = frozenset({"$dffe", "$adffe", "$sdffe", "$aldffe", "$dffsre"})


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Allow the evaluation of long combinational paths, which recurses along them.

    The limit is restored afterwards: with it raised, C code that recurses (a JSON parser on hostile text) would run
    off its stack instead of stopping.
    """
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEEPEST_PATH))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


@dataclass(slots=True)
class StateBit:
    """One bit of state.

    Attributes
    ----------
    net : int
        Register output net; 0 for the auxiliary state of the global-step model.
    label : (str, int) or None
        Source name and index of the register bit, None where it has none. Auxiliary state carries the name of what
        it belongs to with a ``$`` suffix.
    rails : tuple of int
        Literals of the current value: one (Boolean) or two (certainly one, certainly zero).
    initial : tuple of (0, 1 or None)
        Power-up value of each rail; None is free.
    next : tuple of int
        Literals of the next value, filled in by :meth:`Blaster.finish`.
    """

    net: int
    label: tuple[str, int] | None
    rails: tuple[int, ...]
    initial: tuple[int | None, ...]
    next: tuple[int, ...] = ()


@dataclass(slots=True)
class _Pending:
    """A register whose next state is still to be computed."""

    states: list[StateBit]
    compute: Callable[[], list[Any]]


@dataclass(slots=True)
class Blasted:
    """What blasting leaves: the state and the free values."""

    states: list[StateBit] = field(default_factory=list)
    free_nets: dict[int, int] = field(default_factory=dict)
    cut_loops: list[int] = field(default_factory=list)


class Blaster(Generic[Bit]):
    """Evaluates the nets of one netlist.

    Parameters
    ----------
    netlist : Netlist
        The flattened design.
    algebra : Algebra
        Boolean (unknown is free) or ternary (unknown is x).
    model : TimeModel
        How registers are read.
    known : mapping of int to Bit
        Values of nets given from outside: input ports, and what an inout port is driven with.
    tick : int
        Literal of "the clock edge comes" in the tick model.
    power_up : mapping of int to int
        Power-up values of register output nets; registers not named start unknown.
    hold_loops : bool
        Read the feedback of a combinational loop as the value of the step before (a latch made of gates) instead of
        as unknown. Closer to the simulator, but not sound for proofs.
    """

    def __init__(
        self,
        netlist: Netlist,
        algebra: Algebra[Bit],
        model: TimeModel,
        known: Mapping[int, Bit],
        *,
        tick: int = TRUE,
        power_up: Mapping[int, int] | None = None,
        hold_loops: bool = False,
    ) -> None:
        self.netlist = netlist
        self.algebra = algebra
        self.model = model
        self.tick = algebra.literal(tick)
        self.result = Blasted()
        self._power_up = power_up or {}
        self._hold_loops = hold_loops
        self._values: dict[int, Bit] = {0: algebra.false, 1: algebra.true}
        self._external = dict(known)
        self._pads = _nets_of(netlist, "inout")
        self._from_outside = _nets_of(netlist, "input")
        self._evaluator = CellEvaluator(algebra, self._has_exclusive_selects)
        self._exclusive: dict[str, bool] = {}
        self._drivers: dict[int, tuple[Cell, int]] = {}
        self._tristate: dict[int, list[tuple[Cell, int]]] = {}
        self._cuts: dict[int, Bit] = {}
        self._busy_cells: set[str] = set()
        self._busy_bits: set[int] = set()
        self._pending: list[_Pending] = []
        self._clock_past: dict[tuple[int, int], Bit] = {}
        self._index_drivers()
        for net, value in known.items():
            if net not in self._tristate:
                self._values[net] = value

    def bit(self, net: int) -> Bit:
        """Return the value of a net."""
        value = self._values.get(net)
        if value is not None:
            return value
        driver = self._drivers.get(net)
        if driver is None:
            if net in self._tristate:
                return self._resolve_tristate(net)
            if net in (X, Z):
                return self.algebra.unknown()
            return self._unknown(net)
        cell, index = driver
        if cell.name not in self._busy_cells:
            return self._evaluate(cell, net)
        if cell.type not in BITWISE or net in self._busy_bits:
            return self._cut(net)
        self._busy_bits.add(net)
        value = self._values[net] = self._evaluator.bitwise(cell, index, self.bit)
        self._busy_bits.discard(net)
        return value

    def drive(self, net: int, *, is_pad: bool) -> tuple[Bit, Bit]:
        """Return ``(enable, value)`` with which the design drives a net of one of its ports.

        Parameters
        ----------
        is_pad : bool
            Whether the port is an ``inout``: one that nothing inside drives only listens. An output that shows such a
            net shows what is there, whoever put it there.
        """
        if not is_pad and net in self._pads:
            return self.algebra.true, self.bit(net)
        if net == Z:
            return self.algebra.false, self.algebra.unknown()
        if net not in self._tristate:
            only_listens = is_pad and net not in self._drivers and net not in self._from_outside
            return (self.algebra.false if only_listens else self.algebra.true), self.bit(net)
        return self._driven_by_buffers(net)

    def _driven_by_buffers(self, net: int) -> tuple[Bit, Bit]:
        enable, value = self.algebra.false, self.algebra.unknown()
        for cell, index in self._tristate[net]:
            on = self.bit(cell.connections["EN"][0])
            value = self.algebra.mux(on, self.bit(cell.connections["A"][index]), value)
            enable = self.algebra.or_(enable, on)
        return enable, value

    def finish(self) -> Blasted:
        """Compute the next state of every register that the evaluated nets need, and theirs in turn."""
        while self._pending:
            pending = self._pending.pop()
            for state, value in zip(pending.states, pending.compute(), strict=True):
                state.next = _rails(value)
        return self.result

    def check(self, cell: Cell) -> tuple[Bit, Bit]:
        """Return ``(enable, condition)`` of a ``$check`` cell; a clocked one counts only where its edge comes.

        In the global-step model a clocked check reads what its signals were before the edge.
        """
        enable, condition = self.bit(cell.connections["EN"][0]), self.bit(cell.connections["A"][0])
        if not cell.integer("TRG_ENABLE"):
            return enable, condition
        if self.model is TimeModel.TICK:
            return self.algebra.and_(enable, self.tick), condition
        if self.model is not TimeModel.GLOBAL_STEP:
            return enable, condition
        edges = [
            self._edge_of(net, 1 if polarity == "1" else 0)
            for net, polarity in zip(cell.connections["TRG"], reversed(cell.parameters["TRG_POLARITY"]), strict=True)
        ]
        states, (past_enable, past_condition) = self._new_auxiliary([None, None], 0)
        self._pending.append(_Pending(states, lambda: [enable, condition]))
        edge = reduce_balanced(self.algebra.or_, edges, self.algebra.false)
        return self.algebra.and_(edge, past_enable), past_condition

    # -- nets ---------------------------------------------------------------------------------------------------

    def _index_drivers(self) -> None:
        inputs = {net for port in self.netlist.ports.values() if port.direction == "input" for net in port.bits}
        for cell in self.netlist.cells:
            if cell.type in IGNORED:
                continue
            for pin in cell.outputs:
                for index, net in enumerate(cell.connections[pin]):
                    if net < 2:
                        continue
                    if cell.type == "$tribuf":
                        self._tristate.setdefault(net, []).append((cell, index))
                        continue
                    if net in self._drivers or net in inputs:
                        # Reading refuses such designs; a proof must not rest on that alone.
                        raise LimitReached("multiple-drivers", f"a net of {self.netlist.top} has several drivers")
                    self._drivers[net] = (cell, index)

    def _unknown(self, net: int) -> Bit:
        value = self._values[net] = self._free(net)
        return value

    def _cut(self, net: int) -> Bit:
        """Return an unknown for a net that is being evaluated already: the feedback of a combinational loop.

        Whatever value c the loop settles at, the net's function of c gives c again; leaving c open covers it.
        """
        value = self._cuts.get(net)
        if value is None:
            self.result.cut_loops.append(net)
            if self._hold_loops:
                states, (value,) = self._new_auxiliary([None], None)
                self._pending.append(_Pending(states, lambda: [self.bit(net)]))
            else:
                value = self._free(net)
            self._cuts[net] = value
        return value

    def _free(self, net: int) -> Bit:
        value = self.algebra.unknown()
        if isinstance(value, int):
            self.result.free_nets[value >> 1] = net
        return value

    def _resolve_tristate(self, net: int) -> Bit:
        if net in self._busy_bits:
            return self._cut(net)
        self._busy_bits.add(net)
        enable, value = self._driven_by_buffers(net)
        self._busy_bits.discard(net)
        outside = self._external.get(net)
        resolved = self.algebra.mux(enable, value, self.algebra.unknown() if outside is None else outside)
        self._values[net] = resolved
        return resolved

    def _evaluate(self, cell: Cell, net: int) -> Bit:
        if cell.type in CLOCKED or cell.type in LATCHES:
            outputs = cell.connections["Q"]
            compute = self._register
        elif len(cell.outputs) == 1 and "Y" in cell.outputs:
            outputs = cell.connections["Y"]
            compute = self._combinational
        else:
            raise LimitReached("unsupported-cell", f"the design holds {cell.type}, which has no known function")
        self._busy_cells.add(cell.name)
        values = compute(cell)
        self._busy_cells.discard(cell.name)
        for bit, value in zip(outputs, values, strict=True):
            self._values[bit] = value
        return self._values[net]

    def _has_exclusive_selects(self, cell: Cell) -> bool:
        known = self._exclusive.get(cell.name)
        if known is None:
            known = self._exclusive[cell.name] = exclude_each_other(cell.connections["S"], self._drivers)
        return known

    def _combinational(self, cell: Cell) -> list[Bit]:
        return self._evaluator.evaluate(cell, self.bit)

    # -- registers ----------------------------------------------------------------------------------------------

    def _register(self, cell: Cell) -> list[Bit]:
        states, current = self._new_states(cell.connections["Q"])
        if cell.type in LATCHES:
            return self._latch(cell, states, current)
        if self.model is not TimeModel.GLOBAL_STEP:
            return self._clocked(cell, states, current)
        return self._edge_triggered(cell, states, current)

    def _clocked(self, cell: Cell, states: list[StateBit], current: list[Bit]) -> list[Bit]:
        # Visible value: asynchronous controls act at once. Without any, the value is the state itself.
        value = self._asynchronous(cell, current) if cell.type in ASYNCHRONOUS else current

        def compute() -> list[Bit]:
            loaded = self._synchronous(cell, value)
            if self.model is TimeModel.TICK:
                loaded = [self.algebra.mux(self.tick, new, old) for new, old in zip(loaded, value, strict=True)]
            return self._asynchronous(cell, loaded) if cell.type in ASYNCHRONOUS else loaded

        self._pending.append(_Pending(states, compute))
        return value

    def _edge_triggered(self, cell: Cell, states: list[StateBit], current: list[Bit]) -> list[Bit]:
        algebra = self.algebra
        sampled_states, sampled = self._new_auxiliary(
            [state.label and (f"{state.label[0]}$sampled", state.label[1]) for state in states], None
        )
        edge = self._edge(cell)
        value = [algebra.mux(edge, new, old) for new, old in zip(sampled, current, strict=True)]
        if cell.type in ASYNCHRONOUS:
            value = self._asynchronous(cell, value)
        outputs = cell.connections["Q"]
        self._pending.append(_Pending(states, lambda: [self.bit(net) for net in outputs]))
        self._pending.append(
            _Pending(sampled_states, lambda: self._synchronous(cell, [self.bit(net) for net in outputs]))
        )
        return value

    def _latch(self, cell: Cell, states: list[StateBit], current: list[Bit]) -> list[Bit]:
        algebra = self.algebra
        value = current
        if cell.type != "$sr":
            enable = self._control(cell, "EN")
            data = [self.bit(net) for net in cell.connections["D"]]
            value = [algebra.mux(enable, new, old) for new, old in zip(data, current, strict=True)]
        value = self._asynchronous(cell, value)
        outputs = cell.connections["Q"]
        self._pending.append(_Pending(states, lambda: [self.bit(net) for net in outputs]))
        return value

    def _edge(self, cell: Cell) -> Bit:
        return self._edge_of(cell.connections["CLK"][0], cell.integer("CLK_POLARITY", 1))

    def _edge_of(self, net: int, polarity: int) -> Bit:
        past = self._clock_past.get((net, polarity))
        if past is None:
            # The clock is taken to be at its active level before the first step: no edge comes out of nowhere.
            label = self.netlist.names.get(net)
            past_states, (past,) = self._new_auxiliary([label and (f"{label[0]}$past{polarity}", label[1])], 1)
            self._clock_past[net, polarity] = past
            self._pending.append(_Pending(past_states, lambda: [self._level(net, polarity)]))
        return self.algebra.and_(self._level(net, polarity), self.algebra.not_(past))

    def _level(self, net: int, polarity: int) -> Bit:
        level = self.bit(net)
        return level if polarity else self.algebra.not_(level)

    def _control(self, cell: Cell, pin: str) -> Bit:
        return self._level(cell.connections[pin][0], cell.integer(f"{pin}_POLARITY", 1))

    def _constants(self, cell: Cell, parameter: str) -> list[Bit]:
        table = {"0": self.algebra.false, "1": self.algebra.true}
        return [table[c] if c in table else self.algebra.unknown() for c in reversed(cell.parameters[parameter])]

    def _asynchronous(self, cell: Cell, value: list[Bit]) -> list[Bit]:
        algebra = self.algebra
        if cell.type in ("$adff", "$adffe", "$adlatch"):
            reset = self._control(cell, "ARST")
            constants = self._constants(cell, "ARST_VALUE")
            return [algebra.mux(reset, c, v) for c, v in zip(constants, value, strict=True)]
        if cell.type in ("$aldff", "$aldffe"):
            load = self._control(cell, "ALOAD")
            data = [self.bit(net) for net in cell.connections["AD"]]
            return [algebra.mux(load, d, v) for d, v in zip(data, value, strict=True)]
        if cell.type in ("$dffsr", "$dffsre", "$dlatchsr", "$sr"):
            out = []
            for index, bit in enumerate(value):
                setting = self._level(cell.connections["SET"][index], cell.integer("SET_POLARITY", 1))
                clearing = self._level(cell.connections["CLR"][index], cell.integer("CLR_POLARITY", 1))
                out.append(algebra.and_(algebra.or_(bit, setting), algebra.not_(clearing)))
            return out
        return value

    def _synchronous(self, cell: Cell, value: list[Bit]) -> list[Bit]:
        algebra = self.algebra
        loaded = [self.bit(net) for net in cell.connections["D"]]
        if cell.type in _WITH_ENABLE:
            enable = self._control(cell, "EN")
            loaded = [algebra.mux(enable, d, v) for d, v in zip(loaded, value, strict=True)]
        if cell.type in ("$sdff", "$sdffe", "$sdffce"):
            reset = self._control(cell, "SRST")
            constants = self._constants(cell, "SRST_VALUE")
            loaded = [algebra.mux(reset, c, d) for c, d in zip(constants, loaded, strict=True)]
        if cell.type == "$sdffce":
            enable = self._control(cell, "EN")
            loaded = [algebra.mux(enable, d, v) for d, v in zip(loaded, value, strict=True)]
        return loaded

    def _new_states(self, nets: tuple[int, ...]) -> tuple[list[StateBit], list[Bit]]:
        states = [self._new_state(net, self.netlist.names.get(net), self._power_up.get(net)) for net in nets]
        return states, [self._value(state) for state in states]

    def _new_auxiliary(
        self, labels: list[tuple[str, int] | None], initial: int | None
    ) -> tuple[list[StateBit], list[Bit]]:
        states = [self._new_state(0, label, initial) for label in labels]
        return states, [self._value(state) for state in states]

    def _new_state(self, net: int, label: tuple[str, int] | None, initial: int | None) -> StateBit:
        graph: AndInverterGraph = self.algebra.graph
        if isinstance(self.algebra, BooleanAlgebra):
            state = StateBit(net, label, (graph.new_input(),), (initial,))
        else:
            pair = (0, 0) if initial is None else (initial, 1 - initial)
            state = StateBit(net, label, (graph.new_input(), graph.new_input()), pair)
        self.result.states.append(state)
        return state

    def _value(self, state: StateBit) -> Bit:
        value = state.rails[0] if isinstance(self.algebra, BooleanAlgebra) else state.rails
        return cast(Bit, value)


def _nets_of(netlist: Netlist, direction: str) -> frozenset[int]:
    return frozenset(net for port in netlist.ports.values() if port.direction == direction for net in port.bits)


def _rails(value: Any) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else (value,)
