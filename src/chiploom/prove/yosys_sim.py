"""Yosys' own simulator as an engine: netlists side by side in one test bench, driven step by step.

Nothing here evaluates logic. Netlists are copied into one flat Yosys module whose only input port is the vector of
all driven nets and whose only output port is the vector of all watched nets; ``sim`` replays a Yosys witness (``.yw``)
on it and the watched vector is read back from the VCD it writes. Bundling the ports keeps the VCD small and free
of the author's names, which may be anything.

A Yosys error ends the process: call this only where that is survivable.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyosys import libyosys

from chiploom.hdl.netlist import Netlist

#: A net of the test bench, or one of the constants "0", "1", "x" and "z".
Bit = int | str

#: Cells that compute nothing; ``sim`` refuses some of them.
_INERT_CELLS = frozenset(
    {"$check", "$assert", "$assume", "$cover", "$live", "$fair", "$print", "$scopeinfo", "$specify2", "$specify3"}
)

#: Cells that keep state. Their ``Q`` starts with a given value.
_REGISTER_CELLS = frozenset(
    {
        "$dff",
        "$dffe",
        "$adff",
        "$adffe",
        "$aldff",
        "$aldffe",
        "$sdff",
        "$sdffe",
        "$sdffce",
        "$dffsr",
        "$dffsre",
        "$sr",
        "$ff",
        "$dlatch",
        "$adlatch",
        "$dlatchsr",
    }
)

_STEP_TIME = 10


@dataclass(frozen=True, slots=True)
class Instance:
    """One netlist inside a test bench.

    Attributes
    ----------
    nets : mapping of int to int or str
        Net of the netlist to net (or constant) of the test bench.
    ports : mapping of str to tuple of int or str
        Bits of every port in the test bench, least significant first. For an inout port: the resolved value.
    external : mapping of str to tuple of int
        For every inout port: the nets that carry what the outside drives.
    enables : mapping of str to tuple of int or str
        For every inout port: 1 where the design drives the pin.
    undriven : tuple of int
        Nets of the netlist (in its own numbering) that are read and that nothing drives.
    registers : tuple of int
        Register output nets (in its own numbering).
    """

    nets: Mapping[int, Bit]
    ports: Mapping[str, tuple[Bit, ...]]
    external: Mapping[str, tuple[int, ...]]
    enables: Mapping[str, tuple[Bit, ...]]
    undriven: tuple[int, ...]
    registers: tuple[int, ...]

    def bits(self, bits: Iterable[int]) -> tuple[Bit, ...]:
        """Return the test bench's bits for bits of the netlist (0, 1 and nets; see :mod:`chiploom.hdl.netlist`)."""
        constants: dict[int, Bit] = {0: "0", 1: "1", -1: "x", -2: "z"}
        return tuple(constants[bit] if bit < 2 else self.nets.get(bit, "x") for bit in bits)


