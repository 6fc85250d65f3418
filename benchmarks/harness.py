"""The usual way to check a design: Icarus Verilog and the data set's testbench, as VerilogEval runs it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from chiploom.tasks.verilog_eval import Problem

#: A run, compiling included, is cut off after this long.
CAP_S = 10.0
_RESULT = re.compile(rb"Mismatches: (\d+) in (\d+) samples")

Opinion = Literal["pass", "fail", "no-compile", "no-answer"]


@dataclass(frozen=True, slots=True)
class Run:
    """What a testbench said of a design, and how long compiling and running took."""

    opinion: Opinion
    seconds: float


def is_installed() -> bool:
    """Whether Icarus Verilog is in the path."""
    return shutil.which("iverilog") is not None and shutil.which("vvp") is not None


def version() -> str:
    """Return Icarus Verilog's version."""
    said = subprocess.run(["iverilog", "-V"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"Icarus Verilog version (\S+)", said)
    return match[1] if match else "unknown"


def run_all(
    designs: Sequence[tuple[Problem, str]], *, processes: int = 2, done: Callable[[], None] = lambda: None
) -> list[Run]:
    """Check every design against its testbench, several at a time."""

    def one(design: tuple[Problem, str]) -> Run:
        run = check(*design)
        done()
        return run

    with ThreadPoolExecutor(processes) as threads:
        return list(threads.map(one, designs))


def check(problem: Problem, text: str) -> Run:
    """Compile a design with its testbench and reference, and run it."""
    test = problem.reference.with_name(problem.reference.name.replace("_ref.sv", "_test.sv"))
    with tempfile.TemporaryDirectory(dir=_fast_directory()) as scratch:
        design = Path(scratch) / "top.sv"
        design.write_text(text, encoding="utf-8")
        started = time.perf_counter()
        opinion = _opinion([design, test.resolve(), problem.reference.resolve()], Path(scratch), started + CAP_S)
        return Run(opinion, time.perf_counter() - started)


def _opinion(files: Sequence[Path], scratch: Path, deadline: float) -> Opinion:
    flags = ["-Wall", "-Winfloop", "-Wno-timescale", "-g2012", "-s", "tb", "-o", "run"]
    status, _ = _call(["iverilog", *flags, *map(str, files)], scratch, deadline)
    if status is None:
        return "no-answer"
    if status != 0:
        return "no-compile"
    status, output = _call(["vvp", "-n", "run"], scratch, deadline)
    match = _RESULT.search(output)
    if status is None or match is None or b"TIMEOUT" in output:
        return "no-answer"
    return "pass" if int(match[1]) == 0 else "fail"


def _call(command: Sequence[str], scratch: Path, deadline: float) -> tuple[int | None, bytes]:
    """Return exit status (None: cut off) and the end of the output."""
    # Output goes to a file, as a shell would have it: a design that prints a lot must not fill our memory.
    with (scratch / "output").open("wb+") as output:
        try:
            done = subprocess.run(
                command,
                cwd=scratch,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=max(0.01, deadline - time.perf_counter()),
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None, b""
        output.seek(max(0, output.seek(0, os.SEEK_END) - 65536))
        return done.returncode, output.read()


def _fast_directory() -> str | None:
    # Memory rather than disk, so that the harness is not slowed by what our own children never touch.
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
