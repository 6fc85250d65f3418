"""What a submission may not use, by syntax node and never by text.

The tables of :mod:`chiploom.hdl.constructs` say which construct is refused, which is ignored with a warning; the
functions below look at the constructs that are allowed in one place and not in another. A refusal is an error with a
code of the message table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pyslang import syntax

from chiploom.hdl.constructs import (
    FUNCTIONS,
    HARMLESS_ATTRIBUTES,
    IGNORED,
    LOGIC_GATES,
    MEMORY_FILE_TASKS,
    PRINTING_TASKS,
    REFUSED,
    REFUSED_DIRECTIVES,
    REFUSED_NET_TYPES,
    TOOL_MACROS,
)
from chiploom.hdl.diagnostics import Diagnostic, Severity
from chiploom.hdl.locate import Locator
from chiploom.hdl.survey import Survey

Kind = syntax.SyntaxKind


def refusals(found: Survey, locator: Locator, *, delays: str) -> Iterator[Diagnostic]:
    """Yield what the policy says about a submission: errors refuse it, warnings do not."""
    for kind, nodes in found.kept.items():
        if not nodes:
            continue
        if kind in REFUSED:
            yield from _listed(nodes, *REFUSED[kind], "error", locator)
        elif kind in IGNORED:
            yield from _listed(nodes, *IGNORED[kind], "warning", locator)
    yield from _directives(found, locator)
    yield from _timing(found, locator, delays)
    yield from _system_names(found, locator)
    yield from _attributes(found, locator)
    yield from _nets_and_gates(found, locator)
    for node in found.kept[Kind.InitialBlock]:
        yield locator.diagnostic("hdl.initial-is-not-logic", "warning", _start(node))
    for node in found.kept[Kind.VariableDimension]:
        if node.specifier is None:
            yield locator.diagnostic("hdl.not-hardware", "error", _start(node), construct="[]")


def memory_file_literals(found: Survey) -> Iterator[tuple[Any, Any]]:
    """Yield each ``$readmem*`` name node with the string literal node that names its file, None if it is no literal."""
    for node in found.kept[Kind.SystemName]:
        if node.systemIdentifier.valueText in MEMORY_FILE_TASKS:
            yield node, _first_string(node)


def assignments_to(found: Survey, name: str) -> list[Any]:
    """Return the locations of the continuous assignments whose left side begins with ``name``."""
    places = []
    for node in found.kept[Kind.ContinuousAssign]:
        for assignment in node.assignments:
            token = assignment.getFirstToken() if assignment.kind == Kind.AssignmentExpression else None
            if token is not None and token.valueText == name:
                places.append(_start(assignment))
    return places


def _listed(nodes: list[Any], code: str, construct: str, severity: Severity, locator: Locator) -> Iterator[Diagnostic]:
    for node in nodes:
        yield locator.diagnostic(f"hdl.{code}", severity, _start(node), construct=construct)


def _start(node: Any) -> Any:
    return node.sourceRange.start


# Preprocessor ------------------------------------------------------------------------------------------------------


def _directives(found: Survey, locator: Locator) -> Iterator[Diagnostic]:
    for node in found.directives:
        kind = node.kind
        if kind in (Kind.IfDefDirective, Kind.IfNDefDirective, Kind.ElsIfDirective):
            for name in _condition_names(node.expr):
                if name in TOOL_MACROS:
                    yield locator.diagnostic("hdl.tool-macro-refused", "error", _start(node), name=name)
        elif kind in REFUSED_DIRECTIVES:
            yield locator.diagnostic("hdl.directive-refused", "error", _start(node), directive=REFUSED_DIRECTIVES[kind])
        elif kind == Kind.PragmaDirective and node.name.valueText == "protect":
            yield locator.diagnostic("hdl.encrypted-text", "error", _start(node))
        elif kind == Kind.MacroUsage and node.directive.valueText.lstrip("`") in TOOL_MACROS:
            name = node.directive.valueText.lstrip("`")
            yield locator.diagnostic("hdl.tool-macro-refused", "error", _start(node), name=name)


def _condition_names(expression: Any) -> list[str]:
    names: list[str] = []

    def visit(node: Any) -> None:
        if getattr(node, "kind", None) == Kind.NamedConditionalDirectiveExpression:
            names.append(node.name.valueText)

    expression.visit(visit)
    return names


# Time --------------------------------------------------------------------------------------------------------------

_BLOCKS = frozenset(
    {Kind.AlwaysBlock, Kind.AlwaysCombBlock, Kind.AlwaysFFBlock, Kind.AlwaysLatchBlock, Kind.InitialBlock}
)


def _timing(found: Survey, locator: Locator, delays: str) -> Iterator[Diagnostic]:
    for kind in (Kind.DelayControl, Kind.Delay3):
        for node in found.kept[kind]:
            yield _delay(node, locator, delays)
    for node in found.kept[Kind.TimingControlStatement]:
        if node.timingControl.kind == Kind.DelayControl or _is_head(node):
            continue
        yield locator.diagnostic("hdl.event-inside-block", "error", _start(node))
    for node in found.kept[Kind.TimingControlExpression]:
        if node.timing.kind not in (Kind.DelayControl, Kind.Delay3):
            yield locator.diagnostic("hdl.event-inside-block", "error", _start(node.timing))
    for node in found.kept[Kind.IffEventClause]:
        yield locator.diagnostic("hdl.not-hardware", "error", _start(node), construct="iff")
    for node in found.kept[Kind.AlwaysBlock]:
        edges, levels = sensitivity(node)
        if edges and levels:
            yield locator.diagnostic("hdl.mixed-sensitivity", "error", _start(levels[0]))


def sensitivity(block: Any) -> tuple[list[Any], list[Any]]:
    """Return the edge events and the level events in the sensitivity list of an ``always`` block."""
    edges: list[Any] = []
    levels: list[Any] = []
    statement = block.statement
    if statement.kind != Kind.TimingControlStatement:
        return edges, levels
    control = statement.timingControl
    if control.kind == Kind.EventControl:
        return edges, [control]
    if control.kind != Kind.EventControlWithExpression:
        return edges, levels
    waiting = [control.expr]
    while waiting:
        node = waiting.pop()
        if node.kind == Kind.BinaryEventExpression:
            waiting += [node.right, node.left]
        elif node.kind == Kind.ParenthesizedEventExpression:
            waiting.append(node.expr)
        elif node.kind == Kind.SignalEventExpression:
            (edges if node.edge and not node.edge.isMissing else levels).append(node)
    return edges, levels


def _is_head(node: Any) -> bool:
    return node.parent is not None and node.parent.kind in _BLOCKS and node.parent.kind != Kind.InitialBlock


def _delay(node: Any, locator: Locator, delays: str) -> Diagnostic:
    head = node.parent
    if head is not None and head.kind == Kind.TimingControlStatement and _is_head(head):
        return locator.diagnostic("hdl.clock-generator", "error", _start(node))
    block = _enclosing(node, _BLOCKS)
    if block is not None and block.kind == Kind.InitialBlock:
        return locator.diagnostic("hdl.delay-in-initial", "error", _start(node))
    if delays == "forbid":
        return locator.diagnostic("hdl.delay-forbidden", "error", _start(node))
    if not _is_constant(node):
        return locator.diagnostic("hdl.delay-not-constant", "error", _start(node))
    return locator.diagnostic("hdl.delay-ignored", "warning", _start(node))


def _enclosing(node: Any, kinds: frozenset[Any]) -> Any:
    while node is not None and node.kind not in kinds:
        node = node.parent
    return node


def _is_constant(node: Any) -> bool:
    """A delay is constant if it names nothing: ``#1``, ``#1.5ns``, ``#(2:3:4)``."""
    named = False

    def visit(part: Any) -> None:
        nonlocal named
        named = named or getattr(part, "kind", None) in (Kind.IdentifierName, Kind.ScopedName, Kind.SystemName)

    node.visit(visit)
    return not named


