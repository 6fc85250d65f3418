"""For whom a program asks, and with which scope."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Security
from fastapi.security import HTTPBearer

from chiploom.errors import ChiploomError
from chiploom.hub.people.accounts import Person
from chiploom.hub.web.asking import Asker, NotFoundError, NotSignedInError

MOST_ITEMS = 100

_Token = Security(HTTPBearer(auto_error=False, description="a token made under /account"))


class MissingScopeError(ChiploomError):
    """The token is valid, but not for this."""

    def __init__(self, scope: str) -> None:
        super().__init__("missing-scope", f"this needs a token with the scope '{scope}'")


def _with_scope(scope: str) -> Any:
    def caller(asker: Asker, token: Annotated[Any, _Token]) -> Person:
        if asker is None:
            raise NotSignedInError
        if scope not in asker.scopes:
            raise MissingScopeError(scope)
        return asker

    return Depends(caller)


Reader = Annotated[Person, _with_scope("read")]
Submitter = Annotated[Person, _with_scope("submit")]


def _operator(person: Annotated[Person, _with_scope("operate")]) -> Person:
    if not person.operates:
        raise NotFoundError
    return person


ApiOperator = Annotated[Person, Depends(_operator)]


def _lecturer(person: Annotated[Person, _with_scope("teach")]) -> Person:
    if not person.teaches:
        raise NotFoundError
    return person


ApiLecturer = Annotated[Person, Depends(_lecturer)]

Number = Annotated[int, Path(ge=1, lt=1 << 31)]
After = Annotated[int, Query(ge=0, lt=1 << 31, description="the 'next' of the page before")]
Before = Annotated[int | None, Query(ge=1, lt=1 << 31, description="the 'next' of the page before")]
Most = Annotated[int, Query(ge=1, le=MOST_ITEMS, description="how many at most")]
Identifier = Annotated[str, Path(max_length=64)]
Variant = Annotated[int | None, Query(ge=1, lt=1 << 31)]
