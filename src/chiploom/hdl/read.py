"""The room's public face: load the files of a design, and read them into a netlist with what was found on the way."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from pyslang import syntax

from chiploom.errors import AmbiguousTopError, LimitReached, SubmissionRejected
from chiploom.hdl import checks, guard, held, lint, policy, slang
from chiploom.hdl.addresses import signed_addresses
from chiploom.hdl.asynchronous import joined_controls
from chiploom.hdl.diagnostics import Diagnostic
from chiploom.hdl.elaborate import Edit, Elaboration, elaborate
from chiploom.hdl.failure import yosys_failure_diagnostics
from chiploom.hdl.locate import placed
from chiploom.hdl.netlist import Netlist, from_yosys_json
from chiploom.hdl.preprocess import base_name
from chiploom.hdl.sources import Source, cleaned, load_sources

__all__ = [
    "Elaborated",
    "MemoryLimit",
    "ReadLimits",
    "Rules",
    "compile_design",
    "load_sources",
    "read_design",
    "yosys_failure_diagnostics",
]


#: Findings of one kind that are worded at most; hostile texts have tens of thousands.
_MAX_FINDINGS = 200

#: Errors that would cost slang's elaboration too much time or memory to be reported beside others.
_BEFORE_COMPILING = frozenset({"hdl.vector-too-wide"})


@dataclass(frozen=True, slots=True)
class Rules:
    """What a design may use, beyond the synthesisable subset.

    Attributes
    ----------
    delays : {"ignore", "forbid"}
        Whether constant delays are ignored with a warning or refused.
    memory_files : tuple of str
        Base names of data files ``$readmemh``/``$readmemb`` may load. The files are handed in among the sources.
    assertions : bool
        Keep assertions: only for authors' property modules.
    origin : {"submission", "reference"}
        The policy and the lints apply only to submissions.
    """

    delays: Literal["ignore", "forbid"] = "ignore"
    memory_files: tuple[str, ...] = ()
    assertions: bool = False
    origin: Literal["submission", "reference"] = "submission"


@dataclass(frozen=True, slots=True)
class Elaborated:
    """A design as netlist, with the warnings found on the way."""

    netlist: Netlist
    warnings: tuple[Diagnostic, ...]
    top: str


class MemoryLimit(Protocol):
    """The part of the limits of a check that reading needs."""

    @property
    def memory_bits(self) -> int:
        """Largest number of bits all memories together may have."""


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Limits for a design read on its own."""

    memory_bits: int = 16384


def read_design(
    sources: Sequence[Source],
    *,
    top: str | None = None,
    fallback_top: str | None = None,
    parameters: Mapping[str, int] | None = None,
    rules: Rules = Rules(),
    limits: MemoryLimit = ReadLimits(),
) -> Elaborated:
    """Read a design: diagnostics, policy, lints, elaboration.

    A Yosys error ends the process: call it in a forked child for a text that nobody vouches for.

    Parameters
    ----------
    sources : sequence of Source
        The files, in any order.
    top, fallback_top : str, optional
        The top module: ``top``; else the only module that nothing instantiates; else ``fallback_top``.
    parameters : mapping of str to int, optional
        Overrides of parameters; those the top does not declare are left out.

    Raises
    ------
    SubmissionRejected
        For anything wrong with the design; carries the diagnostics.
    AmbiguousTopError
        ``ambiguous-top``, listing the candidates.
    LimitReached
        ``memory_bits``, ``design_bits``, ``memory``, ``unsupported-register``, ``unsupported-memory``.
    StorageError
        ``scratch-unwritable``, if there is no room for scratch files.
    """
    with _within_memory():
        return _read(_compiled(sources, top, fallback_top, parameters or {}, rules, limits), rules, limits)


def compile_design(
    sources: Sequence[Source], *, top: str | None = None, rules: Rules = Rules(), limits: MemoryLimit = ReadLimits()
) -> tuple[Diagnostic, ...]:
    """Return the warnings about a design that compiles, at half the cost of :func:`read_design`.

    What only the netlist tells is left out: several drivers, combinational loops, what is driven or used by nothing.
    Arguments and errors are those of :func:`read_design`.
    """
    with _within_memory():
        return slang.arranged(_compiled(sources, top, None, {}, rules, limits).found)


@contextlib.contextmanager
def _within_memory() -> Iterator[None]:
    try:
        yield
    except MemoryError:
        raise LimitReached("memory", "the design needs more memory than it may use; use smaller parameters") from None


@dataclass(frozen=True, slots=True)
class _Compiled:
    files: tuple[Source, ...]
    parsed: slang.Parsed
    top: str
    parameters: Mapping[str, int]
    found: list[Diagnostic]
    compilation: Any


