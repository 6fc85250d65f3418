"""What a submission that took over its process would try. Each function runs inside the box.

An attack returns a text when it is let through and raises when it is stopped. Run as a program, this is a worker in
miniature: it puts the outer shell on, then reads names of attacks from standard input, and tries each in a child of
its own; the answer, one JSON line, goes to standard output.
"""

from __future__ import annotations

import ctypes
import json
import mmap
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from chiploom.grading import box, syscalls
from chiploom.tasks.load import builtin_pack_directory

libc = ctypes.CDLL(None, use_errno=True)
OUTSIDE = os.getpid()
PACK = builtin_pack_directory()
SECRET = "only the worker knows this"
ATTACKS: dict[str, Callable[[], object]] = {}


def attack(function: Callable[[], object]) -> Callable[[], object]:
    ATTACKS[function.__name__] = function
    return function


def checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


@attack
def read_passwd() -> object:
    return Path("/etc/passwd").read_text()


@attack
def read_reference_of_a_task() -> object:
    return (PACK / "wire" / "reference.sv").read_text()


@attack
def read_file_beside_the_installation() -> object:
    return Path(__file__).read_text()


@attack
def list_home() -> object:
    return [*Path("/home").iterdir(), *Path("/var").iterdir()]


@attack
def climb_out_of_root() -> object:
    return Path("/../../../../../../etc/passwd").read_text()


@attack
def write_root() -> object:
    return Path("/planted").write_text("x")


@attack
def write_installation() -> object:
    return Path(os.__file__).with_name("planted.py").write_text("x")


@attack
def write_old_tmp() -> object:
    return Path("/tmp/planted").write_text("x")


@attack
def make_symlink() -> object:
    Path("link").symlink_to("/etc/passwd")
    return "linked"


@attack
def make_fifo() -> object:
    os.mkfifo("pipe")
    return "made"


@attack
def connect_tcp() -> object:
    with socket.create_connection(("127.0.0.1", 22), timeout=2):
        return "connected"


@attack
def open_udp() -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        return s.sendto(b"x", ("127.0.0.1", 53))


@attack
def open_unix_socket() -> object:
    with socket.socket(socket.AF_UNIX) as s:
        s.connect("\0chiploom-abstract")
        return "connected"


@attack
def open_netlink() -> object:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW):
        return "opened"


@attack
def trace_itself() -> object:
    return checked(libc.ptrace(0, 0, 0, 0))


@attack
def attach_to_parent() -> object:
    return checked(libc.ptrace(16, OUTSIDE, 0, 0))


@attack
def read_parents_memory() -> object:
    buffer = ctypes.create_string_buffer(16)
    remote = (ctypes.c_ulong * 2)(id(SECRET), 16)
    local = (ctypes.c_ulong * 2)(ctypes.addressof(buffer), 16)
    return checked(libc.process_vm_readv(OUTSIDE, local, 1, remote, 1, 0))


@attack
def read_proc_of_parent() -> object:
    return Path(f"/proc/{OUTSIDE}/environ").read_bytes()


@attack
def list_processes() -> object:
    return next(path for path in Path("/proc").iterdir() if path.name.isdecimal())


@attack
def run_shell() -> object:
    return subprocess.run(["/bin/sh", "-c", "echo hello"], capture_output=True, check=True).stdout.decode()


@attack
def run_python() -> object:
    return subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True, check=True).stdout.decode()


@attack
def run_own_program() -> object:
    program = Path("program")
    program.write_bytes(Path(box.root.default_view(sys.path).programs[0]).read_bytes())
    program.chmod(0o755)
    return subprocess.run(["./program", "-h"], capture_output=True, check=True).stdout.decode()


@attack
def run_from_memory() -> object:
    return os.memfd_create("program")


@attack
def map_written_file_executable() -> object:
    Path("code").write_bytes(b"\xc3" * 4096)
    with Path("code").open("r+b") as stream:
        mmap.mmap(stream.fileno(), 4096, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ | mmap.PROT_EXEC)
    return "mapped"


@attack
def fork_bomb() -> object:
    for _ in range(10_000):
        if os.fork() == 0:
            signal.pause()
    return "exploded"


@attack
def enter_new_user_namespace() -> object:
    syscalls.unshare(syscalls.CLONE_NEWUSER)
    return "unshared"


@attack
def clone_into_namespace() -> object:
    pid = syscalls.fork_into(syscalls.CLONE_NEWUSER)
    if pid == 0:
        os._exit(0)
    return pid


