"""Rewrites of expressions: the same value by other operators."""

from __future__ import annotations

import re

from pyslang.syntax import SyntaxKind, SyntaxNode

from chiploom.tasks.syntax import Edit, children, walk
from rewrite_module import (
    ASSIGNMENTS,
    Module,
    applied,
    below,
    edits_of,
    spliced,
)


def de_morgan(module: Module) -> str | None:
    """Write every and and or by the other one."""
    rules = {
        SyntaxKind.BinaryAndExpression: "(~(~({a}) | ~({b})))",
        SyntaxKind.BinaryOrExpression: "(~(~({a}) & ~({b})))",
        SyntaxKind.LogicalAndExpression: "(!(!({a}) || !({b})))",
        SyntaxKind.LogicalOrExpression: "(!(!({a}) && !({b})))",
    }
    return _expressions(module, rules)


def commuted(module: Module) -> str | None:
    """Exchange the operands of every operator that allows it."""
    symbols = {
        SyntaxKind.BinaryAndExpression: "&",
        SyntaxKind.BinaryOrExpression: "|",
        SyntaxKind.BinaryXorExpression: "^",
        SyntaxKind.LogicalAndExpression: "&&",
        SyntaxKind.LogicalOrExpression: "||",
        SyntaxKind.AddExpression: "+",
        SyntaxKind.MultiplyExpression: "*",
        SyntaxKind.EqualityExpression: "==",
        SyntaxKind.InequalityExpression: "!=",
    }
    return _expressions(module, {kind: f"(({{b}}) {symbol} ({{a}}))" for kind, symbol in symbols.items()})


def without_xor(module: Module) -> str | None:
    """Write exclusive or, equal and unequal by simpler operators."""
    rules = {
        SyntaxKind.BinaryXorExpression: "((({a}) & ~({b})) | (~({a}) & ({b})))",
        SyntaxKind.EqualityExpression: "(!(({a}) ^ ({b})))",
        SyntaxKind.InequalityExpression: "(|(({a}) ^ ({b})))",
    }
    return _expressions(module, rules)


def _expressions(module: Module, rules: dict[SyntaxKind, str]) -> str | None:
    # Mixing signs changes how operands are extended; leave such modules alone.
    if re.search(r"\bsigned\b", module.text):
        return None
    edits: list[Edit] = []
    for node in walk(module.node):
        if node.kind in ASSIGNMENTS and not below(node, SyntaxKind.ForLoopStatement, direct=True):
            roots = [node.right]
        elif node.kind == SyntaxKind.ConditionalStatement:
            roots = [node.predicate]
        else:
            continue
        for root in roots:
            new = _rewritten(module, root, rules)
            if new != module.source(root):
                edits += edits_of(module.parsed.replace(root, new))
    return applied(module, edits)


def _rewritten(module: Module, node: SyntaxNode, rules: dict[SyntaxKind, str]) -> str:
    if node.kind in (SyntaxKind.ElementSelect, SyntaxKind.MultipleConcatenationExpression, SyntaxKind.CastExpression):
        return module.source(node)
    if node.kind in rules:
        a = _rewritten(module, node.left, rules)
        b = _rewritten(module, node.right, rules)
        return rules[node.kind].format(a=a, b=b)
    span = module.parsed.span(node)
    if span is None:
        return module.source(node)
    inner: list[Edit] = []
    for child in children(node):
        if isinstance(child, SyntaxNode):
            text = _rewritten(module, child, rules)
            if text != module.source(child):
                inner += edits_of(module.parsed.replace(child, text))
    changed = spliced(module, node, inner)
    return module.source(node) if changed is None else changed
