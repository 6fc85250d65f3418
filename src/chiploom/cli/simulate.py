"""``chiploom simulate``: what a design does on inputs somebody wrote, as a waveform, without any verdict."""

from __future__ import annotations

import argparse
import functools
import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chiploom import messages, settings
from chiploom.errors import EXIT_PROVED, EXIT_REJECTED, ChiploomError, LimitReached

if TYPE_CHECKING:
    from chiploom.hdl.diagnostics import Diagnostic
    from chiploom.hdl.sources import Source
    from chiploom.prove.trace import Trace
    from chiploom.prove.verdict import Verdict

SCHEMA = "chiploom/simulation/1"

_STIMULUS_BYTES = 10_000_000
#: A learner's own run is shown at length; beyond this its middle is left out.
_MOST_PANELS = 40


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "simulate",
        help="draw what a design does on your own inputs",
        description="Simulate a design on inputs of your own and draw the waveform; no verdict. Exit status: 0 done, "
        "2 the design is rejected, 3 a limit was reached, 64 wrong usage, 70 own fault.",
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="the design")
    parser.add_argument(
        "--stimulus",
        type=Path,
        required=True,
        metavar="FILE",
        help="the inputs: CSV (first line input names, then one line per cycle; values 7, 0x2a, 0b101, 8'hff, x) "
        "or WaveDrom JSON; the clock may be left out",
    )
    parser.add_argument("--top", metavar="NAME", help="top module")
    parser.add_argument("--vcd", type=Path, metavar="FILE", help="write the run for a waveform viewer")
    parser.add_argument("--wavedrom", type=Path, metavar="FILE", help="write the run as WaveDrom JSON")
    parser.add_argument("--lang", choices=messages.LANGUAGES, help="language of the text (default: CHIPLOOM_LANG, en)")
    parser.add_argument("--json", action="store_true", help="write one JSON object instead of text")
    parser.set_defaults(run=_run)


def _run(namespace: argparse.Namespace) -> int:
    from chiploom import files
    from chiploom.hdl.read import load_sources
    from chiploom.prove import vcd, wavedrom
    from chiploom.prove.verdict import Outcome

    chosen = settings.load()
    language = namespace.lang or chosen.lang
    sources = load_sources(namespace.files)
    (stimulus,) = load_sources([namespace.stimulus], max_bytes=_STIMULUS_BYTES)
    outcome = _in_the_box(sources, namespace.top, stimulus, chosen.unsafe_no_box)
    if outcome.outcome is Outcome.REJECTED:
        return _tell_rejected(outcome, sources[0].name, language, namespace.json)
    if outcome.trace is None:
        raise LimitReached(outcome.limit_hit or "crash", f"the simulation was ended: {outcome.reason}")
    trace = outcome.trace
    if namespace.vcd is not None:
        files.write_atomic(namespace.vcd, vcd.to_vcd(trace))
    if namespace.wavedrom is not None:
        drawing = wavedrom.to_wavedrom(trace, language)
        files.write_atomic(namespace.wavedrom, json.dumps(drawing, ensure_ascii=False, indent=1) + "\n")
    _tell(trace, outcome.warnings, language, namespace.json)
    return EXIT_PROVED


def _in_the_box(sources: tuple[Source, ...], top: str | None, stimulus: Source, unsafe_no_box: bool) -> Verdict:
    """Return what :func:`_simulate` found, or what it died of."""
    from chiploom.grading import codec, comparison, once  # noqa: F401 - what the box needs comes before it
    from chiploom.prove.verdict import Limits, Verdict

    limits = Limits()
    work = functools.partial(_simulate, sources, top, stimulus)
    answer = once.carry_out(work, limits, unsafe_no_box=unsafe_no_box)
    if isinstance(answer, once.Ended) and "ERROR: " in answer.log:
        # Yosys ended its process. Why is found out in a box too, since its log holds what it was given.
        post_mortem = functools.partial(_post_mortem, answer.log, sources)
        answer = once.carry_out(post_mortem, limits, unsafe_no_box=unsafe_no_box)
    if isinstance(answer, once.Ended):
        seconds, memory_mb = f"{limits.time_s:g}", str(limits.memory_mb)
        reasons = {
            "time": f"it did not finish within {seconds} s (a combinational loop that never settles?)",
            "memory": f"it needed more than {memory_mb} MB of memory",
        }
        return Verdict(limit_hit=answer.limit, reason=reasons.get(answer.limit, "it crashed"), limits=limits)
    try:
        outcome = codec.decode(answer)
    except codec.Malformed as error:
        raise ChiploomError("internal", f"the simulation's answer is malformed: {error}") from None
    if isinstance(outcome, ChiploomError):
        raise outcome
    return outcome


def _simulate(sources: tuple[Source, ...], top: str | None, stimulus: Source) -> bytes:
    """Elaborate and simulate, in the box; return a verdict that holds the trace, or an error, as JSON."""
    from chiploom.grading import codec, comparison
    from chiploom.grading.job import Run
    from chiploom.prove.verdict import Verdict

    try:
        return codec.encode(comparison.judge(Run(top), (*sources, stimulus)))
    except ChiploomError as error:
        return codec.encode(error)
    except MemoryError:
        return codec.encode(Verdict(limit_hit="memory", reason="the simulation ran out of memory"))


def _post_mortem(log: str, sources: tuple[Source, ...]) -> bytes:
    """Say why Yosys ended its process, in the box."""
    from chiploom.grading import codec, comparison
    from chiploom.prove.verdict import Limits

    return codec.encode(comparison.verdict_of_yosys_error(log, sources, Limits()))


def _tell(trace: Trace, warnings: Sequence[Diagnostic], language: str, as_json: bool) -> None:
    if as_json:
        print(json.dumps(_run_json(trace, warnings, language), ensure_ascii=False))
        return
    from chiploom.cli import verdict_text
    from chiploom.prove import waveform

    is_terminal = sys.stdout.isatty()
    print(
        waveform.draw(
            trace,
            language,
            colour=is_terminal and not os.environ.get("NO_COLOR"),
            width=shutil.get_terminal_size((100, 24)).columns if is_terminal else None,
            most_panels=_MOST_PANELS,
        ),
        end="",
    )
    for warning in warnings:
        for line in verdict_text.diagnostic_lines(warning, language):
            print(line, file=sys.stderr)


def _run_json(trace: Trace, warnings: Sequence[Diagnostic], language: str) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "model": trace.model,
        "clock": trace.clock,
        "clock_edge": trace.clock_edge if trace.clock is not None else None,
        "cycles": [
            {"inputs": dict(cycle.inputs), "outputs": dict(cycle.got), "registers": dict(cycle.registers)}
            for cycle in trace.cycles
        ],
        "warnings": [
            {
                "code": warning.code,
                "severity": warning.severity,
                "message": warning.text(language),
                "file": warning.file,
                "line": warning.line,
                "column": warning.column,
            }
            for warning in warnings
        ],
    }


def _tell_rejected(verdict: Verdict, name: str, language: str, as_json: bool) -> int:
    if as_json:
        print(json.dumps(verdict.as_json(language), ensure_ascii=False))
    else:
        from chiploom.cli import verdict_text

        verdict_text.show(verdict, name, language, against_properties=False)
    return EXIT_REJECTED
