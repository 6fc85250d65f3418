"""Only a few hand in at a time; whoever reads passes them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.requests import Request

from chiploom.hub.web import turns
from chiploom.hub.web.turns import Turns

CHECK = ("POST", "/lab/foundations/gates/check")


class Application:
    """Keeps every request until it is let go, and knows the most that were inside at once."""

    def __init__(self, *, ends_early: bool = False, fails: bool = False) -> None:
        self.inside: list[str] = []
        self.most = 0
        self.may_go = asyncio.Event()
        self._ends_early = ends_early
        self._fails = fails

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.inside.append(scope["path"])
        self.most = max(self.most, len(self.inside))
        if self._ends_early:
            # Twice: the second time lets nobody in.
            turns.end(Request(scope))
            turns.end(Request(scope))
        await self.may_go.wait()
        self.inside.remove(scope["path"])
        if self._fails:
            raise RuntimeError("a fault of the application")


def ask(app: Turns, method: str, path: str, receive: Any = None) -> asyncio.Task[None]:
    async def nothing() -> Any:
        return {"type": "http.request", "body": b""}

    async def ignore(message: Any) -> None:
        return None

    return asyncio.ensure_future(app({"type": "http", "method": method, "path": path}, receive or nothing, ignore))


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 30))  # type: ignore[arg-type]


def test_few_hand_in_at_a_time_and_all_come_in() -> None:
    async def test() -> None:
        inner = Application()
        app = Turns(inner, at_once=2)
        asked = [ask(app, *CHECK) for _ in range(9)]
        await settle()
        assert len(inner.inside) == 2
        inner.may_go.set()
        await asyncio.gather(*asked)
        assert inner.most == 2

    run(test)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/learn"),
        ("GET", "/submissions/1/state"),
        ("PUT", "/lab/foundations/gates/draft"),
        ("POST", "/lab/foundations/gates/diagnose"),
        ("POST", "/teach/classes/1/roster/check"),
        ("GET", "/api/v1/submissions"),
    ],
)
def test_whoever_does_not_hand_in_passes(method: str, path: str) -> None:
    async def test() -> None:
        inner = Application()
        app = Turns(inner, at_once=1)
        asked = [ask(app, *CHECK), ask(app, *CHECK), ask(app, method, path)]
        await settle()
        assert inner.inside == [CHECK[1], path]
        inner.may_go.set()
        await asyncio.gather(*asked)

    run(test)


@pytest.mark.parametrize(
    "path", ["/assignments/1/check", "/api/v1/submissions", "/api/v1/assignments/1/submissions", CHECK[1]]
)
def test_all_ways_to_hand_in_share_the_turns(path: str) -> None:
    async def test() -> None:
        inner = Application()
        app = Turns(inner, at_once=1)
        asked = [ask(app, *CHECK), ask(app, "POST", path)]
        await settle()
        assert inner.inside == [CHECK[1]]
        inner.may_go.set()
        await asyncio.gather(*asked)

    run(test)


def test_a_turn_ends_when_the_work_is_done_though_the_answer_is_not() -> None:
    async def test() -> None:
        inner = Application(ends_early=True)
        app = Turns(inner, at_once=1)
        asked = [ask(app, *CHECK) for _ in range(5)]
        await settle()
        assert len(inner.inside) == 5
        inner.may_go.set()
        await asyncio.gather(*asked)
        kept = Application()
        app._app = kept
        asked = [ask(app, *CHECK), ask(app, *CHECK)]
        await settle()
        assert len(kept.inside) == 1, "no turn was given back twice"
        kept.may_go.set()
        await asyncio.gather(*asked)

    run(test)


def test_a_failure_ends_the_turn_too() -> None:
    async def test() -> None:
        inner = Application(fails=True)
        app = Turns(inner, at_once=1)
        asked = [ask(app, *CHECK) for _ in range(3)]
        inner.may_go.set()
        results = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(each) for each in results] == [RuntimeError] * 3

    run(test)


def test_whoever_goes_away_while_waiting_takes_no_turn() -> None:
    async def test() -> None:
        inner = Application()
        app = Turns(inner, at_once=1)
        first, second, third = (ask(app, *CHECK) for _ in range(3))
        await settle()
        second.cancel()
        inner.may_go.set()
        await asyncio.gather(first, third)
        assert inner.most == 1

    run(test)


def test_several_event_loops_may_serve_one_application() -> None:
    app = Turns(Application.__new__(Application), at_once=1)

    async def crowd() -> None:
        inner = Application()
        app._app = inner
        asked = [ask(app, *CHECK) for _ in range(3)]
        await settle()
        inner.may_go.set()
        await asyncio.gather(*asked)

    for _ in range(2):
        asyncio.run(crowd())


def test_a_body_that_comes_slowly_keeps_no_turn_and_comes_whole() -> None:
    async def test() -> None:
        inner, pieces, bodies = Application(), asyncio.Queue[bytes](), list[bytes]()

        async def slow() -> Any:
            piece = await pieces.get()
            return {"type": "http.request", "body": piece, "more_body": piece != b"."}

        async def reading(scope: Any, receive: Any, send: Any) -> None:
            if scope["path"] == "/assignments/1/check":
                bodies.append(await Request(scope, receive).body())
            else:
                await inner(scope, receive, send)

        app = Turns(reading, at_once=1)
        first, second = ask(app, "POST", "/assignments/1/check", slow), ask(app, *CHECK)
        await settle()
        assert inner.inside == [CHECK[1]]
        inner.may_go.set()
        await second
        for piece in (b"a", b"b", b"."):
            pieces.put_nowait(piece)
        await first
        assert bodies == [b"ab."]

    run(test)
