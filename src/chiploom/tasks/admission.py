"""The admission test: a pack's tasks are let in only after a machine has tried to find them wanting.

For every task the reference must prove against itself and not be vacuous, every alternative must be proved in time,
every broken design, the starter and every mutant must be told from the reference (a mutant may also be *proved* equal
to it), sampled variants must pass likewise, and the texts must be complete. What is undecided counts as a failure.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from chiploom import messages
from chiploom.errors import BrokenTaskError, LimitReached, PackError
from chiploom.hdl.sources import Source
from chiploom.prove import engine
from chiploom.prove.verdict import Outcome, Verdict
from chiploom.tasks import isolate, kinds, wavedrom
from chiploom.tasks.load import load_task
from chiploom.tasks.model import Pack, Task
from chiploom.tasks.mutate import mutants
from chiploom.tasks.syntax import renamed_module, with_parameters

#: An alternative must be proved within this time.
ALTERNATIVE_LIMIT_S = 5.0
#: Properties are weak if they notice less than this share of the mutants of a correct design.
MIN_NOTICED_BY_PROPERTIES = 0.5

_MOST_SECOND_TRIES = 20

NOT_CHECKED_OF_IMPORTED = ("Vietnamese and French texts", "starters", "hints", "alternatives", "broken designs")


@dataclass(frozen=True, slots=True)
class Trial:
    """One design to be graded, and what must come out: ``"proved"``, ``"wrong"`` or, for a mutant, ``"noticed"``."""

    task: Task
    subject: str
    expectation: Literal["proved", "wrong", "noticed"]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found about a task: a reason not to admit it, or, not blocking, something to know."""

    subject: str
    problem: str
    variant: int | None = None
    blocking: bool = True


