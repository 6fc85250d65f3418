"""Links between pages resolve, pictures too, and the index leads to every page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from documents import ROOT, pages, slug

EVERY_PAGE = [*pages(), ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def text_of(page: Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def links(page: Path) -> list[str]:
    return [link for link in _LINK.findall(text_of(page)) if not re.match(r"https?://|mailto:", link)]


def anchors(page: Path) -> set[str]:
    return {slug(heading) for heading in re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)}


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_resolve(page: Path) -> None:
    for link in links(page):
        name, _, anchor = link.partition("#")
        if name.startswith("diagrams/"):
            continue  # how a statement of a task shows a diagram
        target = (page.parent / name).resolve() if name else page
        assert target.is_file(), f"{page.relative_to(ROOT)}: {link}"
        assert target.is_relative_to(ROOT)
        if anchor:
            assert anchor in anchors(target), f"{page.relative_to(ROOT)}: {link}"


def test_the_index_lists_every_page() -> None:
    index = ROOT / "docs" / "index.md"
    listed = {(index.parent / link).resolve() for link in links(index)}
    missing = [str(page.relative_to(ROOT)) for page in EVERY_PAGE if page not in listed and page != index]
    assert not missing


def test_the_readme_leads_to_the_index() -> None:
    assert "docs/index.md" in links(ROOT / "README.md")


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_page_has_one_title_and_short_lines(page: Path) -> None:
    text = text_of(page)
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1
    for line in text.splitlines():
        assert len(line) <= 140 or line.startswith(("|", "!")), f"{page.name}: {line[:60]}"
