"""Memory that a trial run wrote to is found, and preparing it saves the faults without changing what it holds."""

import os
import resource
from collections.abc import Callable

import pytest

from chiploom.grading import pages
from chiploom.grading.pages import Touch

PAGE = resource.getpagesize()


def address_of(buffer: bytearray) -> int:
    import ctypes

    return ctypes.addressof((ctypes.c_char * 1).from_buffer(buffer))


def covers(ranges: tuple[tuple[int, int], ...], address: int) -> bool:
    return any(start <= address < start + length for start, length in ranges)


def faults() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def in_child(check: Callable[[], int]) -> int:
    """Run ``check`` in a forked child and return the small number it returns."""
    pid = os.fork()
    if pid == 0:
        os._exit(check())
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_only_pages_that_are_written_to_are_found() -> None:
    buffer = bytearray(b"x" * (400 * PAGE))
    first = address_of(buffer)

    def work() -> None:
        for page in range(100, 200):
            buffer[page * PAGE] = 1

    touch = pages.touched_by(work, "/proc")
    assert covers(touch.written, first + 150 * PAGE)
    assert not covers(touch.written, first + 50 * PAGE)
    assert not covers(touch.written, first + 300 * PAGE)
    assert touch.read, "the work's own code was mapped"


def test_preparing_saves_the_faults_and_keeps_the_contents() -> None:
    buffer = bytearray(b"x" * (400 * PAGE))

    def work() -> None:
        for page in range(400):
            buffer[page * PAGE] = 1

    touch = pages.touched_by(work, "/proc")
    assert buffer == b"x" * (400 * PAGE), "the trial run was a child's own business"

    expected = b"x" * (400 * PAGE)

    def check() -> int:
        touch.prepare()
        intact = buffer == expected
        before = faults()
        work()
        return 0 if intact and faults() - before < 50 else 1

    if in_child(lambda: 0 if pages._libc.madvise(address_of(buffer) // PAGE * PAGE, PAGE, 23) == 0 else 1):
        pytest.skip("Linux before 5.14 cannot prepare memory")
    assert in_child(check) == 0


def test_nonsense_is_harmless() -> None:
    def check() -> int:
        Touch(read=((0, PAGE),), written=((PAGE, PAGE), (123, 5))).prepare()
        return 0

    assert in_child(check) == 0


def test_work_that_dies_leaves_nothing_to_prepare() -> None:
    assert pages.touched_by(lambda: os._exit(3), "/proc") == Touch()


def test_work_that_touches_very_much_is_not_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_MOST_PAGES", 1)
    assert pages.touched_by(lambda: None, "/proc") == Touch()
