"""Designs that learners hand in: right ones, typical wrong ones and mutants of the built-in tasks, each text once."""

from __future__ import annotations

import random
from dataclasses import dataclass

from chiploom.hdl.sources import Source
from chiploom.tasks.load import load_pack, load_task
from chiploom.tasks.model import Task
from chiploom.tasks.mutate import mutants

#: Mutants kept for each task.
_MUTANTS = 6


@dataclass(frozen=True, slots=True)
class Design:
    """Files for a task."""

    task_id: str
    files: tuple[tuple[str, str], ...]


class Designs:
    """An endless supply; what is drawn depends on the seed only."""

    def __init__(self, seed: int = 0, tasks: int = 0) -> None:
        pack = load_pack()
        self._chance = random.Random(seed)
        self._number = 0
        self._tasks = {}
        for task_id in pack.task_ids:
            task = load_task(pack, task_id)
            if task.track == "design" and task.kind in ("design", "repair", "properties") and task.reference:
                self._tasks[task_id] = task
        self.task_ids = list(self._tasks)[: tasks or None]
        self._kinds: dict[str, list[list[tuple[Source, ...]]]] = {}

    def draw(self) -> Design:
        """Return a design that was not drawn before."""
        self._number += 1
        task_id = self._chance.choice(self.task_ids)
        if task_id not in self._kinds:
            self._kinds[task_id] = [kind for kind in _kinds_of(self._tasks[task_id]) if kind]
        files = self._chance.choice(self._chance.choice(self._kinds[task_id]))
        mark = f"// {self._number} {self._chance.getrandbits(64):016x}\n"
        return Design(task_id, tuple((f"f{number}.sv", mark + file.text) for number, file in enumerate(files)))


def _kinds_of(task: Task) -> list[list[tuple[Source, ...]]]:
    """Return right designs, typical wrong ones, and mutants."""
    right = [task.reference, *(example.sources for example in task.alternatives)]
    changed = []
    if len(task.reference) == 1:
        changed = [(Source("m.sv", each.text),) for each in mutants(task.reference[0].text, limit=_MUTANTS)]
    return [right, [example.sources for example in task.broken], changed]
