"""``chiploom hub``: what it prints and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from chiploom.cli.main import main
from chiploom.credentials import keys


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHIPLOOM_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CHIPLOOM_DATABASE_URL", raising=False)
    return tmp_path / "home"


def test_a_hub_is_saved_and_restored_somewhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "hub.zip")
    assert main(["hub", "migrate"]) == 0
    assert main(["hub", "backup", file]) == 0
    said = capsys.readouterr()
    assert "saved 0 rows and 0 traces" in said.out and "does not hold the signing key" in said.out
    assert said.err == "", "no bar where there is no terminal"
    monkeypatch.setenv("CHIPLOOM_HOME", str(tmp_path / "other"))
    assert main(["hub", "restore", file]) == 0
    said = capsys.readouterr()
    assert "restored 0 rows" in said.out and "signs with another key" in said.out


def test_with_the_key_it_is_said_and_the_hub_signs_as_before(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hub", "migrate"]) == 0
    assert main(["hub", "backup", str(tmp_path / "hub.zip"), "--with-key"]) == 0
    assert "whoever has it can sign as this hub" in capsys.readouterr().out
    monkeypatch.setenv("CHIPLOOM_HOME", str(tmp_path / "other"))
    assert main(["hub", "restore", str(tmp_path / "hub.zip")]) == 0
    assert "another key" not in capsys.readouterr().out
    assert keys.issuer_key(tmp_path / "other").did == keys.issuer_key(home).did


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["backup", "hub.zip"], "no-hub"),
        (["backup", "."], "output-exists"),
        (["restore", "nowhere.zip"], "file-not-found"),
        (["restore", "."], "is-a-directory"),
        (["restore", "text.zip"], "backup-damaged"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    words: list[str], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.zip").write_text("no archive")
    assert main(["hub", *words]) == 64
    said = capsys.readouterr()
    assert said.err.startswith(f"chiploom: {code}: ") and said.err.count("\n") == 1
    assert not (tmp_path / "hub.zip").exists()
