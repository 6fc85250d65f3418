"""Clocks: which cells wait for them, and the time model in which designs are compared.

Time models
-----------
cycle
    One step is one clock cycle. Registers take their next value at the end of the step.
tick
    One step is a moment between clock edges; the free literal ``tick`` says whether the edge comes at its end.
    Asynchronous controls act at every step.
global-step
    Clocks are ordinary signals. An edge is a change of level from the step before; a register then takes the value
    its data had *before* the edge, as in Yosys' ``clk2fflogic`` and ``sim``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from chiploom.hdl.netlist import Cell, Netlist
from chiploom.logic.cells import IGNORED

CLOCKED = frozenset(
    {
        "$dff",
        "$dffe",
        "$adff",
        "$adffe",
        "$sdff",
        "$sdffe",
        "$sdffce",
        "$aldff",
        "$aldffe",
        "$dffsr",
        "$dffsre",
    }
)
ASYNCHRONOUS = frozenset({"$adff", "$adffe", "$aldff", "$aldffe", "$dffsr", "$dffsre"})
LATCHES = frozenset({"$dlatch", "$adlatch", "$dlatchsr", "$sr"})


class TimeModel(StrEnum):
    """How time passes in the product machine."""

    COMBINATIONAL = "combinational"
    CYCLE = "cycle"
    TICK = "tick"
    GLOBAL_STEP = "global-step"


@dataclass(frozen=True, slots=True)
class ClockUse:
    """How one design uses clocks.

    Attributes
    ----------
    clocks : frozenset of (str or None, int)
        The input port (None: a net of the design's own making) and the polarity of each edge that cells wait for.
    clock_ports : frozenset of str
        Ports with a bit that some cell waits for.
    data_ports : frozenset of str
        Input ports that something other than a clock pin reads.
    has_latches, has_asynchronous : bool
        Whether there are latches, and asynchronous controls of registers.
    """

    clocks: frozenset[tuple[str | None, int]]
    clock_ports: frozenset[str]
    data_ports: frozenset[str]
    has_latches: bool
    has_asynchronous: bool


def clock_use(netlist: Netlist) -> ClockUse:
    """Return how a design uses clocks."""
    port_of = {net: name for name, port in netlist.ports.items() if port.direction != "output" for net in port.bits}
    edges = {edge for cell in netlist.cells for edge in _edges(cell)}
    clocks = set()
    for net, polarity in edges:
        port = port_of.get(net)
        clocks.add((port if port is None or netlist.ports[port].width == 1 else None, polarity))
    read = _read_as_data(netlist)
    return ClockUse(
        clocks=frozenset(clocks),
        clock_ports=frozenset(port_of[net] for net, _ in edges if net in port_of),
        data_ports=frozenset(name for net, name in port_of.items() if net in read),
        has_latches=any(cell.type in LATCHES for cell in netlist.cells),
        has_asynchronous=any(cell.type in ASYNCHRONOUS for cell in netlist.cells),
    )


def time_model(uses: Sequence[ClockUse]) -> tuple[TimeModel, str | None, str]:
    """Choose the time model in which several designs with common input ports are compared.

    Returns
    -------
    (TimeModel, str or None, str)
        The model, the name of the clock port in the cycle and tick models, and its edge
        (``"posedge"`` or ``"negedge"``).
    """
    if any(use.has_latches or use.clock_ports & use.data_ports for use in uses):
        return TimeModel.GLOBAL_STEP, None, "posedge"
    clocks = {clock for use in uses for clock in use.clocks}
    if not clocks:
        return TimeModel.COMBINATIONAL, None, "posedge"
    name, polarity = next(iter(clocks))
    if len(clocks) > 1 or name is None or any(name in use.data_ports for use in uses):
        return TimeModel.GLOBAL_STEP, None, "posedge"
    model = TimeModel.TICK if any(use.has_asynchronous for use in uses) else TimeModel.CYCLE
    return model, name, "posedge" if polarity else "negedge"


def _edges(cell: Cell) -> list[tuple[int, int]]:
    """Return the nets whose edges a cell waits for, with their polarity (1: rising).

    A clocked check of a property module waits like a register does.
    """
    if cell.type in CLOCKED:
        return [(cell.connections["CLK"][0], cell.integer("CLK_POLARITY", 1))]
    if cell.type == "$check" and cell.integer("TRG_ENABLE"):
        polarities = reversed(cell.parameters["TRG_POLARITY"])
        return [(net, int(p == "1")) for net, p in zip(cell.connections["TRG"], polarities, strict=True)]
    return []


def _read_as_data(netlist: Netlist) -> set[int]:
    """Return the nets that something other than a clock pin reads."""
    read: set[int] = set()
    for cell in netlist.cells:
        if cell.type in IGNORED and cell.type != "$check":
            continue
        waits_at = "CLK" if cell.type in CLOCKED else "TRG" if cell.type == "$check" else ""
        for pin, bits in cell.connections.items():
            if pin not in cell.outputs and pin != waits_at:
                read.update(bits)
    for port in netlist.ports.values():
        if port.direction != "input":
            read.update(port.bits)
    return read
