"""Typed settings, each from one ``CHIPLOOM_*`` environment variable.

The table below is the documentation: ``docs/reference/settings.md`` is checked against it by a test.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from pathlib import Path

from chiploom.errors import UsageError


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings.

    Attributes
    ----------
    home : Path
        Where keys and the verdict cache live (``CHIPLOOM_HOME``, default ``~/.chiploom``).
    scheduler : str
        Address of a Dask scheduler, empty for the local pool (``CHIPLOOM_SCHEDULER``).
    workers : int
        Worker processes of the local pool (``CHIPLOOM_WORKERS``, 0: one per core).
    unsafe_no_box : bool
        Grade without the sandbox; logged (``CHIPLOOM_UNSAFE_NO_BOX``, "1" to opt out).
    lang : str
        Language of learner-facing text when a command is given no ``--lang`` (``CHIPLOOM_LANG``).
    database_url : str
        The hub's database: ``sqlite:///FILE`` or ``postgresql://USER:PASSWORD@HOST/NAME``
        (``CHIPLOOM_DATABASE_URL``, empty: a SQLite file in ``home``).
    hub_host, hub_port : str, int
        Where the hub listens (``CHIPLOOM_HUB_HOST``, ``CHIPLOOM_HUB_PORT``).
    hub_url : str
        The address by which browsers reach the hub, such as ``https://hub.example``; with ``https`` its cookies are
        sent over TLS only (``CHIPLOOM_HUB_URL``, empty: host and port).
    time_zone : str
        Time zone of the dates that the hub shows and takes (``CHIPLOOM_TIME_ZONE``).
    packs : str
        Folders of private packs for the hub, separated by ``:`` (``CHIPLOOM_PACKS``).
    limit_percent : int
        How much of the hub's rate limits is allowed, in percent (``CHIPLOOM_LIMIT_PERCENT``, 0: no limits).
    """

    home: Path = Path("~/.chiploom")
    scheduler: str = ""
    workers: int = 0
    unsafe_no_box: bool = False
    lang: str = "en"
    database_url: str = ""
    hub_host: str = "127.0.0.1"
    hub_port: int = 8080
    hub_url: str = ""
    time_zone: str = "Asia/Ho_Chi_Minh"
    packs: str = ""
    limit_percent: int = 100


def load() -> Settings:
    """Read the settings from the environment.

    Raises
    ------
    UsageError
        ``bad-setting``, naming the variable and the value seen.
    """
    values: dict[str, object] = {}
    for field in fields(Settings):
        variable = f"CHIPLOOM_{field.name.upper()}"
        text = os.environ.get(variable)
        if text is None or text == "":
            continue
        values[field.name] = _parse(variable, text, type(field.default))
    settings = Settings(**values)  # type: ignore[arg-type]
    if settings.lang not in ("en", "vi", "fr"):
        raise UsageError("bad-setting", f"CHIPLOOM_LANG is {settings.lang!r}; use en, vi or fr")
    try:
        return replace(settings, home=settings.home.expanduser())
    except RuntimeError:
        raise UsageError("no-home", "no home directory is known for this user; set CHIPLOOM_HOME to a folder") from None


def _parse(variable: str, text: str, kind: type) -> object:
    if kind is bool:
        if text in ("0", "1"):
            return text == "1"
        raise UsageError("bad-setting", f"{variable} is {text!r}; use 0 or 1")
    if kind is int:
        if text.isascii() and text.isdigit() and len(text) < 7:
            return int(text)
        raise UsageError("bad-setting", f"{variable} is {text!r}; use a whole number from 0 to 999999")
    return Path(text) if issubclass(kind, Path) else text
