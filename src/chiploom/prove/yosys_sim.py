"""Yosys' own simulator as an engine: netlists side by side in one test bench, driven step by step.

Nothing here evaluates logic. Netlists are copied into one flat Yosys module whose only input port is the vector of
all driven nets and whose only output port is the vector of all watched nets; ``sim`` replays a Yosys witness (``.yw``)
on it and the watched vector is read back from the VCD it writes. Bundling the ports keeps the VCD small and free
of the author's names, which may be anything.

The module is written as RTLIL text with one wide wire for each copy, which Yosys reads much faster than JSON with a
wire for every net; the text of a netlist is made once, however often it is copied.

A Yosys error ends the process: call this only where that is survivable.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyosys import libyosys

from chiploom.hdl.netlist import Netlist

#: A net of the test bench, or one of the constants "0", "1", "x" and "z".
Bit = int | str

#: Cells that compute nothing; ``sim`` refuses some of them.
_INERT_CELLS = frozenset(
    {"$check", "$assert", "$assume", "$cover", "$live", "$fair", "$print", "$scopeinfo", "$specify2", "$specify3"}
)

#: A net of the test bench is the number of its copy, shifted by this, plus the net's number in its netlist.
_COPY_SHIFT = 40
#: Stands for the number of the copy in the text of a netlist.
_COPY_MARK = "\0"
_STEP_TIME = 10


@dataclass(frozen=True, slots=True)
class Instance:
    """One netlist inside a test bench.

    Attributes
    ----------
    copy : int
        Its number.
    ports : mapping of str to tuple of int or str
        Bits of every port in the test bench, least significant first. For an inout port: the resolved value.
    external : mapping of str to tuple of int
        For every inout port: the nets that carry what the outside drives.
    enables : mapping of str to tuple of int or str
        For every inout port: 1 where the design drives the pin.
    undriven : tuple of int
        Nets of the netlist (in its own numbering) that are read and that nothing drives.
    """

    copy: int
    ports: Mapping[str, tuple[Bit, ...]]
    external: Mapping[str, tuple[int, ...]]
    enables: Mapping[str, tuple[Bit, ...]]
    undriven: tuple[int, ...]

    def net(self, bit: int | str) -> Bit:
        """Return the test bench's bit for a bit of the netlist: a net, or 0, 1, -1 (x), -2 (z), or Yosys' letter."""
        if isinstance(bit, str):
            return bit
        return bit + (self.copy << _COPY_SHIFT) if bit >= 2 else {0: "0", 1: "1", -1: "x", -2: "z"}[bit]

    def bits(self, bits: Iterable[int | str]) -> tuple[Bit, ...]:
        """Return the test bench's bits for bits of the netlist."""
        return tuple(map(self.net, bits))


@dataclass(frozen=True, slots=True)
class BenchText:
    """What is made once of a netlist: its cells as RTLIL, and what its nets are."""

    cells: str
    size: int
    undriven: tuple[int, ...]
    registers: tuple[int, ...]
    tristate: Mapping[int, tuple[tuple[Bit, Bit], ...]]
    always_driven: frozenset[int]


