"""Running the hub: one process that serves pages and owns the workers."""

from __future__ import annotations

import logging
import socket

import uvicorn

from chiploom.errors import UsageError
from chiploom.hub import application
from chiploom.hub.hub import address_of, running
from chiploom.settings import Settings

_log = logging.getLogger(__name__)


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
            application.create(hub), log_level="warning", access_log=False, timeout_graceful_shutdown=10
        )
        print(f"chiploom hub: {address_of(settings)}", flush=True)
        uvicorn.Server(configuration).run(sockets=[listener])


def _listen(settings: Settings) -> socket.socket:
    try:
        return socket.create_server((settings.hub_host, settings.hub_port), backlog=2048)
    except OSError as error:
        raise UsageError(
            "port-taken",
            f"cannot listen on {settings.hub_host}:{settings.hub_port}: {error.strerror}; set CHIPLOOM_HUB_PORT",
        ) from None
