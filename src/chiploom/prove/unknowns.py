"""Where x can come from in a design whose inputs, registers and undriven nets all have definite values."""

from __future__ import annotations

from chiploom.hdl.netlist import Netlist, X

#: Cells whose answer is open for some definite operands.
_OPEN_CELLS = frozenset({"$div", "$mod", "$divfloor", "$modfloor", "$pow", "$shiftx", "$pmux", "$tribuf"})
_LATCHES = frozenset({"$dlatch", "$adlatch", "$dlatchsr", "$sr"})


def makes_unknowns(netlist: Netlist) -> bool:
    """Tell whether x can arise in a netlist whose inputs, undriven nets and registers are all definite.

    It can where a cell's answer is open (division by zero, an index out of range, two buffers that fight) and where
    a combinational loop keeps a value that nothing has set.
    """
    for cell in netlist.cells:
        if cell.type in _OPEN_CELLS:
            return True
        if any(bit == X for pin, bits in cell.connections.items() if pin not in cell.outputs for bit in bits):
            return True
    return _has_combinational_loop(netlist)


def _has_combinational_loop(netlist: Netlist) -> bool:
    """Tell whether some cells wait for each other; a latch passes its inputs on, a clocked register does not."""
    readers: dict[int, list[int]] = {}
    waiting: list[int] = []
    drivers: dict[int, int] = {}
    for index, cell in enumerate(netlist.cells):
        inputs: set[int] = set()
        if "Q" not in cell.connections or cell.type in _LATCHES:
            inputs = {
                bit for pin, bits in cell.connections.items() if pin not in cell.outputs for bit in bits if bit > 1
            }
        waiting.append(len(inputs))
        for bit in inputs:
            readers.setdefault(bit, []).append(index)
        for pin in cell.outputs:
            for bit in cell.connections[pin]:
                drivers[bit] = drivers.get(bit, 0) + 1
    known = [bit for bit in readers if bit not in drivers]
    ready = [index for index, count in enumerate(waiting) if count == 0]
    settled = 0
    while ready or known:
        for bit in known:
            for index in readers.get(bit, ()):
                waiting[index] -= 1
                if waiting[index] == 0:
                    ready.append(index)
        known = []
        for index in ready:
            settled += 1
            cell = netlist.cells[index]
            for pin in cell.outputs:
                for bit in cell.connections[pin]:
                    drivers[bit] -= 1
                    if drivers[bit] == 0 and bit > 1:
                        known.append(bit)
        ready = []
    return settled < len(netlist.cells)
