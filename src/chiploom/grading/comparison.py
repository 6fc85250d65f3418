"""Preparing and judging inside a worker: a task by its kind, bare files by themselves."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chiploom.errors import (
    AmbiguousTopError,
    LimitReached,
    ReferenceError_,
    SubmissionRejected,
    UsageError,
)
from chiploom.grading.job import Comparison, Material, Reading, Run
from chiploom.hdl.read import Elaborated, Rules, compile_design, read_design, yosys_failure_diagnostics
from chiploom.hdl.sources import Source
from chiploom.prove import engine, simulation
from chiploom.prove.stimulus import read_stimulus
from chiploom.prove.verdict import Limits, Outcome, Verdict
from chiploom.tasks import kinds

#: How the name of a stimulus ends; a design's never does.
STIMULUS_ENDINGS = (".csv", ".json")

_UNKNOWN_TOP_CODES = frozenset({"hdl.unknown-top", "hdl.top-not-found", "slang.InvalidTopModule"})


@dataclass(frozen=True, slots=True)
class PreparedComparison:
    """A comparison whose author's files are elaborated; picklable."""

    comparison: Comparison
    reference: engine.Reference | None = None
    properties: Elaborated | None = None


Prepared = kinds.Prepared | PreparedComparison | Reading | Run


def prepare(material: Material) -> Prepared:
    """Elaborate the author's files and build what every proof needs; a Yosys error ends the process.

    Raises
    ------
    BrokenTaskError
        A file does not elaborate, or is not fit to judge by.
    AmbiguousTopError
        Bare files leave the top open.
    """
    if isinstance(material, Reading | Run):
        return material
    if not isinstance(material, Comparison):
        return kinds.prepare(material)
    if material.properties:
        rules = Rules(assertions=True, origin="reference")
        return PreparedComparison(material, properties=_author(material, "properties", material.properties, rules))
    rules = Rules(origin="reference")
    reference = _author(material, "reference", material.reference, rules)
    environment = _author(material, "environment", material.environment, rules) if material.environment else None
    return PreparedComparison(
        material, reference=engine.prepare_reference(reference, environment, limits=material.limits)
    )


def judge(prepared: Prepared, sources: Sequence[Source]) -> Verdict:
    """Judge a submission; a Yosys error ends the process."""
    top = None
    work: Callable[[], Verdict]
    if isinstance(prepared, Reading):
        limits, work = prepared.limits, functools.partial(_read, prepared, sources)
    elif isinstance(prepared, Run):
        limits, work = prepared.limits, functools.partial(_run, prepared, sources)
    elif isinstance(prepared, PreparedComparison):
        limits, top = prepared.comparison.limits, prepared.comparison.top
        work = functools.partial(_compare, prepared, sources)
    else:
        return kinds.grade(prepared, sources)
    try:
        return work()
    except SubmissionRejected as rejected:
        if top is not None:
            _refuse_unknown_top(rejected, top, "--top")
        return Verdict(
            outcome=Outcome.REJECTED,
            method="diagnostics",
            diagnostics=tuple(d for d in rejected.diagnostics if d.severity == "error"),
            warnings=tuple(d for d in rejected.diagnostics if d.severity != "error"),
            limits=limits,
            tools=engine.tool_versions(),
        )
    except LimitReached as reached:
        return Verdict(limit_hit=reached.limit, reason=reached.message, limits=limits, tools=engine.tool_versions())


def _compare(prepared: PreparedComparison, sources: Sequence[Source]) -> Verdict:
    comparison = prepared.comparison
    fallback = prepared.reference.design.top if prepared.reference else None
    submission = read_design(sources, top=comparison.top, fallback_top=fallback, limits=comparison.limits)
    if prepared.properties is not None:
        return engine.prove_properties(
            prepared.properties, submission, power_up=comparison.power_up, limits=comparison.limits
        )
    assert prepared.reference is not None
    return engine.prove(prepared.reference, submission, power_up=comparison.power_up, limits=comparison.limits)


def _read(reading: Reading, sources: Sequence[Source]) -> Verdict:
    rules = Rules(delays=reading.delays, memory_files=reading.memory_files)
    if reading.elaborate:
        warnings = read_design(sources, top=reading.top, rules=rules, limits=reading.limits).warnings
    else:
        warnings = compile_design(sources, top=reading.top, rules=rules, limits=reading.limits)
    return Verdict(method="diagnostics", warnings=warnings, limits=reading.limits)


def _run(run: Run, sources: Sequence[Source]) -> Verdict:
    *files, stimulus = sources
    design = read_design(files, top=run.top, limits=run.limits)
    inputs = read_stimulus(stimulus.text, stimulus.name, simulation.pins_of(design.netlist))
    trace = simulation.simulate(design.netlist, inputs)
    return Verdict(method="simulation", trace=trace, warnings=design.warnings, limits=run.limits)


def verdict_of_yosys_error(log: str, sources: Sequence[Source], limits: Limits) -> Verdict:
    """Return the verdict about a submission in whose elaboration Yosys ended the process, leaving ``log``.

    The wording needs the sources parsed again, so this, too, is work for a boxed child.
    """
    designs = [source for source in sources if not source.name.endswith(STIMULUS_ENDINGS)]
    diagnostics = yosys_failure_diagnostics(log, designs)
    if diagnostics:
        return Verdict(outcome=Outcome.REJECTED, method="diagnostics", diagnostics=diagnostics, limits=limits)
    return Verdict(limit_hit="crash", reason="the check ended without a verdict", limits=limits)


def _author(comparison: Comparison, role: str, sources: Sequence[Source], rules: Rules) -> Elaborated:
    top = "environment" if role == "environment" else comparison.reference_top
    try:
        return read_design(sources, top=top, rules=rules, limits=comparison.limits)
    except SubmissionRejected as rejected:
        if role != "environment" and top is not None:
            _refuse_unknown_top(rejected, top, "--reference-top")
        first = next(d for d in rejected.diagnostics if d.severity == "error")
        place = f"{first.file}:{first.line}:{first.column}: " if first.line else ""
        raise ReferenceError_(f"{role}-broken", f"{role}: {place}{first.message}") from None
    except AmbiguousTopError as error:
        message = error.message.replace("--top", "--reference-top")
        raise AmbiguousTopError(error.code, f"{role}: {message}") from None
    except LimitReached as error:
        raise ReferenceError_(f"{role}-broken", f"{role}: {error.message}") from None


def _refuse_unknown_top(rejected: SubmissionRejected, top: str, option: str) -> None:
    """Tell a top that was named wrongly on the command line from a fault of the design."""
    for diagnostic in rejected.diagnostics:
        if diagnostic.code in _UNKNOWN_TOP_CODES:
            raise UsageError("unknown-top", f"{option} {top!a}: {diagnostic.message}") from None
