"""A design alone, on inputs somebody wrote: what comes out, cycle by cycle, without any verdict.

The values come from Yosys' ``sim``, the same engine that replays counterexamples. x is shown as x: registers start with
their initial value or x, and what the stimulus leaves open is x.
"""

from __future__ import annotations

from chiploom.hdl.netlist import Netlist
from chiploom.prove.stimulus import Pins, Stimulus
from chiploom.prove.trace import Cycle, Trace
from chiploom.prove.yosys_sim import Bit, Instance, TestBench


def pins_of(netlist: Netlist) -> Pins:
    """Return what a stimulus for a design has to drive."""
    clocks = _clock_ports(netlist)
    return Pins(
        widths={port.name: port.width for port in netlist.ports.values() if port.direction != "output"},
        outputs=frozenset(port.name for port in netlist.ports.values() if port.direction == "output"),
        clock=next(iter(clocks)) if len(clocks) == 1 else None,
        clocks=tuple(clocks),
    )


def simulate(netlist: Netlist, stimulus: Stimulus) -> Trace:
    """Run a design and return what happened, as a trace in which nothing is expected.

    A Yosys error ends the process, and a design with an oscillating loop never returns: call this in a child.

    Parameters
    ----------
    netlist : Netlist
        A flattened design without memories.
    stimulus : Stimulus
        For the pins of this design (:func:`pins_of`). With an implied clock every cycle ends with its active edge;
        else every row is one step in which the clock is an input like any other.
    """
    clocks = _clock_ports(netlist)
    clock = next(iter(clocks)) if stimulus.implied_clock else None
    edge = "negedge" if clock is not None and clocks[clock] == {0} else "posedge"
    bench = TestBench()
    instance = bench.add(netlist, power_up=netlist.power_up)
    both_edges = clock is not None and len(clocks[clock]) == 2
    steps, sampled_at = _steps(netlist, instance, stimulus, clock, edge, both_edges)

    watched: list[Bit] = []
    places: dict[str, slice] = {}
    outputs = [name for name, port in netlist.ports.items() if port.direction != "input"]
    registers = _registers(netlist)
    for key, bits in [
        *((f"output {name}", instance.ports[name]) for name in outputs),
        *((f"register {name}", instance.bits(bits)) for name, bits in registers.items()),
    ]:
        places[key] = slice(len(watched), len(watched) + len(bits))
        watched += bits
    samples = bench.run(steps, watched)
    cycles = []
    for row, place in zip(stimulus.cycles, sampled_at, strict=True):
        sample = samples[place]
        cycles.append(
            Cycle(
                inputs=dict(row),
                expected={},
                got={name: sample[places[f"output {name}"]][::-1] for name in outputs},
                registers={name: sample[places[f"register {name}"]][::-1] for name in registers},
            )
        )
    has_state = any("Q" in cell.connections for cell in netlist.cells)
    model = "cycle" if clock is not None else "global-step" if has_state else "combinational"
    return Trace(model, clock, tuple(cycles), (), {}, edge)


def _steps(
    netlist: Netlist, instance: Instance, stimulus: Stimulus, clock: str | None, edge: str, both_edges: bool
) -> tuple[list[dict[Bit, str]], list[int]]:
    """Return the simulator's steps, and for each cycle the step it is sampled at."""
    rest, active = ("0", "1") if edge == "posedge" else ("1", "0")
    clock_bits = instance.ports[clock] if clock is not None else ()
    # An asynchronous load reads, in sim, the data of the step before: let every cycle settle twice.
    settle = any(cell.type.startswith("$aldff") for cell in netlist.cells)
    steps: list[dict[Bit, str]] = []
    sampled_at: list[int] = []
    for row in stimulus.cycles:
        back = dict.fromkeys(clock_bits, rest)
        # Registers that wait for the other edge take the inputs of this cycle, so those come first.
        step: dict[Bit, str] = {} if both_edges and steps else dict(back)
        for name, value in row.items():
            bits = instance.external.get(name) or instance.ports[name]
            step.update(zip(bits, reversed(value), strict=True))
        steps.append(step)
        if both_edges:
            steps.append(back)
        if settle:
            steps.append({})
        sampled_at.append(len(steps) - 1)
        if clock_bits:
            steps.append(dict.fromkeys(clock_bits, active))
    return steps, sampled_at


def _clock_ports(netlist: Netlist) -> dict[str, set[int]]:
    """Return the one-bit input ports that clock registers, with the polarities of the edges."""
    port_of = {
        port.bits[0]: name for name, port in netlist.ports.items() if port.direction == "input" and port.width == 1
    }
    clocks: dict[str, set[int]] = {}
    for cell in netlist.cells:
        for net in cell.connections.get("CLK", ()):
            if net in port_of:
                clocks.setdefault(port_of[net], set()).add(cell.integer("CLK_POLARITY", 1))
    return clocks


def _registers(netlist: Netlist) -> dict[str, tuple[int, ...]]:
    """Return the signals that are registers, by their names in the source; ports and second names left out."""
    states = {net for cell in netlist.cells for net in cell.connections.get("Q", ())}
    seen = {port.bits for port in netlist.ports.values()}
    found: dict[str, tuple[int, ...]] = {}
    for name, bits in netlist.signals.items():
        if bits in seen or not states.intersection(bits) or not states.issuperset(bit for bit in bits if bit >= 2):
            continue
        seen.add(bits)
        found[name] = bits
    return found
