"""Rewrites of names and of the codes that stand for states."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pyslang.syntax import SyntaxKind, SyntaxNode

from chiploom.tasks.syntax import identifiers, walk
from rewrite_module import (
    ASSIGNMENTS,
    Module,
    below,
    target_names,
)


def renamed(module: Module) -> str | None:
    """Give every internal name another one."""
    ports = {signal.name for signal in module.signals.values() if signal.direction}
    declared: list[str] = []
    for node in walk(module.node):
        if node.kind == SyntaxKind.Declarator and not below(node, SyntaxKind.AnsiPortList):
            declared.append(node.name.valueText)
        elif node.kind == SyntaxKind.FunctionDeclaration:
            return None
    names = [name for name in dict.fromkeys(declared) if name not in ports]
    if not names or any(n.kind in (SyntaxKind.NamedPortConnection, SyntaxKind.ScopedName) for n in walk(module.node)):
        return None
    new = {name: module.fresh(f"n{len(names) - index}_{name[::-1]}") for index, name in enumerate(names)}
    edits = [module.parsed.replace(t, new[t.valueText]) for t in identifiers(module.node) if t.valueText in new]
    return module.parsed.apply({edit for edit in edits if edit is not None})


def reencoded(module: Module) -> str | None:
    """Give the states of a machine the same codes in reverse order."""
    return _with_codes(module, lambda values: list(reversed(values)))


def _with_codes(module: Module, permute: Callable[[list[int]], list[int]]) -> str | None:
    declarations = [
        node
        for node in walk(module.node)
        if node.kind == SyntaxKind.ParameterDeclaration and not below(node, SyntaxKind.ParameterPortList)
    ]
    expressions: dict[str, SyntaxNode] = {}
    for declaration in declarations:
        for declarator in (n for n in walk(declaration) if n.kind == SyntaxKind.Declarator):
            expressions[declarator.name.valueText] = declarator.initializer.expr
    values = [_number(module.source(expression)) for expression in expressions.values()]
    numbers = [value for value in values if value is not None]
    if len(numbers) < 2 or len(numbers) < len(values) or len(set(numbers)) < len(numbers):
        return None
    if not _only_symbolic(module, set(expressions)):
        return None
    changed = permute(numbers)
    edits = [
        module.parsed.replace(expression, str(value))
        for expression, value in zip(expressions.values(), changed, strict=True)
    ]
    return module.parsed.apply(edit for edit in edits if edit is not None)


def _only_symbolic(module: Module, codes: set[str]) -> bool:
    """Whether the variables that hold ``codes`` are internal and used by name only: never as numbers, never by bit."""
    holders = {
        name
        for node in walk(module.node)
        if node.kind in ASSIGNMENTS and any(t.valueText in codes for t in identifiers(node.right))
        for name in _plain_target(node, codes)
    }
    changed = True
    while changed:
        copies = {
            name
            for node in walk(module.node)
            if node.kind in ASSIGNMENTS and module.source(node.right) in holders
            for name in target_names(node.left)
        }
        changed = not copies <= holders
        holders |= copies
    if not holders or any(name not in module.signals or module.signals[name].direction is not None for name in holders):
        return False
    return all(
        _symbolic_place(module, token, codes | holders, holders, codes) for token in _uses(module, codes | holders)
    )


def _plain_target(node: SyntaxNode, codes: set[str]) -> list[str]:
    return target_names(node.left) if _is_code_value(node.right, codes) else []


def _is_code_value(node: SyntaxNode, codes: set[str]) -> bool:
    """Whether an expression is a code, a choice between codes, or x."""
    if node.kind == SyntaxKind.IdentifierName:
        return node.identifier.valueText in codes
    if node.kind == SyntaxKind.ConditionalExpression:
        return _is_code_value(node.left, codes) and _is_code_value(node.right, codes)
    if node.kind == SyntaxKind.ParenthesizedExpression:
        return _is_code_value(node.expression, codes)
    return str(node).strip().lower() in ("'x", "1'bx", "1'hx")


def _uses(module: Module, names: set[str]) -> Iterator[SyntaxNode]:
    for node in walk(module.node):
        if (
            node.kind in (SyntaxKind.IdentifierName, SyntaxKind.IdentifierSelectName)
            and node.identifier.valueText in names
        ):
            yield node


def _symbolic_place(module: Module, node: SyntaxNode, symbols: set[str], holders: set[str], codes: set[str]) -> bool:
    if node.kind == SyntaxKind.IdentifierSelectName:
        return False
    parent = node.parent
    while parent is not None and parent.kind == SyntaxKind.ParenthesizedExpression:
        node, parent = parent, parent.parent
    if parent is None:
        return False
    if parent.kind in (SyntaxKind.EqualityExpression, SyntaxKind.InequalityExpression):
        return all(module.source(side) in symbols for side in (parent.left, parent.right))
    if parent.kind in (SyntaxKind.CaseStatement, SyntaxKind.StandardCaseItem):
        return True
    if parent.kind == SyntaxKind.ConditionalExpression:
        return parent.predicate.sourceRange != node.sourceRange and _lands_in(parent, holders, codes)
    if parent.kind in ASSIGNMENTS:
        left = parent.left
        value = parent.right
        plain = left.kind == SyntaxKind.IdentifierName and left.identifier.valueText in holders
        return plain and (_is_code_value(value, symbols))
    # `always @(state)`: a list of what to wait for is no use as a number.
    return parent.kind == SyntaxKind.SignalEventExpression


def _lands_in(node: SyntaxNode, holders: set[str], codes: set[str]) -> bool:
    current: SyntaxNode | None = node
    while current is not None and current.kind in (
        SyntaxKind.ConditionalExpression,
        SyntaxKind.ParenthesizedExpression,
    ):
        current = current.parent
    if current is None or current.kind not in ASSIGNMENTS:
        return False
    left = current.left
    whole = left.kind == SyntaxKind.IdentifierName and left.identifier.valueText in holders
    return whole and _is_code_value(current.right, codes | holders)


def _number(text: str) -> int | None:
    match = re.fullmatch(r"(?:\d*'[sS]?([bodhBODH]))?([0-9a-fA-F_]+)", text.replace(" ", ""))
    if match is None:
        return None
    return int(match[2], {"b": 2, "o": 8, "h": 16}.get((match[1] or "d").lower(), 10))
