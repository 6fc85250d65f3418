"""VerilogEval as we measure on it: its references, faults planted in them, and other texts for the same behaviour."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from chiploom.grading.job import Job
from chiploom.hdl.sources import Source
from chiploom.tasks.load import load_pack, load_tasks
from chiploom.tasks.model import Task
from chiploom.tasks.syntax import renamed_module
from chiploom.tasks.verilog_eval import LEARNER_TOP, REFERENCE_TOP, Problem, find_problems, import_pack
from mutants import PER_TASK, mutants_of
from rewrites import rewrites_of

Item = TypeVar("Item")

Kind = Literal["reference", "mutant", "rewrite"]
FILE_NAME = "top.sv"


@dataclass(frozen=True, slots=True)
class Submission:
    """One design handed in for a task; ``how`` names the fault or the rule it was made by."""

    task_id: str
    kind: Kind
    how: str
    text: str

    @property
    def sources(self) -> tuple[Source, ...]:
        """The design as files."""
        return (Source(FILE_NAME, self.text),)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Tasks by identifier in the order of the data set, and everything handed in for them."""

    problems: dict[str, Problem]
    tasks: dict[str, Task]
    submissions: tuple[Submission, ...]

    def of(self, *kinds: Kind) -> tuple[Submission, ...]:
        """Return the submissions of some kinds."""
        return tuple(submission for submission in self.submissions if submission.kind in kinds)

    def job(self, submission: Submission, subject: str = "") -> Job:
        """Return what the pool is given."""
        return Job(self.tasks[submission.task_id], submission.sources, subject)


def load(directory: Path, *, scale: float = 1.0) -> Corpus:
    """Read VerilogEval and make everything from it, the same each time.

    Parameters
    ----------
    directory : Path
        A checkout of NVlabs/verilog-eval.
    scale : float
        Below 1: keep only this share of the tasks, spread over the data set.
    """
    problems = {problem.id: problem for problem in find_problems(directory)}
    kept = set(sample(sorted(problems), scale))
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "pack"
        for _ in import_pack(directory, target):
            pass
        tasks = {task.id: task for task in load_tasks(load_pack(target)) if task.id in kept}
    submissions = [Submission(task_id, "reference", "", submitted_reference(problems[task_id])) for task_id in tasks]
    submissions += [
        Submission(wrong.task_id, "mutant", wrong.kind, wrong.text)
        for wrong in mutants_of(directory, PER_TASK)
        if wrong.task_id in kept
    ]
    submissions += [
        Submission(rewrite.task_id, "rewrite", rewrite.rule, rewrite.text)
        for rewrite in rewrites_of(directory)
        if rewrite.task_id in kept
    ]
    return Corpus(problems, tasks, tuple(submissions))


def submitted_reference(problem: Problem) -> str:
    """Return a problem's reference as a submission: under the name learners use."""
    return renamed_module(problem.reference.read_text(encoding="utf-8"), REFERENCE_TOP, LEARNER_TOP)


def sample(items: Sequence[Item], scale: float, *, least: int = 2, seed: int = 7) -> list[Item]:
    """Return a share of ``items`` in their order, the same for the same arguments."""
    if scale >= 1:
        return list(items)
    number = min(len(items), max(least, round(len(items) * scale)))
    chosen = sorted(random.Random(seed).sample(range(len(items)), number))
    return [items[index] for index in chosen]
