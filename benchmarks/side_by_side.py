"""Every submission through our pool and through the simulation harness, in turns on the same processors."""

from __future__ import annotations

import os
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

import cross_check
import harness
from chiploom.errors import ChiploomError
from chiploom.grading.pool import Pool, Result
from chiploom.prove.verdict import Outcome, Verdict
from corpus import Corpus, Submission, sample
from figures import Figure, load_average, progress
from rewrites import RACING_TESTBENCHES

#: Turns are long enough that the end of one, when a single processor works, weighs little.
TURN = 300
QUICK_S = 0.1
#: All are handed in as one model's; this many of the quick ones once more as if each were somebody else's.
MODEL = "model"
STRANGERS = 300
REFERENCE_LIMIT_S = 10.0
_UNSETTLED = (Outcome.UNDECIDED, Outcome.BOUNDED)
_LISTED = 12


@dataclass(frozen=True, slots=True)
class Checked:
    """One submission with what each side said of it."""

    submission: Submission
    result: Result
    run: harness.Run | None

    @property
    def outcome(self) -> str:
        """The verdict in a word; ``error`` where there is none."""
        return "error" if isinstance(self.result, ChiploomError) else self.result.outcome.value


@dataclass(slots=True)
class Clock:
    """Seconds that passed on each side."""

    pool_s: float = 0.0
    harness_s: float = 0.0
    pool_quick_s: float = 0.0
    harness_quick_s: float = 0.0
    quick: int = 0
    pool_processor_s: float = 0.0
    harness_processor_s: float = 0.0
    strangers_s: float = 0.0
    strangers: int = 0


def measure(corpus: Corpus, console: Console, *, workers: int, box: bool) -> list[Figure]:
    """Run everything; return the figures on references, verdicts and throughput."""
    clock = Clock()
    with_harness = harness.is_installed()
    checked: list[Checked] = []
    ordered = sorted(corpus.submissions, key=lambda submission: submission.task_id)
    total = len(ordered) * (2 if with_harness else 1)
    loads = [load_average()]
    with Pool(workers, box=box) as pool, progress(console, "submissions, ours and harness in turns", total) as advance:
        # Starting is not part of grading: a pool is open for as long as there is work.
        _ = [*pool.results([corpus.job(ordered[0], MODEL)] * workers)]
        for turn in _turns(ordered):
            checked += _take_turn(corpus, turn, pool, clock, advance, with_harness, workers)
        quick = [each.submission for each in checked if each.run is None or each.run.seconds < QUICK_S]
        chosen = sample(quick, STRANGERS / max(1, len(quick)))
        started = time.perf_counter()
        clock.strangers = sum(1 for _ in pool.results([corpus.job(each) for each in chosen]))
        clock.strangers_s = time.perf_counter() - started
    loads.append(load_average())
    _list_suspects(checked, console)
    contradictions = _cross_check(corpus, checked, console)
    return [
        *_references(checked),
        *_verdicts(checked, contradictions),
        *_throughput(checked, clock, with_harness, f"{loads[0]}, {loads[1]} at the end"),
    ]


def _turns(ordered: Sequence[Submission]) -> Iterator[Sequence[Submission]]:
    for start in range(0, len(ordered), TURN):
        yield ordered[start : start + TURN]


def _take_turn(
    corpus: Corpus,
    turn: Sequence[Submission],
    pool: Pool,
    clock: Clock,
    advance: Callable[[], None],
    with_harness: bool,
    workers: int,
) -> Iterator[Checked]:
    runs: list[harness.Run] | list[None] = [None] * len(turn)
    if with_harness:
        started, used_s = time.perf_counter(), _children_processor_s()
        runs = harness.run_all(
            [(corpus.problems[each.task_id], each.text) for each in turn], processes=workers, done=advance
        )
        clock.harness_s += time.perf_counter() - started
        clock.harness_processor_s += _children_processor_s() - used_s
    quick = [n for n, run in enumerate(runs) if run is not None and run.seconds < QUICK_S]
    slow = [n for n in range(len(turn)) if n not in set(quick)]
    results: dict[int, Result] = {}
    used_s = sum(map(_processor_s, pool.process_ids))
    quick_s = _pooled(corpus, turn, quick, pool, results, advance)
    clock.pool_s += quick_s + _pooled(corpus, turn, slow, pool, results, advance)
    clock.pool_quick_s += quick_s
    # A worker that was replaced takes what it used with it.
    clock.pool_processor_s += max(0.0, sum(map(_processor_s, pool.process_ids)) - used_s)
    # The best the harness can do: no processor ever waits.
    clock.harness_quick_s += sum(run.seconds for n in quick if (run := runs[n])) / workers
    clock.quick += len(quick)
    return (Checked(each, results[n], runs[n]) for n, each in enumerate(turn))


