"""What programs that watch the hub ask: is it well, and what does it count."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from chiploom.hub.hub import hub_directory
from chiploom.hub.web.asking import Asker, NotFoundError, TheHub

router = APIRouter()

_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_FORWARDED = ("x-forwarded-for", "forwarded", "via")


@router.get("/health")
def health(hub: TheHub) -> Response:
    """Answer 200 if all is well and 503 otherwise."""
    seen = hub.watch.look(hub.database, hub_directory(hub.settings), hub.dispatcher.trouble)
    status = "ok" if seen.is_well else "trouble"
    return JSONResponse({"status": status, "checks": asdict(seen)}, 200 if seen.is_well else 503)


@router.get("/metrics")
def metrics(request: Request, hub: TheHub, asker: Asker) -> Response:
    """Answer what Prometheus asks, on this machine or with an operator's token."""
    may = asker is not None and asker.operates and "operate" in asker.scopes
    if not may and not _is_this_machine(request, is_behind_a_proxy=bool(hub.settings.hub_url)):
        raise NotFoundError
    text = hub.metrics.text(
        queued=hub.dispatcher.queued, under_way=hub.dispatcher.under_way, workers=hub.dispatcher.workers
    )
    return PlainTextResponse(text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


def _is_this_machine(request: Request, *, is_behind_a_proxy: bool) -> bool:
    """Tell whether somebody on this machine asks. Behind a proxy everybody would seem to."""
    host = "" if request.client is None else request.client.host
    return host in _LOOPBACK and not is_behind_a_proxy and not any(name in request.headers for name in _FORWARDED)
