"""The packs of this hub: loaded once, tasks found by identifier, statements ready to be shown."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chiploom import messages
from chiploom.errors import UsageError
from chiploom.tasks.load import load_pack, load_task
from chiploom.tasks.model import LocalText, Pack, Task

_VARIANTS_KEPT = 2000


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill, the tasks that show it, and the skills that these tasks' predecessors show."""

    id: str
    tasks: tuple[str, ...]


class Library:
    """Packs by identifier.

    Parameters
    ----------
    directories : sequence of Path
        Private packs, beside the built-in one. A private pack's tasks are seen only by those who teach, and by
        learners to whom they are assigned.

    Raises
    ------
    PackError
        A pack is malformed.
    UsageError
        ``duplicate-pack``.
    """

    def __init__(self, directories: Sequence[Path] = ()) -> None:
        self._packs: dict[str, Pack] = {}
        self._tasks: dict[str, dict[str, Task]] = {}
        self._lock = threading.Lock()
        self.open_packs: frozenset[str] = frozenset()
        for directory in (None, *directories):
            pack = self.add(directory)
            if directory is None:
                self.open_packs = frozenset({pack.id})
        self._variant = functools.lru_cache(_VARIANTS_KEPT)(self._load_variant)

    def add(self, directory: Path | None) -> Pack:
        """Add the pack in a folder (None: the built-in one); its tasks are private.

        Raises
        ------
        PackError
            The pack is malformed.
        UsageError
            ``duplicate-pack``.
        """
        pack = load_pack(directory)
        tasks = {task_id: load_task(pack, task_id) for task_id in pack.task_ids}
        with self._lock:
            if pack.id in self._packs:
                raise UsageError("duplicate-pack", f"two packs are called {pack.id!r}; give one another id")
            # New mappings, since others may be going through the present ones.
            self._tasks = {**self._tasks, pack.id: tasks}
            self._packs = {**self._packs, pack.id: pack}
        return pack

    @property
    def packs(self) -> Mapping[str, Pack]:
        """All packs, the built-in one first."""
        return self._packs

    def tasks(self, pack_id: str) -> Iterator[Task]:
        """Return the tasks of a pack in teaching order, without variants."""
        return iter(self._tasks[pack_id].values())

    def task(self, pack_id: str, task_id: str, variant: int | None = None) -> Task:
        """Return a task.

        Raises
        ------
        UsageError
            ``unknown-pack``, ``unknown-task`` or ``unknown-variant``.
        """
        if pack_id not in self._packs:
            raise UsageError("unknown-pack", f"there is no pack {pack_id[:64]!a} here")
        task = self._tasks[pack_id].get(task_id)
        if task is None:
            raise UsageError("unknown-task", f"pack '{pack_id}' has no task {task_id[:64]!a}")
        return task if variant is None else self._variant(pack_id, task_id, variant)

    def _load_variant(self, pack_id: str, task_id: str, variant: int) -> Task:
        with self._lock:
            return load_task(self._packs[pack_id], task_id, variant)


def local(text: LocalText, language: str) -> str:
    """Return ``text`` in ``language``, or in the first language there is."""
    return text.get(language) or next((text[other] for other in messages.LANGUAGES if other in text), "")
