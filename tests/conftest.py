"""Fixtures of every room: an issuer who signs evidence, and a home that is not the user's."""

import os
import signal
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


def pytest_configure() -> None:
    # A shell's background job ignores interrupts, and so would every program the tests start and interrupt.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


#: In CI a test may be skipped only because of who runs it; anything missing must be installed by .ci/run.
ALLOWED_SKIPS = ("root may", "only root", "the superuser", "the package's face")
_unexpected_skips: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if not report.skipped or os.environ.get("CI") != "true":
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not any(allowed in reason for allowed in ALLOWED_SKIPS):
        _unexpected_skips.append(f"{report.nodeid}: {reason}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _unexpected_skips and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in _unexpected_skips:
        terminalreporter.write_line(f"promised, but skipped: {line}")
