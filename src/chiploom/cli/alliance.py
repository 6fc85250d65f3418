"""``chiploom alliance check``: is this repository or task pack fit to be shared for others to build on?"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, get_args

from chiploom.cli import face
from chiploom.partners import alliance


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("alliance", help="check that a repository or pack is fit to be shared openly")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=type(parser))
    check = actions.add_parser("check", help="apply every rule and link its public source")
    check.add_argument("directory", type=Path, metavar="DIR", help="the repository or pack")
    check.add_argument("--rules", type=Path, metavar="FILE", help="other rules than those shipped")
    face.add_output_options(check)
    check.set_defaults(run=_check)


def _check(namespace: argparse.Namespace) -> int:
    results = alliance.check(namespace.directory, alliance.load_rules(namespace.rules))
    passed = all(result.state == "pass" for result in results)
    teller = face.Teller(face.language(namespace))
    if namespace.json:
        face.print_json(
            {
                "schema": "chiploom/alliance-check/1",
                "passed": passed,
                "rules": [
                    {
                        "id": result.rule.id,
                        "state": result.state,
                        "code": result.code,
                        "message": teller.word(result.code, **result.arguments),
                        "source": {"title": result.rule.source_title, "link": result.rule.source_link},
                    }
                    for result in results
                ],
            }
        )
    else:
        words = {state: teller.word(f"story.state-{state}") for state in get_args(alliance.State)}
        width = max(map(len, words.values()))
        for result in results:
            print(f"{words[result.state]:{width}}  {result.rule.title[teller.language]}")
            teller.say(result.code, indent=width + 2, **result.arguments)
            teller.say("story.source", indent=width + 2, title=result.rule.source_title, link=result.rule.source_link)
        teller.say("story.alliance-note")
    return 0 if passed else 1