def _compiled(
    sources: Sequence[Source],
    top: str | None,
    fallback_top: str | None,
    parameters: Mapping[str, int],
    rules: Rules,
    limits: MemoryLimit,
) -> _Compiled:
    files = tuple(map(cleaned, sources))
    parsed = slang.parse(files, data_files=rules.memory_files)
    _reject_errors(slang.syntax_errors(parsed))
    chosen = _choose_top(parsed, top, fallback_top)
    overrides = {name: value for name, value in parameters.items() if name in parsed.parameters(chosen)}
    found, compilation = _check(parsed, chosen, overrides, rules, limits)
    _reject_errors(found)
    return _Compiled(files, parsed, chosen, overrides, found, compilation)


def _read(compiled: _Compiled, rules: Rules, limits: MemoryLimit) -> Elaborated:
    parsed, chosen, compilation = compiled.parsed, compiled.top, compiled.compilation
    rewritten = [
        *joined_controls(parsed.survey, compilation, parsed.locator),
        *signed_addresses(compilation, parsed.locator),
    ]

    def elaborated(*more: Edit) -> Elaboration:
        return elaborate(
            [unit.text for unit in parsed.units],
            chosen,
            parameters=compiled.parameters,
            keep_assertions=rules.assertions,
            memory_bits=limits.memory_bits,
            edits=[*_data_files(parsed, compiled.files, rules), *rewritten, *more],
        )

    elaboration = elaborated()
    lost = held.lost_registers(parsed.survey, elaboration.raw)
    if lost:
        edits, impossible = held.held(parsed.survey, compilation, parsed.locator, lost)
        if impossible:
            raise LimitReached(
                "unsupported-register",
                f"nothing but its asynchronous reset gives a value to bits of {', '.join(sorted(impossible))}; make "
                "them constants",
            )
        elaboration = elaborated(*edits)
    found = compiled.found
    found += _netlist_findings(parsed, elaboration, chosen, rules, found)
    _reject_errors(found)
    order = {name: index for index, name in enumerate(checks.port_order(compilation))}
    module = elaboration.mapped
    module["ports"] = dict(sorted(module["ports"].items(), key=lambda item: order.get(item[0], len(order))))
    _name_authors_files(module, lint.Origins(parsed.units))
    netlist = from_yosys_json({"modules": {chosen: module}}, chosen, checks.signed_names(compilation))
    return Elaborated(netlist, slang.arranged(found), chosen)


def _name_authors_files(module: dict[str, Any], origins: lint.Origins) -> None:
    """Let what is said about ports later, when only the netlist is left, name the author's files, not our scratch."""
    for owner in (module, *(module["netnames"][name] for name in module["ports"] if name in module["netnames"])):
        attributes = owner.get("attributes", {})
        if "src" in attributes:
            attributes["src"] = origins.authored(attributes["src"])


def _reject_errors(found: Sequence[Diagnostic]) -> None:
    if any(diagnostic.severity == "error" for diagnostic in found):
        raise SubmissionRejected(slang.arranged(found))


def _choose_top(parsed: slang.Parsed, top: str | None, fallback_top: str | None) -> str:
    modules = parsed.survey.modules
    if not modules:
        raise SubmissionRejected((Diagnostic("hdl.no-module", "error"),))
    if top is not None:
        if top not in modules:
            listed = ", ".join(modules)
            raise SubmissionRejected((placed("hdl.top-not-found", "error", None, None, name=top, modules=listed),))
        return top
    candidates = parsed.survey.uninstantiated()
    if len(candidates) == 1:
        return candidates[0]
    if fallback_top is not None and fallback_top in modules:
        return fallback_top
    listed = ", ".join(candidates or modules)
    raise AmbiguousTopError("ambiguous-top", f"several modules could be the top: {listed}; name one with --top")


def _check(
    parsed: slang.Parsed,
    top: str,
    parameters: Mapping[str, int],
    rules: Rules,
    limits: MemoryLimit,
) -> tuple[list[Diagnostic], Any]:
    """Return everything found before elaboration, and slang's compilation."""
    survey, locator = parsed.used(top), parsed.locator
    submission = rules.origin == "submission"
    found: list[Diagnostic] = list(_unknown_memory_files(parsed, top, rules))
    found += itertools.islice(guard.wide_literals(survey, locator), _MAX_FINDINGS)
    if submission:
        found += itertools.islice(policy.refusals(survey, locator, delays=rules.delays), _MAX_FINDINGS)
        found += itertools.islice(guard.recursive_functions(survey, locator), _MAX_FINDINGS)
        found += itertools.islice(_extra_tops(parsed, top), 10)
        _reject_errors([d for d in found if d.code in _BEFORE_COMPILING])
    compilation = slang.compile_design(parsed, top, parameters)
    semantic = slang.semantic_findings(parsed, compilation)
    unknown = {(d.file, d.line, d.column) for d in semantic if d.code == "hdl.unknown-system-name"}
    found = [d for d in found if (d.file, d.line, d.column) not in unknown] + semantic
    if any(diagnostic.severity == "error" for diagnostic in found):
        return found, compilation
    checks.check_size(compilation, limits.memory_bits)
    if submission:
        found += checks.hierarchical_names(survey, compilation, locator)
        found += slang.flow_findings(parsed, compilation, checks.procedure_listener(survey, locator, found))
    return found, compilation


