"""Markdown of pack authors and lecturers as HTML that the pages' policy allows; a statement with its diagrams."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup, escape

from chiploom.hub.web import diagrams

_FOLDER = "diagrams/"


@functools.lru_cache(4096)
def to_html(text: str) -> Markup:
    """Return Markdown as HTML; HTML inside it is shown as text."""
    return Markup(_markdown.render(text))


def statement(text: str, pictures: Mapping[str, Mapping[str, Any]]) -> Markup:
    """Return a task's statement as HTML, each link to a diagram replaced by the drawing.

    Parameters
    ----------
    pictures : mapping of str to mapping
        The task's WaveDrom diagrams by file name.
    """
    return _statement(text, json.dumps(pictures, ensure_ascii=False) if pictures else "{}")


@functools.lru_cache(2048)
def _statement(text: str, pictures: str) -> Markup:
    tokens = _markdown.parse(text)
    drawn = list(_with_figures(tokens, json.loads(pictures)))
    # The page's own heading stands above a statement, whose tables may be wider than a phone.
    return Markup(_markdown.renderer.render(drawn, _markdown.options, {}))


def _with_figures(tokens: Sequence[Token], pictures: Mapping[str, Any]) -> Iterator[Token]:
    """Yield the tokens; a paragraph that is only a diagram becomes a figure, one within a line is drawn there."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        inline = tokens[index + 1] if token.type == "paragraph_open" and index + 1 < len(tokens) else None
        only = inline.children[0] if inline is not None and inline.children and len(inline.children) == 1 else None
        if only is not None and _picture(only, pictures) is not None:
            yield Token("html_block", "", 0, content=_figure(only, pictures))
            index += 3
            continue
        for child in token.children or ():
            if _picture(child, pictures) is not None:
                drawing = diagrams.to_svg(_picture(child, pictures) or {}, child.content)
                child.type, child.tag, child.content = "html_inline", "", str(drawing)
        yield token
        index += 1


def _picture(token: Token, pictures: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if token.type != "image":
        return None
    source = str(token.attrGet("src") or "")
    found: Mapping[str, Any] | None = pictures.get(source.removeprefix(_FOLDER))
    return found


def _figure(token: Token, pictures: Mapping[str, Any]) -> str:
    drawing = diagrams.to_svg(_picture(token, pictures) or {}, token.content)
    return (
        f'<figure class="diagram"><div class="wide" role="group" aria-label="{escape(token.content)}">'
        f"{drawing}</div><figcaption>{escape(token.content)}</figcaption></figure>\n"
    )


def _without_styles(state: StateCore) -> None:
    """Columns of tables are aligned by a class: the pages' policy allows no style attributes."""
    for token in state.tokens:
        style = token.attrs.pop("style", None)
        if style is not None:
            token.attrSet("class", f"align-{str(style).rpartition(':')[2]}")


def _table_open(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return '<div class="wide" role="group"><table>\n'


def _table_close(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return "</table></div>\n"


_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_markdown.core.ruler.push("without_styles", _without_styles)
_markdown.add_render_rule("table_open", _table_open)
_markdown.add_render_rule("table_close", _table_close)
