"""A run of an AI model's samples against a pack: graded once each, resumable, summed up in figures.

Every verdict is appended to a journal in the report's folder as soon as it is known. A run that was interrupted reads
it and grades only what is missing; identical completions of a task are graded once.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from chiploom import canonical
from chiploom.errors import PackError, StorageError
from chiploom.files import storage_error, write_atomic
from chiploom.grading import job
from chiploom.grading.samples import BadLines, Extracted, Sample, extract
from chiploom.grading.statistics import PassAtK, TaskCount, estimate
from chiploom.prove.verdict import Outcome, Verdict
from chiploom.tasks.load import load_tasks
from chiploom.tasks.model import Pack, Task

SCHEMA = "chiploom/bench/1"
KS = (1, 5, 10)
LIMITS_SENTENCE = (
    "A sample counts as right only when it was proved equal to the task's reference for every input sequence (or "
    "proved to hold the task's properties), under the assumptions of the task; 'bounded' and 'undecided' count as not "
    "right. The figures say nothing about timing, area, power or style, nor whether the reference itself is what its "
    "statement asks for."
)
#: A verdict that depended on the moment rather than on the design is not final: such samples are graded again.
_RETRIED_LIMITS = frozenset({"crash", "killed", "not-run"})

Grade = Callable[[Iterable[job.Job]], Iterator[tuple[int, Verdict]]]
"""Grades jobs; yields (position of the job, verdict) in any order."""


@dataclass(frozen=True, slots=True)
class Graded:
    """One sample with its verdict, cut down to what reports need."""

    task_id: str
    index: int
    line: int
    verdict: str
    method: str
    seconds: float
    limit_hit: str | None
    explanation: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """All that a run found; what the JSON and the HTML report are made of."""

    pack: Pack
    tasks: tuple[Task, ...]
    samples_name: str
    samples_sha256: str
    graded: tuple[Graded, ...]
    bad_lines: BadLines
    resumed: int
    estimates: tuple[PassAtK, ...]
    tools: Mapping[str, str]

    def by_task(self) -> dict[str, list[Graded]]:
        """Return the graded samples by task, every task of the pack included, in its order."""
        groups: dict[str, list[Graded]] = {task.id: [] for task in self.tasks}
        for graded in self.graded:
            groups[graded.task_id].append(graded)
        return groups

    def as_json(self) -> dict[str, Any]:
        """Return the run as JSON values."""
        return {
            "schema": SCHEMA,
            "pack": {
                "id": self.pack.id,
                "version": self.pack.version,
                "licence": self.pack.licence,
                "origin": self.pack.origin,
            },
            "samples": {
                "file": self.samples_name,
                "sha256": self.samples_sha256,
                "graded": len(self.graded),
                "bad_line_count": self.bad_lines.count,
                "bad_lines": [asdict(bad) for bad in self.bad_lines.first],
            },
            "pass_at_k": [asdict(one) for one in self.estimates],
            "interval": "95%; percentile bootstrap over tasks, Wilson score where all tasks agree",
            "verdicts": dict(sorted(Counter(graded.verdict for graded in self.graded).items())),
            "tasks": [_task_json(task_id, graded) for task_id, graded in self.by_task().items()],
            "results": [asdict(graded) for graded in self.graded],
            "meaning": LIMITS_SENTENCE,
            "tools": dict(self.tools),
        }


class Bench:
    """A run in progress. Use as a context manager; the journal stays open between.

    Parameters
    ----------
    pack : Pack
        What is graded against.
    samples_file : Path
        Name and hash of it go into the report.
    samples, bad_lines
        What was read from it.
    directory : Path
        The report's folder; made if missing.
    tools : mapping of str to str
        Versions of what proves; verdicts of other versions in the journal do not count.

    Raises
    ------
    StorageError
        The folder cannot be written, or is in use by another run.
    """

    def __init__(
        self,
        pack: Pack,
        samples_file: Path,
        samples: Sequence[Sample],
        bad_lines: BadLines,
        directory: Path,
        tools: Mapping[str, str],
    ) -> None:
        self.pack = pack
        self.tasks = {task.id: task for task in load_tasks(pack)}
        if not self.tasks:
            raise PackError("empty-pack", f"pack '{pack.id}' has no tasks")
        self._samples_file = samples_file
        self._samples = list(samples)
        self._bad_lines = bad_lines
        self._extracted = [extract(sample.completion, self.tasks[sample.task_id]) for sample in self._samples]
        self._tools = dict(tools)
        #: Samples that do not say whose they are are taken to be of one model.
        self._subject = uuid.uuid4().urn
        prover = canonical.hash_of(self._tools)
        digests = {task_id: job.digest_of(task) for task_id, task in self.tasks.items()}
        self._keys = [
            f"{prover}:{digests[sample.task_id]}:{job.digest_of_sources(found.sources)}"
            for sample, found in zip(self._samples, self._extracted, strict=True)
        ]
        self._journal = _Journal(directory)
        self.directory = directory
        self.resumed = sum(key in self._journal.verdicts for key in self._keys)

    @property
    def total(self) -> int:
        """Number of samples."""
        return len(self._samples)

    def run(self, grade: Grade) -> Iterator[tuple[Sample, str]]:
        """Grade what is missing; yield every sample with its verdict as soon as it is in the journal."""
        waiting: dict[str, list[int]] = {}
        for position, key in enumerate(self._keys):
            if key in self._journal.verdicts:
                yield self._samples[position], self._journal.verdicts[key]["verdict"]
            else:
                waiting.setdefault(key, []).append(position)
        keys = list(waiting)
        jobs = (self._job(waiting[key][0]) for key in keys)
        for number, verdict in grade(jobs):
            self._journal.add(keys[number], _record(verdict))
            for position in waiting[keys[number]]:
                yield self._samples[position], verdict.outcome.value

    def result(self) -> Run:
        """Return what was found; samples that were not graded are left out, so call it when :meth:`run` is through."""
        graded = tuple(
            _graded(sample, found, self._journal.verdicts[key])
            for sample, found, key in zip(self._samples, self._extracted, self._keys, strict=True)
            if key in self._journal.verdicts
        )
        counts = Counter(one.task_id for one in graded)
        right = Counter(one.task_id for one in graded if one.verdict == Outcome.PROVED.value)
        per_task = [TaskCount(task_id, counts[task_id], right[task_id]) for task_id in self.tasks]
        estimates = [found for k in KS if (found := estimate(per_task, k)) is not None]
        return Run(
            pack=self.pack,
            tasks=tuple(self.tasks.values()),
            samples_name=self._samples_file.name,
            samples_sha256=_sha256(self._samples_file),
            graded=graded,
            bad_lines=self._bad_lines,
            resumed=self.resumed,
            estimates=tuple(estimates),
            tools=self._tools,
        )

    def write(self, run: Run, html: str) -> tuple[Path, Path]:
        """Write ``results.json`` and ``report.html``, each whole or not at all; return their paths."""
        results, page = self.directory / "results.json", self.directory / "report.html"
        write_atomic(results, json.dumps(run.as_json(), ensure_ascii=False, indent=1) + "\n")
        write_atomic(page, html)
        return results, page

    def __enter__(self) -> Bench:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._journal.close()

    def _job(self, position: int) -> job.Job:
        sample = self._samples[position]
        return job.Job(
            self.tasks[sample.task_id], self._extracted[position].sources, subject=sample.subject or self._subject
        )


class _Journal:
    """Verdicts by key, one JSON line each, appended with one write; a last line cut off by a crash is dropped."""

    def __init__(self, directory: Path) -> None:
        try:
            directory.mkdir(parents=True, exist_ok=True)
            path = self._path = directory / "journal.jsonl"
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            self._descriptor = os.open(path, flags, 0o644)
        except OSError as error:
            raise storage_error(directory, error) from None
        self._lock(directory)
        self.verdicts: dict[str, dict[str, Any]] = {}
        data = path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            os.ftruncate(self._descriptor, whole)
        for line in data[:whole].splitlines():
            with contextlib.suppress(ValueError, KeyError, TypeError):
                entry = json.loads(line)
                if _is_record(entry["verdict"]) and entry["verdict"]["limit_hit"] not in _RETRIED_LIMITS:
                    self.verdicts[entry["key"]] = entry["verdict"]

    def add(self, key: str, record: dict[str, Any]) -> None:
        self.verdicts[key] = record
        line = json.dumps({"key": key, "verdict": record}, ensure_ascii=True) + "\n"
        try:
            written = os.write(self._descriptor, line.encode())
            if written < len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            raise storage_error(self._path, error) from None

    def close(self) -> None:
        os.close(self._descriptor)

    def _lock(self, directory: Path) -> None:
        import fcntl

        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._descriptor)
            raise StorageError("report-in-use", f"{directory}: another run is writing here; wait for it") from None


def _is_record(value: Any) -> bool:
    """Whether a line of the journal holds what :func:`_record` wrote; a damaged one is graded again."""
    return (
        isinstance(value, dict)
        and value["verdict"] in {outcome.value for outcome in Outcome}
        and all(isinstance(value[name], str) for name in ("method", "explanation"))
        and isinstance(value["seconds"], float | int)
        and isinstance(value["limit_hit"], str | None)
    )


def _record(verdict: Verdict) -> dict[str, Any]:
    return {
        "verdict": verdict.outcome.value,
        "method": verdict.method,
        "seconds": round(verdict.seconds, 6),
        "limit_hit": verdict.limit_hit,
        "explanation": _explanation(verdict),
    }


def _explanation(verdict: Verdict) -> str:
    if verdict.trace is not None:
        return verdict.trace.explanation.get("en", "")
    if verdict.diagnostics:
        first = verdict.diagnostics[0]
        more = len(verdict.diagnostics) - 1
        return f"line {first.line}: {first.message}" + (f" (and {more} more)" if more else "")
    return verdict.reason


def _graded(sample: Sample, found: Extracted, record: Mapping[str, Any]) -> Graded:
    return Graded(
        task_id=sample.task_id,
        index=sample.index,
        line=sample.line,
        verdict=record["verdict"],
        method=record["method"],
        seconds=record["seconds"],
        limit_hit=record["limit_hit"],
        explanation=record["explanation"],
        notes=found.notes,
    )


def _task_json(task_id: str, graded: Sequence[Graded]) -> dict[str, Any]:
    counts = Counter(one.verdict for one in graded)
    return {"task_id": task_id, "samples": len(graded), "verdicts": dict(sorted(counts.items()))}


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise StorageError("file-unreadable", f"{path}: cannot be read again: {error.strerror}") from None
