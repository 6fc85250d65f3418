"""The box, attacked from inside: every way out must be shut, and the work must still be possible."""

import ctypes
import json
import os
import re
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attacks
import pytest

from chiploom.errors import BoxError
from chiploom.grading import box, landlock, root, seccomp, syscalls

HARMLESS = {"legitimate_work", "kill_everybody", "leave_a_process_behind"}
needs_landlock = pytest.mark.skipif(landlock.version() == 0, reason="this kernel offers no Landlock")


class Prison:
    """A process with the outer shell on, which tries attacks in children."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", attacks.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=box.scrubbed_environment(),
        )
        assert "ready" in self._answer()

    def try_attack(self, name: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(name + "\n")
        self.process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@pytest.fixture(scope="module")
def prison() -> Iterator[Prison]:
    prison = Prison()
    yield prison
    prison.close()


@needs_landlock
@pytest.mark.parametrize("name", sorted(set(attacks.ATTACKS) - HARMLESS))
def test_attack_is_stopped(prison: Prison, name: str) -> None:
    answer = prison.try_attack(name)
    assert "stopped" in answer or answer == {"died": True}, f"{name} got through: {answer}"


@needs_landlock
def test_fork_bomb_is_stopped_by_a_limit_not_by_luck(prison: Prison) -> None:
    assert prison.try_attack("fork_bomb")["stopped"].startswith("BlockingIOError")


@needs_landlock
def test_allocation_is_stopped_as_want_of_memory(prison: Prison) -> None:
    assert prison.try_attack("allocate_ten_gigabytes")["stopped"].startswith("MemoryError")


@needs_landlock
def test_the_work_itself_is_possible(prison: Prison) -> None:
    assert prison.try_attack("legitimate_work") == {"passed": "2"}


@needs_landlock
def test_killing_everybody_kills_only_the_killer(prison: Prison) -> None:
    prison.try_attack("kill_everybody")
    assert prison.process.poll() is None
    assert prison.try_attack("legitimate_work") == {"passed": "2"}


@needs_landlock
def test_child_is_first_of_its_own_process_table_and_takes_its_descendants_with_it(prison: Prison) -> None:
    assert prison.try_attack("leave_a_process_behind") == {"passed": "1"}
    table = Path(f"/proc/{prison.process.pid}/task/{prison.process.pid}/children")
    if table.exists():
        assert table.read_text().split() == []


@needs_landlock
def test_the_worker_never_keeps_a_descriptor_for_its_children(prison: Prison) -> None:
    assert "nothing was inherited" in prison.try_attack("inherit_descriptors")["stopped"]


# -- failing closed

_DENY = """
import ctypes, struct, sys
from chiploom.grading import syscalls
numbers = [int(word) for word in sys.argv[1].split(",")]
program = struct.pack("=HBBI", 0x20, 0, 0, 0)
for number in numbers:
    program += struct.pack("=HBBI", 0x15, 0, 1, number)
    program += struct.pack("=HBBI", 0x06, 0, 0, 0x00050000 | int(sys.argv[2]))
