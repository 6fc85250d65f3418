"""A figure: something measured beside what it must reach; and the table of all of them."""

from __future__ import annotations

import operator
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

Item = TypeVar("Item")

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {"<=": operator.le, ">=": operator.ge, "=": operator.eq}


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number; without ``relation`` it is told, not judged."""

    section: str
    name: str
    measured: float
    unit: str = ""
    relation: Literal["<=", ">=", "="] | None = None
    target: float = 0.0
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where there is none."""
        if self.relation is None:
            return None
        return _COMPARISONS[self.relation](self.measured, self.target)

    def as_json(self) -> dict[str, Any]:
        """Return the figure as JSON values."""
        return {
            "section": self.section,
            "name": self.name,
            "measured": self.measured,
            "unit": self.unit,
            "target": None if self.relation is None else f"{self.relation} {self.target:g}",
            "met": self.met,
            "note": self.note,
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Figure:
        """Return the figure ``as_json`` was made of."""
        relation, _, target = (values["target"] or "").partition(" ")
        return cls(
            values["section"],
            values["name"],
            values["measured"],
            values["unit"],
            relation or None,
            float(target or 0),
            values["note"],
        )


def show(figures: Sequence[Figure], console: Console) -> None:
    """Print the table."""
    table = Table(title="What must be reached, and what was measured")
    for heading, justify in (
        ("section", "left"),
        ("figure", "left"),
        ("target", "right"),
        ("measured", "right"),
        ("met", "left"),
        ("note", "left"),
    ):
        table.add_column(heading, justify=justify, overflow="fold")  # type: ignore[arg-type]
    previous = ""
    for figure in figures:
        if previous and figure.section != previous:
            table.add_section()
        target = f"{figure.relation} {figure.target:g}{_unit(figure)}" if figure.relation else ""
        met = {True: "yes", False: "[bold red]NO[/]", None: ""}[figure.met]
        section = figure.section if figure.section != previous else ""
        table.add_row(section, figure.name, target, f"{_rounded(figure.measured)}{_unit(figure)}", met, figure.note)
        previous = figure.section
    console.print(table)


def load_average() -> str:
    """Say how busy the machine is beside us: wall-clock figures mean little on a busy one."""
    return f"load {os.getloadavg()[0]:.1f} on {len(os.sched_getaffinity(0))} processors"


@contextmanager
def progress(console: Console, title: str, total: int | None) -> Iterator[Callable[[], None]]:
    """Show a bar; call what is given at each step."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda: bar.advance(task)


def counted(items: Iterable[Item], console: Console, title: str, total: int | None) -> Iterator[Item]:
    """Yield ``items`` under a bar."""
    with progress(console, title, total) as advance:
        for item in items:
            yield item
            advance()


def _unit(figure: Figure) -> str:
    return "" if not figure.unit else figure.unit if figure.unit == "%" else f" {figure.unit}"


def _rounded(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.2f}" if abs(value) < 100 else f"{value:.0f}"
