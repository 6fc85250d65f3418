"""Does a reference say anything? Every output bit must be able to be certainly 0 and certainly 1.

A counter without reset and without ``initial`` stays x for ever: any submission agrees with it. Random simulation
shows most bits; what it does not show is asked of the model checker, bit by bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chiploom.hdl.netlist import Netlist
from chiploom.logic.aig import FALSE
from chiploom.prove.machine import ProductMachine, latches_of
from chiploom.prove.solvers import abc, random_simulation, satisfiability
from chiploom.prove.system import Deadline, Proved, Refuted, TransitionSystem, reduced


@dataclass(frozen=True, slots=True)
class VacuousBit:
    """An output bit that was never seen to be certainly ``value`` (``None``: neither 0 nor 1)."""

    port: str
    index: int
    value: int | None

    def __str__(self) -> str:
        what = "neither 0 nor 1" if self.value is None else f"never {self.value}"
        return f"{self.port}[{self.index}] is {what}"


def vacuous_bits(
    reference: Netlist,
    environment: Netlist | None,
    constant_outputs: Sequence[str] = (),
    *,
    limit_s: float = 10.0,
) -> tuple[VacuousBit, ...]:
    """Return the output bits that cannot be shown to be certainly 0 and certainly 1 in legal runs.

    Ports in ``constant_outputs`` only need to be certain once.
    """
    machine = ProductMachine(reference, reference, environment, power_up="initial")
    wanted = _wanted(machine)
    missing = _not_reached(machine, wanted, Deadline(limit_s))
    found = []
    for port, index in dict.fromkeys((port, index) for port, index, _ in wanted):
        values = [value for value in (0, 1) if (port, index, value) in missing]
        if len(values) == 2:
            found.append(VacuousBit(port, index, None))
        elif values and port not in constant_outputs:
            found.append(VacuousBit(port, index, values[0]))
    return tuple(found)


def never_certain(machine: ProductMachine, limit_s: float) -> tuple[VacuousBit, ...]:
    """Return the output bits of the reference that are never certain in any legal run."""
    graph = machine.graph
    certain = {
        (port, index, -1): graph.or_(graph.or_(one, zero), off) for port, index, one, zero, off in _outputs(machine)
    }
    missing = _not_reached(machine, certain, Deadline(limit_s))
    return tuple(VacuousBit(port, index, None) for port, index, _ in missing)


def never_compared(machine: ProductMachine, limit_s: float) -> tuple[str, ...]:
    """Return the ports of which it is certain that the environment never compares them."""
    deadline = Deadline(limit_s)
    compare = machine.ternary.compare
    if not compare:
        return ()
    latches = latches_of(machine.ternary)
    watching = reduced(machine.graph, latches, FALSE, machine.ternary.assume, tuple(compare.values()))
    seen = random_simulation.reached(machine, watching, deadline.part(0.3))
    unseen = [name for name, reached in zip(compare, seen, strict=True) if not reached]
    return tuple(
        name
        for name in unseen
        if _is_unreachable(reduced(machine.graph, latches, compare[name], machine.ternary.assume), deadline)
    )


def blocks_every_run(machine: ProductMachine, limit_s: float, *, steps: int = 8) -> bool:
    """Tell whether the environment's assumption leaves no legal run of ``steps`` steps."""
    system = machine.three_valued
    if machine.environment is None or system.constraint == 1:
        return False
    everything = reduced(machine.graph, latches_of(machine.ternary, machine.gate), FALSE, system.constraint)
    return satisfiability.legal_run(everything, steps, Deadline(limit_s)) is False


def _outputs(machine: ProductMachine) -> list[tuple[str, int, int, int, int]]:
    """Return port, index, certainly one, certainly zero, certainly not driven for every output bit."""
    out = []
    for bit in machine.ternary.outputs:
        one, zero = bit.value
        off = FALSE if bit.enable is None else bit.enable[1]
        if bit.enable is not None:
            one, zero = (machine.graph.and_(literal, bit.enable[0]) for literal in (one, zero))
        out.append((bit.port, bit.index, one, zero, off))
    return out


def _wanted(machine: ProductMachine) -> dict[tuple[str, int, int], int]:
    wanted = {}
    for port, index, one, zero, _ in _outputs(machine):
        compare = machine.ternary.compare.get(port, 1)
        wanted[port, index, 1] = machine.graph.and_(one, compare)
        wanted[port, index, 0] = machine.graph.and_(zero, compare)
    return wanted


def _not_reached(
    machine: ProductMachine, wanted: dict[tuple[str, int, int], int], deadline: Deadline
) -> list[tuple[str, int, int]]:
    machine.signatures = {}
    assume = machine.ternary.assume
    watching = reduced(machine.graph, latches_of(machine.ternary), FALSE, assume, tuple(wanted.values()))
    seen = random_simulation.reached(machine, watching, deadline)
    missing = []
    for (key, literal), reached in zip(wanted.items(), seen, strict=True):
        if reached:
            continue
        if literal == FALSE or not _reachable(machine, literal, deadline):
            missing.append(key)
    return missing


def _is_unreachable(system: TransitionSystem, deadline: Deadline) -> bool:
    if system.bad == FALSE:
        return True
    if not system.latches:
        return isinstance(satisfiability.search(system, 1, deadline), Proved)
    return isinstance(abc.check(system, deadline), Proved)


def _reachable(machine: ProductMachine, literal: int, deadline: Deadline) -> bool:
    system = reduced(machine.graph, latches_of(machine.ternary), literal, machine.ternary.assume)
    slice_ = Deadline(min(2.0, deadline.remaining_s()))
    if isinstance(satisfiability.search(system, 12, slice_), Refuted):
        return True
    return bool(system.latches) and isinstance(abc.check(system, Deadline(min(3.0, deadline.remaining_s()))), Refuted)
