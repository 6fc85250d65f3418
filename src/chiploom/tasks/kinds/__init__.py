"""Task kinds: how each kind elaborates what the author wrote and judges what a learner hands in.

A new kind is a new module with ``prepare`` and ``grade``, and a line in the registry below.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from chiploom.errors import PackError
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Verdict
from chiploom.tasks.kinds import design, properties, repair
from chiploom.tasks.kinds.prepared import Prepared
from chiploom.tasks.model import Task

__all__ = ["KINDS", "Kind", "Prepared", "grade", "prepare"]


class Kind(Protocol):
    """What a kind's module offers."""

    def prepare(self, task: Task) -> Prepared:
        """Elaborate the author's files. Raises ReferenceError_."""

    def grade(self, prepared: Prepared, sources: Sequence[Source]) -> Verdict:
        """Judge a submission. Runs in the box: a Yosys error ends the process."""


KINDS: dict[str, Kind] = {"design": design, "repair": repair, "properties": properties}


def prepare(task: Task) -> Prepared:
    """Elaborate the author's files of ``task``.

    Elaboration ends the process when Yosys meets an error, so try a task nobody vouches for in a child first.

    Raises
    ------
    ReferenceError_
        A file does not elaborate, or its ports are not the task's.
    PackError
        ``unknown-kind``.
    """
    return _kind(task).prepare(task)


def grade(prepared: Prepared, sources: Sequence[Source]) -> Verdict:
    """Judge the submission ``sources``; call it in the box, since a Yosys error ends the process."""
    return _kind(prepared.task).grade(prepared, sources)


def _kind(task: Task) -> Kind:
    if task.kind not in KINDS:
        raise PackError("unknown-kind", f"{task.id}: no kind {task.kind!r}; there are {', '.join(KINDS)}")
    return KINDS[task.kind]
