from __future__ import annotations

from pathlib import Path

import pytest

from chiploom import settings
from chiploom.errors import UsageError


def test_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HOME", "SCHEDULER", "WORKERS", "UNSAFE_NO_BOX", "LANG"):
        monkeypatch.delenv(f"CHIPLOOM_{variable}", raising=False)
    found = settings.load()
    assert found == settings.Settings(home=Path("~/.chiploom").expanduser())


def test_every_setting_is_read_from_its_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHIPLOOM_HOME", str(tmp_path))
    monkeypatch.setenv("CHIPLOOM_SCHEDULER", "tcp://127.0.0.1:8786")
    monkeypatch.setenv("CHIPLOOM_WORKERS", "3")
    monkeypatch.setenv("CHIPLOOM_UNSAFE_NO_BOX", "1")
    monkeypatch.setenv("CHIPLOOM_LANG", "vi")
    assert settings.load() == settings.Settings(tmp_path, "tcp://127.0.0.1:8786", 3, True, "vi")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CHIPLOOM_WORKERS", "many"),
        ("CHIPLOOM_WORKERS", "-1"),
        ("CHIPLOOM_WORKERS", "1" * 30),
        ("CHIPLOOM_UNSAFE_NO_BOX", "yes"),
        ("CHIPLOOM_LANG", "de"),
    ],
)
def test_bad_value_names_the_variable(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(UsageError) as caught:
        settings.load()
    assert caught.value.code == "bad-setting"
    assert variable in caught.value.message
