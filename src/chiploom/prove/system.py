"""A transition system over one graph: what every solver reads, whatever it stands for."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from chiploom.errors import LimitReached
from chiploom.logic.aig import TRUE, AndInverterGraph
from chiploom.logic.simulation import Step, stepper


@dataclass(frozen=True, slots=True)
class Latch:
    """One bit of state: its node, its power-up value (None: free) and the literal of its next value."""

    node: int
    initial: int | None
    next: int


@dataclass(frozen=True)
class TransitionSystem:
    """Latches, a ``bad`` literal and a ``constraint`` that holds at every step of a legal run.

    Attributes
    ----------
    graph : AndInverterGraph
        Holds all literals. Input nodes that are no latch are free at every step.
    latches : tuple of Latch
        Those that ``bad`` and ``constraint`` depend on, and only those.
    bad, constraint : int
        Literals. A run is a counterexample when ``constraint`` holds at each of its steps and ``bad`` at its last.
    watched : tuple of int
        Further literals whose values somebody wants to see in simulation.
    """

    graph: AndInverterGraph
    latches: tuple[Latch, ...]
    bad: int
    constraint: int = TRUE
    watched: tuple[int, ...] = ()

    @cached_property
    def latch_nodes(self) -> frozenset[int]:
        """Nodes of the latches."""
        return frozenset(latch.node for latch in self.latches)

    @cached_property
    def cone(self) -> tuple[int, ...]:
        """All nodes of one step, in topological order."""
        roots = [self.bad, self.constraint, *self.watched, *(latch.next for latch in self.latches)]
        return tuple(self.graph.cone(roots))

    @cached_property
    def gates(self) -> tuple[int, ...]:
        """The AND nodes of :attr:`cone`."""
        fanin0 = self.graph.fanin0
        return tuple([node for node in self.cone if fanin0[node] >= 0])

    @cached_property
    def inputs(self) -> tuple[int, ...]:
        """The free input nodes of :attr:`cone`."""
        latches = self.latch_nodes
        fanin0 = self.graph.fanin0
        return tuple([node for node in self.cone if fanin0[node] < 0 and node not in latches])


def reduced(
    graph: AndInverterGraph,
    latches: Mapping[int, Latch],
    bad: int,
    constraint: int = TRUE,
    watched: tuple[int, ...] = (),
) -> TransitionSystem:
    """Return the system with only the latches that matter, directly or through other latches."""
    marks = graph.marked([bad, constraint, *watched])
    waiting = dict(latches)
    needed: dict[int, Latch] = {}
    while True:
        reached = [node for node in waiting if marks[node]]
        if not reached:
            break
        for node in reached:
            needed[node] = waiting.pop(node)
        graph.mark_more(marks, [needed[node].next for node in reached])
    latches_in_order = tuple(needed[node] for node in sorted(needed))
    system = TransitionSystem(graph, latches_in_order, bad, constraint, watched)
    # The marks are the cone already; the property would look for it again.
    system.__dict__["cone"] = tuple(itertools.compress(range(len(marks)), marks))
    return system


def one_step(
    system: TransitionSystem, watched: Sequence[int], mask: int, *, make: Callable[..., Step] = stepper
) -> Step:
    """Return one step of a system as a function, by which its runs are simulated lane by lane.

    Parameters
    ----------
    watched : sequence of int
        Literals whose values the function returns beside the next values of the latches.
    mask : int
        One per lane.
    make : function
        :func:`~chiploom.logic.simulation.stepper` for long runs, :func:`~chiploom.logic.simulation.interpreter` for
        short ones.
    """
    latches = [latch.node for latch in system.latches]
    following = [latch.next for latch in system.latches]
    return make(system.graph, system.gates, system.inputs, latches, watched, following, mask)


@dataclass(frozen=True, slots=True)
class Stimulus:
    """A run: power-up values of free latches and the values of the free inputs at each step.

    Nodes that are missing may have any value.
    """

    initial: Mapping[int, int]
    steps: tuple[Mapping[int, int], ...]


@dataclass(frozen=True, slots=True)
class Proved:
    """The bad literal can never hold."""


@dataclass(frozen=True, slots=True)
class Refuted:
    """A run that reaches the bad literal."""

    stimulus: Stimulus


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing was decided; no bad step within the first ``bound`` steps, where that was shown."""

    bound: int = 0


Answer = Proved | Refuted | Unknown


@dataclass(slots=True)
class Deadline:
    """Time that may still be spent."""

    limit_s: float
    started_s: float = field(default_factory=time.monotonic)

    def remaining_s(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.limit_s - (time.monotonic() - self.started_s))

    def check(self) -> None:
        """Raise :class:`LimitReached` ("time") when nothing is left."""
        if self.remaining_s() <= 0:
            raise LimitReached("time", f"the time limit of {self.limit_s:g} s was reached")

    def part(self, share: float) -> Deadline:
        """Return a deadline for ``share`` (0 to 1) of what is left."""
        return Deadline(self.remaining_s() * share)
