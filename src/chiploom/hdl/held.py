"""Bits that only an asynchronous reset assigns, written so that the elaboration keeps them.

Yosys' slang front end leaves a bit without a driver when its next value is the bit itself, also where a reset loads
it. Of

    always @(posedge clk or posedge rst) if (rst) q <= 2'b11; else q[1] <= d;

it keeps nothing for ``q[0]``, which then is unknown for ever. The text for the elaboration (and only that) becomes

    always @(posedge clk or posedge rst) if (rst) q <= 2'b11; else begin q <= type(q)'(~(~q)); q[1] <= d; end

on the same lines: the same next values, and a hold that the front end does not see through. Where other blocks drive
other bits of ``q``, only the bits that this block resets are held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from pyslang import ast, parsing, syntax

from chiploom.hdl.asynchronous import edit
from chiploom.hdl.elaborate import Edit
from chiploom.hdl.locate import Locator
from chiploom.hdl.policy import sensitivity
from chiploom.hdl.survey import Survey

_Kind = syntax.SyntaxKind
_Symbol = ast.SymbolKind
_DRIVERS = (
    _Kind.AlwaysBlock,
    _Kind.AlwaysFFBlock,
    _Kind.AlwaysCombBlock,
    _Kind.AlwaysLatchBlock,
    _Kind.ContinuousAssign,
)
_OPERATORS = {_Kind.NonblockingAssignmentExpression: "<=", _Kind.AssignmentExpression: "="}


def lost_registers(found: Survey, module: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of registers with an asynchronous reset that have bits without a driver that something reads.

    Parameters
    ----------
    found : Survey
        The source.
    module : mapping
        Its elaboration, as Yosys' JSON.
    """
    names = {name for block in _blocks(found) for name in _assigned_in_reset(block)}
    if not names:
        return frozenset()
    driven: set[Any] = {"0", "1", "x", "z"}
    read: set[Any] = set()
    for port in module["ports"].values():
        (read if port["direction"] == "output" else driven).update(port["bits"])
    for cell in module["cells"].values():
        connections = cell["connections"]
        if cell["type"] == "$buf":
            # What it lost the front end drives with x.
            driven.update(y for a, y in zip(connections["A"], connections["Y"], strict=True) if a != "x")
            read.update(connections["A"])
            continue
        for pin, direction in cell.get("port_directions", {}).items():
            (driven if direction == "output" else read).update(connections[pin])
    missing = read - driven
    lost = set()
    for name, net in module["netnames"].items():
        own = net["attributes"].get("hdlname", name).strip().split(" ")[-1].split(".")[-1].partition("[")[0]
        # The front end also leaves a net for each argument of a function, which nothing reads.
        if own in names and not net.get("hide_name") and not missing.isdisjoint(net["bits"]):
            lost.add(own)
    return frozenset(lost)


def held(found: Survey, compilation: Any, locator: Locator, names: Set[str]) -> tuple[list[Edit], frozenset[str]]:
    """Return the edits that keep the registers ``names``, and the names for which there is none."""
    edits: list[Edit] = []
    impossible = set(names) - _packed(compilation, names)
    shared = _shared(found)
    for block in _blocks(found):
        wanted = {name: way for name, way in _assigned_in_reset(block).items() if name in names - impossible}
        if not wanted:
            continue
        texts: list[tuple[str, str]] = []
        for name, (whole, sign) in wanted.items():
            loops = _genvars(block)
            parts = _parts(block, name, loops) if loops or name in shared else []
            if name in shared and not parts:
                impossible.add(name)
            texts.extend((part, sign) for part in parts or [whole])
        holds = "".join(f"{text} {sign} type({text})'(~(~{text})); " for text, sign in texts)
        made = [edit(place, None, text, locator) for place, text in _places(block, holds)]
        if all(made):
            edits.extend(filter(None, made))
        else:
            impossible.update(wanted)
    return edits, frozenset(impossible)


def _places(block: Any, holds: str) -> Iterator[tuple[Any, str]]:
    last = _controls(block)[-1]
    if last.elseClause is None:
        yield last.sourceRange.end, f" else begin {holds}end"
        return
    clause = last.elseClause.clause
    yield clause.sourceRange.start, f"begin {holds}"
    yield clause.sourceRange.end, " end"


def _blocks(found: Survey) -> Iterator[Any]:
    """Yield the blocks with asynchronous controls."""
    for kind in (_Kind.AlwaysBlock, _Kind.AlwaysFFBlock):
        for block in found.kept[kind]:
            edges, levels = sensitivity(block)
            if len(edges) > 1 and not levels and _controls(block):
                yield block


