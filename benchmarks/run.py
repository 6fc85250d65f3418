"""Print every figure that must be reached, beside what was measured, in one table::

    python benchmarks/run.py --verilog-eval DIR [--only NAME ...] [--json FILE [--resume]]

Wall-clock figures mean little on a busy machine: the load is told beside them. With ``--json`` each section is written
as soon as it is done, and ``--resume`` does not measure again what the file holds. Ctrl-C shows what there is.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rich.console import Console

import alternatives
import corpus
import hostile
import latency
import memory
import side_by_side
from chiploom.errors import ChiploomError
from chiploom.files import write_atomic
from figures import Figure, load_average, show


@dataclass
class Bench:
    """What the sections share."""

    options: argparse.Namespace
    console: Console

    @cached_property
    def corpus(self) -> corpus.Corpus:
        """VerilogEval; made when the first section asks for it."""
        self.console.print("reading VerilogEval, making mutants and rewrites ...")
        return corpus.load(self.options.verilog_eval, scale=self.options.scale)


Section = Callable[[Bench], list[Figure]]

SECTIONS: dict[str, Section] = {
    "submissions": lambda bench: side_by_side.measure(
        bench.corpus, bench.console, workers=bench.options.workers, box=not bench.options.no_box
    ),
    "latency": lambda bench: latency.measure(bench.corpus, bench.console, scale=bench.options.scale),
    "memory": lambda bench: memory.measure(
        bench.corpus, bench.console, workers=bench.options.workers, scale=bench.options.scale
    ),
    "hostile": lambda bench: hostile.measure(
        bench.corpus, bench.console, workers=bench.options.workers, scale=bench.options.scale
    ),
    "alternatives": lambda bench: alternatives.measure(
        bench.console, workers=bench.options.workers, scale=bench.options.scale
    ),
}


def main(arguments: list[str] | None = None) -> int:
    """Measure; exit status 1 if a figure is missed, 130 if interrupted."""
    options = _parser().parse_args(arguments)
    console = Console(stderr=True)
    bench = Bench(options, console)
    kept = _kept(options)
    status = 0
    try:
        for name in options.only or SECTIONS:
            if name not in kept:
                console.print(f"[bold]{name}[/] ({load_average()})")
                kept[name] = SECTIONS[name](bench)
                _keep(options, kept)
    except KeyboardInterrupt:
        console.print("interrupted; what was measured so far:")
        status = 130
    except ChiploomError as error:
        console.print(f"{error.code}: {error.message}", markup=False)
        status = error.exit_status
    figures = [figure for name in SECTIONS for figure in kept.get(name, ())]
    show(figures, Console(width=None if sys.stdout.isatty() else 150))
    return status or int(any(figure.met is False for figure in figures))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0].rstrip(":"))
    parser.add_argument(
        "--verilog-eval", type=Path, required=True, metavar="DIR", help="checkout of NVlabs/verilog-eval"
    )
    parser.add_argument("--workers", type=int, default=2, help="processes on each side (2)")
    parser.add_argument("--only", choices=tuple(SECTIONS), nargs="+", metavar="NAME", help=", ".join(SECTIONS))
    parser.add_argument("--scale", type=float, default=1.0, help="measure this share only, for a quick look (1.0)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here, section by section")
    parser.add_argument("--resume", action="store_true", help="keep the sections FILE holds already")
    parser.add_argument("--no-box", action="store_true", help="where the system has no box: grade without it")
    return parser


def _kept(options: argparse.Namespace) -> dict[str, list[Figure]]:
    if not options.resume or options.json is None or not options.json.is_file():
        return {}
    written: dict[str, Any] = json.loads(options.json.read_text(encoding="utf-8"))
    if written["scale"] != options.scale:
        return {}
    return {name: [Figure.from_json(values) for values in of] for name, of in written["sections"].items()}


def _keep(options: argparse.Namespace, kept: dict[str, list[Figure]]) -> None:
    if options.json is not None:
        sections = {name: [figure.as_json() for figure in of] for name, of in kept.items()}
        text = json.dumps({"scale": options.scale, "sections": sections}, indent=1)
        write_atomic(options.json, text + "\n")


if __name__ == "__main__":
    sys.exit(main())
