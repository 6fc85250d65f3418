"""Who asks, in which language, and whether they may: what routes take as their parameters."""

from __future__ import annotations

import secrets
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from chiploom import messages
from chiploom.errors import ChiploomError
from chiploom.hub.hub import Hub
from chiploom.hub.people import accounts
from chiploom.hub.people.accounts import Person
from chiploom.hub.web import language
from chiploom.hub.web.language import Wording
from chiploom.settings import Settings

_WITH_A_PASSWORD_OF_OTHERS = ("/account", "/sign-out", "/language")
SESSION_COOKIE = "chiploom_session"
_SAFE = frozenset({"GET", "HEAD"})


class NotSignedInError(ChiploomError):
    """Nobody is signed in, and this needs somebody."""

    def __init__(self) -> None:
        super().__init__("not-signed-in", "sign in first")


class PasswordToChangeError(ChiploomError):
    """Somebody else knows this person's password; until it is changed there is nothing else to do."""

    def __init__(self) -> None:
        super().__init__("password-to-change", "choose a password of your own first, under Account")


class NotFoundError(ChiploomError):
    """This is somebody else's, or there is no such thing: which of the two is not said."""

    def __init__(
        self, code: str = "not-found", message: str = "there is no such thing here, or it is not yours"
    ) -> None:
        super().__init__(code, message)


# These are asynchronous: a synchronous one costs every request a change of threads. They do not depend on one another,
# since that would be solved again wherever it appears: who asks is found out once and kept with the request.


async def _hub(request: Request) -> Hub:
    hub: Hub = request.app.state.hub
    return hub


TheHub = Annotated[Hub, Depends(_hub)]


async def _asker(request: Request) -> Person | None:
    """Return who is signed in, and leave it where a page about a failure finds it."""
    if not hasattr(request.state, "asker"):
        cookie = None if is_for_programs(request.url.path) else request.cookies.get(SESSION_COOKIE)
        person = request.app.state.hub.known.person(cookie) if cookie else None
        if person is None and (cookie or "authorization" in request.headers):
            person = await run_in_threadpool(_person, request, cookie)
        request.state.asker = person
    return known_asker(request)


def _person(request: Request, cookie: str | None) -> Person | None:
    """Return for whom a cookie speaks or, where programs ask, a token; neither counts in the place of the other."""
    hub: Hub = request.app.state.hub
    with hub.database.looking() as connection:
        if not is_for_programs(request.url.path):
            return hub.known.find(connection, cookie) if cookie else None
        authorization = request.headers.get("authorization", "")
        if not authorization:
            return None
        kind, _, token = authorization.partition(" ")
        person = accounts.person_of_token(connection, token.strip()) if kind.lower() == "bearer" else None
    if person is None:
        raise NotSignedInError
    return person


Asker = Annotated[Person | None, Depends(_asker)]


async def _checked_form(request: Request) -> None:
    if request.method in _SAFE:
        return
    asker = await _asker(request)
    if asker is None or not asker.csrf:
        return
    header = request.headers.get("x-csrf-token")
    sent = (await request.form()).get("csrf") if header is None else header
    if not isinstance(sent, str) or not secrets.compare_digest(sent.encode(), asker.csrf.encode()):
        raise NotFoundError("bad-form", "this form is too old; load the page again")


CheckedForm = Depends(_checked_form)


async def _signed_in(request: Request) -> Person:
    asker = await _asker(request)
    if asker is None:
        raise NotSignedInError
    if asker.must_change_password and not request.url.path.startswith(_WITH_A_PASSWORD_OF_OTHERS):
        raise PasswordToChangeError
    return asker


SignedIn = Annotated[Person, Depends(_signed_in)]


async def _teacher(request: Request) -> Person:
    person = await _signed_in(request)
    if not person.teaches or "teach" not in person.scopes:
        raise NotFoundError
    return person


Teacher = Annotated[Person, Depends(_teacher)]


async def _operator(request: Request) -> Person:
    person = await _signed_in(request)
    if not person.operates or "operate" not in person.scopes:
        raise NotFoundError
    return person


Operator = Annotated[Person, Depends(_operator)]


async def _wording(request: Request) -> Wording:
    await _asker(request)
    return wording_without_database(request, request.app.state.hub.settings)


Words = Annotated[Wording, Depends(_wording)]


def known_asker(request: Request) -> Person | None:
    """Return who asks, if that was found out before something failed."""
    person: Person | None = getattr(request.state, "asker", None)
    return person


def wording_without_database(request: Request, settings: Settings) -> Wording:
    """Return the wording for a page that must appear whatever the database does."""
    person = known_asker(request)
    chosen = request.cookies.get(language.COOKIE, "") if person is None else person.language
    if chosen not in messages.LANGUAGES:
        chosen = language.preferred(request.headers.get("accept-language", ""), settings.lang)
    return Wording(chosen, ZoneInfo(settings.time_zone))


def is_for_programs(path: str) -> bool:
    """Tell whether a path is one where tokens count, with their scopes, and cookies do not."""
    return path.startswith("/api/") or path == "/metrics"


def wants_json(request: Request) -> bool:
    """Tell whether an answer is for a program."""
    path: Any = request.url.path
    return bool(path.startswith("/api/")) or "application/json" in request.headers.get("accept", "")
