"""Work in a box of its own: it answers, or it is told how it ended."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chiploom.errors import BoxError
from chiploom.grading import box, once
from chiploom.prove.verdict import Limits

LIMITS = Limits(time_s=1.0, memory_mb=256)


def killed_by_itself() -> bytes:
    os.abort()


def ended_like_yosys() -> bytes:
    os.write(1, b"f0.sv:3: ERROR: no such thing\n")
    os._exit(1)


def hungry() -> bytes:
    return bytes(1 << 40)


def busy() -> bytes:
    while True:
        pass


def sleepy() -> bytes:
    time.sleep(600)
    return b""


def failing() -> bytes:
    raise RuntimeError("on purpose")


def test_an_answer_comes_back_whole() -> None:
    assert once.carry_out(lambda: b"x" * 3_000_000, LIMITS) == b"x" * 3_000_000


@pytest.mark.parametrize(
    ("work", "limit", "printed"),
    [
        (killed_by_itself, "crash", ""),
        (ended_like_yosys, "crash", "f0.sv:3: ERROR: no such thing"),
        (failing, "crash", "RuntimeError: on purpose"),
        (hungry, "memory", "MemoryError"),
    ],
)
def test_how_it_ended_is_told(work: Callable[[], bytes], limit: str, printed: str) -> None:
    ended = once.carry_out(work, LIMITS)
    assert isinstance(ended, once.Ended)
    assert ended.limit == limit
    assert printed in ended.log


@pytest.mark.slow
@pytest.mark.parametrize("work", [busy, sleepy])
def test_work_without_end_is_ended(work: Callable[[], bytes]) -> None:
    ended = once.carry_out(work, LIMITS)
    assert isinstance(ended, once.Ended)
    assert ended.limit == "time"


def test_files_of_the_machine_are_out_of_reach(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")

    def look() -> bytes:
        try:
            return secret.read_bytes()
        except OSError as error:
            return type(error).__name__.encode()

    assert once.carry_out(look, LIMITS) in (b"FileNotFoundError", b"PermissionError")
    assert once.carry_out(look, LIMITS, unsafe_no_box=True) == b"hidden"


def test_no_process_and_no_descriptor_is_left_behind() -> None:
    # Pools that other tests keep warm have processes of their own: only what is added counts.
    once.carry_out(lambda: b"", LIMITS)
    before = len(os.listdir("/proc/self/fd")), _children()  # noqa: PTH208 - a count is wanted
    for _ in range(3):
        once.carry_out(lambda: b"", LIMITS)
    assert (len(os.listdir("/proc/self/fd")), _children()) == before  # noqa: PTH208


def _children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def test_without_a_box_nothing_is_done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    done = tmp_path / "done"

    def refuse(**_: object) -> None:
        raise BoxError("box-unavailable", "this kernel has no box")

    monkeypatch.setattr(box, "enclose", refuse)
    with pytest.raises(BoxError, match="no box"):
        once.carry_out(lambda: str(done.touch()).encode(), LIMITS)
    assert not done.exists()
