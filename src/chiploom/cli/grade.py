"""``chiploom grade``: hand in files for a task of a pack."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from chiploom import messages, settings
from chiploom.cli import prove, signing
from chiploom.hdl.sources import load_sources
from chiploom.prove.verdict import Verdict
from chiploom.tasks.model import Task


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "grade",
        help="grade files for a task of a pack; sign evidence on request",
        description="Grade files for a task. Exit status: 0 proved or measured and met, 1 refuted or measured and not "
        "met, 2 rejected, 3 bounded or undecided, 64 wrong usage, 65 the task itself is broken, 70 own fault.",
    )
    parser.add_argument("task", metavar="TASK", help="id of the task; see 'chiploom task list'")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="what is handed in")
    parser.add_argument("--pack", type=Path, metavar="DIR", help="the task's pack (default: the built-in one)")
    parser.add_argument("--variant", type=int, metavar="N", help="number of the variant (default: the base task)")
    prove.add_output_options(parser)
    signing.add_signing_options(parser)
    parser.set_defaults(run=_run)


def _run(namespace: argparse.Namespace) -> int:
    from chiploom.grading import grade
    from chiploom.grading.job import Job
    from chiploom.tasks.load import load_pack, load_task

    language = namespace.lang or settings.load().lang
    signing.check_signing_options(namespace)
    task = load_task(load_pack(namespace.pack), namespace.task, namespace.variant)
    job = Job(task, load_sources(namespace.files))
    with grade.Grader(workers=1, use_cache=not namespace.no_cache) as grader:
        verdict = grader.one(job)
        notes = _write_evidence(namespace, verdict, task, job.sources, language)
        if not namespace.json:
            from chiploom.cli.verdict_text import safe

            title = task.title.get(language) or task.title.get("en", "")
            print(messages.text("grading.task-heading", language, task=safe(task.id), title=safe(title)))
        tell_properties = task.kind == "properties"
        prove.tell(verdict, namespace, job.sources[0].name, against_properties=tell_properties)
        for note in notes:
            print(note, file=sys.stderr)
    return verdict.exit_status


def _write_evidence(
    namespace: argparse.Namespace, verdict: Verdict, task: Task, sources: tuple[Any, ...], language: str
) -> list[str]:
    """Sign and write the evidence asked for; return what is to be said about it."""
    if namespace.evidence is None:
        return []
    from chiploom.cli.verdict_text import safe
    from chiploom.grading import evidence

    arguments = signing.signing_arguments(namespace, settings.load().home)
    record, opening = evidence.sign(verdict, task, sources, **arguments)
    beside = evidence.write(namespace.evidence, record, opening)
    notes = [
        messages.text(
            "grading.evidence-written", language, file=safe(str(namespace.evidence)), subject=record.subject.id
        )
    ]
    if beside is not None:
        notes.append(messages.text("grading.opening-written", language, file=safe(str(beside))))
    return notes
