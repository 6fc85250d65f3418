"""``chiploom plan count``: people with evidence by skill and stage, beside published targets."""

from __future__ import annotations

import argparse
from itertools import zip_longest
from pathlib import Path
from typing import Any

from chiploom.cli import face
from chiploom.credentials import keys
from chiploom.credentials.collection import collect
from chiploom.plan import count as count_
from chiploom.tasks.load import TRACKS


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("plan", help="count people with evidence beside published targets")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=type(parser))
    count = actions.add_parser("count", help="count different people by skill and stage")
    count.add_argument("--evidence", type=Path, required=True, metavar="DIR", help="the evidence")
    count.add_argument("--targets", type=Path, metavar="FILE", help="other targets than those shipped")
    count.add_argument(
        "--key", type=Path, nargs="+", default=[], metavar="FILE", help="public keys: count only these issuers"
    )
    face.add_output_options(count)
    count.set_defaults(run=_count)


def _count(namespace: argparse.Namespace) -> int:
    trusted = frozenset(keys.read_public_key(path) for path in namespace.key)
    counted = count_.count(collect(namespace.evidence, trusted))
    targets = count_.load_targets(namespace.targets)
    teller = face.Teller(face.language(namespace))
    if namespace.json:
        face.print_json(_as_json(counted, targets, bool(trusted), teller))
        return 0
    teller.say("story.people-counted", count=str(counted.people))
    teller.say("story.by-skill")
    for skill, number in counted.by_skill.items():
        print(f"  {number:6}  {skill}")
    teller.say("story.by-stage")
    for track, number in counted.by_track.items():
        print(f"  {number:6}  {teller.word(f'story.stage-{track}') if track in TRACKS else track}")
    if counted.excluded:
        teller.say("story.left-out")
        for reason, number in counted.excluded.items():
            print(f"  {number:6}  {teller.word(reason)}")
    teller.say("story.targets")
    for target, following in zip_longest(targets, targets[1:]):
        teller.say("story.target", indent=2, people=str(target.people), year=str(target.by), title=target.title)
        if following is not None and following.source == target.source:
            continue
        if target.source is None:
            teller.say("story.target-assumption", indent=4)
        else:
            source = target.source
            teller.say(
                "story.target-source",
                indent=4,
                document=source.document,
                publisher=source.publisher,
                date=source.date,
                link=source.link,
            )
    if not trusted:
        teller.say("story.any-issuer")
    return 0


def _as_json(
    counted: count_.Count, targets: tuple[count_.Target, ...], issuers_restricted: bool, teller: face.Teller
) -> dict[str, Any]:
    return {
        "schema": "chiploom/plan-count/1",
        "people": counted.people,
        "by_skill": dict(counted.by_skill),
        "by_stage": dict(counted.by_track),
        "excluded": dict(counted.excluded),
        "any_issuer": not issuers_restricted,
        "targets": [
            {
                "id": target.id,
                "title": target.title[teller.language],
                "people": target.people,
                "by": target.by,
                "stages": list(target.tracks),
                "status": "assumption" if target.source is None else "sourced",
                "source": None
                if target.source is None
                else {
                    "publisher": target.source.publisher,
                    "document": target.source.document,
                    "date": target.source.date,
                    "link": target.source.link,
                },
            }
            for target in targets
        ],
    }
