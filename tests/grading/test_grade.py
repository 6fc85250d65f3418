"""Grading with real designs: cached, deduplicated, in order, and honest about what could not be graded."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from chiploom.errors import AmbiguousTopError, BrokenTaskError, ReferenceError_, UsageError
from chiploom.grading import grade
from chiploom.grading.grade import Grader
from chiploom.grading.job import Comparison, Job
from chiploom.grading.pool import Pool, Result
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Limits, Outcome, Verdict
from chiploom.settings import Settings
from chiploom.tasks.load import load_pack, load_task

AND = Source("and.sv", "module top(input a, input b, output y); assign y = a & b; endmodule\n")
SAME = Source("same.sv", "module top(input a, input b, output y); assign y = ~(~a | ~b); endmodule\n")
OR = Source("or.sv", "module top(input a, input b, output y); assign y = a | b; endmodule\n")
NONSENSE = Source("nonsense.sv", "module top(input a, input b, output y); assign y = ; endmodule\n")
COMPARISON = Comparison(reference=(AND,))


class FakeBackend:
    """Stands in for the pool: answers at once, last job first, and remembers what it was asked."""

    def __init__(self) -> None:
        self.seen: list[Job] = []

    def results(self, jobs: Iterator[Job]) -> Iterator[tuple[int, Result]]:
        taken = list(enumerate(jobs))
        self.seen += [job for _, job in taken]
        for number, job in reversed(taken):
            if job.sources[0] is NONSENSE:
                yield number, ReferenceError_("reference-broken", "r.sv: no")
            else:
                yield number, Verdict(outcome=Outcome.PROVED, method="sat", reason=job.sources[0].name)

    def close(self) -> None:
        pass


@pytest.fixture
def configuration(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> FakeBackend:
    backend = FakeBackend()
    monkeypatch.setattr(Grader, "_connected", lambda self: backend)
    return backend


def test_same_submission_is_never_proved_twice(configuration: Settings, backend: FakeBackend) -> None:
    jobs = [Job(COMPARISON, (source,)) for source in (AND, SAME, AND, OR, SAME)]
    with Grader(configuration) as grader:
        first = dict(grader.grade(jobs))
    with Grader(configuration) as grader:
        again = dict(grader.grade(jobs))
    assert [job.sources[0].name for job in backend.seen] == ["and.sv", "same.sv", "or.sv"]
    assert first == again
    assert {index: verdict.reason for index, verdict in first.items()} == dict(
        enumerate(["and.sv", "same.sv", "and.sv", "or.sv", "same.sv"])
    )


def test_without_cache_everything_is_graded_and_nothing_kept(configuration: Settings, backend: FakeBackend) -> None:
    for _ in range(2):
        with Grader(configuration, use_cache=False) as grader:
            assert len(dict(grader.grade([Job(COMPARISON, (AND,))] * 2))) == 2
    assert len(backend.seen) == 4
    assert not configuration.home.exists()


def test_hits_and_misses_come_in_order_when_asked_for(configuration: Settings, backend: FakeBackend) -> None:
    with Grader(configuration) as grader:
        grader.one(Job(COMPARISON, (SAME,)))
        jobs = [Job(COMPARISON, (source,)) for source in (OR, SAME, AND, SAME)]
        assert [index for index, _ in grader.results(jobs, ordered=True)] == [0, 1, 2, 3]


def test_what_could_not_be_graded_is_undecided_and_says_why(configuration: Settings, backend: FakeBackend) -> None:
    with Grader(configuration) as grader:
        verdicts = dict(grader.grade([Job(COMPARISON, (NONSENSE,)), Job(COMPARISON, (AND,))]))
        with pytest.raises(ReferenceError_):
            grader.one(Job(COMPARISON, (NONSENSE,)))
    assert (verdicts[0].outcome, verdicts[0].limit_hit) == (Outcome.UNDECIDED, "not-run")
    assert "r.sv: no" in verdicts[0].reason
    assert verdicts[1].outcome is Outcome.PROVED


def test_no_jobs_start_no_workers(configuration: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Grader, "_connected", lambda self: pytest.fail("a backend was started"))
    with Grader(configuration) as grader:
        assert list(grader.grade([])) == []


# -- with real workers


def test_submission_for_a_task_of_the_pack(configuration: Settings) -> None:
    task = load_task(load_pack(), load_pack().task_ids[0])
    proved = grade.grade_submission(task, task.alternatives[0].sources, configuration)
    wrong = grade.grade_submission(task, task.broken[0].sources, configuration)
    assert proved.outcome is Outcome.PROVED
    assert wrong.outcome in (Outcome.REFUTED, Outcome.REJECTED)
    assert proved.tools.keys() >= {"chiploom", "pyosys", "pyslang", "python-sat"}
    assert proved.seconds > 0


def test_many_side_by_side(configuration: Settings) -> None:
    jobs = [Job(COMPARISON, (source,)) for source in (AND, SAME, OR, NONSENSE)]
    outcomes = {index: verdict.outcome for index, verdict in grade.grade_many(jobs, configuration)}
    assert outcomes == {0: Outcome.PROVED, 1: Outcome.PROVED, 2: Outcome.REFUTED, 3: Outcome.REJECTED}


def test_bare_files(configuration: Settings) -> None:
    verdict = grade.prove_files([OR], reference=[AND], configuration=configuration)
    assert verdict.outcome is Outcome.REFUTED
    assert verdict.trace is not None
    assert verdict.trace.failing == ("y",)
    with pytest.raises(BrokenTaskError):
        grade.prove_files([OR], reference=[NONSENSE], configuration=configuration)
    with pytest.raises(UsageError) as caught:
        grade.prove_files([OR], reference=[AND], top="nosuch", configuration=configuration)
    assert caught.value.code == "unknown-top"
    with pytest.raises(AmbiguousTopError):
        grade.prove_files([OR], reference=[Source("two.sv", AND.text + OR.text.replace("top", "z"))])
    for wrong in ({}, {"reference": [AND], "properties": [AND]}):
        with pytest.raises(UsageError):
            grade.prove_files([OR], configuration=configuration, **wrong)  # type: ignore[arg-type]


def test_two_processes_may_share_a_cache(configuration: Settings) -> None:
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            with Grader(configuration, workers=1) as grader:
                status = 0 if grader.one(Job(COMPARISON, (SAME,))).outcome is Outcome.PROVED else 2
        finally:
            os._exit(status)
    with Grader(configuration, workers=1) as grader:
        assert grader.one(Job(COMPARISON, (SAME,))).outcome is Outcome.PROVED
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_limits_travel_with_the_job() -> None:
    limits = Limits(time_s=2.5, memory_mb=777, memory_bits=5, aig_nodes=1000)
    memory = Source(
        "m.sv", "module top(input a, input b, output y); reg [1:0] m [0:63]; assign y = m[{6{a}}][b]; endmodule\n"
    )
    with Pool(1) as pool:
        verdict = pool.one(Job(Comparison(reference=(AND,), limits=limits), (memory,)))
    assert verdict.limits == limits
    assert verdict.outcome is not Outcome.PROVED
