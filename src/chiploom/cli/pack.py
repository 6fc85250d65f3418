"""``chiploom pack``: the admission test of a pack, and the import of data sets of others."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from chiploom import settings
from chiploom.cli import face
from chiploom.errors import EXIT_BROKEN_TASK, EXIT_PROVED, UsageError
from chiploom.prove.verdict import Verdict
from chiploom.tasks.load import load_pack
from chiploom.tasks.model import Pack
from chiploom.tasks.texts import visible


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("pack", help="check a pack of tasks, or import one")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=type(parser))
    checking = actions.add_parser("check", help="the admission test: try to find the tasks wanting")
    checking.add_argument("directory", type=Path, metavar="DIR", help="folder with pack.toml")
    checking.add_argument("--task", action="append", metavar="ID", help="only this task (may be repeated)")
    checking.add_argument("--workers", type=int, default=0, metavar="N", help="worker processes (0: one per core)")
    checking.add_argument("--mutants", type=int, default=20, metavar="N", help="mutants per task (default 20)")
    checking.add_argument("--variants", type=int, default=3, metavar="N", help="variants sampled per task (default 3)")
    checking.add_argument("--json", action="store_true", help="write one JSON object instead of text")
    checking.set_defaults(run=_check)
    importing = actions.add_parser("import", help="import a data set of others as a pack")
    importing.add_argument("format", choices=["verilog-eval"], help="which data set")
    importing.add_argument("directory", type=Path, metavar="DIR", help="checkout of NVlabs/verilog-eval")
    importing.add_argument("--to", type=Path, required=True, metavar="DIR", help="folder to write; must not exist")
    importing.add_argument("--json", action="store_true", help="write one JSON object instead of text")
    importing.set_defaults(run=_import)


def progress_bar() -> Progress:
    """Return a progress bar on standard error; silent where that is no terminal.

    It draws from the calling thread only: no other thread runs while worker processes are forked.
    """
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        auto_refresh=False,
        disable=not sys.stderr.isatty(),
        # Lines printed meanwhile go above the bar, but stay in the file where standard output is one.
        redirect_stdout=sys.stdout.isatty(),
        transient=True,
    )


def _check(namespace: argparse.Namespace) -> int:
    # The prover is imported here: `pack import --help` need not wait for it.
    from chiploom.grading.grade import Grader
    from chiploom.grading.job import Job
    from chiploom.tasks import admission

    pack = load_pack(namespace.directory)
    chosen = _chosen(pack, namespace.task)
    if min(namespace.mutants, namespace.variants) < 0:
        raise UsageError("usage", "--mutants and --variants take numbers from 0")
    depth = admission.Depth(namespace.mutants, namespace.variants)
    enter = _enter_box()
    reports: list[admission.TaskReport] = []
    # Without the cache: whether an alternative is proved in time is part of the question.
    with Grader(workers=namespace.workers or None, use_cache=False) as grader, progress_bar() as bar:

        def grade(trials: Iterable[admission.Trial]) -> Iterator[tuple[int, Verdict]]:
            # All of it is the author's.
            return grader.grade(Job(trial.task, trial.sources, subject=pack.id) for trial in trials)

        shown = bar.add_task("", total=len(chosen))
        for task_id in chosen:
            bar.update(shown, description=task_id)
            bar.refresh()
            report = admission.check_task(pack, task_id, grade, depth, enter)
            reports.append(report)
            bar.advance(shown)
            bar.refresh()
            if not namespace.json:
                _print_report(report)
    unlisted = [] if namespace.task else _unlisted(pack)
    admitted = all(report.admitted for report in reports) and not unlisted and bool(reports)
    not_checked = list(admission.NOT_CHECKED_OF_IMPORTED) if pack.imported else []
    if namespace.json:
        face.print_json(
            {
                "pack": pack.id,
                "version": pack.version,
                "admitted": admitted,
                "imported": pack.imported,
                "not_checked": not_checked,
                "unlisted_folders": unlisted,
                "tasks": [report.as_json() for report in reports],
            }
        )
    else:
        _print_summary(pack, reports, unlisted, not_checked)
    return EXIT_PROVED if admitted else EXIT_BROKEN_TASK


def _enter_box() -> Callable[[frozenset[int]], None] | None:
    """Return how a child that elaborates the pack's own files enters the box; None where the operator opted out."""
    if settings.load().unsafe_no_box:
        return None
    from chiploom.grading import box

    box.require()
    return lambda keep: box.confine(box.enclose(), keep)


def _chosen(pack: Pack, wanted: list[str] | None) -> list[str]:
    if not wanted:
        return list(pack.task_ids)
    unknown = [task_id for task_id in wanted if task_id not in pack.task_ids]
    if unknown:
        raise UsageError("unknown-task", f"pack '{pack.id}' has no task {unknown[0]!r}; see its pack.toml")
    return list(dict.fromkeys(wanted))


def _unlisted(pack: Pack) -> list[str]:
    """Return folders with a task that pack.toml does not list: nobody would ever see them."""
    with os.scandir(pack.directory) as entries:
        return sorted(
            entry.name
            for entry in entries
            if entry.name not in pack.task_ids and Path(entry.path, "task.toml").is_file()
        )


def _print_report(report: Any) -> None:
    state = "admitted" if report.admitted else "REFUSED"
    facts = f"{report.trials} designs, of them {report.mutants} mutants"
    if report.equivalent:
        facts += f" ({report.equivalent} proved equal)"
    if report.variants:
        facts += f"; variants {', '.join(map(str, report.variants))}"
    print(f"{state:<9} {report.task_id:<28} {facts}; slowest {report.slowest_s:.2f} s", flush=True)
    for finding in report.findings:
        place = f"variant {finding.variant}: " if finding.variant is not None else ""
        weight = "" if finding.blocking else "note: "
        print(visible(f"          {weight}{place}{finding.subject}: {finding.problem}"), flush=True)


def _print_summary(pack: Pack, reports: list[Any], unlisted: list[str], not_checked: list[str]) -> None:
    refused = [report for report in reports if not report.admitted]
    print()
    for name in unlisted:
        print(visible(f"folder {name}/ holds a task that pack.toml does not list"))
    if not_checked:
        print(f"imported pack; not checked: {', '.join(not_checked)}")
    missing = [language for language in pack.languages if not pack.reviewed_by.get(language)]
    if missing and not pack.imported:
        print(f"not yet reviewed by a native speaker: {', '.join(missing)}")
    print(f"pack '{pack.id}' {pack.version}: tasks admitted: {len(reports) - len(refused)} of {len(reports)}")


def _import(namespace: argparse.Namespace) -> int:
    from chiploom.tasks.verilog_eval import find_problems, import_pack

    total = len(find_problems(namespace.directory))
    with progress_bar() as bar:
        shown = bar.add_task("importing", total=total)
        for _ in import_pack(namespace.directory, namespace.to, enter=_enter_box()):
            bar.advance(shown)
            bar.refresh()
    if namespace.json:
        face.print_json({"pack": str(namespace.to), "tasks": total})
    else:
        print(f"tasks in {visible(str(namespace.to))}: {total}; check them with: chiploom pack check {namespace.to}")
    return EXIT_PROVED
