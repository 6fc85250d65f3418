"""``chiploom venture status``: which gates of a start-up are open, and what blocks the next."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from chiploom.cli import face
from chiploom.credentials.collection import collect
from chiploom.ventures import gates as gates_
from chiploom.ventures.venture import load_venture


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("venture", help="a start-up's gates, computed from signed evidence")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=type(parser))
    status = actions.add_parser("status", help="say which gates are open and what blocks the next")
    status.add_argument("file", type=Path, metavar="FILE", help="the venture (TOML or JSON)")
    status.add_argument("--evidence", type=Path, metavar="DIR", help="its evidence (default: as the file says)")
    status.add_argument("--gates", type=Path, metavar="FILE", help="other gates than those shipped")
    face.add_output_options(status)
    status.set_defaults(run=_status)


def _status(namespace: argparse.Namespace) -> int:
    venture = load_venture(namespace.file)
    gates = gates_.load_gates(namespace.gates)
    collection = collect(namespace.evidence or venture.evidence, venture.issuers)
    statuses = gates_.status(venture, gates.gates, collection.accepted)
    blocking = gates_.blocking(statuses)
    set_aside = Counter(refused.reason for refused in collection.refused)
    teller = face.Teller(face.language(namespace))
    blocked_by = (
        None
        if blocking is None
        else teller.word(
            "story.blocks", gate=blocking[0].title, reason=teller.word(blocking[1].code, **blocking[1].arguments)
        )
    )
    if namespace.json:
        face.print_json(
            {
                "schema": "chiploom/venture-status/1",
                "venture": venture.name[teller.language],
                "demo": venture.demo,
                "any_issuer": not venture.issuers,
                "gates": [
                    {
                        "id": each.gate.id,
                        "open": each.open,
                        "reasons": [
                            {
                                "code": finding.code,
                                "met": finding.met,
                                "message": teller.word(finding.code, **finding.arguments),
                            }
                            for finding in each.findings
                        ],
                    }
                    for each in statuses
                ],
                "thresholds": gates.status,
                "blocks": blocked_by,
                "set_aside": dict(sorted(set_aside.items())),
            }
        )
        return 0
    if venture.demo:
        teller.say("story.demo")
    teller.say("story.venture", name=venture.name)
    for each in statuses:
        teller.say("story.gate-open" if each.open else "story.gate-closed", gate=each.gate.title)
        for finding in each.findings:
            print(f"        {'+' if finding.met else '-'} {teller.word(finding.code, **finding.arguments)}")
    for reason, number in sorted(set_aside.items()):
        teller.say("story.set-aside", count=str(number), reason=teller.word(reason))
    if gates.status == "assumption":
        teller.say("story.assumption", note=gates.note)
    if not venture.issuers:
        teller.say("story.any-issuer")
    print(blocked_by or teller.word("story.nothing-blocks"))
    return 0
