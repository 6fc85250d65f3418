"""A browser as cheap as possible: one connection that stays open, requests one after the other."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import time
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote

import httptools

from hub_designs import Design
from hub_server import Learner

#: A page that takes longer than this has failed.
TIMEOUT_S = 60.0
_NUMBER = re.compile(rb'data-submission="(\d+)"')
_OUTCOME = re.compile(rb'data-outcome="(\w+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how long."""

    status: int
    body: bytes
    seconds: float
    compressed: bool = False

    @property
    def text(self) -> bytes:
        """The page itself."""
        return gzip.decompress(self.body) if self.body[:2] == b"\x1f\x8b" else self.body

    @property
    def number(self) -> int | None:
        """The submission that the page waits for."""
        found = _NUMBER.search(self.text)
        return None if found is None else int(found[1])

    @property
    def outcome(self) -> str | None:
        """The verdict's outcome, if the page shows one."""
        found = _OUTCOME.search(self.text)
        return None if found is None else found[1].decode()


class Lost(Exception):  # noqa: N818 - not an error of ours: what the measurement is about
    """The connection ended before the answer."""


class Browser(asyncio.Protocol):
    """The browser of one learner."""

    def __init__(self, port: int, learner: Learner | None) -> None:
        self._port = port
        cookie = f"Cookie: chiploom_session={learner.cookie}\r\n" if learner else ""
        csrf = f"X-CSRF-Token: {learner.csrf}\r\n" if learner else ""
        self._fixed = f"Host: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\n{cookie}{csrf}"
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._waiting: asyncio.Future[tuple[int, bytes]] | None = None
        self._body: list[bytes] = []

    async def ask(self, method: str, path: str, body: bytes = b"", kind: str = "", accept: str = "text/html") -> Answer:
        """Send a request and wait for its answer.

        Raises
        ------
        Lost
            The connection could not be made or ended first.
        TimeoutError
            No answer within the time that anybody would wait.
        """
        started = time.perf_counter()
        if self._transport is None or self._transport.is_closing():
            try:
                await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self._port)
            except OSError as error:
                raise Lost(str(error)) from None
        assert self._transport is not None
        self._parser = httptools.HttpResponseParser(self)
        self._body = []
        self._waiting = asyncio.get_running_loop().create_future()
        length = f"Content-Length: {len(body)}\r\nContent-Type: {kind}\r\n" if method != "GET" else ""
        self._transport.write(
            f"{method} {path} HTTP/1.1\r\n{self._fixed}Accept: {accept}\r\n{length}\r\n".encode() + body
        )
        try:
            status, answer = await asyncio.wait_for(self._waiting, TIMEOUT_S)
        except TimeoutError:
            self.close()
            raise
        return Answer(status, answer, time.perf_counter() - started)

    async def get(self, path: str) -> Answer:
        """Load a page."""
        return await self.ask("GET", path)

    async def check(self, design: Design) -> Answer:
        """Hand a design in."""
        body = b"files=" + quote(json.dumps(design.files)).encode()
        return await self.ask(
            "POST", f"/lab/foundations/{design.task_id}/check", body, "application/x-www-form-urlencoded"
        )

    async def send_files(self, method: str, action: str, design: Design, revision: int = 0) -> Answer:
        """Send the editor's contents: to be kept (``draft``) or read (``diagnose``)."""
        body = json.dumps({"files": design.files, "revision": revision}).encode()
        path = f"/lab/foundations/{design.task_id}/{action}"
        return await self.ask(method, path, body, "application/json", "application/json")

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    # -- what asyncio and httptools call

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        # uvloop's transports are of classes of their own.
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Say so to whoever waits."""
        self._transport = None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(Lost("the connection was closed"))

    def data_received(self, data: bytes) -> None:
        """Parse what came."""
        if self._parser is not None:
            self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        """Keep a part of the answer."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Hand over the answer."""
        assert self._parser is not None
        keep = self._parser.should_keep_alive()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result((self._parser.get_status_code(), b"".join(self._body)))
        if not keep:
            self.close()
