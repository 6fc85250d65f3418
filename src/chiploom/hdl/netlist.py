"""A flattened word-level netlist, as the prover reads it.

The netlist is Yosys' JSON of one flattened module with memories mapped to registers. Each bit of a signal is an
integer: ``0`` and ``1`` are the constants, numbers from 2 up are nets, ``Z`` is the undriven tri-state constant.

X constants are *normalised away*: every occurrence of ``x`` on a cell's input or an output port becomes a fresh net
that nothing drives, so that "unknown" has one representation, an undriven net. The case-equality cells, whose
meaning depends on a literal ``x``, keep it as ``X``.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

X = -1
Z = -2

#: How the front end's names of registers begin.
_REGISTER = "$driver$"

Direction = Literal["input", "output", "inout"]

#: Cells that compare against a literal x; their x constants are not free values.
CASE_EQUALITY_CELLS = frozenset({"$eqx", "$nex", "$bweqx"})


@dataclass(frozen=True, slots=True)
class Port:
    """A port of the top module; ``bits`` run from the least significant."""

    name: str
    direction: Direction
    bits: tuple[int, ...]

    @property
    def width(self) -> int:
        """Number of bits."""
        return len(self.bits)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: Yosys' internal type, its parameters and what its pins connect to.

    ``parameters`` maps a name to Yosys' bit string (most significant first) or plain string; use
    :meth:`integer` for numbers.
    """

    name: str
    type: str
    parameters: Mapping[str, str]
    connections: Mapping[str, tuple[int, ...]]
    outputs: frozenset[str]
    source: str

    def integer(self, parameter: str, default: int = 0) -> int:
        """Return a numeric parameter, ``default`` where the cell has none."""
        value = self.parameters.get(parameter)
        return default if value is None else int(value, 2)


@dataclass(frozen=True, slots=True)
class Netlist:
    """A flattened module.

    Attributes
    ----------
    top : str
        Name of the module.
    ports : mapping of str to Port
        In order of declaration.
    cells : tuple of Cell
        All cells, registers included.
    names : mapping of int to (str, int)
        For a net: the author's name of the signal it belongs to and its index in it (0 = least significant).
    aliases : mapping of int to tuple of (str, int)
        All such names, for nets that have more than one.
    power_up : mapping of int to int
        For a register output net with an ``initial`` value: 0 or 1.
    signals : mapping of str to tuple of int
        The author's signals (hidden names left out) with their bits.
    json : dict
        The normalised Yosys JSON module this was read from, for replay on Yosys' own simulator.
    signed : frozenset of str
        The author's signals that are declared signed; Yosys does not say, whoever reads the source fills it in.
    """

    top: str
    ports: Mapping[str, Port]
    cells: tuple[Cell, ...]
    names: Mapping[int, tuple[str, int]]
    aliases: Mapping[int, tuple[tuple[str, int], ...]]
    power_up: Mapping[int, int]
    signals: Mapping[str, tuple[int, ...]]
    json: dict[str, Any]
    signed: frozenset[str] = frozenset()


def from_yosys_json(document: dict[str, Any], top: str, signed: frozenset[str] = frozenset()) -> Netlist:
    """Read module ``top`` of a Yosys JSON document.

    Parameters
    ----------
    document : dict
        What ``write_json`` wrote, parsed. It is modified in place (x constants are normalised).
    top : str
        Module to read; the design is expected to be flattened.
    signed : frozenset of str
        The author's signals that are declared signed.

    Raises
    ------
    KeyError
        If the document has no module ``top``.
    """
    module = document["modules"][top]
    _dissolve_buffers(module)
    _normalise_unknowns(module)
    ports = {name: Port(name, port["direction"], _bits(port["bits"])) for name, port in module["ports"].items()}
    cells = tuple(
        Cell(
            name=name,
            type=cell["type"],
            parameters=cell["parameters"],
            connections={pin: _bits(bits) for pin, bits in cell["connections"].items()},
            outputs=frozenset(
                pin for pin, direction in cell.get("port_directions", {}).items() if direction == "output"
            ),
            source=cell["attributes"].get("src", ""),
        )
        for name, cell in module["cells"].items()
    )
    names: dict[int, tuple[str, int]] = {}
    aliases: dict[int, tuple[tuple[str, int], ...]] = {}
    signals: dict[str, tuple[int, ...]] = {}
    power_up: dict[int, int] = {}
    for name, net in module["netnames"].items():
        bits = net["bits"]
        if not net.get("hide_name"):
            label = net["attributes"].get("hdlname", name).strip().replace(" ", ".")
            signals[label] = _bits(bits)
            for index, bit in enumerate(bits):
                if isinstance(bit, int):
                    known = names.setdefault(bit, (label, index))
                    if known != (label, index):
                        aliases[bit] = (*aliases.get(bit, (known,)), (label, index))
        initial = net["attributes"].get("init")
        if initial is not None:
            for bit, value in zip(bits, reversed(initial), strict=False):
                if isinstance(bit, int) and value in "01":
                    power_up[bit] = int(value)
    names |= _register_names(cells, aliases)
    return Netlist(top, ports, cells, names, aliases, power_up, signals, module, signed)


