"""A page of a real browser that tells of everything that goes wrong in it, and what tests do with pages."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

PASSWORD = "một câu dễ nhớ"
LAB = "/lab/foundations/gates"
_PICTURES = os.environ.get("CHIPLOOM_SCREENSHOTS", "")


@contextlib.contextmanager
def visit(
    chromium: Browser,
    site: str,
    language: str = "en",
    width: int = 1360,
    height: int = 900,
    allowed: tuple[str, ...] = (),
) -> Iterator[Page]:
    """Open a page; at the end nothing may have been complained of in its console, except what is ``allowed``."""
    context = chromium.new_context(
        base_url=site, locale=language, viewport={"width": width, "height": height}, has_touch=width < 500
    )
    context.add_init_script(
        "addEventListener('securitypolicyviolation', (event) => "
        "console.error(`policy: ${event.violatedDirective} ${event.sourceFile}:${event.lineNumber} ${event.sample}`))"
    )
    complaints: list[str] = []
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    unforeseen = [text for text in complaints if not any(word in text for word in allowed)]
    if unforeseen:
        raise AssertionError("the browser complained: " + "\n".join(unforeseen))


def sign_up(page: Page, name: str = "Trần Thị Học") -> str:
    """Make a learner's account by the form; return the login."""
    login = f"b{secrets.token_hex(5)}"
    page.goto("/sign-up")
    page.fill("#name", name)
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.check("[name=accept]")
    page.click("main button")
    page.wait_for_url("**/learn")
    return login


def write(page: Page, text: str) -> None:
    """Put a text into the editor as somebody pasting it would."""
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def written(page: Page) -> str:
    """Return what stands in the editor (a short text, all of it in sight)."""
    # The editor draws as many lines as it had, and the rest once it has measured that there is room for them.
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    return "\n".join(page.locator(".cm-line").all_inner_texts()).replace("​", "")


def verdict(page: Page, outcome: str) -> None:
    """Wait for the verdict."""
    expect(page.locator(f"#verdict .verdict.{outcome}")).to_be_visible(timeout=60_000)


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page where CHIPLOOM_SCREENSHOTS names a folder."""
    if _PICTURES:
        Path(_PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(_PICTURES) / f"{name}.png", full_page=True, caret="initial")


def fits(page: Page) -> bool:
    """Tell whether the page needs no scrolling to the side."""
    return bool(page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"))
