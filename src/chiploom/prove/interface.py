"""Do reference and submission have the same ports? Said port by port, in words for the learner."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from chiploom.hdl.diagnostics import Diagnostic
from chiploom.hdl.netlist import Netlist, Port
from chiploom.logic.clocking import ASYNCHRONOUS


def compare_ports(reference: Netlist, submission: Netlist) -> tuple[Diagnostic, ...]:
    """Return one error per port of the submission that is missing, extra, too wide, too narrow or the wrong way."""
    found: list[Diagnostic] = []
    missing = [name for name in reference.ports if name not in submission.ports]
    extra = [name for name in submission.ports if name not in reference.ports]
    for name in missing:
        port = reference.ports[name]
        found.append(
            _error(
                "port-missing",
                submission,
                name,
                module=submission.top,
                direction=port.direction,
                width=str(port.width),
                hint=_hint(name, extra),
            )
        )
    found.extend(
        _error("port-extra", submission, name, module=submission.top, hint=_hint(name, missing)) for name in extra
    )
    for name, port in reference.ports.items():
        ours = submission.ports.get(name)
        if ours is not None:
            found.extend(_differences(submission, port, ours))
    return tuple(found)


def asynchronous_loops(submission: Netlist, cut_nets: Sequence[int]) -> tuple[Diagnostic, ...]:
    """Return one error per register whose asynchronous set, reset or load depends on its own value.

    Such a register may never settle: no simulator comes to an end on it.

    Parameters
    ----------
    submission : Netlist
        The design.
    cut_nets : sequence of int
        Nets at which evaluation met a loop.
    """
    loads = {
        net
        for cell in submission.cells
        if cell.type in ASYNCHRONOUS
        for net in cell.connections["Q"]
        if net in set(cut_nets)
    }
    names = sorted({submission.names[net][0] for net in loads if net in submission.names})
    return tuple(
        Diagnostic("prove.asynchronous-loop", "error", {"signal": name}, *_place(submission, name)) for name in names
    )


def missing_ports(properties: Netlist, submission: Netlist) -> tuple[Diagnostic, ...]:
    """Return one error per port an author's property module reads that the submission lacks or sizes differently."""
    found: list[Diagnostic] = []
    unread = [name for name in submission.ports if name not in properties.ports]
    for name, port in properties.ports.items():
        ours = submission.ports.get(name)
        if ours is None:
            arguments = {"module": submission.top, "direction": "port", "width": str(port.width)}
            found.append(_error("port-missing", submission, name, hint=_hint(name, unread), **arguments))
        elif ours.width != port.width:
            found.append(_error("port-width", submission, name, got=str(ours.width), width=str(port.width)))
    return tuple(found)


def _differences(submission: Netlist, wanted: Port, ours: Port) -> list[Diagnostic]:
    found = []
    if ours.direction != wanted.direction:
        found.append(_error("port-direction", submission, wanted.name, got=ours.direction, direction=wanted.direction))
    if ours.width != wanted.width:
        found.append(_error("port-width", submission, wanted.name, got=str(ours.width), width=str(wanted.width)))
    return found


def _error(key: str, submission: Netlist, port: str, **arguments: str) -> Diagnostic:
    file, line, column = _place(submission, port)
    return Diagnostic(f"prove.{key}", "error", {"port": port, **arguments}, file, line, column)


def _place(netlist: Netlist, name: str) -> tuple[str, int, int]:
    """Return where a net (or else the module) is declared, from its ``src`` attribute, ``file:line.column``."""
    net = netlist.json.get("netnames", {}).get(name)
    attributes = (net or netlist.json).get("attributes", {})
    file, _, place = attributes.get("src", "").rpartition(":")
    line, _, column = place.split("-")[0].partition(".")
    return file, int(line) if line.isdigit() else 0, int(column) if column.isdigit() else 0


def _hint(name: str, others: list[str]) -> str:
    close = difflib.get_close_matches(name, others, n=1, cutoff=0.6)
    return f" ({name} ↔ {close[0]}?)" if close else ""
