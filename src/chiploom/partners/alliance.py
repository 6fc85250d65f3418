"""Alliance readiness: is this repository or task pack fit to be shared for others to build on?

Every rule is one question that files alone can answer, read from a data file that links its public source. What is
not there is *missing*; what is there but does not do is *fail*. Nothing in the directory is executed, no link out of
it is followed, and passing is neither membership nor legal advice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args

from chiploom import files
from chiploom.credentials.collection import collect, shown
from chiploom.errors import ChiploomError
from chiploom.partners import licence
from chiploom.tasks.model import LocalText
from chiploom.tasks.schema import Table
from chiploom.ventures import table as tables

SCHEMA = "chiploom/alliance/1"
_MAX_BYTES = 2_000_000

CheckKind = Literal["file", "licence", "card", "evidence"]
State = Literal["pass", "fail", "missing"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; the fields that its check does not use keep their defaults."""

    id: str
    check: CheckKind
    title: LocalText
    source_title: str
    source_link: str
    names: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    headings: tuple[tuple[str, ...], ...] = ()
    directories: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What a rule found: its state, and a message code of ``story`` with arguments."""

    rule: Rule
    state: State
    code: str
    arguments: Mapping[str, str]


def load_rules(path: Path | None = None) -> tuple[Rule, ...]:
    """Read a file of rules, by default the one shipped.

    Raises
    ------
    InputFileError, UsageError
        As :func:`chiploom.ventures.table.opened`.
    """
    with tables.opened(path or files.data_directory() / "alliance.toml", SCHEMA) as table:
        table.string("note")
        return tuple(map(_rule, table.tables("rules")))


def check(directory: Path, rules: tuple[Rule, ...]) -> tuple[RuleResult, ...]:
    """Apply every rule to a directory.

    Raises
    ------
    InputFileError
        As :func:`chiploom.files.check_directory`.
    """
    files.check_directory(directory, "give the repository's directory")
    checks: Mapping[str, Callable[[Path, Rule], RuleResult]] = {
        "file": _check_file,
        "licence": _check_licence,
        "card": _check_card,
        "evidence": _check_evidence,
    }
    return tuple(checks[rule.check](directory, rule) for rule in rules)


def read_inside(directory: Path, name: str) -> str | None:
    """Return the text of a file below ``directory``, or None if it is absent, empty, outside, too large or no text."""
    path = directory / name
    try:
        if not path.resolve().is_relative_to(directory.resolve()):
            return None
        return files.read_bytes(path, max_bytes=_MAX_BYTES).decode("utf-8").strip() or None
    except (ChiploomError, OSError, ValueError):
        return None


def _check_file(directory: Path, rule: Rule) -> RuleResult:
    found = [(name, text) for name in rule.names if (text := read_inside(directory, name))]
    if not found:
        return RuleResult(rule, "missing", "story.alliance-no-file", {"names": ", ".join(rule.names[:3])})
    for name, text in found:
        folded = " ".join(text.casefold().split())
        if not rule.phrases or any(phrase.casefold() in folded for phrase in rule.phrases):
            return RuleResult(rule, "pass", "story.alliance-file", {"file": name})
    return RuleResult(rule, "fail", "story.alliance-no-phrase", {"file": found[0][0], "phrase": rule.phrases[0]})


def _check_licence(directory: Path, rule: Rule) -> RuleResult:
    declared = licence.declared(lambda name: read_inside(directory, name))
    if not declared:
        return RuleResult(rule, "missing", "story.alliance-no-licence", {})
    for file, expression in declared.items():
        unknown = licence.not_open(expression, rule.open)
        if unknown is not None:
            return RuleResult(
                rule, "fail", "story.alliance-not-open", {"file": file, "identifier": shown(unknown)[:60] or "-"}
            )
    file, expression = next(iter(declared.items()))
    if len({text.casefold() for text in declared.values()}) > 1:
        listed = ", ".join(f"{name}: {shown(text)[:60]}" for name, text in declared.items())
        return RuleResult(rule, "fail", "story.alliance-two-licences", {"listed": listed})
    text = next((text for name in licence.TEXT_FILES if (text := read_inside(directory, name))), "")
    wanted = {name.casefold(): phrase for name, phrase in rule.texts.items()}
    identifiers = licence.identifiers(expression)
    phrases = [wanted[identifier.casefold()] for identifier in identifiers if identifier.casefold() in wanted]
    folded = " ".join(text.casefold().split())
    if text and phrases and not any(phrase.casefold() in folded for phrase in phrases):
        return RuleResult(rule, "fail", "story.alliance-other-text", {"identifier": expression, "phrase": phrases[0]})
    return RuleResult(rule, "pass", "story.alliance-licence", {"file": file, "identifier": expression})


def _check_card(directory: Path, rule: Rule) -> RuleResult:
    best: tuple[str, list[str]] | None = None
    for name in rule.names:
        text = read_inside(directory, name)
        if text is None:
            continue
        headings = [line.lstrip("#").casefold() for line in text.splitlines() if re.match(r"#{1,6}\s", line)]
        absent = [
            group[0]
            for group in rule.headings
            if not any(re.search(rf"\b{re.escape(word)}", heading) for heading in headings for word in group)
        ]
        if not absent:
            return RuleResult(rule, "pass", "story.alliance-file", {"file": name})
        # A README is no card unless it has all the headings; a file called a card that lacks some is a poor card.
        if not name.casefold().endswith("readme.md") and (best is None or len(absent) < len(best[1])):
            best = name, absent
    if best is None:
        return RuleResult(rule, "missing", "story.alliance-no-file", {"names": ", ".join(rule.names[:3])})
    return RuleResult(rule, "fail", "story.alliance-no-heading", {"file": best[0], "headings": ", ".join(best[1])})


def _check_evidence(directory: Path, rule: Rule) -> RuleResult:
    seen = rerunnable = 0
    refused: list[str] = []
    for name in rule.directories:
        below = directory / name
        if not below.is_dir() or not below.resolve().is_relative_to(directory.resolve()):
            continue
        collection = collect(below)
        seen += len(collection.accepted)
        rerunnable += sum(held.evidence.is_rerunnable for held in collection.accepted)
        # JSON files that never were evidence may lie there too; evidence that was altered may not.
        refused += [f"{name}/{each.file}" for each in collection.refused if each.code == "evidence-altered"]
    if refused:
        return RuleResult(rule, "fail", "story.alliance-altered", {"file": refused[0], "count": str(len(refused))})
    if not seen:
        return RuleResult(rule, "missing", "story.alliance-no-evidence", {"names": ", ".join(rule.directories[:2])})
    if not rerunnable:
        return RuleResult(rule, "fail", "story.alliance-not-rerunnable", {"count": str(seen)})
    return RuleResult(rule, "pass", "story.alliance-evidence", {"count": str(rerunnable)})


def _rule(table: Table) -> Rule:
    source = table.table("source")
    source_title, source_link = source.string("title"), source.string("link")
    if not source_link.startswith("https://"):
        raise source.error("bad-value", "link", f"is {source_link!a}; every rule links its public source")
    source.finish()
    headings: list[tuple[str, ...]] = []
    for index, group in enumerate(table.raw("headings", [])):
        if not isinstance(group, list) or not group or not all(isinstance(word, str) for word in group):
            raise table.error("wrong-type", f"headings[{index}]", "is not a list of words")
        headings.append(tuple(word.casefold() for word in group))
    rule = Rule(
        id=table.string("id"),
        check=cast(CheckKind, table.choice("check", get_args(CheckKind))),
        title=tables.local_text(table, "title"),
        source_title=source_title,
        source_link=source_link,
        names=table.strings("names", ()),
        phrases=table.strings("phrases", ()),
        headings=tuple(headings),
        directories=table.strings("directories", ()),
        open=table.strings("open", ()),
        texts={name: str(phrase) for name, phrase in table.table("texts", required=False).items()},
    )
    table.finish()
    return rule
