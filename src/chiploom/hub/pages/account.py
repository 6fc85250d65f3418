"""A person's own account: name, password, tokens for programs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from chiploom.errors import UsageError
from chiploom.hub.database.schema import ApiToken, User
from chiploom.hub.people import accounts, confirming, passwords
from chiploom.hub.web.asking import SESSION_COOKIE, NotFoundError, SignedIn, TheHub, Words
from chiploom.hub.web.rendering import page

router = APIRouter(prefix="/account")

_Text = Annotated[str, Form(max_length=500)]


@router.get("")
def show(request: Request, hub: TheHub, person: SignedIn, words: Words, said: str = "") -> Response:
    """Show the account."""
    return _page(request, hub, person, words, said=said if words.has(f"said-{said}") else "")


@router.post("/password")
def change_password(
    request: Request, hub: TheHub, person: SignedIn, words: Words, present: _Text, new: _Text
) -> Response:
    """Change the password and end every other session."""
    login = confirming.confirm(hub, person, present)
    password_hash = passwords.hashed_new(new, login)
    with hub.database.writing() as session:
        user = session.get_one(User, person.id)
        user.password_hash, user.must_change_password = password_hash, False
        accounts.end_all(session, person.id, besides=request.cookies.get(SESSION_COOKIE))
        accounts.audit(session, person, "password-changed", f"user {person.id}")
    return RedirectResponse("/account?said=password-changed", 303)


@router.post("/name")
def change_name(hub: TheHub, person: SignedIn, name: _Text) -> Response:
    """Change the name that pages show."""
    with hub.database.writing() as session:
        session.get_one(User, person.id).name = accounts.check_name(name)
    return RedirectResponse("/account?said=name-changed", 303)


@router.post("/tokens")
def make_token(
    request: Request,
    hub: TheHub,
    person: SignedIn,
    words: Words,
    name: _Text,
    days: Annotated[int, Form()],
    scopes: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Make a token for a program and show it, once."""
    chosen = set(scopes or [])
    if not chosen <= set(person.usable_scopes):
        # One that is of no use today would become one when the role does, and nobody would think of it then.
        raise UsageError("bad-scopes", f"your tokens may have the scopes {', '.join(person.usable_scopes)}")
    with hub.database.writing() as session:
        token = accounts.make_token(session, person.id, name, chosen, days)
        accounts.audit(session, person, "token-made", f"user {person.id}", scopes=" ".join(sorted(chosen)))
    return _page(request, hub, person, words, token=token)


@router.post("/tokens/{number}/revoke")
def revoke_token(hub: TheHub, person: SignedIn, number: int) -> Response:
    """End a token."""
    with hub.database.writing() as session:
        row = session.get(ApiToken, number) if 0 < number < 1 << 31 else None
        if row is None or row.user_id != person.id:
            raise NotFoundError
        if row.revoked_at is None:
            row.revoked_at = datetime.now(UTC)
        accounts.audit(session, person, "token-revoked", f"token {number}")
    return RedirectResponse("/account?said=token-revoked", 303)


def _page(
    request: Request, hub: TheHub, person: SignedIn, words: Words, *, said: str = "", token: str = ""
) -> Response:
    with hub.database.reading() as session:
        tokens = session.scalars(
            select(ApiToken).where(ApiToken.user_id == person.id, ApiToken.revoked_at.is_(None)).order_by(ApiToken.id)
        ).all()
    return page(
        request, "account.html", words, person, tokens=tokens, scopes=person.usable_scopes, said=said, new_token=token
    )
