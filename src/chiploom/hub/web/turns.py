"""Taking turns at handing in: a class that checks at one moment must not hold up those who only read.

All requests share one event loop, which serves them in the order in which they came. Whatever waits outside of it costs
nothing, so of the requests that hand in only a few are let in at a time, and pages pass the others.
"""

from __future__ import annotations

import asyncio
from collections import deque
from weakref import WeakKeyDictionary

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: As many as one transaction of the database is worth waiting for.
AT_ONCE = 8
_HANDS_IN = ("/check", "/submissions")
_LEARNERS = ("/lab/", "/assignments/", "/api/v1/submissions", "/api/v1/assignments/")


class Turn:
    """The turn of one request; it may be ended before the request is."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places: asyncio.Semaphore | None = places

    def end(self) -> None:
        """Let the next one in."""
        places, self._places = self._places, None
        if places is not None:
            places.release()


class Turns:
    """ASGI middleware: lets :data:`AT_ONCE` requests hand in at a time.

    Parameters
    ----------
    app : ASGI application
        What is asked. It finds the request's :class:`Turn` in its state.
    at_once : int
        How many are let in.
    """

    def __init__(self, app: ASGIApp, at_once: int = AT_ONCE) -> None:
        self._app = app
        self._at_once = at_once
        # An event loop's semaphore is of no use to another, and one application may be served by several.
        self._places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if not _hands_in(scope):
            await self._app(scope, receive, send)
            return
        # A body that comes slowly must not keep a turn.
        arrived = await _whole_body(receive)
        loop = asyncio.get_running_loop()
        places = self._places.get(loop)
        if places is None:
            places = self._places[loop] = asyncio.Semaphore(self._at_once)
        await places.acquire()
        turn = Turn(places)
        scope["state"] = {**scope.get("state", {}), "turn": turn}
        try:
            await self._app(scope, _again(arrived, receive), send)
        finally:
            turn.end()


def end(request: Request) -> None:
    """End the turn of a request whose work is done, though its answer is not ready."""
    turn: Turn | None = getattr(request.state, "turn", None)
    if turn is not None:
        turn.end()


async def _whole_body(receive: Receive) -> deque[Message]:
    """Return all messages of a body; how large it may be is watched by whoever stands before."""
    arrived: deque[Message] = deque()
    while not arrived or arrived[-1].get("more_body", False):
        arrived.append(await receive())
    return arrived


def _again(arrived: deque[Message], receive: Receive) -> Receive:
    async def give() -> Message:
        return arrived.popleft() if arrived else await receive()

    return give


def _hands_in(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    path: str = scope["path"]
    return path.endswith(_HANDS_IN) and path.startswith(_LEARNERS)
