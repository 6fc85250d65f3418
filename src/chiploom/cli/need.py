"""``chiploom need match``: who meets a partner's need, what is missing, and who does not count and why."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from chiploom.cli import face
from chiploom.credentials.collection import collect
from chiploom.partners.needs import Match, Need, load_need, match


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("need", help="match a partner's need with signed evidence")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=type(parser))
    matching = actions.add_parser("match", help="say who meets a need, what is missing, who does not count and why")
    matching.add_argument("file", type=Path, metavar="FILE", help="the need (TOML or JSON)")
    matching.add_argument("--evidence", type=Path, required=True, metavar="DIR", help="the evidence on offer")
    face.add_output_options(matching)
    matching.set_defaults(run=_match)


def _match(namespace: argparse.Namespace) -> int:
    need = load_need(namespace.file)
    result = match(need, collect(namespace.evidence))
    teller = face.Teller(face.language(namespace))
    if namespace.json:
        face.print_json(_as_json(need, result, teller))
    else:
        _tell(need, result, teller)
    return 0 if result.covered else 1


def _tell(need: Need, result: Match, teller: face.Teller) -> None:
    if need.demo:
        teller.say("story.demo")
    teller.say("story.need", title=need.title)
    if need.partner[teller.language]:
        teller.say("story.need-of", partner=need.partner)
    for each in result.coverage:
        teller.say(
            "story.coverage",
            skill=each.requirement.skill,
            level=str(each.requirement.level),
            offers=str(len(each.offers)),
            people=str(each.requirement.people),
        )
        for offer in each.offers:
            teller.say("story.offer", indent=2, subject=offer.subject, count=str(len(offer.evidence)))
        if each.gap:
            teller.say("story.gap", indent=2, count=str(each.gap))
    teller.say("story.excluded" if result.excluded else "story.nobody-excluded")
    for exclusion in result.excluded:
        subject = exclusion.subject or teller.word("story.unknown-subject")
        print(f"  {exclusion.file} ({subject}): {teller.word(exclusion.reason)}")
    if not need.issuers:
        teller.say("story.any-issuer")
    if result.covered:
        teller.say("story.covered")
    else:
        teller.say("story.not-covered", count=str(sum(each.gap for each in result.coverage)))


def _as_json(need: Need, result: Match, teller: face.Teller) -> dict[str, Any]:
    return {
        "schema": "chiploom/need-match/1",
        "need": need.title[teller.language],
        "partner": need.partner[teller.language],
        "demo": need.demo,
        "any_issuer": not need.issuers,
        "covered": result.covered,
        "coverage": [
            {
                "skill": each.requirement.skill,
                "level": each.requirement.level,
                "people": each.requirement.people,
                "gap": each.gap,
                "offers": [{"subject": offer.subject, "evidence": list(offer.evidence)} for offer in each.offers],
            }
            for each in result.coverage
        ],
        "excluded": [
            {
                "file": each.file,
                "subject": each.subject or None,
                "code": each.reason,
                "message": teller.word(each.reason),
            }
            for each in result.excluded
        ],
    }
