"""Who asks, in which language, and whether they may: what routes take as their parameters."""

from __future__ import annotations

import secrets
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from chiploom import messages
from chiploom.errors import ChiploomError
from chiploom.hub.hub import Hub
from chiploom.hub.people import accounts
from chiploom.hub.people.accounts import Person
from chiploom.hub.web import language
from chiploom.hub.web.language import Wording
from chiploom.settings import Settings

SESSION_COOKIE = "chiploom_session"
_SAFE = frozenset({"GET", "HEAD"})


class NotSignedInError(ChiploomError):
    """Nobody is signed in, and this needs somebody."""

    def __init__(self) -> None:
        super().__init__("not-signed-in", "sign in first")


class NotFoundError(ChiploomError):
    """This is somebody else's, or there is no such thing: which of the two is not said."""

    def __init__(
        self, code: str = "not-found", message: str = "there is no such thing here, or it is not yours"
    ) -> None:
        super().__init__(code, message)


def _hub(request: Request) -> Hub:
    hub: Hub = request.app.state.hub
    return hub


TheHub = Annotated[Hub, Depends(_hub)]


def _asker(request: Request, hub: TheHub) -> Person | None:
    """Return who is signed in, and leave it where a page about a failure finds it."""
    person = _person(request, hub)
    request.state.asker = person
    return person


def _person(request: Request, hub: Hub) -> Person | None:
    """Return for whom a cookie speaks or, where programs ask, a token; neither counts in the place of the other."""
    if is_for_programs(request.url.path):
        authorization = request.headers.get("authorization", "")
        if not authorization:
            return None
        kind, _, token = authorization.partition(" ")
        with hub.database.reading() as session:
            person = accounts.person_of_token(session, token.strip()) if kind.lower() == "bearer" else None
        if person is None:
            raise NotSignedInError
        return person
    cookie = request.cookies.get(SESSION_COOKIE)
    if not cookie:
        return None
    with hub.database.reading() as session:
        return accounts.person_of_cookie(session, cookie)


Asker = Annotated[Person | None, Depends(_asker)]


async def _checked_form(request: Request, asker: Asker) -> None:
    if request.method in _SAFE or asker is None or not asker.csrf:
        return
    header = request.headers.get("x-csrf-token")
    sent = (await request.form()).get("csrf") if header is None else header
    if not isinstance(sent, str) or not secrets.compare_digest(sent.encode(), asker.csrf.encode()):
        raise NotFoundError("bad-form", "this form is too old; load the page again")


CheckedForm = Depends(_checked_form)


def _signed_in(asker: Asker) -> Person:
    if asker is None:
        raise NotSignedInError
    return asker


SignedIn = Annotated[Person, Depends(_signed_in)]


def _teacher(person: SignedIn) -> Person:
    if not person.teaches or "teach" not in person.scopes:
        raise NotFoundError
    return person


Teacher = Annotated[Person, Depends(_teacher)]


def _operator(person: SignedIn) -> Person:
    if not person.operates or "operate" not in person.scopes:
        raise NotFoundError
    return person


Operator = Annotated[Person, Depends(_operator)]


def _wording(request: Request, hub: TheHub, asker: Asker) -> Wording:
    chosen = request.cookies.get(language.COOKIE, "") if asker is None else asker.language
    if chosen not in messages.LANGUAGES:
        chosen = language.preferred(request.headers.get("accept-language", ""), hub.settings.lang)
    return Wording(chosen, ZoneInfo(hub.settings.time_zone))


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
