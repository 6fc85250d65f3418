"""The hub without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from watched import LAB, PASSWORD, sign_up, verdict, visit, write, written

from chiploom.hub.hub import Hub
from chiploom.tasks.load import load_pack, load_task

RIGHT = load_task(load_pack(), "gates").reference[0].text

pytestmark = pytest.mark.one_database


def at(page: Page) -> str:
    """Return what has the focus: its id, name, class or text."""
    return str(
        page.evaluate(
            "(() => { const e = document.activeElement;"
            "return e.id || e.name || e.getAttribute('href') || e.classList[0] || e.textContent.trim(); })()"
        )
    )


def tab_to(page: Page, target: str) -> list[str]:
    """Press Tab until something has the focus; return what had it on the way."""
    passed: list[str] = []
    while not passed or passed[-1] != target:
        assert len(passed) < 60, f"{target} is not reached: {passed}"
        page.keyboard.press("Tab")
        passed.append(at(page))
    return passed


def test_signing_in_by_keyboard(hub: Hub, site: str, chromium: Browser) -> None:
    with visit(chromium, site) as page:
        login = sign_up(page)
        page.context.clear_cookies()
        page.goto("/sign-in")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip", "the first key leads past the menu"
        tab_to(page, "login")
        page.keyboard.type(login)
        page.keyboard.press("Tab")
        assert at(page) == "password"
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/learn")


def test_a_task_is_solved_by_keyboard(hub: Hub, site: str, chromium: Browser) -> None:
    with visit(chromium, site) as page:
        sign_up(page)
        page.goto(LAB)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#main"
        passed = tab_to(page, "cm-content")
        assert "/portfolio" not in passed, "the menu was passed by"

        # Within the editor Tab indents; Escape, then Tab, leads out to the buttons in the order in which they stand.
        write(page, "wire w;")
        page.keyboard.press("Home")
        page.keyboard.press("Tab")
        assert at(page) == "cm-content"
        assert written(page).endswith(" wire w;")
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        assert at(page) == "check"
        page.keyboard.press("Tab")
        assert at(page) == "reset"
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Shift+Tab")
        assert at(page) == "cm-content"

        page.keyboard.press("Control+Enter")
        verdict(page, "rejected")
        assert at(page) == "cm-content", "whoever checks goes on typing"
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(RIGHT.replace("&", "|", 1))
        page.keyboard.press("Control+Enter")
        verdict(page, "refuted")
        page.keyboard.press("Escape")
        tab_to(page, "wave-scroll")
        page.keyboard.press("ArrowRight")
        expect(page.locator(".wave-readout")).not_to_be_empty()
        page.keyboard.press("Escape")
        page.locator(".cm-content").focus()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(RIGHT)
        page.keyboard.press("Control+Enter")
        verdict(page, "proved")
        page.keyboard.press("Escape")
        tab_to(page, "/learn")
        page.keyboard.press("Enter")
        page.wait_for_url("**/learn")


def test_what_has_the_focus_is_seen(hub: Hub, site: str, chromium: Browser) -> None:
    with visit(chromium, site) as page:
        sign_up(page)
        for address in ("/learn", LAB, "/portfolio", "/account"):
            page.goto(address)
            for _ in range(25):
                page.keyboard.press("Tab")
                unseen = page.evaluate(
                    "(() => { const e = document.activeElement; if (e === document.body) return '';"
                    "const s = getComputedStyle(e), b = e.closest('a.skill, .cm-editor') ?? e;"
                    "const shown = getComputedStyle(b.matches('a.skill') ? b.querySelector('.body') : b);"
                    "const box = e.getBoundingClientRect();"
                    "const drawn = parseFloat(shown.outlineWidth) >= 2 || parseFloat(shown.strokeWidth) >= 3;"
                    "return drawn && box.width > 0 && box.bottom > 0 ? '' : e.outerHTML.slice(0, 200); })()"
                )
                assert unseen == "", address
