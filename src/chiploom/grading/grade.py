"""Grading as others call it: one submission or many, cached, on this machine or on a cluster."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from chiploom import settings
from chiploom.errors import ChiploomError, UsageError
from chiploom.grading.cache import Cache
from chiploom.grading.job import Comparison, Job
from chiploom.grading.pool import Pool, Result, in_order
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Limits, Verdict
from chiploom.settings import Settings
from chiploom.tasks.model import Task

if TYPE_CHECKING:
    from chiploom.grading.cluster import Cluster

__all__ = ["Grader", "grade_many", "grade_submission", "prove_files"]


class Grader:
    """Grades jobs as the settings say, and finds again what was graded before.

    Parameters
    ----------
    configuration : Settings, optional
        Those of the environment by default.
    workers : int, optional
        Worker processes of the local pool, instead of the setting.
    scheduler : str, optional
        Address of a Dask scheduler, instead of the setting.
    use_cache : bool
        False: grade everything anew, and keep nothing.

    Notes
    -----
    A context manager. Workers, or the connection to the cluster, are made when the first job is not in the cache.
    """

    def __init__(
        self,
        configuration: Settings | None = None,
        *,
        workers: int | None = None,
        scheduler: str | None = None,
        use_cache: bool = True,
    ) -> None:
        self._settings = settings.load() if configuration is None else configuration
        self._workers = self._settings.workers if workers is None else workers
        self._scheduler = self._settings.scheduler if scheduler is None else scheduler
        self._cache = Cache(self._settings.home / "cache") if use_cache else None
        self._backend: Pool | Cluster | None = None

    def __enter__(self) -> Grader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def results(self, jobs: Iterable[Job], *, ordered: bool = False) -> Iterator[tuple[int, Result]]:
        """Grade jobs; yield (position, verdict or error) as they are done, or in order.

        An error stands for a job that got no verdict for a reason that is not the submission's: a task that is itself
        broken, a top that nobody can choose.

        Raises
        ------
        BoxError
            The box cannot be set up, so nothing is graded.
        SchedulerError
            The cluster cannot be reached, or was lost.
        """
        done = self._results(jobs)
        return in_order(done) if ordered else done

    def grade(self, jobs: Iterable[Job], *, ordered: bool = False) -> Iterator[tuple[int, Verdict]]:
        """Grade jobs as :meth:`results`, with an ``undecided`` verdict ("not-run") in the place of an error."""
        for index, result in self.results(jobs, ordered=ordered):
            if isinstance(result, ChiploomError):
                result = Verdict(limit_hit="not-run", reason=result.message)
            yield index, result

    def one(self, job: Job) -> Verdict:
        """Grade a single job.

        Raises
        ------
        ChiploomError
            The job got no verdict for a reason that is not the submission's.
        """
        ((_, result),) = self.results([job])
        if isinstance(result, ChiploomError):
            raise result
        return result

    def close(self) -> None:
        """End the workers or leave the cluster."""
        if self._backend is not None:
            self._backend.close()
            self._backend = None

    def _results(self, jobs: Iterable[Job]) -> Iterator[tuple[int, Result]]:
        hits: deque[tuple[int, Result]] = deque()
        waiting: dict[str, list[int]] = {}
        keys: dict[int, str] = {}

        def misses() -> Iterator[Job]:
            numbers = itertools.count()
            for position, job in enumerate(jobs):
                key = self._cache.key(job) if self._cache else str(position)
                found = self._cache.find(key) if self._cache else None
                if found is not None:
                    hits.append((position, found))
                elif key in waiting:
                    # The same submission is being graded at this moment.
                    waiting[key].append(position)
                else:
                    waiting[key] = [position]
                    keys[next(numbers)] = key
                    yield job

        remaining = misses()
        first = next(remaining, None)
        yield from _drained(hits)
        if first is None:
            return
        for number, result in self._connected().results(itertools.chain([first], remaining)):
            key = keys.pop(number)
            if self._cache:
                self._cache.store(key, result)
            for position in waiting.pop(key):
                yield position, result
            yield from _drained(hits)
        yield from _drained(hits)

    def _connected(self) -> Pool | Cluster:
        if self._backend is None:
            if self._scheduler:
                from chiploom.grading.cluster import Cluster

                self._backend = Cluster(self._scheduler)
            else:
                self._backend = Pool(self._workers, box=not self._settings.unsafe_no_box)
        return self._backend


def grade_submission(task: Task, sources: Sequence[Source], configuration: Settings | None = None) -> Verdict:
    """Grade one submission for a task.

    Raises
    ------
    ChiploomError
        There is no verdict for a reason that is not the submission's.
    """
    with Grader(configuration, workers=1) as grader:
        return grader.one(Job(task, tuple(sources)))


def grade_many(jobs: Iterable[Job], configuration: Settings | None = None) -> Iterator[tuple[int, Verdict]]:
    """Grade jobs side by side; yield (position, verdict) as they are done.

    A job without a verdict for a reason that is not the submission's is ``undecided``, with the limit "not-run".
    """
    with Grader(configuration) as grader:
        yield from grader.grade(jobs)


def prove_files(
    submission: Sequence[Source],
    *,
    reference: Sequence[Source] = (),
    environment: Sequence[Source] = (),
    properties: Sequence[Source] = (),
    top: str | None = None,
    reference_top: str | None = None,
    power_up: Literal["free", "initial"] = "free",
    limits: Limits | None = None,
    configuration: Settings | None = None,
) -> Verdict:
    """Prove a design equal to a reference, or that it holds properties, without a task around them.

    Parameters
    ----------
    submission, reference, environment, properties : sequence of Source
        Either ``reference`` or ``properties`` is given.
    top, reference_top : str, optional
        Top modules, where the files leave them open.

    Raises
    ------
    UsageError
        Neither or both of reference and properties are given, or a top is unknown or ambiguous.
    BrokenTaskError
        The reference, environment or properties do not elaborate.
    """
    if bool(reference) == bool(properties):
        raise UsageError("usage", "give either a reference or properties to hold the submission against")
    comparison = Comparison(
        reference=tuple(reference),
        environment=tuple(environment),
        properties=tuple(properties),
        reference_top=reference_top,
        top=top,
        power_up=power_up,
        limits=limits or Limits(),
    )
    with Grader(configuration, workers=1) as grader:
        return grader.one(Job(comparison, tuple(submission)))


def _drained(hits: deque[tuple[int, Result]]) -> Iterator[tuple[int, Result]]:
    while hits:
        yield hits.popleft()
