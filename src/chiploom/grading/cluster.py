"""The same grading on a Dask cluster, for when one machine is not enough.

How the cluster is deployed (SLURM, Kubernetes, SSH) is Dask's own business: a scheduler's address is all that is
needed. Every Dask worker keeps local pools of its own, warm between submissions. Grading is idempotent, so what a lost
worker was doing is simply done again by another.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import pickle
import queue
import re
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import TracebackType
from typing import Any, Literal

from chiploom import settings
from chiploom.errors import ChiploomError, SchedulerError, UsageError
from chiploom.grading import codec
from chiploom.grading.job import Job, essence
from chiploom.grading.pool import Pool, Result, in_order

__all__ = ["Cluster"]

_Supply = Literal["more", "none now", "ended"]

#: How long a scheduler, and then a first worker, may take to answer.
CONNECT_S = 5.0
WORKERS_S = 30.0

_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})")
#: Jobs handed to the scheduler ahead of time, per thread of the cluster.
_AHEAD = 4
_RETRIES = 2
_PROBE_AGAIN_S = 0.25
_ASK_AGAIN_S = 0.02
_LONGEST_GREETING = 1 << 20


class Cluster:
    """A Dask cluster that grades; used like a :class:`~chiploom.grading.pool.Pool`.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://10.0.0.1:8786``.

    Raises
    ------
    UsageError
        ``bad-scheduler``: that is no address.
    SchedulerError
        ``no-scheduler``: nothing answers there; ``no-workers``: the scheduler has no workers.
    """

    def __init__(self, address: str, *, connect_s: float = CONNECT_S, workers_s: float = WORKERS_S) -> None:
        matched = _ADDRESS.fullmatch(address)
        if matched is None or not 0 < int(matched[3]) < 65536:
            raise UsageError("bad-scheduler", f"{address!a} is not a scheduler's address; use tcp://HOST:PORT")
        self._address = address
        self._woken = threading.Event()
        _probe(address, matched[1] == "tcp", matched[2].strip("[]"), int(matched[3]), connect_s)
        # Half a second of imports, so only here.
        import distributed

        # What it logs while connections come and go is not for the user: every failure below is reported.
        for name in list(logging.root.manager.loggerDict):
            if name.partition(".")[0] in ("distributed", "tornado", "asyncio"):
                logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        self._distributed: Any = distributed
        client_class: Any = distributed.Client
        try:
            self._client: Any = client_class(address, timeout=connect_s, set_as_default=False)
        except (OSError, TimeoutError, ValueError, ImportError) as error:
            raise _no_scheduler(address, type(error).__name__) from None
        try:
            self._client.wait_for_workers(1, timeout=workers_s)
        except (OSError, TimeoutError):
            self.close()
            raise SchedulerError(
                "no-workers", f"the scheduler at {address} has no workers; start some with 'dask worker {address}'"
            ) from None

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def results(
        self, jobs: Iterable[Job | None], *, ordered: bool = False, ahead: int = 0
    ) -> Iterator[tuple[int, Result]]:
        """Grade jobs; yield (position, verdict or error) as they are done, or in order.

        Parameters
        ----------
        jobs : iterable of Job or None
            As for a pool.
        ahead : int
            How many jobs the cluster may hold at a time; 0: a few per thread.

        Raises
        ------
        SchedulerError
            ``scheduler-lost``: the cluster went away.
        """
        done = self._results(jobs, ahead)
        return in_order(done) if ordered else done

    def wake(self) -> None:
        """Ask for jobs again now; any thread may call it."""
        self._woken.set()

    def close(self) -> None:
        """Leave the cluster; what it still works on for us is dropped."""
        with contextlib.suppress(Exception):
            self._client.close(timeout=2)

    def _results(self, jobs: Iterable[Job | None], ahead: int) -> Iterator[tuple[int, Result]]:
        coming = iter(jobs)
        supply: _Supply = "more"
        positions: dict[Any, int] = {}
        numbers = itertools.count()
        finished = self._distributed.as_completed(loop=self._client.loop, with_results=True, raise_errors=False)
        try:
            while True:
                self._woken.clear()
                room = (ahead or _AHEAD * self._threads()) - len(positions)
                if supply != "ended":
                    supply = self._hand_out(coming, numbers, positions, finished, room)
                if not positions and supply == "ended":
                    return
                if supply == "none now" and not finished.has_ready():
                    # Jobs may come as well as results; neither can be waited for together.
                    self._woken.wait(_ASK_AGAIN_S)
                    continue
                future, result = next(finished)
                position = positions.pop(future.key)
                if future.status != "finished":
                    raise self._lost(str(result))
                yield position, _raise_if_hopeless(codec.decode(result))
        except (OSError, self._distributed.CancelledError) as error:
            raise self._lost(type(error).__name__) from None
        finally:
            with contextlib.suppress(Exception):
                self._client.cancel(list(finished.futures))

    def _hand_out(
        self,
        coming: Iterator[Job | None],
        numbers: Iterator[int],
        positions: dict[Any, int],
        finished: Any,
        count: int,
    ) -> _Supply:
        """Hand at most ``count`` jobs to the scheduler; tell whether there are more."""
        for _ in range(count):
            try:
                job = next(coming)
            except StopIteration:
                return "ended"
            if job is None:
                return "none now"
            stripped = replace(job, material=essence(job.material))
            message = pickle.dumps(stripped, protocol=pickle.HIGHEST_PROTOCOL)
            future = self._client.submit(grade_here, message, pure=False, retries=_RETRIES)
            positions[future.key] = next(numbers)
            finished.add(future)
        return "more"

    def _threads(self) -> int:
        return max(1, int(sum(self._client.nthreads().values())))

    def _lost(self, reason: str) -> SchedulerError:
        reason = " ".join(reason.split())[:200]
        return SchedulerError(
            "scheduler-lost", f"the cluster at {self._address} was lost while it graded ({reason}); run again"
        )


_pools: queue.LifoQueue[Pool] = queue.LifoQueue()


def grade_here(message: bytes) -> bytes:
    """Grade one pickled job in this Dask worker; return the encoded verdict or error.

    Runs in the threads of a Dask worker; each uses a pool of one, which stays warm for the next.
    """
    job: Job = pickle.loads(message)
    try:
        pool = _pools.get_nowait()
    except queue.Empty:
        # Whether to go without the box is for the operator of this machine to say, not for who sends the job.
        try:
            pool = Pool(1, box=not settings.load().unsafe_no_box)
        except ChiploomError as error:
            return codec.encode(error)
    try:
        ((_, result),) = pool.results([job])
    except BaseException as error:
        pool.close()
        if isinstance(error, ChiploomError):
            return codec.encode(error)
        raise
    _pools.put(pool)
    return codec.encode(result)


def _probe(address: str, speaks_first: bool, host: str, port: int, limit_s: float) -> None:
    """Check within ``limit_s`` that a scheduler answers: Dask's own client waits for ever for one that stays silent.

    Raises
    ------
    SchedulerError
        ``no-scheduler``.
    """
    deadline = time.monotonic() + limit_s
    while True:
        remaining_s = max(deadline - time.monotonic(), 0.05)
        try:
            with socket.create_connection((host, port), timeout=remaining_s) as connection:
                # Dask's side that accepts begins, with the length of a short greeting.
                if not speaks_first or 0 < _length(connection) < _LONGEST_GREETING:
                    return
            reason = "something else listens there"
        except TimeoutError:
            reason = "it does not speak"
        except OSError as error:
            reason = error.strerror or type(error).__name__
        if time.monotonic() + _PROBE_AGAIN_S >= deadline:
            raise _no_scheduler(address, reason)
        time.sleep(_PROBE_AGAIN_S)


def _length(connection: socket.socket) -> int:
    received = b""
    while len(received) < 8:
        piece = connection.recv(8 - len(received))
        if not piece:
            return 0
        received += piece
    return int.from_bytes(received, "little")


def _no_scheduler(address: str, reason: str) -> SchedulerError:
    return SchedulerError(
        "no-scheduler",
        f"no scheduler answers at {address} ({reason}); start one with 'dask scheduler', or unset "
        "CHIPLOOM_SCHEDULER to grade on this machine",
    )


def _raise_if_hopeless(result: Result) -> Result:
    # Without a box, or with a worker that does not start, the following jobs fare no better.
    if isinstance(result, ChiploomError) and result.code in ("box-unavailable", "worker-failed"):
        raise result
    return result
