"""A lecturer's way through the hub, in a real browser: thirty learners, an exam, who fails alike, points, practice."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.testclient import TestClient
from visiting import Browser as Client
from visiting import files, verdict_of
from watched import fits, picture, visit

import sample_hub
from chiploom.hub import application
from chiploom.hub.hub import Hub
from chiploom.hub.people import accounts, passwords
from chiploom.tasks.load import load_pack, load_task

PASSWORD = "một câu dễ nhớ"
OWN = "một câu khác hẳn"
NAMES = ("Nguyễn Thị Ánh", "Đỗ Văn Ấn", "Lê Quý Đôn", "Camille Lefèvre", "Priya Raman", "Ê Ban Y Khoa")
SEPARATOR = {"en": ",", "vi": ";", "fr": ";"}


def lecturer_account(hub: Hub, language: str) -> str:
    """Make a lecturer's account as an operator would; return the login."""
    password_hash = passwords.hashed_new(PASSWORD, "")
    with hub.database.writing() as session:
        accounts.create(
            session,
            login=f"lecturer-{language}",
            name="Lê Thị Giảng",
            password_hash=password_hash,
            language=language,
            institution_id=1,
            role="lecturer",
        )
    return f"lecturer-{language}"


def sign_in(page: Page, login: str) -> None:
    page.goto("/sign-in")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("main button")


def import_thirty(page: Page, language: str) -> dict[str, str]:
    """Import thirty learners from a file; return their first passwords by login."""
    lines = ["login;name;language"]
    lines += [f"{language}-{number:02};{NAMES[number % len(NAMES)]} {number};{language}" for number in range(30)]
    roster = {"name": "k67.csv", "mimeType": "text/csv", "buffer": "\r\n".join(lines).encode("utf-16")}
    page.set_input_files("#roster-file", roster)  # type: ignore[arg-type]
    page.locator("form[action$='/roster'] button").click()
    expect(page.locator("tbody tr")).to_have_count(30)
    picture(page, f"roster-{language}")
    page.locator("form[action$='/roster/import'] button").click()
    expect(page.locator(".passwords tbody tr")).to_have_count(30)
    picture(page, f"passwords-{language}")
    with page.expect_download() as download:
        page.click("a[download]")
    sheet = read_csv(download.value.path().read_bytes(), language)
    return {row[0]: row[2] for row in sheet[1:]}


def read_csv(data: bytes, language: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=SEPARATOR[language]))


def set_exam(page: Page, hub: Hub) -> int:
    """Give the class an exam whose task differs from learner to learner; return its number."""
    now = datetime.now(UTC).astimezone(ZoneInfo(hub.settings.time_zone))
    page.select_option("#task", "foundations/gates")
    page.check("[name=mode][value=exam]")
    page.check("[name=variants]")
    page.fill("#opens_at", (now - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M"))
    page.fill("#due_at", (now + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"))
    page.fill("#attempts", "3")
    page.fill("#points", "10")
    page.select_option("#proctored", "yes")
    page.select_option("#ai_use", "none")
    page.click("main form button.button")
    address = page.locator("tbody th a[href*='/teach/assignments/']").first.get_attribute("href") or ""
    return int(address.rpartition("/")[2])


def admitted(app: object, login: str, first: str) -> Client:
    """Return a learner who signed in with the first password, and chose another."""
    client = Client(TestClient(app, headers={"accept-language": "vi"}))  # type: ignore[arg-type]
    answer = client.client.post("/sign-in", data={"login": login, "password": first}, follow_redirects=False)
    assert answer.headers["location"] == "/account"
    client.post("/account/password", present=first, new=OWN)
    return client


def variant_in(page: str) -> int:
    """Return the number of the variant that a learner's page shows."""
    found = re.search(r"· (?:Variante?|Biến thể) (\d+)", page)
    assert found is not None
    return int(found[1])


@pytest.mark.one_database
@pytest.mark.parametrize("language", ["vi", "en", "fr"])
def test_from_a_list_of_names_to_points(hub: Hub, site: str, chromium: Browser, language: str) -> None:
    login = lecturer_account(hub, language)
    with visit(chromium, site, language, width=1280) as page:
        sign_in(page, login)
        page.fill("[name=title]", "Thiết kế số")
        page.click("form[action='/teach/courses'] button")
        page.fill("[name=name]", "K67")
        page.click("form[action$='/classes'] button")
        expect(page.locator("h1")).to_have_text("K67")
        class_page = page.url.partition("?")[0]
        first = import_thirty(page, language)
        page.goto(f"{class_page}/assignments/new")
        exam = set_exam(page, hub)
        picture(page, f"class-{language}")

        # Everybody has their own truth table, and seven of thirty have handed in when the lecturer looks.
        page.clock.install()
        page.goto(f"{class_page}/progress")
        expect(page.locator("td.state-new")).to_have_count(30)
        app = application.create(hub)
        learners = [admitted(app, login, first[login]) for login in sorted(first)[:7]]
        variants = [variant_in(learner.get(f"/assignments/{exam}")) for learner in learners]
        assert len(set(variants)) > 1
        for number, (learner, variant) in enumerate(zip(learners, variants, strict=True)):
            text = sample_hub.solution(load_task(load_pack(), "gates", variant))
            if number < 4:
                text = text.replace("~(a | b | c)", "(a | b | c)")
            elif number < 6:
                text = text.replace("assign", "asign", 1)
            verdict_of(learner, learner.post(f"/assignments/{exam}/check", files=files(text)))
        # The page asks by itself every ten seconds, which need not pass; nobody loads it again.
        page.clock.run_for(10_000)
        expect(page.locator("td.state-tried")).to_have_count(6)
        expect(page.locator("td.state-met")).to_have_count(1)
        picture(page, f"progress-{language}")

        page.locator("thead a").first.click()
        clusters = page.locator(".cluster")
        expect(clusters).to_have_count(2)
        expect(clusters.first.locator("li")).to_have_count(4)
        clusters.first.locator("textarea").fill("Nhớ **đảo** đầu ra của cổng NOR <b>")
        clusters.first.locator("button.button").click()
        expect(page.locator(".cluster").first.locator(".comment strong")).to_have_text("đảo")
        picture(page, f"clusters-{language}")
        said = [learner.get(f"/assignments/{exam}") for learner in learners]
        assert [("<strong>đảo</strong>" in text, "&lt;b&gt;" in text) for text in said] == [
            (number < 4, number < 4) for number in range(7)
        ]

        page.goto(f"{class_page}/gradebook")
        picture(page, f"gradebook-{language}")
        with page.expect_download() as download:
            page.click("a[href$='gradebook.csv']")
        table = read_csv(download.value.path().read_bytes(), language)
        assert len(table) == 31
        assert sorted(row[-1] for row in table[1:]) == ["0"] * 29 + ["10"]

        page.goto(f"{class_page}/practice")
        page.fill("[name=minutes_per_credit]", "3")
        page.locator("form[action$='/practice'][method=post] button").click()
        expect(page.locator("main")).to_contain_text("1314")
        with page.expect_download() as download:
            page.click("a[href*='practice.csv']")
        minutes = read_csv(download.value.path().read_bytes(), language)
        assert [row[2] for row in minutes[1:8]] == ["foundations/gates"] * 7
        assert "1314" in minutes[8][0], "the file says what it does not state"
        page.set_viewport_size({"width": 390, "height": 844})
        assert fits(page)
        picture(page, f"practice-{language}")
