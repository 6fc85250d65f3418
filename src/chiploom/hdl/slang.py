"""What slang, by pyslang, finds in a design: syntax, elaboration, data flow.

The text is parsed once; the syntax trees serve the survey, the policy and the compilation. Nothing here opens a file
(see :mod:`chiploom.hdl.preprocess`).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyslang
from pyslang import analysis, ast, parsing, syntax

from chiploom.errors import SubmissionRejected
from chiploom.hdl import guard, wording
from chiploom.hdl.constructs import EVERYWHERE, KINDS
from chiploom.hdl.diagnostics import Diagnostic
from chiploom.hdl.locate import Locator
from chiploom.hdl.preprocess import Unit, base_name, units
from chiploom.hdl.sources import Source
from chiploom.hdl.survey import Survey, survey

MAX_GENERATE_STEPS = 20_000
MAX_HIERARCHY_DEPTH = 64
MAX_INSTANCE_ARRAY = 4096
MAX_CONSTANT_STEPS = 200_000

#: Macros slang predefines about itself. Taken away, so that no text can tell one front end from the other.
FRONT_END_MACROS = ("__slang__", "__slang_major__", "__slang_minor__", "__slang_rev__")

#: What is left open swallows the text after it; nothing else that is found there is true.
_SWALLOWING = frozenset({"hdl.missing-endif", "hdl.missing-comment-end"})

_NANOSECOND = pyslang.TimeScaleValue(pyslang.TimeUnit.Nanoseconds, pyslang.TimeScaleMagnitude.One)
_TIME_SCALE = (_NANOSECOND, _NANOSECOND)

_MAX_SYNTAX_ERRORS = 10
_MAX_ERRORS = 30
_MAX_WARNINGS = 40
_MAX_WORDED = 200


@dataclass(slots=True)
class Parsed:
    """A design parsed once, with everything that was found by looking at its syntax."""

    sources: tuple[Source, ...]
    units: tuple[Unit, ...]
    manager: Any
    trees: tuple[Any, ...]
    locator: Locator
    survey: Survey

    @property
    def modules(self) -> tuple[str, ...]:
        """Names of all modules, in order of appearance."""
        return tuple(self.survey.modules)

    def parameters(self, module: str) -> tuple[str, ...]:
        """Names of the overridable parameters of ``module``."""
        found = self.survey.modules.get(module)
        return () if found is None else found.parameters

    def used(self, top: str) -> Survey:
        """Return the survey of what the design under ``top`` is made of; a testbench beside it is left out."""
        return self.survey.within(self.survey.reachable(top), EVERYWHERE)

    def names(self) -> dict[str, Sequence[str]]:
        """Known names, for did-you-mean."""
        defines = [d for d in self.survey.directives if d.kind == syntax.SyntaxKind.DefineDirective]
        places = [self.locator.unit_offset(d.sourceRange.start) for d in defines]
        return {
            "modules": self.modules,
            "macros": [d.name.valueText for d in defines],
            "macro_files": ["" if p is None else base_name(p[0].name_at(p[1])) for p in places],
            "inputs": tuple(self.survey.inputs),
            "inouts": tuple(self.survey.inouts),
            "files": [base_name(source.name) for source in self.sources],
        }


def parse(sources: Sequence[Source], *, data_files: Iterable[str] = ()) -> Parsed:
    """Parse every file as its own compilation unit, includes in place.

    Parameters
    ----------
    data_files : iterable of str
        Base names of files that are data for ``$readmemh``, not text of the design.

    Raises
    ------
    SubmissionRejected
        If a text is too long or too deep to be read.
    """
    data = frozenset(data_files)
    code = tuple(source for source in sources if base_name(source.name) not in data)
    parts = units(code)
    too_large = tuple(guard.oversized(parts))
    if too_large:
        raise SubmissionRejected(too_large)
    manager = pyslang.SourceManager()
    read = [_read_unit(unit, index, manager) for index, unit in enumerate(parts)]
    parts = tuple(unit for unit, _, _ in read)
    trees = tuple(tree for _, _, tree in read)
    found = survey([tree.root for tree in trees], [unit.text for unit in parts], KINDS)
    return Parsed(code, parts, manager, trees, Locator(manager, parts, [buffer for _, buffer, _ in read]), found)


def syntax_errors(parsed: Parsed) -> list[Diagnostic]:
    """Return what the parser could not read, at most one error a line."""
    engine = pyslang.DiagnosticEngine(parsed.manager)
    raw = [found for tree in parsed.trees for found in tree.diagnostics]
    if not raw:
        return []
    found = _worded((r for r in raw if wording.severity_of(r, wording.code_name(r)) == "error"), engine, parsed)
    unclosed = [diagnostic for diagnostic in found if diagnostic.code in _SWALLOWING]
    seen: set[tuple[str, int]] = set()
    first = []
    for diagnostic in sorted(unclosed or found, key=_by_place):
        if (diagnostic.file, diagnostic.line) not in seen:
            seen.add((diagnostic.file, diagnostic.line))
            first.append(diagnostic)
    return first[:_MAX_SYNTAX_ERRORS]


def compile_design(parsed: Parsed, top: str, parameters: Mapping[str, int]) -> Any:
    """Return slang's compilation of the design under ``top``."""
    options = _options()
    compilation_options = options.compilationOptions
    compilation_options.topModules = {top}
    compilation_options.paramOverrides = [f"{name}={value}" for name, value in parameters.items()]
    options.compilationOptions = compilation_options
    compilation = ast.Compilation(options)
    for tree in parsed.trees:
        compilation.addSyntaxTree(tree)
    return compilation


