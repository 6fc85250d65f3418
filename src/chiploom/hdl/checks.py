"""Checks on slang's elaborated design: hierarchical names, size, start values, sensitivity lists, order of ports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pyslang import analysis, ast, syntax

from chiploom.errors import LimitReached
from chiploom.hdl.diagnostics import Diagnostic
from chiploom.hdl.locate import Locator
from chiploom.hdl.policy import sensitivity
from chiploom.hdl.survey import Survey

MAX_DECLARED_BITS = 500_000
MAX_SYMBOLS = 200_000

_Kind = ast.SymbolKind


def port_order(compilation: Any) -> list[str]:
    """Return the names of the top module's ports in order of declaration."""
    tops = list(compilation.getRoot().topInstances)
    return [port.name for port in tops[0].body.portList] if tops else []


def signed_names(compilation: Any) -> frozenset[str]:
    """Return the names of the top module's ports and signals that are declared signed."""
    kinds = (_Kind.Port, _Kind.Variable, _Kind.Net)
    return frozenset(
        member.name
        for top in compilation.getRoot().topInstances
        for member in top.body
        if member.kind in kinds and member.type.isIntegral and member.type.isSigned
    )


def check_size(compilation: Any, memory_bits: int) -> None:
    """Refuse a design whose declarations alone are too large to be elaborated.

    Raises
    ------
    LimitReached
        ``memory_bits`` if its arrays, ``design_bits`` if its vectors hold too many bits.
    """
    arrays = vectors = symbols = 0
    waiting = [top.body for top in compilation.getRoot().topInstances]
    while waiting:
        for member in waiting.pop():
            symbols += 1
            kind = member.kind
            if kind in (_Kind.Variable, _Kind.Net):
                bits = member.type.bitstreamWidth
                if member.type.canonicalType.isUnpackedArray:
                    arrays += bits
                else:
                    vectors += bits
            elif kind == _Kind.Instance:
                waiting.append(member.body)
            elif kind in (_Kind.GenerateBlock, _Kind.GenerateBlockArray, _Kind.InstanceArray):
                waiting.append(member)
        if arrays > memory_bits:
            raise LimitReached(
                "memory_bits", f"the design's memories hold {arrays} bits, more than the limit of {memory_bits}"
            )
        if vectors > MAX_DECLARED_BITS or symbols > MAX_SYMBOLS:
            raise LimitReached(
                "design_bits", f"the design's signals hold more than {MAX_DECLARED_BITS} bits; use smaller parameters"
            )


def hierarchical_names(found: Survey, compilation: Any, locator: Locator) -> Iterator[Diagnostic]:
    """Yield an error for each name that reaches into another module instance, up or down."""
    dotted = any(node.separator.valueText == "." for node in found.kept[syntax.SyntaxKind.ScopedName])
    if not dotted:
        return
    waiting = [top.body for top in compilation.getRoot().topInstances]
    while waiting:
        body = waiting.pop()
        for symbol, place in _references(body, waiting):
            yield locator.diagnostic("hdl.hierarchical-name", "error", place, name=symbol.name)


def procedure_listener(found: Survey, locator: Locator, findings: list[Diagnostic]) -> Callable[[Any], None] | None:
    """Return what looks at each analysed procedure, or None if the design has nothing to look at."""
    explicit = any(sensitivity(node)[1] for node in found.kept[syntax.SyntaxKind.AlwaysBlock])
    if not explicit and not found.kept[syntax.SyntaxKind.InitialBlock]:
        return None

    def listen(procedure: Any) -> None:
        symbol = procedure.analyzedSymbol
        if symbol.kind != _Kind.ProceduralBlock:
            return
        if symbol.procedureKind == ast.ProceduralBlockKind.Initial:
            read = sorted({range_.symbol.name for range_ in procedure.readSet if range_.symbol.kind == _Kind.Net})
            if read:
                findings.append(
                    locator.diagnostic("hdl.initial-reads-signal", "error", symbol.location, names=", ".join(read))
                )
        elif symbol.procedureKind == ast.ProceduralBlockKind.Always:
            missing = _missing_events(procedure)
            if missing:
                findings.append(
                    locator.diagnostic(
                        "hdl.sensitivity-incomplete", "warning", symbol.location, names=", ".join(missing)
                    )
                )

    return listen


def _references(body: Any, waiting: list[Any]) -> list[tuple[Any, Any]]:
    """Return (symbol, place) of the references in ``body`` that leave it; add the instances in it to ``waiting``."""
    leaving: list[tuple[Any, Any]] = []

    def visit(node: Any) -> Any:
        if isinstance(node, ast.InstanceSymbol):
            waiting.append(node.body)
            for connection in node.portConnections:
                if connection.expression is not None:
                    connection.expression.visit(visit)
            return ast.VisitAction.Skip
        target: Any
        if isinstance(node, ast.HierarchicalValueExpression):
            target = node.symbol
        elif isinstance(node, ast.CallExpression) and not node.isSystemCall:
            target = node.subroutine
        else:
            return ast.VisitAction.Advance
        scope = target.parentScope
        owner = None if scope is None else scope.containingInstance
        if owner is not None and owner != body and owner.definition.definitionKind != ast.DefinitionKind.Interface:
            leaving.append((target, node.sourceRange.start))
        return ast.VisitAction.Advance

    body.visit(visit)
    return leaving


def _missing_events(procedure: Any) -> list[str]:
    listed = procedure.sensitivityList
    if listed is None or listed.kind != analysis.SensitivityListKind.Explicit:
        return []
    syntax_node = procedure.analyzedSymbol.syntax
    if syntax_node is None or sensitivity(syntax_node)[0]:
        return []
    events = [(range_.symbol, *range_.bitRange) for range_ in listed.reads]
    driven = {driver.symbol.name for driver in procedure.drivers}
    missing = []
    for range_ in procedure.readSet:
        symbol = range_.symbol
        low, high = range_.bitRange
        if symbol.name in driven or symbol.name in missing:
            continue
        if not any(event == symbol and first <= low and high <= last for event, first, last in events):
            missing.append(symbol.name)
    # The front end's sets have no order of their own.
    return sorted(missing)