program += struct.pack("=HBBI", 0x06, 0, 0, 0x7FFF0000)
buffer = ctypes.create_string_buffer(program, len(program))
header = ctypes.create_string_buffer(struct.pack("=HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer)))
syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
syscalls.call("seccomp", 1, 0, header)
from chiploom.cli.main import main
sys.exit(main(sys.argv[3:]))
"""
_WIRE = "module wire_(input a, output b); assign b = a; endmodule\n"
ENOSYS, EPERM = "38", "1"
LANDLOCK = "444,445,446"
UNSHARE = {"x86_64": "272", "aarch64": "97"}
SECCOMP = {"x86_64": "317", "aarch64": "277"}
CLONE = {"x86_64": "56", "aarch64": "220"}


def on_a_lesser_kernel(numbers: str, error: str, tmp_path: Path, **variables: str) -> tuple[int, dict[str, Any], str]:
    """Run ``chiploom prove`` where the kernel answers ``error`` to the system calls ``numbers``."""
    design = tmp_path / "wire.sv"
    design.write_text(_WIRE)
    words = ["prove", "--reference", str(design), "--submission", str(design), "--json", "--no-cache"]
    done = subprocess.run(
        [sys.executable, "-c", _DENY, numbers, error, *words],
        capture_output=True,
        text=True,
        env={**os.environ, "CHIPLOOM_HOME": str(tmp_path / "home"), **variables},
        timeout=120,
    )
    return done.returncode, json.loads(done.stdout), done.stderr


@needs_landlock
@pytest.mark.parametrize(
    ("numbers", "error", "missing"),
    [
        pytest.param(LANDLOCK, ENOSYS, "Landlock", id="no-landlock"),
        pytest.param(UNSHARE.get(syscalls.machine(), ""), EPERM, "namespaces", id="no-namespaces"),
        pytest.param("442", ENOSYS, "namespaces", id="no-mount_setattr"),
    ],
)
def test_grading_fails_closed_and_says_what_is_missing(numbers: str, error: str, missing: str, tmp_path: Path) -> None:
    status, answer, stderr = on_a_lesser_kernel(numbers, error, tmp_path)
    assert status == 70
    assert answer["verdict"] is None
    assert answer["error"]["code"] == "box-unavailable"
    assert missing in answer["error"]["message"]
    assert len(stderr.strip().splitlines()) == 1
    assert "Traceback" not in stderr


@needs_landlock
def test_the_opt_out_grades_without_landlock_and_is_logged(tmp_path: Path) -> None:
    status, answer, stderr = on_a_lesser_kernel(LANDLOCK, ENOSYS, tmp_path, CHIPLOOM_UNSAFE_NO_BOX="1")
    assert status == 0
    assert answer["verdict"] == "proved"
    assert "CHIPLOOM_UNSAFE_NO_BOX" in stderr


def test_require_names_landlock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "version", lambda: 0)
    with pytest.raises(BoxError, match="Landlock") as caught:
        box.require()
    assert caught.value.code == "box-unavailable"


def test_require_names_another_architecture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syscalls, "machine", lambda: "mips64")
    with pytest.raises(BoxError, match="x86-64 and aarch64"):
        box.require()


# -- the filter, on both architectures


def run_filter(program: bytes, architecture: int, number: int, *arguments: int) -> int:
    """Interpret the part of classic BPF that the filter uses."""
    data = struct.pack("=IIQ6Q", number, architecture, 0, *arguments, *[0] * (6 - len(arguments)))
    code = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
    accumulator = position = 0
    while True:
        operation, if_true, if_false, value = code[position]
        position += 1
        if operation == 0x20:
            (accumulator,) = struct.unpack_from("=I", data, value)
        elif operation == 0x15:
            position += if_true if accumulator == value else if_false
        elif operation == 0x45:
            position += if_true if accumulator & value else if_false
        else:
            assert operation == 0x06
            return int(value)


ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOW, DENY, KILL = 0x7FFF0000, 0x00050001, 0x80000000


@pytest.mark.parametrize(
    ("machine", "number", "arguments", "expected"),
    [
        ("x86_64", 0, (), ALLOW),  # read
        ("x86_64", 59, (), ALLOW),  # execve: Landlock decides
        ("x86_64", 56, (0x11,), ALLOW),  # clone: a plain fork
        ("x86_64", 56, (0x10000011,), DENY),  # clone into a user namespace
        ("x86_64", 56, (0x20000,), DENY),  # ... mount namespace
        ("x86_64", 435, (), 0x00050000 | 38),  # clone3: not there, so the C library uses clone
        ("x86_64", 16, (0, 0x5401), ALLOW),  # ioctl: is it a terminal
        ("x86_64", 16, (0, 0x5412), DENY),  # ioctl: push into the terminal
        ("x86_64", 41, (), DENY),  # socket
        ("x86_64", 101, (), DENY),  # ptrace
        ("x86_64", 165, (), DENY),  # mount
        ("x86_64", 272, (), DENY),  # unshare
        ("x86_64", 310, (), DENY),  # process_vm_readv
        ("x86_64", 319, (), DENY),  # memfd_create
        ("x86_64", 322, (), DENY),  # execveat
        ("x86_64", 425, (), DENY),  # io_uring_setup
        ("x86_64", 0x40000000, (), KILL),  # the x32 interface
        ("aarch64", 63, (), ALLOW),  # read
        ("aarch64", 220, (0x11,), ALLOW),  # clone
        ("aarch64", 220, (0x10000011,), DENY),
        ("aarch64", 198, (), DENY),  # socket
        ("aarch64", 117, (), DENY),  # ptrace
        ("aarch64", 40, (), DENY),  # mount
        ("aarch64", 29, (0, 0x5412), DENY),
        ("aarch64", 29, (0, 0x5451), ALLOW),
    ],
)
def test_filter_decides(machine: str, number: int, arguments: tuple[int, ...], expected: int) -> None:
    assert run_filter(seccomp.compile_filter(machine), ARCHITECTURES[machine], number, *arguments) == expected


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_filter_kills_calls_of_another_architecture(machine: str) -> None:
    i386 = 0x40000003
    assert run_filter(seccomp.compile_filter(machine), i386, 0) == KILL


HEADERS = {
    0: Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    1: Path("/usr/include/asm-generic/unistd.h"),
}


@pytest.mark.parametrize("column", HEADERS)
def test_numbers_are_the_kernels(column: int) -> None:
    if not HEADERS[column].exists():
        pytest.skip("the kernel's headers are not installed")
    text = HEADERS[column].read_text()
    known = {name: int(number) for name, number in re.findall(r"#define __NR3?2?6?4?_(\w+)\s+(\d+)", text)}
    # asm-generic spells the names that differ between 32 and 64 bit this way.
    known |= {name: int(number) for name, number in re.findall(r"#define __NR3264_(\w+)\s+(\d+)", text)}
    ours = {name: numbers[column] for name, numbers in seccomp._ALLOWED.items() if numbers[column] >= 0}
    wrong = {name: (number, known.get(name)) for name, number in ours.items() if known.get(name) != number}
    assert not {name for name in wrong if name in known}, wrong
    assert len(ours.keys() & known.keys()) > 80


def test_ctypes_keeps_the_interpreter_lock_when_forking() -> None:
    assert isinstance(syscalls._libc, ctypes.PyDLL)


def test_a_directory_behind_a_link_is_shown_though_it_lies_below_another_by_name(tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "packages").mkdir(parents=True)
    (tmp_path / "checkout" / "src").mkdir(parents=True)
    (tmp_path / "checkout" / "venv").symlink_to(tmp_path / "elsewhere")
    names = [str(tmp_path / name) for name in ("checkout", "checkout/src", "checkout/venv/packages")]
    shown = root.default_view(names).directories
    assert names[0] in shown
    assert names[1] not in shown
    assert names[2] in shown
