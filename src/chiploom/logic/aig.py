"""The and-inverter graph: every function of the prover is built of two-input ANDs and inverters.

A *literal* is ``2 * node + inverted``. Node 0 is the constant false, so literal 0 is false and literal 1 is true.
Nodes are numbered in topological order: the fan-ins of a node have smaller numbers. Construction is structurally
hashed with one- and two-level simplification (Brummayer and Biere, "Local Two-Level And-Inverter Graph
Minimization without Blowup", MEMICS 2006, rules of contradiction, subsumption and idempotence), so that equal
structure means equal literals.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Iterable, Mapping, Sequence

from chiploom.errors import LimitReached

FALSE = 0
TRUE = 1

#: A pair of literals is hashed as one integer; literals are smaller than two to this power.
_SHIFT = 32


class AndInverterGraph:
    """A growing graph of inputs and AND nodes.

    Parameters
    ----------
    node_limit : int
        Size at which construction stops with :class:`LimitReached` ("aig_nodes").
    base : AndInverterGraph, optional
        A graph to continue: its nodes are part of this one, under the same numbers. It must not grow any more. Many
        graphs can continue the same base at once.

    Attributes
    ----------
    fanin0, fanin1 : array of int
        Literals of a node's fan-ins; -1 for the constant and for inputs.
    """

    def __init__(self, node_limit: int = 2_000_000, base: AndInverterGraph | None = None) -> None:
        # Arrays rather than lists: a tenth of the memory, and a forked process that only reads them copies no page.
        self.fanin0: array[int] = array("i", [-1]) if base is None else array("i", base.fanin0)
        self.fanin1: array[int] = array("i", [-1]) if base is None else array("i", base.fanin1)
        self.node_limit = node_limit
        self._known: dict[int, int] = {}
        self._known_before: Mapping[int, int] = {}
        if base is not None:
            self._known_before = {**base._known_before, **base._known} if base._known_before else base._known

    def __len__(self) -> int:
        return len(self.fanin0)

    def __getstate__(self) -> tuple[int, bytes, bytes]:
        return self.node_limit, self.fanin0.tobytes(), self.fanin1.tobytes()

    def __setstate__(self, state: tuple[int, bytes, bytes]) -> None:
        """Rebuild a graph; what was written by a process that read hostile files is checked.

        Raises
        ------
        ValueError
            If this is no graph in topological order.
        """
        self.node_limit, first, second = state
        self.fanin0, self.fanin1 = array("i", first), array("i", second)
        self._known_before = {}
        self._known = known = {}
        if len(self.fanin0) != len(self.fanin1) or not self.fanin0 or self.fanin0[0] != -1:
            raise ValueError("no graph")
        for node, (a, b) in enumerate(zip(self.fanin0, self.fanin1, strict=True)):
            if a >= 0:
                if not a < b < node << 1:
                    raise ValueError(f"node {node} of a graph is out of order")
                known[a << _SHIFT | b] = node << 1
            elif b != a:
                raise ValueError(f"node {node} of a graph is neither input nor gate")

    def new_input(self) -> int:
        """Add an input and return its (positive) literal."""
        self.fanin0.append(-1)
        self.fanin1.append(-1)
        return (len(self.fanin0) - 1) << 1

    def is_and(self, node: int) -> bool:
        """Tell whether ``node`` is an AND (neither an input nor the constant)."""
        return self.fanin0[node] >= 0

    def and_(self, a: int, b: int) -> int:
        """Return the literal of ``a AND b``."""
        if a > b:
            a, b = b, a
        if a < 2:
            return b if a else 0
        if a >> 1 == b >> 1:
            return a if a == b else 0
        key = a << _SHIFT | b
        known = self._known.get(key)
        if known is None:
            known = self._known_before.get(key)
        if known is not None:
            return known
        simpler = self._simpler(a, b)
        if simpler >= 0:
            return simpler
        node = len(self.fanin0)
        if node > self.node_limit:
            raise LimitReached("aig_nodes", f"the design needs more than {self.node_limit} gates in the proof")
        self.fanin0.append(a)
        self.fanin1.append(b)
        self._known[key] = node << 1
        return node << 1

    def _simpler(self, a: int, b: int) -> int:
        """Return the literal of ``a AND b`` by a two-level rule, -1 where none applies."""
        # Either operand as the deeper one; the later node first.
        for deep, other in ((b, a), (a, b)):
            p = self.fanin0[deep >> 1]
            if p < 0:
                continue
            q = self.fanin1[deep >> 1]
            inverse = other ^ 1
            if deep & 1:
                if inverse in (p, q):  # ~(p & q) with other = ~p: implied
                    return other
                if other == p:  # p & ~(p & q) = p & ~q
                    return self.and_(p, q ^ 1)
                if other == q:
                    return self.and_(q, p ^ 1)
            else:
                if other in (p, q):
                    return deep
                if inverse in (p, q):
                    return 0
        return -1

    def or_(self, a: int, b: int) -> int:
        """Return the literal of ``a OR b``."""
        return self.and_(a ^ 1, b ^ 1) ^ 1

    def xor(self, a: int, b: int) -> int:
        """Return the literal of ``a XOR b``."""
        if a > b:
            a, b = b, a
        if a < 2:
            return a ^ b
        if a == b:
            return 0
        if a ^ 1 == b:
            return 1
        inverted = (a ^ b) & 1
        a &= ~1
        b &= ~1
        return self.and_(self.and_(a, b ^ 1) ^ 1, self.and_(a ^ 1, b) ^ 1) ^ 1 ^ inverted

    def mux(self, select: int, when_true: int, when_false: int) -> int:
        """Return the literal of ``select ? when_true : when_false``."""
        if select < 2:
            return when_true if select else when_false
        if when_true == when_false:
            return when_true
        if when_true ^ 1 == when_false:
            return self.xor(select, when_false)
        return self.and_(self.and_(select, when_true) ^ 1, self.and_(select ^ 1, when_false) ^ 1) ^ 1

    def and_all(self, literals: Iterable[int]) -> int:
        """Return the conjunction of ``literals`` as a balanced tree."""
        level = list(literals)
        while len(level) > 1:
            level = [
                self.and_(level[i], level[i + 1]) if i + 1 < len(level) else level[i] for i in range(0, len(level), 2)
            ]
        return level[0] if level else TRUE

    def or_all(self, literals: Iterable[int]) -> int:
        """Return the disjunction of ``literals`` as a balanced tree."""
        return self.and_all(literal ^ 1 for literal in literals) ^ 1

    def cone(self, roots: Iterable[int]) -> list[int]:
        """Return the nodes (inputs and ANDs, not the constant) that ``roots`` depend on, in topological order."""
        marks = self.marked(roots)
        return list(itertools.compress(range(len(marks)), marks))

    def marked(self, roots: Iterable[int]) -> bytearray:
        """Return one byte per node: whether it is in the cone of ``roots``, the constant excepted."""
        fanin0, fanin1 = self.fanin0, self.fanin1
        marks = bytearray(len(fanin0))
        last = 0
        for root in roots:
            marks[root >> 1] = 1
            last = max(last, root >> 1)
        for node in range(last, 0, -1):
            if marks[node]:
                a = fanin0[node]
                if a >= 0:
                    marks[a >> 1] = 1
                    marks[fanin1[node] >> 1] = 1
        marks[0] = 0
        return marks

    def mark_more(self, marks: bytearray, roots: Iterable[int]) -> None:
        """Add the cone of further ``roots`` to the marks of another; costs no more than what is added."""
        fanin0, fanin1 = self.fanin0, self.fanin1
        stack = [root >> 1 for root in roots if root > 1]
        while stack:
            node = stack.pop()
            if not marks[node]:
                marks[node] = 1
                if fanin0[node] >= 0:
                    stack.append(fanin0[node] >> 1)
                    stack.append(fanin1[node] >> 1)

    def substitute(self, replacement: Mapping[int, int], roots: Sequence[int]) -> list[int]:
        """Return ``roots`` with the input nodes of ``replacement`` replaced by the literals it gives.

        Parameters
        ----------
        replacement : mapping of int to int
            Input node to literal of this same graph.
        roots : sequence of int
            Literals to rebuild.
        """
        built: dict[int, int] = {0: 0}
        fanin0, fanin1 = self.fanin0, self.fanin1
        for node in self.cone(roots):
            a = fanin0[node]
            if a < 0:
                built[node] = replacement.get(node, node << 1)
            else:
                b = fanin1[node]
                built[node] = self.and_(built[a >> 1] ^ (a & 1), built[b >> 1] ^ (b & 1))
        return [built[root >> 1] ^ (root & 1) for root in roots]
