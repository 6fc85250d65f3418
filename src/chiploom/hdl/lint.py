"""Lints on the flattened netlist: several drivers, latches, loops, ports bits unused or undriven.

The netlist here is Yosys' JSON before anything was optimised away or normalised, so that a bit with two drivers still
has them, and an ``x`` of the author's is still an ``x``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chiploom.hdl.diagnostics import Diagnostic, Severity
from chiploom.hdl.locate import placed, printable
from chiploom.hdl.names import names as name_table
from chiploom.hdl.preprocess import Unit

TRISTATE_CELLS = frozenset({"$tribuf", "$_TBUF_"})
LATCH_CELLS = frozenset({"$dlatch", "$adlatch", "$dlatchsr", "$sr"})
STATE_CELLS = LATCH_CELLS | name_table(
    """
    $dff $dffe $adff $adffe $sdff $sdffe $sdffce $aldff $aldffe $dffsr $dffsre $ff $mem $mem_v2 $memrd $memrd_v2
    $memwr $memwr_v2 $meminit $meminit_v2 $scopeinfo $print $check $assert $assume $cover
    """
)

#: Cells whose output bit depends only on the same bit of their wide inputs.
_BITWISE = name_table("$and $or $xor $xnor $not $buf $pos $mux $pmux $bwmux $tribuf $bweqx")
#: Cells whose output bit depends only on bits up to it.
_RIPPLE = name_table("$add $sub $neg $alu $mul")

_SOURCE = re.compile(r"f(\d+)\.sv:(\d+)(?:\.(\d+))?")
_MAX_LOOP_BITS = 200_000


class Origins:
    """Maps Yosys' ``src`` attributes, which name our scratch files, to places of the author's."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = tuple(units)

    def diagnostic(self, code: str, severity: Severity, source: str, **arguments: str) -> Diagnostic:
        """Return a diagnostic at the first place a ``src`` attribute names."""
        match = _SOURCE.search(source)
        if match is None or int(match[1]) >= len(self.units):
            return placed(code, severity, None, None, **arguments)
        unit = self.units[int(match[1])]
        place = unit.place(unit.offset_of(int(match[2]), int(match[3] or 1)))
        return placed(code, severity, unit, place, **arguments)

    def authored(self, source: str) -> str:
        """Return a ``src`` attribute that names the author's file instead: ``file:line.column``, or nothing."""
        match = _SOURCE.search(source)
        if match is None or int(match[1]) >= len(self.units):
            return ""
        unit = self.units[int(match[1])]
        place = unit.place(unit.offset_of(int(match[2]), int(match[3] or 1)))
        return f"{printable(unit.sources[place.file].name)}:{place.line}.{place.column}"

    def offset(self, source: str) -> tuple[int, int] | None:
        """Return unit number and byte offset of the first place a ``src`` attribute names."""
        match = _SOURCE.search(source)
        if match is None or int(match[1]) >= len(self.units):
            return None
        return int(match[1]), self.units[int(match[1])].offset_of(int(match[2]), int(match[3] or 1))


def lints(
    module: Mapping[str, Any], origins: Origins, latched_on_purpose: Iterable[tuple[int, int]]
) -> list[Diagnostic]:
    """Return what the netlist of a design shows: errors for bits with several drivers, warnings for the rest.

    Parameters
    ----------
    module : dict
        The flattened module of Yosys' JSON.
    latched_on_purpose : iterable of (int, int)
        Unit and line of each ``always_latch``, whose latches are meant.
    """
    names = _names(module)
    found = list(_several_drivers(module, names, origins))
    found += _latches(module, names, origins, set(latched_on_purpose))
    found += _port_bits(module, origins)
    found += _loops(module, names, origins)
    return found


def several_drivers(module: Mapping[str, Any], origins: Origins) -> list[Diagnostic]:
    """Return only the errors of :func:`lints`."""
    return list(_several_drivers(module, _names(module), origins))


