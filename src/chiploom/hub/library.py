"""The packs of this hub: loaded once, tasks found by identifier, statements ready to be shown."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chiploom import messages
from chiploom.errors import UsageError
from chiploom.tasks.load import load_pack, load_task
from chiploom.tasks.model import LocalText, Pack, Task

_VARIANTS_KEPT = 2000
_NUMBERS = re.compile(r"\d+\.\d+\.\d+")
_PART = re.compile(r"\d+|[A-Za-z]+")


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
        self._tasks: dict[tuple[str, str], dict[str, Task]] = {}
        self._versions: dict[tuple[str, str], Pack] = {}
        self._lock = threading.Lock()
        self.open_packs: frozenset[str] = frozenset()
        for directory in (None, *directories):
            pack = self.add(directory)
            if directory is None:
                self.open_packs = frozenset({pack.id})
        #: Whoever runs the hub put these here; no upload replaces one.
        self.fixed_packs = frozenset(self._packs)
        self._variant = functools.lru_cache(_VARIANTS_KEPT)(self._load_variant)

    def add(self, directory: Path | None, *, replacing: bool = False) -> Pack:
        """Add the pack in a folder (None: the built-in one); its tasks are private.

        Parameters
        ----------
        replacing : bool
            Whether it may take the place of a lower version, which stays for the work that began with it.

        Raises
        ------
        PackError
            The pack is malformed.
        UsageError
            As :meth:`check_new`.
        """
        pack = load_pack(directory)
        tasks = {task_id: load_task(pack, task_id) for task_id in pack.task_ids}
        with self._lock:
            self.check_new(pack, replacing=replacing)
            # New mappings, since others may be going through the present ones.
            self._tasks = {**self._tasks, (pack.id, pack.version): tasks}
            self._versions = {**self._versions, (pack.id, pack.version): pack}
            self._packs = {**self._packs, pack.id: pack}
        return pack

    def check_new(self, pack: Pack, *, replacing: bool) -> None:
        """Refuse a pack that cannot be added.

        Raises
        ------
        UsageError
            ``duplicate-pack``: there is one of this name that it may not replace; ``pack-version-not-higher``.
        """
        present = self._packs.get(pack.id)
        if present is None:
            return
        if not replacing or pack.id in self.fixed_packs:
            raise UsageError("duplicate-pack", f"a pack is called {pack.id!r} already; give this one another id")
        if version_key(pack.version) <= version_key(present.version):
            raise UsageError(
                "pack-version-not-higher",
                f"pack {pack.id!r} is here in version {present.version}; {pack.version} is not higher",
            )

    @property
    def packs(self) -> Mapping[str, Pack]:
        """All packs, the built-in one first."""
        return self._packs

    def tasks(self, pack_id: str) -> Iterator[Task]:
        """Return the tasks of a pack in teaching order, without variants."""
        return iter(self._tasks[pack_id, self._packs[pack_id].version].values())

    def task(self, pack_id: str, task_id: str, variant: int | None = None, version: str | None = None) -> Task:
        """Return a task.

        Parameters
        ----------
        version : str, optional
            Of the pack; where it is not here any more, and by default, the present one.

        Raises
        ------
        UsageError
            ``unknown-pack``, ``unknown-task`` or ``unknown-variant``.
        """
        pack = self._versions.get((pack_id, version)) if version else None
        pack = pack or self._packs.get(pack_id)
        if pack is None:
            raise UsageError("unknown-pack", f"there is no pack {pack_id[:64]!a} here")
        task = self._tasks[pack_id, pack.version].get(task_id)
        if task is None:
            raise UsageError("unknown-task", f"pack '{pack_id}' has no task {task_id[:64]!a}")
        return task if variant is None else self._variant(pack_id, task_id, variant, pack.version)

    def title(self, pack_id: str, task_id: str, version: str | None = None) -> LocalText:
        """Return the title of a task, its name where its pack was taken away from the hub."""
        try:
            return self.task(pack_id, task_id, version=version).title
        except UsageError:
            return {"en": f"{pack_id}/{task_id}"}

    def _load_variant(self, pack_id: str, task_id: str, variant: int, version: str) -> Task:
        with self._lock:
            return load_task(self._versions[pack_id, version], task_id, variant)


def version_key(version: str) -> tuple[object, ...]:
    """Return what versions are ordered by: numbers as numbers, and ``1.0.0-rc1`` before ``1.0.0``."""
    numbers = _NUMBERS.match(version)
    assert numbers is not None, version
    suffix = version[numbers.end() :]
    parts = [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in _PART.findall(suffix)]
    return (*map(int, numbers[0].split(".")), not suffix.startswith("-"), *parts)


def local(text: LocalText, language: str) -> str:
    """Return ``text`` in ``language``, or in the first language there is."""
    return text.get(language) or next((text[other] for other in messages.LANGUAGES if other in text), "")
