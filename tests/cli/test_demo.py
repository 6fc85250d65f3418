import re

import pytest

from chiploom import messages
from chiploom.cli import demo
from chiploom.errors import ChiploomError

Capture = pytest.CaptureFixture[str]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_story_is_true_from_end_to_end(language: str, capsys: Capture) -> None:
    assert demo.main(["--lang", language]) == 0
    told = capsys.readouterr().out
    # A counterexample in some cycle, with the waveform; then the proof.
    assert re.search(r"(cycle|chu kỳ) \d+", told)
    assert "▲" in told
    assert told.index(messages.text("grading.refuted", language, name="designs/counter.sv")) < told.index(
        messages.text("grading.proved", language, name="designs/counter-repaired.sv")
    )
    # The separate program accepts, then rejects after one byte.
    assert told.index("ACCEPTED\n") < told.index("NOT ACCEPTED")
    # The first gate is closed before and open after.
    team = {"en": "A team that can design", "vi": "Đội ngũ có năng lực thiết kế"}[language]
    closed = messages.text("story.gate-closed", language, gate=team)
    opened = messages.text("story.gate-open", language, gate=team)
    assert told.count(closed) == 1
    assert told.index(closed) < told.index(opened)
    # Who does not count, and why.
    for reason in ("altered", "is-refuted", "ai-undeclared", "not-this-kind"):
        assert messages.text(f"story.{reason}", language) in told
    assert messages.text("story.covered", language) in told
    # The count moves by one.
    assert messages.text("demo.step-plan", language, skill=demo.SKILL, before="2", after="3") in told
    last = told.strip().splitlines()[-1]
    for word in {
        "en": ("PEOPLE", "START-UPS", "ALLIANCE"),
        "vi": ("CON NGƯỜI", "KHỞI NGHIỆP", "LIÊN MINH"),
    }[language]:
        assert word in last
    assert messages.text("story.demo", language) in told


def test_a_step_that_fails_stops_the_story(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def fail(*_: object) -> str:
        raise ChiploomError("demo-step-failed", "grade: exit status 70")

    monkeypatch.setattr(demo._Story, "_execute", fail)
    assert demo.main([]) == 70
    captured = capsys.readouterr()
    assert captured.err == "demo: demo-step-failed: grade: exit status 70\n"
    assert "ACCEPTED" not in captured.out
