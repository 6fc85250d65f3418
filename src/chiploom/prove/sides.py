"""The two sides of a product machine: a design over shared inputs, and the author's side, built once for many.

The reference exists twice: *three-valued*, where an unknown output bit allows any answer, and *concrete*, where its
unknowns are free inputs. Neither depends on the submission, except by the :class:`Frame` in which the two meet. So the
graph of both is built once, and the machine of each submission continues it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chiploom.hdl.netlist import Netlist
from chiploom.logic.aig import TRUE, AndInverterGraph
from chiploom.logic.algebra import BooleanAlgebra, TernaryAlgebra
from chiploom.logic.blast import Blasted, Blaster, deep_recursion
from chiploom.logic.clocking import ClockUse, TimeModel, clock_use, time_model


@dataclass(frozen=True, slots=True)
class Frame:
    """What two designs have to agree on before they can share a graph.

    Attributes
    ----------
    model, clock, clock_edge
        See :func:`chiploom.logic.clocking.time_model`.
    tristate_ports : frozenset of str
        Output ports that either design may leave undriven, and inout ports.
    hold_loops : bool
        Whether combinational loops are read as gates that hold their value.
    """

    model: TimeModel
    clock: str | None
    clock_edge: str
    tristate_ports: frozenset[str]
    hold_loops: bool = False


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
    """One design in the product, blasted over one algebra.

    Attributes
    ----------
    visible : dict of int to bit
        By net, what a register shows; filled in for the submission, whose registers a trace shows.
    environment : Blasted or None
        State of the author's environment.
    assume : int
        Literal of "this step is allowed".
    compare : dict of str to int
        Literal of "this port is compared", for ports that are not always.
    """

    outputs: list[PortBit]
    blasted: Blasted
    visible: dict[int, Any] = field(default_factory=dict)
    environment: Blasted | None = None
    assume: int = TRUE
    compare: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuthorSides:
    """The reference, and its environment, over inputs that a submission will share.

    Attributes
    ----------
    uses, floating
        What the author's designs brought into the frame.
    graph : AndInverterGraph
        Must not grow any more.
    inputs : dict of int to (str, int)
        Port and index by input node.
    tick : int
        Literal of "the clock edge comes", in the tick model.
    """

    frame: Frame
    uses: tuple[ClockUse, ...]
    floating: frozenset[str]
    graph: AndInverterGraph
    inputs: dict[int, tuple[str, int]]
    tick: int
    ternary: Side
    concrete: Side


def frame_of(uses: Sequence[ClockUse], floating: frozenset[str], *, hold_loops: bool = False) -> Frame:
    """Return the frame in which designs meet that use clocks like this and may leave ports ``floating``."""
    if hold_loops:
        return Frame(TimeModel.GLOBAL_STEP, None, "posedge", floating, hold_loops=True)
    return Frame(*time_model(uses), floating)


def author_uses(reference: Netlist, environment: Netlist | None) -> tuple[ClockUse, ...]:
    """Return how the author's designs use clocks."""
    return tuple(clock_use(netlist) for netlist in (reference, environment) if netlist is not None)


def floating_ports(netlist: Netlist) -> frozenset[str]:
    """Return the ports a design may leave undriven."""
    buffered = {net for cell in netlist.cells if cell.type == "$tribuf" for net in cell.connections["Y"]}
    # An output that shows an inout's net shows what is there, whoever put it there.
    buffered -= {net for port in netlist.ports.values() if port.direction == "inout" for net in port.bits}
    return frozenset(
        name
        for name, port in netlist.ports.items()
        if port.direction == "inout"
        or (port.direction == "output" and (-2 in port.bits or not buffered.isdisjoint(port.bits)))
    )


@deep_recursion()
def author_sides(
    reference: Netlist, environment: Netlist | None, frame: Frame | None = None, *, node_limit: int = 2_000_000
) -> AuthorSides:
    """Blast the author's designs, in the frame they have by themselves if none is given.

    Raises
    ------
    LimitReached
        ``aig_nodes``, ``unsupported-cell``.
    """
    uses, floating = author_uses(reference, environment), floating_ports(reference)
    frame = frame or frame_of(uses, floating)
    graph = AndInverterGraph(node_limit)
    inputs = {}
    for port in reference.ports.values():
        if port.direction != "output" and port.name != frame.clock:
            for index in range(port.width):
                inputs[graph.new_input() >> 1] = (port.name, index)
    tick = graph.new_input() if frame.model is TimeModel.TICK else TRUE
    sides = []
    for algebra in (TernaryAlgebra(graph), BooleanAlgebra(graph)):
        side = blast(reference, algebra, frame, inputs, tick, reference.power_up)
        if environment is not None:
            _add_environment(side, environment, algebra, frame, inputs, tick)
        sides.append(side)
    return AuthorSides(frame, uses, floating, graph, inputs, tick, *sides)


def blast(
    netlist: Netlist,
    algebra: BooleanAlgebra | TernaryAlgebra,
    frame: Frame,
    inputs: Mapping[int, tuple[str, int]],
    tick: int,
    power_up: Mapping[int, int],
    *,
    with_registers: bool = False,
) -> Side:
    """Blast one design over shared inputs; with what its registers show, if wanted."""
    known = _shared(netlist, algebra, inputs)
    blaster: Blaster[Any] = Blaster(
        netlist, algebra, frame.model, known, tick=tick, power_up=power_up, hold_loops=frame.hold_loops
    )
    outputs = []
    for name, port in netlist.ports.items():
        if port.direction == "input":
            continue
        for index, net in enumerate(port.bits):
            if name in frame.tristate_ports:
                enable, value = blaster.drive(net, is_pad=port.direction == "inout")
                outputs.append(PortBit(name, index, value, enable))
            else:
                outputs.append(PortBit(name, index, blaster.bit(net)))
    blasted = blaster.finish()
    side = Side(outputs, blasted)
    if with_registers:
        side.visible = {state.net: blaster.bit(state.net) for state in blasted.states if state.net}
    return side


def _add_environment(
    side: Side,
    environment: Netlist,
    algebra: BooleanAlgebra | TernaryAlgebra,
    frame: Frame,
    inputs: Mapping[int, tuple[str, int]],
    tick: int,
) -> None:
    known = _shared(environment, algebra, inputs)
    for bit in side.outputs:
        port = environment.ports.get(bit.port)
        if port is not None:
            known[port.bits[bit.index]] = bit.value
    blaster: Blaster[Any] = Blaster(environment, algebra, frame.model, known, tick=tick, power_up=environment.power_up)

    def certainly(port: str) -> int:
        value = blaster.bit(environment.ports[port].bits[0])
        return int(value[0]) if isinstance(value, tuple) else int(value)

    if "assume_ok" in environment.ports:
        side.assume = certainly("assume_ok")
    for name in environment.ports:
        if name.startswith("compare_"):
            side.compare[name.removeprefix("compare_")] = certainly(name)
    side.environment = blaster.finish()


def _shared(
    netlist: Netlist, algebra: BooleanAlgebra | TernaryAlgebra, inputs: Mapping[int, tuple[str, int]]
) -> dict[int, Any]:
    """Return the shared input values by net of ``netlist``."""
    known: dict[int, Any] = {}
    # An inout that an input drives has that input's net.
    for direction in ("inout", "input"):
        for node, (name, index) in inputs.items():
            port = netlist.ports.get(name)
            if port is not None and port.direction == direction:
                known[port.bits[index]] = algebra.literal(node << 1)
    return known
