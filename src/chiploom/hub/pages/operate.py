"""Running the hub: its state, institutions, who may sign up, the audit log, what is kept how long, consents."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from sqlalchemy import func, select
from starlette.responses import RedirectResponse, Response

from chiploom.errors import UsageError
from chiploom.hub.database.schema import AuditEntry, Consent, Membership
from chiploom.hub.hub import hub_directory
from chiploom.hub.operation import governing, retention
from chiploom.hub.operation.retention import Retention
from chiploom.hub.pages.front import sign_up_is_open
from chiploom.hub.web.asking import Operator, TheHub, Words
from chiploom.hub.web.rendering import page

router = APIRouter(prefix="/operate")

_A_PAGE = 50
_Text = Annotated[str, Form(max_length=500)]
_Number = Annotated[int | None, Query(ge=0, lt=1 << 31)]
_Days = Annotated[int, Form(ge=0, le=retention.LONGEST_DAYS)]


@router.get("")
def overview(request: Request, hub: TheHub, person: Operator, words: Words) -> Response:
    """Show whether all is well, and how much there is."""
    seen = hub.watch.look(hub.database, hub_directory(hub.settings), hub.dispatcher.trouble)
    with hub.database.reading() as session:
        counts = governing.counts(session)
    return page(
        request,
        "operate.html",
        words,
        person,
        health=seen,
        trouble=hub.dispatcher.trouble,
        queued=hub.dispatcher.queued,
        under_way=hub.dispatcher.under_way,
        workers=hub.dispatcher.workers,
        counts=counts,
        sign_up_is_open=sign_up_is_open(hub),
    )


@router.post("/sign-up")
def set_sign_up(hub: TheHub, person: Operator, is_open: Annotated[bool, Form()] = False) -> Response:
    """Let anybody make an account, or nobody."""
    with hub.database.writing() as session:
        governing.set_sign_up(session, person, is_open=is_open)
    return RedirectResponse("/operate", 303)


@router.get("/institutions")
def institutions(request: Request, hub: TheHub, person: Operator, words: Words) -> Response:
    """List them with their people."""
    with hub.database.reading() as session:
        rows = governing.institutions(session)
        counted = select(Membership.institution_id, func.count().label("people")).group_by(Membership.institution_id)
        people = {row.institution_id: row.people for row in session.execute(counted)}
    return page(request, "operate-institutions.html", words, person, institutions=rows, people=people)


@router.post("/institutions")
def make_institution(hub: TheHub, person: Operator, name: _Text, institution_language: _Text) -> Response:
    """Add one."""
    with hub.database.writing() as session:
        governing.make_institution(session, person, name, institution_language)
    return RedirectResponse("/operate/institutions", 303)


@router.post("/institutions/{number}")
def change_institution(
    hub: TheHub, person: Operator, number: int, name: _Text, institution_language: _Text
) -> Response:
    """Give one another name or language."""
    with hub.database.writing() as session:
        governing.change_institution(session, person, number, name, institution_language)
    return RedirectResponse("/operate/institutions", 303)


@router.get("/audit")
def audit_log(
    request: Request,
    hub: TheHub,
    person: Operator,
    words: Words,
    action: Annotated[str, Query(max_length=64)] = "",
    actor: Annotated[str, Query(max_length=10)] = "",
    about: Annotated[str, Query(max_length=128)] = "",
    before: _Number = None,
) -> Response:
    """Show who did what to what, the newest first."""
    by = _whole(actor) if actor else None
    with hub.database.reading() as session:
        rows = governing.audit_entries(session, action=action, actor=by, about=about, before=before, limit=_A_PAGE + 1)
        actions = session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)).all()
    return page(
        request,
        "operate-audit.html",
        words,
        person,
        rows=rows[:_A_PAGE],
        further=rows[_A_PAGE - 1].id if len(rows) > _A_PAGE else None,
        actions=actions,
        chosen={"action": action, "actor": actor, "about": about},
    )


@router.get("/retention")
def show_retention(request: Request, hub: TheHub, person: Operator, words: Words) -> Response:
    """Show how long things are kept."""
    with hub.database.reading() as session:
        chosen = retention.chosen(session)
    return page(request, "operate-retention.html", words, person, chosen=chosen, removed=None)


@router.post("/retention")
def set_retention(
    hub: TheHub, person: Operator, drafts: _Days, practice: _Days, audit: _Days, erasure_files: _Text
) -> Response:
    """Set it."""
    with hub.database.writing() as session:
        retention.choose(
            session, person, Retention({"drafts": drafts, "practice": practice, "audit": audit}, erasure_files)
        )
    return RedirectResponse("/operate/retention", 303)


@router.post("/retention/purge")
def purge(request: Request, hub: TheHub, person: Operator, words: Words) -> Response:
    """Remove now what is older than that."""
    removed = retention.purge_now(hub.database, person)
    with hub.database.reading() as session:
        chosen = retention.chosen(session)
    return page(request, "operate-retention.html", words, person, chosen=chosen, removed=removed)


@router.get("/consents")
def consents(request: Request, hub: TheHub, person: Operator, words: Words, before: _Number = None) -> Response:
    """Show what people agreed may leave the hub."""
    with hub.database.reading() as session:
        totals = session.execute(
            select(Consent.purpose, func.count(), func.count(Consent.withdrawn_at))
            .group_by(Consent.purpose)
            .order_by(Consent.purpose)
        ).all()
        rows = governing.consents(session, before=before, limit=_A_PAGE + 1)
    return page(
        request,
        "operate-consents.html",
        words,
        person,
        totals=totals,
        rows=rows[:_A_PAGE],
        further=rows[_A_PAGE - 1].id if len(rows) > _A_PAGE else None,
    )


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise UsageError("bad-number", f"{text!a} is not the number of an account")
    return int(text)
