from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest

from chiploom.hub.web import diagrams
from chiploom.tasks.load import load_pack, load_tasks

DIAGRAMS = [
    (f"{task.id}/{name}", diagram) for task in load_tasks(load_pack()) for name, diagram in task.diagrams.items()
]
SVG = "{http://www.w3.org/2000/svg}"


def parsed(diagram: dict[str, Any], caption: str = "caption") -> ElementTree.Element:
    text = str(diagrams.to_svg(diagram, caption))
    return ElementTree.fromstring(text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def texts(drawing: ElementTree.Element, kind: str) -> list[str]:
    return [found.text or "" for found in drawing.iter(f"{SVG}text") if found.get("class") == kind]


@pytest.mark.parametrize(("name", "diagram"), DIAGRAMS, ids=[name for name, _ in DIAGRAMS])
def test_every_diagram_of_the_pack_is_drawn_whole_and_without_styles(name: str, diagram: dict[str, Any]) -> None:
    text = str(diagrams.to_svg(diagram, name))
    assert "style" not in text
    drawing = parsed(diagram, name)
    lanes = [lane for lane in diagram["signal"] if lane]
    assert [found for found in texts(drawing, "name") if found] == [lane["name"] for lane in lanes]
    labels = [label for lane in lanes for label in lane.get("data", [])]
    assert sorted(found for found in texts(drawing, "value") if found) == sorted(labels)
    width = float(drawing.get("width") or 0)
    for path in drawing.iter(f"{SVG}path"):
        for end in re.findall(r"H([-\d.]+)", path.get("d") or ""):
            assert 0 <= float(end) <= width


def test_levels_follow_the_wave() -> None:
    drawing = parsed({"signal": [{"name": "a", "wave": "01.0"}]})
    line = next(path.get("d") or "" for path in drawing.iter(f"{SVG}path") if path.get("class") == "line")
    heights = [float(height) for height in re.findall(r"[ML][-\d.]+ ([-\d.]+)H", line)]
    low, high, low_again = heights
    assert low == low_again == high + 20


def test_a_clock_has_two_edges_in_each_column() -> None:
    drawing = parsed({"signal": [{"name": "clk", "wave": "p..."}]})
    line = next(path.get("d") or "" for path in drawing.iter(f"{SVG}path") if path.get("class") == "line")
    assert line.count("V") == 8


def test_dots_prolong_a_box_and_its_neighbour_is_another() -> None:
    drawing = parsed({"signal": [{"name": "a", "wave": "=.=9x", "data": ["1", "2", "3"]}]})
    boxes = [path for path in drawing.iter(f"{SVG}path") if (path.get("class") or "").startswith("box")]
    assert [box.get("class") for box in boxes] == ["box c2", "box c2", "box c9"]
    assert sum(path.get("class") == "unknown" for path in drawing.iter(f"{SVG}path")) == 1


def test_groups_gaps_head_and_foot_are_drawn() -> None:
    drawing = parsed(
        {
            "signal": [["bus", {"name": "a", "wave": "0|1"}], {}, {"name": "b", "wave": "z0.", "period": 1}],
            "head": {"text": "above", "tick": 1},
            "foot": {"text": "below", "tock": 5},
        }
    )
    assert texts(drawing, "heading") == ["bus"]
    assert texts(drawing, "head") == ["above", "below"]
    assert texts(drawing, "count") == ["1", "2", "3", "4", "5", "6", "7"]
    assert sum(path.get("class") == "gap" for path in drawing.iter(f"{SVG}path")) == 2


def test_columns_are_wide_enough_for_labels() -> None:
    narrow = float(parsed({"signal": [{"name": "a", "wave": "=", "data": ["1"]}]}).get("width") or 0)
    wide = float(parsed({"signal": [{"name": "a", "wave": "=", "data": ["a long label"]}]}).get("width") or 0)
    assert wide > narrow + 40


def test_text_of_others_is_shown_and_not_obeyed() -> None:
    evil = '"><script>alert(1)</script>'
    text = str(diagrams.to_svg({"signal": [{"name": evil, "wave": "=", "data": [evil]}], "head": {"text": evil}}, evil))
    assert "<script" not in text
    assert evil in (parsed({"signal": [{"name": evil, "wave": "0"}]}, evil).findtext(f"{SVG}title") or "")


def test_a_diagram_is_told_in_words() -> None:
    drawing = parsed({"signal": [{"name": "clk", "wave": "p.."}, {"name": "q", "wave": "x=.0", "data": ["7"]}]})
    assert drawing.findtext(f"{SVG}desc") == "clk: ↑ ×3; q: x, 7 ×2, 0"
