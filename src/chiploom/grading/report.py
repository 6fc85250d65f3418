"""The report of a bench run as one HTML file: no script, nothing from elsewhere, everything escaped.

The page carries its own Content-Security-Policy, which allows nothing but its own style sheet by hash. It reads in
black and white: verdicts are words and hatchings, never colours alone.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from chiploom import __version__
from chiploom.grading.bench import LIMITS_SENTENCE, Graded, Run
from chiploom.prove.verdict import Outcome
from chiploom.tasks.texts import visible

#: Failures listed in full per task; the rest are in results.json.
SHOWN_PER_TASK = 10
_OUTCOMES = (Outcome.PROVED, Outcome.REFUTED, Outcome.REJECTED, Outcome.BOUNDED, Outcome.UNDECIDED)
_BAR_WIDTH = 200
_TOTAL_WIDTH = 1000
_MAX_TEXT = 600


@dataclass(frozen=True, slots=True)
class Bar:
    """One piece of a bar: which verdict, from where, how wide, how many."""

    outcome: str
    x: float
    width: float
    count: int


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One line of the table of tasks."""

    id: str
    title: str
    level: int
    samples: int
    right: int
    bars: tuple[Bar, ...]
    counts: tuple[int, ...]
    failures: tuple[Graded, ...]
    hidden: int


def html(run: Run) -> str:
    """Return the report of ``run``."""
    folder = files("chiploom.grading")
    style = (folder / "report.css").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_shown
    )
    template = environment.from_string((folder / "report.html.j2").read_text(encoding="utf-8"))
    rows = [_row(task.id, task.title.get("en", task.id), task.level, run) for task in run.tasks]
    counts = Counter(graded.verdict for graded in run.graded)
    return template.render(
        run=run,
        rows=rows,
        style=style,
        style_hash="sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        outcomes=[outcome.value for outcome in _OUTCOMES],
        totals=[(outcome.value, counts[outcome.value]) for outcome in _OUTCOMES],
        total_bars=_bars(counts, _TOTAL_WIDTH),
        total_width=_TOTAL_WIDTH,
        bar_width=_BAR_WIDTH,
        attempted=sum(row.samples > 0 for row in rows),
        solved=sum(row.right > 0 for row in rows),
        noted=sum(bool(graded.notes) for graded in run.graded),
        meaning=LIMITS_SENTENCE,
        version=__version__,
    )


def _shown(value: object) -> object:
    """Make every text that goes into the page harmless, so that no place can be forgotten."""
    return visible(value, _MAX_TEXT) if isinstance(value, str) and not isinstance(value, Markup) else value


def _row(task_id: str, title: str, level: int, run: Run) -> TaskRow:
    graded = run.by_task()[task_id]
    counts = Counter(one.verdict for one in graded)
    failures = [one for one in graded if one.verdict != Outcome.PROVED.value]
    return TaskRow(
        id=task_id,
        title=title,
        level=level,
        samples=len(graded),
        right=counts[Outcome.PROVED.value],
        bars=_bars(counts, _BAR_WIDTH),
        counts=tuple(counts[outcome.value] for outcome in _OUTCOMES),
        failures=tuple(failures[:SHOWN_PER_TASK]),
        hidden=max(len(failures) - SHOWN_PER_TASK, 0),
    )


def _bars(counts: Counter[str], room: float) -> tuple[Bar, ...]:
    total = sum(counts.values())
    bars: list[Bar] = []
    x = 0.0
    for outcome in _OUTCOMES:
        count = counts[outcome.value]
        if count:
            width = room * count / total
            bars.append(Bar(outcome.value, round(x, 2), round(width, 2), count))
            x += width
    return tuple(bars)
