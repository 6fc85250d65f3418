"""How long one submission takes: warm, one at a time, without and with the box; and cold, from the command line."""

from __future__ import annotations

import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from chiploom.grading.pool import Pool
from corpus import Corpus, Submission, sample
from figures import Figure, load_average, progress

#: Mutants of the tasks with the lowest numbers, as a course begins.
SMALL_TASKS = 100
SUBMISSIONS = 400
COLD_RUNS = 9
PAUSE_S = 0.05
SAME, ANOTHER = "the same subject as before", "another subject"

_COUNTER = """// A counter that counts to fifteen.
module counter(input clk, input rst, input en, output reg [3:0] q);
  always @(posedge clk) if (rst) q <= 4'd0; else if (en) q <= q + 4'd1;
endmodule
"""
_ADDED_TWICE = _COUNTER.replace("else if (en) q <= q + 4'd1", "else q <= q + {3'd0, en}")


def measure(corpus: Corpus, console: Console, *, scale: float) -> list[Figure]:
    """Return the figures on single submissions."""
    names = [*corpus.tasks][: max(2, round(SMALL_TASKS * min(1.0, len(corpus.tasks) / 156)))]
    small = [each for each in corpus.of("reference", "mutant") if each.task_id in names]
    chosen = sample(small, min(1.0, scale * SUBMISSIONS / len(small)), least=10)
    taken = _warm(corpus, chosen, console)
    cold_s = [_cold(console) for _ in range(max(3, round(COLD_RUNS * min(1.0, scale * 2))))]
    figures = []
    for (boxed, who), seconds in taken.items():
        where, target = ("in the box", 13) if boxed else ("without the box", 9)
        note = f"p95 {_p95_ms(seconds)}; {len(chosen)} submissions, {load_average()}"
        figures.append(
            Figure("latency", f"warm, {where}, of {who}, median", _median_ms(seconds), "ms", "<=", target, note)
        )
    return [
        *figures,
        Figure(
            "latency",
            "cold 'chiploom prove' on a counter, median",
            statistics.median(cold_s),
            "s",
            "<=",
            1.5,
            f"{min(cold_s):.2f} to {max(cold_s):.2f} s in {len(cold_s)} runs",
        ),
    ]


def _warm(corpus: Corpus, chosen: Sequence[Submission], console: Console) -> dict[tuple[bool, str], list[float]]:
    """Return times by box and by whose the submission before was."""
    with ExitStack() as stack:
        pools = {box: stack.enter_context(Pool(1, box=box)) for box in (False, True)}
        for pool, task_id in itertools.product(pools.values(), dict.fromkeys(each.task_id for each in chosen)):
            # References are elaborated once; that is not what is measured here.
            _ = [*pool.results([corpus.job(next(each for each in chosen if each.task_id == task_id))])]
        taken: dict[tuple[bool, str], list[float]] = {}
        advance = stack.enter_context(progress(console, "one at a time", len(chosen)))
        for before, each in zip([chosen[-1], *chosen], chosen, strict=False):
            for box, pool in pools.items():
                # Nobody hands in back to back: let the worker make its next child ready first.
                time.sleep(PAUSE_S)
                taken.setdefault((box, ANOTHER), []).append(_seconds(pool, corpus.job(each)))
                time.sleep(PAUSE_S)
                _seconds(pool, corpus.job(before, "model"))
                taken.setdefault((box, SAME), []).append(_seconds(pool, corpus.job(each, "model")))
            advance()
    return taken


def _seconds(pool: Pool, job: object) -> float:
    started = time.perf_counter()
    _ = [*pool.results([job])]  # type: ignore[list-item]
    return time.perf_counter() - started


def _cold(console: Console) -> float:
    """Return how long the command line takes from nothing, its cache empty."""
    with tempfile.TemporaryDirectory() as scratch:
        for name, text in (("reference.sv", _COUNTER), ("mine.sv", _ADDED_TWICE)):
            (Path(scratch) / name).write_text(text, encoding="utf-8")
        environment = {**os.environ, "CHIPLOOM_HOME": str(Path(scratch) / "home")}
        program = [sys.executable, "-m", "chiploom.cli.main", "prove", "--reference", "reference.sv"]
        started = time.perf_counter()
        done = subprocess.run(
            [*program, "--submission", "mine.sv"], cwd=scratch, env=environment, capture_output=True, check=False
        )
        seconds = time.perf_counter() - started
    if done.returncode:
        console.print(f"chiploom prove: status {done.returncode}: {done.stderr.decode()[-300:]}", markup=False)
    return seconds if done.returncode == 0 else float("inf")


def _median_ms(seconds: Sequence[float]) -> float:
    return 1000 * statistics.median(seconds)


def _p95_ms(seconds: Sequence[float]) -> str:
    return f"{1000 * statistics.quantiles(seconds, n=20)[-1]:.0f} ms"
