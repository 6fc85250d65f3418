"""Gates: what a start-up must show before its next step, read from a data file and computed from signed evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from chiploom import files, messages
from chiploom.credentials.badge import skill_covers
from chiploom.credentials.collection import Held
from chiploom.tasks.model import LocalText
from chiploom.tasks.schema import Table
from chiploom.ventures import table as tables
from chiploom.ventures.venture import Design, Venture

SCHEMA = "chiploom/gates/1"
ConditionKind = Literal["people", "designs", "issuers", "conditions", "no-check"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a gate; the fields that its kind does not use keep their defaults."""

    kind: ConditionKind
    skill: str = ""
    people: int = 0
    issuers: int = 0
    proctored: bool = False
    what: LocalText = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate."""

    id: str
    title: LocalText
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Gates:
    """A file of gates; ``status`` says whether its thresholds are sourced or an assumption."""

    status: Literal["assumption", "sourced"]
    note: LocalText
    gates: tuple[Gate, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one condition found: whether it is met, and a message code with its arguments.

    An argument that is a mapping is a text by language.
    """

    met: bool
    code: str
    arguments: Mapping[str, str | LocalText]


@dataclass(frozen=True, slots=True)
class GateStatus:
    """A gate's state. It is open when its own conditions are met and every gate before it is open."""

    gate: Gate
    open: bool
    findings: tuple[Finding, ...]


def load_gates(path: Path | None = None) -> Gates:
    """Read a file of gates, by default the one shipped.

    Raises
    ------
    InputFileError, UsageError
        As :func:`chiploom.ventures.table.opened`.
    """
    with tables.opened(path or files.data_directory() / "gates.toml", SCHEMA) as table:
        status = table.choice("status", ("assumption", "sourced"))
        note = tables.free_text(table, "note")
        gates = tuple(_gate(entry) for entry in table.tables("gates"))
        if not gates:
            raise table.error("missing-key", "gates", "is empty; list at least one gate")
        return Gates("assumption" if status == "assumption" else "sourced", note, gates)


def status(venture: Venture, gates: Iterable[Gate], evidence: Iterable[Held]) -> tuple[GateStatus, ...]:
    """Compute every gate of a venture.

    Parameters
    ----------
    venture : Venture
        Who and what is counted; evidence of anybody else is not looked at.
    gates : iterable of Gate
        In order.
    evidence : iterable of Held
        Evidence whose signature holds.
    """
    own = [held for held in evidence if held.evidence.subject.id in {*venture.people, venture.subject}]
    proofs = [held for held in own if held.evidence.is_met]
    result: list[GateStatus] = []
    before_open = True
    for gate in gates:
        findings = tuple(_check(condition, venture, proofs) for condition in gate.conditions)
        if not before_open:
            previous = result[-1].gate.title
            findings += (Finding(False, "story.gate-before", {"gate": previous}),)
        before_open = all(finding.met for finding in findings)
        result.append(GateStatus(gate, before_open, findings))
    return tuple(result)


def blocking(statuses: Iterable[GateStatus]) -> tuple[Gate, Finding] | None:
    """Return the next gate and the first condition that keeps it closed, or None when every gate is open."""
    for each in statuses:
        if not each.open:
            return each.gate, next(finding for finding in each.findings if not finding.met)
    return None


def _check(condition: Condition, venture: Venture, proofs: list[Held]) -> Finding:
    if condition.kind == "people":
        people = {
            held.evidence.subject.id
            for held in proofs
            if held.evidence.subject.kind == "person"
            and held.evidence.subject.id in venture.people
            and any(skill_covers(condition.skill, skill) for skill in held.evidence.skills)
        }
        arguments = {"count": str(len(people)), "wanted": str(condition.people), "skill": condition.skill}
        return Finding(len(people) >= condition.people, "story.gate-people", arguments)
    if condition.kind == "no-check":
        return Finding(False, "story.gate-no-check", {"what": condition.what})
    if not venture.designs:
        return Finding(False, "story.gate-no-design", {})
    if condition.kind == "designs":
        return _every_design(venture, proofs, 1, "story.gate-designs")
    if condition.kind == "issuers":
        return _every_design(venture, proofs, condition.issuers, "story.gate-issuers")
    declared = [
        held
        for held in proofs
        if held.evidence.conditions.ai_use is not None
        and (not condition.proctored or held.evidence.conditions.proctored is True)
    ]
    return _every_design(venture, declared, 1, "story.gate-conditions")


def _every_design(venture: Venture, proofs: list[Held], issuers: int, code: str) -> Finding:
    missing = [
        design.name
        for design in venture.designs
        if len({held.evidence.issuer for held in proofs if _is_of(held, design)}) < issuers
    ]
    arguments: dict[str, str | LocalText] = {
        "count": str(len(venture.designs) - len(missing)),
        "total": str(len(venture.designs)),
        "missing": {language: ", ".join(name[language] for name in missing) for language in messages.LANGUAGES},
        "issuers": str(issuers),
    }
    return Finding(not missing, f"{code}-{'missing' if missing else 'met'}", arguments)


def _is_of(held: Held, design: Design) -> bool:
    task = held.evidence.task
    return (task["pack"], task["id"]) == (design.pack, design.task) and design.variant in (None, task["variant"])


def _gate(table: Table) -> Gate:
    gate = Gate(
        table.string("id"), tables.local_text(table, "title"), tuple(map(_condition, table.tables("conditions")))
    )
    if not gate.conditions:
        raise table.error("missing-key", "conditions", "is empty; a gate without conditions would always be open")
    table.finish()
    return gate


def _condition(table: Table) -> Condition:
    kind = table.choice("kind", ("people", "designs", "issuers", "conditions", "no-check"))
    condition: Condition
    if kind == "people":
        condition = Condition("people", skill=table.string("skill"), people=table.integer("people", 1, 1_000_000))
    elif kind == "issuers":
        condition = Condition("issuers", issuers=table.integer("issuers", 1, 1_000))
    elif kind == "conditions":
        condition = Condition("conditions", proctored=table.truth("proctored", False))
    elif kind == "no-check":
        condition = Condition("no-check", what=tables.local_text(table, "what"))
    else:
        condition = Condition("designs")
    table.finish()
    return condition
