"""Preparing and judging inside a worker: a task by its kind, bare files by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chiploom.errors import (
    AmbiguousTopError,
    LimitReached,
    ReferenceError_,
    SubmissionRejected,
    UsageError,
)
from chiploom.grading.job import Comparison, Material
from chiploom.hdl.read import Elaborated, Rules, read_design, yosys_failure_diagnostics
from chiploom.hdl.sources import Source
from chiploom.prove import engine
from chiploom.prove.verdict import Limits, Outcome, Verdict
from chiploom.tasks import kinds

_UNKNOWN_TOP_CODES = frozenset({"hdl.unknown-top", "hdl.top-not-found", "slang.InvalidTopModule"})


@dataclass(frozen=True, slots=True)
class PreparedComparison:
    """A comparison whose author's files are elaborated; picklable."""

    comparison: Comparison
    reference: engine.Reference | None = None
    properties: Elaborated | None = None


Prepared = kinds.Prepared | PreparedComparison


def prepare(material: Material) -> Prepared:
    """Elaborate the author's files and build what every proof needs; a Yosys error ends the process.

    Raises
    ------
    BrokenTaskError
        A file does not elaborate, or is not fit to judge by.
    AmbiguousTopError
        Bare files leave the top open.
    """
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
    if not isinstance(prepared, PreparedComparison):
        return kinds.grade(prepared, sources)
    comparison = prepared.comparison
    fallback = prepared.reference.design.top if prepared.reference else None
    try:
        submission = read_design(sources, top=comparison.top, fallback_top=fallback, limits=comparison.limits)
        if prepared.properties is not None:
            return engine.prove_properties(
                prepared.properties, submission, power_up=comparison.power_up, limits=comparison.limits
            )
        assert prepared.reference is not None
        return engine.prove(
            prepared.reference,
            submission,
            power_up=comparison.power_up,
            limits=comparison.limits,
        )
    except SubmissionRejected as rejected:
        if comparison.top is not None:
            _refuse_unknown_top(rejected, comparison.top, "--top")
        return Verdict(
            outcome=Outcome.REJECTED,
            method="diagnostics",
            diagnostics=tuple(d for d in rejected.diagnostics if d.severity == "error"),
            warnings=tuple(d for d in rejected.diagnostics if d.severity != "error"),
            limits=comparison.limits,
            tools=engine.tool_versions(),
        )
    except LimitReached as reached:
        return Verdict(
            limit_hit=reached.limit, reason=reached.message, limits=comparison.limits, tools=engine.tool_versions()
        )


def verdict_of_yosys_error(log: str, sources: Sequence[Source], limits: Limits) -> Verdict:
    """Return the verdict about a submission in whose elaboration Yosys ended the process, leaving ``log``.

    The wording needs the sources parsed again, so this, too, is work for a boxed child.
    """
    diagnostics = yosys_failure_diagnostics(log, sources)
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
