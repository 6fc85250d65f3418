"""What a learner does, in a real browser: no complaint in the console, nothing blocked by the pages' own policy."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from starlette.responses import Response
from watched import LAB, PASSWORD, fits, picture, sign_up, verdict, visit, write, written

from chiploom import messages
from chiploom.credentials import badge
from chiploom.hub import checking
from chiploom.hub.hub import Hub
from chiploom.hub.pages import submissions, working
from chiploom.prove.trace import value_text
from chiploom.tasks.load import load_pack, load_task

RIGHT = load_task(load_pack(), "gates").reference[0].text
WRONG = RIGHT.replace("a & b & c", "a & b | c")
TITLES = {"en": "Gates and a truth table", "vi": "Cổng logic và bảng chân trị", "fr": "Portes logiques"}


def altered(route: Route) -> None:
    """Answer with the page in which one character of the credential's signature is another."""
    answer = route.fetch()
    body = re.sub(
        r'("ey[\w-]+\.[\w-]+\.)([\w-])', lambda found: found[1] + ("B" if found[2] == "A" else "A"), answer.text()
    )
    assert body != answer.text()
    route.fulfill(response=answer, body=body)


@pytest.mark.parametrize("language", ["vi", "en", "fr"])
def test_from_signing_up_to_a_credential(hub: Hub, site: str, chromium: Browser, language: str) -> None:
    with visit(chromium, site, language) as page:
        page.goto("/")
        picture(page, f"home-{language}")
        sign_up(page)
        assert page.get_attribute("html", "lang") == language
        page.select_option("#track", "ai-chips")
        page.click("form[action='/learn/track'] button")
        expect(page.locator("#track")).to_have_value("ai-chips")
        expect(page.locator(".tasks").get_by_role("link", name=TITLES[language])).to_have_count(0)
        page.select_option("#track", "design")
        page.click("form[action='/learn/track'] button")
        picture(page, f"learn-{language}")
        page.locator(".tasks").get_by_role("link", name=TITLES[language]).click()
        expect(page.locator("h1")).to_contain_text(TITLES[language])
        picture(page, f"lab-{language}")

        write(page, WRONG)
        page.click("#check")
        verdict(page, "refuted")
        expect(page.locator(".wave-differs.got")).to_have_count(1)
        expect(page.locator(".wave-differs.expected")).to_have_count(1)
        expect(page.locator(".wave-sign")).to_have_text("≠")
        assert page.locator("#announce").inner_text().strip()
        picture(page, f"refuted-{language}")

        write(page, RIGHT)
        page.keyboard.press("Control+Enter")
        verdict(page, "proved")
        expect(page.locator(".waveform")).to_have_count(0)
        picture(page, f"proved-{language}")

        page.goto("/portfolio")
        page.locator("form.row button").click()
        picture(page, f"portfolio-{language}")
        page.locator(".credentials li a").first.click()
        expect(page.locator("#check-result")).to_have_class("valid")
        expect(page.locator("#check-result")).to_have_text(
            page.locator("#check-result").get_attribute("data-valid") or ""
        )
        picture(page, f"credential-{language}")
        with page.expect_download() as download:
            page.click("main a[href$='.jwt']")
        issued = badge.verify(download.value.path().read_text(encoding="ascii"), key=hub.key.did)
        assert len(issued.evidence) == 1

        page.route("**/credentials/*", altered)
        page.reload()
        expect(page.locator("#check-result")).to_have_class("altered")
        picture(page, f"altered-{language}")


