"""A lecturer's classes: making them, and who is in them."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.responses import RedirectResponse, Response

from chiploom.hub.database.schema import Class, Course
from chiploom.hub.hub import Hub
from chiploom.hub.pages.assignments import title_of
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import assignments, clock, courses, enrolling, roster, spreadsheet
from chiploom.hub.teaching.enrolling import Issued
from chiploom.hub.web.asking import Teacher, TheHub, Words
from chiploom.hub.web.language import Wording
from chiploom.hub.web.limited import limited
from chiploom.hub.web.rendering import page

router = APIRouter(prefix="/teach")

_Text = Annotated[str, Form(max_length=500)]
_SAID = frozenset({"made", "saved", "removed", "enrolled", "imported"})


@router.get("")
def index(request: Request, hub: TheHub, person: Teacher, words: Words, said: str = "") -> Response:
    """Show the classes that this person teaches, and to operators those in which they may enrol lecturers."""
    with hub.database.reading() as session:
        taught = courses.taught_classes(session, person)
        own = courses.own_courses(session, person)
        operated = courses.operated_classes(session, person)
        institutions = courses.institutions(session, person, "lecturer", "operator")
    by_course = [
        (course, [(row.Class, row.learners) for row in taught if row.Class.course_id == course.id])
        for course in own.values()
    ]
    return page(
        request,
        "teach-index.html",
        words,
        person,
        courses=by_course,
        operated=operated,
        institutions=institutions,
        said=said if said in _SAID else "",
    )


@router.post("/courses")
def make_course(hub: TheHub, person: Teacher, title: _Text, institution_id: Annotated[int, Form()]) -> Response:
    """Make a course."""
    with hub.database.writing() as session:
        courses.make_course(session, person, institution_id, title)
    return RedirectResponse("/teach?said=made", 303)


@router.post("/courses/{number}/classes")
def make_class(hub: TheHub, person: Teacher, number: int, name: _Text) -> Response:
    """Make a class of a course."""
    with hub.database.writing() as session:
        made = courses.make_class(session, person, number, name)
    return RedirectResponse(f"/teach/classes/{made.id}?said=made", 303)


@router.get("/classes/{number}")
def show_class(request: Request, hub: TheHub, person: Teacher, words: Words, number: int, said: str = "") -> Response:
    """Show a class: its assignments and who is in it."""
    with hub.database.reading() as session:
        found, course = courses.taught(session, person, number)
        learners = courses.members(session, number)
        lecturers = courses.members(session, number, "lecturer")
        rows = assignments.of_class(session, number)
        unused = len(enrolling.waiting_for_first_sign_in(session, number))
    now = clock.now()
    return page(
        request,
        "teach-class.html",
        words,
        person,
        found=found,
        course=course,
        learners=learners,
        lecturers=lecturers,
        assignments=[(row, title_of(hub, row), assignments.window(row, None).phase(now)) for row in rows],
        unused=unused,
        said=said if said in _SAID else "",
    )


@router.post("/classes/{number}/lecturers")
def enrol_lecturer(hub: TheHub, person: Teacher, number: int, login: _Text) -> Response:
    """Add a lecturer; also for the operator, who does not see the class by that."""
    with hub.database.writing() as session:
        courses.enrol_lecturer(session, person, number, login)
    return RedirectResponse("/teach?said=enrolled", 303)


@router.post("/classes/{number}/members/{user_id}/remove")
def remove_member(hub: TheHub, person: Teacher, number: int, user_id: int) -> Response:
    """Take somebody out of the class."""
    with hub.database.writing() as session:
        courses.taught(session, person, number)
        courses.remove(session, person, number, user_id)
    return RedirectResponse("/teach?said=removed" if user_id == person.id else f"/teach/classes/{number}", 303)


@router.post("/classes/{number}/roster")
def preview_roster(
    request: Request,
    hub: TheHub,
    person: Teacher,
    words: Words,
    number: int,
    pasted: Annotated[str, Form(max_length=roster.LARGEST_BYTES)] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Show what a list would do, or what is wrong with it; nothing is changed."""
    data = b"" if file is None else file.file.read(roster.LARGEST_BYTES + 1)
    text = roster.decode(data) if data else pasted
    with hub.database.reading() as session:
        found, course = courses.taught(session, person, number)
        planned = enrolling.planned(session, found, course, text)
    status = 422 if planned.problems else 200
    return page(
        request, "teach-roster.html", words, person, status, found=found, course=course, plan=planned, text=text
    )


@router.post("/classes/{number}/roster/import", dependencies=[limited("import")])
def import_roster(
    request: Request,
    hub: TheHub,
    person: Teacher,
    words: Words,
    number: int,
    text: Annotated[str, Form(max_length=roster.LARGEST_BYTES)],
) -> Response:
    """Enrol the learners of a list and show, this once, the passwords of those who are new."""
    with hub.database.reading() as session:
        found, course = courses.taught(session, person, number)
        planned = enrolling.planned(session, found, course, text)
    if planned.problems:
        return page(
            request, "teach-roster.html", words, person, 422, found=found, course=course, plan=planned, text=text
        )
    first = enrolling.first_passwords(planned.new)
    with hub.database.writing() as session:
        courses.taught(session, person, number)
        issued = enrolling.enrol(session, person, found, course, planned, first)
    if not issued:
        return RedirectResponse(f"/teach/classes/{number}?said=imported", 303)
    return _sheet(request, hub, person, words, found, course, issued)


@router.post("/classes/{number}/passwords", dependencies=[limited("import")])
def issue_passwords(request: Request, hub: TheHub, person: Teacher, words: Words, number: int) -> Response:
    """Give new first passwords to those who never used theirs."""
    with hub.database.reading() as session:
        found, course = courses.taught(session, person, number)
        members = enrolling.waiting_for_first_sign_in(session, number)[: enrolling.MOST_NEW]
    first = enrolling.first_passwords(members)
    with hub.database.writing() as session:
        courses.taught(session, person, number)
        issued = enrolling.issue_again(session, person, number, members, first)
    return _sheet(request, hub, person, words, found, course, issued)


def _sheet(
    request: Request, hub: Hub, person: Person, words: Wording, found: Class, course: Course, issued: list[Issued]
) -> Response:
    rows = [
        (words("login"), words("name"), words("password")),
        *((item.login, item.name, item.password) for item in issued),
    ]
    # In the page itself, since a second request could not have it: the passwords are nowhere else.
    download = f"data:text/csv;charset=utf-8,{quote(spreadsheet.write(rows, words.language))}"
    return page(
        request,
        "teach-passwords.html",
        words,
        person,
        found=found,
        course=course,
        issued=issued,
        download=download,
        address=hub.address,
    )
