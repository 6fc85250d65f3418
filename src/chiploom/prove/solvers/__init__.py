"""One small module per way of deciding, behind one interface.

Each module has ``METHOD``, the name a verdict gives, and ``solve(machine, deadline) -> Answer``. A solver that
cannot decide says :class:`~chiploom.prove.system.Unknown`; none may guess. The engine asks them in order of cost.
"""

from __future__ import annotations

from typing import Protocol

from chiploom.prove.machine import ProductMachine
from chiploom.prove.system import Answer, Deadline


class Solver(Protocol):
    """What a solver module offers."""

    METHOD: str

    def solve(self, machine: ProductMachine, deadline: Deadline) -> Answer:
        """Decide, refute or say Unknown before the deadline."""
