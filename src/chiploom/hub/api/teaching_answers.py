"""The shapes of what lecturers are answered, and of what they send."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from chiploom.hub.api.answers import File
from chiploom.hub.database.schema import Assignment, Class, Course, Extension
from chiploom.hub.teaching import practice
from chiploom.hub.teaching.assignments import Terms
from chiploom.hub.teaching.courses import Member
from chiploom.hub.teaching.gradebook import Cell

Identifier = Annotated[str, Field(max_length=64)]
Text = Annotated[str, Field(max_length=500)]


def _within_reach(moment: datetime) -> datetime:
    """Refuse a year that no term has, and that arithmetic with days or time zones would step out of."""
    if not 2000 <= moment.year <= 2100:
        raise ValueError("a moment is in the years 2000 to 2100")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_within_reach)]


class CourseShown(BaseModel):
    """A course."""

    id: int
    institution: int
    title: str


class CourseSent(BaseModel):
    """A new course."""

    institution: int = Field(ge=1, lt=1 << 31)
    title: Text


class ClassShown(BaseModel):
    """A class of a course."""

    id: int
    course: int
    name: str
    minutes_per_credit: int = Field(description="minutes of practice that are a credit; 0: not said")


class ClassListed(ClassShown):
    """A class in the list."""

    learners: int = Field(description="how many there are")


class ClassSent(BaseModel):
    """A new class."""

    name: Text


class MinutesSent(BaseModel):
    """How many minutes of practice are a credit; 0: not said."""

    minutes_per_credit: int = Field(ge=0, le=100_000)


class MemberShown(BaseModel):
    """A person in a class."""

    id: int
    subject: str
    login: str
    name: str
    has_first_password: bool = Field(description="whether the password they were given is still to be changed")


class LecturerSent(BaseModel):
    """The login of who is to teach the class too."""

    login: Text


class RosterSent(BaseModel):
    """A list of learners as a spreadsheet program writes it: login, name and, where given, language."""

    text: str = Field(max_length=1_000_000)


class RosterProblem(BaseModel):
    """What is wrong with a line."""

    line: int
    code: str
    value: str


class RosterPlan(BaseModel):
    """What the import of a list would do; with a problem it does nothing."""

    new: list[str] = Field(description="logins of accounts that would be made")
    known: list[str] = Field(description="logins of accounts that would be enrolled as they are")
    present: list[str] = Field(description="logins of learners who are in the class already")
    problems: list[RosterProblem]


class FirstPassword(BaseModel):
    """A first password, told only now."""

    login: str
    name: str
    password: str


class AssignmentSent(BaseModel):
    """What a class has to do, and when. Moments have a time zone."""

    pack: Identifier
    task: Identifier
    mode: Literal["practice", "exam"] = "practice"
    variants: bool = False
    opens_at: Moment
    due_at: Moment
    closes_at: Moment = Field(description="until then work is taken, late after due_at")
    late_percent_per_day: int = Field(default=0, ge=0, le=100)
    max_attempts: int = Field(default=0, ge=0, le=1000, description="0: as many as one likes")
    points: int = Field(default=100, ge=1, le=1000)
    proctored: bool | None = None
    ai_use: Literal["none", "assisted", "generated"] | None = None

    def terms(self) -> Terms:
        """Return what was sent as terms, which are still to be checked."""
        return Terms(pack_id=self.pack, task_id=self.task, **self.model_dump(exclude={"pack", "task"}))


class AssignmentShown(AssignmentSent):
    """An assignment as its lecturer sees it."""

    id: int
    class_id: int
    #: What was possible when it was made may not be any more.
    opens_at: datetime
    due_at: datetime
    closes_at: datetime


class ExtensionSent(BaseModel):
    """More time for one learner."""

    due_at: Moment
    closes_at: Moment
    reason: Text


class ExtensionShown(BaseModel):
    """More time that a learner has."""

    person: int
    due_at: datetime
    closes_at: datetime
    reason: str


class PointsSent(BaseModel):
    """Points instead of the computed ones, and why."""

    points: float = Field(ge=0, le=1000)
    reason: Text


class CellShown(BaseModel):
    """A learner's points for an assignment, and where they come from."""

    assignment: int
    state: Literal["new", "waiting", "tried", "met"]
    points: float
    computed: float
    override: float | None
    reason: str
    late_days: int
    attempts: int
    met_at: datetime | None = Field(description="when the first submission that does it was made")