class TestBench:
    """Netlists side by side. Add them, then :meth:`run`.

    Parameters
    ----------
    known : sequence of (Netlist, BenchText)
        Texts made before.
    """

    __test__ = False  # not a test, whatever pytest thinks of the name

    def __init__(self, known: Sequence[tuple[Netlist, BenchText]] = ()) -> None:
        self._texts = {id(netlist): (netlist, text) for netlist, text in known}
        self._lines: list[str] = []
        self._driven: list[Bit] = []
        self._copies = 0
        self._own_nets = 2

    def add(
        self, netlist: Netlist, *, power_up: Mapping[int, int], ties: Mapping[str, Sequence[Bit]] | None = None
    ) -> Instance:
        """Copy a netlist in.

        Parameters
        ----------
        netlist : Netlist
            A flattened module without memories.
        power_up : mapping of int to int
            Value of register output nets before the first step; the others start as x.
        ties : mapping of str to sequence of bits, optional
            Input ports that are wired to bits already in the test bench instead of being driven from outside.
        """
        ties = ties or {}
        if id(netlist) not in self._texts:
            self._texts[id(netlist)] = netlist, bench_text(netlist)
        text = self._texts[id(netlist)][1]
        self._copies += 1
        ports = netlist.json["ports"]
        inout = {name: port["bits"] for name, port in ports.items() if port["direction"] == "inout"}
        external = {name: tuple(self._new_net() for _ in bits) for name, bits in inout.items()}
        bare = Instance(self._copies, {}, external, {}, text.undriven)

        state = ["x"] * text.size
        for net in text.registers:
            if net in power_up:
                state[-1 - net] = str(power_up[net])
        if "0" in state or "1" in state:
            self._lines.append(f"attribute \\init {text.size}'{''.join(state)}")
        self._lines.append(f"wire width {text.size} $n{self._copies}")
        self._lines.append(text.cells.replace(_COPY_MARK, str(self._copies)))
        for name, bits in ties.items():
            self._lines.append(f"connect {_signal(bare.bits(ports[name]['bits']))} {_signal(bits)}")
        inputs = [
            net
            for name, port in ports.items()
            if port["direction"] == "input" and name not in ties
            for net in bare.bits(port["bits"])
        ]
        self._driven += inputs
        self._driven += bare.bits(text.undriven)
        for nets in external.values():
            self._driven += nets
        return Instance(
            copy=bare.copy,
            ports={name: bare.bits(port["bits"]) for name, port in ports.items()},
            external=external,
            enables=self._resolve_tristate(bare, text, inout),
            undriven=text.undriven,
        )

    def run(self, steps: Sequence[Mapping[Bit, str]], watched: Sequence[Bit]) -> list[str]:
        """Simulate and return, for each step, the values of the watched bits in the order given.

        Parameters
        ----------
        steps : sequence of mapping of int to str
            What changes at each step: driven net to "0", "1" or "x". What was never set is x. Registers see a
            clock edge when a step changes their clock; they take the data as it was when the step before had
            settled. The first step has no edge.
        watched : sequence of bits
            Nets or constants to read.

        Returns
        -------
        list of str
            One string of 0, 1, x and z per step.
        """
        if not steps or not watched:
            return ["" for _ in steps]
        # A spare bit keeps the input port from being empty.
        driven = [*dict.fromkeys(bit for bit in self._driven if isinstance(bit, int)), self._new_net()]
        module = [
            "attribute \\top 1",
            "module \\bench",
            f"wire width {len(driven)} input 1 $drive",
            f"wire width {len(watched)} output 2 \\watch",
            f"wire width {self._own_nets} $n0",
            *self._lines,
            f"connect {_signal(driven)} $drive",
            f"connect \\watch {_signal(watched)}",
            "end",
            "",
        ]
        witness = {
            "format": "Yosys Witness Trace",
            "clocks": [],
            "signals": [{"path": ["$drive"], "offset": 0, "width": len(driven), "init_only": False}],
            "steps": [{"bits": bits} for bits in _columns(driven, steps)],
        }
        with tempfile.TemporaryDirectory(prefix="chiploom-sim-") as folder:
            module_path, witness_path, vcd_path = (Path(folder, name) for name in ("bench.il", "drive.yw", "watch.vcd"))
            module_path.write_text("\n".join(module))
            witness_path.write_text(json.dumps(witness))
            design = libyosys.Design()
            design.run_pass(["tee", "-q", "read_rtlil", str(module_path)])
            files = ("-r", str(witness_path), "-vcd", str(vcd_path))
            design.run_pass(["tee", "-q", "sim", "-q", *files, "-width", str(_STEP_TIME), "bench"])
            return _read_samples(vcd_path.read_text(), len(steps), len(watched))

    def _new_net(self) -> int:
        """Return a net of the test bench's own wire."""
        self._own_nets += 1
        return self._own_nets - 1

    def _gate(self, kind: str, output: Bit | None = None, **pins: Bit) -> Bit:
        """Add a one-bit gate and return its output."""
        output = self._new_net() if output is None else output
        parameters = ["WIDTH 1"]
        if kind != "$mux":
            parameters = ["A_SIGNED 0", "A_WIDTH 1", "B_SIGNED 0", "B_WIDTH 1", "Y_WIDTH 1"]
        self._lines.append(f"cell {kind} $gate{len(self._lines)}")
        self._lines += [f"parameter \\{parameter}" for parameter in parameters]
        self._lines += [f"connect \\{pin} {_signal([bit])}" for pin, bit in {**pins, "Y": output}.items()]
        self._lines.append("end")
        return output

    def _resolve_tristate(
        self, instance: Instance, text: BenchText, inout: Mapping[str, Sequence[Bit]]
    ) -> dict[str, tuple[Bit, ...]]:
        """Drive every tri-state net with its resolved value; ``sim`` knows no tri-state buffer.

        Two buffers that are on and disagree give x; none gives z, on a pin what the outside drives.
        """
        outer = {
            net: bit
            for name, bits in inout.items()
            for net, bit in zip(bits, instance.external[name], strict=True)
            if isinstance(net, int)
        }
        # A pin that an ordinary cell drives is never left to the outside.
        enabled: dict[Bit, Bit] = dict.fromkeys(text.always_driven, "1")
        for net in dict.fromkeys([*text.tristate, *(net for net in outer if net not in text.always_driven)]):
            value: Bit = outer.get(net, "z")
            on: Bit = "0"
            for data, enable in (instance.bits(buffer) for buffer in text.tristate.get(net, ())):
                if on == "0":
                    value, on = self._gate("$mux", A=value, B=data, S=enable), enable
                    continue
                both = self._gate("$and", A=on, B=enable)
                fight = self._gate("$and", A=both, B=self._gate("$xor", A=value, B=data))
                value = self._gate("$mux", A=value, B=data, S=enable)
                value = self._gate("$mux", A=value, B="x", S=fight)
                on = self._gate("$or", A=on, B=enable)
            self._gate("$mux", instance.net(net), A=value, B=value, S="0")
            enabled[net] = on
        return {
            name: tuple(enabled[net] if isinstance(net, int) else "1" for net in bits) for name, bits in inout.items()
        }


