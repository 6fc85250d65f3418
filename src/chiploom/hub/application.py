"""The web application around a hub."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.responses import Response

from chiploom import __version__
from chiploom.hub import api
from chiploom.hub.hub import Hub
from chiploom.hub.operation.metrics import Measured
from chiploom.hub.pages import (
    account,
    assignments,
    data,
    front,
    lab,
    learn,
    operate,
    operate_people,
    portfolio,
    status,
    submissions,
    teach,
    teach_assignments,
    teach_packs,
    teach_reports,
    teach_tasks,
)
from chiploom.hub.web import failures
from chiploom.hub.web.asking import CheckedForm, NotFoundError
from chiploom.hub.web.guard import Guard
from chiploom.hub.web.rendering import asset, static_file
from chiploom.hub.web.turns import Turns

#: Those asked for most come first: an address is held against one after the other.
PAGES = (
    lab,
    submissions,
    learn,
    portfolio,
    assignments,
    front,
    account,
    data,
    teach,
    teach_assignments,
    teach_packs,
    teach_reports,
    teach_tasks,
    operate_people,
    operate,
    status,
)


def create(hub: Hub) -> Measured:
    """Return the application that serves a hub, behind its guard, counted."""
    return Measured(Guard(Turns(build(hub)), secure=hub.address.startswith("https://")), hub.metrics)


def build(hub: Hub) -> FastAPI:
    """Return the application without what stands before every request."""
    app = FastAPI(
        title="chiploom hub", version=__version__, docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json"
    )
    app.state.hub = hub
    for module in PAGES:
        app.include_router(module.router, dependencies=[CheckedForm], include_in_schema=False)
    app.include_router(api.router)
    app.add_api_route("/static/{digest}/{name:path}", _static, include_in_schema=False)
    failures.install(app, hub.settings)
    return app


async def _static(digest: str, name: str, request: Request) -> Response:
    # The name must be right before anything is kept about it.
    file = static_file(name) if len(name) < 100 and digest.isalnum() else None
    if file is None or asset(name) != request.url.path:
        raise NotFoundError
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", "") and len(file.compressed) < len(file.content):
        return Response(file.compressed, headers={**headers, "Content-Encoding": "gzip"}, media_type=file.kind)
    return Response(file.content, headers=headers, media_type=file.kind)
