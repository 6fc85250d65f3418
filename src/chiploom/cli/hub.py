"""``chiploom hub``: serve the hub on this machine, save it to a file and bring it back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chiploom import settings

if TYPE_CHECKING:
    from chiploom.hub.operation.archive import Progress


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "hub",
        help="serve the hub: pages for learners, lecturers and operators",
        description="Serve the hub, back it up, restore it. Where it listens, its database and its packs are settings.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=type(parser))
    serving = actions.add_parser("serve", help="serve until interrupted")
    serving.set_defaults(run=_serve)
    saving = actions.add_parser("backup", help="save database and traces to one file, also while the hub is running")
    saving.add_argument("file", type=Path, metavar="FILE", help="the file to be made")
    saving.add_argument(
        "--with-key", action="store_true", help="put the private signing key into it: whoever has the file can sign"
    )
    saving.set_defaults(run=_back_up)
    restoring = actions.add_parser("restore", help="fill an empty database from such a file")
    restoring.add_argument("file", type=Path, metavar="FILE", help="a file that backup made")
    restoring.set_defaults(run=_restore)
    migrating = actions.add_parser("migrate", help="bring the tables of the database up to date")
    migrating.set_defaults(run=_migrate)


def _serve(namespace: argparse.Namespace) -> int:
    # Web frameworks take half a second to import, so only here.
    from chiploom.hub import serve

    serve.serve(settings.load())
    return 0


def _back_up(namespace: argparse.Namespace) -> int:
    from chiploom.hub.operation import backup

    with _shown_progress() as progress:
        summary = backup.back_up(settings.load(), namespace.file, progress, with_key=namespace.with_key)
    print(f"saved {summary.rows} rows and {summary.traces} traces to {namespace.file}")
    if summary.missing_traces:
        print(f"missing: {summary.missing_traces} traces whose files were not there or damaged", file=sys.stderr)
    if summary.has_key:
        print("the file holds the private signing key: whoever has it can sign as this hub")
    else:
        print("the file does not hold the signing key; keep a copy of it elsewhere, or use --with-key")
    return 0


def _restore(namespace: argparse.Namespace) -> int:
    from chiploom.credentials import keys
    from chiploom.hub.operation import backup

    chosen = settings.load()
    with _shown_progress() as progress:
        summary = backup.restore(chosen, namespace.file, progress)
    print(f"restored {summary.rows} rows and {summary.traces} traces from {namespace.file}")
    if keys.issuer_key(chosen.home).did != summary.manifest.issuer:
        print(f"this hub signs with another key than the one in the backup ({summary.manifest.issuer}), which it lacks")
    return 0


def _migrate(namespace: argparse.Namespace) -> int:
    from chiploom.hub.database import migrate
    from chiploom.hub.database.database import Database
    from chiploom.hub.hub import database_url_of

    database = Database(database_url_of(settings.load()))
    try:
        migrate.upgrade(database)
        print(f"{database.shown} is up to date")
    finally:
        database.close()
    return 0


@contextmanager
def _shown_progress() -> Iterator[Progress]:
    """Show a bar for each step, on a terminal only."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        steps: dict[str, Any] = {}

        def progress(step: str, done: int, total: int) -> None:
            if step not in steps:
                steps[step] = bars.add_task(step, total=total)
            bars.update(steps[step], completed=done, total=total)

        yield progress
