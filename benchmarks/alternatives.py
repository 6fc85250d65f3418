"""How fast the built-in tasks are graded: the correct designs that are shipped with them."""

from __future__ import annotations

import random

from rich.console import Console

from chiploom.grading.job import Job
from chiploom.grading.pool import Pool
from chiploom.prove.verdict import Outcome, Verdict
from chiploom.tasks.load import load_pack, load_task
from figures import Figure, counted

TASKS = 8
_LIMIT_S = 5.0


def measure(console: Console, *, workers: int, scale: float, seed: int = 2) -> list[Figure]:
    """Return how many alternatives of a few tasks, drawn at random, are proved in time."""
    pack = load_pack()
    chosen = random.Random(seed).sample(pack.task_ids, max(2, round(TASKS * min(1.0, scale * 4))))
    jobs = [
        Job(task, example.sources)
        for task in (load_task(pack, name) for name in chosen)
        for example in task.alternatives
    ]
    slowest_s = 0.0
    proved = 0
    with Pool(workers) as pool:
        for _, result in counted(pool.results(jobs), console, "built-in tasks", len(jobs)):
            if isinstance(result, Verdict):
                slowest_s = max(slowest_s, result.seconds)
                proved += result.outcome is Outcome.PROVED and result.seconds <= _LIMIT_S
    note = f"slowest {slowest_s:.2f} s; of {', '.join(chosen)}"
    return [Figure("built-in tasks", "alternatives proved within 5 s", proved, "", "=", len(jobs), note)]
