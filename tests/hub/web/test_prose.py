from __future__ import annotations

import pytest

from chiploom.hub.web import prose
from chiploom.tasks.load import load_pack, load_tasks

DIAGRAM = {"signal": [{"name": "a", "wave": "01"}]}


def test_a_diagram_alone_becomes_a_figure_with_its_caption() -> None:
    shown = prose.statement("Before\n\n![two <levels>](diagrams/w.json)\n\nafter", {"w.json": DIAGRAM})
    assert shown.count("<figure") == 1
    assert "<figcaption>two &lt;levels&gt;</figcaption>" in shown
    assert "<p><figure" not in shown
    assert "<p>Before</p>" in shown and "<p>after</p>" in shown


def test_a_diagram_within_a_line_is_drawn_there() -> None:
    shown = prose.statement("Look: ![w](diagrams/w.json) so.", {"w.json": DIAGRAM})
    assert "<p>Look: <svg" in shown and "</svg> so.</p>" in shown


def test_html_is_shown_as_text_and_tables_have_no_styles() -> None:
    shown = prose.to_html("<b>x</b>\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |\n")
    assert "&lt;b&gt;" in shown
    assert 'class="align-center"' in shown and 'class="align-right"' in shown
    assert "style" not in shown


def test_a_changed_diagram_is_drawn_anew() -> None:
    text = "![w](diagrams/w.json)"
    other = {"signal": [{"name": "other", "wave": "01"}]}
    assert "other" not in prose.statement(text, {"w.json": DIAGRAM})
    assert "other" in prose.statement(text, {"w.json": other})


@pytest.mark.parametrize("language", ["en", "vi", "fr"])
def test_every_statement_of_the_pack_shows_all_its_diagrams(language: str) -> None:
    for task in load_tasks(load_pack()):
        shown = prose.statement(task.statement[language], task.diagrams)
        assert shown.count("<figure") == len(task.diagrams), task.id
        assert "<img" not in shown, task.id
        assert "style=" not in shown, task.id
