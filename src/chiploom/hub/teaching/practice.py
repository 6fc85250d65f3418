"""The practice report: recorded minutes, mapped to credits by the lecturer, beside the shares that a standard names.

It is no statement of compliance: the standard counts a programme's credits, and this hub knows only its own part.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chiploom.errors import UsageError
from chiploom.hub.database.schema import Assignment, Class, Enrolment, PracticeDay
from chiploom.hub.people import accounts
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import courses
from chiploom.hub.teaching.courses import Member

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Standard:
    """Shares of practice that a published standard asks for, with where to read it."""

    document: str
    publisher: str
    day: date
    section: str
    link: str
    #: Level of qualification: share of the credits of the professional and the graduation part.
    shares: Mapping[int, float]


DECISION_1314 = Standard(
    document="1314/QĐ-BGDĐT",
    publisher="Bộ Giáo dục và Đào tạo",
    day=date(2025, 5, 13),
    section="2.5",
    link="https://tintuc.thuvienphapluat.com/ho-tro-phap-luat/chinh-sach-moi/84799/"
    "chuan-chuong-trinh-dao-tao-ve-vi-mach-ban-dan-trinh-do-dai-hoc-thac-si-tu-ngay-13-5-2025",
    shares={6: 0.25, 7: 0.30},
)


@dataclass(frozen=True, slots=True)
class Span:
    """Which practice is counted.

    Attributes
    ----------
    first, last : str
        Days (ISO 8601), empty: without limit.
    assigned_only : bool
        Only tasks that were assigned to the class, without those of open packs done for oneself.
    """

    first: str = ""
    last: str = ""
    assigned_only: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """Minutes by learner and task.

    Attributes
    ----------
    tasks : sequence of (str, str)
        Pack and task, in the order of their names.
    minutes : mapping of (int, (str, str)) to int
        By learner and task.
    minutes_per_credit : int
        The lecturer's mapping, 0 while there is none.
    """

    learners: Sequence[Member]
    tasks: Sequence[tuple[str, str]]
    minutes: Mapping[tuple[int, tuple[str, str]], int]
    minutes_per_credit: int

    def total(self, learner_id: int) -> int:
        """Return all counted minutes of a learner."""
        return sum(self.minutes.get((learner_id, task), 0) for task in self.tasks)

    def credits(self, learner_id: int) -> float | None:
        """Return a learner's minutes as credits, None while the lecturer did not say how many minutes one is."""
        return credits_of(self.total(learner_id), self.minutes_per_credit)


def credits_of(minutes: int, minutes_per_credit: int) -> float | None:
    """Return minutes as credits, None where a credit has no minutes."""
    return minutes / minutes_per_credit if minutes_per_credit > 0 else None


def share(credits_practised: float | None, credits_of_programme: float) -> float | None:
    """Return practised credits as a share of a programme's, None if either is not said."""
    if credits_practised is None or credits_of_programme <= 0:
        return None
    return credits_practised / credits_of_programme


def check_day(text: str) -> str:
    """Return a day, or nothing.

    Raises
    ------
    UsageError
        ``bad-moment``.
    """
    text = text.strip()
    try:
        if text and _DAY.fullmatch(text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    if text:
        raise UsageError("bad-moment", f"{text[:40]!a} is not a day")
    return ""


def report(session: Session, found: Class, span: Span, open_packs: Collection[str]) -> Report:
    """Return the minutes of a class.

    What learners do for another class, in a pack that is not open to everybody, is not this lecturer's to see.
    """
    query = (
        select(PracticeDay.user_id, PracticeDay.pack_id, PracticeDay.task_id, func.sum(PracticeDay.minutes))
        .join(Enrolment, Enrolment.user_id == PracticeDay.user_id)
        .where(Enrolment.class_id == found.id, Enrolment.role == "learner")
        .group_by(PracticeDay.user_id, PracticeDay.pack_id, PracticeDay.task_id)
    )
    if span.first:
        query = query.where(PracticeDay.day >= span.first)
    if span.last:
        query = query.where(PracticeDay.day <= span.last)
    assigned = {
        (row.pack_id, row.task_id)
        for row in session.execute(
            select(Assignment.pack_id, Assignment.task_id).where(Assignment.class_id == found.id)
        )
    }
    minutes: dict[tuple[int, tuple[str, str]], int] = defaultdict(int)
    for user_id, pack_id, task_id, counted in session.execute(query):
        if (pack_id, task_id) in assigned or (not span.assigned_only and pack_id in open_packs):
            minutes[(user_id, (pack_id, task_id))] += int(counted)
    return Report(
        courses.members(session, found.id),
        sorted({task for _, task in minutes}),
        dict(minutes),
        found.minutes_per_credit,
    )


def set_minutes_per_credit(session: Session, person: Person, class_id: int, minutes: int) -> None:
    """Say how many minutes of practice are a credit.

    Raises
    ------
    UsageError
        ``not-found`` or ``bad-range``.
    """
    found, _ = courses.taught(session, person, class_id)
    if not 0 <= minutes <= 100_000:
        raise UsageError("bad-range", f"{minutes} is not from 0 to 100000")
    session.get_one(Class, found.id).minutes_per_credit = minutes
    accounts.audit(session, person, "minutes-per-credit-set", f"class {class_id}", minutes=minutes)
