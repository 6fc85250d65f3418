"""Counting people with evidence, by skill and by stage, beside published targets.

A person counts once for a skill however much evidence they hold. A target is a published number of people to be
trained; it is shown beside the count and never added to it, and no share is drawn: evidence for a skill is not a
degree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chiploom import files
from chiploom.credentials.collection import Collection
from chiploom.tasks.model import LocalText
from chiploom.tasks.schema import Table
from chiploom.ventures import table as tables

SCHEMA = "chiploom/targets/1"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure was published."""

    publisher: str
    document: str
    date: str
    link: str


@dataclass(frozen=True, slots=True)
class Target:
    """A number of people by a year; ``source`` None makes it an assumption."""

    id: str
    title: LocalText
    people: int
    by: int
    tracks: tuple[str, ...]
    source: Source | None


@dataclass(frozen=True, slots=True)
class Count:
    """Who was counted.

    Attributes
    ----------
    people : int
        Different people with at least one proof.
    by_skill, by_track : mapping of str to int
        Different people by skill (a skill counts for every skill above it too) and by stage.
    excluded : mapping of str to int
        Files that count nobody, by reason (a message code of ``story``).
    """

    people: int
    by_skill: Mapping[str, int]
    by_track: Mapping[str, int]
    excluded: Mapping[str, int]


def count(collection: Collection) -> Count:
    """Count the people of a directory of evidence."""
    excluded: Counter[str] = Counter(refused.reason for refused in collection.refused)
    by_skill: dict[str, set[str]] = {}
    by_track: dict[str, set[str]] = {}
    everybody: set[str] = set()
    for held in collection.accepted:
        evidence = held.evidence
        if evidence.subject.kind != "person":
            excluded[f"story.is-{evidence.subject.kind}"] += 1
            continue
        if not evidence.is_met:
            excluded[f"story.is-{evidence.outcome}"] += 1
            continue
        everybody.add(evidence.subject.id)
        by_track.setdefault(evidence.task["track"], set()).add(evidence.subject.id)
        for skill in evidence.skills:
            words = skill.split(".")
            for length in range(1, len(words) + 1):
                by_skill.setdefault(".".join(words[:length]), set()).add(evidence.subject.id)
    return Count(
        people=len(everybody),
        by_skill={skill: len(by_skill[skill]) for skill in sorted(by_skill)},
        by_track={track: len(by_track[track]) for track in sorted(by_track)},
        excluded={reason: excluded[reason] for reason in sorted(excluded)},
    )


def load_targets(path: Path | None = None) -> tuple[Target, ...]:
    """Read a file of targets, by default the one shipped.

    Raises
    ------
    InputFileError, UsageError
        As :func:`chiploom.ventures.table.opened`.
    """
    with tables.opened(path or files.data_directory() / "targets.toml", SCHEMA) as table:
        return tuple(map(_target, table.tables("targets")))


def _target(table: Table) -> Target:
    target = Target(
        id=table.string("id"),
        title=tables.local_text(table, "title"),
        people=table.integer("people", 1, 10**9),
        by=table.integer("by", 1900, 2200),
        tracks=table.strings("tracks"),
        source=_source(table.table("source", required=False)),
    )
    table.finish()
    return target


def _source(table: Table) -> Source | None:
    # A figure whose publisher is known but whose link is not stays an assumption: nobody could look it up.
    if not table:
        return None
    source = Source(table.string("publisher"), table.string("document"), table.string("date"), table.string("link"))
    if not source.link.startswith("https://"):
        raise table.error("bad-value", "link", f"is {source.link!a}; give an https address or leave the source out")
    table.finish()
    return source
