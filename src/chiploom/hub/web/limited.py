"""The limits as what a route depends on: ``dependencies=[limited("check")]``."""

from __future__ import annotations

from typing import Any

from fastapi import Depends, Request

from chiploom.hub.operation.limits import LIMITS
from chiploom.hub.web.asking import Asker, TheHub


def limited(name: str) -> Any:
    """Return a dependency that refuses with 429 and ``Retry-After`` what is asked for too often."""
    assert name in LIMITS, name

    async def check(request: Request, hub: TheHub, asker: Asker) -> None:
        address = "" if request.client is None else request.client.host
        hub.limits.take(name, person=None if asker is None else asker.id, address=address)

    return Depends(check)
