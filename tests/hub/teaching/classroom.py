"""A class with a lecturer and learners, and people who have no business in it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from starlette.testclient import TestClient
from visiting import Browser

from chiploom.hub import application
from chiploom.hub.database.schema import Assignment, Enrolment, Institution, Submission
from chiploom.hub.hub import Hub
from chiploom.hub.people import accounts
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import assignments, courses
from chiploom.hub.teaching.assignments import Terms
from chiploom.hub.web.asking import SESSION_COOKIE
from chiploom.tasks.load import load_pack, load_task

NOW = datetime.now(UTC).replace(microsecond=0)
GATES = load_task(load_pack(), "gates")
RIGHT = GATES.reference[0].text
WRONG = RIGHT.replace("&", "|", 1)


@dataclass
class Classroom:
    """One class of one course."""

    hub: Hub
    class_id: int
    lecturer: Browser
    person: Person
    learners: list[Browser] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    def add_learner(self, name: str = "Nguyễn Thị Học") -> tuple[Browser, Person]:
        browser, person = newcomer(self.hub, "learner", name)
        with self.hub.database.writing() as session:
            session.add(Enrolment(class_id=self.class_id, user_id=person.id, role="learner"))
        self.learners.append(browser)
        self.people.append(person)
        return browser, person

    def assign(self, **changes: Any) -> int:
        """Make an assignment that is open now, and return its number."""
        terms = {
            "pack_id": "foundations",
            "task_id": "gates",
            "mode": "practice",
            "variants": False,
            "opens_at": NOW - timedelta(hours=1),
            "due_at": NOW + timedelta(days=1),
            "closes_at": NOW + timedelta(days=3),
        }
        with self.hub.database.writing() as session:
            return assignments.make(
                session, self.hub.library, self.person, self.class_id, Terms(**{**terms, **changes})
            ).id

    def row(self, number: int) -> Assignment:
        with self.hub.database.reading() as session:
            return session.get_one(Assignment, number)

    def hand_in(self, person: Person, number: int, text: str, **values: Any) -> int:
        """Write a submission with a verdict as if it had been graded, and return its number."""
        row = self.row(number)
        with self.hub.database.writing() as session:
            submission = Submission(
                **{
                    "user_id": person.id,
                    "pack_id": row.pack_id,
                    "pack_version": "1",
                    "task_id": row.task_id,
                    "assignment_id": number,
                    "files": [["design.sv", text]],
                    "created_at": NOW,
                    "state": "done",
                    "outcome": "proved",
                    "is_met": True,
                    **values,
                }
            )
            session.add(submission)
            session.flush()
            return submission.id

    def attempts(self, number: int) -> int:
        with self.hub.database.reading() as session:
            return len(session.scalars(select(Submission.id).where(Submission.assignment_id == number)).all())


def newcomer(hub: Hub, role: accounts.Role, name: str, language: str = "en") -> tuple[Browser, Person]:
    """Return a signed-in browser of a new account, without hashing a password."""
    with hub.database.writing() as session:
        institution_id = session.scalars(select(Institution.id)).first()
        assert institution_id is not None
        user = accounts.create(
            session,
            login=f"{role}-{secrets.token_hex(5)}",
            name=name,
            password_hash="",
            language=language,
            institution_id=institution_id,
            role=role,
        )
        token = accounts.sign_in(session, user)
    with hub.database.reading() as session:
        person = accounts.person_of_cookie(session, token)
    assert person is not None
    client = TestClient(application.create(hub), headers={"accept-language": language}, follow_redirects=False)
    client.cookies.set(SESSION_COOKIE, token)
    return Browser(client), person


def open_classroom(hub: Hub, learners: int = 2) -> Classroom:
    """Return a class of its own course, with its own lecturer and learners."""
    browser, person = newcomer(hub, "lecturer", "Lê Văn Giảng")
    with hub.database.writing() as session:
        institution_id = session.scalars(select(Institution.id)).first()
        assert institution_id is not None
        course = courses.make_course(session, person, institution_id, "Thiết kế số")
        class_id = courses.make_class(session, person, course.id, "K67").id
    room = Classroom(hub, class_id, browser, person)
    for number in range(learners):
        room.add_learner(f"Nguyễn Thị Học {number + 1}")
    return room


def local(moment: datetime, hub: Hub) -> str:
    """Return a moment as a browser's field sends it."""
    return moment.astimezone(ZoneInfo(hub.settings.time_zone)).strftime("%Y-%m-%dT%H:%M")
