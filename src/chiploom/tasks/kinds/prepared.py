"""What the kinds share: reading the author's files, reading a submission, and the values that go between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chiploom.errors import AmbiguousTopError, LimitReached, ReferenceError_, SubmissionRejected
from chiploom.hdl.read import Elaborated, Rules, read_design
from chiploom.hdl.sources import Source
from chiploom.prove import engine
from chiploom.prove.verdict import Outcome, Verdict
from chiploom.tasks.model import Task


@dataclass(frozen=True, slots=True)
class Prepared:
    """A task whose author's files are elaborated; picklable, and made once for many submissions."""

    task: Task
    reference: engine.Reference | None = None
    properties: Elaborated | None = None


def read_author(task: Task, role: str, sources: Sequence[Source], *, top: str | None, rules: Rules) -> Elaborated:
    """Elaborate an author's file with the task's parameters.

    Parameters
    ----------
    role : str
        ``"reference"``, ``"environment"`` or ``"properties"``, for errors.

    Raises
    ------
    ReferenceError_
        ``<role>-broken``, with the first finding.
    """
    try:
        return read_design(sources, top=top, parameters=task.parameters, rules=rules, limits=task.limits)
    except SubmissionRejected as rejected:
        first = next(d for d in rejected.diagnostics if d.severity == "error")
        place = f"{first.file}:{first.line}: " if first.line else ""
        raise ReferenceError_(f"{role}-broken", f"{task.id}: {role}: {place}{first.message}") from None
    except (AmbiguousTopError, LimitReached) as error:
        raise ReferenceError_(f"{role}-broken", f"{task.id}: {role}: {error.message}") from None


def judge(task: Task, sources: Sequence[Source], check: Callable[[Elaborated], Verdict]) -> Verdict:
    """Read a submission by the task's policy and let ``check`` judge it; say why where it cannot be read."""
    rules = Rules(delays=task.policy.delays, memory_files=task.policy.memory_files)
    try:
        submission = read_design(sources, top=task.top, rules=rules, limits=task.limits)
        return check(submission)
    except SubmissionRejected as rejected:
        return Verdict(
            outcome=Outcome.REJECTED,
            method="diagnostics",
            diagnostics=tuple(d for d in rejected.diagnostics if d.severity == "error"),
            warnings=tuple(d for d in rejected.diagnostics if d.severity != "error"),
            limits=task.limits,
            tools=engine.tool_versions(),
        )
    except LimitReached as reached:
        return Verdict(
            limit_hit=reached.limit, reason=reached.message, limits=task.limits, tools=engine.tool_versions()
        )
