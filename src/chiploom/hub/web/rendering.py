"""Turning a template and values into a page."""

from __future__ import annotations

import functools
import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.responses import HTMLResponse

from chiploom import messages
from chiploom.hub.library import local
from chiploom.hub.people.accounts import Person
from chiploom.hub.web import prose
from chiploom.hub.web.language import NAMES, Wording

_PACKAGE = Path(__file__).parents[1]
STATIC = _PACKAGE / "static"


def page(
    request: Request, template: str, words: Wording, asker: Person | None, status: int = 200, **values: Any
) -> HTMLResponse:
    """Return a page, or with a template whose name begins with ``_`` a part of one."""
    text = (
        _environment()
        .get_template(template)
        .render(
            t=words,
            language=words.language,
            languages=NAMES,
            asker=asker,
            csrf="" if asker is None else asker.csrf,
            nonce=request.scope.get("state", {}).get("nonce", ""),
            path=request.url.path,
            local=functools.partial(_local, language=words.language),
            part=functools.partial(_part, words),
            **values,
        )
    )
    return HTMLResponse(text, status)


@functools.lru_cache(2048)
def markdown(text: str) -> Markup:
    """Return a pack author's or lecturer's Markdown as HTML; HTML inside it is shown as text."""
    return prose.to_html(text)


@functools.cache
def asset(name: str) -> str:
    """Return the address of a static file, which changes with its contents so that browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{digest}/{name}"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A static file as it is sent.

    Pages are not compressed: what a visitor sends may stand on them beside the token of their forms, and the length of
    a compressed page would then give the token away, letter by letter.
    """

    content: bytes
    compressed: bytes
    kind: str


@functools.lru_cache(256)
def static_file(name: str) -> StaticFile | None:
    """Return a static file by its name, None if there is none of that name."""
    if "\0" in name:
        return None
    path = (STATIC / name).resolve()
    if not path.is_relative_to(STATIC) or not path.is_file():
        return None
    content = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return StaticFile(content, gzip.compress(content, 9, mtime=0), kind)


@functools.lru_cache(16_384)
def _part(words: Wording, template: str, **values: str | int | bool) -> Markup:
    """Return a part of a page that is the same for all with these values, such as a row of a list all learners see."""
    return Markup(_environment().get_template(template).render(t=words, **values))


def _local(text: Any, language: str) -> str:
    return local(text, language)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_PACKAGE / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # The files do not change while the hub runs; looking would cost every page a call for each of its templates.
        auto_reload=False,
        cache_size=-1,
    )
    environment.globals.update(asset=asset, markdown=markdown, LANGUAGES=messages.LANGUAGES)
    return environment
