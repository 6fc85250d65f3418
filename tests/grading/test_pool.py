"""The pool, with submissions that crash, hang, eat, shout and forge; and with workers that are killed."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import scripted_worker

from chiploom.errors import AmbiguousTopError, ChiploomError, ReferenceError_, UsageError
from chiploom.grading import landlock
from chiploom.grading import pool as pool_module
from chiploom.grading.job import Comparison, Job
from chiploom.grading.pool import Pool
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Limits, Outcome

IN_BOX = landlock.version() > 0
SHORT = Limits(time_s=0.5, memory_mb=512)


def material(text: str = "R", limits: Limits = SHORT) -> Comparison:
    return Comparison(reference=(Source("r.sv", text),), limits=limits)


REFERENCE = material()


def job(text: str, held_against: Comparison = REFERENCE, subject: str = "") -> Job:
    return Job(held_against, (Source("s.sv", text),), subject)


@pytest.fixture(autouse=True, scope="module")
def scripted() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(pool_module, "_PROGRAM", (scripted_worker.__file__,))
    yield
    patch.undo()


@pytest.fixture(scope="module")
def pool(scripted: None) -> Iterator[Pool]:
    with Pool(2, box=IN_BOX) as pool:
        yield pool


@pytest.fixture
def one_worker(scripted: None) -> Iterator[Pool]:
    with Pool(1, box=IN_BOX) as pool:
        yield pool


def is_fine(pool: Pool) -> bool:
    verdict = pool.one(job("answer still-here"))
    return verdict.outcome is Outcome.PROVED and verdict.reason == "still-here/R"


def test_answers_are_never_mixed_up(pool: Pool) -> None:
    references = [material(f"R{number}") for number in range(7)]
    generator = random.Random(1)
    jobs = [job(f"slow {generator.choice([0, 0, 0.01, 0.03])} S{n}", references[n * 5 % 7]) for n in range(80)]
    results = dict(pool.grade(jobs))
    assert {n: verdict.reason for n, verdict in results.items()} == {n: f"S{n}/R{n * 5 % 7}" for n in range(80)}


def test_ordered_results_come_in_order_as_soon_as_they_can(pool: Pool) -> None:
    jobs = [job("slow 0.3 first"), *[job(f"answer {n}") for n in range(5)]]
    assert [index for index, _ in pool.grade(jobs)][-1] == 0
    assert [index for index, _ in pool.grade(jobs, ordered=True)] == list(range(6))


@pytest.mark.parametrize(
    ("text", "limit", "reason"),
    [
        ("die_by_signal", "crash", "signal"),
        ("leave 0", "crash", "status 0"),
        ("leave 7", "crash", "status 7"),
        ("hang", "time", "0.5 s"),
        ("hang_deaf", "time", "0.5 s"),
        ("eat", "memory", "memory"),
        ("bad_alloc", "memory", "512 MB"),
        ("fail", "crash", "TypeError: a fault of ours"),
        ("recurse", "crash", "RecursionError"),
        ("limit", "memory_bits", "too many"),
        ("forge_nonce", "crash", "malformed"),
        ("garbage", "crash", ""),
        ("endless_answer", "crash", "malformed"),
        ("pickled_answer", "crash", "malformed"),
        ("speak_of_the_box", "crash", "malformed"),
        ("endless_reason", "crash", "bytes"),
    ],
)
def test_what_a_submission_does_is_a_verdict_and_the_pool_goes_on(
    pool: Pool, text: str, limit: str, reason: str
) -> None:
    verdict = pool.one(job(text))
    assert (verdict.outcome, verdict.limit_hit) == (Outcome.UNDECIDED, limit)
    assert reason in verdict.reason
    assert verdict.limits == SHORT
    assert verdict.tools
    assert is_fine(pool)


def test_printing_gigabytes_is_cut_off_and_harms_nothing(pool: Pool) -> None:
    assert pool.one(job("chatter x", material(limits=Limits(time_s=20)))).reason == "x/R"


def test_only_the_first_answer_counts(pool: Pool) -> None:
    assert pool.one(job("two_answers")).reason == "first/R"
    assert is_fine(pool)


def test_death_by_yosys_error_rejects_with_its_place(pool: Pool) -> None:
    verdict = pool.one(job("yosys_error " + "\n// a line" * 5))
    assert verdict.outcome is Outcome.REJECTED
    (diagnostic,) = verdict.diagnostics
    assert (diagnostic.file, diagnostic.line) == ("s.sv", 3)
    assert "Yosys dislikes" in diagnostic.message


def test_errors_are_raised_by_grade_and_yielded_by_results(pool: Pool) -> None:
    with pytest.raises(AmbiguousTopError):
        pool.one(job("ambiguous"))
    results = dict(pool.results([job("ambiguous"), job("answer x")]))
    assert isinstance(results[0], AmbiguousTopError)
    assert not isinstance(results[1], ChiploomError)


@pytest.mark.parametrize("text", ["broken", "crash"])
def test_a_reference_that_kills_its_process_is_a_broken_task(pool: Pool, text: str) -> None:
    with pytest.raises(ReferenceError_) as caught:
        pool.one(job("answer x", material(text)))
    assert caught.value.code == "reference-broken"
    assert is_fine(pool)


def test_an_abandoned_iteration_leaves_nothing_behind(pool: Pool) -> None:
    for _ in pool.grade(job(f"slow 0.05 old{n}") for n in range(1000)):
        break
    assert dict(pool.grade([job("answer new")]))[0].reason == "new/R"


def test_workers_prefer_tasks_they_have_prepared(pool: Pool) -> None:
    references = [material(f"own{number}") for number in range(6)]
    jobs = [job("preparation", reference) for reference in references for _ in range(12)]
    verdicts = dict(pool.grade(jobs))
    preparations = {(index // 12, verdict.reason) for index, verdict in verdicts.items()}
    # Only the last one may be worth preparing twice.
    assert 6 <= len(preparations) <= 7


def test_no_job_is_passed_over_for_ever(pool: Pool) -> None:
    popular, rare = material("popular"), material("rare")
    order = [index for index, _ in pool.grade(job("slow 0.001 x", rare if n == 5 else popular) for n in range(400))]
    assert order.index(5) < 200


def test_jobs_are_taken_a_few_dozen_ahead(pool: Pool) -> None:
    taken = 0

    def endless() -> Iterator[Job]:
        nonlocal taken
        while True:
            taken += 1
            yield job("answer x")

    results = pool.grade(endless())
    for _ in range(10):
        next(results)
    assert taken <= 10 + 64 + 2 * len(pool.process_ids)


def test_no_jobs_no_results(pool: Pool) -> None:
    assert list(pool.grade([])) == []


def test_large_submissions_and_answers_pass(pool: Pool) -> None:
    text = "x" * 3_000_000
    assert pool.one(job(f"answer {text}", material(limits=Limits(time_s=20)))).reason == f"{text}/R"


def test_more_references_than_are_kept(one_worker: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    references = [material(f"R{number}") for number in range(300)]
    for number in [*range(300), 0, 299, 1]:
        assert one_worker.one(job("answer S", references[number])).reason == f"S/R{number}"


# -- workers


def kill_soon(pool: Pool, index: int = 0) -> int:
    victim = pool.process_ids[index]
    os.kill(victim, signal.SIGKILL)
    return victim


def test_killed_worker_is_replaced_and_its_job_done_again(one_worker: Pool) -> None:
    assert is_fine(one_worker)
    results = one_worker.grade([job("slow 0.3 S"), job("answer T")], ordered=True)
    killer = subprocess.Popen(["/bin/sh", "-c", f"sleep 0.15; kill -9 {one_worker.process_ids[0]}"])
    before = one_worker.process_ids
    assert [verdict.reason for _, verdict in results] == ["S/R", "T/R"]
    assert killer.wait() == 0
    assert one_worker.process_ids != before


def test_a_check_killed_by_somebody_is_no_fault_of_the_design(one_worker: Pool) -> None:
    assert is_fine(one_worker)
    answers: list[str | None] = []
    thread = threading.Thread(target=lambda: answers.append(one_worker.one(job("slow 0.4 S")).limit_hit))
    thread.start()
    time.sleep(0.2)
    for descendant in descendants_of(one_worker.process_ids[0]):
        with contextlib.suppress(ProcessLookupError):
            os.kill(descendant, signal.SIGKILL)
    thread.join(20)
    assert answers == ["killed"]
    assert is_fine(one_worker)


def test_worker_killed_between_jobs(one_worker: Pool) -> None:
    assert is_fine(one_worker)
    victim = kill_soon(one_worker)
    assert is_fine(one_worker)
    assert victim not in one_worker.process_ids


def kill_busy_workers(pool: Pool, count: int) -> None:
    for _ in range(count):
        victim = pool.process_ids[0]
        while not any(is_checking(child) for child in children_of(victim)):
            time.sleep(0.05)
        os.kill(victim, signal.SIGKILL)
        while victim in pool.process_ids or not pool.process_ids:
            time.sleep(0.05)


def is_checking(pid: int) -> bool:
    """Whether a child sleeps in a check (and does not wait for its order, reading from a pipe)."""
    try:
        return (
            "nanosleep" in Path(f"/proc/{pid}/wchan").read_text() or "hrtimer" in Path(f"/proc/{pid}/wchan").read_text()
        )
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_job_that_takes_two_workers_with_it_is_undecided(one_worker: Pool) -> None:
    assert is_fine(one_worker)
    killer = threading.Thread(target=kill_busy_workers, args=(one_worker, 2))
    killer.start()
    verdict = one_worker.one(job("slow 60 S", material(limits=Limits(time_s=90))))
    killer.join()
    assert (verdict.outcome, verdict.limit_hit) == (Outcome.UNDECIDED, "crash")
    assert "killed 2 times" in verdict.reason
    assert is_fine(one_worker)


def test_worker_that_never_starts_is_an_error_not_a_hang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "program.py"
    program.write_text("import sys; sys.exit(3)")
    monkeypatch.setattr(pool_module, "_PROGRAM", (str(program),))
    with Pool(1, box=IN_BOX) as pool, pytest.raises(ChiploomError) as caught:
        pool.one(job("answer x"))
    assert caught.value.code == "worker-failed"
    assert "status 3" in caught.value.message


def test_closing_ends_every_process(scripted: None) -> None:
    with Pool(2, box=IN_BOX) as pool:
        assert is_fine(pool)
        processes = pool.process_ids
        descendants = [pid for process in processes for pid in children_of(process)]
    assert descendants
    assert all(is_gone(pid) for pid in [*processes, *descendants])
    with pytest.raises(UsageError):
        pool.one(job("answer x"))


def test_workers_and_children_end_when_the_caller_is_killed(tmp_path: Path) -> None:
    caller = subprocess.Popen(
        [sys.executable, "-c", _CALLER.format(program=scripted_worker.__file__, box=IN_BOX)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert caller.stdout is not None
    worker = int(caller.stdout.readline())
    time.sleep(0.3)
    everybody = [worker, *children_of(worker)]
    assert len(everybody) > 1
    caller.kill()
    caller.wait()
    assert all(is_gone(pid) for pid in everybody)


_CALLER = """
from chiploom.grading import pool
from chiploom.grading.job import Comparison, Job
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Limits
pool._PROGRAM = ({program!r},)
with pool.Pool(1, box={box}) as p:
    reference = Comparison(reference=(Source("r.sv", "R"),), limits=Limits(time_s=60))
    p.one(Job(reference, (Source("s.sv", "answer x"),)))
    print(p.process_ids[0], flush=True)
    p.one(Job(reference, (Source("s.sv", "hang"),)))