# System tasks, attributes, nets ------------------------------------------------------------------------------------


#: A system task in here, ``else $error(...)``, goes with the assertion.
_ASSERTIONS = frozenset(
    {
        Kind.ImmediateAssertStatement,
        Kind.ImmediateCoverStatement,
        Kind.AssertPropertyStatement,
        Kind.CoverPropertyStatement,
    }
)


def _system_names(found: Survey, locator: Locator) -> Iterator[Diagnostic]:
    for node in found.kept[Kind.SystemName]:
        name = node.systemIdentifier.valueText
        if name in FUNCTIONS or _enclosing(node, _ASSERTIONS) is not None:
            continue
        if name in PRINTING_TASKS:
            yield locator.diagnostic("hdl.printing-ignored", "warning", _start(node), name=name)
        elif name not in MEMORY_FILE_TASKS:
            yield locator.diagnostic("hdl.system-task-refused", "error", _start(node), name=name)


def _first_string(node: Any) -> Any:
    """Return the string literal that is the first argument of a system call, or None."""
    call = node.parent
    if call is None or call.kind != Kind.InvocationExpression or call.arguments is None:
        return None
    literals: list[Any] = []

    def visit(part: Any) -> None:
        if getattr(part, "kind", None) == Kind.StringLiteralExpression:
            literals.append(part)

    for argument in call.arguments.parameters:
        if argument.kind == Kind.OrderedArgument:
            argument.visit(visit)
        break
    return literals[0] if literals else None


