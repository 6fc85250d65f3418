import json
from pathlib import Path

import pytest

from chiploom.cli.main import main

Capture = pytest.CaptureFixture[str]


def test_an_unfit_directory_is_told_what_is_missing(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "pack.toml").write_text('licence = "Secret\\u001b[2J"')
    assert main(["alliance", "check", str(tmp_path), "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["passed"] is False
    assert {rule["id"]: rule["state"] for rule in answer["rules"]} == {
        "licence-file": "missing",
        "licence-identifier": "fail",
        "contribution-terms": "missing",
        "card": "missing",
        "evaluation-evidence": "missing",
    }
    for language, word in (("en", "missing"), ("vi", "thiếu"), ("fr", "absent")):
        assert main(["alliance", "check", str(tmp_path), "--lang", language]) == 1
        shown = capsys.readouterr().out
        assert word in shown
        assert shown.count("https://") == 5
        assert "\x1b" not in shown


def test_bad_input(tmp_path: Path, capsys: Capture) -> None:
    assert main(["alliance", "check", str(tmp_path / "none")]) == 64
    assert main(["alliance", "check", str(tmp_path), "--rules", str(tmp_path / "none")]) == 64
    assert "Traceback" not in capsys.readouterr().err