def _extra_tops(parsed: slang.Parsed, top: str) -> Iterator[Diagnostic]:
    for name in parsed.survey.uninstantiated():
        if name != top:
            node = parsed.survey.modules[name].node
            yield parsed.locator.diagnostic("hdl.extra-top", "warning", node.header.name.location, name=name)


def _netlist_findings(
    parsed: slang.Parsed, elaboration: Elaboration, top: str, rules: Rules, before: Sequence[Diagnostic]
) -> list[Diagnostic]:
    origins = lint.Origins(parsed.units)
    module = elaboration.raw
    if rules.origin != "submission":
        return lint.several_drivers(module, origins)
    found = lint.lints(module, origins, _always_latch_lines(parsed))
    latched = {d.arguments.get("name") for d in before if d.code == "hdl.inferred-latch"}
    # A latch described by always_comb is feedback in the netlist; it was already called a latch.
    found = [
        d
        for d in found
        if d.code != "hdl.combinational-loop" or not latched.intersection(d.arguments["names"].split(", "))
    ]
    found += _misplaced_high_impedance(parsed, module, top, origins)
    return [_at_second_assignment(parsed, d) if d.code == "hdl.multiple-drivers" else d for d in found]


def _at_second_assignment(parsed: slang.Parsed, diagnostic: Diagnostic) -> Diagnostic:
    """The netlist has no place for a plain ``assign``; the second one to the signal is what a learner looks for."""
    name = diagnostic.arguments["name"].rsplit(".", 1)[-1]
    places = policy.assignments_to(parsed.survey, name)
    if len(places) < 2:
        return diagnostic
    return parsed.locator.diagnostic(diagnostic.code, diagnostic.severity, places[1], **diagnostic.arguments)


def _misplaced_high_impedance(
    parsed: slang.Parsed, module: Mapping[str, Any], top: str, origins: lint.Origins
) -> Iterator[Diagnostic]:
    drivers = {
        origins.offset(cell["attributes"].get("src", ""))
        for cell in module["cells"].values()
        if cell["type"] in lint.TRISTATE_CELLS
    }

    def realised(assignment: Any) -> bool:
        place = parsed.locator.unit_offset(assignment.sourceRange.start)
        if place is None:
            return False
        return (parsed.units.index(place[0]), place[1]) in drivers

    return policy.misplaced_high_impedance(parsed.used(top), parsed.locator, realised)


def _always_latch_lines(parsed: slang.Parsed) -> Iterator[tuple[int, int]]:
    for node in parsed.survey.kept[syntax.SyntaxKind.AlwaysLatchBlock]:
        place = parsed.locator.unit_offset(node.sourceRange.start)
        if place is not None:
            unit, offset = place
            yield parsed.units.index(unit), unit.line_of(offset)


def _unknown_memory_files(parsed: slang.Parsed, top: str, rules: Rules) -> Iterator[Diagnostic]:
    """No front end may open a file: the policy's rule on data files holds for references too."""
    for node, literal in policy.memory_file_literals(parsed.used(top)):
        name = "" if literal is None else base_name(literal.literal.valueText)
        inside_macro = literal is not None and not parsed.manager.isFileLoc(literal.sourceRange.start)
        if literal is None or inside_macro or name not in rules.memory_files:
            yield parsed.locator.diagnostic(
                "hdl.memory-file-refused", "error", node.sourceRange.start, name=node.systemIdentifier.valueText
            )


def _data_files(parsed: slang.Parsed, files: Sequence[Source], rules: Rules) -> list[Edit]:
    texts = {base_name(source.name): source.text for source in files if base_name(source.name) in rules.memory_files}
    found = []
    for _, literal in policy.memory_file_literals(parsed.survey):
        if literal is None:
            continue
        name = base_name(literal.literal.valueText)
        place = parsed.locator.unit_offset(literal.sourceRange.start)
        if place is not None:
            start = place[1]
            length = len(literal.literal.rawText.encode("utf-8"))
            found.append(Edit(parsed.units.index(place[0]), start, start + length, texts.get(name, ""), as_file=True))
    return found
