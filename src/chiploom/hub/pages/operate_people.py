"""The operator's pages about people: finding them, making accounts, roles, passwords, their data."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from chiploom.hub.hub import Hub
from chiploom.hub.operation import governing, privacy
from chiploom.hub.pages.data import archive_of
from chiploom.hub.people import confirming, passwords
from chiploom.hub.people.accounts import ROLES
from chiploom.hub.web.asking import Operator, TheHub, Words
from chiploom.hub.web.limited import limited
from chiploom.hub.web.rendering import page

router = APIRouter(prefix="/operate/people")

_A_PAGE = 50
_Text = Annotated[str, Form(max_length=500)]


@router.get("")
def search(
    request: Request,
    hub: TheHub,
    person: Operator,
    words: Words,
    q: Annotated[str, Query(max_length=200)] = "",
    after: Annotated[int, Query(ge=0, lt=1 << 31)] = 0,
) -> Response:
    """Find people by login or name."""
    with hub.database.reading() as session:
        found = governing.find_people(session, q, after=after, limit=_A_PAGE + 1)
        institutions = governing.institutions(session)
    return page(
        request,
        "operate-people.html",
        words,
        person,
        found=found[:_A_PAGE],
        further=found[_A_PAGE - 1].id if len(found) > _A_PAGE else None,
        q=q,
        institutions=institutions,
        roles=ROLES,
    )


@router.post("")
def make(
    request: Request,
    hub: TheHub,
    person: Operator,
    words: Words,
    login: _Text,
    name: _Text,
    account_language: _Text,
    institution: Annotated[int, Form()],
    role: _Text,
) -> Response:
    """Make an account and show its one-time password, once."""
    password = passwords.one_time()
    password_hash = passwords.hashed_new(password, login)
    with hub.database.writing() as session:
        user = governing.make_person(
            session,
            person,
            login=login,
            name=name,
            language=account_language,
            institution_id=institution,
            role=role,
            password_hash=password_hash,
        )
    return _page(request, hub, person, words, user.id, password=password)


@router.get("/{number}")
def show(request: Request, hub: TheHub, person: Operator, words: Words, number: int) -> Response:
    """Show a person."""
    return _page(request, hub, person, words, number)


@router.post("/{number}/role")
def set_role(
    hub: TheHub, person: Operator, number: int, institution: Annotated[int, Form()], role: Annotated[str, Form()] = ""
) -> Response:
    """Say what a person may do in an institution."""
    with hub.database.writing() as session:
        governing.set_role(session, person, number, institution, role)
    return RedirectResponse(f"/operate/people/{number}", 303)


@router.post("/{number}/password")
def reset_password(request: Request, hub: TheHub, person: Operator, words: Words, number: int) -> Response:
    """Give a person a one-time password and show it, once."""
    password = passwords.one_time()
    password_hash = passwords.hashed_new(password, "")
    with hub.database.writing() as session:
        governing.reset_password(session, person, number, password_hash)
    return _page(request, hub, person, words, number, password=password)


@router.post("/{number}/sign-out")
def sign_out(hub: TheHub, person: Operator, number: int) -> Response:
    """Sign a person out everywhere."""
    with hub.database.writing() as session:
        governing.end_sessions(session, person, number)
    return RedirectResponse(f"/operate/people/{number}", 303)


@router.post("/{number}/export", dependencies=[limited("export")])
def export(hub: TheHub, person: Operator, number: int) -> Response:
    """Hand out everything about a person, for that person."""
    return archive_of(hub, person, number)


@router.post("/{number}/erase")
def erase(hub: TheHub, person: Operator, number: int, password: _Text) -> Response:
    """Forget who an account belongs to, since they asked for it."""
    with hub.database.reading() as session:
        governing.account(session, number)
    confirming.confirm(hub, person, password)
    privacy.erase(hub, person, number)
    return RedirectResponse(f"/operate/people/{number}", 303)


def _page(request: Request, hub: Hub, person: Operator, words: Words, number: int, *, password: str = "") -> Response:
    with hub.database.reading() as session:
        account = governing.account(session, number)
        institutions = governing.institutions(session)
    return page(
        request,
        "operate-person.html",
        words,
        person,
        account=account,
        institutions={row.id: row for row in institutions},
        roles=ROLES,
        password=password,
    )
