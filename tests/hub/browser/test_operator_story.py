"""An operator's way through a hub that nobody has set up yet, in a real browser: from the first page to the log."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from watched import fits, picture, visit

from chiploom.hub.hub import Hub, running
from chiploom.settings import Settings

PASSWORD = "một câu dễ nhớ"
OWN = "một câu khác hẳn"


@pytest.fixture(scope="module", params=["vi", "en", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def hub(language: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub as it is when it first starts."""
    with running(Settings(home=tmp_path_factory.mktemp("home"), workers=1)) as hub:
        yield hub


def test_from_the_first_page_to_the_log(hub: Hub, site: str, chromium: Browser, language: str) -> None:
    with visit(chromium, site, language, width=1280) as page:
        page.goto("/")
        page.wait_for_url("**/setup")
        picture(page, f"setup-{language}")
        page.fill("#institution", "Đại học Mẫu")
        page.select_option("#institution_language", "vi")
        page.fill("#name", "Vận Hành")
        page.fill("#login", "op")
        page.fill("#password", PASSWORD)
        page.check("[name=open_sign_up]")
        page.click("main button")
        page.wait_for_url("**/operate")
        expect(page.locator("td.failure")).to_have_count(0)
        page.goto("/setup")
        assert page.url.endswith("/teach"), "a hub is set up once"

        page.goto("/operate/people")
        page.fill("#login", "giang.le")
        page.locator("form.narrow #name").fill("Lê Thị Giảng")
        page.select_option("#account_language", language)
        page.select_option("#role", "lecturer")
        page.locator("form.narrow button").click()
        first = page.locator(".token").inner_text()
        picture(page, f"person-{language}")
        with visit(chromium, site, language) as other:
            other.goto("/sign-in")
            other.fill("#login", "giang.le")
            other.fill("#password", first)
            other.click("main button")
            other.wait_for_url("**/account")
            other.fill("#present", first)
            other.fill("#new", OWN)
            other.locator("form[action='/account/password'] button").click()
            other.goto("/teach")
            expect(other.locator(".bar nav a")).to_have_count(3)

            page.goto("/operate/people?q=giang")
            page.locator("tbody a").click()
            page.locator("main form[action$='/sign-out'] button").click()
            other.goto("/teach")
            other.wait_for_url("**/sign-in**")

            # Nobody makes an account any more, unless the operator does.
            page.goto("/operate")
            page.locator("form[action='/operate/sign-up'] button").click()
            other.goto("/sign-in")
            expect(other.locator("main a[href='/sign-up']")).to_have_count(0)

        page.goto("/operate/audit")
        picture(page, f"audit-{language}")
        actions = page.locator("tbody td:nth-child(3)").all_inner_texts()
        assert {"set-up", "account-made", "sign-up-closed"} <= set(actions), actions
        assert "Giảng" not in page.locator("main").inner_text(), "the log names nobody"
        page.select_option("#action", "account-made")
        page.locator("form[action='/operate/audit'] button").click()
        expect(page.locator("tbody tr")).to_have_count(1)

        page.goto("/operate/retention")
        page.fill("#drafts", "180")
        page.locator("form[action='/operate/retention'] button").click()
        expect(page.locator("#drafts")).to_have_value("180")
        page.locator("form[action$='/purge'] button").click()
        expect(page.locator(".notice")).to_be_visible()
        picture(page, f"retention-{language}")

        page.set_viewport_size({"width": 390, "height": 844})
        for part in ("", "/people", "/people/1", "/institutions", "/audit", "/retention", "/consents"):
            page.goto(f"/operate{part}")
            assert fits(page), part