def test_a_credential_of_another_key_is_not_the_issuers(hub: Hub, site: str, chromium: Browser) -> None:
    with visit(chromium, site) as page:
        sign_up(page)
        page.goto(LAB)
        write(page, RIGHT)
        page.click("#check")
        verdict(page, "proved")
        page.goto("/portfolio")
        page.locator("form.row button").click()
        address = page.locator(".credentials li a").first.get_attribute("href") or ""

        def of_another(route: Route) -> None:
            answer = route.fetch()
            did = hub.key.did
            other = did[:-1] + ("a" if did[-1] != "a" else "b")
            route.fulfill(response=answer, body=answer.text().replace(f'data-issuer="{did}"', f'data-issuer="{other}"'))

        page.route("**/credentials/*", of_another)
        page.goto(address)
        expect(page.locator("#check-result")).to_have_class("altered")
        page.unroute("**/credentials/*")
        page.add_init_script(
            "crypto.subtle.importKey = () => Promise.reject(new DOMException('x', 'NotSupportedError'))"
        )
        page.goto(address)
        expect(page.locator("#check-result")).to_have_class("unsupported")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus."""
    for _ in range(250):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement?.matches(selector) ?? false", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by Tab")


def test_everything_is_reached_by_keyboard(hub: Hub, site: str, chromium: Browser) -> None:
    with visit(chromium, site) as page:
        login = sign_up(page)
        page.context.clear_cookies()
        page.goto("/sign-in")
        tab_to(page, "#login")
        page.keyboard.type(login)
        tab_to(page, "#password")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/learn")
        tab_to(page, f'.skill-map a[href="{LAB}"]')
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{LAB}")

        tab_to(page, ".cm-content")
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(WRONG)
        page.keyboard.press("Escape")
        tab_to(page, "#check")
        page.keyboard.press("Enter")
        verdict(page, "refuted")
        tab_to(page, ".wave-scroll")
        page.keyboard.press("Home")
        expect(page.locator(".wave-readout")).to_contain_text("Cycle 1")
        width = page.locator(".wave-sheet").bounding_box()
        page.keyboard.press("+")
        wider = page.locator(".wave-sheet").bounding_box()
        assert width is not None and wider is not None and wider["width"] > width["width"]
        tab_to(page, ".wave-table summary")
        page.keyboard.press("Enter")
        expect(page.locator(".wave-table td.differs")).to_have_count(1)


def test_tab_indents_and_escape_lets_it_leave(hub: Hub, site: str, chromium: Browser) -> None:
    with visit(chromium, site) as page:
        sign_up(page)
        page.goto(LAB)
        write(page, "x")
        page.keyboard.press("Home")
        page.keyboard.press("Tab")
        assert written(page) == "  x"
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        assert written(page) == "  x"
        assert not page.evaluate("document.activeElement.closest('.cm-editor') !== null")


def test_the_compiler_is_heard_while_typing_and_after_a_check(hub: Hub, site: str, chromium: Browser) -> None:
    with visit(chromium, site) as page:
        sign_up(page)
        page.goto(LAB)
        broken = RIGHT.replace("assign y_and ", "asign y_and ")
        write(page, broken)
        expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
        picture(page, "diagnosed")
        write(page, RIGHT)
        expect(page.locator(".cm-lint-marker-error")).to_have_count(0)
        write(page, broken)
        page.click("#check")
        verdict(page, "rejected")
        expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
        picture(page, "rejected")
        page.locator(".findings button.place").first.click()
        line = broken[: broken.index("asign")].count("\n")
        expect(page.locator(".cm-line").nth(line)).to_have_class(re.compile("cm-activeLine"))


def test_a_busy_hub_says_that_it_looked_at_less(
    hub: Hub, site: str, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with visit(chromium, site) as page:
        sign_up(page)
        page.goto(LAB)
        monkeypatch.setattr(checking, "_QUEUED", -1)
        write(page, RIGHT)
        said = page.locator("#diagnosed")
        expect(said).to_have_text(messages.text("hub.diagnosis-incomplete", "en"))
        # It stays when the draft is saved.
        expect(page.locator("#saved")).to_have_text(messages.text("hub.draft-saved", "en"))
        expect(said).to_have_text(messages.text("hub.diagnosis-incomplete", "en"))
        picture(page, "busy")
        monkeypatch.undo()
        write(page, WRONG)
        expect(said).to_have_text("")


def test_a_draft_is_kept_and_a_newer_one_of_another_window_is_not_overwritten(
    hub: Hub, site: str, chromium: Browser
) -> None:
    with visit(chromium, site, allowed=("409",)) as page:
        sign_up(page)
        page.goto(LAB)
        saved = page.locator("#saved")
        write(page, "// first")
        expect(saved).to_have_text("Draft saved")
        page.reload()
        assert written(page) == "// first"
        other = page.context.new_page()
        other.goto(LAB)
        write(other, "// of the other window")
        expect(other.locator("#saved")).to_have_text("Draft saved")
        write(page, "// of the old window")
        expect(saved).to_have_class("failed")
        expect(saved).to_contain_text("Another window")
        page.reload()
        assert written(page) == "// of the other window"


def test_without_a_connection_nothing_typed_is_lost(hub: Hub, site: str, chromium: Browser) -> None:
    with visit(chromium, site, allowed=("ERR_INTERNET_DISCONNECTED", "htmx:")) as page:
        sign_up(page)
        page.goto(LAB)
        page.context.set_offline(True)
        write(page, "// typed on a train")
        expect(page.locator("#saved")).to_have_text("No connection to the hub")
        page.click("#check")
        expect(page.locator("#verdict .failure")).to_be_visible()
        page.context.set_offline(False)
        expect(page.locator("#saved")).to_have_text("Draft saved")


def test_a_submission_that_waits_asks_again_whatever_happened_to_the_question(
    hub: Hub, site: str, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_verdict_yet(*asked: Any) -> Response:
        return Response(submissions.waiting_fragment(*asked), media_type="text/html")

    # As on a busy hub: a verdict that came at once would leave nothing to ask.
    monkeypatch.setattr(working, "first_state", no_verdict_yet)
    with visit(chromium, site, allowed=("ERR_FAILED", "htmx:", "503")) as page:
        sign_up(page)
        page.goto(LAB)
        asked: list[str] = []

        def unreachable_at_first(route: Route) -> None:
            asked.append(route.request.url)
            if len(asked) == 1:
                route.abort()
            elif len(asked) == 2:
                route.fulfill(status=503, body="", content_type="text/html")
            else:
                route.continue_()

        page.route("**/state?*", unreachable_at_first)
        write(page, RIGHT)
        page.click("#check")
        verdict(page, "proved")
        assert len(asked) >= 3


def test_starting_again_asks_first_and_can_be_undone(hub: Hub, site: str, chromium: Browser) -> None:
    with visit(chromium, site) as page:
        sign_up(page)
        page.goto(LAB)
        starter = written(page)
        write(page, "// mine")
        page.click("#reset")
        page.keyboard.press("Escape")
        assert written(page) == "// mine"
        page.click("#reset")
        page.click("#reset-dialog button[value=reset]")
        assert written(page) == starter
        page.keyboard.press("Control+z")
        assert written(page) == "// mine"


def test_an_input_method_is_not_disturbed(hub: Hub, site: str, chromium: Browser) -> None:
    with visit(chromium, site) as page:
        sign_up(page)
        page.goto(LAB)
        write(page, "asign // ")
        expect(page.locator(".cm-lint-marker-error").first).to_be_visible()
        keys = page.context.new_cdp_session(page)
        for text in ("t", "ti", "tiê", "tiến"):
            keys.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
        # Longer than the compiler and the draft wait.
        page.wait_for_timeout(2500)
        keys.send("Input.imeSetComposition", {"text": "tiếng", "selectionStart": 5, "selectionEnd": 5})
        keys.send("Input.insertText", {"text": "tiếng Việt"})
        assert written(page) == "asign // tiếng Việt"
        expect(page.locator("#saved")).to_have_text("Draft saved")
        page.reload()
        assert written(page) == "asign // tiếng Việt"


def test_own_inputs_and_hints(hub: Hub, site: str, chromium: Browser) -> None:
    with visit(chromium, site) as page:
        sign_up(page)
        page.goto(LAB)
        write(page, RIGHT)
        page.click(".own-run summary")
        page.fill("#stimulus", "a,b,c\n0,1,0\n1,1,1\n")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#run .wave-view .wave-line").first).to_be_visible()
        picture(page, "run")
        page.click("#hints button")
        expect(page.locator("#hints li")).to_have_count(1)


def test_a_variant_is_opened_and_keeps_its_own_draft(hub: Hub, site: str, chromium: Browser) -> None:
    with visit(chromium, site) as page:
        sign_up(page)
        page.goto(LAB)
        write(page, "// of the base task")
        expect(page.locator("#saved")).to_have_text("Draft saved")
        page.select_option("#variant", "3")
        page.click("#variant-form button")
        page.wait_for_url("**?variant=3")
        assert "base task" not in written(page)
        page.select_option("#variant", "")
        page.click("#variant-form button")
        page.wait_for_url(f"**{LAB}")
        assert "base task" in written(page)


SHOW = """(trace) => {
  const part = document.createElement("div");
  part.className = "verdict refuted";
  part.innerHTML = '<h2>x</h2><div class="waveform" aria-label="x"></div>';
  const data = document.createElement("script");
  data.type = "application/json";
  data.className = "trace-data";
  data.textContent = trace;
  part.append(data);
  document.getElementById("verdict").replaceChildren(part);
  part.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: part } }));
}"""

VALUES = [
    "00000000000000000001",
    "1",
    "xxxx",
    "----",
    "zzzz",
    "1x0-",
    "1111",
    "0101",
    "1111000011110000x111",
    "1111000011110000xxxx",
    "11110000111100001111",
]


def trace_of(cycles: list[dict[str, dict[str, str]]], failing: list[str]) -> str:
    """Return a trace as the hub sends it."""
    return json.dumps(
        {
            "model": "cycle",
            "clock": "clk",
            "edge": "posedge",
            "edges": [True] * len(cycles),
            "failing": failing,
            "signed": ["s"],
            "explanation": "x",
            "cycles": cycles,
        }
    )


def test_values_of_a_waveform_are_written_as_everywhere_else(hub: Hub, site: str, chromium: Browser) -> None:
    with visit(chromium, site) as page:
        sign_up(page)
        page.goto(LAB)
        cycles = [{"inputs": {"a": v, "s": v}, "expected": {}, "got": {}, "registers": {"r": v}} for v in VALUES]
        page.evaluate(SHOW, trace_of(cycles, []))
        picture(page, "states")
        page.click(".wave-table summary")
        # The table is made once it is open, which the browser tells a moment after the click.
        expect(page.locator(".wave-table tbody tr")).to_have_count(len(VALUES))
        rows = [row.locator("td").all_inner_texts() for row in page.locator(".wave-table tbody tr").all()]
        assert rows == [[value_text(v), value_text(v, signed=True), value_text(v)] for v in VALUES]
        kinds = {kind: page.locator(f".wave-lane.register .wave-box.{kind}").count() for kind in ("unknown", "open")}
        # Partly open values are hatched like unknown ones.
        assert kinds == {"unknown": 4, "open": 1}
        expect(page.locator(".wave-lane.register .wave-undriven")).to_have_count(1)


def test_a_trace_of_thousands_of_cycles_stays_usable(hub: Hub, site: str, chromium: Browser) -> None:
    with visit(chromium, site) as page:
        sign_up(page)
        page.goto(LAB)
        count = 5000
        cycles = [
            {
                "inputs": {"en": str(n % 2)},
                "expected": {"q": f"{n % 4096:012b}"},
                "got": {"q": f"{n % 4096 if n < count - 1 else 0:012b}"},
                "registers": {f"r{k}": f"{n * k % 256:08b}" for k in range(10)},
            }
            for n in range(count)
        ]
        page.evaluate(SHOW, trace_of(cycles, ["q"]))
        # The first difference, in the last cycle, is in sight.
        expect(page.locator(".wave-number.differs")).to_have_text("✗5000")
        expect(page.locator(".wave-differs.got")).to_have_count(1)
        assert page.locator(".wave-view *").count() < 2000
        page.locator(".wave-scroll").focus()
        page.keyboard.press("Home")
        expect(page.locator(".wave-number").first).to_have_text("1")
        expect(page.locator(".wave-differs")).to_have_count(0)
        page.keyboard.press("0")
        assert page.locator(".wave-view *").count() < 6000
        picture(page, "long")
        page.locator(".wave-wrong").click()
        expect(page.locator(".wave-differs.got")).to_have_count(1)
        page.click(".wave-table summary")
        expect(page.locator(".wave-table output")).to_have_text("Cycles 4951 to 5000 of 5000")
        page.locator(".wave-pages button").first.click()
        expect(page.locator(".wave-table tbody th").first).to_have_text("4901")


def test_a_phone_shows_everything_without_scrolling_to_the_side(hub: Hub, site: str, chromium: Browser) -> None:
    with visit(chromium, site, "vi", width=390, height=844) as page:
        page.goto("/")
        assert fits(page)
        picture(page, "phone-home")
        page.goto("/sign-up")
        picture(page, "phone-sign-up")
        sign_up(page)
        assert fits(page)
        picture(page, "phone-learn")
        page.goto("/lab/foundations/updown-counter")
        assert fits(page)
        picture(page, "phone-lab")
        page.goto(LAB)
        write(page, WRONG)
        page.tap("#check")
        verdict(page, "refuted")
        assert fits(page)
        picture(page, "phone-refuted")
        write(page, RIGHT)
        page.tap("#check")
        verdict(page, "proved")
        page.goto("/portfolio")
        page.locator("form.row button").tap()
        expect(page.locator(".credentials li")).to_have_count(1)
        assert fits(page)
        picture(page, "phone-portfolio")
        page.locator(".credentials li a").first.tap()
        expect(page.locator("#check-result")).to_have_class("valid")
        assert fits(page)
        picture(page, "phone-credential")
        page.goto("/account")
        assert fits(page)
        picture(page, "phone-account")


def test_text_of_others_is_never_obeyed(hub: Hub, site: str, chromium: Browser) -> None:
    """Names of people and of signals, and what the compiler quotes of a design, are shown as they are."""
    evil = "<img src=x onerror=alert(1)>"
    with visit(chromium, site) as page:
        sign_up(page, name=evil)
        expect(page.locator(".who")).to_contain_text(evil)
        page.goto(LAB)
        cycles = [{"inputs": {evil: "1"}, "expected": {}, "got": {evil: "0"}, "registers": {}}]
        page.evaluate(SHOW, trace_of(cycles, []))
        page.click(".wave-table summary")
        expect(page.locator(".wave-table th").nth(1)).to_have_text(evil)
        write(page, f'// {evil}\nmodule m; `include "{evil}" endmodule')
        page.click("#check")
        verdict(page, "rejected")
        assert page.locator("main img").count() == 0
