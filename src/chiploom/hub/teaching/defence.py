"""Questions for an oral defence, drawn from what a learner's own submissions show. Nothing in them is invented."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chiploom.hub.database.schema import Assignment, HintUse, Submission
from chiploom.prove.trace import Trace, value_text
from chiploom.prove.verdict import Outcome, Verdict
from chiploom.tasks.model import Task

QUESTIONS = 3
_MOST_DIFF_LINES = 40
_MOST_READ = 200

#: The left side of a nonblocking assignment at the beginning of a statement; a comparison is never there.
_REGISTER = re.compile(r"(?:^|;|\bbegin\b|\belse\b|\)|:)\s*([A-Za-z_]\w*)\s*(?:\[[^\]]*\]\s*)*<=", re.MULTILINE)
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\])*\"", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Question:
    """A question: ``teach.defence-<kind>`` in the message table with its values, and the lines it is about."""

    kind: str
    values: Mapping[str, Any]
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Try:
    """A submission and its verdict."""

    row: Submission
    verdict: Verdict | None


def history(session: Session, row: Assignment, user_id: int) -> list[Submission]:
    """Return a learner's submissions for an assignment, the oldest first."""
    newest = session.scalars(
        select(Submission)
        .where(Submission.assignment_id == row.id, Submission.user_id == user_id)
        .order_by(Submission.id.desc())
        .limit(_MOST_READ)
    ).all()
    return list(reversed(newest))


def hints(session: Session, row: Assignment, user_id: int) -> list[int]:
    """Return the numbers of the hints that a learner ever opened for the task of an assignment."""
    return list(
        session.scalars(
            select(HintUse.number)
            .where(HintUse.user_id == user_id, HintUse.pack_id == row.pack_id, HintUse.task_id == row.task_id)
            .order_by(HintUse.number)
        )
    )


def defended(tries: Sequence[Submission]) -> Submission | None:
    """Return the submission to be defended: the first that does the task, or else the newest."""
    return next((row for row in tries if row.is_met), tries[-1] if tries else None)


def turning_point(tries: Sequence[Submission]) -> tuple[Submission, Submission] | None:
    """Return the last refuted submission before the first that does the task, and that one."""
    for index, row in enumerate(tries):
        if row.is_met:
            before = [earlier for earlier in tries[:index] if earlier.outcome == "refuted"]
            return (before[-1], row) if before else None
    return None


def questions(tries: Sequence[Try], task: Task, opened_hints: Sequence[int], language: str) -> list[Question]:
    """Return up to three questions, different in kind as long as the history has different kinds of facts."""
    rows = [item.row for item in tries]
    final = defended(rows)
    if final is None:
        return []
    found = list(_candidates(tries, rows, final, task, opened_hints, language))
    firsts = [item for index, item in enumerate(found) if item.kind not in {other.kind for other in found[:index]}]
    others = [item for item in found if item not in firsts]
    return [*firsts, *others][:QUESTIONS]


def registers(files: Sequence[Sequence[str]]) -> list[str]:
    """Return the names that a design assigns at a clock edge, in the order of their first assignment."""
    text = "\n".join(_COMMENT.sub(" ", content) for _, content in files)
    return list(dict.fromkeys(match[1] for match in _REGISTER.finditer(text)))


def difference(before: Submission, after: Submission) -> tuple[str, ...]:
    """Return the changed lines between two submissions, as ``diff -u`` shows them, with the names of the files."""
    old, new = dict(before.files), dict(after.files)
    lines: list[str] = []
    for name in sorted({*old, *new}):
        a, b = old.get(name, "").splitlines(), new.get(name, "").splitlines()
        if a != b:
            lines += difflib.unified_diff(a, b, name, name, lineterm="", n=1)
    return tuple(lines)


def _candidates(
    tries: Sequence[Try],
    rows: Sequence[Submission],
    final: Submission,
    task: Task,
    opened_hints: Sequence[int],
    language: str,
) -> Iterator[Question]:
    turn = turning_point(rows)
    if turn is not None:
        changed = difference(*turn)
        yield Question(
            "change",
            {"before": turn[0].created_at, "after": turn[1].created_at},
            changed[:_MOST_DIFF_LINES],
        )
    refuted = [item for item in tries if item.verdict is not None and item.verdict.trace is not None]
    if refuted:
        verdict = refuted[-1].verdict
        assert verdict is not None and verdict.trace is not None
        yield from _of_trace(verdict.trace, refuted[-1].row, language)
    for name in registers(final.files):
        yield Question("register", {"register": name})
    for number in reversed(opened_hints):
        if 1 <= number <= len(task.hints):
            hint = task.hints[number - 1]
            yield Question("hint", {"number": number}, (hint.get(language) or next(iter(hint.values()), ""),))
    for name, value in task.parameters.items():
        yield Question("parameter", {"parameter": name, "value": str(value)})
    for item in tries:
        if item.verdict is not None and item.verdict.outcome is Outcome.REJECTED:
            errors = [found for found in item.verdict.diagnostics if found.severity == "error"]
            if errors:
                yield Question(
                    "rejected",
                    {"moment": item.row.created_at, "line": errors[0].line or 0},
                    (errors[0].text(language),),
                )
    for port in task.ports:
        if port.direction == "output":
            yield Question("output", {"output": port.name})


def _of_trace(trace: Trace, row: Submission, language: str) -> Iterator[Question]:
    last = trace.cycles[-1]
    for name in trace.failing:
        if name in last.expected and name in last.got:
            signed = name in trace.signed
            yield Question(
                "trace",
                {
                    "moment": row.created_at,
                    "cycle": len(trace.cycles),
                    "output": name,
                    "got": value_text(last.got[name], signed),
                    "expected": value_text(last.expected[name], signed),
                },
                (trace.explanation.get(language, ""),),
            )
