"""A hub with people at work in it: for pictures of its pages, and for tests that look at every page.

Nobody in it is real. Verdicts are: whatever is handed in here is graded.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from chiploom.hdl.sources import Source
from chiploom.hub import portfolio, work
from chiploom.hub.database.schema import Enrolment, Institution, Submission
from chiploom.hub.hub import Hub
from chiploom.hub.people import accounts, passwords
from chiploom.hub.people.accounts import Person, Role
from chiploom.hub.teaching import assignments, clusters, courses, gradebook, taking
from chiploom.hub.teaching.assignments import Terms
from chiploom.hub.work import Place
from chiploom.tasks.model import Task

PACK = "foundations"
PASSWORD = "một câu dễ nhớ"
NAMES = (
    "Nguyễn Văn An",
    "Trần Thị Bích",
    "Lê Hoàng Cường",
    "Phạm Thị Dung",
    "Hoàng Minh Đức",
    "Vũ Thị Hà",
    "Đặng Quốc Huy",
    "Bùi Thị Lan",
    "Camille Lefèvre",
    "Priya Raman",
)
COMMENT = "Xem lại **mức ưu tiên** của các phép toán: `&` đi trước `|`."

_SOLVED = ("wire", "vectors", "multiplexer", "decoder", "flip-flop")


@dataclass(frozen=True, slots=True)
class Sample:
    """Who is in the hub, by the token of a sign-in, and the addresses of pages that have something to show."""

    learner: str
    lecturer: str
    operator: str
    learner_pages: tuple[str, ...]
    lecturer_pages: tuple[str, ...]
    operator_pages: tuple[str, ...]
    public_pages: tuple[str, ...]


def fill(hub: Hub) -> Sample:
    """Fill a hub that is set up and has nobody but its operator, and wait until everything is graded."""
    password_hash = passwords.hashed_new(PASSWORD, "")
    _, operator_token = _enter(hub, "operator", "Vận Hành", "operator", password_hash)
    lecturer, lecturer_token = _enter(hub, "lecturer", "Lê Thị Giảng", "lecturer", password_hash)
    entered = [
        _enter(hub, f"k67-{number:02}", name, "learner", password_hash) for number, name in enumerate(NAMES, start=1)
    ]
    learners = [person for person, _ in entered]
    me = learners[0]
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    with hub.database.writing() as session:
        institution_id = session.scalars(select(Institution.id).order_by(Institution.id).limit(1)).one()
        course = courses.make_course(session, lecturer, institution_id, "Thiết kế số 1")
        class_id = courses.make_class(session, lecturer, course.id, "K67-ĐTVT-02").id
        for person in learners:
            session.add(Enrolment(class_id=class_id, user_id=person.id, role="learner"))
        common = {"pack_id": PACK, "opens_at": now - timedelta(days=2), "points": 10}
        practice = assignments.make(
            session,
            hub.library,
            lecturer,
            class_id,
            Terms(
                task_id="gates",
                mode="practice",
                variants=False,
                due_at=now + timedelta(days=5),
                closes_at=now + timedelta(days=8),
                late_percent_per_day=10,
                **common,  # type: ignore[arg-type]
            ),
        ).id
        exam = assignments.make(
            session,
            hub.library,
            lecturer,
            class_id,
            Terms(
                task_id="updown-counter",
                mode="exam",
                variants=True,
                due_at=now + timedelta(hours=2),
                closes_at=now + timedelta(hours=2),
                max_attempts=5,
                proctored=True,
                ai_use="none",
                **common,  # type: ignore[arg-type]
            ),
        ).id
        over = assignments.make(
            session,
            hub.library,
            lecturer,
            class_id,
            Terms(
                task_id="parity",
                mode="practice",
                variants=False,
                pack_id=PACK,
                opens_at=now - timedelta(days=20),
                due_at=now - timedelta(days=10),
                closes_at=now - timedelta(days=9),
            ),
        ).id
        row = assignments.taught_assignment(session, lecturer, practice)
        assignments.extend(
            session, lecturer, row, learners[3].id, now + timedelta(days=7), now + timedelta(days=9), "ốm, có giấy"
        )
        gradebook.give(session, lecturer, row, learners[4].id, 7.5, "vấn đáp tốt")

    gates = hub.library.task(PACK, "gates").reference[0].text
    wrong, rejected = gates.replace("&", "|", 1), gates.replace("assign", "asign", 1)
    attempts = [[wrong, gates], [wrong], [wrong], [gates], [rejected], [wrong], [rejected], [gates]]
    mine = {}
    for person, texts in zip(learners, attempts, strict=False):
        for text in texts:
            mine[person.id] = _hand_in(hub, person, text, "gates", practice)
    for person in learners[:6]:
        with hub.database.reading() as session:
            task, place = taking.task_and_place(hub.library, taking.given(session, person, exam), person)
        text = solution(task)
        for attempt in [text.replace("+", "-", 1), text] if person is me else [text.replace("+", "-", 1)]:
            work.hand_in(hub, person, place, task, [Source("design.sv", attempt)])
    bcd_counter = hub.library.task(PACK, "bcd-counter")
    hexadecimal = next(example for example in bcd_counter.broken if example.name == "hexadecimal-digit")
    counted = _hand_in(hub, me, hexadecimal.sources[0].text, "bcd-counter")
    for name in _SOLVED:
        _hand_in(hub, me, hub.library.task(PACK, name).reference[0].text, name)
        _wait(hub)
    _wait(hub)

    with hub.database.writing() as session:
        row = assignments.taught_assignment(session, lecturer, practice)
        clusters.comment(session, lecturer, row, clusters.of(session, row)[0].id, COMMENT)
        accounts.make_token(session, me.id, "máy tính ở nhà", ["read", "submit"], 90)
        work.use_hint(session, me, Place(PACK, "gates"), hub.library.task(PACK, "gates"), 1)
    skill = hub.library.task(PACK, "flip-flop").skills[0]
    credential = portfolio.issue(hub, me, skill, with_name=True)
    portfolio.publish(hub, me, credential, is_public=True)
    with hub.database.reading() as session:
        failed = session.scalars(
            select(Submission.id).where(Submission.assignment_id == practice, Submission.outcome == "refuted").limit(1)
        ).one()
    return Sample(
        learner=entered[0][1],
        lecturer=lecturer_token,
        operator=operator_token,
        learner_pages=(
            "/learn",
            f"/lab/{PACK}/fsm-moore",
            f"/lab/{PACK}/bcd-counter",
            f"/lab/{PACK}/bcd-counter?submission={counted}&against=draft",
            f"/lab/{PACK}/parity?variant=3",
            f"/assignments/{practice}?submission={failed}",
            f"/assignments/{practice}?submission={mine[me.id]}&against={failed}",
            f"/assignments/{exam}",
            f"/assignments/{over}",
            "/portfolio",
            f"/credentials/{credential}",
            "/account",
            "/account/data",
            "/not-there",
        ),
        lecturer_pages=(
            "/teach",
            f"/teach/classes/{class_id}",
            f"/teach/classes/{class_id}/assignments/new",
            f"/teach/assignments/{practice}",
            f"/teach/assignments/{practice}/clusters",
            f"/teach/classes/{class_id}/progress",
            f"/teach/classes/{class_id}/gradebook",
            f"/teach/classes/{class_id}/practice?programme=150",
            f"/teach/classes/{class_id}/learners/{me.id}",
            f"/teach/assignments/{practice}/learners/{learners[4].id}",
            f"/teach/assignments/{exam}/learners/{me.id}/defence",
            f"/teach/submissions/{mine[me.id]}?against={failed}",
            "/teach/packs",
            "/teach/tasks/new",
        ),
        operator_pages=(
            "/operate",
            "/operate/people",
            f"/operate/people/{me.id}",
            "/operate/institutions",
            "/operate/audit",
            "/operate/retention",
            "/operate/consents",
        ),
        public_pages=("/", "/sign-in", "/sign-up", f"/credentials/{credential}", "/nowhere"),
    )


def solution(task: Task) -> str:
    """Return a design that is right for a task, or for the variant of it: the reference with its parameters."""
    text = task.reference[0].text
    for name, value in task.parameters.items():
        text, count = re.subn(rf"(\bparameter\b[^=]*\b{name}\s*=\s*)[^,\n]+", rf"\g<1>{value}", text, count=1)
        assert count == 1, name
    return text


def _enter(hub: Hub, login: str, name: str, role: Role, password_hash: str) -> tuple[Person, str]:
    """Make an account and sign it in; return the person and the token of the sign-in."""
    with hub.database.writing() as session:
        institution_id = session.scalars(select(Institution.id).order_by(Institution.id).limit(1)).one()
        user = accounts.create(
            session,
            login=login,
            name=name,
            password_hash=password_hash,
            language="vi",
            institution_id=institution_id,
            role=role,
        )
        token = accounts.sign_in(session, user)
    with hub.database.reading() as session:
        person = accounts.person_of_cookie(session, token)
    assert person is not None
    return person, token


def _hand_in(hub: Hub, person: Person, text: str, task_id: str, assignment_id: int | None = None) -> int:
    place = Place(PACK, task_id, assignment_id=assignment_id)
    return work.hand_in(hub, person, place, hub.library.task(PACK, task_id), [Source("design.sv", text)])


def _wait(hub: Hub) -> None:
    for _ in range(1200):
        with hub.database.reading() as session:
            if not session.scalar(select(func.count()).select_from(Submission).where(Submission.state != "done")):
                return
        time.sleep(0.05)
    raise TimeoutError("the submissions of the sample were not graded within a minute")
