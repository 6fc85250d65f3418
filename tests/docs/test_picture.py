"""The picture in the README is a real session: what its commands say today, drawn by the committed script.

Those of pages are what a committed script takes from a running hub.
"""

from __future__ import annotations

import re
import runpy
from html import unescape
from xml.etree import ElementTree

import pytest
from documents import ROOT, pages, settled

import take_screenshots

SCRIPT = ROOT / "docs" / "images" / "make_session.py"
PICTURE = ROOT / "docs" / "images" / "session.svg"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def lines_of(picture: str) -> list[str]:
    """Return the text of a picture, line by line from top to bottom."""
    rows: dict[float, dict[float, str]] = {}
    for element in ElementTree.fromstring(picture).iter("{http://www.w3.org/2000/svg}text"):
        row = rows.setdefault(float(element.attrib["y"]), {})
        row[float(element.attrib["x"])] = unescape(element.text or "").replace("\u00a0", " ")
    return ["".join(text for _, text in sorted(rows[y].items())).rstrip() for y in sorted(rows)]


def test_the_picture_shows_what_the_commands_say() -> None:
    today = _COLOUR.sub("", runpy.run_path(str(SCRIPT), run_name="picture")["session"]())
    shown = lines_of(PICTURE.read_text(encoding="utf-8"))
    # Without spaces: in a picture they are places, not characters.
    told, drawn = ("".join(settled(text).split()) for text in (today, "\n".join(shown)))
    assert drawn == told, "draw it again: .venv/bin/python docs/images/make_session.py"


def test_the_picture_needs_nothing_from_elsewhere() -> None:
    text = PICTURE.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|@import|@font-face|url\((?!#)|<script|<image|href", text)
    assert len(text) < 60_000


@pytest.mark.parametrize(
    "colour", sorted(set(re.findall(r"fill: (#[0-9a-f]{6})", PICTURE.read_text(encoding="utf-8"))))
)
def test_colours_stay_readable_in_black_and_white(colour: str) -> None:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    assert 1.05 / (luminance + 0.05) >= 4.5


def test_pictures_of_pages_are_those_the_script_takes_small_and_shown_somewhere() -> None:
    folder = ROOT / "docs" / "images"
    taken = {picture.name for picture in take_screenshots.PICTURES}
    assert {path.stem for path in folder.glob("*.png")} == taken
    told = "".join(page.read_text(encoding="utf-8") for page in pages())
    for name in taken:
        assert (folder / f"{name}.png").stat().st_size < 150_000, name
        assert f"images/{name}.png)" in told, name