def semantic_findings(parsed: Parsed, compilation: Any) -> list[Diagnostic]:
    """Return what slang's elaboration finds, parse warnings included."""
    engine = pyslang.DiagnosticEngine(parsed.manager)
    found = _worded(compilation.getAllDiagnostics(), engine, parsed)
    # What follows from another error is left out: a top that is not usable because of it, a misspelled `assign` that
    # reads as a second declaration.
    reasons = [d for d in found if d.severity == "error" and d.code != "hdl.top-unusable"]
    misspelled = [d.excerpt for d in found if d.code == "hdl.misspelled-keyword"]
    return [
        d
        for d in found
        if not (d.code == "hdl.top-unusable" and reasons)
        # It may be told at the first declaration, as that of a port is.
        and not (
            d.code == "hdl.duplicate-declaration" and any(_names(line, d.arguments["name"]) for line in misspelled)
        )
    ]


def flow_findings(parsed: Parsed, compilation: Any, listener: Any = None) -> list[Diagnostic]:
    """Return what slang's data-flow analysis finds: latches, drivers, what is unused.

    Parameters
    ----------
    listener : function, optional
        Called with each analysed procedure, which is only alive during the call.
    """
    compilation.freeze()
    options = analysis.AnalysisOptions()
    options.flags = analysis.AnalysisFlags.CheckUnused | analysis.AnalysisFlags.AllowDupInitialDrivers
    manager = analysis.AnalysisManager(options)
    if listener is not None:
        manager.addProcListener(listener)
    manager.analyze(compilation)
    engine = pyslang.DiagnosticEngine(parsed.manager)
    return _worded(manager.getDiagnostics(), engine, parsed)


def arranged(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return findings in order of place, each once, errors first cut to a readable number."""
    unique: dict[tuple[object, ...], Diagnostic] = {}
    for diagnostic in found:
        key = (diagnostic.code, diagnostic.file, diagnostic.line, diagnostic.column, *diagnostic.arguments.values())
        unique.setdefault(key, diagnostic)
    ordered = sorted(unique.values(), key=_by_place)
    errors = [d for d in ordered if d.severity == "error"][:_MAX_ERRORS]
    others = [d for d in ordered if d.severity != "error"][:_MAX_WARNINGS]
    return (*errors, *others)


def _read_unit(unit: Unit, index: int, manager: Any) -> tuple[Unit, Any, Any]:
    """Return the unit with its buffer and tree; read as Verilog-2005 if it is right only so."""
    options = _options()
    buffer = manager.assignText(f"/chiploom/f{index}.sv", unit.text)
    tree = syntax.SyntaxTree.fromBuffer(buffer, manager, options)
    if not any(found.isError() for found in tree.diagnostics):
        return unit, buffer, tree
    older = unit.as_verilog_2005()
    older_buffer = manager.assignText(f"/chiploom/2005/f{index}.sv", older.text)
    older_tree = syntax.SyntaxTree.fromBuffer(older_buffer, manager, options)
    if any(found.isError() for found in older_tree.diagnostics):
        return unit, buffer, tree
    return older, older_buffer, older_tree


def _names(line: str, name: str) -> bool:
    return re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", line) is not None


def _by_place(diagnostic: Diagnostic) -> tuple[str, int, int]:
    return (diagnostic.file, diagnostic.line, diagnostic.column)


def _worded(raw: Iterable[Any], engine: Any, parsed: Parsed) -> list[Diagnostic]:
    names = parsed.names()
    found = (wording.worded(diagnostic, engine, parsed.locator, names) for diagnostic in raw)
    return list(itertools.islice((diagnostic for diagnostic in found if diagnostic is not None), _MAX_WORDED))


def _options() -> Any:
    preprocessor = parsing.PreprocessorOptions()
    preprocessor.maxIncludeDepth = 0
    preprocessor.undefines = list(FRONT_END_MACROS)
    parser = parsing.ParserOptions()
    parser.maxRecursionDepth = 256
    compilation = ast.CompilationOptions()
    compilation.flags = ast.CompilationFlags(0)  # no interface ports at the top
    # Otherwise slang refuses designs where one file has a `timescale and another has none.
    compilation.defaultTimeScale = pyslang.TimeScale(*_TIME_SCALE)
    compilation.maxGenerateSteps = MAX_GENERATE_STEPS
    compilation.maxInstanceDepth = MAX_HIERARCHY_DEPTH
    compilation.maxInstanceArray = MAX_INSTANCE_ARRAY
    compilation.maxConstexprSteps = MAX_CONSTANT_STEPS
    return pyslang.Bag([preprocessor, parser, compilation])