def bench_text(netlist: Netlist) -> BenchText:
    """Return what every copy of a netlist in a test bench shares."""
    module = netlist.json
    used: set[int] = set()
    driven: set[int] = set()
    tristate: dict[int, list[tuple[Bit, Bit]]] = {}
    registers: list[int] = []
    lines: list[str] = []
    for number, cell in enumerate(module["cells"].values()):
        kind, connections = cell["type"], cell["connections"]
        for pin, direction in cell["port_directions"].items():
            if direction == "input":
                used.update(bit for bit in connections[pin] if isinstance(bit, int))
            elif kind != "$tribuf":
                driven.update(bit for bit in connections[pin] if isinstance(bit, int))
        registers += [bit for bit in connections.get("Q", ()) if isinstance(bit, int)]
        if kind == "$tribuf":
            for data, net in zip(connections["A"], connections["Y"], strict=True):
                if isinstance(net, int):
                    tristate.setdefault(net, []).append((data, connections["EN"][0]))
        elif kind not in _INERT_CELLS:
            lines.append(f"cell {kind} $c{_COPY_MARK}_{number}")
            lines += [f"parameter \\{name} {_parameter(value)}" for name, value in cell["parameters"].items()]
            lines += [f"connect \\{pin} {_signal(bits, _COPY_MARK)}" for pin, bits in connections.items()]
            lines.append("end")
    outside: set[int] = set()
    for port in module["ports"].values():
        nets = [bit for bit in port["bits"] if isinstance(bit, int)]
        used.update(nets)
        if port["direction"] != "output":
            outside.update(nets)
    return BenchText(
        cells="\n".join(lines),
        size=max([*used, *driven, *tristate, 1]) + 1,
        undriven=tuple(sorted(used - driven - outside - tristate.keys())),
        registers=tuple(registers),
        tristate={net: tuple(buffers) for net, buffers in tristate.items()},
        always_driven=frozenset(driven),
    )


def _parameter(value: str) -> str:
    if value and set(value) <= set("01xz"):
        return f"{len(value)}'{value}"
    return json.dumps(value.removesuffix(" "))


def _signal(bits: Sequence[Bit], copy: str | None = None) -> str:
    """Return bits (least significant first) as RTLIL; ``copy`` is the copy of nets in a netlist's own numbering."""
    parts: list[str] = []
    place = len(bits) - 1
    while place >= 0:
        bit = bits[place]
        end = place
        if isinstance(bit, str):
            while end > 0 and isinstance(bits[end - 1], str):
                end -= 1
            parts.append(f"{place - end + 1}'{''.join(str(b) for b in reversed(bits[end : place + 1]))}")
        else:
            while end > 0 and bits[end - 1] == bit - (place - end) - 1:
                end -= 1
            number = copy or bit >> _COPY_SHIFT
            high = bit & ((1 << _COPY_SHIFT) - 1)
            parts.append(f"$n{number} [{high}:{high - (place - end)}]" if place > end else f"$n{number} [{high}]")
        place = end - 1
    return parts[0] if len(parts) == 1 else f"{{ {' '.join(parts)} }}"


def _columns(driven: Sequence[int], steps: Sequence[Mapping[Bit, str]]) -> Iterable[str]:
    """Yield each step's values, the last driven net first, as a witness wants them."""
    place = {net: len(driven) - 1 - index for index, net in enumerate(driven)}
    values = ["x"] * len(driven)
    for step in steps:
        for net, value in step.items():
            if isinstance(net, int) and net in place:
                values[place[net]] = value
        yield "".join(values)


def _read_samples(vcd: str, steps: int, width: int) -> list[str]:
    """Return the one vector in the VCD at each step, least significant bit first."""
    _, _, body = vcd.partition("$enddefinitions $end\n")
    samples: list[str] = []
    value = "x" * width
    time = -1
    for line in body.splitlines():
        if line.startswith("#"):
            if time >= 0:
                samples += [value] * (int(line[1:]) // _STEP_TIME - time)
            time = int(line[1:]) // _STEP_TIME
        elif line.startswith("b"):
            value = line[1:].partition(" ")[0][::-1]
    return samples[:steps]
