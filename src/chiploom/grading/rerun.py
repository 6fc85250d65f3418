"""Grading again what evidence records, to see whether the same comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from chiploom.errors import EvidenceError, UsageError
from chiploom.grading import commitment, evidence
from chiploom.grading.commitment import Opening
from chiploom.grading.evidence import Evidence
from chiploom.grading.grade import Grader
from chiploom.grading.job import Job
from chiploom.hdl.read import load_sources
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Outcome, Verdict
from chiploom.tasks.load import load_pack, load_task
from chiploom.tasks.model import Task

Grade = Callable[[Task, tuple[Source, ...]], Verdict]


def grade_once(task: Task, sources: tuple[Source, ...]) -> Verdict:
    """Grade one submission, past the cache: what was found before is what is in question."""
    with Grader(workers=1, use_cache=False) as grader:
        return grader.one(Job(task, sources))


def rerun(
    record: Evidence,
    *,
    pack_directory: Path | None = None,
    submission: Sequence[Path] = (),
    opening: Opening | None = None,
    grade: Grade = grade_once,
) -> Verdict:
    """Grade again what ``record`` is about, and return the verdict if it agrees.

    Parameters
    ----------
    record : Evidence
        Evidence whose signature holds.
    pack_directory : Path, optional
        The task's pack, the built-in one by default.
    submission : sequence of Path
        The files handed in; not needed when they are disclosed inside.
    opening : Opening, optional
        The salts of the undisclosed sides.
    grade : callable
        What grades.

    Raises
    ------
    EvidenceError
        ``evidence-other-pack``, ``evidence-other-task``, ``evidence-other-submission``, ``evidence-opening-missing``;
        ``evidence-rerun-differs`` if another verdict comes out, ``evidence-rerun-undecided`` if none does.
    UsageError
        ``submission-missing`` if the files are neither inside nor given.
    """
    pack = load_pack(pack_directory)
    if pack.id != record.task["pack"]:
        raise EvidenceError(
            "evidence-other-pack",
            f"this evidence is about a task of pack {record.task['pack']!a}, not of {pack.id!a}; give it with --pack",
        )
    task = load_task(pack, record.task["id"], record.task["variant"])
    evidence.check_task(record, task, opening)
    sources = load_sources(submission) if submission else record.sources()
    if sources is None:
        raise UsageError(
            "submission-missing", "the submission is undisclosed; give its files with --submission to grade again"
        )
    evidence.check_submission(record, sources, opening)
    verdict = grade(task, sources)
    if verdict.outcome is Outcome.UNDECIDED and record.outcome != "undecided":
        raise EvidenceError(
            "evidence-rerun-undecided",
            f"graded again, no verdict came out (limit: {verdict.limit_hit or 'none'}); {record.outcome} was recorded",
        )
    found = evidence.differences(record, verdict)
    if found:
        raise EvidenceError("evidence-rerun-differs", f"graded again, something else came out: {'; '.join(found)}")
    return verdict


def find_opening(record: Evidence, file: Path, explicit: Path | None) -> Opening | None:
    """Return the opening given, or the one beside the evidence's file if it is of this evidence, or None.

    Raises
    ------
    EvidenceError
        ``evidence-opening`` if the opening given is none, or of other evidence.
    """
    if explicit is not None:
        opening = commitment.read_opening(explicit)
        if opening.evidence_id != record.id:
            raise EvidenceError("evidence-opening", f"{str(explicit)!r} is the opening of other evidence")
        return opening
    beside = commitment.opening_path(file)
    if not beside.is_file():
        return None
    # An older file of the same name may have left its opening here.
    opening = commitment.read_opening(beside)
    return opening if opening.evidence_id == record.id else None
