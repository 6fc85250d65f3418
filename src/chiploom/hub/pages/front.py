"""The door: first-run wizard, signing up, in and out, choosing a language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from chiploom import messages
from chiploom.errors import UsageError
from chiploom.hub.database.schema import HubSetting, Institution, User
from chiploom.hub.hub import Hub
from chiploom.hub.people import accounts, passwords
from chiploom.hub.web import language
from chiploom.hub.web.asking import SESSION_COOKIE, Asker, SignedIn, TheHub, Words
from chiploom.hub.web.limited import limited
from chiploom.hub.web.rendering import page

router = APIRouter()

_NOTHING = {"institution": "", "login": "", "name": ""}
_Text = Annotated[str, Form(max_length=500)]


@router.get("/")
def home(request: Request, hub: TheHub, asker: Asker, words: Words) -> Response:
    """Show what this is, or lead whoever is signed in to their work."""
    if asker is not None:
        return RedirectResponse("/teach" if asker.teaches else "/learn", 303)
    if not _is_set_up(hub):
        return RedirectResponse("/setup", 303)
    packs = [(pack, len(pack.task_ids)) for pack in hub.library.packs.values() if pack.id in hub.library.open_packs]
    return page(request, "home.html", words, None, packs=packs, sign_up_is_open=sign_up_is_open(hub))


@router.get("/setup")
def setup(request: Request, hub: TheHub, words: Words) -> Response:
    """Ask, once, who runs this hub."""
    if _is_set_up(hub):
        return RedirectResponse("/", 303)
    return page(request, "setup.html", words, None, error="", values=_NOTHING)


@router.post("/setup")
def set_up(
    request: Request,
    hub: TheHub,
    words: Words,
    institution: _Text,
    institution_language: _Text,
    login: _Text,
    name: _Text,
    password: _Text,
    open_sign_up: Annotated[bool, Form()] = False,
) -> Response:
    """Make the institution and its first operator; only while there is none."""
    values = {"institution": institution, "login": login, "name": name}
    try:
        password_hash = passwords.hashed_new(password, login)
        with hub.database.writing() as session:
            if session.scalar(select(Institution.id).limit(1)) is not None:
                raise UsageError("already-set-up", "this hub is set up already; sign in")
            row = Institution(
                name=accounts.check_name(institution),
                language=institution_language if institution_language in messages.LANGUAGES else "vi",
                created_at=datetime.now(UTC),
            )
            session.add(row)
            session.flush()
            session.add(HubSetting(name="sign-up", value="open" if open_sign_up else "closed"))
            user = accounts.create(
                session,
                login=login,
                name=name,
                password_hash=password_hash,
                language=words.language,
                institution_id=row.id,
                role="operator",
            )
            accounts.audit(session, None, "set-up", f"institution {row.id}", operator=user.id)
            token = accounts.sign_in(session, user)
    except UsageError as error:
        return page(request, "setup.html", words, None, 422, error=_said(error, words), values=values)
    return _signed_in(hub, token, "/operate")


@router.get("/sign-in")
def sign_in_form(request: Request, hub: TheHub, asker: Asker, words: Words, next: str = "/") -> Response:
    """Show the form."""
    if asker is not None:
        return RedirectResponse(_inside(next), 303)
    return page(
        request, "sign-in.html", words, None, error="", login="", next=next, sign_up_is_open=sign_up_is_open(hub)
    )


@router.post("/sign-in", dependencies=[limited("sign-in")])
def sign_in(
    request: Request, hub: TheHub, words: Words, login: _Text, password: _Text, next: Annotated[str, Form()] = "/"
) -> Response:
    """Begin a session, if the password is right and not too many were tried."""
    login = login.strip().lower()
    keys = (f"login {login}", f"address {request.client.host if request.client else ''}")
    try:
        wait_s = max(hub.brake.wait_s(keys[0]), hub.address_brake.wait_s(keys[1]))
        if wait_s > 0:
            raise UsageError("too-many-tries", f"too many wrong passwords; try again in {int(wait_s) + 1} s")
        with hub.database.reading() as session:
            user = session.scalar(select(User).where(User.login == login, User.erased_at.is_(None)))
            stored = "" if user is None else user.password_hash
        if not passwords.matches(password, stored) or user is None:
            hub.brake.failed(keys[0])
            hub.address_brake.failed(keys[1])
            raise UsageError("wrong-password", "login or password is wrong")
    except UsageError as error:
        return page(
            request,
            "sign-in.html",
            words,
            None,
            429 if error.code == "too-many-tries" else 401,
            error=_said(error, words),
            login=login,
            next=next,
            sign_up_is_open=sign_up_is_open(hub),
        )
    hub.brake.succeeded(keys[0])
    with hub.database.writing() as session:
        token = accounts.sign_in(session, user)
    return _signed_in(hub, token, "/account" if user.must_change_password else _inside(next))


@router.post("/sign-out")
def sign_out(request: Request, hub: TheHub, person: SignedIn) -> Response:
    """End the session."""
    with hub.database.writing() as session:
        accounts.sign_out(session, request.cookies.get(SESSION_COOKIE, ""))
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@router.get("/sign-up")
def sign_up_form(request: Request, hub: TheHub, words: Words) -> Response:
    """Show the form."""
    _require_open(hub)
    return page(request, "sign-up.html", words, None, error="", values=_NOTHING)


@router.post("/sign-up", dependencies=[limited("sign-up")])
def sign_up(
    request: Request,
    hub: TheHub,
    words: Words,
    login: _Text,
    name: _Text,
    password: _Text,
    accept: Annotated[bool, Form()] = False,
) -> Response:
    """Make a learner's account."""
    _require_open(hub)
    try:
        if not accept:
            raise UsageError("not-accepted", "an account needs your agreement to what is kept about you")
        password_hash = passwords.hashed_new(password, login)
        with hub.database.writing() as session:
            institution_id = session.scalars(select(Institution.id).order_by(Institution.id).limit(1)).one()
            user = accounts.create(
                session,
                login=login,
                name=name,
                password_hash=password_hash,
                language=words.language,
                institution_id=institution_id,
            )
            accounts.audit(session, None, "sign-up", f"user {user.id}")
            token = accounts.sign_in(session, user)
    except UsageError as error:
        values = {"login": login, "name": name}
        return page(request, "sign-up.html", words, None, 422, error=_said(error, words), values=values)
    return _signed_in(hub, token, "/learn")


