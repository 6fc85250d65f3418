"""``chiploom bench run``: grade an AI model's samples against a pack, and report."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from chiploom.cli import face
from chiploom.cli.pack import progress_bar
from chiploom.errors import EXIT_PROVED
from chiploom.grading import bench, report
from chiploom.grading.grade import Grader
from chiploom.grading.samples import read_samples
from chiploom.prove import engine
from chiploom.tasks.load import load_pack


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("bench", help="put AI models to the test")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=type(parser))
    running = actions.add_parser(
        "run", help="grade samples and report pass@k; run again after an interruption to go on"
    )
    running.add_argument("pack", type=Path, metavar="PACK", help="folder of the pack")
    running.add_argument(
        "--samples", type=Path, required=True, metavar="FILE", help='JSON lines: {"task_id": ..., "completion": ...}'
    )
    running.add_argument("--report", type=Path, required=True, metavar="DIR", help="folder for the results")
    running.add_argument("--workers", type=int, default=0, metavar="N", help="worker processes (0: one per core)")
    running.add_argument("--scheduler", metavar="URL", help="Dask scheduler (default: CHIPLOOM_SCHEDULER, or none)")
    running.add_argument("--json", action="store_true", help="write one JSON object instead of text")
    running.set_defaults(run=_run)


def _run(namespace: argparse.Namespace) -> int:
    pack = load_pack(namespace.pack)
    samples, bad_lines = read_samples(namespace.samples, frozenset(pack.task_ids))
    if not namespace.json:
        for bad in bad_lines.first:
            print(f"chiploom: {namespace.samples}: line {bad.line}: {bad.problem}", file=sys.stderr)
        if bad_lines.count > len(bad_lines.first):
            print(f"chiploom: ... and {bad_lines.count - len(bad_lines.first):,} more such lines", file=sys.stderr)
    with bench.Bench(pack, namespace.samples, samples, bad_lines, namespace.report, engine.tool_versions()) as run:
        counts: Counter[str] = Counter()
        with Grader(workers=namespace.workers or None, scheduler=namespace.scheduler) as grader, progress_bar() as bar:
            shown = bar.add_task("grading", total=run.total)
            for _, outcome in run.run(grader.grade):
                counts[outcome] += 1
                said = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
                bar.update(shown, advance=1, description=said)
                bar.refresh()
        found = run.result()
        results, page = run.write(found, report.html(found))
    if namespace.json:
        face.print_json({**found.as_json(), "report": str(page)})
    else:
        _tell(found, results, page)
    return EXIT_PROVED


def _tell(run: bench.Run, results: Path, page: Path) -> None:
    counts = Counter(one.verdict for one in run.graded)
    attempted = f"{len({one.task_id for one in run.graded})} of {len(run.tasks)}"
    print(f"{run.pack.id} {run.pack.version}: samples: {len(run.graded)}, tasks with samples: {attempted}")
    if run.resumed:
        print(f"{run.resumed} verdicts were there from an earlier run")
    print(", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "no verdicts")
    for one in run.estimates:
        print(f"pass@{one.k}: {100 * one.value:.1f}% (95%: {100 * one.low:.1f} to {100 * one.high:.1f}%, {one.method})")
    if run.bad_lines.count:
        print(f"lines that are no sample: {run.bad_lines.count:,}; see {results}")
    print(f"written: {results} and {page}")
