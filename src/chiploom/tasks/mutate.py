"""Mutants: an author's design with one fault planted, to see whether a task tells it from the right one.

The faults are planted on the syntax tree (:mod:`chiploom.tasks.mutations`), so a mutant differs from its original
in one place and in nothing else, and its line can be shown.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from chiploom.tasks.mutations import faults
from chiploom.tasks.syntax import Parsed


@dataclass(frozen=True, slots=True)
class Mutant:
    """A text with one fault.

    Attributes
    ----------
    kind : str
        Kind of fault, such as ``"operator"`` or ``"dropped-reset"``.
    line : int
        First line that differs, from 1.
    text : str
        The whole text with the fault.
    """

    kind: str
    line: int
    text: str


def mutants(text: str, *, limit: int | None = None, seed: int = 0) -> tuple[Mutant, ...]:
    """Return mutants of ``text``, the same for the same arguments.

    Parameters
    ----------
    text : str
        A design without syntax errors; of one with errors there are no mutants.
    limit : int, optional
        Return at most so many, spread over the kinds of fault; all of them by default.
    seed : int
        Chooses which, where there are more than ``limit``.
    """
    parsed = Parsed(text)
    if parsed.has_errors:
        return ()
    everything = list(_distinct(parsed))
    if limit is None or len(everything) <= limit:
        return tuple(everything)
    return tuple(_spread(everything, limit, random.Random(seed)))


def _distinct(parsed: Parsed) -> Iterator[Mutant]:
    seen = {_bare(parsed.text)}
    for kind, edits in faults(parsed):
        if not edits:
            continue
        text = parsed.apply(edits)
        # A text that differs only in space is no other design.
        if _bare(text) not in seen:
            seen.add(_bare(text))
            yield Mutant(kind, parsed.line(min(edits).start), text)


def _spread(everything: list[Mutant], limit: int, chance: random.Random) -> Iterator[Mutant]:
    by_kind: dict[str, list[Mutant]] = {}
    for mutant in everything:
        by_kind.setdefault(mutant.kind, []).append(mutant)
    for of_kind in by_kind.values():
        chance.shuffle(of_kind)
    kinds = sorted(by_kind)
    while limit > 0 and kinds:
        chance.shuffle(kinds)
        for kind in kinds[:limit]:
            yield by_kind[kind].pop()
        limit -= min(limit, len(kinds))
        kinds = sorted(kind for kind in kinds if by_kind[kind])


def _bare(text: str) -> str:
    return "".join(text.split())
