"""Equivalent rewrites of VerilogEval's references: other texts, other structures, the same behaviour.

Run as a program it writes them as JSON lines, and with ``--simulate`` it also runs each against the original under
Icarus Verilog with the data set's testbench, an opinion that is not ours::

    python benchmarks/rewrites.py VERILOG_EVAL_CHECKOUT [--simulate] > rewrites.jsonl
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from chiploom.tasks.syntax import Parsed, renamed_module
from chiploom.tasks.verilog_eval import LEARNER_TOP, REFERENCE_TOP, Problem, find_problems
from rewrite_rules import RULES, Module, normalised

#: Rules applied one after the other, for designs that differ from the reference in several ways at once.
COMBINATIONS = (
    ("re-encoded", "case-to-if", "negated-if", "renamed"),
    ("conditional-to-if", "split-next-state", "de-morgan", "renamed"),
    ("through-function", "commuted", "if-to-conditional"),
    ("complemented-registers", "without-xor", "split-modules"),
)

#: These testbenches change inputs by blocking assignment on the clock edge: which design sees the old value is a race.
RACING_TESTBENCHES = frozenset({"Prob066_edgecapture", "Prob139_2013_q2bfsm"})


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One equivalent text."""

    task_id: str
    rule: str
    text: str


def rewrites_of(directory: Path) -> Iterator[Rewrite]:
    """Yield every rewrite of every reference of the data set."""
    for problem in find_problems(directory):
        text = renamed_module(problem.reference.read_text(encoding="utf-8"), REFERENCE_TOP, LEARNER_TOP)
        for rule, new in rewrites(text):
            yield Rewrite(problem.id, rule, new)


def rewrites(text: str) -> Iterator[tuple[str, str]]:
    """Yield (rules applied, new text) for one design."""
    base = _apply(text, "normalised")
    if base is None:
        return
    seen = {_bare(base), _bare(text)}
    for names in [*((name,) for name in RULES), *COMBINATIONS]:
        current = base
        applied: list[str] = []
        for name in names:
            new = _apply(current, name)
            if new is not None:
                current, applied = new, [*applied, name]
        if len(applied) >= min(len(names), 2) and _bare(current) not in seen:
            seen.add(_bare(current))
            yield "+".join(applied), current


def _apply(text: str, name: str) -> str | None:
    try:
        module = Module(text)
    except ValueError:
        return None
    new = normalised(module) if name == "normalised" else RULES[name](module)
    if new is not None and Parsed(new).has_errors:
        raise AssertionError(f"{name} made a syntax error:\n{new}")
    return new


def simulate(problem: Problem, text: str, scratch: Path, limit_s: float = 30.0) -> str:
    """Return ``"same"``, ``"different"``, or why Icarus Verilog and the testbench have no opinion."""
    (scratch / "design.sv").write_text(text, encoding="utf-8")
    test = problem.reference.with_name(problem.reference.name.replace("_ref.sv", "_test.sv"))
    files = ["design.sv", str(test.resolve()), str(problem.reference.resolve())]
    program = ["iverilog", "-Wall", "-Winfloop", "-Wno-timescale", "-g2012", "-s", "tb", "-o", "run", *files]
    try:
        built = subprocess.run(program, cwd=scratch, capture_output=True, timeout=limit_s, check=False)
        if built.returncode:
            return "does not compile: " + built.stderr.decode(errors="replace").strip().splitlines()[-1][:150]
        ran = subprocess.run(["vvp", "-n", "run"], cwd=scratch, capture_output=True, timeout=limit_s, check=False)
    except subprocess.TimeoutExpired:
        return "no answer in time"
    match = re.search(rb"Mismatches: (\d+) in (\d+) samples", ran.stdout)
    if match is None or b"TIMEOUT" in ran.stdout:
        return "no result line"
    if int(match[1]) == 0:
        return "same"
    return "no opinion: the testbench races" if problem.id in RACING_TESTBENCHES else "different"


def _bare(text: str) -> str:
    return "".join(text.split())


def main() -> int:
    """Write the rewrites; with ``--simulate`` also what simulation says, and a count of it at the end."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("verilog_eval", type=Path)
    parser.add_argument("--simulate", action="store_true")
    options = parser.parse_args()
    problems = {problem.id: problem for problem in find_problems(options.verilog_eval)}
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        for rewrite in rewrites_of(options.verilog_eval):
            row = asdict(rewrite)
            counts["rewrites"] += 1
            if options.simulate:
                row["simulation"] = simulate(problems[rewrite.task_id], rewrite.text, Path(scratch))
                counts[row["simulation"].partition(":")[0]] += 1
            print(json.dumps(row))
    print(", ".join(f"{name}: {count}" for name, count in counts.most_common()), file=sys.stderr)
    return 1 if counts["different"] else 0


if __name__ == "__main__":
    sys.exit(main())