def _names(module: Mapping[str, Any]) -> dict[int, tuple[str, int, str]]:
    """For each net: the author's signal, the index of the bit in it, and where the signal is declared."""
    names: dict[int, tuple[str, int, str]] = {}
    hidden: dict[int, tuple[str, int, str]] = {}
    for name, net in module["netnames"].items():
        if name.startswith("$"):
            continue
        label = net["attributes"].get("hdlname", name).strip().replace(" ", ".")
        target = hidden if net.get("hide_name") else names
        for index, bit in enumerate(net["bits"]):
            if isinstance(bit, int):
                known = target.get(bit)
                if known is None or label.count(".") < known[0].count("."):
                    target[bit] = (label, index, net["attributes"].get("src", ""))
    return {**hidden, **names}


def _outputs(cell: Mapping[str, Any]) -> Iterator[Any]:
    connections = cell["connections"]
    for pin, direction in cell.get("port_directions", {}).items():
        if direction == "output":
            yield from connections[pin]


def _several_drivers(
    module: Mapping[str, Any], names: Mapping[int, tuple[str, int, str]], origins: Origins
) -> Iterator[Diagnostic]:
    drivers: dict[int, bool] = {}  # driven bit -> all its drivers are tri-state
    for port in module["ports"].values():
        if port["direction"] == "input":
            drivers.update((bit, False) for bit in port["bits"] if isinstance(bit, int))
    said: set[str] = set()
    for cell in module["cells"].values():
        tristate = cell["type"] in TRISTATE_CELLS
        for bit in _outputs(cell):
            if not isinstance(bit, int):
                continue
            known = drivers.get(bit)
            drivers[bit] = tristate and known is not False
            if known is None or (known and tristate):
                continue
            label, _, declared = names.get(bit, ("?", 0, ""))
            if label not in said:
                said.add(label)
                place = cell["attributes"].get("src", "") or declared
                yield origins.diagnostic("hdl.multiple-drivers", "error", place, name=label)


def _latches(
    module: Mapping[str, Any],
    names: Mapping[int, tuple[str, int, str]],
    origins: Origins,
    meant: set[tuple[int, int]],
) -> Iterator[Diagnostic]:
    for cell in module["cells"].values():
        if cell["type"] not in LATCH_CELLS:
            continue
        source = cell["attributes"].get("src", "")
        match = _SOURCE.search(source)
        if match is not None and (int(match[1]), int(match[2])) in meant:
            continue
        labels = sorted({names[bit][0] for bit in _outputs(cell) if bit in names})
        yield origins.diagnostic("hdl.inferred-latch", "warning", source, name=", ".join(labels) or "?")


def _port_bits(module: Mapping[str, Any], origins: Origins) -> Iterator[Diagnostic]:
    """Bits of ports that nothing reads or drives, where other bits of the port are: slang says it of whole ports."""
    read: set[Any] = set()
    driven: set[Any] = set()
    for cell in module["cells"].values():
        for pin, direction in cell.get("port_directions", {}).items():
            (driven if direction == "output" else read).update(cell["connections"][pin])
    ports = module["ports"]
    for port in ports.values():
        if port["direction"] != "input":
            read.update(port["bits"])
        if port["direction"] != "output":
            driven.update(port["bits"])
    for name, port in ports.items():
        known, code = (read, "hdl.input-bits-unused") if port["direction"] == "input" else (driven, "")
        if port["direction"] == "output":
            code = "hdl.output-bits-undriven"
        idle = [i for i, bit in enumerate(port["bits"]) if isinstance(bit, int) and bit not in known]
        if code and idle and len(idle) < len(port["bits"]):
            source = module["netnames"].get(name, {}).get("attributes", {}).get("src", "")
            offset = port.get("offset", 0)
            yield origins.diagnostic(code, "warning", source, name=name, bits=_ranges([i + offset for i in idle]))