@router.post("/language")
def choose_language(
    request: Request, hub: TheHub, asker: Asker, chosen: _Text, next: Annotated[str, Form()] = "/"
) -> Response:
    """Change the language of the pages."""
    answer = RedirectResponse(_inside(next), 303)
    if chosen not in messages.LANGUAGES:
        return answer
    if asker is not None:
        with hub.database.writing() as session:
            session.get_one(User, asker.id).language = chosen
    answer.set_cookie(language.COOKIE, chosen, max_age=31_536_000, httponly=True, samesite="lax")
    return answer


def sign_up_is_open(hub: Hub) -> bool:
    """Tell whether anybody may make an account."""
    with hub.database.reading() as session:
        return session.scalar(select(HubSetting.value).where(HubSetting.name == "sign-up")) == "open"


def _require_open(hub: Hub) -> None:
    if not sign_up_is_open(hub):
        raise UsageError("sign-up-closed", "accounts of this hub are made by its lecturers; ask yours")


def _is_set_up(hub: Hub) -> bool:
    with hub.database.reading() as session:
        return session.scalar(select(Institution.id).limit(1)) is not None


def _signed_in(hub: Hub, token: str, target: str) -> Response:
    answer = RedirectResponse(target, 303)
    answer.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(accounts.SIGN_IN_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=hub.address.startswith("https://"),
    )
    return answer


def _inside(target: str) -> str:
    """Return a page of this hub to go to; never another site's."""
    parts = urlsplit(target)
    is_inside = (
        not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith(("//", "/\\"))
    )
    return target if is_inside and target.isprintable() else "/"


def _said(error: UsageError, words: Words) -> str:
    return words(f"error-{error.code}") if words.has(f"error-{error.code}") else error.message
