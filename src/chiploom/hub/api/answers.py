"""The shapes of answers: one for errors, one for what comes in pages, and the values in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, Field

Item = TypeVar("Item")


class Failure(BaseModel):
    """What went wrong."""

    code: str = Field(description="stable, in kebab-case")
    message: str = Field(description="one sentence in the language of the account")


class FailureAnswer(BaseModel):
    """The shape of every error."""

    error: Failure


class Listed(BaseModel, Generic[Item]):
    """One page of a list; ``next`` is the ``after`` of the next one, null on the last."""

    items: list[Item]
    next: int | None


def listed(items: Sequence[Item], after: int, limit: int) -> Listed[Item]:
    """Return one page of a list that has an order of its own: ``after`` is how many of it were seen."""
    following = after + limit
    return Listed(items=list(items[after:following]), next=following if following < len(items) else None)


class File(BaseModel):
    """A file of a design."""

    name: str = Field(min_length=1, max_length=100)
    text: str


class Me(BaseModel):
    """The person a token speaks for."""

    id: int
    subject: str
    login: str | None
    name: str
    language: str
    track: str
    roles: list[str]
    scopes: list[str]


class PortShown(BaseModel):
    """A port that the design must have."""

    name: str
    direction: Literal["input", "output", "inout"]
    width: int
    signed: bool
    note: str


class TaskListed(BaseModel):
    """A task in the list."""

    pack: str
    id: str
    title: str
    kind: str
    track: str
    level: int
    minutes: int
    skills: list[str]
    variants: int


class TaskShown(TaskListed):
    """A task with everything a learner may see: never the reference, nor the designs it was tried with."""

    pack_version: str
    variant: int | None
    top: str
    clock: str | None
    statement: str = Field(description="Markdown")
    ports: list[PortShown]
    starter: list[File]
    hints: int = Field(description="how many there are")
    hints_used: int


class SkillShown(BaseModel):
    """A skill and how many of its tasks are done."""

    skill: str
    met: int
    tasks: int


class TaskStanding(BaseModel):
    """A task, as a learner stands with it."""

    pack: str
    id: str
    is_met: bool
    tries: int


class Standing(BaseModel):
    """Where a learner stands in a track."""

    track: str
    tasks: list[TaskStanding]
    following: TaskStanding | None
    reason: Literal["begin", "go-on", "retry", "finished"]
    skills: list[SkillShown]


class SubmissionListed(BaseModel):
    """A submission in the list."""

    id: int
    pack: str
    task: str
    variant: int | None
    assignment: int | None = Field(description="null: for oneself")
    created_at: datetime
    state: Literal["queued", "running", "done"]
    outcome: str | None
    is_met: bool | None


class SubmissionShown(SubmissionListed):
    """A submission with its files and, once there is one, its verdict."""

    place: int | None = Field(description="submissions graded before this one; null: under way or done")
    files: list[File]
    verdict: dict[str, Any] | None = Field(description="chiploom/verdict/1; the trace only if it is still stored")
    comments: list[str] = Field(description="what a lecturer said to all whose submissions fail in this way")


class Accepted(BaseModel):
    """A submission was taken; its verdict is asked for under its number."""

    id: int


class DraftShown(BaseModel):
    """What is in the editor; revision 0: nothing was saved yet."""

    revision: int
    files: list[File]


class Revision(BaseModel):
    """The number of a draft that was saved."""

    revision: int


class Hint(BaseModel):
    """A hint that was opened."""

    number: int
    text: str = Field(description="Markdown")


class Hints(BaseModel):
    """The hints opened so far, of how many."""

    count: int
    opened: list[Hint]


class Finding(BaseModel):
    """What the compiler says about a place in a file."""

    code: str
    severity: str
    message: str
    file: str
    line: int
    column: int


class Findings(BaseModel):
    """All it says; not ``complete`` where the hub was too busy to look at the netlist too."""

    diagnostics: list[Finding]
    complete: bool


class RunShown(BaseModel):
    """A simulation on own inputs."""

    outcome: str
    reason: str
    diagnostics: list[Finding]
    trace: dict[str, Any] | None


class EvidenceListed(BaseModel):
    """A piece of signed evidence in the list."""

    id: str
    submission: int
    issued_at: datetime
    skills: list[str]


class EvidenceShown(BaseModel):
    """A piece of signed evidence, with the opening of its commitments, which is its owner's."""

    id: str
    document: dict[str, Any]
    opening: dict[str, Any] | None


class CredentialShown(BaseModel):
    """A credential; ``jwt`` is what badge software reads."""

    id: str
    skill: str
    issued_at: datetime
    is_public: bool
    jwt: str


class ConsentShown(BaseModel):
    """What a person agreed may leave the hub, until withdrawn."""

    id: int
    purpose: str
    given_at: datetime
    withdrawn_at: datetime | None


class InstitutionShown(BaseModel):
    """An institution."""

    id: int
    name: str
    language: str


class RoleShown(BaseModel):
    """What a person may do in an institution."""

    institution: int
    role: str


class PersonShown(BaseModel):
    """An account as operators see it."""

    id: int
    subject: str
    login: str | None
    name: str
    language: str
    created_at: datetime
    erased_at: datetime | None
    roles: list[RoleShown]


class PersonMade(PersonShown):
    """A new account; its password is told only now and must be changed at the first sign-in."""

    password: str


class Password(BaseModel):
    """A one-time password, told only now."""

    password: str


class ConsentOf(ConsentShown):
    """A consent as operators see it."""

    person: int


class AuditShown(BaseModel):
    """Who did what to what, without names."""

    id: int
    at: datetime
    actor: int | None
    action: str
    object: str
    details: dict[str, Any]


class RetentionShown(BaseModel):
    """Days after which things go, 0 for never, and what erasure does with the files somebody handed in."""

    drafts: int
    practice: int
    audit: int
    erasure_files: Literal["delete", "keep"]


class Purged(BaseModel):
    """How much of each kind was removed."""

    removed: dict[str, int]


_SAID = {
    401: "no token, or one that is not valid",
    403: "the token lacks the scope",
    404: "there is no such thing, or it is not yours",
    409: "somebody was faster, or it is so already",
    413: "more was sent than is taken",
    422: "a value is not possible",
    429: "asked for too often, or too many wait; Retry-After says for how long where that is known",
    503: "the database or the disk does not take it at this moment; nothing was lost",
}
#: What an endpoint that hands out an archive says about its answer.
ARCHIVE: dict[int | str, dict[str, Any]] = {200: {"description": "a zip archive", "content": {"application/zip": {}}}}
FAILURES: dict[int | str, dict[str, Any]] = {
    status: {"model": FailureAnswer, "description": said} for status, said in _SAID.items()
}
