"""Variants: seeded draws of a task's parameters, the same on every machine, so that no two learners share an answer.

Variant ``i`` of a task is the ``i``-th distinct assignment, in an order fixed by SHA-256 of the task's identifier,
that satisfies the constraints. Variants are numbered from 1; the base task has no number.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chiploom.errors import PackError
from chiploom.tasks import expressions

#: Up to so many assignments are ordered exhaustively; larger spaces are sampled.
EXHAUSTIVE_LIMIT = 4096
_DRAWS_PER_VARIANT = 200


@dataclass(frozen=True, slots=True)
class VariantSpace:
    """What may be drawn.

    Attributes
    ----------
    count : int
        How many variants the author asks for; there may be fewer.
    ranges : mapping of str to tuple of int
        The values each varied parameter may take.
    constraints : tuple of str
        Expressions over all parameters that every variant satisfies.
    """

    count: int = 0
    ranges: Mapping[str, tuple[int, ...]] | None = None
    constraints: tuple[str, ...] = ()


def draw(space: VariantSpace, task_id: str, base: Mapping[str, int], where: str) -> tuple[Mapping[str, int], ...]:
    """Return the parameter assignments of all variants: distinct, satisfying the constraints, at most ``count``.

    Parameters
    ----------
    task_id : str
        Seeds the draw.
    base : mapping of str to int
        The base task's parameters; those outside the ranges keep these values.
    where : str
        File, for errors.

    Raises
    ------
    PackError
        ``no-variant`` when nothing satisfies the constraints, ``bad-expression`` when one cannot be evaluated.
    """
    if space.count == 0 or not space.ranges:
        return ()
    names = sorted(space.ranges)
    chosen: dict[tuple[int, ...], Mapping[str, int]] = {}
    for values in _candidates(space, names, task_id):
        if values in chosen:
            continue
        parameters = {**base, **dict(zip(names, values, strict=True))}
        if all(expressions.truth(constraint, parameters, where) for constraint in space.constraints):
            chosen[values] = parameters
            if len(chosen) == space.count:
                break
    if not chosen:
        raise PackError("no-variant", f"{where}: no values within 'variants.ranges' satisfy 'variants.constraints'")
    return tuple(chosen.values())


def _candidates(space: VariantSpace, names: list[str], task_id: str) -> Iterator[tuple[int, ...]]:
    assert space.ranges is not None
    choices = [space.ranges[name] for name in names]
    if math.prod(map(len, choices)) <= EXHAUSTIVE_LIMIT:
        everything = itertools.product(*choices)
        yield from sorted(everything, key=lambda values: _hash(task_id, *map(str, values)))
        return
    for index in range(space.count * _DRAWS_PER_VARIANT):
        yield tuple(
            values[int.from_bytes(_hash(task_id, str(index), name)) % len(values)]
            for name, values in zip(names, choices, strict=True)
        )


def _hash(*words: str) -> bytes:
    return hashlib.sha256("\x00".join(words).encode()).digest()
