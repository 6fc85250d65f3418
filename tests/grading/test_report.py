import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from chiploom.grading.bench import Graded, Run
from chiploom.grading.report import SHOWN_PER_TASK, html
from chiploom.grading.samples import BadLine, BadLines
from chiploom.grading.statistics import TaskCount, estimate
from chiploom.prove.verdict import Limits
from chiploom.tasks.model import Pack, Policy, Task

HOSTILE = "<script>alert('x')</script>\"&\u202e\x1b[2J{{ 7*7 }}"


def task(name: str) -> Task:
    return Task(
        id=name,
        kind="design",
        track="design",
        level=3,
        minutes=1,
        skills=(),
        top="m",
        title={"en": HOSTILE},
        statement={},
        hints=(),
        ports=(),
        clock=None,
        power_up="free",
        limits=Limits(),
        policy=Policy(),
        parameters={},
        variant=None,
        variant_count=0,
        reference=(),
        environment=(),
        properties=(),
        starter=(),
        alternatives=(),
        broken=(),
        diagrams={},
    )


@pytest.fixture
def run() -> Run:
    pack = Pack("p", "1.0.0", HOSTILE, (), ("en",), {}, {"en": HOSTILE}, "", ("a", "b"), True, HOSTILE)
    graded = [Graded("a", i, i + 1, "refuted", "random", 0.1, None, f"{HOSTILE} {i}", (HOSTILE,)) for i in range(14)]
    graded.append(Graded("a", 14, 15, "proved", "induction", 0.1, None, "", ()))
    found = estimate([TaskCount("a", 15, 1), TaskCount("b", 0, 0)], 1)
    assert found is not None
    return Run(
        pack=pack,
        tasks=(task("a"), task("b")),
        samples_name=HOSTILE,
        samples_sha256="0" * 64,
        graded=tuple(graded),
        bad_lines=BadLines(1, (BadLine(3, HOSTILE),)),
        resumed=0,
        estimates=(found,),
        tools={"yosys": HOSTILE},
    )


class Reader(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_nothing_of_others_acts(run: Run) -> None:
    page = html(run)
    reader = Reader(page)
    assert reader.open == []
    assert not {"script", "iframe", "img", "link", "object", "base", "form", "a"} & set(reader.tags)
    assert not [a for a in reader.attributes if a[1].startswith("on") or a[1] in ("style", "href", "src")]
    assert "<script>alert('x')</script>" in reader.text  # shown as text
    assert "{{ 7*7 }}" in reader.text
    assert "\u202e" not in page
    assert "\x1b" not in page


def test_the_page_forbids_everything_but_its_own_style(run: Run) -> None:
    page = html(run)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert policy is not None
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy[1].replace("&#39;", "'") == f"default-src 'none'; style-src 'sha256-{digest}'"
    assert "@import" not in style[1]
    assert not re.search(r"url\((?!#)", style[1])
    assert "http" not in style[1]


def test_the_figures_and_the_limits_are_there(run: Run) -> None:
    text = " ".join(Reader(html(run)).text.split())
    assert "pass@1 3.3%" in text
    assert "1 / 2" in text
    assert "not attempted" in text
    assert "'bounded' and 'undecided' count as not right" in text
    assert "nor whether the reference itself is what its statement asks for" in text
    assert f"{14 - SHOWN_PER_TASK} more in results.json" in text
    assert "a task without samples counts as failed" in text
    assert "sample 1, line 1 of the file" in text


def test_a_run_without_samples_can_be_reported(run: Run) -> None:
    import dataclasses

    empty = dataclasses.replace(run, graded=(), estimates=(), bad_lines=BadLines())
    assert "0 samples" in Reader(html(empty)).text
