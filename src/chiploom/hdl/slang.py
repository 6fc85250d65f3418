"""Parsing, elaboration checks and data-flow analysis by pyslang."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyslang
from pyslang import analysis, ast, syntax

from chiploom.hdl.diagnostics import Diagnostic, Severity
from chiploom.hdl.sources import Source

MAX_GENERATE_STEPS = 20_000


@dataclass(slots=True)
class Parsed:
    """Sources parsed once, for everything that needs the syntax trees."""

    sources: tuple[Source, ...]
    units: tuple[str, ...]
    headers: Mapping[str, str]
    manager: Any
    trees: tuple[Any, ...]
    definitions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    instantiated: frozenset[str] = frozenset()

    @property
    def modules(self) -> tuple[str, ...]:
        """Names of all modules, in order of appearance."""
        return tuple(self.definitions)

    def uninstantiated(self) -> tuple[str, ...]:
        """Names of the modules that no other module instantiates."""
        return tuple(name for name in self.definitions if name not in self.instantiated)

    def parameters(self, module: str) -> tuple[str, ...]:
        """Names of the overridable parameters of ``module``."""
        return self.definitions.get(module, ())


def parse(sources: Sequence[Source]) -> Parsed:
    """Parse every file as its own compilation unit."""
    manager = pyslang.SourceManager()
    trees = []
    for index, source in enumerate(sources):
        buffer = manager.assignText(f"/chiploom-nowhere/f{index}.sv", source.text)
        trees.append(syntax.SyntaxTree.fromBuffer(buffer, manager))
    definitions: dict[str, tuple[str, ...]] = {}
    instantiated: set[str] = set()
    for tree in trees:
        _definitions(tree.root, definitions, instantiated)
    return Parsed(
        tuple(sources),
        tuple(source.text for source in sources),
        {},
        manager,
        tuple(trees),
        definitions,
        frozenset(instantiated),
    )


def syntax_diagnostics(parsed: Parsed) -> list[Diagnostic]:
    """Return what the parser alone found."""
    engine = pyslang.DiagnosticEngine(parsed.manager)
    return [_diagnostic(parsed, engine, found) for tree in parsed.trees for found in tree.diagnostics]


def analyse(parsed: Parsed, top: str, parameters: Mapping[str, int]) -> list[Diagnostic]:
    """Return everything slang finds in the design under ``top``."""
    options = ast.CompilationOptions()
    options.maxGenerateSteps = MAX_GENERATE_STEPS
    options.topModules = {top}
    options.paramOverrides = [f"{name}={value}" for name, value in parameters.items()]
    compilation = ast.Compilation(pyslang.Bag([options]))
    for tree in parsed.trees:
        compilation.addSyntaxTree(tree)
    engine = pyslang.DiagnosticEngine(parsed.manager)
    found = list(compilation.getAllDiagnostics())
    if not any(diagnostic.isError() for diagnostic in found):
        compilation.freeze()
        flow = analysis.AnalysisManager()
        flow.analyze(compilation)
        found += list(flow.getDiagnostics())
    return [_diagnostic(parsed, engine, diagnostic) for diagnostic in found]


def _definitions(root: Any, definitions: dict[str, tuple[str, ...]], instantiated: set[str]) -> None:
    def visit(node: Any) -> None:
        if isinstance(node, syntax.ModuleDeclarationSyntax) and node.kind == syntax.SyntaxKind.ModuleDeclaration:
            definitions.setdefault(node.header.name.valueText, _parameters(node))
        elif isinstance(node, syntax.HierarchyInstantiationSyntax):
            instantiated.add(node.type.valueText)

    root.visit(visit)


def _parameters(module: Any) -> tuple[str, ...]:
    names: list[str] = []

    def visit(node: Any) -> None:
        if isinstance(node, syntax.ParameterDeclarationSyntax) and node.keyword.valueText == "parameter":
            names.extend(declarator.name.valueText for declarator in node.declarators if hasattr(declarator, "name"))

    module.visit(visit)
    return tuple(names)


def _diagnostic(parsed: Parsed, engine: Any, found: Any) -> Diagnostic:
    name = str(found.code).removeprefix("DiagCode(").removesuffix(")")
    manager = parsed.manager
    location = manager.getFullyExpandedLoc(found.location)
    text = engine.formatMessage(found)
    severity: Severity = "error" if found.isError() else "warning"
    line = manager.getLineNumber(location)
    column = manager.getColumnNumber(location)
    return Diagnostic(f"slang.{name}", severity, {"text": text}, _file(parsed, location), line, column)


def _file(parsed: Parsed, location: Any) -> str:
    raw = parsed.manager.getRawFileName(location.buffer)
    stem = raw.rsplit("/", 1)[-1].removeprefix("f").removesuffix(".sv")
    if stem.isdecimal() and int(stem) < len(parsed.sources):
        return parsed.sources[int(stem)].name
    return ""
