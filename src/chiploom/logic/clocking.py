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

from enum import StrEnum
from typing import cast

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


def time_model(netlists: list[Netlist]) -> tuple[TimeModel, str | None, str]:
    """Choose the time model in which several designs with common input ports are compared.

    Returns
    -------
    (TimeModel, str or None, str)
        The model, the name of the clock port in the cycle and tick models, and its edge
        (``"posedge"`` or ``"negedge"``).
    """
    clocks: set[tuple[str | None, int]] = set()
    asynchronous = False
    state = False
    for netlist in netlists:
        port_of = {net: name for name, port in netlist.ports.items() if port.direction != "output" for net in port.bits}
        clock_nets: set[int] = set()
        for cell in netlist.cells:
            if cell.type in LATCHES:
                return TimeModel.GLOBAL_STEP, None, "posedge"
            for net, polarity in _edges(cell):
                state = True
                clock_nets.add(net)
                port = port_of.get(net)
                if port is not None and netlist.ports[port].width != 1:
                    port = None
                clocks.add((port, polarity))
            asynchronous = asynchronous or cell.type in ASYNCHRONOUS
        names = {port_of[net] for net in clock_nets if net in port_of}
        if names and _used_as_data(netlist, names):
            return TimeModel.GLOBAL_STEP, None, "posedge"
    if not state:
        return TimeModel.COMBINATIONAL, None, "posedge"
    if len(clocks) != 1 or next(iter(clocks))[0] is None:
        return TimeModel.GLOBAL_STEP, None, "posedge"
    name, polarity = next(iter(clocks))
    if any(_used_as_data(netlist, {cast(str, name)}) for netlist in netlists if cast(str, name) in netlist.ports):
        return TimeModel.GLOBAL_STEP, None, "posedge"
    model = TimeModel.TICK if asynchronous else TimeModel.CYCLE
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


def _used_as_data(netlist: Netlist, clock_ports: set[str]) -> bool:
    nets = {net for name in clock_ports for net in netlist.ports[name].bits}
    for cell in netlist.cells:
        if cell.type in IGNORED and cell.type != "$check":
            continue
        waits_at = "CLK" if cell.type in CLOCKED else "TRG" if cell.type == "$check" else ""
        for pin, bits in cell.connections.items():
            if pin in cell.outputs or pin == waits_at:
                continue
            if not nets.isdisjoint(bits):
                return True
    return any(not nets.isdisjoint(port.bits) for port in netlist.ports.values() if port.direction != "input")
