"""An earlier state of somebody's files beside another one: what can be chosen, and what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chiploom.hub import differences
from chiploom.hub.differences import FileDifference

DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What ``_comparison.html`` shows.

    Attributes
    ----------
    action, hidden : str, mapping
        Where its form leads, and with what besides the choice.
    previous : int or None
        The submission before this one.
    others : sequence
        Submissions to compare with, the newest first.
    has_draft : bool
        Whether there is a draft to compare with.
    against : str
        The choice: :data:`DRAFT`, the number of a submission, or nothing.
    differences : list of FileDifference or None
        From what is older to what is newer; None if nothing was chosen.
    """

    action: str
    hidden: Mapping[str, object]
    previous: int | None
    others: Sequence[Any]
    has_draft: bool = False
    against: str = ""
    differences: list[FileDifference] | None = field(default=None)


def chosen_number(against: str) -> int | None:
    """Return the number of the submission that was chosen."""
    return int(against) if against.isdecimal() else None


def comparison(
    action: str,
    hidden: Mapping[str, object],
    number: int | None,
    files: Sequence[Any],
    history: Sequence[Any],
    against: str,
    other: Sequence[Any] | None,
    *,
    has_draft: bool = False,
) -> Comparison:
    """Compare files with those that were chosen.

    Parameters
    ----------
    number : int or None
        The submission the files are of, None for a draft.
    history : sequence
        All submissions, the newest first.
    other : sequence or None
        The files that were chosen, None if none were.
    """
    found = None
    if other is not None:
        # Numbers grow; what is in the editor is newer than all, and a kept draft newer than what is chosen beside it.
        is_older = against == DRAFT or (number is not None and (chosen_number(against) or 0) > number)
        found = differences.between(files, other) if is_older else differences.between(other, files)
    return Comparison(
        action,
        hidden,
        next((row.id for row in history if number is not None and row.id < number), None),
        [row for row in history if row.id != number],
        has_draft,
        against,
        found,
    )
