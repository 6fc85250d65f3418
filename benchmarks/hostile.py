"""Sixteen thousand hostile or malformed inputs: nothing hangs, nothing breaks, nothing wrong is proved."""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rich.console import Console

import cross_check
from cheats import Ground
from chiploom.errors import AmbiguousTopError, ChiploomError
from chiploom.grading.child import GRACE_S
from chiploom.grading.job import Job
from chiploom.grading.pool import Pool, Result
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Limits, Outcome, Verdict
from chiploom.tasks.model import Task
from corpus import Corpus
from figures import Figure, load_average, progress
from hostile_inputs import Hostile, cheated, fuzzed, means_the_same

INPUTS = 16_000
CHEATS = 5_000
BOMBED_GROUNDS = 3
#: Enough for any design that is right; a bomb is to be over soon.
LIMITS = Limits(time_s=4.0, memory_mb=1024)
#: Starting and ending a child, and reporting, on a busy machine.
_SLACK_S = 3.0
_LISTED = 25


@dataclass(slots=True)
class Findings:
    """What was found so far; each list holds lines that name the input."""

    outcomes: Counter[str] = field(default_factory=Counter)
    limits_hit: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    hung: list[str] = field(default_factory=list)
    crashed: list[str] = field(default_factory=list)
    slowest_s: float = 0.0

    def add(self, hostile: Hostile, result: Result) -> None:
        """Judge one result."""
        name = f"{hostile.kind}, {hostile.name}"
        if isinstance(result, ChiploomError):
            self.outcomes["error"] += 1
            # Modules that nobody instantiates, and none of them the task's: the task names its top, so this is wrong.
            if not isinstance(result, AmbiguousTopError) or hostile.ground.task.top:
                self.crashed.append(f"{name}: {result.code}: {result.message}")
            return
        self.outcomes[result.outcome.value] += 1
        self.slowest_s = max(self.slowest_s, result.seconds)
        if result.seconds > result.limits.time_s + GRACE_S + _SLACK_S:
            self.hung.append(f"{name}: {result.seconds:.1f} s")
        if result.limit_hit is not None:
            self.limits_hit[result.limit_hit] += 1
        if result.limit_hit in ("crash", "replay"):
            self.crashed.append(f"{name}: {result.reason}")
        problem = wrong(hostile, result)
        if problem is not None:
            self.wrong.append(f"{name}: {problem}")


def grounds_of(corpus: Corpus) -> list[Ground]:
    """Return the tasks of VerilogEval with a correct design each; limits are short."""
    return [
        Ground(dataclasses.replace(corpus.tasks[each.task_id], limits=LIMITS), each.text)
        for each in corpus.of("reference")
    ]


def cheatable(grounds: Sequence[Ground], pool: Pool) -> list[Ground]:
    """Return those grounds on which every constant answer is refuted, so that a cheat that succeeds shows."""
    constants = ("0", "'1", "'x")
    jobs = [job_of(ground.task, ground.other(ground.each(value))) for ground in grounds for value in constants]
    caught = [
        isinstance(result, Verdict) and result.outcome is Outcome.REFUTED
        for _, result in pool.results(jobs, ordered=True)
    ]
    size = len(constants)
    return [ground for n, ground in enumerate(grounds) if all(caught[n * size : (n + 1) * size])]


def job_of(task: Task, text: str) -> Job:
    """Return a job of one file."""
    return Job(task, (Source("top.sv", text),))


def wrong(hostile: Hostile, verdict: Verdict) -> str | None:
    """Return why a verdict about an input cannot be right; None if nothing speaks against it."""
    if hostile.allowed is not None:
        if verdict.outcome in hostile.allowed:
            return None
        first = f" ({verdict.diagnostics[0].message})" if verdict.diagnostics else ""
        return f"{verdict.outcome}{first} is not among {', '.join(sorted(hostile.allowed))}"
    text = hostile.sources[0].text
    same = means_the_same(text, hostile.ground.correct)
    if same and verdict.outcome is Outcome.REFUTED:
        return "refuted, though it differs from a correct design in comments and space only"
    if verdict.outcome is Outcome.PROVED and not same:
        finding = cross_check.contradiction(hostile.ground.task, text, verdict)
        return None if finding is None else f"proved, but {finding}"
    return None


def measure(corpus: Corpus, console: Console, *, workers: int, scale: float, seed: int = 2026) -> list[Figure]:
    """Hand everything in and return what became of it."""
    number = max(60, round(INPUTS * scale))
    cheats = round(CHEATS * number / INPUTS)
    found = Findings()
    with Pool(workers) as pool:
        started_as = pool.process_ids
        grounds = grounds_of(corpus)
        inputs = [
            *cheated(cheatable(grounds, pool), cheats, seed, bombs=BOMBED_GROUNDS if scale >= 0.2 else 1),
            *fuzzed(grounds, number - cheats, seed),
        ]
        kinds = Counter("cheats" if each.kind.startswith("line") else each.kind for each in inputs)
        started = time.perf_counter()
        with progress(console, "hostile inputs", len(inputs)) as advance:
            for index, result in pool.results(_jobs(inputs)):
                found.add(inputs[index], result)
                advance()
        seconds = time.perf_counter() - started
        lost = len(set(started_as) - set(pool.process_ids))
    _list(console, found)
    told = ", ".join(f"{name} {count}" for name, count in found.outcomes.most_common())
    hits = ", ".join(f"{name} {count}" for name, count in found.limits_hit.most_common())
    made = ", ".join(f"{name} {count}" for name, count in kinds.most_common())
    return [
        Figure("hostile", "inputs", len(inputs), "", ">=" if scale >= 1 else None, INPUTS, made),
        Figure("hostile", "wrong verdicts", len(found.wrong), "", "=", 0, told),
        Figure(
            "hostile",
            "past the limit",
            len(found.hung),
            "",
            "=",
            0,
            f"slowest {found.slowest_s:.1f} s at a limit of {LIMITS.time_s:g} s; limits hit: {hits}",
        ),
        Figure("hostile", "workers lost", lost, "", "=", 0, f"{seconds:.0f} s in all, {load_average()}"),
        Figure("hostile", "checks that crashed or gave no verdict", len(found.crashed), note="each a defect of ours"),
    ]


def _jobs(inputs: Iterable[Hostile]) -> Iterator[Job]:
    for each in inputs:
        yield Job(each.ground.task, each.sources)


def _list(console: Console, found: Findings) -> None:
    for title, lines in (("wrong", found.wrong), ("past the limit", found.hung), ("crashed", found.crashed)):
        for line in lines[:_LISTED]:
            console.print(ascii(f"{title}: {line}")[1:-1], highlight=False, markup=False)
        if len(lines) > _LISTED:
            console.print(f"{title}: {len(lines) - _LISTED} more")
