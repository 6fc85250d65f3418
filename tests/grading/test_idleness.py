"""How much of the processors goes unused is read from the system's own counts, of our processors only."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chiploom.grading import box, idleness, landlock
from chiploom.grading.idleness import Idleness

OURS, FOREIGN = 1, 3


class Machine:
    """A process table of our own making, and a clock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = 100.0
        self.work(ours=(0, 0), foreign=(0, 0))

    def work(self, *, ours: tuple[int, int], foreign: tuple[int, int] = (0, 0), seconds: float = 0.0) -> None:
        """Let the processors have been (busy, idle) for so many hundredths of a second, all in all."""
        self.now += seconds
        lines = [
            f"cpu  {ours[0] + foreign[0]} 0 0 {ours[1] + foreign[1]} 0 0 0 0 0 0",
            # User, nice, system, idle, waiting for the disk, interrupts, soft interrupts, stolen, and guests again.
            f"cpu{OURS} {ours[0]} 0 0 {ours[1]} 0 0 0 0 77 77",
            f"cpu{FOREIGN} {foreign[0]} 0 0 {foreign[1]} 0 0 0 0 0 0",
            "intr 12345 0 0 7",
        ]
        (self.folder / "stat").write_text("\n".join(lines) + "\n", encoding="ascii")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {OURS})
    monkeypatch.setattr(idleness.time, "monotonic", lambda: made.now)
    return made


def test_only_processors_that_we_may_use_count(machine: Machine) -> None:
    measured = Idleness(str(machine.folder))
    machine.work(ours=(150, 50), foreign=(0, 200), seconds=2)
    assert measured.share() == pytest.approx(0.25)


def test_what_was_before_does_not_count(machine: Machine) -> None:
    measured = Idleness(str(machine.folder))
    machine.work(ours=(0, 1000), seconds=10)
    assert measured.share() == 1.0
    machine.work(ours=(200, 1000), seconds=2)
    assert measured.share() == 0.0


def test_it_is_not_asked_again_within_a_second(machine: Machine) -> None:
    measured = Idleness(str(machine.folder))
    machine.work(ours=(100, 100), seconds=2)
    assert measured.share() == pytest.approx(0.5)
    machine.work(ours=(190, 100), seconds=0.9)
    assert measured.share() == pytest.approx(0.5)


def test_stolen_time_and_interrupts_are_not_idle_and_waiting_for_the_disk_is(machine: Machine) -> None:
    measured = Idleness(str(machine.folder))
    machine.now += 2
    (machine.folder / "stat").write_text(f"cpu{OURS} 0 0 0 10 20 30 40 100 0 0\n", encoding="ascii")
    assert measured.share() == pytest.approx(30 / 200)


def test_counts_that_go_back_are_no_idleness(machine: Machine) -> None:
    machine.work(ours=(100, 100))
    measured = Idleness(str(machine.folder))
    machine.work(ours=(150, 90), seconds=2)
    assert measured.share() == 0.0


def test_a_system_that_does_not_tell_has_nothing_to_spare(machine: Machine) -> None:
    (machine.folder / "stat").unlink()
    measured = Idleness(str(machine.folder))
    machine.now += 2
    assert measured.share() == 0.0


def test_this_machine_tells() -> None:
    assert sum(Idleness("/proc")._counts()) > 0


@pytest.mark.skipif(landlock.version() == 0, reason="this kernel offers no Landlock")
def test_a_worker_in_its_box_is_told_too() -> None:
    program = (
        "from chiploom.grading import box; from chiploom.grading.idleness import Idleness; "
        "print(sum(Idleness(box.enclose().process_table)._counts()))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        env=box.scrubbed_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) > 0
