"""Enrolling the learners of a list: what would happen, the first passwords, and doing it, all or nothing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from chiploom.errors import UsageError
from chiploom.hub.database.database import insert_unless_there
from chiploom.hub.database.schema import Class, Course, Enrolment, Institution, Membership, User
from chiploom.hub.people import accounts, passwords
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import courses, roster
from chiploom.hub.teaching.roster import Line, Problem, Roster

#: Hashing a password takes a deliberate few hundredths of a second.
MOST_NEW = 300
#: Without the letters and digits that are taken for one another on paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Plan:
    """What the import of a list would do.

    Attributes
    ----------
    new : tuple of Line
        Accounts to be made.
    known : tuple of (Line, int)
        Accounts that exist in the institution, and are enrolled as they are.
    present : tuple of Line
        Learners of the class already.
    problems : tuple of Problem
        Why nothing is done.
    """

    new: tuple[Line, ...]
    known: tuple[tuple[Line, int], ...]
    present: tuple[Line, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Issued:
    """A first password, which is shown once."""

    login: str
    name: str
    password: str


def plan(session: Session, found: Class, course: Course, read: Roster) -> Plan:
    """Compare a list with the accounts there are."""
    logins = [line.login for line in read.lines]
    users = {
        row.login: row
        for start in range(0, len(logins), 500)
        for row in session.execute(
            select(User.id, User.login, Membership.user_id.label("member"), Enrolment.role)
            .outerjoin(
                Membership, (Membership.user_id == User.id) & (Membership.institution_id == course.institution_id)
            )
            .outerjoin(Enrolment, (Enrolment.user_id == User.id) & (Enrolment.class_id == found.id))
            .where(User.login.in_(logins[start : start + 500]))
        )
    }
    new, known, present, problems = [], [], [], list(read.problems)
    for line in read.lines:
        user = users.get(line.login)
        if user is None:
            new.append(line)
        elif user.role == "learner":
            present.append(line)
        elif user.role == "lecturer":
            problems.append(Problem(line.number, "lecturer", line.login))
        elif user.member is None:
            problems.append(Problem(line.number, "elsewhere", line.login))
        else:
            known.append((line, user.id))
    if len(new) > MOST_NEW:
        problems.append(Problem(new[MOST_NEW].number, "many", str(MOST_NEW)))
    return Plan(tuple(new), tuple(known), tuple(present), tuple(sorted(problems, key=lambda problem: problem.number)))


def planned(session: Session, found: Class, course: Course, text: str) -> Plan:
    """Read a list as text and compare it with the accounts there are.

    Raises
    ------
    UsageError
        ``roster-too-large``.
    """
    language = session.get_one(Institution, course.institution_id).language
    try:
        read = roster.read(text, language)
    except UsageError as error:
        if error.code != "roster-empty":
            raise
        read = Roster((), (Problem(1, "empty"),))
    return plan(session, found, course, read)


def first_passwords(lines: Sequence[Line] | Sequence[courses.Member]) -> dict[str, tuple[str, str]]:
    """Return, by login, a random password and its hash. Slow, so never inside a writing transaction."""
    made = {line.login: new_password() for line in lines}
    return {login: (password, passwords.hashed_new(password, login)) for login, password in made.items()}


def new_password() -> str:
    """Return a random password of 59 bits that can be typed from paper."""
    letters = [secrets.choice(_ALPHABET) for _ in range(12)]
    return "-".join("".join(letters[start : start + 4]) for start in (0, 4, 8))


def enrol(
    session: Session,
    person: Person,
    found: Class,
    course: Course,
    planned: Plan,
    first: Mapping[str, tuple[str, str]],
) -> list[Issued]:
    """Make the accounts and enrol everybody.

    Raises
    ------
    UsageError
        ``login-taken``: somebody took one of the logins since the list was looked at; nothing is done then.
    """
    issued = []
    for line in planned.new:
        password, password_hash = first[line.login]
        user = accounts.create(
            session,
            login=line.login,
            name=line.name,
            password_hash=password_hash,
            language=line.language,
            institution_id=course.institution_id,
            must_change_password=True,
        )
        session.add(Enrolment(class_id=found.id, user_id=user.id, role="learner"))
        issued.append(Issued(line.login, line.name, password))
    for _, user_id in planned.known:
        # Another import of the same list may be under way.
        insert_unless_there(session, Enrolment, {"class_id": found.id, "user_id": user_id, "role": "learner"})
    accounts.audit(
        session, person, "roster-imported", f"class {found.id}", new=len(planned.new), known=len(planned.known)
    )
    return issued


def waiting_for_first_sign_in(session: Session, class_id: int) -> list[courses.Member]:
    """Return the learners of a class who are learners everywhere and still have the password they were given."""
    teaching = set(
        session.scalars(
            select(Membership.user_id)
            .join(Enrolment, Enrolment.user_id == Membership.user_id)
            .where(Enrolment.class_id == class_id, Membership.role != "learner")
        )
    )
    return [
        member
        for member in courses.members(session, class_id)
        if member.must_change_password and member.login and member.id not in teaching
    ]


def issue_again(
    session: Session,
    person: Person,
    class_id: int,
    members: Sequence[courses.Member],
    first: Mapping[str, tuple[str, str]],
) -> list[Issued]:
    """Give new first passwords to those who never used theirs, because the sheet was lost.

    Somebody who chose a password of their own meanwhile keeps it.
    """
    issued = []
    for member in members:
        password, password_hash = first[member.login]
        changed = session.scalar(
            update(User)
            .where(User.id == member.id, User.must_change_password.is_(True), User.erased_at.is_(None))
            .values(password_hash=password_hash)
            .returning(User.id)
        )
        if changed is not None:
            accounts.end_all(session, member.id)
            issued.append(Issued(member.login, member.name, password))
    if not issued:
        raise UsageError("nobody-waits", "every learner of this class has chosen a password already")
    accounts.audit(session, person, "passwords-issued", f"class {class_id}", count=len(issued))
    return issued
