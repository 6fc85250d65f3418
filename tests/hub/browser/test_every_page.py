"""Every page, with something on it: no barrier that axe-core finds (WCAG 2.2 AA), nothing beside the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from watched import fits, picture, visit

import sample_hub
from chiploom.hub.hub import Hub
from chiploom.hub.web.asking import SESSION_COOKIE
from sample_hub import Sample

AXE = Path(__file__).parents[3] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def sample(hub: Hub) -> Sample:
    return sample_hub.fill(hub)


def barriers(page: Page) -> list[str]:
    """Return what axe-core finds, one line for each rule."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("(rules) => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", RULES)
    return [f"{rule['id']}: {rule['help']}: {rule['nodes'][0]['html'][:200]}" for rule in found["violations"]]


# English is shorter than either.
@pytest.mark.parametrize("language", ["vi", "fr"])
@pytest.mark.parametrize("who", ["public", "learner", "lecturer", "operator"])
def test_every_page_fits_a_phone_and_has_no_barrier(
    hub: Hub, site: str, chromium: Browser, sample: Sample, who: str, language: str
) -> None:
    # Pages that are not there, and a task whose exam is open, answer so.
    with visit(chromium, site, language, width=390, height=844, allowed=("404", "409")) as page:
        token = getattr(sample, who, "")
        if token:
            page.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": site}])
            page.goto("/account")
            page.click(f".languages [value={language}]")
        wrong = []
        for number, address in enumerate(getattr(sample, f"{who}_pages")):
            page.goto(address)
            picture(page, f"{who}-{number:02}-{language}")
            assert page.get_attribute("html", "lang") == language
            if language == "vi":  # What axe-core looks at is the same in both.
                wrong += [f"{address}: {barrier}" for barrier in barriers(page)]
            if not fits(page):
                wrong.append(f"{address}: wider than the screen")
        assert not wrong, "\n".join(wrong)


def test_axe_would_find_a_barrier(hub: Hub, site: str, chromium: Browser) -> None:
    with visit(chromium, site) as page:
        page.goto("/sign-in")
        assert barriers(page) == []
        page.evaluate("document.querySelector('label[for=login]').remove()")
        assert [line.partition(":")[0] for line in barriers(page)] == ["label"]
