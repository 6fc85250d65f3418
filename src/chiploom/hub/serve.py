"""Running the hub: one process that serves pages and owns the workers."""

from __future__ import annotations

import gc
import logging
import socket
import sys

import anyio.to_thread
import uvicorn

from chiploom.errors import UsageError
from chiploom.hub import application
from chiploom.hub.hub import address_of, running
from chiploom.settings import Settings

_log = logging.getLogger(__name__)

#: Longer than people think between two clicks: a new connection costs both sides more than one that waits.
_KEEP_ALIVE_S = 75
#: Most of them wait, for the bench, a password's hash or the database's one writer, and must not hold up pages.
_THREADS = 120
#: Whoever holds the database's writer gives up Python's lock at every statement and must soon have it back.
_SWITCH_S = 0.001
_COLLECT_EVERY = 20_000


def serve(settings: Settings) -> None:
    """Serve until interrupted.

    Raises
    ------
    UsageError
        ``port-taken``: something else listens there, or the address is not this machine's.
    ChiploomError
        As :func:`chiploom.hub.hub.running`.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with _listen(settings) as listener, running(settings) as hub:
        configuration = uvicorn.Config(
            application.create(hub),
            log_level="warning",
            access_log=False,
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=10,
        )
        # What was made so far stays to the end; looking through all of it again and again would hold up every page.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_COLLECT_EVERY, 20, 50)
        sys.setswitchinterval(_SWITCH_S)
        print(f"chiploom hub: {address_of(settings)}", flush=True)
        _Server(configuration).run(sockets=[listener])


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
        await super().startup(sockets)


def _listen(settings: Settings) -> socket.socket:
    try:
        return socket.create_server((settings.hub_host, settings.hub_port), backlog=2048)
    except OSError as error:
        raise UsageError(
            "port-taken",
            f"cannot listen on {settings.hub_host}:{settings.hub_port}: {error.strerror}; set CHIPLOOM_HUB_PORT",
        ) from None
