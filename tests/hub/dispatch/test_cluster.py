"""The hub's dispatcher on a real Dask scheduler with two workers, one of which is killed half-way."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from chiploom.grading.cluster import Cluster
from chiploom.hub.database.database import Database
from chiploom.hub.database.schema import EvidenceRecord
from chiploom.hub.dispatch.dispatcher import Dispatcher
from chiploom.hub.dispatch.fair_queue import Ticket
from chiploom.hub.dispatch.recording import Recorder
from chiploom.hub.dispatch.verdicts import TraceFiles
from chiploom.signing import SigningKey
from chiploom.tasks.load import load_pack, load_task
from dispatch.scripted import make_user, remove_all, rows, submit, wait_until

GATES = load_task(load_pack(), "gates")


@dataclass
class Deployment:
    """A scheduler and its workers, as somebody would start them by hand."""

    port: int
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"


def start(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", *words, "--no-dashboard"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def start_scheduler(port: int) -> subprocess.Popen[bytes]:
    return start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port))


def start_worker(port: int) -> subprocess.Popen[bytes]:
    return start("distributed.cli.dask_worker", f"tcp://127.0.0.1:{port}", "--nthreads", "1", "--no-nanny")


@pytest.fixture
def deployment() -> Iterator[Deployment]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    deployed = Deployment(port, start_scheduler(port), [start_worker(port) for _ in range(2)])
    yield deployed
    for process in (*deployed.workers, deployed.scheduler):
        process.kill()
        process.wait()


@pytest.fixture
def dispatcher(database: Database, deployment: Deployment, tmp_path: Path) -> Iterator[Dispatcher]:
    recorder = Recorder(database, TraceFiles(tmp_path), SigningKey.generate(), frozenset({"foundations"}))
    made = Dispatcher(
        database,
        lambda: Cluster(deployment.address, connect_s=30, workers_s=30),
        lambda *_: GATES,
        recorder.record,
        ahead=0,
    )
    yield made
    made.stop()
    remove_all(database)


def hand_in(database: Database, user_id: int, count: int) -> list[int]:
    right = GATES.reference[0].text
    texts = (right, right.replace("&", "|", 1), right.replace("endmodule", ""))
    return [submit(database, user_id, text=f"// {number}\n{texts[number % 3]}") for number in range(count)]


def done(database: Database) -> int:
    return sum(row.state == "done" for row in rows(database))


def check(database: Database, numbers: list[int]) -> None:
    found = {row.id: row.outcome for row in rows(database)}
    expected = [("proved", "refuted", "rejected")[place % 3] for place in range(len(numbers))]
    assert [found[number] for number in numbers] == expected
    with database.reading() as session:
        pieces = session.scalar(select(func.count()).select_from(EvidenceRecord))
    assert pieces == expected.count("proved")


@pytest.mark.slow
def test_a_worker_is_killed_half_way_and_every_submission_gets_its_verdict(
    database: Database, deployment: Deployment, dispatcher: Dispatcher
) -> None:
    numbers = hand_in(database, make_user(database), 30)
    dispatcher.start()
    wait_until(lambda: done(database) >= 10, 100)
    os.kill(deployment.workers[0].pid, signal.SIGKILL)
    wait_until(lambda: done(database) == len(numbers), 100)
    check(database, numbers)


@pytest.mark.slow
def test_the_scheduler_is_killed_and_another_takes_over(
    database: Database, deployment: Deployment, dispatcher: Dispatcher
) -> None:
    user_id = make_user(database)
    numbers = hand_in(database, user_id, 12)
    dispatcher.start()
    wait_until(lambda: done(database) >= 3, 100)
    deployment.scheduler.kill()
    deployment.scheduler.wait()
    for worker in deployment.workers:
        worker.kill()
        worker.wait()
    later = hand_in(database, user_id, 3)
    for number in later:
        dispatcher.enqueue(Ticket(number, user_id))
    deployment.scheduler = start_scheduler(deployment.port)
    deployment.workers = [start_worker(deployment.port)]
    wait_until(lambda: done(database) == 15, 100)
    check(database, [*numbers, *later])
    assert dispatcher.trouble == ""
