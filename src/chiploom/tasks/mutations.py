"""The single faults the mutator plants, each found at a kind of syntax node.

Every function yields (kind of fault, edits) pairs. The kinds are the mistakes seen in learners' and models' designs:
a wrong operator, a number off by one, the wrong edge, a forgotten reset, else, default or case arm, and so on.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator

from pyslang.parsing import TokenKind
from pyslang.syntax import SyntaxKind, SyntaxNode

from chiploom.tasks.syntax import Edit, Node, Parsed, children, identifiers, walk

Fault = tuple[str, list[Edit]]

_OPERATORS = {
    "+": "-",
    "-": "+",
    "*": "+",
    "&": "|",
    "|": "&",
    "^": "|",
    "~^": "^",
    "^~": "^",
    "&&": "||",
    "||": "&&",
    "==": "!=",
    "!=": "==",
    "===": "!==",
    "!==": "===",
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "<<": ">>",
    ">>": "<<",
    ">>>": ">>",
    "<<<": ">>",
    "+=": "-=",
    "-=": "+=",
    "/": "%",
    "%": "/",
}
_REDUCTIONS = {"&": "|", "|": "&", "^": "|", "~&": "&", "~|": "|", "~^": "^", "^~": "^"}
_ORDER_MATTERS = {"-", "<<", ">>", ">>>", "<", "<=", ">", ">=", "/", "%"}
_RESET_NAME = re.compile(r"(a|s|async_?|sync_?|i_)?(rst|reset|clr|clear)(_?n|_ni|_i|b)?|a?r|aresetn", re.IGNORECASE)
_CLOCK_NAME = re.compile(r"(.*_)?(clk|clock)\w*", re.IGNORECASE)
_SIZED = re.compile(r"(\d*)\s*'\s*(s?)\s*([bodhBODH])\s*([0-9a-fA-F_]+)")
_BASES = {"b": 2, "o": 8, "d": 10, "h": 16}
#: Changing a number in these would change widths, not behaviour: the compiler's business, not the prover's.
_WIDTH_CONTEXTS = {
    SyntaxKind.VariableDimension,
    SyntaxKind.ParameterPortList,
    SyntaxKind.ParameterValueAssignment,
    SyntaxKind.RangeDimensionSpecifier,
    SyntaxKind.CastExpression,
}


def faults(parsed: Parsed) -> Iterator[Fault]:
    """Yield every single fault that can be planted in a text."""
    for node in walk(parsed.root):
        for find in _BY_KIND.get(node.kind, ()):
            yield from find(parsed, node)
        if node.kind in _BINARY_KINDS:
            yield from _operator(parsed, node)
    for module in parsed.modules():
        yield from _swapped_inputs(parsed, module)


def _operator(parsed: Parsed, node: Node) -> Iterator[Fault]:
    left, token, right = node.left, node.operatorToken, node.right
    if _in_width(node):
        return
    operator = token.valueText
    if operator in _OPERATORS:
        yield "operator", _one(parsed.replace(token, _OPERATORS[operator]))
    if operator in _ORDER_MATTERS:
        yield "swapped-operands", _swap(parsed, left, right)


def _inversion(parsed: Parsed, node: Node) -> Iterator[Fault]:
    token = node.operatorToken
    if token.valueText in ("~", "!"):
        yield "dropped-inversion", _one(parsed.replace(token, ""))
    elif token.valueText in _REDUCTIONS:
        yield "operator", _one(parsed.replace(token, _REDUCTIONS[token.valueText]))


def _constant(parsed: Parsed, node: Node) -> Iterator[Fault]:
    if _in_width(node):
        return
    kind = "bit-select" if _has_ancestor(node, {SyntaxKind.BitSelect, SyntaxKind.SimpleRangeSelect}) else "constant"
    for text in _neighbours(parsed.source(node)):
        yield kind, _one(parsed.replace(node, text))


def _neighbours(text: str) -> list[str]:
    if text in ("'0", "'1"):
        return ["'1" if text == "'0" else "'0"]
    if text.isdigit():
        value = int(text)
        return [str(value + 1)] + ([str(value - 1)] if value > 0 else [])
    match = _SIZED.fullmatch(text)
    if match is None:
        return []
    size, sign, base, digits = match.groups()
    width = int(size) if size else 32
    try:
        value = int(digits, _BASES[base.lower()])
    except ValueError:  # x or z digits
        return []
    changed = {(value + 1) % (1 << width), (value - 1) % (1 << width)} - {value}
    return [f"{size}'{sign}d{number}" for number in sorted(changed)]


def _edge(parsed: Parsed, node: Node) -> Iterator[Fault]:
    token = node.edge
    other = {TokenKind.PosEdgeKeyword: "negedge", TokenKind.NegEdgeKeyword: "posedge"}.get(token.kind)
    if other is not None:
        yield "edge", _one(parsed.replace(token, other))


def _event_list(parsed: Parsed, node: Node) -> Iterator[Fault]:
    left, right = node.left, node.right
    if right.kind == SyntaxKind.SignalEventExpression and right.edge.kind in _EDGES:
        yield "dropped-edge", _one(_between(parsed, left, node, ""))


def _sensitivity(parsed: Parsed, node: Node) -> Iterator[Fault]:
    block = node.parent
    read = (
        [name for name in map(str.strip, map(str, identifiers(block))) if name in _input_names(block)] if block else []
    )
    if read:
        yield "sensitivity", _one(parsed.replace(node, f"@({read[0]})"))


def _condition(parsed: Parsed, node: Node) -> Iterator[Fault]:
    predicate, then, otherwise = node.predicate, node.statement, node.elseClause
    names = [token.valueText for token in identifiers(predicate)]
    is_reset = len(names) == 1 and _RESET_NAME.fullmatch(names[0]) is not None
    yield "polarity" if is_reset else "negated-condition", _negated(parsed, predicate)
    if is_reset:
        replacement = parsed.source(otherwise.clause) if otherwise is not None else ";"
        yield "dropped-reset", _one(parsed.replace(node, replacement))
        yield from _asynchronous(parsed, node, names[0])
    if otherwise is not None:
        yield "dropped-else", _one(parsed.replace(otherwise, ""))
        yield "swapped-arms", _swap(parsed, then, otherwise.clause)


def _asynchronous(parsed: Parsed, node: Node, reset: str) -> Iterator[Fault]:
    """Make a synchronous reset asynchronous: the classic difference that a clocked testbench cannot see."""
    block: Node | None = node
    while block is not None and block.kind != SyntaxKind.TimingControlStatement:
        block = block.parent
    if block is None:
        return
    signals = [n for n in walk(block.timingControl) if n.kind == SyntaxKind.SignalEventExpression]
    if len(signals) == 1 and signals[0].edge.kind in _EDGES:
        edge = "negedge" if reset.lower().endswith("n") else "posedge"
        text = parsed.source(signals[0])
        yield "reset-style", _one(parsed.replace(signals[0], f"{text} or {edge} {reset}"))


def _ternary(parsed: Parsed, node: Node) -> Iterator[Fault]:
    yield "swapped-arms", _swap(parsed, node.left, node.right)


def _case(parsed: Parsed, node: Node) -> Iterator[Fault]:
    items = [item for item in walk(node) if item.parent is not None and _same(item.parent, node)]
    arms = [item for item in items if item.kind == SyntaxKind.StandardCaseItem]
    for item in items:
        if item.kind == SyntaxKind.DefaultCaseItem:
            yield "dropped-default", _one(parsed.replace(item, ""))
    if len(arms) > 1:
        for arm in arms:
            yield "dropped-arm", _one(parsed.replace(arm, ""))
        for first, second in itertools.pairwise(arms):
            yield "swapped-arms", _swap(parsed, first.clause, second.clause)


def _concatenation(parsed: Parsed, node: Node) -> Iterator[Fault]:
    parts = [child for child in children(node) if isinstance(child, SyntaxNode)]
    for first, second in itertools.pairwise(parts):
        yield "swapped-operands", _swap(parsed, first, second)


def _assignment(parsed: Parsed, node: Node) -> Iterator[Fault]:
    right = node.right
    if _has_ancestor(node, {SyntaxKind.ForLoopStatement}):
        return
    yield "inverted", _one(parsed.replace(right, f"~({parsed.source(right)})"))
    if parsed.source(right) not in ("0", "'0", "1'b0"):
        yield "stuck", _one(parsed.replace(right, "'0"))


def _clocked_block(parsed: Parsed, node: Node) -> Iterator[Fault]:
    nodes = list(walk(node))
    if not any(n.kind == SyntaxKind.SignalEventExpression and n.edge.kind in _EDGES for n in nodes):
        return
    changes = [
        edit
        for n in nodes
        if n.kind == SyntaxKind.NonblockingAssignmentExpression
        and (edit := parsed.replace(n.operatorToken, "=")) is not None
    ]
    if len(changes) > 1:
        yield "blocking", changes


def _narrowed(parsed: Parsed, node: Node) -> Iterator[Fault]:
    for bounds in walk(node.type):
        if bounds.kind == SyntaxKind.SimpleRangeSelect:
            left = parsed.source(bounds.left)
            if left.isdigit() and int(left) > 1:
                yield "narrowed", _one(parsed.replace(bounds.left, str(int(left) - 1)))


def _initial(parsed: Parsed, node: Node) -> Iterator[Fault]:
    yield "dropped-initial", _one(parsed.replace(node, ""))


def _initializer(parsed: Parsed, node: Node) -> Iterator[Fault]:
    declaration = node.parent
    if declaration is not None and declaration.kind == SyntaxKind.DataDeclaration and node.initializer is not None:
        yield "dropped-initial", _one(parsed.replace(node.initializer, ""))


def _swapped_inputs(parsed: Parsed, module: Node) -> Iterator[Fault]:
    inputs = _inputs(parsed, module)
    members = module.members
    used = [token for member in children(members) if isinstance(member, SyntaxNode) for token in identifiers(member)]
    for index, (first, width) in enumerate(inputs):
        for second, other_width in inputs[index + 1 :]:
            if width != other_width or _CLOCK_NAME.fullmatch(first) or _CLOCK_NAME.fullmatch(second):
                continue
            exchange = {first: second, second: first}
            edits = [parsed.replace(token, exchange[token.valueText]) for token in used if token.valueText in exchange]
            if edits and None not in edits:
                yield "swapped-inputs", [edit for edit in edits if edit is not None]


def _inputs(parsed: Parsed, module: Node) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for port in walk(module.header):
        if port.kind == SyntaxKind.ImplicitAnsiPort:
            header = parsed.source(port.header)
            if header.startswith("input"):
                width = "".join(re.findall(r"\[[^\]]*\]", header))
                found.append((port.declarator.name.valueText, width))
    return found


def _input_names(node: Node) -> set[str]:
    current: Node | None = node
    while current is not None and current.kind != SyntaxKind.ModuleDeclaration:
        current = current.parent
    if current is None:
        return set()
    return {
        port.declarator.name.valueText
        for port in walk(current)
        if port.kind == SyntaxKind.ImplicitAnsiPort and str(port).strip().startswith("input")
    }


def _negated(parsed: Parsed, predicate: Node) -> list[Edit]:
    return _one(parsed.replace(predicate, f"!({parsed.source(predicate)})"))


def _swap(parsed: Parsed, first: Node, second: Node) -> list[Edit]:
    left, right = parsed.source(first), parsed.source(second)
    one, other = parsed.replace(first, right), parsed.replace(second, left)
    return [] if one is None or other is None or left == right else [one, other]


def _between(parsed: Parsed, after: Node, whole: Node, text: str) -> Edit | None:
    start, end = parsed.span(after), parsed.span(whole)
    return None if start is None or end is None else Edit(start[1], end[1], text)


def _one(edit: Edit | None) -> list[Edit]:
    return [] if edit is None else [edit]


def _in_width(node: Node) -> bool:
    return _has_ancestor(node, _WIDTH_CONTEXTS)


def _has_ancestor(node: Node, kinds: set[SyntaxKind]) -> bool:
    current = node.parent
    while current is not None:
        if current.kind in kinds:
            return True
        current = current.parent
    return False


def _same(one: Node, other: Node) -> bool:
    return bool(one.kind == other.kind and one.sourceRange == other.sourceRange)


_EDGES = (TokenKind.PosEdgeKeyword, TokenKind.NegEdgeKeyword)
_BINARY_KINDS = {
    SyntaxKind.AddExpression,
    SyntaxKind.SubtractExpression,
    SyntaxKind.MultiplyExpression,
    SyntaxKind.DivideExpression,
    SyntaxKind.ModExpression,
    SyntaxKind.BinaryAndExpression,
    SyntaxKind.BinaryOrExpression,
    SyntaxKind.BinaryXorExpression,
    SyntaxKind.BinaryXnorExpression,
    SyntaxKind.LogicalAndExpression,
    SyntaxKind.LogicalOrExpression,
    SyntaxKind.EqualityExpression,
    SyntaxKind.InequalityExpression,
    SyntaxKind.CaseEqualityExpression,
    SyntaxKind.CaseInequalityExpression,
    SyntaxKind.LessThanExpression,
    SyntaxKind.LessThanEqualExpression,
    SyntaxKind.GreaterThanExpression,
    SyntaxKind.GreaterThanEqualExpression,
    SyntaxKind.LogicalShiftLeftExpression,
    SyntaxKind.LogicalShiftRightExpression,
    SyntaxKind.ArithmeticShiftLeftExpression,
    SyntaxKind.ArithmeticShiftRightExpression,
    SyntaxKind.AddAssignmentExpression,
    SyntaxKind.SubtractAssignmentExpression,
}
_BY_KIND: dict[SyntaxKind, tuple[Callable[[Parsed, Node], Iterator[Fault]], ...]] = {
    SyntaxKind.UnaryBitwiseNotExpression: (_inversion,),
    SyntaxKind.UnaryLogicalNotExpression: (_inversion,),
    SyntaxKind.UnaryBitwiseAndExpression: (_inversion,),
    SyntaxKind.UnaryBitwiseOrExpression: (_inversion,),
    SyntaxKind.UnaryBitwiseXorExpression: (_inversion,),
    SyntaxKind.UnaryBitwiseNandExpression: (_inversion,),
    SyntaxKind.UnaryBitwiseNorExpression: (_inversion,),
    SyntaxKind.UnaryBitwiseXnorExpression: (_inversion,),
    SyntaxKind.IntegerLiteralExpression: (_constant,),
    SyntaxKind.IntegerVectorExpression: (_constant,),
    SyntaxKind.UnbasedUnsizedLiteralExpression: (_constant,),
    SyntaxKind.SignalEventExpression: (_edge,),
    SyntaxKind.BinaryEventExpression: (_event_list,),
    SyntaxKind.ImplicitEventControl: (_sensitivity,),
    SyntaxKind.ConditionalStatement: (_condition,),
    SyntaxKind.ConditionalExpression: (_ternary,),
    SyntaxKind.CaseStatement: (_case,),
    SyntaxKind.ConcatenationExpression: (_concatenation,),
    SyntaxKind.AssignmentExpression: (_assignment,),
    SyntaxKind.NonblockingAssignmentExpression: (_assignment,),
    SyntaxKind.AlwaysBlock: (_clocked_block,),
    SyntaxKind.AlwaysFFBlock: (_clocked_block,),
    SyntaxKind.DataDeclaration: (_narrowed,),
    SyntaxKind.InitialBlock: (_initial,),
    SyntaxKind.Declarator: (_initializer,),
}