class GradebookRow(BaseModel):
    """A learner's line of the gradebook."""

    person: int
    login: str
    name: str
    total: float
    most: int = Field(description="the points there are in all")
    cells: list[CellShown]


class CommentShown(BaseModel):
    """A comment to all who fail in one way."""

    id: int
    text: str
    at: datetime
    by: int


class CommentSent(BaseModel):
    """What is said to all who fail in one way."""

    text: str = Field(max_length=4000)


class ClusterShown(BaseModel):
    """Learners whose newest submissions fail in the same way, with one of these submissions."""

    id: str
    outcome: str
    learners: list[int]
    example: int = Field(description="the number of a submission")
    comments: list[CommentShown]


class TaughtSubmission(BaseModel):
    """A submission for an assignment of one's class."""

    id: int
    assignment: int
    person: int
    created_at: datetime
    state: Literal["queued", "running", "done"]
    outcome: str | None
    is_met: bool | None


class TaughtSubmissionShown(TaughtSubmission):
    """The same with its files and, once there is one, its verdict."""

    files: list[File]
    verdict: dict[str, Any] | None = Field(description="chiploom/verdict/1; the trace only if it is still stored")


class PracticeShown(BaseModel):
    """Minutes of practice on a task."""

    pack: str
    task: str
    minutes: int


class PracticeRow(BaseModel):
    """A learner's practice. It is no statement that a programme meets a standard."""

    person: int
    login: str
    name: str
    minutes: int
    credits: float | None = Field(description="null while nobody said how many minutes a credit is")
    tasks: list[PracticeShown]


class UploadShown(BaseModel):
    """An uploaded pack and what the admission test says about it."""

    id: int
    pack: str
    version: str
    tasks: int
    uploaded_at: datetime
    state: Literal["testing", "refused", "admitted"]
    finished_at: datetime | None
    reason: str
    reports: list[dict[str, Any]] = Field(description="one for each task that was examined, as `pack check` writes it")


def course_shown(row: Course) -> CourseShown:
    """Return a course as it is told."""
    return CourseShown(id=row.id, institution=row.institution_id, title=row.title)


def class_shown(row: Class) -> ClassShown:
    """Return a class as it is told."""
    return ClassShown(id=row.id, course=row.course_id, name=row.name, minutes_per_credit=row.minutes_per_credit)


def member_shown(member: Member) -> MemberShown:
    """Return a person in a class as they are told."""
    return MemberShown(
        id=member.id,
        subject=member.subject,
        login=member.login,
        name=member.name,
        has_first_password=member.must_change_password,
    )


def assignment_shown(row: Assignment) -> AssignmentShown:
    """Return an assignment as its lecturer is told it."""
    values = {name: getattr(row, name) for name in Terms.__slots__ if name not in ("pack_id", "task_id")}
    return AssignmentShown(id=row.id, class_id=row.class_id, pack=row.pack_id, task=row.task_id, **values)


def extension_shown(row: Extension) -> ExtensionShown:
    """Return an extension as it is told."""
    return ExtensionShown(person=row.user_id, due_at=row.due_at, closes_at=row.closes_at, reason=row.reason)


def cell_shown(assignment_id: int, cell: Cell) -> CellShown:
    """Return points as they are told."""
    return CellShown.model_validate(
        {
            "assignment": assignment_id,
            "state": cell.state,
            "points": cell.points,
            "computed": cell.computed,
            "override": cell.override,
            "reason": cell.reason,
            "late_days": cell.late_days,
            "attempts": 0 if cell.work is None else cell.work.attempts,
            "met_at": None if cell.work is None else cell.work.met_at,
        }
    )


def practice_row(report: practice.Report, member: Member) -> PracticeRow:
    """Return a learner's practice as it is told."""
    minutes = {task: report.minutes.get((member.id, task), 0) for task in report.tasks}
    return PracticeRow(
        person=member.id,
        login=member.login,
        name=member.name,
        minutes=report.total(member.id),
        credits=report.credits(member.id),
        tasks=[PracticeShown(pack=pack, task=task, minutes=n) for (pack, task), n in minutes.items() if n],
    )
