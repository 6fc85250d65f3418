"""What submissions are held against, checked and built once: a reference, with its environment."""

from __future__ import annotations

from dataclasses import dataclass

from chiploom.errors import LimitReached, ReferenceError_
from chiploom.hdl.netlist import CASE_EQUALITY_CELLS, Netlist
from chiploom.hdl.read import Elaborated
from chiploom.logic.clocking import TimeModel
from chiploom.prove import vacuity
from chiploom.prove.interface import asynchronous_loops
from chiploom.prove.machine import ProductMachine
from chiploom.prove.sides import AuthorSides, author_sides
from chiploom.prove.solvers import random_simulation, satisfiability, three_valued
from chiploom.prove.system import Deadline, Proved, Refuted
from chiploom.prove.verdict import Limits
from chiploom.prove.yosys_sim import BenchText, bench_text

#: Shares of the time limit for each thing that may have to be shown about a reference.
_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference that is fit to judge by; picklable.

    Attributes
    ----------
    design, environment : Elaborated
        As read.
    built : AuthorSides or None
        Both in one graph, for submissions that use clocks as the reference does.
    texts : tuple of (Netlist, BenchText)
        Both as the simulator reads them, for replays.
    is_monotone : bool
        Whether choosing values for its unknowns can only make its outputs more certain. ``===`` breaks that: it is
        certain about an x. Solvers that choose rest on it.
    beyond : LimitReached or None
        Why there is nothing built: it is too large, or holds what nobody can prove.
    """

    design: Elaborated
    environment: Elaborated | None = None
    built: AuthorSides | None = None
    texts: tuple[tuple[Netlist, BenchText], ...] = ()
    is_monotone: bool = True
    beyond: tuple[str, str] | None = None

    @property
    def netlist(self) -> Netlist:
        """The reference's netlist."""
        return self.design.netlist

    @property
    def rules(self) -> Netlist | None:
        """The environment's netlist."""
        return None if self.environment is None else self.environment.netlist


def prepare_reference(
    design: Elaborated,
    environment: Elaborated | None = None,
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Reference:
    """Check a reference and its environment, and build what every proof against them needs.

    Raises
    ------
    ReferenceError_
        ``no-outputs``; ``reference-loop``; ``environment-ports`` when the environment does not fit;
        ``environment-blocks`` when it allows no run; ``environment-hides`` when it never compares a port.
    """
    reference = design.netlist
    if all(port.direction == "input" for port in reference.ports.values()):
        raise ReferenceError_("no-outputs", "the reference has no output, so there is nothing to compare; give it one")
    rules = None if environment is None else environment.netlist
    if rules is not None:
        check_environment(reference, rules)
    try:
        built = author_sides(reference, rules, node_limit=limits.aig_nodes)
        loops = asynchronous_loops(reference, built.ternary.blasted.cut_loops)
        if loops:
            raise ReferenceError_("reference-loop", f"in the reference {loops[0].message}")
        machine = ProductMachine(reference, reference, rules, power_up="initial", built=built)
        if rules is not None:
            _check_rules(machine, limits.time_s)
        monotone = is_monotone(machine, Deadline(limits.time_s * _SHARE))
    except LimitReached as reached:
        return Reference(design, environment, beyond=(reached.limit, reached.message))
    texts = tuple((netlist, bench_text(netlist)) for netlist in (reference, rules) if netlist is not None)
    return Reference(design, environment, built, texts, monotone)


def check_environment(reference: Netlist, environment: Netlist) -> None:
    """Refuse an environment whose ports do not fit the task.

    Raises
    ------
    ReferenceError_
        ``environment-ports``.
    """
    for port in environment.ports.values():
        if port.direction == "output":
            target = port.name.removeprefix("compare_")
            fits = port.name == "assume_ok" or (port.name.startswith("compare_") and target in reference.ports)
            if not fits or port.width != 1:
                raise ReferenceError_(
                    "environment-ports",
                    f"environment output '{port.name}' must be assume_ok or compare_<output port>, one bit wide",
                )
            continue
        known = reference.ports.get(port.name)
        if known is None or known.width != port.width:
            raise ReferenceError_(
                "environment-ports",
                f"environment input '{port.name}' ({port.width} bits) is not a port of the reference of that width",
            )


def is_monotone(machine: ProductMachine, deadline: Deadline) -> bool:
    """Tell whether every choice of values agrees with what the three-valued reference is certain of.

    Parameters
    ----------
    machine : ProductMachine
        The reference against itself: whether it is equal to every choice can itself be proved.
    """
    if machine.environment is not None and _tells_unknowns(machine.environment):
        return False
    if not _tells_unknowns(machine.reference):
        return True
    if isinstance(random_simulation.solve(machine, deadline.part(0.3)), Refuted):
        return False
    solver = satisfiability if machine.model is TimeModel.COMBINATIONAL else three_valued
    return isinstance(solver.solve(machine, deadline), Proved)


def _tells_unknowns(netlist: Netlist) -> bool:
    return any(cell.type in CASE_EQUALITY_CELLS for cell in netlist.cells)


def _check_rules(machine: ProductMachine, limit_s: float) -> None:
    """Refuse an environment under which nothing could be shown."""
    if vacuity.blocks_every_run(machine, limit_s * _SHARE):
        raise ReferenceError_(
            "environment-blocks", "the environment's assume_ok allows no run at all, so nothing could be shown"
        )
    hidden = vacuity.never_compared(machine, limit_s * _SHARE)
    if hidden:
        names = ", ".join(f"compare_{name}" for name in hidden)
        raise ReferenceError_(
            "environment-hides",
            f"the environment's {names} is never 1 in any allowed run, so any answer would pass; say when it counts",
        )
