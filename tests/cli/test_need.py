import json
from pathlib import Path

import pytest

from chiploom.cli.main import main
from chiploom.grading.evidence import Conditions, make_subject
from evidence_samples import Issuer

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def need(tmp_path: Path) -> Path:
    path = tmp_path / "need.toml"
    path.write_text(
        'schema = "chiploom/need/1"\ntitle = "Đếm xung"\npartner = "Demo partner"\ndemo = true\n'
        '[[required]]\nskill = "sequential.counter"\npeople = 1\n[conditions]\nai_use = ["none", "assisted"]\n'
    )
    return path


def test_a_match_says_who_counts_and_who_does_not(need: Path, issuer: Issuer, tmp_path: Path, capsys: Capture) -> None:
    directory = tmp_path / "evidence"
    good, silent = make_subject(), make_subject()
    issuer.write(directory / "b.json", "proved", silent)
    command = ["need", "match", str(need), "--evidence", str(directory)]
    assert main([*command, "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["covered"] is False
    assert [(entry["file"], entry["code"]) for entry in answer["excluded"]] == [("b.json", "story.ai-undeclared")]
    issuer.write(directory / "a.json", "proved", good, conditions=Conditions(None, "none"))
    assert main([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["coverage"][0]["offers"][0]["subject"] == good.id
    for language, words in (
        ("en", ("DEMONSTRATION", "use of AI is not declared", "The need is covered")),
        ("vi", ("MINH HỌA", "không khai việc dùng AI", "Nhu cầu đã được đáp ứng")),
        ("fr", ("DÉMONSTRATION", "n’est pas déclaré", "Le besoin est couvert")),
    ):
        assert main([*command, "--lang", language]) == 0
        shown = capsys.readouterr().out
        assert all(word in shown for word in words)
        assert silent.id in shown


def test_bad_input(need: Path, tmp_path: Path, capsys: Capture) -> None:
    assert main(["need", "match", str(need), "--evidence", str(tmp_path / "none"), "--json"]) == 64
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "file-not-found"
    assert main(["need", "match", str(need)]) == 64
