"""``chiploom prove``: hold a design against a reference, or against properties, without a task around them."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chiploom import messages, settings
from chiploom.errors import UsageError
from chiploom.hdl.sources import load_sources
from chiploom.prove.verdict import Limits, Verdict

_MOST_SECONDS = 86_400


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "prove",
        help="prove a design equal to a reference, or show where it differs",
        description="Prove a design equal to a reference (or that it holds properties), or show the shortest input "
        "sequence found on which it differs. Exit status: 0 proved, 1 refuted, 2 rejected, 3 bounded or undecided, "
        "64 wrong usage, 65 the reference itself is broken, 70 own fault.",
    )
    against = parser.add_mutually_exclusive_group(required=True)
    against.add_argument("--reference", type=Path, nargs="+", metavar="FILE", help="the design that is right")
    against.add_argument("--properties", type=Path, nargs="+", metavar="FILE", help="a module of assertions")
    parser.add_argument("--submission", type=Path, nargs="+", required=True, metavar="FILE", help="the design to judge")
    parser.add_argument("--environment", type=Path, metavar="FILE", help="a module with assume_ok and compare_<port>")
    parser.add_argument("--top", metavar="NAME", help="top module of the submission")
    parser.add_argument("--reference-top", metavar="NAME", help="top module of the reference or properties")
    parser.add_argument(
        "--power-up",
        choices=("free", "initial"),
        default="free",
        help="whether registers start with any value (free, the default) or with the submission's initial values",
    )
    parser.add_argument("--time-limit", type=_seconds, default=Limits().time_s, metavar="S", help="seconds; default 10")
    add_output_options(parser)
    parser.set_defaults(run=_run)


def add_output_options(parser: argparse.ArgumentParser) -> None:
    """Add the options on how and where the verdict is told."""
    parser.add_argument("--vcd", type=Path, metavar="FILE", help="write the counterexample for a waveform viewer")
    parser.add_argument("--wavedrom", type=Path, metavar="FILE", help="write the counterexample as WaveDrom JSON")
    parser.add_argument("--no-cache", action="store_true", help="prove again even if the verdict is known")
    parser.add_argument("--lang", choices=messages.LANGUAGES, help="language of the text (default: CHIPLOOM_LANG, en)")
    parser.add_argument("--json", action="store_true", help="write one JSON object instead of text")


def tell(verdict: Verdict, namespace: argparse.Namespace, name: str, *, against_properties: bool = False) -> None:
    """Write the trace's files, then the verdict, as the options say."""
    from chiploom.cli import verdict_text

    language = namespace.lang or settings.load().lang
    notes = list(_write_traces(verdict, namespace, language))
    if namespace.json:
        print(json.dumps(verdict.as_json(language), ensure_ascii=False))
    else:
        verdict_text.show(verdict, name, language, against_properties=against_properties)
    # Notes go beside the result: with --json, standard output holds exactly one object.
    for note in notes:
        print(verdict_text.safe(note), file=sys.stderr)


def _run(namespace: argparse.Namespace) -> int:
    if namespace.environment is not None and namespace.properties is not None:
        raise UsageError("usage", "--environment goes with --reference; write assumptions into the properties module")
    from chiploom.grading import grade
    from chiploom.grading.job import Comparison, Job

    comparison = Comparison(
        reference=load_sources(namespace.reference or ()),
        environment=load_sources([namespace.environment] if namespace.environment else ()),
        properties=load_sources(namespace.properties or ()),
        reference_top=namespace.reference_top,
        top=namespace.top,
        power_up=namespace.power_up,
        limits=Limits(time_s=namespace.time_limit),
    )
    job = Job(comparison, load_sources(namespace.submission))
    with grade.Grader(workers=1, use_cache=not namespace.no_cache) as grader:
        verdict = grader.one(job)
        tell(verdict, namespace, job.sources[0].name, against_properties=bool(namespace.properties))
    return verdict.exit_status


def _write_traces(verdict: Verdict, namespace: argparse.Namespace, language: str) -> Sequence[str]:
    wanted = [path for path in (namespace.vcd, namespace.wavedrom) if path is not None]
    if verdict.trace is None:
        return [messages.text("grading.no-trace", language, file=str(path)) for path in wanted]
    from chiploom import files
    from chiploom.prove import vcd, wavedrom

    if namespace.vcd is not None:
        files.write_atomic(namespace.vcd, vcd.to_vcd(verdict.trace))
    if namespace.wavedrom is not None:
        drawing = wavedrom.to_wavedrom(verdict.trace, language)
        files.write_atomic(namespace.wavedrom, json.dumps(drawing, ensure_ascii=False, indent=1) + "\n")
    return [messages.text("grading.written", language, file=str(path)) for path in wanted]


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value <= _MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text!a} is not a number of seconds from above 0 to {_MOST_SECONDS}")
    return value