@dataclass(slots=True)
class TestBench:
    """Netlists side by side. Add them, then :meth:`run`."""

    __test__ = False  # not a test, whatever pytest thinks of the name

    _cells: dict[str, dict[str, Any]] = field(default_factory=dict)
    _driven: list[int] = field(default_factory=list)
    _initial: list[tuple[int, str]] = field(default_factory=list)
    _next_net: int = 2

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
        module = netlist.json
        nets: dict[int, Bit] = {}
        for name, bits in (ties or {}).items():
            nets.update(
                (net, bit) for net, bit in zip(module["ports"][name]["bits"], bits, strict=True) if isinstance(net, int)
            )
        used, driven, tristate, registers = _survey(module)
        for net in used | driven:
            if net not in nets:
                nets[net] = self._new_net()
        outside: list[int] = []
        for name, port in module["ports"].items():
            if port["direction"] == "input" and name not in (ties or {}):
                outside += [net for net in port["bits"] if isinstance(net, int)]
        inout = {name: port["bits"] for name, port in module["ports"].items() if port["direction"] == "inout"}
        pins = {net for bits in inout.values() for net in bits if isinstance(net, int)}
        tied = {net for name in (ties or {}) for net in module["ports"][name]["bits"]}
        undriven = sorted(used - driven - set(outside) - pins - tied - set(tristate))
        self._driven += [bit for net in dict.fromkeys([*outside, *undriven]) if isinstance(bit := nets[net], int)]

        for cell in module["cells"].values():
            if cell["type"] in _INERT_CELLS or cell["type"] == "$tribuf":
                continue
            self._add_cell(
                cell["type"],
                cell["parameters"],
                {pin: [nets.get(bit, bit) for bit in bits] for pin, bits in cell["connections"].items()},
                cell["port_directions"],
            )
        external = {name: tuple(self._new_net() for _ in bits) for name, bits in inout.items()}
        enables = self._resolve_tristate(nets, tristate, inout, external)
        for bits in external.values():
            self._driven += bits
        for net in registers:
            bit = nets[net]
            if net in power_up and isinstance(bit, int):
                self._initial.append((bit, str(power_up[net])))
        return Instance(
            nets=nets,
            ports={
                name: tuple(nets.get(bit, bit) if isinstance(bit, int) else bit for bit in port["bits"])
                for name, port in module["ports"].items()
            },
            external=external,
            enables=enables,
            undriven=tuple(undriven),
            registers=tuple(registers),
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
        driven = [*self._driven, self._new_net()]
        document = {
            "modules": {
                "bench": {
                    "attributes": {"top": 1},
                    "ports": {
                        "$drive": {"direction": "input", "bits": driven},
                        "watch": {"direction": "output", "bits": list(watched)},
                    },
                    "cells": self._cells,
                    "netnames": {
                        f"$initial{index}": {"hide_name": 1, "bits": [net], "attributes": {"init": value}}
                        for index, (net, value) in enumerate(self._initial)
                    },
                }
            }
        }
        witness = {
            "format": "Yosys Witness Trace",
            "clocks": [],
            "signals": [{"path": ["$drive"], "offset": 0, "width": len(driven), "init_only": False}],
            "steps": [{"bits": bits} for bits in _columns(driven, steps)],
        }
        with tempfile.TemporaryDirectory(prefix="chiploom-sim-") as folder:
            netlist_path, witness_path, vcd_path = (
                Path(folder, name) for name in ("bench.json", "drive.yw", "watch.vcd")
            )
            netlist_path.write_text(json.dumps(document))
            witness_path.write_text(json.dumps(witness))
            design = libyosys.Design()
            design.run_pass(["tee", "-q", "read_json", str(netlist_path)])
            files = ("-r", str(witness_path), "-vcd", str(vcd_path))
            design.run_pass(["tee", "-q", "sim", "-q", *files, "-width", str(_STEP_TIME), "bench"])
            return _read_samples(vcd_path.read_text(), len(steps), len(watched))

    def _new_net(self) -> int:
        self._next_net += 1
        return self._next_net - 1

    def _add_cell(
        self, kind: str, parameters: Mapping[str, str], connections: Mapping[str, Any], directions: Mapping[str, str]
    ) -> None:
        self._cells[f"$cell{len(self._cells)}"] = {
            "hide_name": 1,
            "type": kind,
            "parameters": parameters,
            "attributes": {},
            "port_directions": directions,
            "connections": connections,
        }

    def _gate(self, kind: str, **pins: Bit) -> Bit:
        """Add a one-bit gate and return its output."""
        output = self._new_net()
        one = f"{1:032b}"
        if kind == "$mux":
            parameters = {"WIDTH": one}
        else:
            zero = f"{0:032b}"
            parameters = {"A_SIGNED": zero, "A_WIDTH": one, "Y_WIDTH": one}
            if "B" in pins:
                parameters |= {"B_SIGNED": zero, "B_WIDTH": one}
        self._add_cell(
            kind,
            parameters,
            {**{pin: [bit] for pin, bit in pins.items()}, "Y": [output]},
            {**dict.fromkeys(pins, "input"), "Y": "output"},
        )
        return output

    def _resolve_tristate(
        self,
        nets: dict[int, Bit],
        tristate: Mapping[int, list[tuple[Bit, Bit]]],
        inout: Mapping[str, Sequence[Bit]],
        external: Mapping[str, tuple[int, ...]],
    ) -> dict[str, tuple[Bit, ...]]:
        """Drive every tri-state net with its resolved value; ``sim`` knows no tri-state buffer.

        Two buffers that are on and disagree give x; none gives z, on a pin what the outside drives.
        """
        outer = {
            net: bit
            for name, bits in inout.items()
            for net, bit in zip(bits, external[name], strict=True)
            if isinstance(net, int)
        }
        enabled: dict[int, Bit] = {}
        for net in dict.fromkeys([*tristate, *outer]):
            value: Bit = outer.get(net, "z")
            on: Bit = "0"
            for raw_data, raw_enable in tristate.get(net, ()):
                data = nets.get(raw_data, raw_data) if isinstance(raw_data, int) else raw_data
                enable = nets.get(raw_enable, raw_enable) if isinstance(raw_enable, int) else raw_enable
                if on == "0":
                    value, on = self._gate("$mux", A=value, B=data, S=enable), enable
                    continue
                fight = self._gate("$and", A=self._gate("$and", A=on, B=enable), B=self._gate("$xor", A=value, B=data))
                value = self._gate("$mux", A=value, B=data, S=enable)
                value = self._gate("$mux", A=value, B="x", S=fight)
                on = self._gate("$or", A=on, B=enable)
            target = nets[net]
            self._add_cell(
                "$mux",
                {"WIDTH": f"{1:032b}"},
                {"A": [value], "B": [value], "S": ["0"], "Y": [target]},
                {"A": "input", "B": "input", "S": "input", "Y": "output"},
            )
            enabled[net] = on
        return {
            name: tuple(enabled.get(net, "0") if isinstance(net, int) else "1" for net in bits)
            for name, bits in inout.items()
        }


def makes_unknowns(netlist: Netlist) -> bool:
    """Tell whether x can arise in a netlist whose inputs, undriven nets and registers are all definite.

    It can where a cell's answer is open (division by zero, an index out of range, two buffers that fight) and where
    a combinational loop keeps a value that nothing has set.
    """
    for cell in netlist.cells:
        if cell.type in ("$div", "$mod", "$divfloor", "$modfloor", "$pow", "$shiftx", "$pmux", "$tribuf"):
            return True
        if any(bit == -1 for pin, bits in cell.connections.items() if pin not in cell.outputs for bit in bits):
            return True
    return _has_combinational_loop(netlist)


def _survey(
    module: Mapping[str, Any],
) -> tuple[set[int], set[int], dict[int, list[tuple[Bit, Bit]]], list[int]]:
    """Return the nets that are read or are ports, the nets that cells drive, the tri-state drivers, the registers."""
    used: set[int] = set()
    driven: set[int] = set()
    tristate: dict[int, list[tuple[Bit, Bit]]] = {}
    registers: list[int] = []
    for cell in module["cells"].values():
        kind, connections = cell["type"], cell["connections"]
        for pin, direction in cell["port_directions"].items():
            nets = [bit for bit in connections[pin] if isinstance(bit, int)]
            if direction == "input":
                used.update(nets)
            elif kind != "$tribuf":
                driven.update(nets)
        if kind == "$tribuf":
            for data, net in zip(connections["A"], connections["Y"], strict=True):
                if isinstance(net, int):
                    tristate.setdefault(net, []).append((data, connections["EN"][0]))
                    used.add(net)
        elif kind in _REGISTER_CELLS:
            registers += [bit for bit in connections["Q"] if isinstance(bit, int)]
    for port in module["ports"].values():
        used.update(bit for bit in port["bits"] if isinstance(bit, int))
    return used, driven, tristate, registers


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


def _has_combinational_loop(netlist: Netlist) -> bool:
    readers: dict[int, list[int]] = {}
    waiting: list[int] = []
    for index, cell in enumerate(netlist.cells):
        inputs = set()
        if cell.type not in _REGISTER_CELLS or "latch" in cell.type or cell.type == "$sr":
            inputs = {bit for pin, bits in cell.connections.items() if pin not in cell.outputs for bit in bits}
        inputs = {bit for bit in inputs if bit >= 2}
        waiting.append(len(inputs))
        for bit in inputs:
            readers.setdefault(bit, []).append(index)
    drivers: dict[int, int] = {}
    for cell in netlist.cells:
        for pin in cell.outputs:
            for bit in cell.connections[pin]:
                if bit >= 2:
                    drivers[bit] = drivers.get(bit, 0) + 1
    known = [bit for bit in readers if bit not in drivers]
    ready = [index for index, count in enumerate(waiting) if count == 0]
    done = 0
    while ready or known:
        for bit in known:
            for index in readers.get(bit, ()):
                waiting[index] -= 1
                if waiting[index] == 0:
                    ready.append(index)
        known = []
        for index in ready:
            done += 1
            cell = netlist.cells[index]
            for pin in cell.outputs:
                for bit in cell.connections[pin]:
                    if bit >= 2:
                        drivers[bit] -= 1
                        if drivers[bit] == 0:
                            known.append(bit)
        ready = []
    return done < len(netlist.cells)
