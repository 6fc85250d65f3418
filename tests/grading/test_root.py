"""What a grading process is shown of the machine."""

from pathlib import Path

import pytest

import chiploom
from chiploom.grading.root import default_view


def test_the_folder_somebody_works_in_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wanted").mkdir()
    search_path = ["", str(tmp_path), str(tmp_path / "wanted")]
    shown = default_view(search_path).directories
    assert str(tmp_path / "wanted") in shown
    assert str(tmp_path) not in shown
    assert "." not in shown


def test_chiploom_is_shown_wherever_one_works(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Path(chiploom.__file__).parents[1]
    monkeypatch.chdir(source)
    assert str(source) in default_view([str(source)]).directories


def test_a_link_to_an_environment_below_the_folder_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere" / "lib").mkdir(parents=True)
    (tmp_path / "checkout").mkdir()
    link = tmp_path / "checkout" / ".venv"
    link.symlink_to(tmp_path / "elsewhere")
    monkeypatch.chdir(link.parent)
    assert str(link / "lib") in default_view([str(link.parent), str(link / "lib")]).directories