def _controls(block: Any) -> list[Any]:
    """Return the ``if`` statements of the asynchronous controls of a block, outermost first."""
    statement = block.statement.statement
    if statement.kind == _Kind.SequentialBlockStatement and len(statement.items) == 1:
        statement = statement.items[0]
    found: list[Any] = []
    for _ in range(len(sensitivity(block)[0]) - 1):
        if statement is None or statement.kind != _Kind.ConditionalStatement:
            break
        found.append(statement)
        statement = None if statement.elseClause is None else statement.elseClause.clause
    return found


def _assigned_in_reset(block: Any) -> dict[str, tuple[str, str]]:
    """Return the registers that the asynchronous controls assign: how each is written, and the operator."""
    controls = _controls(block)
    last = controls[-1].elseClause
    # Where the block itself assigns the register too, the hold must do so in the same way.
    otherwise = {} if last is None else _assigned(last.clause)
    found: dict[str, tuple[str, str]] = {}
    for control in controls:
        for name, (text, sign) in _assigned(control.statement).items():
            found.setdefault(name, (text, otherwise.get(name, (text, sign))[1]))
    return found


def _assigned(statement: Any) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for target, sign in _targets(statement):
        token = target.getFirstToken()
        found.setdefault(token.valueText, (_written(token), sign))
    return found


def _shared(found: Survey) -> frozenset[str]:
    """Return the names that several blocks and continuous assignments assign."""
    once: set[str] = set()
    again: set[str] = set()
    for kind in _DRIVERS:
        for block in found.kept[kind]:
            names = set(_assigned(block))
            again |= once & names
            once |= names
    return frozenset(again)


def _genvars(block: Any) -> frozenset[str]:
    """Return the variables of the generate loops around a block, which makes several blocks of it."""
    names = set()
    while block is not None:
        if block.kind == _Kind.LoopGenerate:
            names.add(block.identifier.valueText)
        block = block.parent
    return frozenset(names)


def _parts(block: Any, name: str, constants: Set[str]) -> list[str]:
    """Return how the resets of a block write what they assign of ``name``.

    Nothing if that takes other names than ``constants``, say the variable of a loop.
    """
    parts: dict[str, None] = {}
    for control in _controls(block):
        for target, _ in _targets(control.statement):
            first, *rest = _tokens(target)
            if first.valueText != name:
                continue
            if any(token.kind == parsing.TokenKind.Identifier and token.valueText not in constants for token in rest):
                return []
            parts["".join(map(_written, (first, *rest)))] = None
    return list(parts)


def _tokens(node: Any) -> list[Any]:
    found: list[Any] = []

    def visit(part: Any) -> None:
        if isinstance(part, parsing.Token):
            found.append(part)

    node.visit(visit)
    return found


def _written(token: Any) -> str:
    """Return a token as its author wrote it; an escaped name ends with a blank."""
    text: str = token.rawText
    return f"{text} " if text.startswith("\\") else text


def _targets(statement: Any) -> Iterator[tuple[Any, str]]:
    """Yield the left sides in a statement, parts of concatenations one by one, each with the operator."""
    found: list[tuple[Any, str]] = []

    def visit(node: Any) -> None:
        if isinstance(node, syntax.SyntaxNode) and node.kind in _OPERATORS:
            found.append((node.left, _OPERATORS[node.kind]))  # type: ignore[attr-defined]

    statement.visit(visit)
    while found:
        left, sign = found.pop(0)
        if left.kind == _Kind.ConcatenationExpression:
            found[:0] = [(part, sign) for part in left.expressions if isinstance(part, syntax.SyntaxNode)]
        else:
            yield left, sign


def _packed(compilation: Any, names: Set[str]) -> set[str]:
    """Return those of ``names`` that stand for a vector, packed structure or enumeration wherever they are declared."""
    packed: set[str] = set()
    other: set[str] = set()
    waiting = [top.body for top in compilation.getRoot().topInstances]
    while waiting:
        for member in waiting.pop():
            if member.kind in (_Symbol.Variable, _Symbol.Net) and member.name in names:
                (packed if member.type.isIntegral else other).add(member.name)
            elif member.kind == _Symbol.Instance:
                waiting.append(member.body)
            elif member.kind in (_Symbol.GenerateBlock, _Symbol.GenerateBlockArray, _Symbol.InstanceArray):
                waiting.append(member)
    return packed - other
