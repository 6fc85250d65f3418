"""Courses, classes and who is in them, for lecturers."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from chiploom.errors import UsageError
from chiploom.hub.api.answers import Listed, listed
from chiploom.hub.api.asking import After, ApiLecturer, Most, Number
from chiploom.hub.api.teaching_answers import (
    ClassListed,
    ClassSent,
    ClassShown,
    CourseSent,
    CourseShown,
    FirstPassword,
    LecturerSent,
    MemberShown,
    MinutesSent,
    RosterPlan,
    RosterProblem,
    RosterSent,
    class_shown,
    course_shown,
    member_shown,
)
from chiploom.hub.database.schema import Class
from chiploom.hub.teaching import courses, enrolling, practice
from chiploom.hub.teaching.enrolling import Issued
from chiploom.hub.web.asking import TheHub
from chiploom.hub.web.limited import limited

router = APIRouter(prefix="/teach", tags=["teaching"])


@router.get("/courses")
def list_courses(hub: TheHub, person: ApiLecturer, after: After = 0, limit: Most = 50) -> Listed[CourseShown]:
    """The courses that this person made or teaches a class of."""
    with hub.database.reading() as session:
        rows = courses.own_courses(session, person)
    return listed([course_shown(row) for row in rows.values()], after, limit)


@router.post("/courses", status_code=201)
def make_course(hub: TheHub, person: ApiLecturer, sent: CourseSent) -> CourseShown:
    """Make a course in an institution in which this person teaches."""
    with hub.database.writing() as session:
        return course_shown(courses.make_course(session, person, sent.institution, sent.title))


@router.post("/courses/{number}/classes", status_code=201)
def make_class(hub: TheHub, person: ApiLecturer, number: Number, sent: ClassSent) -> ClassShown:
    """Make a class of a course, with this person as its lecturer."""
    with hub.database.writing() as session:
        return class_shown(courses.make_class(session, person, number, sent.name))


@router.get("/classes")
def list_classes(hub: TheHub, person: ApiLecturer, after: After = 0, limit: Most = 50) -> Listed[ClassListed]:
    """The classes that this person teaches."""
    with hub.database.reading() as session:
        rows = courses.taught_classes(session, person)
    items = [ClassListed(**class_shown(row.Class).model_dump(), learners=row.learners) for row in rows]
    return listed(items, after, limit)


@router.get("/classes/{number}")
def show_class(hub: TheHub, person: ApiLecturer, number: Number) -> ClassShown:
    """A class."""
    with hub.database.reading() as session:
        return class_shown(courses.taught(session, person, number)[0])


@router.put("/classes/{number}/minutes-per-credit")
def set_minutes(hub: TheHub, person: ApiLecturer, number: Number, sent: MinutesSent) -> ClassShown:
    """Say how many minutes of practice are a credit."""
    with hub.database.writing() as session:
        practice.set_minutes_per_credit(session, person, number, sent.minutes_per_credit)
        return class_shown(session.get_one(Class, number))


@router.get("/classes/{number}/learners")
def list_learners(
    hub: TheHub, person: ApiLecturer, number: Number, after: After = 0, limit: Most = 50
) -> Listed[MemberShown]:
    """The learners of a class, by the last word of their names."""
    return _members(hub, person, number, "learner", after, limit)


@router.get("/classes/{number}/lecturers")
def list_lecturers(
    hub: TheHub, person: ApiLecturer, number: Number, after: After = 0, limit: Most = 50
) -> Listed[MemberShown]:
    """The lecturers of a class."""
    return _members(hub, person, number, "lecturer", after, limit)


@router.post("/classes/{number}/lecturers", status_code=204)
def enrol_lecturer(hub: TheHub, person: ApiLecturer, number: Number, sent: LecturerSent) -> Response:
    """Add a lecturer; also for the operator of the institution, who does not see the class by that."""
    with hub.database.writing() as session:
        courses.enrol_lecturer(session, person, number, sent.login)
    return Response(status_code=204)


@router.delete("/classes/{number}/members/{user_id}", status_code=204)
def remove_member(hub: TheHub, person: ApiLecturer, number: Number, user_id: Number) -> Response:
    """Take somebody out of a class. What they handed in stays theirs."""
    with hub.database.writing() as session:
        courses.taught(session, person, number)
        courses.remove(session, person, number, user_id)
    return Response(status_code=204)


@router.post("/classes/{number}/roster/check")
def check_roster(hub: TheHub, person: ApiLecturer, number: Number, sent: RosterSent) -> RosterPlan:
    """What the import of a list would do, or what is wrong with it; nothing is changed."""
    with hub.database.reading() as session:
        found, course = courses.taught(session, person, number)
        planned = enrolling.planned(session, found, course, sent.text)
    return RosterPlan(
        new=[line.login for line in planned.new],
        known=[line.login for line, _ in planned.known],
        present=[line.login for line in planned.present],
        problems=[
            RosterProblem(line=problem.number, code=problem.code, value=problem.value) for problem in planned.problems
        ],
    )


@router.post("/classes/{number}/roster", dependencies=[limited("import")])
def import_roster(hub: TheHub, person: ApiLecturer, number: Number, sent: RosterSent) -> list[FirstPassword]:
    """Enrol the learners of a list, all or nobody, and tell this once the passwords of those who are new."""
    with hub.database.reading() as session:
        found, course = courses.taught(session, person, number)
        planned = enrolling.planned(session, found, course, sent.text)
    if planned.problems:
        raise UsageError(
            "roster-faulty", "the list has faults, so nobody was enrolled; the check of the list names them"
        )
    first = enrolling.first_passwords(planned.new)
    with hub.database.writing() as session:
        courses.taught(session, person, number)
        issued = enrolling.enrol(session, person, found, course, planned, first)
    return _told(issued)


@router.post("/classes/{number}/passwords", dependencies=[limited("import")])
def issue_passwords(hub: TheHub, person: ApiLecturer, number: Number) -> list[FirstPassword]:
    """New first passwords for those who never used theirs, told only now."""
    with hub.database.reading() as session:
        courses.taught(session, person, number)
        members = enrolling.waiting_for_first_sign_in(session, number)[: enrolling.MOST_NEW]
    first = enrolling.first_passwords(members)
    with hub.database.writing() as session:
        courses.taught(session, person, number)
        issued = enrolling.issue_again(session, person, number, members, first)
    return _told(issued)


def _members(hub: TheHub, person: ApiLecturer, number: int, role: str, after: int, limit: int) -> Listed[MemberShown]:
    with hub.database.reading() as session:
        courses.taught(session, person, number)
        members = courses.members(session, number, role)
    return listed([member_shown(member) for member in members], after, limit)


def _told(issued: list[Issued]) -> list[FirstPassword]:
    return [FirstPassword(login=item.login, name=item.name, password=item.password) for item in issued]
