"""Take the pictures of the hub's pages that the documentation shows, from a hub that runs for it (``sample_hub.py``).

Run it in a checkout after ``make web``, where Chromium is installed: ``.venv/bin/python tools/take_screenshots.py``.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, sync_playwright
from starlette.testclient import TestClient

import sample_hub
from chiploom.hub import application
from chiploom.hub.hub import Hub, running
from chiploom.hub.web.asking import SESSION_COOKIE
from chiploom.settings import Settings

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"


@dataclass(frozen=True, slots=True)
class Picture:
    """What is shown: whose page, which (a part of its address), and how much of it."""

    name: str
    who: str
    address: str
    width: int = 1200
    height: int = 760
    scrolled: int = 0


PICTURES = (
    Picture("lab", "learner", "/bcd-counter", width=1100, height=630, scrolled=480),
    Picture("skill-map", "learner", "/learn"),
    Picture("progress", "lecturer", "/progress", width=1000, height=640),
    Picture("clusters", "lecturer", "/clusters", width=1000, height=840),
    Picture("operate", "operator", "/operate", width=1000, height=760),
)


def main() -> int:
    """Write the pictures."""
    argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0]).parse_args()
    with tempfile.TemporaryDirectory(prefix="chiploom-pages-") as home, running(Settings(home=Path(home))) as hub:
        _set_up(hub)
        sample = sample_hub.fill(hub)
        with _served(hub) as site, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for picture in PICTURES:
                _take(browser, site, sample, picture)
            browser.close()
    return 0


def _take(browser: Browser, site: str, sample: sample_hub.Sample, picture: Picture) -> None:
    context = browser.new_context(
        base_url=site, locale="en", viewport={"width": picture.width, "height": picture.height}
    )
    context.add_cookies([{"name": SESSION_COOKIE, "value": getattr(sample, picture.who), "url": site}])
    page = context.new_page()
    page.goto("/account")
    page.click(".languages [value=en]")
    page.goto(next(address for address in getattr(sample, f"{picture.who}_pages") if picture.address in address))
    page.wait_for_load_state("networkidle")
    page.mouse.wheel(0, picture.scrolled)
    page.wait_for_function("y => scrollY === y", arg=picture.scrolled)
    path = FOLDER / f"{picture.name}.png"
    page.screenshot(path=path)
    print(f"written: {path} ({path.stat().st_size / 1000:.0f} kB)")
    context.close()


def _set_up(hub: Hub) -> None:
    answer = TestClient(application.create(hub)).post(
        "/setup",
        data={
            "institution": "Sample University",
            "institution_language": "en",
            "name": "Operator",
            "login": "op",
            "password": sample_hub.PASSWORD,
            "open_sign_up": "true",
        },
        follow_redirects=False,
    )
    assert answer.status_code == 303, answer.text


@contextlib.contextmanager
def _served(hub: Hub) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(application.create(hub), log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(15)


if __name__ == "__main__":
    sys.exit(main())
