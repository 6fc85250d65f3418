"""The bench answers what the editor asks, or says that it cannot."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from chiploom.errors import ChiploomError, SchedulerError, UsageError
from chiploom.grading.job import Job, Reading
from chiploom.grading.pool import Result
from chiploom.hdl.sources import Source
from chiploom.hub.dispatch import bench as module
from chiploom.hub.dispatch.bench import Bench
from chiploom.prove.verdict import Verdict
from dispatch.scripted import Scripted, answer_to, one_by_one, wait_until


@pytest.fixture
def benches(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[], Scripted]], Bench]]:
    monkeypatch.setattr(module, "_PAUSE_S", 0.01)
    made: list[Bench] = []

    def make(open_backend: Callable[[], Scripted]) -> Bench:
        made.append(Bench(open_backend))
        made[-1].start()
        return made[-1]

    yield make
    for bench in made:
        bench.stop()


def job(text: str) -> Job:
    return Job(Reading("top"), (Source("design.sv", text),), "somebody")


def reason(result: Result) -> str:
    return result.reason if isinstance(result, Verdict) else f"error {result.code}"


def test_everybody_gets_their_own_answer(benches: Callable[[Callable[[], Scripted]], Bench]) -> None:
    bench = benches(lambda: Scripted(one_by_one))
    texts = [f"// {number}" for number in range(60)]
    with ThreadPoolExecutor(20) as threads:
        assert [reason(result) for result in threads.map(lambda text: bench.do(job(text)), texts)] == texts


@pytest.mark.parametrize("loss", [SchedulerError("scheduler-lost", "away"), OSError("no memory"), KeyError("own")])
def test_losing_the_worker_is_an_answer_and_the_next_is_served(
    benches: Callable[[Callable[[], Scripted]], Bench], loss: Exception
) -> None:
    def lost(backend: Scripted, jobs: Iterator[Job | None]) -> Iterator[tuple[int, Result]]:
        backend.take(jobs, 1)
        raise loss
        yield

    opened: list[Scripted] = []

    def open_backend() -> Scripted:
        opened.append(Scripted(one_by_one if opened else lost))
        return opened[-1]

    bench = benches(open_backend)
    assert reason(bench.do(job("// one"))) == f"error {getattr(loss, 'code', 'bench-lost')}"
    assert reason(bench.do(job("// two"))) == "// two"
    assert opened[0].is_closed


def test_without_a_box_everybody_is_told(benches: Callable[[Callable[[], Scripted]], Bench]) -> None:
    def open_backend() -> Scripted:
        raise ChiploomError("box-unavailable", "no box")

    bench = benches(open_backend)
    assert reason(bench.do(job("// one"))) == "error box-unavailable"


def test_too_many_waiting_are_refused_and_too_long_a_wait_ends(
    benches: Callable[[Callable[[], Scripted]], Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_WAITING", 2)
    monkeypatch.setattr(module, "_ANSWER_S", 0.2)
    may_go_on, seen = threading.Event(), list[str]()

    def stuck(backend: Scripted, jobs: Iterator[Job | None]) -> Iterator[tuple[int, Result]]:
        position = 0
        while taken := backend.take(jobs, 1):
            may_go_on.wait(30)
            seen.append(taken[0].sources[0].text)
            yield position, answer_to(taken[0])
            position += 1

    bench = benches(lambda: Scripted(stuck))
    for number in range(3):
        with pytest.raises(UsageError) as caught:
            bench.do(job(f"// {number}"))
        assert caught.value.code == "bench-busy"
    with pytest.raises(UsageError) as caught:
        bench.do(job("// one too many"))
    assert caught.value.code == "bench-busy"
    may_go_on.set()
    monkeypatch.setattr(module, "_ANSWER_S", 30.0)
    wait_until(lambda: seen)
    assert reason(bench.do(job("// after"))) == "// after"
    assert seen == ["// 0", "// after"], "what nobody waits for any more is not done"


def test_at_the_end_whoever_waits_gets_an_error(benches: Callable[[Callable[[], Scripted]], Bench]) -> None:
    has_begun = threading.Event()

    def until_the_end(backend: Scripted, jobs: Iterator[Job | None]) -> Iterator[tuple[int, Result]]:
        backend.take(jobs, 1)
        has_begun.set()
        ending.wait(30)
        raise SchedulerError("scheduler-lost", "away")
        yield

    ending = threading.Event()
    bench = benches(lambda: Scripted(until_the_end))
    with ThreadPoolExecutor(2) as threads:
        under_way = threads.submit(bench.do, job("// one"))
        assert has_begun.wait(30)
        waiting = threads.submit(bench.do, job("// two"))
        wait_until(lambda: bench._waiting.qsize() == 1)
        threading.Timer(0.05, ending.set).start()
        bench.stop()
        assert [reason(under_way.result(30)), reason(waiting.result(30))] == [
            "error scheduler-lost",
            "error bench-busy",
        ]
