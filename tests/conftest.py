"""Fixtures of every room: an issuer who signs evidence, and a home that is not the user's."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chiploom.signing import SigningKey
from evidence_samples import Issuer


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(SigningKey.generate())


@pytest.fixture
def new_issuer() -> Callable[[], Issuer]:
    return lambda: Issuer(SigningKey.generate())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, so that no test touches the user's keys."""
    monkeypatch.setenv("CHIPLOOM_HOME", str(tmp_path / "home"))
    return tmp_path / "home"
