"""A submission: its place in the queue, then its verdict."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response

from chiploom.hub.database.schema import Submission
from chiploom.hub.dispatch import verdicts
from chiploom.hub.hub import Hub
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import clusters
from chiploom.hub.web.asking import NotFoundError, SignedIn, TheHub, Words
from chiploom.hub.web.language import Wording
from chiploom.hub.web.rendering import page
from chiploom.prove.trace import Trace, edge_follows, visible_inputs
from chiploom.prove.verdict import Verdict

router = APIRouter(prefix="/submissions")

LONGEST_WAIT_S = 10.0
#: How much longer somebody waits for news of the queue who is this far from its head.
_LONGER_S, _FAR = 15.0, 300
#: How long somebody sees nothing but that the check was sent, and only if no more than so many wait before them.
_SOON_S, _FEW = 1.0, 8


@router.get("/{number}")
def show(hub: TheHub, person: SignedIn, number: int) -> Response:
    """Lead to the lab with this submission in it."""
    row = own(hub, person, number)
    if row.assignment_id is not None:
        return RedirectResponse(f"/assignments/{row.assignment_id}?submission={row.id}", 303)
    variant = "" if row.variant is None else f"&variant={row.variant}"
    return RedirectResponse(f"/lab/{row.pack_id}/{row.task_id}?submission={row.id}{variant}", 303)


@router.get("/{number}/state")
async def state(
    request: Request,
    hub: TheHub,
    person: SignedIn,
    words: Words,
    number: int,
    wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT_S)] = 0.0,
) -> Response:
    """Answer with the state once it is known, or after ``wait`` seconds."""
    # Whose it is, is known without the database while it waits; what does not wait is done, or another's.
    if wait > 0 and hub.dispatcher.owner_of(number) == person.id:
        # Where hundreds wait, each learns of its place less often: to tell them all takes what grades them.
        place = hub.dispatcher.place_of(number) or 0
        await until_done(hub, number, wait + min(_LONGER_S, place * _LONGER_S / _FAR))
    return await _state_now(request, hub, person, words, number)


@router.get("/{number}/trace.json")
def trace(hub: TheHub, person: SignedIn, words: Words, number: int) -> Response:
    """Return the trace of a refuted submission, for the waveform."""
    row = own(hub, person, number)
    verdict = verdict_of(hub, row)
    if verdict is None or verdict.trace is None:
        raise NotFoundError
    return JSONResponse(trace_json(verdict.trace, words.language))


async def first_state(request: Request, hub: Hub, person: Person, words: Wording, number: int) -> Response:
    """Answer whoever has just handed in: with the verdict, if few wait before them and it comes soon.

    To ask again for what is there a moment later costs a browser and the hub as much as to hand in.
    """
    if (hub.dispatcher.place_of(number) or 0) <= _FEW:
        await until_done(hub, number, _SOON_S)
    if hub.dispatcher.owner_of(number) is None:
        return await _state_now(request, hub, person, words, number)
    return Response(waiting_fragment(request, hub, person, words, number), media_type="text/html")


async def _state_now(request: Request, hub: Hub, person: Person, words: Wording, number: int) -> Response:
    def look() -> Markup:
        return state_fragment(request, hub, person, words, own(hub, person, number))

    return Response(await run_in_threadpool(look), media_type="text/html")


def own(hub: Hub, person: Person, number: int) -> Submission:
    """Return a submission of this person's.

    Raises
    ------
    NotFoundError
        There is none, or it is somebody else's.
    """
    with hub.database.reading() as session:
        row = session.get(Submission, number) if 0 < number < 1 << 31 else None
        if row is None or row.user_id != person.id:
            raise NotFoundError
        return row


def verdict_of(hub: Hub, row: Submission) -> Verdict | None:
    """Return the verdict of a submission, None while there is none."""
    if row.verdict is None:
        return None
    return verdicts.join(row.verdict, None if row.trace_hash is None else hub.traces.find(row.trace_hash))


def state_fragment(request: Request, hub: Hub, person: Person, words: Wording, row: Submission) -> Markup:
    """Return what is shown of a submission beside the editor."""
    verdict = verdict_of(hub, row)
    if verdict is None:
        return waiting_fragment(request, hub, person, words, row.id)
    values: dict[str, Any] = shown(verdict, words)
    comments = []
    if row.assignment_id is not None:
        with hub.database.reading() as session:
            comments = clusters.comments_on(session, row)
    answer = page(request, "_verdict.html", words, person, row=row, verdict=verdict, comments=comments, **values)
    return Markup(bytes(answer.body).decode())


def waiting_fragment(request: Request, hub: Hub, person: Person, words: Wording, number: int) -> Markup:
    """Return what is shown of a submission until it has a verdict: its place in the queue."""
    place, trouble = hub.dispatcher.place_of(number), bool(hub.dispatcher.trouble)
    answer = page(request, "_waiting.html", words, person, number=number, place=place, trouble=trouble)
    return Markup(bytes(answer.body).decode())


def shown(verdict: Verdict, words: Wording) -> dict[str, Any]:
    """Return what pages show of a verdict: diagnostics worded, the trace as the waveform wants it."""
    return {
        "findings": [
            {
                "code": diagnostic.code,
                "severity": diagnostic.severity,
                "message": diagnostic.text(words.language),
                "file": diagnostic.file,
                "line": diagnostic.line,
                "column": diagnostic.column,
            }
            for diagnostic in (*verdict.diagnostics, *verdict.warnings)
        ],
        "trace": None if verdict.trace is None else trace_json(verdict.trace, words.language),
    }


def trace_json(trace: Trace, language: str) -> dict[str, Any]:
    """Return a trace as the waveform wants it: no pseudo inputs, and which signals are signed."""
    return {
        "model": trace.model,
        "clock": trace.clock,
        "edge": trace.clock_edge,
        "edges": [edge_follows(trace.model, cycle.inputs) for cycle in trace.cycles],
        "failing": list(trace.failing),
        "signed": sorted(trace.signed),
        "explanation": trace.explanation.get(language, ""),
        "cycles": [
            {
                "inputs": visible_inputs(trace.model, trace.clock, cycle.inputs),
                "expected": dict(cycle.expected),
                "got": dict(cycle.got),
                "registers": dict(cycle.registers),
            }
            for cycle in trace.cycles
        ],
    }


async def until_done(hub: Hub, number: int, wait_s: float) -> None:
    """Return once a submission is graded, or after ``wait_s`` seconds."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def call() -> None:
        loop.call_soon_threadsafe(done.set)

    if not hub.dispatcher.when_done(number, call):
        return
    try:
        await asyncio.wait_for(done.wait(), wait_s)
    except TimeoutError:
        hub.dispatcher.forget(number, call)
