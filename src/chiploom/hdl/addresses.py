"""Signed addresses of memories, written so that the elaboration keeps their sign.

Yosys' memories know no sign: with ``reg signed [2:0] a`` and ``reg m [0:7]`` it reads ``m[a]`` for -1 as word 7, where
there is no word -1. The text for the elaboration (and only that) becomes ``m[33'(a)]``, in which a negative address
is beyond the last word.
"""

from __future__ import annotations

from typing import Any

from pyslang import ast

from chiploom.errors import LimitReached
from chiploom.hdl.asynchronous import edit
from chiploom.hdl.elaborate import Edit
from chiploom.hdl.locate import Locator

#: No array is so large that a negative number of this width would be one of its addresses.
_WIDTH = 33

_Kind = ast.SymbolKind


def signed_addresses(compilation: Any, locator: Locator) -> list[Edit]:
    """Return the edits that keep the sign of addresses that would be mistaken for others.

    Raises
    ------
    LimitReached
        ``unsupported-memory`` where a macro writes such an address.
    """
    edits: dict[tuple[int, int], Edit] = {}
    for selector in _mistakable(compilation):
        start, end = selector.sourceRange.start, selector.sourceRange.end
        made = edit(start, None, f"{_WIDTH}'(", locator), edit(end, None, ")", locator)
        if not all(made):
            raise LimitReached(
                "unsupported-memory", "a macro addresses a memory with a signed value; make the address unsigned"
            )
        edits.update(((found.unit, found.start), found) for found in filter(None, made))
    return list(edits.values())


def _mistakable(compilation: Any) -> list[Any]:
    found: list[Any] = []
    waiting = [top.body for top in compilation.getRoot().topInstances]

    def visit(node: Any) -> Any:
        if isinstance(node, ast.InstanceSymbol):
            waiting.append(node.body)
            for connection in node.portConnections:
                if connection.expression is not None:
                    connection.expression.visit(visit)
            return ast.VisitAction.Skip
        if isinstance(node, ast.ElementSelectExpression) and _loses_its_sign(node):
            found.append(node.selector)
        return ast.VisitAction.Advance

    while waiting:
        body = waiting.pop()
        if _has_arrays(body):
            body.visit(visit)
        else:
            waiting.extend(_instances(body))
    return found


def _loses_its_sign(node: Any) -> bool:
    array, address = node.value.type.canonicalType, node.selector.type
    if not array.isUnpackedArray or not address.isSigned or node.selector.constant is not None:
        return False
    return bool(array.hasFixedRange and array.fixedRange.upper >= 1 << (address.bitWidth - 1))


def _members(body: Any) -> list[Any]:
    """Return what a module declares, also in its generate blocks."""
    members, waiting = [], [body]
    while waiting:
        for member in waiting.pop():
            members.append(member)
            if member.kind in (_Kind.GenerateBlock, _Kind.GenerateBlockArray, _Kind.InstanceArray):
                waiting.append(member)
    return members


def _has_arrays(body: Any) -> bool:
    return any(
        member.kind in (_Kind.Variable, _Kind.Net) and member.type.canonicalType.isUnpackedArray
        for member in _members(body)
    )


def _instances(body: Any) -> list[Any]:
    return [member.body for member in _members(body) if member.kind == _Kind.Instance]