def _attributes(found: Survey, locator: Locator) -> Iterator[Diagnostic]:
    for node in found.kept[Kind.AttributeSpec]:
        name = node.name.valueText
        harmless = name.lower() in HARMLESS_ATTRIBUTES
        code = "hdl.attribute-ignored" if harmless else "hdl.attribute-refused"
        yield locator.diagnostic(code, "warning" if harmless else "error", _start(node), name=name)


def _nets_and_gates(found: Survey, locator: Locator) -> Iterator[Diagnostic]:
    for node in (*found.kept[Kind.NetDeclaration], *found.kept[Kind.NetPortHeader]):
        name = REFUSED_NET_TYPES.get(node.netType.kind)
        if name is not None:
            yield locator.diagnostic("hdl.not-hardware", "error", _start(node), construct=name)
    for node in found.kept[Kind.PrimitiveInstantiation]:
        gate = node.type.valueText
        if gate not in LOGIC_GATES:
            yield locator.diagnostic("hdl.not-hardware", "error", _start(node), construct=gate)


# Unknown values ----------------------------------------------------------------------------------------------------

_WILDCARDS = frozenset({Kind.WildcardEqualityExpression, Kind.WildcardInequalityExpression, Kind.InsideExpression})

Realised = Callable[[Any], bool]


def misplaced_high_impedance(found: Survey, locator: Locator, realised: Realised) -> Iterator[Diagnostic]:
    """Yield a warning for each ``z`` that does not become a tri-state driver.

    The front end knows one form, ``assign bus = enable ? value : 'bz``; elsewhere a ``z`` is an unknown value.

    Parameters
    ----------
    realised : function
        Whether the continuous assignment (its syntax node) became a tri-state driver.
    """
    for kind in (Kind.IntegerVectorExpression, Kind.UnbasedUnsizedLiteralExpression):
        for node in found.kept[kind]:
            token = node.value if kind == Kind.IntegerVectorExpression else node.literal
            digits = token.rawText.lower()
            if ("z" not in digits and "?" not in digits) or _is_pattern(node):
                continue
            assignment = _assignment(node)
            if assignment is None or not realised(assignment):
                yield locator.diagnostic("hdl.high-impedance-form", "warning", _start(node))


def _is_pattern(node: Any) -> bool:
    """Whether a ``z`` is a pattern to match, or the value of a parameter, whose uses decide."""
    while node is not None:
        parent = node.parent
        if parent is None:
            return False
        if parent.kind in _WILDCARDS or parent.kind == Kind.ParameterDeclaration:
            return True
        if parent.kind == Kind.StandardCaseItem:
            return bool(node.sourceRange.start != parent.clause.sourceRange.start)
        if parent.kind in _BLOCKS or parent.kind == Kind.ModuleDeclaration:
            return False
        node = parent
    return False


def _assignment(node: Any) -> Any:
    while node is not None:
        if node.parent is not None and node.parent.kind == Kind.ContinuousAssign:
            return node
        node = node.parent
    return None
