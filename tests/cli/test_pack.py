import json
from pathlib import Path

import pytest

from chiploom.cli.main import main

Capture = pytest.CaptureFixture[str]

TASK = (
    """id = "inverter"
kind = "design"
track = "design"
level = 1
minutes = 5
skills = ["combinational.gates"]
top = "inverter"
[title]
en = "Inverter"
vi = "Cổng đảo"
fr = "Inverseur"
[[ports]]
name = "a"
direction = "input"
[[ports]]
name = "y"
direction = "output"
"""
    + '[[hints]]\nen = "h"\nvi = "h"\nfr = "h"\n' * 3
)


def module(body: str) -> str:
    return f"module inverter(input logic a, output logic y);\n  {body}\nendmodule\n"


@pytest.fixture
def pack(tmp_path: Path, home: Path) -> Path:
    folder = tmp_path / "pack" / "inverter"
    for sub in ("alternatives", "broken"):
        (folder / sub).mkdir(parents=True)
    (folder / "task.toml").write_text(TASK, encoding="utf-8")
    for language in ("en", "vi", "fr"):
        (folder / f"statement.{language}.md").write_text("y = not a")
    for name, body in {
        "reference": "assign y = ~a;",
        "starter": "assign y = 1'b0;",
        "alternatives/mux": "assign y = a ? 1'b0 : 1'b1;",
        "broken/wire": "assign y = a;",
        "broken/syntax": "assign y = ;",
    }.items():
        (folder / f"{name}.sv").write_text(module(body))
    (folder.parent / "pack.toml").write_text(
        'id = "p"\nversion = "1.0.0"\nlicence = "Apache-2.0"\nauthors = ["a"]\nlanguages = ["en", "vi", "fr"]\n'
        'tasks = ["inverter"]\n[title]\nen = "P"\nvi = "P"\nfr = "P"\n',
        encoding="utf-8",
    )
    return folder.parent


def test_a_good_pack_is_admitted(pack: Path, capsys: Capture) -> None:
    assert main(["pack", "check", str(pack), "--workers", "1"]) == 0
    out = capsys.readouterr().out
    assert "admitted  inverter" in out
    assert "tasks admitted: 1 of 1" in out
    assert "not yet reviewed by a native speaker: en, vi, fr" in out


def test_a_weak_pack_is_refused_with_its_findings(pack: Path, capsys: Capture) -> None:
    (pack / "inverter/broken/wire.sv").write_text(module("assign y = ~a;"))
    (pack / "forgotten").mkdir()
    (pack / "forgotten/task.toml").write_text(TASK)
    assert main(["pack", "check", str(pack), "--workers", "1", "--json"]) == 65
    answer = json.loads(capsys.readouterr().out)
    assert answer["admitted"] is False
    assert answer["unlisted_folders"] == ["forgotten"]
    assert [finding["subject"] for finding in answer["tasks"][0]["findings"]] == ["broken/wire"]


@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        (["check", "nowhere"], "file-not-found", 64),
        (["check", "PACK", "--task", "other"], "unknown-task", 64),
        (["check", "PACK", "--mutants", "-1"], "usage", 64),
        (["check", "EMPTY"], "missing-file", 65),
        (["import", "verilog-eval", "EMPTY", "--to", "new"], "file-not-found", 64),
        (["import", "rtllm", "EMPTY", "--to", "new"], "usage", 64),
    ],
)
def test_mistakes_are_told_in_one_line(
    pack: Path, tmp_path: Path, capsys: Capture, words: list[str], code: str, status: int
) -> None:
    (tmp_path / "empty").mkdir()
    places = {"PACK": str(pack), "EMPTY": str(tmp_path / "empty")}
    assert main(["pack", *[places.get(word, word) for word in words], "--json"]) == status
    captured = capsys.readouterr()
    assert json.loads(captured.out)["error"]["code"] == code
    assert captured.err.count("\n") == 1


def test_an_imported_pack_can_be_checked_and_used(tmp_path: Path, home: Path, capsys: Capture) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "Prob001_inverter_ref.sv").write_text("module RefModule(input a, output y); assign y = ~a; endmodule\n")
    (folder / "Prob001_inverter_prompt.txt").write_text("Invert.\n")
    target = tmp_path / "imported"
    assert main(["pack", "import", "verilog-eval", str(folder), "--to", str(target)]) == 0
    assert main(["pack", "check", str(target), "--workers", "1"]) == 0
    assert "imported pack; not checked: Vietnamese and French texts, starters" in capsys.readouterr().out
    assert main(["task", "show", "Prob001_inverter", "--pack", str(target), "--lang", "vi"]) == 0
    out = capsys.readouterr().out
    assert "Invert." in out
    assert "MIT License" in out
