"""``chiploom.grade``: a batch of texts against a task, from Python; fit to be a reward function.

The workers stay warm between calls and end with the process. A verdict is never mixed up with another one, and a text
that crashes, hangs or eats memory gets a verdict like any other.
"""

from __future__ import annotations

import atexit
import os
import threading
import uuid
from collections.abc import Sequence

from chiploom.grading.grade import Grader
from chiploom.grading.job import Job
from chiploom.grading.samples import extract
from chiploom.prove.verdict import Verdict
from chiploom.tasks.load import load_pack, load_task
from chiploom.tasks.model import Task


def grade(task: Task | str, texts: Sequence[str], *, variant: int | None = None) -> list[Verdict]:
    """Grade texts against a task and return their verdicts, in order.

    Parameters
    ----------
    task : Task or str
        A loaded task, or the identifier of a task of the built-in pack.
    texts : sequence of str
        Verilog or SystemVerilog; code fences and words around the code are taken off, as in ``chiploom bench run``.
    variant : int, optional
        With a task given by identifier: which variant.

    Returns
    -------
    list of Verdict
        ``verdict.outcome`` is ``"proved"`` for a right design. A reward is, for example,
        ``[float(v.outcome == "proved") for v in chiploom.grade("fifo", texts)]``.

    Raises
    ------
    UsageError
        ``unknown-task`` or ``unknown-variant``.
    BoxError
        The sandbox cannot be set up: nothing is graded.
    """
    if isinstance(texts, str):
        raise TypeError("texts is one string; give a list of strings")
    loaded = load_task(load_pack(), task, variant) if isinstance(task, str) else task
    # All of one call are taken to be of one model.
    subject = uuid.uuid4().urn
    jobs = [Job(loaded, extract(text, loaded).sources, subject) for text in texts]
    with _LOCK:
        verdicts = dict(_warm_grader().grade(jobs))
    return [verdicts[index] for index in range(len(jobs))]


_LOCK = threading.Lock()
_warm: tuple[int, Grader] | None = None


def _warm_grader() -> Grader:
    """Return the grader of this process; one that a parent process made is not ours to use."""
    global _warm
    if _warm is None or _warm[0] != os.getpid():
        _warm = (os.getpid(), Grader())
        atexit.register(_close, *_warm)
    return _warm[1]


def _close(process: int, grader: Grader) -> None:
    if process == os.getpid():
        grader.close()