"""


def test_interrupt_ends_cleanly(tmp_path: Path) -> None:
    caller = subprocess.Popen(
        [sys.executable, "-c", _CALLER.format(program=scripted_worker.__file__, box=IN_BOX)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert caller.stdout is not None
    worker = int(caller.stdout.readline())
    time.sleep(0.3)
    caller.send_signal(signal.SIGINT)
    _, stderr = caller.communicate(timeout=20)
    assert stderr.strip().endswith("KeyboardInterrupt")
    assert is_gone(worker)


def test_memory_of_the_worker_stays_flat(one_worker: Pool) -> None:
    def run(count: int) -> None:
        for _ in one_worker.grade(job(f"answer {n}", references[n % 5]) for n in range(count)):
            pass

    references = [material(f"R{number}") for number in range(5)]

    def settled_kb() -> int:
        # What is being prepared ahead at one moment or another is no leak.
        return min(resident_kb(one_worker.process_ids[0]) for _ in range(10) if not time.sleep(0.05))

    run(150)
    before = settled_kb()
    open_before = descriptors_of(one_worker.process_ids[0])
    run(450)
    assert settled_kb() - before < 2000
    assert descriptors_of(one_worker.process_ids[0]) <= open_before + 4
    assert len(children_of(one_worker.process_ids[0])) <= 4


def test_negative_number_of_workers() -> None:
    with pytest.raises(UsageError) as caught:
        Pool(-1)
    assert caught.value.code == "bad-workers"


def children_of(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def descendants_of(pid: int) -> list[int]:
    children = children_of(pid)
    return [*children, *(grandchild for child in children for grandchild in descendants_of(child))]


def descriptors_of(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def resident_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def is_gone(pid: int, within_s: float = 10.0) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


# -- submissions of one subject share a process, others never do


def told(pool: Pool, text: str, subject: str, held_against: Comparison = REFERENCE) -> tuple[str, str]:
    """Return which process answered, and what it had seen."""
    process, _, seen = pool.one(job(text, held_against, subject)).reason.partition("/")[0].partition(" ")
    return process, seen


def test_submissions_of_one_subject_share_a_process(one_worker: Pool) -> None:
    first, seen = told(one_worker, "who a", "ann")
    assert seen == "a"
    assert told(one_worker, "who b", "ann") == (first, "a+b")
    assert told(one_worker, "who c", "ann", material("another reference")) == (first, "a+b+c")
    assert told(one_worker, "who d", "ann", material("another reference")) == (first, "a+b+c+d")


def test_submissions_of_different_subjects_never_do(one_worker: Pool) -> None:
    seen = [told(one_worker, f"who {n}", subject) for n, subject in enumerate(["ann", "binh", "ann", "", "", "ann"])]
    assert [what for _, what in seen] == list("012345")
    assert len({process for process, _ in seen}) == 6


@pytest.mark.parametrize("bad", ["leave 3", "die_by_signal", "fail", "hang", "eat", "two_answers", "forge_nonce"])
def test_what_does_not_end_well_takes_nobody_along(one_worker: Pool, bad: str) -> None:
    process, _ = told(one_worker, "who a", "ann")
    assert one_worker.one(job(bad, subject="ann")).outcome is not Outcome.REFUTED
    after, seen = told(one_worker, "who b", "ann")
    assert (after != process, seen) == (True, "b")


def test_every_submission_has_its_own_time(one_worker: Pool) -> None:
    process, _ = told(one_worker, "who a", "ann")
    for _ in range(12):
        assert told(one_worker, "burn 0.4 b", "ann")[0] == process


def test_a_process_that_needed_much_memory_is_used_up(one_worker: Pool) -> None:
    process, _ = told(one_worker, "who a", "ann")
    assert told(one_worker, "grow 20 b", "ann")[0] == process
    assert told(one_worker, "grow 200 c", "ann")[0] == process
    assert told(one_worker, "who d", "ann")[1] == "d"


def test_a_process_is_used_up_some_day(one_worker: Pool) -> None:
    processes = {
        verdict.reason.partition(" ")[0]
        for _, verdict in one_worker.grade(job("who a", subject="ann") for _ in range(600))
    }
    assert len(processes) == 3


def test_what_an_earlier_submission_printed_is_not_held_against_the_next(one_worker: Pool) -> None:
    assert one_worker.one(job("shout x", subject="ann")).outcome is Outcome.PROVED
    verdict = one_worker.one(job("shout_and_leave", subject="ann"))
    assert (verdict.outcome, verdict.limit_hit) == (Outcome.UNDECIDED, "crash")
    assert not verdict.diagnostics


class Supply:
    """Jobs that others put in while the pool grades; None where there is none at the moment."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.has_ended = False

    def __iter__(self) -> Iterator[Job | None]:
        while not (self.has_ended and not self.jobs):
            yield self.jobs.pop(0) if self.jobs else None


def test_jobs_may_come_while_the_pool_waits(pool: Pool) -> None:
    supply = Supply()
    answers: list[tuple[int, str]] = []
    arrived = threading.Event()

    def listen() -> None:
        for position, verdict in pool.results(supply, ahead=1):
            assert not isinstance(verdict, ChiploomError)
            answers.append((position, verdict.reason))
            arrived.set()

    thread = threading.Thread(target=listen)
    thread.start()
    for number in range(3):
        arrived.clear()
        supply.jobs.append(job(f"answer {number}"))
        pool.wake()
        assert arrived.wait(10)
    supply.has_ended = True
    pool.wake()
    thread.join(10)
    assert answers == [(0, "0/R"), (1, "1/R"), (2, "2/R")]


def test_one_ahead_keeps_the_order(one_worker: Pool) -> None:
    other = material("another")
    jobs = [job("answer 0"), job("answer 1", other), job("answer 2"), job("answer 3", other)]
    assert [position for position, _ in one_worker.results(jobs, ahead=1)] == [0, 1, 2, 3]
