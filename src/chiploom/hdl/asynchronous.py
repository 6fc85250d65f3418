"""Registers with an asynchronous set beside an asynchronous reset, written so that the elaboration reads them.

Yosys' slang front end knows one asynchronous control for a register. The usual form with several,

    always @(posedge clk or posedge rst or negedge set_n)
        if (rst) q <= 0; else if (!set_n) q <= 1; else q <= d;

means one asynchronous load with a chosen value. The text for the elaboration (and only that) becomes

    wire load = (rst) || !(set_n); always @(posedge clk or posedge load)
        if (load) begin if (rst) q <= 0; else q <= 1; end else q <= d;

on the same lines. A block whose conditions are not exactly its asynchronous signals is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyslang import parsing, syntax

from chiploom.hdl.elaborate import Edit
from chiploom.hdl.locate import Locator
from chiploom.hdl.policy import sensitivity
from chiploom.hdl.survey import Survey

_Kind = syntax.SyntaxKind


def joined_controls(found: Survey, locator: Locator) -> Iterator[Edit]:
    """Yield the edits that join the asynchronous controls of each register with several of them."""
    for kind in (_Kind.AlwaysBlock, _Kind.AlwaysFFBlock):
        for number, block in enumerate(found.kept[kind]):
            edges, levels = sensitivity(block)
            if len(edges) > 2 and not levels:
                yield from _joined(block, edges, f"chiploom_load_{kind.name}_{number}", locator)


def edit(start: Any, end: Any, text: str, locator: Locator) -> Edit | None:
    """Return what puts ``text`` in the place of a source range, or before ``start``; None inside a macro."""
    if not locator.manager.isFileLoc(start):
        return None
    place = locator.unit_offset(start)
    if place is None:
        return None
    unit, offset = place
    number = locator.units.index(unit)
    if end is None:
        return Edit(number, offset, offset, text)
    last = locator.unit_offset(end) if locator.manager.isFileLoc(end) else None
    if last is None or last[0] is not unit:
        return None
    # What the edit removes may span lines; its line ends stay, so that later lines keep their numbers.
    return Edit(number, offset, last[1], text + "\n" * unit.bytes_at(offset, last[1]).count("\n"))


def _joined(block: Any, edges: list[Any], name: str, locator: Locator) -> Iterator[Edit]:
    chain = _chain(block.statement.statement, len(edges) - 1)
    if chain is None or not all(edge.expr.kind == _Kind.IdentifierName for edge in edges):
        return
    controls = [_active(statement.predicate.conditions[0].expr) for statement in chain]
    active = {_edge(edge): edge for edge in edges}
    if len(active) != len(edges) or len(set(controls)) != len(controls):
        return
    if any(control not in active for control in controls):
        return
    clocks = [key for key in active if key not in controls]
    clock = f"{'posedge' if clocks[0][1] else 'negedge'} {clocks[0][0]}"
    load = " || ".join(signal if high else f"!{signal}" for signal, high in filter(None, controls))
    event_list, last = block.statement.timingControl.sourceRange, chain[-1]
    joined = (
        (block.sourceRange.start, None, f"wire {name} = {load}; "),
        (event_list.start, event_list.end, f"@({clock} or posedge {name})"),
        (chain[0].sourceRange.start, None, f"if ({name}) begin "),
        (last.sourceRange.start, last.closeParen.range.end, ""),
        (last.elseClause.elseKeyword.location, None, "end "),
    )
    edits = [edit(start, end, text, locator) for start, end, text in joined]
    if all(edits):
        yield from filter(None, edits)


def _chain(statement: Any, length: int) -> list[Any] | None:
    """Return the first ``if`` statements of a chain ``if ... else if ... else``; None if it is no such chain."""
    if statement.kind == _Kind.SequentialBlockStatement and len(statement.items) == 1:
        statement = statement.items[0]
    found: list[Any] = []
    while True:
        if statement.kind != _Kind.ConditionalStatement or len(statement.predicate.conditions) != 1:
            return None
        if statement.elseClause is None:
            return None
        found.append(statement)
        if len(found) == length:
            return found
        statement = statement.elseClause.clause


def _active(condition: Any) -> tuple[str, bool] | None:
    """Return (signal, active high) of ``x``, ``!x``, ``~x``, ``x == 1``; None for any other condition."""
    while condition.kind == _Kind.ParenthesizedExpression:
        condition = condition.expression
    if condition.kind == _Kind.IdentifierName:
        return condition.identifier.valueText, True
    if condition.kind in (_Kind.UnaryLogicalNotExpression, _Kind.UnaryBitwiseNotExpression):
        inner = _active(condition.operand)
        return None if inner is None else (inner[0], not inner[1])
    if condition.kind == _Kind.EqualityExpression and condition.left.kind == _Kind.IdentifierName:
        value = {"1": True, "1'b1": True, "0": False, "1'b0": False}.get(str(condition.right).strip())
        return None if value is None else (condition.left.identifier.valueText, value)
    return None


def _edge(edge: Any) -> tuple[str, bool]:
    return edge.expr.identifier.valueText, edge.edge.kind == parsing.TokenKind.PosEdgeKeyword
