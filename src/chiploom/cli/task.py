"""``chiploom task``: the tasks of a pack, and one task as a learner sees it."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chiploom import messages
from chiploom.cli import face
from chiploom.errors import UsageError
from chiploom.tasks import wavedrom
from chiploom.tasks.load import load_pack, load_task, load_tasks
from chiploom.tasks.model import LocalText, Pack, PortSpec, Task
from chiploom.tasks.texts import visible

_DIAGRAM_LINE = re.compile(r"^!\[([^\]]*)\]\(diagrams/([^)\s]+)\)[ \t]*$", re.MULTILINE)
_LANGUAGE_NAMES = {"en": "English", "vi": "tiếng Việt", "fr": "français"}


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("task", help="list the tasks of a pack, or show one")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=type(parser))
    listing = actions.add_parser("list", help="list the tasks in teaching order")
    listing.set_defaults(run=_list)
    showing = actions.add_parser("show", help="show a task: statement, interface, starter; hints on request")
    showing.add_argument("task", metavar="TASK", help="id of the task; see 'chiploom task list'")
    showing.add_argument("--variant", type=int, metavar="N", help="with the numbers of variant N")
    showing.add_argument("--hint", type=int, metavar="N", help="show hint N only")
    showing.set_defaults(run=_show)
    for action in (listing, showing):
        action.add_argument("--pack", type=Path, metavar="DIR", help="the pack (default: the built-in 'foundations')")
        face.add_output_options(action)


def _list(namespace: argparse.Namespace) -> int:
    pack = load_pack(namespace.pack)
    tasks = list(load_tasks(pack))
    language = face.language(namespace)
    if namespace.json:
        face.print_json({"pack": pack.id, "version": pack.version, "tasks": [_entry(task) for task in tasks]})
        return 0
    title = _in(pack.title, language)
    print(messages.text("tasks.list-heading", language, title=title, version=pack.version, count=str(len(tasks))))
    print()
    heads = [
        messages.text(f"tasks.column-{name}", language) for name in ("task", "level", "minutes", "variants", "title")
    ]
    rows = [
        [task.id, str(task.level), str(task.minutes), str(task.variant_count or ""), _in(task.title, language)]
        for task in tasks
    ]
    _print_table(heads, rows, right={1, 2, 3})
    return 0


def _show(namespace: argparse.Namespace) -> int:
    pack = load_pack(namespace.pack)
    task = load_task(pack, namespace.task, namespace.variant)
    language = face.language(namespace)
    if namespace.hint is not None and not 1 <= namespace.hint <= len(task.hints):
        has = f"hints 1 to {len(task.hints)}" if task.hints else "no hints"
        raise UsageError("unknown-hint", f"task '{task.id}' has {has}; {namespace.hint} was asked for")
    if namespace.json:
        face.print_json(_as_json(pack, task, language, namespace.hint))
    elif namespace.hint is not None:
        _print_hint(task, namespace.hint, language)
    else:
        _print_task(pack, task, language, namespace)
    return 0


def _print_task(pack: Pack, task: Task, language: str, namespace: argparse.Namespace) -> None:
    def say(code: str, **arguments: str) -> None:
        print(visible(messages.text(f"tasks.{code}", language, **arguments)))

    shown = language if language in pack.languages else pack.languages[0]
    _heading(_in(task.title, language))
    kind = messages.text(f"tasks.kind-{task.kind}", language)
    say("facts", kind=kind, level=str(task.level), minutes=str(task.minutes))
    if task.variant is not None:
        parameters = ", ".join(f"{name} = {value}" for name, value in task.parameters.items())
        say("variant", number=str(task.variant), count=str(task.variant_count), parameters=parameters)
    elif task.variant_count:
        say("has-variants", count=str(task.variant_count))
    if shown != language:
        say("other-language", shown=_LANGUAGE_NAMES[shown])
    elif not pack.reviewed_by.get(language) and not pack.imported:
        say("not-reviewed")
    print()
    _print_markdown(_with_diagrams(task, task.statement[shown], shown if shown in messages.LANGUAGES else language))
    print()
    _heading(messages.text("tasks.interface", language, top=task.top))
    _print_ports(task.ports, language)
    if task.clock:
        say(f"power-up-{task.power_up}")
    for source in task.starter:
        print()
        _heading(messages.text("tasks.starter", language, file=source.name))
        print(visible(source.text).rstrip())
    print()
    if task.hints:
        say("hints", count=str(len(task.hints)))
    if pack.origin:
        say("origin", origin=pack.origin)
    options = f" --pack {namespace.pack}" if namespace.pack else ""
    options += f" --variant {task.variant}" if task.variant is not None else ""
    say("hand-in", task=task.id, options=options)


def _print_hint(task: Task, number: int, language: str) -> None:
    _heading(messages.text("tasks.hint", language, number=str(number), count=str(len(task.hints))))
    _print_markdown(_in(task.hints[number - 1], language))


def _print_ports(ports: Sequence[PortSpec], language: str) -> None:
    heads = [messages.text(f"tasks.column-{name}", language) for name in ("port", "direction", "width", "note")]
    rows = []
    for port in ports:
        direction = messages.text(f"tasks.direction-{port.direction}", language)
        remarks = [messages.text("tasks.signed", language)] if port.signed else []
        remarks += [_in(port.note, language)] if port.note else []
        rows.append([port.name, direction, str(port.width), "; ".join(remarks)])
    if not any(row[3] for row in rows):
        heads, rows = heads[:3], [row[:3] for row in rows]
    _print_table(heads, rows, right={2})


def _print_table(heads: list[str], rows: list[list[str]], right: set[int]) -> None:
    cells = [[visible(cell) for cell in row] for row in [heads, *rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    for row in cells:
        padded = [
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(padded).rstrip())


def _heading(text: str) -> None:
    text = visible(text)
    print(f"\x1b[1m{text}\x1b[0m" if sys.stdout.isatty() else text)


def _print_markdown(text: str) -> None:
    """Print Markdown as it is written, laid out where a terminal shows it."""
    text = visible(text).strip()
    if not sys.stdout.isatty():
        print(text)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console(width=min(shutil.get_terminal_size().columns, 100)).print(Markdown(text, hyperlinks=False))


def _with_diagrams(task: Task, statement: str, language: str) -> str:
    """Draw the diagrams in the places where the statement shows them."""
    width = min(shutil.get_terminal_size().columns, 100) if sys.stdout.isatty() else 1000

    def drawn(match: re.Match[str]) -> str:
        caption = messages.text("tasks.caption", language, caption=match[1])
        return f"{caption}\n\n```text\n{wavedrom.draw(task.diagrams[match[2]], width - 4)}```"

    return _DIAGRAM_LINE.sub(drawn, statement)


def _entry(task: Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "kind": task.kind,
        "track": task.track,
        "level": task.level,
        "minutes": task.minutes,
        "variants": task.variant_count,
        "skills": list(task.skills),
        "title": dict(task.title),
    }


def _as_json(pack: Pack, task: Task, language: str, hint: int | None) -> dict[str, Any]:
    """Return what a learner may see: never the reference, nor hints that were not asked for."""
    return {
        **_entry(task),
        "pack": pack.id,
        "version": pack.version,
        "variant": task.variant,
        "parameters": dict(task.parameters),
        "statement": _in(task.statement, language),
        "top": task.top,
        "clock": task.clock,
        "power_up": task.power_up,
        "ports": [
            {
                "name": port.name,
                "direction": port.direction,
                "width": port.width,
                "signed": port.signed,
                "note": _in(port.note, language),
            }
            for port in task.ports
        ],
        "starter": [{"name": source.name, "text": source.text} for source in task.starter],
        "diagrams": dict(task.diagrams),
        "hints": len(task.hints),
        "hint": None if hint is None else _in(task.hints[hint - 1], language),
        "reviewed_by": list(pack.reviewed_by.get(language, ())),
    }


def _in(text: LocalText, language: str) -> str:
    """Return ``text`` in ``language``, or in the first language there is."""
    return text.get(language) or next(iter(text.values()), "")