@attack
def mount_tmpfs() -> object:
    syscalls.mount("tmpfs", "/scratch", "tmpfs", 0)
    return "mounted"


@attack
def unmount_scratch() -> object:
    syscalls.detach("/scratch")
    return "unmounted"


@attack
def change_root() -> object:
    os.chroot("/scratch")
    return "changed"


@attack
def become_superuser() -> object:
    os.setuid(0)
    return os.getuid()


@attack
def raise_limits() -> object:
    resource.setrlimit(resource.RLIMIT_NOFILE, (1 << 16, 1 << 16))
    return "raised"


@attack
def allocate_ten_gigabytes() -> object:
    return len(bytearray(10 << 30))


@attack
def fill_scratch() -> object:
    written = 0
    while written < 4 << 30:
        with Path(f"fill{written}").open("wb") as stream:
            written += stream.write(bytes(64 << 20))
    return written


@attack
def make_many_files() -> object:
    for number in range(100_000):
        Path(f"f{number}").touch()
    return number


@attack
def write_huge_file() -> object:
    with Path("huge").open("wb") as stream:
        stream.truncate(1 << 40)
    return "grown"


@attack
def open_many_files() -> object:
    return len([os.open("/dev/null", os.O_RDONLY) for _ in range(5000)])


@attack
def load_kernel_module() -> object:
    return checked(libc.syscall(175, 0, 0, b""))


@attack
def use_io_uring() -> object:
    return checked(libc.syscall(425, 1, ctypes.create_string_buffer(120)))


@attack
def use_bpf() -> object:
    return checked(libc.syscall(321, 0, ctypes.create_string_buffer(64), 64))


@attack
def use_keyring() -> object:
    return checked(libc.syscall(248, b"user", b"x", b"y", 1, -3))


@attack
def share_memory_with_siblings() -> object:
    return checked(libc.shmget(0x1234, 4096, 0o1666))


@attack
def open_by_handle() -> object:
    return checked(libc.syscall(304, 3, ctypes.create_string_buffer(64), 0))


@attack
def push_into_terminal() -> object:
    import fcntl

    return fcntl.ioctl(0, 0x5412, b"x")


@attack
def set_the_clock() -> object:
    import time

    time.clock_settime(time.CLOCK_REALTIME, 0)
    return "set"


@attack
def inherit_descriptors() -> object:
    """Any descriptor beyond standard input, output, error and the answer's is a leak."""
    found = [number for number in range(3, 1024) if _is_open(number) and number != ANSWERS]
    if not found:
        raise OSError("nothing was inherited")
    return found


# -- what must keep working, or only harms the one who does it


@attack
def legitimate_work() -> object:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a").write_text("text")
        Path(folder, "a").rename(Path(folder, "b"))
        assert Path(folder, "b").read_text() == "text"
    program = box.root.default_view(sys.path).programs[0]
    done = subprocess.run([program, "-q", "version"], capture_output=True, timeout=20)
    assert b"ABC" in done.stdout + done.stderr, done
    import decimal  # a module that nobody imported before

    return str(decimal.Decimal(1) + 1)


@attack
def kill_everybody() -> object:
    for target in (OUTSIDE, os.getppid(), -1, 0):
        try:
            os.kill(target, signal.SIGKILL)
        except OSError:
            continue
    return "alive"


@attack
def leave_a_process_behind() -> object:
    if os.fork() == 0:
        while True:
            signal.pause()
    return os.getpid()


ANSWERS = -1


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _try(shell: box.Shell, name: str) -> dict[str, object]:
    global ANSWERS
    reading, writing = os.pipe()
    pid = box.fork(shell)
    if pid == 0:
        ANSWERS = writing
        box.confine(shell, frozenset({0, 1, 2, writing}))
        box.allot(cpu_s=20, address_space_mb=2048, already_mapped_mb=500)
        try:
            answer = {"passed": str(ATTACKS[name]())[:200]}
        except BaseException as error:
            answer = {"stopped": f"{type(error).__name__}: {error}"[:200]}
        os.write(writing, json.dumps(answer).encode())
        os._exit(0)
    os.close(writing)
    body = os.read(reading, 1 << 16) if select.select([reading], [], [], 60)[0] else b""
    os.close(reading)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return json.loads(body) if body else {"died": True}


def main() -> None:
    planted = os.open("/etc/passwd", os.O_RDONLY)
    os.set_inheritable(planted, True)
    shell = box.enclose()
    print(json.dumps({"ready": sorted(ATTACKS)}), flush=True)
    for line in sys.stdin:
        print(json.dumps(_try(shell, line.strip())), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
