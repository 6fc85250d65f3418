"""``chiploom hub``: serve the hub on this machine."""

from __future__ import annotations

import argparse
from typing import Any

from chiploom import settings


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "hub",
        help="serve the hub: pages for learners, lecturers and operators",
        description="Serve the hub until interrupted. Where it listens, its database and its packs are settings.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=type(parser))
    serving = actions.add_parser("serve", help="serve until interrupted")
    serving.set_defaults(run=_serve)


def _serve(namespace: argparse.Namespace) -> int:
    # Web frameworks take half a second to import, so only here.
    from chiploom.hub import serve

    serve.serve(settings.load())
    return 0
