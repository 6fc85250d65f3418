import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from chiploom import settings
from chiploom.cli.main import main
from chiploom.credentials import keys
from chiploom.grading import evidence
from chiploom.grading.commitment import opening_path
from chiploom.grading.evidence import Conditions
from chiploom.hdl.read import load_sources
from chiploom.prove.verdict import Outcome, Verdict
from chiploom.tasks.load import builtin_pack_directory, load_pack, load_task
from evidence_samples import Issuer

Capture = pytest.CaptureFixture[str]
PACK = builtin_pack_directory()
TASK = "updown-counter"


def error_of(arguments: list[str], capsys: Capture) -> tuple[int, str]:
    status = main([*arguments, "--json"])
    captured = capsys.readouterr()
    answer = json.loads(captured.out)
    assert answer["verdict"] is None
    assert captured.err.count("\n") == 1
    assert "Traceback" not in captured.err
    return status, answer["error"]["code"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("valid:", "proved", "whoever holds that key", "undeclared")),
        ("vi", ("hợp lệ:", "đã chứng minh", "bất kỳ ai giữ khóa đó", "không khai")),
        ("fr", ("valide\u00a0:", "prouvé", "quiconque détient cette clé", "non déclaré")),
    ],
)
def test_verify_tells_what_the_file_says_and_who_signed(
    issuer: Issuer, tmp_path: Path, capsys: Capture, language: str, words: tuple[str, ...]
) -> None:
    path = tmp_path / "e.json"
    signed = issuer.write(path)
    assert main(["evidence", "verify", str(path), "--lang", language]) == 0
    shown = capsys.readouterr().out
    assert all(word in shown for word in words)
    assert all(part in shown for part in (signed.subject.id, issuer.key.did, "foundations/modulo-counter#3"))


