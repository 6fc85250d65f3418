"""Courses, their classes, and who is in them.

A lecturer sees the classes they are enrolled in as a lecturer and no others. An operator sees that a class exists in
an institution they operate, to enrol lecturers in it, but not what is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from chiploom.errors import UsageError
from chiploom.hub.database.folding import folded
from chiploom.hub.database.schema import Class, Course, Enrolment, Institution, Membership, User
from chiploom.hub.people import accounts
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import clock

_LARGEST_ID = (1 << 31) - 1


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a class."""

    id: int
    subject: str
    login: str
    name: str
    must_change_password: bool = False

    @property
    def shown(self) -> str:
        """The name, or for somebody whose data was erased the beginning of the subject."""
        return self.name or self.subject[-8:]


def not_found() -> UsageError:
    """Return the error that does not say whether something is another's or does not exist."""
    return UsageError("not-found", "there is no such thing here, or it is not yours")


def row_id(number: int) -> int:
    """Return a number from an address, if a row can have it; a larger one is no fault of the database's."""
    if not 0 < number <= _LARGEST_ID:
        raise not_found()
    return number


def institutions(session: Session, person: Person, *roles: str) -> Sequence[Institution]:
    """Return the institutions in which a person has one of the roles."""
    return session.scalars(
        select(Institution)
        .join(Membership, Membership.institution_id == Institution.id)
        .where(Membership.user_id == person.id, Membership.role.in_(roles))
        .order_by(Institution.id)
    ).all()


def make_course(session: Session, person: Person, institution_id: int, title: str) -> Course:
    """Make a course in an institution in which this person teaches.

    Raises
    ------
    UsageError
        ``not-found`` or ``bad-title``.
    """
    if institution_id not in {row.id for row in institutions(session, person, "lecturer", "operator")}:
        raise not_found()
    course = Course(
        institution_id=institution_id, title=check_title(title), created_at=clock.now(), created_by=person.id
    )
    session.add(course)
    session.flush()
    accounts.audit(session, person, "course-made", f"course {course.id}", institution=institution_id)
    return course


def make_class(session: Session, person: Person, course_id: int, name: str) -> Class:
    """Make a class of one's own course, and enrol oneself in it as a lecturer.

    Raises
    ------
    UsageError
        ``not-found`` or ``bad-title``.
    """
    course = session.get(Course, row_id(course_id))
    if course is None or course.id not in own_courses(session, person):
        raise not_found()
    made = Class(course_id=course.id, name=check_title(name), created_at=clock.now())
    session.add(made)
    session.flush()
    session.add(Enrolment(class_id=made.id, user_id=person.id, role="lecturer"))
    accounts.audit(session, person, "class-made", f"class {made.id}", course=course.id)
    return made


def own_courses(session: Session, person: Person) -> dict[int, Course]:
    """Return the courses that a person made or teaches a class of, by number."""
    taught = (
        select(Class.course_id)
        .join(Enrolment, Enrolment.class_id == Class.id)
        .where(Enrolment.user_id == person.id, Enrolment.role == "lecturer")
    )
    rows = session.scalars(
        select(Course).where((Course.created_by == person.id) | Course.id.in_(taught)).order_by(Course.id)
    )
    return {course.id: course for course in rows}


def taught_classes(session: Session, person: Person) -> Sequence[Any]:
    """Return (class, number of learners) for every class a person teaches."""
    learners = (
        select(Enrolment.class_id, func.count().label("count"))
        .where(Enrolment.role == "learner")
        .group_by(Enrolment.class_id)
        .subquery()
    )
    return session.execute(
        select(Class, func.coalesce(learners.c.count, 0).label("learners"))
        .join(Enrolment, Enrolment.class_id == Class.id)
        .outerjoin(learners, learners.c.class_id == Class.id)
        .where(Enrolment.user_id == person.id, Enrolment.role == "lecturer")
        .order_by(Class.id)
    ).all()


def operated_classes(session: Session, person: Person) -> Sequence[Any]:
    """Return (class, title of its course) for every class of the institutions a person operates."""
    return session.execute(
        select(Class, Course.title)
        .join(Course, Course.id == Class.course_id)
        .join(Membership, Membership.institution_id == Course.institution_id)
        .where(Membership.user_id == person.id, Membership.role == "operator")
        .order_by(Class.id)
    ).all()


