"""Wrong designs made from VerilogEval's references by chiploom's own mutator (some happen to be right).

Run as a program it writes them as JSON lines::

    python benchmarks/mutants.py VERILOG_EVAL_CHECKOUT [--per-task 8] > mutants.jsonl
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from chiploom.tasks.mutate import mutants
from chiploom.tasks.syntax import renamed_module
from chiploom.tasks.verilog_eval import LEARNER_TOP, REFERENCE_TOP, find_problems

#: With eight a task the 156 references give more than 900 mutants, spread over all kinds of fault.
PER_TASK = 8


@dataclass(frozen=True, slots=True)
class Wrong:
    """One mutant of a task's reference."""

    task_id: str
    kind: str
    line: int
    text: str


def mutants_of(directory: Path, per_task: int = PER_TASK, seed: int = 0) -> Iterator[Wrong]:
    """Yield mutants of every reference of the data set, the same for the same arguments."""
    for problem in find_problems(directory):
        text = renamed_module(problem.reference.read_text(encoding="utf-8"), REFERENCE_TOP, LEARNER_TOP)
        for mutant in mutants(text, limit=per_task, seed=seed):
            yield Wrong(problem.id, mutant.kind, mutant.line, mutant.text)


def main() -> int:
    """Write the mutants."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("verilog_eval", type=Path)
    parser.add_argument("--per-task", type=int, default=PER_TASK)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    for wrong in mutants_of(options.verilog_eval, options.per_task):
        counts[wrong.kind] += 1
        print(json.dumps(asdict(wrong)))
    print(f"{counts.total()} mutants:", ", ".join(f"{k} {n}" for k, n in counts.most_common()), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
