"""Rewrites of control: if, case and the conditional operator for each other."""

from __future__ import annotations

import re

from pyslang.parsing import Token, TokenKind
from pyslang.syntax import SyntaxKind, SyntaxNode

from chiploom.tasks.syntax import Edit, Parsed, children, tokens, walk
from rewrite_module import (
    ASSIGNMENTS,
    Module,
    applied,
    edges,
    edits_of,
    outermost,
)


def normalised(module: Module) -> str | None:
    """Declare every signal as ``logic``, so that any process may drive it."""
    edits: list[Edit] = []
    parsed = module.parsed
    for token in tokens(module.node):
        if token.kind == TokenKind.RegKeyword:
            edits += edits_of(parsed.replace(token, "logic"))
    for node in walk(module.node):
        if node.kind == SyntaxKind.NetDeclaration and not any(
            n.kind == SyntaxKind.EqualsValueClause for n in walk(node)
        ):
            keyword = node.netType
            has_type = any(t.kind in (TokenKind.LogicKeyword, TokenKind.RegKeyword) for t in tokens(node))
            edits += edits_of(parsed.replace(keyword, "" if has_type else "logic"))
        elif node.kind in (SyntaxKind.VariablePortHeader, SyntaxKind.NetPortHeader):
            edits += _variable_port(parsed, node)
    return parsed.apply(edits)


def _variable_port(parsed: Parsed, header: SyntaxNode) -> list[Edit]:
    words = [token for token in tokens(header) if token.valueText]
    kinds = {token.kind for token in words}
    if words[0].kind != TokenKind.OutputKeyword or kinds & {TokenKind.LogicKeyword, TokenKind.RegKeyword}:
        return []
    wire = next((token for token in words if token.kind == TokenKind.WireKeyword), None)
    if wire is not None:
        return edits_of(parsed.replace(wire, "logic"))
    span = parsed.span(words[0])
    return [Edit(span[1], span[1], " logic")] if span else []


def if_to_conditional(module: Module) -> str | None:
    """Write ``if (c) x = a; else x = b;`` as ``x = c ? a : b;``."""
    edits: list[Edit] = []
    for node in walk(module.node):
        if node.kind != SyntaxKind.ConditionalStatement or node.elseClause is None:
            continue
        # Several edges: tools tell the asynchronous reset by its `if ... else`.
        if len(edges(node)) > 1:
            continue
        then, otherwise = _only(node.statement), _only(node.elseClause.clause)
        if then is None or otherwise is None or then.kind != otherwise.kind:
            continue
        left = module.source(then.left)
        if left != module.source(otherwise.left) or not _safe_arm(module, then) or not _safe_arm(module, otherwise):
            continue
        condition = module.source(node.predicate)
        operator = module.source(then.operatorToken)
        text = f"{left} {operator} ({condition}) ? ({module.source(then.right)}) : ({module.source(otherwise.right)});"
        edits += edits_of(module.parsed.replace(node, text))
    return applied(module, outermost(edits))


def conditional_to_if(module: Module) -> str | None:
    """Write ``assign x = c ? a : b;`` as a process with an ``if``."""
    edits: list[Edit] = []
    for item in module.members(SyntaxKind.ContinuousAssign):
        found = [n for n in walk(item) if n.kind == SyntaxKind.AssignmentExpression]
        if len(found) != 1 or _bare(found[0].right).kind != SyntaxKind.ConditionalExpression:
            continue
        left, choice = found[0].left, _bare(found[0].right)
        if left.kind != SyntaxKind.IdentifierName or len(module.writers(module.source(left))) != 1:
            continue
        if not (_no_widening(module, choice.left) and _no_widening(module, choice.right)):
            continue
        name, condition = module.source(left), module.source(choice.predicate)
        then, otherwise = module.source(choice.left), module.source(choice.right)
        text = f"always @(*) begin\n    if ({condition}) {name} = {then};\n    else {name} = {otherwise};\n  end"
        edits += edits_of(module.parsed.replace(item, text))
    return applied(module, edits)


def negated_if(module: Module) -> str | None:
    """Write ``if (c) A else B`` as ``if (!(c)) B else A``."""
    edits: list[Edit] = []
    for node in walk(module.node):
        if node.kind == SyntaxKind.ConditionalStatement and node.elseClause is not None:
            condition = module.source(node.predicate)
            then, otherwise = module.source(node.statement), module.source(node.elseClause.clause)
            # Not where the list of events implies which branch is the reset: tools read that pattern.
            if len(edges(node)) > 1:
                continue
            text = f"if (!({condition})) begin\n {otherwise}\n end else begin\n {then}\n end"
            edits += edits_of(module.parsed.replace(node, text))
    return applied(module, outermost(edits))


def case_to_if(module: Module) -> str | None:
    """Write a ``case`` as a chain of ``if``."""
    edits: list[Edit] = []
    for node in walk(module.node):
        if node.kind == SyntaxKind.CaseStatement and module.source(node.caseKeyword) == "case":
            text = _chain(module, node)
            edits += edits_of(module.parsed.replace(node, text)) if text else []
    return applied(module, outermost(edits))


def _chain(module: Module, node: SyntaxNode) -> str | None:
    selector = module.source(node.expr)
    links: list[str] = []
    default: str | None = None
    for item in (child for part in children(node) if isinstance(part, SyntaxNode) for child in [part, *_nodes(part)]):
        if item.kind == SyntaxKind.StandardCaseItem:
            labels = [module.source(label) for label in _case_labels(item)]
            if any(re.search(r"'[sS]?[bodhBODH]\w*[xzXZ?]|'[xz]", label) for label in labels):
                return None
            test = " || ".join(f"(({selector}) == ({label}))" for label in labels)
            links.append(f"if ({test}) begin {module.source(item.clause)} end")
        elif item.kind == SyntaxKind.DefaultCaseItem:
            default = module.source(item.clause)
    if not links:
        return None
    return "\n else ".join([*links, *([f"begin {default} end"] if default is not None else [])])


def _only(statement: SyntaxNode) -> SyntaxNode | None:
    """Return the assignment that is all of ``statement``, or None."""
    if statement.kind == SyntaxKind.SequentialBlockStatement:
        items = [child for child in children(statement.items) if isinstance(child, SyntaxNode)]
        return _only(items[0]) if len(items) == 1 else None
    if statement.kind != SyntaxKind.ExpressionStatement:
        return None
    expression: SyntaxNode = statement.expr
    return expression if expression.kind in ASSIGNMENTS else None


def _safe_arm(module: Module, assignment: SyntaxNode) -> bool:
    return _no_widening(module, assignment.right)


def _no_widening(module: Module, node: SyntaxNode) -> bool:
    """Whether more bits of context cannot change the low bits of ``node``: no shift right, no division."""
    return not re.search(r">>|/|%|\bsigned\b|\$", module.source(node))


def _bare(node: SyntaxNode) -> SyntaxNode:
    while node.kind == SyntaxKind.ParenthesizedExpression:
        node = node.expression
    return node


def _case_labels(item: SyntaxNode) -> list[SyntaxNode]:
    labels: list[SyntaxNode] = []
    for child in children(item):
        if isinstance(child, Token) and child.kind == TokenKind.Colon:
            break
        if isinstance(child, SyntaxNode):
            labels.append(child)
    return labels


def _nodes(node: SyntaxNode) -> list[SyntaxNode]:
    return (
        []
        if node.kind in (SyntaxKind.StandardCaseItem, SyntaxKind.DefaultCaseItem)
        else [child for child in children(node) if isinstance(child, SyntaxNode)]
    )