def _ranges(numbers: list[int]) -> str:
    """``[0, 1, 2, 5]`` as ``2:0, 5``."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return ", ".join(f"{last}:{first}" if first != last else str(first) for first, last in runs[:8])


def _loops(
    module: Mapping[str, Any], names: Mapping[int, tuple[str, int, str]], origins: Origins
) -> Iterator[Diagnostic]:
    """One warning for each combinational loop, at the first named signal on it."""
    cells = [cell for cell in module["cells"].values() if cell["type"] not in STATE_CELLS]
    if not _has_cycle(cells):
        return
    edges: dict[int, list[int]] = {}
    count = 0
    for cell in cells:
        for target, sources in _dependencies(cell):
            if isinstance(target, int):
                edges.setdefault(target, []).extend(s for s in sources if isinstance(s, int))
                count += len(sources)
        if count > _MAX_LOOP_BITS:
            return
    for component in _cyclic_components(edges):
        labels = sorted({names[bit][0] for bit in component if bit in names}, key=lambda n: (n.count("."), n))
        if not labels:
            continue
        first = min(bit for bit in component if bit in names and names[bit][0] == labels[0])
        shown = ", ".join(labels[:5])
        yield origins.diagnostic("hdl.combinational-loop", "warning", names[first][2], names=shown)


def _has_cycle(cells: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the cells as wholes depend on each other in a circle; cheap, and most designs say no."""
    driver = {bit: index for index, cell in enumerate(cells) for bit in _outputs(cell) if isinstance(bit, int)}
    successors: list[set[int]] = [set() for _ in cells]
    waiting_for = [0] * len(cells)
    for index, cell in enumerate(cells):
        before = {
            driver[bit]
            for pin, direction in cell.get("port_directions", {}).items()
            if direction != "output"
            for bit in cell["connections"][pin]
            if bit in driver
        }
        waiting_for[index] = len(before)
        for other in before:
            successors[other].add(index)
    ready = [index for index, number in enumerate(waiting_for) if number == 0]
    done = 0
    while ready:
        done += 1
        for after in successors[ready.pop()]:
            waiting_for[after] -= 1
            if waiting_for[after] == 0:
                ready.append(after)
    return done < len(cells)


def _dependencies(cell: Mapping[str, Any]) -> Iterator[tuple[Any, list[Any]]]:
    """Yield each output bit of a combinational cell with the input bits it depends on."""
    connections = cell["connections"]
    outputs = list(_outputs(cell))
    inputs = {pin: connections[pin] for pin, d in cell.get("port_directions", {}).items() if d != "output"}
    bitwise, ripple = cell["type"] in _BITWISE, cell["type"] in _RIPPLE
    for index, target in enumerate(outputs):
        sources: list[Any] = []
        for pin, bits in inputs.items():
            if bitwise and pin in ("A", "B") and not (cell["type"] == "$pmux" and pin == "B"):
                sources += bits[index : index + 1] or bits[-1:]
            elif bitwise and cell["type"] == "$bwmux":
                sources += bits[index : index + 1]
            elif bitwise and pin == "B":
                sources += bits[index :: len(outputs)]
            elif ripple and pin in ("A", "B"):
                sources += bits[: index + 1]
            else:
                sources += bits
        yield target, sources


def _cyclic_components(edges: Mapping[int, list[int]]) -> Iterator[list[int]]:
    """Strongly connected components with a cycle (Tarjan's algorithm, without recursion)."""
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    for root in edges:
        if root in number:
            continue
        work: list[tuple[int, Iterator[int]]] = [(root, iter(edges[root]))]
        number[root] = low[root] = len(number)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, following = work[-1]
            for target in following:
                if target not in edges:
                    continue
                if target not in number:
                    number[target] = low[target] = len(number)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(edges[target])))
                    break
                if target in on_stack:
                    low[node] = min(low[node], number[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    component: list[int] = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        component.append(member)
                        if member == node:
                            break
                    if len(component) > 1 or node in edges[node]:
                        yield component