def test_verify_with_the_key_of_the_issuer(
    issuer: Issuer, new_issuer: Callable[[], Issuer], tmp_path: Path, capsys: Capture
) -> None:
    path, key, other = (tmp_path / name for name in ("e.json", "key", "other"))
    issuer.write(path, "refuted", conditions=Conditions(True, "assisted"))
    key.write_text(issuer.key.did)
    other.write_text(new_issuer().key.did)
    assert main(["evidence", "verify", str(path), "--key", str(key), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["valid"], answer["key"], answer["verdict"]) == (True, "given", "refuted")
    assert answer["conditions"] == {"proctored": True, "ai_use": "assisted"}
    assert error_of(["evidence", "verify", str(path), "--key", str(other)], capsys) == (1, "evidence-wrong-key")


def test_bad_input(issuer: Issuer, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "e.json"
    issuer.write(path)
    data = path.read_bytes()
    for name, content in (
        ("altered", data.replace(b'"proved"', b'"bounded"')),
        ("cut", data[: len(data) // 2]),
        ("empty", b""),
        ("noise", os.urandom(300)),
        ("other", b"{}"),
    ):
        (tmp_path / name).write_bytes(content)
    with (tmp_path / "huge").open("wb") as huge:
        huge.truncate(100_000_000)
    expected = {
        "altered": (1, "evidence-altered"),
        "cut": (1, "evidence-not-json"),
        "empty": (1, "evidence-not-json"),
        "noise": (1, "evidence-not-json"),
        "other": (1, "evidence-schema"),
        "none": (64, "file-not-found"),
        ".": (64, "is-a-directory"),
        "huge": (64, "file-too-large"),
    }
    for name, answer in expected.items():
        assert error_of(["evidence", "verify", str(tmp_path / name)], capsys) == answer, name
    assert error_of(["evidence", "verify", str(path), "--key", str(tmp_path / "none")], capsys)[0] == 64
    assert error_of(["evidence", "verify", str(path), "--key", str(path)], capsys) == (64, "key-broken")
    assert error_of(["evidence", "verify"], capsys) == (64, "usage")


def test_key_is_made_shown_and_closed_to_others(home: Path, tmp_path: Path, capsys: Capture) -> None:
    assert main(["evidence", "key", "--to", str(tmp_path / "pub.pem")]) == 0
    assert "did:key:z6Mk" in capsys.readouterr().out
    assert main(["evidence", "key", "--json"]) == 0
    did = json.loads(capsys.readouterr().out)["did"]
    assert keys.read_public_key(tmp_path / "pub.pem") == did
    assert stat.S_IMODE(keys.private_key_path(home).stat().st_mode) == 0o600
    keys.private_key_path(home).chmod(0o644)
    assert error_of(["evidence", "key"], capsys) == (70, "key-permissions")


def test_a_home_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CHIPLOOM_HOME", str(tmp_path / "file" / "home"))
    assert error_of(["evidence", "key"], capsys) == (70, "not-writable")


def test_new_subject_is_random(capsys: Capture) -> None:
    assert main(["evidence", "new-subject"]) == 0
    first = capsys.readouterr().out.strip()
    assert main(["evidence", "new-subject", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["subject"] != first
    assert evidence.Subject(first).id == first


@pytest.fixture
def graded(home: Path, tmp_path: Path, capsys: Capture) -> Callable[..., Path]:
    """Evidence as ``chiploom grade`` writes it, for the right or for a wrong design."""

    def grade(*options: str, broken: bool = False, variant: int = 2) -> Path:
        task = load_task(load_pack(), TASK, variant)
        (tmp_path / "design.sv").write_text(_with_values(task.reference[0].text, dict(task.parameters), broken))
        path = tmp_path / "graded.json"
        status = main(
            ["grade", TASK, str(tmp_path / "design.sv"), "--variant", str(variant), "--evidence", str(path), *options]
        )
        assert status == (1 if broken else 0), capsys.readouterr()
        capsys.readouterr()
        return path

    return grade


def _with_values(text: str, values: dict[str, int], broken: bool) -> str:
    lines = []
    for line in text.splitlines():
        for name, value in values.items():
            if line.strip().startswith(f"parameter int {name} ="):
                line = f"    parameter int {name} = {value}" + ("," if line.rstrip().endswith(",") else "")
        lines.append(line.replace("q - 4'd1", "q - 4'd2") if broken else line)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("broken", [False, True])
def test_rerun_with_the_files_given(graded: Callable[..., Path], tmp_path: Path, capsys: Capture, broken: bool) -> None:
    path = graded(broken=broken)
    command = ["evidence", "verify", str(path), "--rerun"]
    assert main([*command, "--submission", str(tmp_path / "design.sv"), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["rerun"] == {"verdict": "refuted" if broken else "proved", "agrees": True}
    assert error_of(command, capsys) == (64, "submission-missing")
    (tmp_path / "other.sv").write_text("module updown_counter; endmodule\n")
    other = [*command, "--submission", str(tmp_path / "other.sv")]
    assert error_of(other, capsys) == (1, "evidence-other-submission")
    moved = tmp_path / "kept.opening"
    opening_path(path).rename(moved)
    given = [*command, "--submission", str(tmp_path / "design.sv")]
    assert error_of(given, capsys) == (1, "evidence-opening-missing")
    assert main([*given, "--opening", str(moved)]) == 0
    capsys.readouterr()
    # The opening of an older file of the same name does not lead astray.
    path = graded(broken=broken)
    assert error_of([*given, "--opening", str(moved)], capsys) == (1, "evidence-opening")
    moved.rename(opening_path(path))
    assert error_of(given, capsys) == (1, "evidence-opening-missing")


def test_rerun_of_disclosed_evidence_needs_nothing_else(graded: Callable[..., Path], capsys: Capture) -> None:
    path = graded("--disclose", "--ai-use", "none", "--proctored", "yes")
    assert not opening_path(path).exists()
    assert main(["evidence", "verify", str(path), "--rerun", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["rerun"] == {"verdict": "proved", "agrees": True}
    assert answer["conditions"] == {"proctored": True, "ai_use": "none"}


def test_rerun_of_an_exam_needs_the_opening(graded: Callable[..., Path], tmp_path: Path, capsys: Capture) -> None:
    path = graded("--undisclosed-task", "--disclose", broken=True)
    recorded = json.loads(path.read_text())
    assert recorded["task"]["hash"]["algorithm"] == "salted-sha-256"
    assert recorded["verdict"]["trace"] is None
    command = ["evidence", "verify", str(path), "--rerun"]
    assert main([*command, "--json"]) == 0
    capsys.readouterr()
    opening_path(path).unlink()
    assert error_of(command, capsys) == (1, "evidence-opening-missing")


def test_rerun_finds_a_verdict_that_was_never_true(home: Path, tmp_path: Path, capsys: Capture) -> None:
    task = load_task(load_pack(), TASK)
    (tmp_path / "d.sv").write_text(task.reference[0].text.replace("q - 4'd1", "q - 4'd2"))
    sources = load_sources([tmp_path / "d.sv"])
    claimed = Verdict(outcome=Outcome.PROVED, method="induction")
    record, opening = evidence.sign(
        claimed,
        task,
        sources,
        subject=evidence.make_subject(),
        key=keys.issuer_key(settings.load().home),
        disclose_submission=True,
    )
    evidence.write(tmp_path / "e.json", record, opening)
    assert main(["evidence", "verify", str(tmp_path / "e.json")]) == 0
    capsys.readouterr()
    command = ["evidence", "verify", str(tmp_path / "e.json"), "--rerun"]
    assert error_of(command, capsys) == (1, "evidence-rerun-differs")


def test_rerun_against_another_pack_or_task(graded: Callable[..., Path], tmp_path: Path, capsys: Capture) -> None:
    path = graded("--disclose")
    copy = tmp_path / "pack"
    shutil.copytree(PACK, copy)
    command = ["evidence", "verify", str(path), "--rerun", "--pack", str(copy)]
    assert main(command) == 0
    capsys.readouterr()
    text = (PACK / "pack.toml").read_text()
    (copy / "pack.toml").write_text(text.replace('id = "foundations"', 'id = "another"'))
    assert error_of(command, capsys) == (1, "evidence-other-pack")
    (copy / "pack.toml").write_text(text)
    (copy / TASK / "reference.sv").write_text((PACK / TASK / "reference.sv").read_text() + "// changed\n")
    assert error_of(command, capsys) == (1, "evidence-other-task")
