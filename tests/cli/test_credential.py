import json
from collections.abc import Callable
from pathlib import Path

import pytest

from chiploom.cli.main import main
from chiploom.credentials import keys
from chiploom.grading.evidence import make_subject
from evidence_samples import Issuer

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def own(home: Path) -> Issuer:
    return Issuer(keys.issuer_key(home))


def test_issue_and_verify(own: Issuer, tmp_path: Path, capsys: Capture) -> None:
    subject = make_subject()
    files = [tmp_path / "a.json", tmp_path / "b.json"]
    for file in files:
        own.write(file, "proved", subject)
    badge, key = tmp_path / "badge.jwt", tmp_path / "key.pem"
    evidence = [str(file) for file in files]
    assert main(["credential", "issue", *evidence, "--to", str(badge), "--name", "Trần Thị B"]) == 0
    assert "sequential.counter" in capsys.readouterr().out
    assert main(["evidence", "key", "--to", str(key)]) == 0
    capsys.readouterr()
    command = ["credential", "verify", str(badge), "--key", str(key), "--evidence", *evidence]
    assert main([*command, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["valid"] is True
    assert (answer["subject"], answer["name"], answer["key"]) == (subject.id, "Trần Thị B", "given")
    assert list(answer["evidence"]) == answer["checked"]
    for language, word in (("en", "valid:"), ("vi", "hợp lệ:"), ("fr", "valide")):
        assert main([*command, "--lang", language]) == 0
        shown = capsys.readouterr().out
        assert word in shown
        assert "Trần Thị B" in shown


@pytest.mark.parametrize("format_", ["jwt", "data-integrity"])
def test_standard_output_holds_the_credential(own: Issuer, tmp_path: Path, capsys: Capture, format_: str) -> None:
    own.write(tmp_path / "a.json")
    assert main(["credential", "issue", str(tmp_path / "a.json"), "--format", format_]) == 0
    text = capsys.readouterr().out
    (tmp_path / "badge").write_text(text)
    assert main(["credential", "verify", str(tmp_path / "badge")]) == 0
    (tmp_path / "badge").write_text(text[:100] + ("A" if text[100] != "A" else "B") + text[101:])
    assert main(["credential", "verify", str(tmp_path / "badge")]) == 1
    assert capsys.readouterr().err.startswith("chiploom: credential-")


def test_evidence_of_others_needs_their_key(
    home: Path, new_issuer: Callable[[], Issuer], tmp_path: Path, capsys: Capture
) -> None:
    other = new_issuer()
    other.write(tmp_path / "a.json")
    (tmp_path / "other.txt").write_text(other.key.did)
    assert main(["credential", "issue", str(tmp_path / "a.json"), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "evidence-wrong-key"
    assert main(["credential", "issue", str(tmp_path / "a.json"), "--key", str(tmp_path / "other.txt")]) == 0


def test_refusals_write_nothing(own: Issuer, tmp_path: Path, capsys: Capture) -> None:
    own.write(tmp_path / "a.json", "refuted")
    target = tmp_path / "badge"
    assert main(["credential", "issue", str(tmp_path / "a.json"), "--to", str(target)]) == 1
    assert main(["credential", "issue", str(tmp_path / "none.json"), "--to", str(target)]) == 64
    assert main(["credential", "issue"]) == 64
    assert main(["credential", "verify", str(tmp_path / "none")]) == 64
    assert not target.exists()
    assert "Traceback" not in capsys.readouterr().err
