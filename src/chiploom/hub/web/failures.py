"""What goes wrong becomes a page or, for programs, one shape: ``{"error": {"code", "message"}}``."""

from __future__ import annotations

import logging
import math
import secrets

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from chiploom.errors import ChiploomError, StorageError, UsageError
from chiploom.hub.database.database import is_full_or_readonly
from chiploom.hub.operation.limits import TooManyRequestsError
from chiploom.hub.web.asking import (
    NotFoundError,
    NotSignedInError,
    PasswordToChangeError,
    known_asker,
    wants_json,
    wording_without_database,
)
from chiploom.hub.web.rendering import page
from chiploom.settings import Settings

_log = logging.getLogger(__name__)

#: Codes that are not the sender's mistake in a value (422), with the status they have.
_STATUS = {
    "not-found": 404,
    "unknown-pack": 404,
    "unknown-task": 404,
    "unknown-variant": 404,
    "bad-form": 403,
    "not-signed-in": 401,
    "password-to-change": 403,
    "wrong-password": 401,
    "sign-up-closed": 403,
    "too-many-tries": 429,
    "too-many-waiting": 429,
    "too-many-requests": 429,
    "missing-scope": 403,
    "last-operator": 409,
    "already-erased": 409,
    "unknown-person": 404,
    "unknown-institution": 404,
    "login-taken": 409,
    "draft-newer": 409,
    "pack-version-not-higher": 409,
}


def install(app: FastAPI, settings: Settings) -> None:
    """Add the handlers to an application."""

    def answer(request: Request, status: int, code: str, message: str) -> Response:
        words = wording_without_database(request, settings)
        text = words(f"error-{code}") if words.has(f"error-{code}") else message
        if wants_json(request):
            return JSONResponse({"error": {"code": code, "message": text}}, status)
        if "hx-request" in request.headers:
            return page(request, "_error.html", words, known_asker(request), status, code=code, message=text)
        return page(request, "error.html", words, known_asker(request), status, code=code, message=text)

    def own(request: Request, error: Exception) -> Response:
        assert isinstance(error, ChiploomError)
        if isinstance(error, PasswordToChangeError) and not wants_json(request) and request.method == "GET":
            return RedirectResponse("/account", 303)
        if isinstance(error, NotSignedInError) and not wants_json(request) and request.method == "GET":
            return RedirectResponse(f"/sign-in?next={request.url.path}", 303)
        if isinstance(error, UsageError | NotFoundError | NotSignedInError) or error.code in _STATUS:
            said = answer(request, _STATUS.get(error.code, 422), error.code, error.message)
            if isinstance(error, TooManyRequestsError):
                said.headers["Retry-After"] = str(math.ceil(error.wait_s))
            return said
        _log.error("%s %s: %s: %s", request.method, request.url.path, error.code, error.message)
        status = 503 if isinstance(error, StorageError) else 500
        return answer(request, status, error.code, error.message)

    def malformed(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0] if error.errors() else {}
        where = ".".join(str(part) for part in first.get("loc", ())[1:])
        return answer(request, 422, "malformed-request", f"{where}: {first.get('msg', '')}"[:200])

    def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = {404: "not-found", 405: "not-allowed"}.get(error.status_code, "malformed-request")
        return answer(request, error.status_code, code, str(error.detail)[:200])

    def database(request: Request, error: Exception) -> Response:
        if isinstance(error, DataError):
            return answer(request, 422, "malformed-request", "a value does not fit where it is to be stored")
        if isinstance(error, IntegrityError):
            # Two asked for the same at once, and each saw that it was not there yet.
            return answer(request, 409, "somebody-was-faster", "somebody did the same just now; load the page again")
        _log.error("%s %s: %s", request.method, request.url.path, " ".join(str(error).split())[:300])
        if isinstance(error, DBAPIError) and is_full_or_readonly(error):
            return answer(
                request, 503, "database-not-writable", "the hub cannot write at this moment; nothing was lost"
            )
        return answer(request, 503, "database-unreachable", "the hub's database does not answer; try again in a minute")

    def unforeseen(request: Request, error: Exception) -> Response:
        number = secrets.token_hex(4)
        _log.exception("%s %s: own fault %s", request.method, request.url.path, number, exc_info=error)
        return answer(request, 500, "internal", f"the hub made a mistake; its log says more under {number}")

    app.add_exception_handler(ChiploomError, own)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(SQLAlchemyError, database)
    app.add_exception_handler(Exception, unforeseen)
