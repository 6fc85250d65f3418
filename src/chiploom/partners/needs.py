"""Needs and offers: a partner asks for skills, people offer evidence, and the match says who counts and who does not.

Nobody is ranked. A person offers a skill when at least one piece of their evidence shows it under the need's
conditions; every piece that does not count is listed with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from chiploom.credentials.badge import skill_covers
from chiploom.credentials.collection import Collection, Held
from chiploom.grading.evidence import Evidence
from chiploom.grading.evidence_schema import AI_USES, SUBJECT_KINDS
from chiploom.tasks.model import LocalText
from chiploom.tasks.schema import Table
from chiploom.ventures import table as tables

SCHEMA = "chiploom/need/1"


@dataclass(frozen=True, slots=True)
class Requirement:
    """A skill, how many different people must show it, and at what level of task at least."""

    skill: str
    people: int
    level: int = 1


@dataclass(frozen=True, slots=True)
class Need:
    """What a partner looks for.

    Attributes
    ----------
    demo : bool
        True for demonstration data, which every face must say.
    ai_use : tuple of str
        Declared uses of AI that count; empty: all, also undeclared.
    proctored : bool
        Whether only proctored evidence counts.
    kinds : tuple of str
        Kinds of subject that count.
    issuers : frozenset of str
        Issuers whose evidence counts; empty: any.
    """

    title: LocalText
    partner: LocalText
    demo: bool
    required: tuple[Requirement, ...]
    ai_use: tuple[str, ...] = ()
    proctored: bool = False
    kinds: tuple[str, ...] = ("person",)
    issuers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Offer:
    """A subject that shows a required skill, and the evidence (identifiers) that says so."""

    subject: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far one requirement is met."""

    requirement: Requirement
    offers: tuple[Offer, ...]

    @property
    def gap(self) -> int:
        """How many people are still missing."""
        return max(0, self.requirement.people - len(self.offers))


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A file that does not count: of whom (empty where unknown) and why, as a message code of ``story``."""

    file: str
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class Match:
    """The outcome of matching a need with evidence."""

    coverage: tuple[Coverage, ...]
    excluded: tuple[Exclusion, ...]

    @property
    def covered(self) -> bool:
        """Whether no requirement has a gap."""
        return all(each.gap == 0 for each in self.coverage)


def load_need(path: Path) -> Need:
    """Read a need's file.

    Raises
    ------
    InputFileError, UsageError
        As :func:`chiploom.ventures.table.opened`.
    """
    with tables.opened(path, SCHEMA) as table:
        required = []
        for entry in table.tables("required"):
            required.append(
                Requirement(
                    entry.string("skill"), entry.integer("people", 1, 1_000_000), entry.integer("level", 1, 100, 1)
                )
            )
            entry.finish()
        if not required:
            raise table.error("missing-key", "required", "is empty; a need that asks for nothing is always met")
        conditions = table.table("conditions", required=False)
        need = Need(
            title=tables.free_text(table, "title"),
            partner=tables.free_text(table, "partner", ""),
            demo=table.truth("demo", False),
            required=tuple(required),
            ai_use=_choices(conditions, "ai_use", AI_USES, ()),
            proctored=conditions.truth("proctored", False),
            kinds=_choices(conditions, "kinds", SUBJECT_KINDS, ("person",)),
            issuers=tables.issuers(conditions),
        )
        conditions.finish()
        return need


def match(need: Need, collection: Collection) -> Match:
    """Match a need with the evidence of a directory."""
    excluded = {
        refused.file: Exclusion(refused.file, refused.evidence.subject.id if refused.evidence else "", refused.reason)
        for refused in collection.refused
    }
    counted: list[Held] = []
    for held in collection.accepted:
        reason = _reason_against(held.evidence, need)
        if reason:
            excluded[held.file] = Exclusion(held.file, held.evidence.subject.id, reason)
        else:
            counted.append(held)
    coverage = tuple(Coverage(requirement, _offers(requirement, counted)) for requirement in need.required)
    return Match(coverage, tuple(excluded[file] for file in sorted(excluded)))


def _reason_against(evidence: Evidence, need: Need) -> str:
    right_skill = [each for each in need.required if _shows(evidence, each.skill)]
    reasons = {
        "story.not-this-issuer": bool(need.issuers) and evidence.issuer not in need.issuers,
        "story.not-this-kind": evidence.subject.kind not in need.kinds,
        "story.not-this-skill": not right_skill,
        f"story.is-{evidence.outcome}": not evidence.is_met,
        "story.too-easy": bool(right_skill) and all(evidence.task["level"] < each.level for each in right_skill),
        "story.ai-undeclared": bool(need.ai_use) and evidence.conditions.ai_use is None,
        "story.ai-not-accepted": bool(need.ai_use) and evidence.conditions.ai_use not in need.ai_use,
        "story.not-proctored": need.proctored and evidence.conditions.proctored is not True,
    }
    return next((reason for reason, applies in reasons.items() if applies), "")


def _offers(requirement: Requirement, counted: Iterable[Held]) -> tuple[Offer, ...]:
    by_subject: dict[str, list[str]] = {}
    for held in counted:
        if _shows(held.evidence, requirement.skill) and held.evidence.task["level"] >= requirement.level:
            by_subject.setdefault(held.evidence.subject.id, []).append(held.evidence.id)
    return tuple(Offer(subject, tuple(sorted(by_subject[subject]))) for subject in sorted(by_subject))


def _shows(evidence: Evidence, skill: str) -> bool:
    return any(skill_covers(skill, shown) for shown in evidence.skills)


def _choices(table: Table, key: str, choices: tuple[str, ...], default: tuple[str, ...]) -> tuple[str, ...]:
    values = table.strings(key, default)
    for index, value in enumerate(values):
        if value not in choices:
            raise table.error("bad-value", f"{key}[{index}]", f"is {value!a}; use one of {', '.join(choices)}")
    return values