@dataclass(frozen=True, slots=True)
class TaskReport:
    """What the admission test found about one task."""

    task_id: str
    trials: int = 0
    mutants: int = 0
    equivalent: int = 0
    variants: tuple[int, ...] = ()
    slowest_s: float = 0.0
    findings: tuple[Finding, ...] = ()

    @property
    def admitted(self) -> bool:
        """Whether nothing speaks against the task."""
        return not any(finding.blocking for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            "task": self.task_id,
            "admitted": self.admitted,
            "trials": self.trials,
            "mutants": self.mutants,
            "equivalent_mutants": self.equivalent,
            "variants": list(self.variants),
            "slowest_s": round(self.slowest_s, 3),
            "findings": [dataclasses.asdict(finding) for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class Depth:
    """How hard to look: mutants of each reference, and variants sampled of each task."""

    mutants: int = 20
    variants: int = 3


Grade = Callable[[Iterable[Trial]], Iterator[tuple[int, Verdict]]]
"""Grades trials, in the box; yields (position of the trial, verdict) in any order."""


def check_task(pack: Pack, task_id: str, grade: Grade, depth: Depth, enter: isolate.Enter | None = None) -> TaskReport:
    """Examine one task with its sampled variants.

    Parameters
    ----------
    enter : callable, optional
        How a child process enters the box, before it elaborates the author's files.
    """
    try:
        base = load_task(pack, task_id)
        numbers = sampled_variants(base, depth.variants)
        tasks = [base, *(load_task(pack, task_id, number) for number in numbers)]
    except PackError as error:
        return TaskReport(task_id, findings=(Finding("files", error.message),))
    findings = list(text_findings(pack, base))
    trials: list[Trial] = []
    for task in tasks:
        broken = list(reference_findings(pack, task, enter))
        findings += broken
        # Designs are not held against a reference that says nothing.
        if not any(finding.blocking for finding in broken):
            trials += trials_of(task, depth.mutants if task is base else 0)
    verdicts = dict(grade(trials))
    for index, verdict in _again_alone(trials, verdicts, grade):
        verdicts[index] = verdict
    judged = [(trial, verdicts.get(index, Verdict(reason="not graded"))) for index, trial in enumerate(trials)]
    findings += [finding for trial, verdict in judged for finding in _judge(trial, verdict)]
    of_mutants = [verdict for trial, verdict in judged if trial.expectation == "noticed"]
    equivalent = sum(verdict.outcome is Outcome.PROVED for verdict in of_mutants)
    findings += _mutant_findings(base, len(of_mutants), equivalent)
    return TaskReport(
        task_id,
        trials=len(trials),
        mutants=len(of_mutants),
        equivalent=equivalent,
        variants=tuple(numbers),
        slowest_s=max((verdict.seconds for _, verdict in judged), default=0.0),
        findings=tuple(findings),
    )


def sampled_variants(task: Task, count: int) -> list[int]:
    """Return the numbers of ``count`` variants spread over all of ``task``'s."""
    available = task.variant_count
    if available == 0 or count == 0:
        return []
    wanted = min(count, available)
    return sorted({1 + index * (available - 1) // max(wanted - 1, 1) for index in range(wanted)})


def trials_of(task: Task, mutant_count: int) -> list[Trial]:
    """Return the designs to grade for ``task``: what its author wrote, and mutants of what is right."""
    examples = [*task.alternatives, *task.broken]
    texts = {example.name: with_parameters(example.sources, task.top, task.parameters) for example in examples}
    reference = _as_submission(task)
    trials = [Trial(task, "reference", "proved", reference)] if reference else []
    trials += [Trial(task, f"alternatives/{e.name}", "proved", texts[e.name]) for e in task.alternatives]
    trials += [
        Trial(task, f"broken/{e.name}", "wrong", with_parameters(e.sources, task.top, task.parameters))
        for e in task.broken
    ]
    if task.starter:
        trials.append(Trial(task, "starter", "wrong", task.starter))
    right = reference or next((texts[example.name] for example in task.alternatives), ())
    if len(right) == 1:
        for mutant in mutants(right[0].text, limit=mutant_count):
            subject = f"mutant: {mutant.kind} in line {mutant.line}"
            trials.append(Trial(task, subject, "noticed", (Source(right[0].name, mutant.text),)))
    return trials


def reference_findings(pack: Pack, task: Task, enter: isolate.Enter | None = None) -> Iterator[Finding]:
    """Yield what is wrong with the author's files: they do not elaborate, or the reference is vacuous.

    A data set of others is taken as it is: single bits that its reference leaves open or constant are only told.
    """
    try:
        vacuous = isolate.call(_vacuous_bits, task, limit_s=max(60.0, 6 * task.limits.time_s), enter=enter)
    except BrokenTaskError as error:
        yield Finding("reference", error.message, task.variant)
    except isolate.ChildDied as died:
        yield Finding("reference", f"elaboration ended the process: {' '.join(str(died).split())}", task.variant)
    except LimitReached as error:
        yield Finding("vacuity", f"could not be decided: {error.message}", task.variant)
    else:
        widths = {port.name: port.width for port in task.ports}
        open_bits = Counter(bit.port for bit in vacuous if bit.value is None)
        for bit in vacuous:
            what = "0 or 1" if bit.value is None else str(bit.value)
            problem = (
                f"{bit.port}[{bit.index}] was not shown to be able to be {what}; make it reachable or list the port "
                "in constant_outputs"
            )
            says_nothing = open_bits[bit.port] == widths[bit.port]
            yield Finding("vacuity", problem, task.variant, blocking=says_nothing or not pack.imported)


def text_findings(pack: Pack, task: Task) -> Iterator[Finding]:
    """Yield what is missing from a task's texts."""
    if not pack.imported:
        missing = [language for language in messages.LANGUAGES if language not in pack.languages]
        if missing:
            yield Finding("languages", f"the pack lacks {', '.join(missing)}")
        if len(task.hints) != 3:
            yield Finding("hints", f"there are {len(task.hints)}; write three, each giving away more")
        if not task.alternatives:
            yield Finding("alternatives", "there is none; add a correct design of a different structure")
        if len(task.broken) < 2:
            yield Finding("broken", f"there are {len(task.broken)}; add typical wrong designs, two or more")
    for name, diagram in task.diagrams.items():
        for problem in wavedrom.problems(diagram):
            yield Finding(f"diagrams/{name}", problem)


def _again_alone(
    trials: Sequence[Trial], verdicts: Mapping[int, Verdict], grade: Grade
) -> Iterator[tuple[int, Verdict]]:
    """Grade what ran out of time once more, one at a time: a busy machine is no fault of the task."""
    late = [
        index for index, verdict in verdicts.items() if verdict.limit_hit == "time" or _is_slow(trials[index], verdict)
    ]
    for index in sorted(late)[:_MOST_SECOND_TRIES]:
        for _, second in grade([trials[index]]):
            yield index, second


def _is_slow(trial: Trial, verdict: Verdict) -> bool:
    return trial.subject.startswith("alternatives/") and verdict.seconds > ALTERNATIVE_LIMIT_S


def _vacuous_bits(task: Task) -> tuple[engine.VacuousBit, ...]:
    prepared = kinds.prepare(task)
    if prepared.reference is None:
        return ()
    return engine.vacuous_bits(prepared.reference.netlist, prepared.reference.rules, task.constant_outputs)


def _as_submission(task: Task) -> tuple[Source, ...]:
    if not task.reference or task.reference_top is None:
        return ()
    sources = with_parameters(task.reference, task.reference_top, task.parameters)
    if task.reference_top == task.top:
        return sources
    return tuple(Source(source.name, renamed_module(source.text, task.reference_top, task.top)) for source in sources)


def _judge(trial: Trial, verdict: Verdict) -> Iterator[Finding]:
    outcome = verdict.outcome
    why = ": ".join(filter(None, [verdict.limit_hit, verdict.reason]))
    says = outcome.value + (f" ({why})" if why else "")
    if outcome is Outcome.REJECTED and verdict.diagnostics:
        says += f" ({verdict.diagnostics[0].message})"
    variant = trial.task.variant
    if trial.expectation == "proved":
        if outcome is not Outcome.PROVED:
            yield Finding(trial.subject, f"is {says}; it must be proved", variant)
        elif _is_slow(trial, verdict):
            yield Finding(
                trial.subject, f"took {verdict.seconds:.1f} s; the limit is {ALTERNATIVE_LIMIT_S:g} s", variant
            )
    elif trial.expectation == "wrong":
        if outcome not in (Outcome.REFUTED, Outcome.REJECTED):
            yield Finding(trial.subject, f"is {says}; it must be refuted or rejected", variant)
    elif outcome not in (Outcome.REFUTED, Outcome.REJECTED, Outcome.PROVED):
        yield Finding(trial.subject, f"is {says}; it must be refuted, rejected or proved equal", variant)


def _mutant_findings(task: Task, count: int, equivalent: int) -> list[Finding]:
    if count == 0:
        return []
    noticed = count - equivalent
    if noticed == 0:
        return [Finding("mutants", f"none of {count} is told from the right design; the task tests nothing")]
    if task.kind == "properties" and noticed < MIN_NOTICED_BY_PROPERTIES * count:
        return [Finding("mutants", f"the properties notice only {noticed} of {count}; they are too weak")]
    return []