def taught(session: Session, person: Person, class_id: int) -> tuple[Class, Course]:
    """Return a class that a person teaches, and its course.

    Raises
    ------
    UsageError
        ``not-found``.
    """
    if not accounts.teaches_class(session, person, row_id(class_id)):
        raise not_found()
    found = session.get_one(Class, class_id)
    return found, session.get_one(Course, found.course_id)


def members(session: Session, class_id: int, role: str = "learner") -> list[Member]:
    """Return who is in a class, by the last word of the name: the given name in Vietnam, the family name in France."""
    rows = session.execute(
        select(User.id, User.subject, User.login, User.name, User.must_change_password)
        .join(Enrolment, Enrolment.user_id == User.id)
        .where(Enrolment.class_id == class_id, Enrolment.role == role)
    )
    found = [Member(row.id, row.subject, row.login or "", row.name, row.must_change_password) for row in rows]
    return sorted(found, key=lambda member: (name_order(member.name), member.id))


def learner(session: Session, class_id: int, user_id: int) -> Member:
    """Return one learner of a class.

    Raises
    ------
    UsageError
        ``not-found``.
    """
    enrolment = session.get(Enrolment, {"class_id": class_id, "user_id": row_id(user_id)})
    if enrolment is None or enrolment.role != "learner":
        raise not_found()
    user = session.get_one(User, user_id)
    return Member(user.id, user.subject, user.login or "", user.name, user.must_change_password)


def enrol_lecturer(session: Session, person: Person, class_id: int, login: str) -> None:
    """Add a lecturer to a class.

    The operator of its institution may add anybody who has an account in it, and makes a learner's account a
    lecturer's by that; a lecturer of the class may add others who are lecturers already.

    Raises
    ------
    UsageError
        ``not-found``, ``unknown-lecturer``, ``already-learner``, or what :func:`accounts.check_login` raises.
    """
    found = session.get(Class, row_id(class_id))
    if found is None:
        raise not_found()
    institution_id = session.get_one(Course, found.course_id).institution_id
    operates = institution_id in {row.id for row in institutions(session, person, "operator")}
    if not operates and not accounts.teaches_class(session, person, class_id):
        raise not_found()
    membership = session.scalar(
        select(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            User.login == accounts.check_login(login),
            User.erased_at.is_(None),
            Membership.institution_id == institution_id,
        )
    )
    if membership is None or (membership.role == "learner" and not operates):
        raise UsageError("unknown-lecturer", "no lecturer of this institution has this login")
    enrolment = session.get(Enrolment, {"class_id": class_id, "user_id": membership.user_id})
    if enrolment is not None and enrolment.role == "learner":
        raise UsageError("already-learner", "this person is a learner in this class; remove them first")
    if membership.role == "learner":
        membership.role = "lecturer"
    if enrolment is None:
        session.add(Enrolment(class_id=class_id, user_id=membership.user_id, role="lecturer"))
    accounts.audit(session, person, "lecturer-enrolled", f"class {class_id}", user=membership.user_id)


def remove(session: Session, person: Person, class_id: int, user_id: int) -> None:
    """Take somebody out of a class. What they handed in stays theirs, and counts again if they come back.

    Raises
    ------
    UsageError
        ``not-found``, or ``last-lecturer``: nobody would see the class any more.
    """
    enrolment = session.get(Enrolment, {"class_id": row_id(class_id), "user_id": row_id(user_id)})
    if enrolment is None:
        raise not_found()
    if enrolment.role == "lecturer":
        # Locked, so that two lecturers who remove each other do not both succeed.
        lecturers = session.scalars(
            select(Enrolment)
            .where(Enrolment.class_id == class_id, Enrolment.role == "lecturer")
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()
        if len(lecturers) < 2:
            raise UsageError("last-lecturer", "a class keeps at least one lecturer")
    session.execute(delete(Enrolment).where(Enrolment.class_id == class_id, Enrolment.user_id == user_id))
    accounts.audit(session, person, "member-removed", f"class {class_id}", user=user_id)


def check_title(text: str) -> str:
    """Return a title in normal form.

    Raises
    ------
    UsageError
        ``bad-title``.
    """
    try:
        return accounts.check_name(text)
    except UsageError:
        raise UsageError("bad-title", "a title has 1 to 200 characters, without control characters") from None


def name_order(name: str) -> tuple[str, str]:
    """Return what names are sorted by."""
    plain = folded(name)
    return (plain.rpartition(" ")[2], plain)
