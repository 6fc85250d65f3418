"""Every endpoint of teaching and assignments, and everybody who has no business there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from classroom import NOW, WRONG, Classroom, local, newcomer, open_classroom
from fastapi.routing import APIRoute
from sqlalchemy import event
from visiting import Browser, files

from chiploom.hub.database.schema import ClusterComment, Extension, PackUpload
from chiploom.hub.hub import Hub
from chiploom.hub.pages import assignments, teach, teach_assignments, teach_packs, teach_reports, teach_tasks
from chiploom.tasks.load import builtin_pack_directory

ROUTES = sorted(
    {
        (method, route.path)
        for module in (teach, teach_assignments, teach_packs, teach_reports, teach_tasks, assignments)
        for route in module.router.routes
        if isinstance(route, APIRoute)
        for method in route.methods
    }
)
#: What anybody who teaches may do, whose it is not being a question.
OPEN_TO_TEACHERS = {
    ("GET", "/teach"),
    ("POST", "/teach/courses"),
    ("GET", "/teach/packs"),
    ("POST", "/teach/packs"),
    ("GET", "/teach/tasks/new"),
    ("POST", "/teach/tasks"),
    ("POST", "/teach/tasks/preview/{language}"),
}
#: What an operator may do in a class of theirs without being its lecturer.
OPERATORS = {*OPEN_TO_TEACHERS, ("POST", "/teach/classes/{number}/lecturers")}
CLUSTER = "c" * 16
#: By browser (they live as long as the module), so that each is asked for its token once.
TOKENS: dict[int, str] = {}


@pytest.fixture(scope="module")
def room(hub: Hub) -> Classroom:
    return open_classroom(hub)


@pytest.fixture(scope="module")
def parts(hub: Hub, room: Classroom) -> dict[str, int]:
    """An exam with a submission, an extension and a comment."""
    number = room.assign(mode="exam")
    learner = room.people[0]
    made = room.hand_in(learner, number, WRONG, outcome="refuted", is_met=False, cluster=CLUSTER)
    with hub.database.writing() as session:
        until = NOW + timedelta(days=5)
        session.add(Extension(assignment_id=number, user_id=learner.id, due_at=until, closes_at=until, reason="ốm"))
        comment = ClusterComment(assignment_id=number, cluster=CLUSTER, text="bí mật", at=NOW, by_id=room.person.id)
        session.add(comment)
        session.flush()
        pack = PackUpload(
            pack_id="p",
            version="1",
            directory="none",
            task_count=1,
            by_id=room.person.id,
            uploaded_at=NOW,
            state="refused",
            reports=[],
        )
        session.add(pack)
        session.flush()
    shutil.copytree(builtin_pack_directory() / "gates", hub.admissions.folder("none") / "gates")
    parts = {"assignment": number, "submission": made, "learner": learner.id, "comment": comment.id}
    return {**parts, "pack": pack.id}


def address(path: str, room: Classroom, parts: dict[str, int]) -> str:
    number = room.class_id
    if path.startswith(("/teach/assignments", "/assignments")):
        number = parts["assignment"]
    elif path.startswith("/teach/submissions"):
        number = parts["submission"]
    elif path.startswith("/teach/packs"):
        number = parts["pack"]
    elif path.startswith("/teach/courses"):
        with room.hub.database.reading() as session:
            from chiploom.hub.database.schema import Class

            number = session.get_one(Class, room.class_id).course_id
    return path.format(
        number=number,
        user_id=parts["learner"],
        cluster=CLUSTER,
        comment_id=parts["comment"],
        hint_number=1,
        task_id="gates",
        language="vi",
    )


def fields(hub: Hub) -> dict[str, Any]:
    """Values for all forms: each takes what it knows."""
    later = local(NOW + timedelta(days=9), hub)
    return {
        "title": "Của người khác",
        "name": "Của người khác",
        "institution_id": 1,
        "login": "op",
        "pasted": "sv-la,Người Lạ\n",
        "text": "sv-la,Người Lạ\n",
        "task": "foundations/gates",
        "opens_at": local(NOW, hub),
        "due_at": later,
        "closes_at": later,
        "user_id": 1,
        "reason": "không có",
        "points": 1,
        "minutes_per_credit": 1,
        "files": files(WRONG),
        "stimulus": "a,b,c\n0,1,0\n",
    }


def ask(browser: Browser, method: str, path: str, hub: Hub) -> int:
    if id(browser) not in TOKENS and method != "GET":
        TOKENS[id(browser)] = browser.csrf
    headers = {"x-csrf-token": TOKENS[id(browser)]} if method != "GET" else {}
    if path.endswith(("/draft", "/diagnose")):
        body = {"files": [["design.sv", "// x"]]}
        return int(browser.client.request(method, path, json=body, headers=headers).status_code)
    data = fields(hub) if method == "POST" else None
    return int(browser.client.request(method, path, data=data, headers=headers).status_code)


@pytest.fixture(scope="module")
def others(hub: Hub) -> Iterator[dict[str, Browser]]:
    """People who neither teach nor attend the class."""
    another = open_classroom(hub, learners=1)
    yield {
        "another lecturer": another.lecturer,
        "a learner of another class": another.learners[0],
        "an operator": newcomer(hub, "operator", "Vận Hành Khác")[0],
    }


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_what_is_another_classes_is_not_found(
    hub: Hub, room: Classroom, parts: dict[str, int], others: dict[str, Browser], method: str, path: str
) -> None:
    for who, browser in others.items():
        allowed = {"another lecturer": OPEN_TO_TEACHERS, "an operator": OPERATORS}.get(who, set())
        if (method, path) not in allowed:
            assert ask(browser, method, address(path, room, parts), hub) == 404, who


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nobody_is_asked_to_sign_in_first(
    hub: Hub, room: Classroom, parts: dict[str, int], stranger: Browser, method: str, path: str
) -> None:
    stranger.client.follow_redirects = False
    answer = stranger.client.request(method, address(path, room, parts))
    assert answer.status_code == (303 if method == "GET" else 401)


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if route[1].startswith("/teach")])
def test_a_learner_of_the_class_does_not_teach_it(
    hub: Hub, room: Classroom, parts: dict[str, int], method: str, path: str
) -> None:
    assert ask(room.learners[1], method, address(path, room, parts), hub) == 404


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if route[0] == "GET"])
def test_whose_it_is_sees_it(hub: Hub, room: Classroom, parts: dict[str, int], method: str, path: str) -> None:
    browser = room.learners[0] if path.startswith("/assignments") else room.lecturer
    assert ask(browser, method, address(path, room, parts), hub) == 200


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if "{" in route[1]])
def test_what_does_not_exist_is_not_found_either(room: Classroom, hub: Hub, method: str, path: str) -> None:
    for number in (0, 999_999, 1 << 70):
        where = path.format(
            number=number, user_id=number, cluster="x", comment_id=number, hint_number=1, task_id="x", language="x"
        )
        browser = room.learners[0] if path.startswith("/assignments") else room.lecturer
        assert ask(browser, method, where, hub) == 404


def test_no_form_is_taken_without_its_token(room: Classroom, parts: dict[str, int], hub: Hub) -> None:
    for method, path in ROUTES:
        if method == "POST":
            answer = room.lecturer.client.post(address(path, room, parts), data=fields(hub))
            assert answer.status_code == 403, path


def test_a_submission_of_practice_is_not_the_lecturers(hub: Hub, room: Classroom, parts: dict[str, int]) -> None:
    own = room.hand_in(room.people[0], parts["assignment"], WRONG, assignment_id=None)
    room.lecturer.get(f"/teach/submissions/{own}", status=404)
    room.learners[0].get(f"/assignments/{parts['assignment']}?submission={own}", status=404)
    other = room.assign(closes_at=NOW - timedelta(minutes=1), due_at=NOW - timedelta(minutes=2))
    room.learners[0].get(f"/assignments/{other}?submission={own}", status=404)
    room.learners[1].get(f"/assignments/{other}?submission={parts['submission']}", status=404)


@pytest.mark.parametrize("path", ["progress/table", "gradebook", "gradebook.csv", "practice"])
def test_reports_ask_the_database_as_often_for_many_as_for_few(hub: Hub, path: str) -> None:
    def queries(room: Classroom) -> int:
        asked: list[object] = []

        def note(*arguments: object) -> None:
            # The thread that looks for uploads asks meanwhile, too.
            if "pack_upload" not in str(arguments[2]):
                asked.append(arguments[2])

        engine = hub.database._reader
        event.listen(engine, "before_cursor_execute", note)
        try:
            room.lecturer.get(f"/teach/classes/{room.class_id}/{path}")
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    few, many = open_classroom(hub, learners=1), open_classroom(hub, learners=12)
    for room in (few, many):
        for _ in room.people:
            number = room.assign()
        for person in room.people:
            room.hand_in(person, number, WRONG)
    assert queries(many) == queries(few) > 0