def _register_names(
    cells: tuple[Cell, ...], aliases: Mapping[int, tuple[tuple[str, int], ...]]
) -> dict[int, tuple[str, int]]:
    """Return the names of the nets that are better known as a register than as a wire that repeats it."""
    found = {}
    for cell in cells:
        # The front end names a register's cell after the variable, and the bits of it.
        own = cell.name.partition(_REGISTER)[2]
        for net in cell.connections.get("Q", ()) if own else ():
            for name, index in aliases.get(net, ()):
                if own == name or own.startswith(f"{name}["):
                    found[net] = (name, index)
    return found


_LETTERS: dict[int | str, int] = {"0": 0, "1": 1, "x": X, "z": Z}


def _bits(bits: Sequence[int | str]) -> tuple[int, ...]:
    return tuple([_LETTERS.get(bit, bit) for bit in bits])  # type: ignore[arg-type]


def _dissolve_buffers(module: dict[str, Any]) -> None:
    """Let both sides of every ``$buf`` be one net.

    Flattening leaves one at each connection of an instance. On a clock it would pass for a use of the clock as data,
    and a register would not have the name of the output it drives.
    """
    if not any(cell["type"] == "$buf" for cell in module["cells"].values()):
        return
    kept: set[int | str] = {
        bit for port in module["ports"].values() if port["direction"] != "output" for bit in port["bits"]
    }
    for cell in module["cells"].values():
        if cell["type"] != "$buf":
            for pin, direction in cell.get("port_directions", {}).items():
                if direction == "output":
                    kept.update(cell["connections"][pin])
    floating: set[int | str] = {
        bit for port in module["ports"].values() if port["direction"] == "inout" for bit in port["bits"]
    }
    for cell in module["cells"].values():
        if cell["type"] == "$tribuf":
            floating.update(cell["connections"]["Y"])
    pins = {bit for port in module["ports"].values() if port["direction"] == "inout" for bit in port["bits"]}
    source: dict[int | str, int | str] = {}
    for name, cell in list(module["cells"].items()):
        if cell["type"] != "$buf":
            continue
        pairs = list(zip(cell["connections"]["Y"], cell["connections"]["A"], strict=True))
        if all(a in ("x", "z") and y in pins for y, a in pairs):
            # `assign pin = 'z;`, which the front end writes as x: nothing drives the pin.
            del module["cells"][name]
            continue
        # What something else drives too, what drives itself, and what reads a pin or bus that may float stay apart.
        if any(
            y in kept or y in source or _source(source, a) == y or a == "z" or _source(source, a) in floating
            for y, a in pairs
        ):
            continue
        source.update(pairs)
        del module["cells"][name]
    if not source:
        return
    for owner in (*module["ports"].values(), *module["netnames"].values()):
        owner["bits"] = [_source(source, bit) for bit in owner["bits"]]
    for cell in module["cells"].values():
        connections = cell["connections"]
        for pin, bits in connections.items():
            connections[pin] = [_source(source, bit) for bit in bits]


def _source(source: dict[int | str, int | str], bit: int | str) -> int | str:
    while bit in source:
        bit = source[bit]
    return bit


def _normalise_unknowns(module: dict[str, Any]) -> None:
    pins = [
        (cell["connections"], pin)
        for cell in module["cells"].values()
        if cell["type"] not in CASE_EQUALITY_CELLS
        for pin, direction in cell.get("port_directions", {}).items()
        if direction == "input" and "x" in cell["connections"][pin]
    ]
    ports = [name for name, port in module["ports"].items() if port["direction"] != "input" and "x" in port["bits"]]
    if not pins and not ports:
        return
    numbers = itertools.count(_first_unused(module))

    def fresh(bits: list[int | str]) -> list[int | str]:
        return [next(numbers) if bit == "x" else bit for bit in bits]

    for connections, pin in pins:
        connections[pin] = fresh(connections[pin])
    for name in ports:
        port = module["ports"][name]
        port["bits"] = fresh(port["bits"])
        net = module["netnames"].get(name)
        if net is not None:
            net["bits"] = list(port["bits"])


def _first_unused(module: dict[str, Any]) -> int:
    lists = [net["bits"] for net in module["netnames"].values()]
    lists += [bits for cell in module["cells"].values() for bits in cell["connections"].values()]
    return 1 + max((bit for bits in lists for bit in bits if isinstance(bit, int)), default=1)
