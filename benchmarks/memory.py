"""Whether parent and workers stay as large as they are, over ten thousand submissions in one run."""

from __future__ import annotations

import itertools
import os
import resource
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from chiploom.errors import ChiploomError
from chiploom.grading.job import Job
from chiploom.grading.pool import Pool
from corpus import Corpus
from figures import Figure, counted, load_average

SUBMISSIONS = 10_000
SAMPLES = 200
_MOST_GROWTH_PERCENT = 5.0


def measure(corpus: Corpus, console: Console, *, workers: int, scale: float) -> list[Figure]:
    """Return by how much memory grew from the second quarter of the run to the last."""
    number = max(80, round(SUBMISSIONS * scale))
    every = max(1, number // SAMPLES)
    parent_mb: list[float] = []
    workers_mb: list[float] = []
    outcomes: Counter[str] = Counter()
    with Pool(workers) as pool:
        before = pool.process_ids
        results = pool.results(_jobs(corpus, number))
        for done, (_, result) in enumerate(counted(results, console, "memory", number)):
            outcomes["error" if isinstance(result, ChiploomError) else result.outcome.value] += 1
            if done % every == 0:
                parent_mb.append(_own_mb(os.getpid()))
                workers_mb.append(sum(_own_mb(pid) for pid in pool.process_ids))
        lost = len(set(before) - set(pool.process_ids))
    told = ", ".join(f"{name} {count}" for name, count in outcomes.most_common())
    return [
        Figure("memory", "submissions in one run", number, "", ">=" if scale >= 1 else None, SUBMISSIONS, told),
        _growth("parent", parent_mb, load_average()),
        _growth(f"{workers} workers", workers_mb, ""),
        Figure("memory", "workers lost", lost, "", "=", 0),
    ]


def _jobs(corpus: Corpus, number: int) -> Iterator[Job]:
    """Return jobs without end: every submission of the corpus, each time round with other texts."""
    # Designs that keep a prover busy for seconds say nothing about leaks.
    quick = [each for each in corpus.submissions if each.kind != "rewrite" or len(each.text) < 4000]
    for turn in itertools.count():
        for each in quick:
            if number == 0:
                return
            number -= 1
            job = corpus.job(each)
            source = job.sources[0]
            yield Job(job.material, (type(source)(source.name, f"// turn {turn}\n{source.text}"),))


def _growth(name: str, samples_mb: Sequence[float], note: str) -> Figure:
    quarter = max(1, len(samples_mb) // 4)
    second = statistics.median(samples_mb[quarter : 2 * quarter])
    last = statistics.median(samples_mb[-quarter:])
    told = f"{second:.0f} MB, then {last:.0f} MB"
    growth = 100 * (last - second) / second
    return Figure(
        "memory", f"growth of {name}", growth, "%", "<=", _MOST_GROWTH_PERCENT, f"{told}, {note}" if note else told
    )


def _own_mb(pid: int) -> float:
    """Return the resident memory of a process, shared pages shared out where the kernel tells."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        # A worker's own namespaces may hide the details.
        pass
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize() / (1 << 20)
