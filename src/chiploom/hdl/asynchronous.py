"""Registers with an asynchronous set beside an asynchronous reset, written so that the elaboration reads them.

Yosys' slang front end knows one asynchronous control for a register. The usual form with several,

    always @(posedge clk or posedge rst or negedge set_n)
        if (rst) q <= 0; else if (!set_n) q <= 1; else q <= d;

means one asynchronous load with a chosen value. The text for the elaboration (and only that) becomes

    wire load = (rst) || !(set_n); always @(posedge clk or posedge load)
        if (load) begin if (rst) q <= 0; else q <= 1; end else q <= d;

on the same lines. A block whose conditions are not exactly its asynchronous signals is left as it is, and so is one
with a control of several bits: its edge is that of the lowest bit, its condition asks for any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pyslang import ast, parsing, syntax

from chiploom.hdl.elaborate import Edit
from chiploom.hdl.locate import Locator
from chiploom.hdl.policy import sensitivity
from chiploom.hdl.survey import Survey

_Kind = syntax.SyntaxKind
_Symbol = ast.SymbolKind

#: Where a single item stands without ``begin`` and ``end``.
_GENERATES = (_Kind.IfGenerate, _Kind.LoopGenerate, _Kind.ElseClause, _Kind.StandardCaseItem, _Kind.DefaultCaseItem)


def joined_controls(found: Survey, compilation: Any, locator: Locator) -> Iterator[Edit]:
    """Yield the edits that join the asynchronous controls of each register with several of them."""
    blocks = [
        (block, edges, f"chiploom_load_{kind.name}_{number}")
        for kind in (_Kind.AlwaysBlock, _Kind.AlwaysFFBlock)
        for number, block in enumerate(found.kept[kind])
        for edges, levels in (sensitivity(block),)
        if len(edges) > 2 and not levels
    ]
    if not blocks:
        return
    wide = _with_wide_edges(compilation, {_key(block): edges for block, edges, _ in blocks})
    for block, edges, name in blocks:
        if _key(block) not in wide:
            yield from _joined(block, edges, name, locator)


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
    if chain is None or not all(map(_is_plain, edges)):
        return
    controls = [_active(statement.predicate.conditions[0].expr) for statement, _ in chain]
    active = {_edge(edge): edge for edge in edges}
    if len(active) != len(edges) or len(set(controls)) != len(controls):
        return
    if any(control not in active for control in controls):
        return
    clocks = [key for key in active if key not in controls]
    # An escaped name stands for the plain one too, and ends with its blank.
    clock = f"{'posedge' if clocks[0][1] else 'negedge'} \\{clocks[0][0]} "
    load = " || ".join(f"{'' if high else '!'}\\{signal} " for signal, high in filter(None, controls))
    event_list, (last, opened) = block.statement.timingControl.sourceRange, chain[-1]
    alone = block.parent.kind in _GENERATES
    otherwise = last.elseClause
    joined = [
        (block.sourceRange.start, None, f"{'begin ' if alone else ''}wire {name} = {load}; "),
        (event_list.start, event_list.end, f"@({clock} or posedge {name})"),
        (chain[0][0].sourceRange.start, None, f"if ({name}) begin "),
        (last.sourceRange.start, last.closeParen.range.end, ""),
        # What was opened on the way to the last condition is closed here; its own ends close what is opened anew.
        (otherwise.elseKeyword.location, None, "end " * (len(opened) + 1)),
    ]
    if opened:
        joined.append((otherwise.clause.sourceRange.start, None, "".join(map(_begin, opened))))
    # A name belongs to the part with the end of the block, which may repeat it.
    names = [inner.blockName.sourceRange for inner in opened if inner.blockName is not None]
    joined.extend((name.start, name.end, "") for name in names)
    if alone:
        joined.append((block.sourceRange.end, None, " end"))
    edits = [edit(start, end, text, locator) for start, end, text in joined]
    if all(edits):
        yield from filter(None, edits)


def _chain(statement: Any, length: int) -> list[tuple[Any, list[Any]]] | None:
    """Return the first ``if`` statements of a chain ``if ... else if ... else``; None if it is no such chain.

    Each comes with the blocks around it that lie inside the first.
    """
    statement, _ = _unwrapped(statement)
    found: list[tuple[Any, list[Any]]] = []
    opened: list[Any] = []
    while True:
        if statement.kind != _Kind.ConditionalStatement or len(statement.predicate.conditions) != 1:
            return None
        if statement.elseClause is None:
            return None
        found.append((statement, opened))
        if len(found) == length:
            return found
        statement, blocks = _unwrapped(statement.elseClause.clause)
        opened = opened + blocks


def _unwrapped(statement: Any) -> tuple[Any, list[Any]]:
    """Return what stands alone in blocks, and them."""
    opened = []
    while statement.kind == _Kind.SequentialBlockStatement and len(statement.items) == 1:
        opened.append(statement)
        statement = statement.items[0]
    return statement, opened


def _begin(block: Any) -> str:
    return "begin " if block.blockName is None else f"begin : \\{block.blockName.name.valueText} "


def _key(block: Any) -> tuple[int, int]:
    start = block.sourceRange.start
    return start.buffer.id, start.offset


def _with_wide_edges(compilation: Any, blocks: Mapping[tuple[int, int], list[Any]]) -> set[tuple[int, int]]:
    """Return the keys of those of ``blocks`` that wait, in some instance, for an edge of several bits."""
    wide: set[tuple[int, int]] = set()
    waiting = [top.body for top in compilation.getRoot().topInstances]
    while waiting:
        for member in waiting.pop():
            if member.kind == _Symbol.ProceduralBlock and member.syntax is not None:
                key = _key(member.syntax)
                names = [edge.expr.identifier.valueText for edge in blocks.get(key, ()) if _is_plain(edge)]
                signals = [member.parentScope.lookupName(f"\\{name} ") for name in names]
                if any(signal is None or signal.type.bitWidth != 1 for signal in signals):
                    wide.add(key)
            elif member.kind == _Symbol.Instance:
                waiting.append(member.body)
            elif member.kind in (_Symbol.GenerateBlock, _Symbol.GenerateBlockArray, _Symbol.InstanceArray):
                waiting.append(member)
    return wide


def _is_plain(edge: Any) -> bool:
    return bool(edge.expr.kind == _Kind.IdentifierName)


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
