"""Questions to the SAT solver (CaDiCaL through python-sat) about literals of a graph, under a deadline."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType

from pysat.solvers import Solver

from chiploom.logic.aig import AndInverterGraph
from chiploom.prove.system import Deadline

_SOLVER = "cadical195"
_CONFLICTS_PER_SLICE = 2000


class SatOracle:
    """Incremental satisfiability of conjunctions of literals.

    Gates are encoded (Tseitin, 1968) when a question first needs them. Use as a context manager.
    """

    def __init__(self, graph: AndInverterGraph) -> None:
        self._graph = graph
        self._encoded: set[int] = {0}
        self._solver = Solver(name=_SOLVER)
        # Variable 1 stands for node 0: false. Node n is variable n + 1.
        self._solver.add_clause([-1])

    def __enter__(self) -> SatOracle:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._solver.delete()

    def satisfiable(self, literals: Iterable[int], deadline: Deadline) -> bool | None:
        """Tell whether all ``literals`` can hold at once; None when the deadline passes first."""
        wanted = list(literals)
        if 0 in wanted:
            return False
        self._encode(wanted)
        assumptions = [self._variable(literal) for literal in wanted]
        budget = _CONFLICTS_PER_SLICE
        while True:
            self._solver.conf_budget(budget)
            answer = self._solver.solve_limited(assumptions=assumptions)
            if answer is not None:
                return bool(answer)
            if deadline.remaining_s() <= 0:
                return None
            budget = min(budget * 2, 20_000)

    def require(self, literal: int) -> None:
        """Assert ``literal`` for all later questions."""
        self._encode([literal])
        self._solver.add_clause([self._variable(literal)])

    def model(self) -> dict[int, int]:
        """Return the values of the encoded nodes in the last satisfying assignment."""
        values = self._solver.get_model() or []
        return {abs(value) - 1: int(value > 0) for value in values if abs(value) - 1 in self._encoded}

    def _encode(self, roots: list[int]) -> None:
        fanin0, fanin1 = self._graph.fanin0, self._graph.fanin1
        encoded = self._encoded
        stack = [root >> 1 for root in roots]
        add = self._solver.add_clause
        while stack:
            node = stack.pop()
            if node in encoded:
                continue
            encoded.add(node)
            a = fanin0[node]
            if a < 0:
                continue
            b = fanin1[node]
            p, q = self._variable(a), self._variable(b)
            out = node + 1
            add([-out, p])
            add([-out, q])
            add([out, -p, -q])
            stack.append(a >> 1)
            stack.append(b >> 1)

    def _variable(self, literal: int) -> int:
        variable = (literal >> 1) + 1
        return -variable if literal & 1 else variable
