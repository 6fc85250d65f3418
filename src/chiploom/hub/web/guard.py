"""What stands before every request: size, origin, and what a browser may do with the answer.

Forms of signed-in browsers also carry a token that belongs to the sign-in (see :mod:`chiploom.hub.web.asking`); the
origin check below covers those that nobody is signed in for, such as the sign-in itself.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 1_000_000
LARGEST_UPLOAD = 20_000_000
_UPLOADS = ("/teach/", "/operate/")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """ASGI middleware: refuses bodies that are too large and forms sent from other sites, and sets headers."""

    def __init__(self, app: ASGIApp, secure: bool = False) -> None:
        self._app = app
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        nonce = secrets.token_urlsafe(16)
        scope["state"] = {**scope.get("state", {}), "nonce": nonce}

        limited = _Limited(receive, _limit_of(scope["path"]))
        is_refused = False

        async def guarded_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._set_headers(MutableHeaders(scope=message), nonce)
            await send(message)

        async def limited_send(message: Message) -> None:
            nonlocal is_refused
            if limited.is_exceeded and message["type"] == "http.response.start":
                # Whatever the application makes of a body that broke off: this is why.
                is_refused = True
                await _answer(_too_large(limited.limit))(scope, receive, guarded_send)
            if not is_refused:
                await guarded_send(message)

        refusal = _refusal(scope, headers)
        if refusal is not None:
            await _answer(refusal)(scope, receive, guarded_send)
            return
        await self._app(scope, limited, limited_send)

    def _set_headers(self, headers: MutableHeaders, nonce: str) -> None:
        headers["Content-Security-Policy"] = (
            f"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
            "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        headers.setdefault("Cache-Control", "no-store")
        if self._secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"


class _Limited:
    """A body of which no more than a limit is read, whatever its header says."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._left = limit
        self.limit = limit
        self.is_exceeded = False

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                self.is_exceeded = True
                # The rest is not read; the server closes the connection after the answer.
                return {"type": "http.disconnect"}
        return message


def _refusal(scope: Scope, headers: Headers) -> tuple[int, str, str] | None:
    limit = _limit_of(scope["path"])
    length = headers.get("content-length", "0")
    if not length.isascii() or not length.isdigit() or len(length) > 12 or int(length) > limit:
        return _too_large(limit)
    # Programs send a token that no browser adds by itself; elsewhere a header such as Authorization, which a link with
    # a name and a password in it makes a browser send, excuses nothing.
    if scope["method"] in _SAFE or scope["path"].startswith("/api/"):
        return None
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return 403, "other-origin", "this was sent from another site"
    origin = headers.get("origin")
    if origin is not None and _host_of(origin) != headers.get("host", ""):
        return 403, "other-origin", "this was sent from another site"
    return None


def _too_large(limit: int) -> tuple[int, str, str]:
    return 413, "body-too-large", f"at most {limit} bytes may be sent here"


def _answer(refusal: tuple[int, str, str]) -> JSONResponse:
    status, code, text = refusal
    return JSONResponse({"error": {"code": code, "message": text}}, status)


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def _limit_of(path: str) -> int:
    return LARGEST_UPLOAD if path.startswith(_UPLOADS) or path.startswith("/api/v1/teach") else LARGEST_BODY
