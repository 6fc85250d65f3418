"""A venture: its people by random identifier, its designs as tasks, and where its evidence lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chiploom.grading.evidence_schema import is_subject_id
from chiploom.tasks.model import LocalText
from chiploom.ventures import table as tables

SCHEMA = "chiploom/venture/1"


@dataclass(frozen=True, slots=True)
class Design:
    """A block of the chip: a task that must be proved; ``variant`` None accepts any."""

    name: LocalText
    pack: str
    task: str
    variant: int | None = None


@dataclass(frozen=True, slots=True)
class Venture:
    """A venture as its file describes it.

    Attributes
    ----------
    name : mapping of str to str
        How its file calls it, by language.
    demo : bool
        True for demonstration data, which every face must say.
    subject : str
        The identifier of the venture itself, or empty.
    people : tuple of str
        Identifiers of its people.
    issuers : frozenset of str
        Issuers whose evidence counts; empty: any.
    evidence : Path
        Directory of its evidence.
    """

    name: LocalText
    demo: bool
    subject: str
    people: tuple[str, ...]
    designs: tuple[Design, ...]
    issuers: frozenset[str]
    evidence: Path


def load_venture(path: Path) -> Venture:
    """Read a venture's file.

    Raises
    ------
    InputFileError, UsageError
        As :func:`chiploom.ventures.table.opened`.
    """
    with tables.opened(path, SCHEMA) as table:
        subject = table.string("subject", "", check=is_subject_id)
        people = tables.subjects(table, "people")
        designs = []
        for entry in table.tables("designs"):
            variant = entry.integer("variant", 0, 1_000_000, 0)
            designs.append(
                Design(
                    tables.free_text(entry, "name"),
                    entry.string("pack"),
                    entry.string("task"),
                    variant or None,
                )
            )
            entry.finish()
        return Venture(
            name=tables.free_text(table, "name"),
            demo=table.truth("demo", False),
            subject=subject,
            people=people,
            designs=tuple(designs),
            issuers=tables.issuers(table),
            evidence=path.parent / table.string("evidence", "evidence"),
        )
