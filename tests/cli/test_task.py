import json

import pytest

from chiploom.cli.main import main
from chiploom.tasks.load import load_pack

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize(("language", "word"), [("en", "minutes"), ("vi", "biến thể"), ("fr", "niveau")])
def test_the_list_is_in_teaching_order_and_in_the_language(capsys: Capture, language: str, word: str) -> None:
    assert main(["task", "list", "--lang", language]) == 0
    lines = capsys.readouterr().out.splitlines()
    ids = [line.split()[0] for line in lines[3:]]
    assert tuple(ids) == load_pack().task_ids
    assert word in lines[2]


def test_the_list_as_json(capsys: Capture) -> None:
    assert main(["task", "list", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [task["id"] for task in answer["tasks"]] == list(load_pack().task_ids)
    assert all(set(task["title"]) == {"en", "vi", "fr"} for task in answer["tasks"])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Interface of module fifo", "hints: 3", "chiploom grade fifo --variant 3", "not yet been reviewed"]),
        ("vi", ["Giao diện của mô-đun", "3 gợi ý", "chiploom grade fifo --variant 3", "người bản ngữ"]),
        ("fr", ["Interface du module fifo", "indices : 3", "chiploom grade fifo --variant 3", "locuteur natif"]),
    ],
)
def test_a_task_is_shown_as_a_learner_needs_it(capsys: Capture, language: str, words: list[str]) -> None:
    assert main(["task", "show", "fifo", "--lang", language, "--variant", "3"]) == 0
    out = capsys.readouterr().out
    for word in words:
        assert word in out
    assert "╱▔╲▁" in out  # the diagram is drawn
    assert "module fifo (" in out  # the starter
    assert "${" not in out


def test_hints_come_only_on_request(capsys: Capture) -> None:
    task = json.loads(_run(capsys, "task", "show", "fifo", "--json"))
    assert (task["hints"], task["hint"]) == (3, None)
    assert "reference" not in json.dumps(task)
    hint = json.loads(_run(capsys, "task", "show", "fifo", "--json", "--hint", "2"))["hint"]
    assert hint in " ".join(_run(capsys, "task", "show", "fifo", "--hint", "2").split("\n"))
    assert hint not in _run(capsys, "task", "show", "fifo")


@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        (["show", "fif"], "unknown-task", 64),
        (["show", "fifo", "--variant", "999"], "unknown-variant", 64),
        (["show", "fifo", "--hint", "4"], "unknown-hint", 64),
        (["list", "--pack", "nowhere"], "file-not-found", 64),
        (["show"], "usage", 64),
        (["show", "fifo", "--variant", "x"], "usage", 64),
    ],
)
def test_mistakes_are_told_in_one_line(capsys: Capture, words: list[str], code: str, status: int) -> None:
    assert main(["task", *words, "--json"]) == status
    captured = capsys.readouterr()
    assert json.loads(captured.out)["error"]["code"] == code
    assert captured.err.startswith(f"chiploom: {code}: ")
    assert captured.err.count("\n") == 1


def _run(capsys: Capture, *words: str) -> str:
    assert main(list(words)) == 0
    return capsys.readouterr().out
