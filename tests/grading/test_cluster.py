"""The same grading on a real Dask scheduler with two workers on loopback, one of which is killed half-way."""

import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chiploom.errors import AmbiguousTopError, SchedulerError, UsageError
from chiploom.grading.cluster import Cluster
from chiploom.grading.grade import Grader
from chiploom.grading.job import Comparison, Job
from chiploom.grading.pool import Pool
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Outcome, Verdict
from chiploom.settings import Settings

XOR = Source("xor.sv", "module top(input a, input b, output y); assign y = a ^ b; endmodule\n")
SAME = Source("same.sv", "module top(input a, input b, output y); assign y = (a & ~b) | (~a & b); endmodule\n")
OR = Source("or.sv", "module top(input a, input b, output y); assign y = a | b; endmodule\n")
TWO = Source("two.sv", XOR.text + OR.text.replace("top", "another"))
COMPARISON = Comparison(reference=(XOR,))


@dataclass
class Deployment:
    """A scheduler and two workers, as somebody would start them by hand."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


def start(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", *words, "--no-dashboard"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def deploy() -> Deployment:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    scheduler = start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port))
    workers = [start("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny") for _ in range(2)]
    return Deployment(address, scheduler, workers)


def take_down(deployment: Deployment) -> None:
    for process in (*deployment.workers, deployment.scheduler):
        process.kill()
        process.wait()


@pytest.fixture
def deployment() -> Iterator[Deployment]:
    deployed = deploy()
    yield deployed
    take_down(deployed)


@pytest.mark.slow
def test_cluster_finds_what_the_pool_finds_though_a_worker_is_killed_half_way(deployment: Deployment) -> None:
    jobs = [Job(COMPARISON, ((XOR, SAME, OR)[number % 3],)) for number in range(60)]
    found: dict[int, Verdict] = {}
    with Cluster(deployment.address, connect_s=60, workers_s=60) as cluster:
        for index, result in cluster.results(jobs):
            assert isinstance(result, Verdict)
            assert index not in found
            found[index] = result
            if len(found) == 20:
                os.kill(deployment.workers[0].pid, signal.SIGKILL)
    assert sorted(found) == list(range(60))
    with Pool(1) as pool:
        alone = dict(pool.grade(jobs[:3]))
    for index, verdict in found.items():
        expected = alone[index % 3]
        assert (verdict.outcome, verdict.trace) == (expected.outcome, expected.trace)


@pytest.mark.slow
def test_grader_uses_the_cluster_and_passes_errors_and_order_on(deployment: Deployment, tmp_path: Path) -> None:
    configuration = Settings(home=tmp_path, scheduler=deployment.address)
    jobs = [Job(COMPARISON, (OR,)), Job(Comparison(reference=(TWO,)), (XOR,)), Job(COMPARISON, (SAME,))]
    Cluster(deployment.address, connect_s=60, workers_s=60).close()
    with Grader(configuration) as grader:
        results = [result for _, result in grader.results(jobs, ordered=True)]
    assert isinstance(results[0], Verdict)
    assert results[0].outcome is Outcome.REFUTED
    assert isinstance(results[1], AmbiguousTopError)
    assert isinstance(results[2], Verdict)
    assert results[2].outcome is Outcome.PROVED


@pytest.mark.slow
def test_jobs_may_come_while_the_cluster_waits(deployment: Deployment) -> None:
    coming: deque[Job] = deque()
    has_ended = threading.Event()

    def supply() -> Iterator[Job | None]:
        while coming or not has_ended.is_set():
            yield coming.popleft() if coming else None

    positions: queue.Queue[int] = queue.Queue()
    with Cluster(deployment.address, connect_s=60, workers_s=60) as cluster:
        thread = threading.Thread(target=lambda: [positions.put(index) for index, _ in cluster.results(supply())])
        thread.start()
        for number in range(3):
            coming.append(Job(COMPARISON, (SAME,)))
            cluster.wake()
            assert positions.get(timeout=60) == number
        has_ended.set()
        cluster.wake()
        thread.join(60)
        assert not thread.is_alive()


@pytest.mark.slow
def test_losing_the_scheduler_is_an_error_not_a_hang(deployment: Deployment) -> None:
    with Cluster(deployment.address, connect_s=60, workers_s=60) as cluster:
        results = cluster.results(Job(COMPARISON, (SAME,)) for _ in range(100_000))
        next(results)
        threading.Timer(0.2, deployment.scheduler.kill).start()
        with pytest.raises(SchedulerError) as caught:
            for _ in results:
                pass
    assert caught.value.code == "scheduler-lost"
    assert "\n" not in caught.value.message


def test_nothing_at_the_address() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{closed.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(SchedulerError, match=re.escape(address)) as caught:
            Cluster(address, connect_s=0.5)
    assert caught.value.code == "no-scheduler"
    assert caught.value.exit_status == 70
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b""], ids=["another protocol", "silence"])
def test_something_else_at_the_address(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                kept.append(connection)
                if answer:
                    connection.sendall(answer)
                    connection.close()

        kept: list[socket.socket] = []
        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(SchedulerError) as caught:
            Cluster(f"tcp://127.0.0.1:{server.getsockname()[1]}", connect_s=0.5)
        for connection in kept:
            connection.close()
    assert caught.value.code == "no-scheduler"


@pytest.mark.parametrize(
    "address",
    [
        "localhost:8786",
        "http://h:1",
        "tcp://h",
        "tcp://h:0",
        "tcp://h:99999",
        "tcp://h:1/x",
        "tcp://a b:1",
        "tcp://h:1\n",
    ],
)
def test_wrong_address_is_wrong_usage(address: str) -> None:
    with pytest.raises(UsageError) as caught:
        Cluster(address)
    assert caught.value.code == "bad-scheduler"
    assert "\n" not in caught.value.message
