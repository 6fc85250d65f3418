import json
from pathlib import Path

import pytest

from chiploom.cli.main import main
from chiploom.credentials import keys
from chiploom.grading import evidence
from chiploom.tasks.load import builtin_pack_directory

Capture = pytest.CaptureFixture[str]
DESIGN = str(builtin_pack_directory() / "updown-counter" / "reference.sv")
SUBJECT = "urn:uuid:670816be-b93c-4c14-a6f1-906b2d005ecf"


def refused(options: list[str], capsys: Capture) -> tuple[int, str]:
    status = main(["grade", "updown-counter", DESIGN, *options, "--json"])
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return status, json.loads(captured.out)["error"]["code"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--ai-use", "none"], "usage"),
        (["--proctored", "no"], "usage"),
        (["--disclose"], "usage"),
        (["--undisclosed-task"], "usage"),
        (["--subject", SUBJECT], "usage"),
        (["--evidence", "e.json", "--subject-kind", "model"], "usage"),
        (["--evidence", "e.json", "--subject", "Nguyễn Văn A"], "subject-not-random"),
        (["--evidence", "e.json", "--ai-use", "some"], "usage"),
    ],
)
def test_options_without_effect_or_with_names_are_refused_before_any_work(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture, options: list[str], code: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused(options, capsys) == (64, code)
    assert list(tmp_path.iterdir()) == []


def test_the_options_are_what_is_signed(home: Path, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "e.json"
    options = ["--evidence", str(path), "--subject", SUBJECT, "--subject-kind", "model"]
    said = ["--ai-use", "generated", "--proctored", "no", "--disclose"]
    assert main(["grade", "updown-counter", DESIGN, *options, *said]) == 0
    record = evidence.read_file(path)
    evidence.verify(record, keys.issuer_key(home).did)
    assert (record.subject.id, record.subject.kind) == (SUBJECT, "model")
    assert record.conditions == evidence.Conditions(False, "generated")
    assert record.is_rerunnable
    assert [source.name for source in record.sources() or ()] == ["reference.sv"]
    assert main(["grade", "updown-counter", DESIGN, "--evidence", str(path)]) == 0
    own = evidence.read_file(path)
    assert own.subject == keys.own_subject(home)
    assert own.conditions == evidence.Conditions()
    assert not own.is_rerunnable


def test_evidence_that_cannot_be_written_is_said_and_leaves_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    assert refused(["--evidence", str(tmp_path)], capsys) == (70, "is-a-directory")
    assert refused(["--evidence", str(tmp_path / "no" / "e.json")], capsys) == (70, "not-writable")
    keys.private_key_path(home).chmod(0o644)
    assert refused(["--evidence", str(tmp_path / "e.json")], capsys) == (70, "key-permissions")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CHIPLOOM_HOME", str(tmp_path / "file" / "home"))
    assert refused(["--evidence", str(tmp_path / "e.json"), "--no-cache"], capsys) == (70, "not-writable")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "home"]