def _pooled(
    corpus: Corpus,
    turn: Sequence[Submission],
    places: Sequence[int],
    pool: Pool,
    results: dict[int, Result],
    advance: Callable[[], None],
) -> float:
    started = time.perf_counter()
    for index, result in pool.results([corpus.job(turn[place], MODEL) for place in places]):
        results[places[index]] = result
        advance()
    return time.perf_counter() - started


def _children_processor_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _processor_s(pid: int) -> float:
    """Return the processor time of a worker and of the children it has taken leave of."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _references(checked: Sequence[Checked]) -> list[Figure]:
    references = [each for each in checked if each.submission.kind == "reference"]
    times = [each.result.seconds for each in references if isinstance(each.result, Verdict)]
    proved = [
        each
        for each in references
        if isinstance(each.result, Verdict)
        and each.result.outcome is Outcome.PROVED
        and each.result.seconds <= REFERENCE_LIMIT_S
    ]
    missing = ", ".join(sorted({r.submission.task_id for r in references} - {p.submission.task_id for p in proved}))
    slowest = max(times, default=0.0)
    note = f"slowest {slowest:.2f} s" + (f"; not: {missing}" if missing else "")
    return [Figure("references", "proved against themselves within 10 s", len(proved), "", "=", len(references), note)]


def _verdicts(checked: Sequence[Checked], contradictions: Sequence[str]) -> list[Figure]:
    made = [each for each in checked if each.submission.kind != "reference"]
    unsettled = [each for each in checked if each.outcome in _UNSETTLED or each.outcome == "error"]
    unreplayed = [each for each in checked if isinstance(each.result, Verdict) and each.result.limit_hit == "replay"]
    rewrites = [each for each in made if each.submission.kind == "rewrite"]
    wronged = [each for each in rewrites if each.outcome in (Outcome.REFUTED, Outcome.REJECTED)]
    share = 100 * len(unsettled) / max(1, len(checked))
    full_size = len(checked) > 1000
    mutants = len(made) - len(rewrites)
    return [
        Figure("verdicts", "mutants", mutants, "", ">=" if full_size else None, 900, _counts(made, "mutant")),
        Figure("verdicts", "rewrites", len(rewrites), "", ">=" if full_size else None, 100, _counts(made, "rewrite")),
        Figure("verdicts", "undecided or bounded", share, "%", "<=", 0.3, f"{len(unsettled)} of {len(checked)}"),
        Figure("verdicts", "counterexamples that do not replay", len(unreplayed), "", "=", 0),
        Figure("verdicts", "rewrites refuted or rejected", len(wronged), "", "=", 0),
        Figure(
            "verdicts",
            "proved mutants another engine contradicts",
            len(contradictions),
            "",
            "=",
            0,
            f"of {_proved_mutants(made)}; {cross_check.ENGINE}",
        ),
    ]


def _throughput(checked: Sequence[Checked], clock: Clock, with_harness: bool, load: str) -> list[Figure]:
    ours = len(checked) / clock.pool_s
    figures = [
        Figure("throughput", "our pool, in the box, all of one model", ours, "per s", note=load),
        Figure(
            "throughput",
            "the same, each of another subject",
            clock.strangers / clock.strangers_s,
            "per s",
            note=f"{clock.strangers} submissions that the harness is quick with, a fresh process for each",
        ),
    ]
    if not with_harness:
        return [*figures, Figure("throughput", "times the harness", 0.0, "", ">=", 5, "iverilog is not installed")]
    theirs = len(checked) / clock.harness_s
    quick_ratio = clock.harness_quick_s / max(clock.pool_quick_s, 1e-9)
    wrong = sum(1 for each in checked if each.outcome == Outcome.REFUTED and each.run and each.run.opinion == "pass")
    opinions = Counter(each.run.opinion for each in checked if each.run)
    told = ", ".join(f"{name} {number}" for name, number in opinions.most_common())
    return [
        *figures,
        Figure("throughput", "harness", theirs, "per s", note=f"iverilog {harness.version()}; {told}"),
        Figure("throughput", "times the harness", ours / theirs, "", ">=", 5),
        Figure(
            "throughput",
            "processor time of the harness over ours",
            clock.harness_processor_s / max(clock.pool_processor_s, 1e-9),
            note=f"{1000 * clock.harness_processor_s / len(checked):.0f} ms against "
            f"{1000 * clock.pool_processor_s / len(checked):.0f} ms a submission",
        ),
        Figure(
            "throughput",
            "times the harness where it takes under 100 ms",
            quick_ratio,
            "",
            ">=",
            2,
            f"{clock.quick} submissions, {clock.quick / max(clock.pool_quick_s, 1e-9):.0f} per s against "
            f"{clock.quick / max(clock.harness_quick_s, 1e-9):.0f}",
        ),
        Figure("throughput", "refuted here, passed by the harness", wrong),
    ]


def _cross_check(corpus: Corpus, checked: Sequence[Checked], console: Console) -> list[str]:
    """Return what another engine says against proofs of mutants, or of rewrites that testbenches fail."""
    doubtful = [
        each
        for each in checked
        if each.outcome == Outcome.PROVED
        and (each.submission.kind == "mutant" or (each.run is not None and each.run.opinion == "fail"))
    ]
    contradictions = []
    with progress(console, "proofs held against random simulation", len(doubtful)) as advance:
        for each in doubtful:
            assert isinstance(each.result, Verdict)
            task = corpus.tasks[each.submission.task_id]
            finding = cross_check.contradiction(task, each.submission.text, each.result)
            if finding is not None:
                contradictions.append(f"{_name(each)}: {finding}")
                console.print(f"[bold red]false proof?[/] {contradictions[-1]}", highlight=False)
            advance()
    return contradictions


def _list_suspects(checked: Sequence[Checked], console: Console) -> None:
    """Show by name whatever should not be."""
    for title, wanted in (
        ("no verdict", lambda c: c.outcome == "error"),
        ("unsettled", lambda c: c.outcome in _UNSETTLED),
        (
            "rewrite refuted or rejected",
            lambda c: c.submission.kind == "rewrite" and c.outcome in ("refuted", "rejected"),
        ),
        (
            "proved, but the testbench fails it",
            lambda c: (
                c.outcome == "proved"
                and c.run is not None
                and c.run.opinion == "fail"
                and c.submission.task_id not in RACING_TESTBENCHES
            ),
        ),
    ):
        found = [each for each in checked if wanted(each)]
        for each in found[:_LISTED]:
            console.print(f"{title}: {_name(each)}: {_said(each.result)}", highlight=False, markup=False)
        if len(found) > _LISTED:
            console.print(f"{title}: {len(found) - _LISTED} more")


def _name(checked: Checked) -> str:
    submission = checked.submission
    return f"{submission.task_id} {submission.kind} {submission.how}".strip()


def _said(result: Result) -> str:
    if isinstance(result, ChiploomError):
        return f"{result.code}: {result.message}"
    first = result.diagnostics[0].message if result.diagnostics else ""
    warned = ", ".join(sorted({warning.code for warning in result.warnings}))
    parts = (result.outcome.value, result.limit_hit, result.reason, first, f"{result.seconds:.1f} s", warned)
    return "; ".join(part for part in parts if part)


def _counts(checked: Iterable[Checked], kind: str) -> str:
    counts = Counter(each.outcome for each in checked if each.submission.kind == kind)
    return ", ".join(f"{name} {number}" for name, number in counts.most_common())


def _proved_mutants(checked: Iterable[Checked]) -> int:
    return sum(each.submission.kind == "mutant" and each.outcome == "proved" for each in checked)
