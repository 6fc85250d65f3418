"""The system call filter: what Python, Yosys, slang and ABC need to read, compute and write; nothing else.

An allow-list. Whatever is not on it answers EPERM: network, namespaces, mounts, tracing, other processes'
memory, kernel modules, keys, BPF, io_uring, shared memory, clocks. A call of another architecture kills.
"""

from __future__ import annotations

import ctypes
import errno
import struct

from chiploom.grading import syscalls

# name: (x86-64, aarch64); -1 where the architecture has no such call.
_ALLOWED = {
    # files
    "read": (0, 63),
    "write": (1, 64),
    "open": (2, -1),
    "close": (3, 57),
    "stat": (4, -1),
    "fstat": (5, 80),
    "lstat": (6, -1),
    "lseek": (8, 62),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "readv": (19, 65),
    "writev": (20, 66),
    "access": (21, -1),
    "pipe": (22, -1),
    "dup": (32, 23),
    "dup2": (33, -1),
    "sendfile": (40, 71),
    "fcntl": (72, 25),
    "flock": (73, 32),
    "fsync": (74, 82),
    "fdatasync": (75, 83),
    "truncate": (76, 45),
    "ftruncate": (77, 46),
    "getdents": (78, -1),
    "getcwd": (79, 17),
    "chdir": (80, 49),
    "fchdir": (81, 50),
    "rename": (82, -1),
    "mkdir": (83, -1),
    "rmdir": (84, -1),
    "creat": (85, -1),
    "unlink": (87, -1),
    "readlink": (89, -1),
    "chmod": (90, -1),
    "fchmod": (91, 52),
    "umask": (95, 166),
    "statfs": (137, 43),
    "fstatfs": (138, 44),
    "readahead": (187, 213),
    "getdents64": (217, 61),
    "fadvise64": (221, 223),
    "openat": (257, 56),
    "mkdirat": (258, 34),
    "newfstatat": (262, 79),
    "unlinkat": (263, 35),
    "renameat": (264, 38),
    "readlinkat": (267, 78),
    "fchmodat": (268, 53),
    "faccessat": (269, 48),
    "utimensat": (280, 88),
    "fallocate": (285, 47),
    "dup3": (292, 24),
    "pipe2": (293, 59),
    "preadv": (295, 69),
    "pwritev": (296, 70),
    "renameat2": (316, 276),
    "copy_file_range": (326, 285),
    "statx": (332, 291),
    "close_range": (436, 436),
    "faccessat2": (439, 439),
    # waiting
    "poll": (7, -1),
    "select": (23, -1),
    "pselect6": (270, 72),
    "ppoll": (271, 73),
    "epoll_wait": (232, -1),
    "epoll_ctl": (233, 21),
    "epoll_pwait": (281, 22),
    "epoll_create1": (291, 20),
    "eventfd2": (290, 19),
    "futex": (202, 98),
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "pause": (34, -1),
    "restart_syscall": (219, 128),
    "sched_yield": (24, 124),
    # memory
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "mremap": (25, 216),
    "mincore": (27, 232),
    "madvise": (28, 233),
    "membarrier": (324, 283),
    # signals, within the box's own PID namespace
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "rt_sigpending": (127, 136),
    "rt_sigtimedwait": (128, 137),
    "rt_sigsuspend": (130, 133),
    "sigaltstack": (131, 132),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "alarm": (37, -1),
    "getitimer": (36, 102),
    "setitimer": (38, 103),
    # processes: Landlock lets only yosys-abc be executed
    "vfork": (58, -1),
    "fork": (57, -1),
    "execve": (59, 221),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "wait4": (61, 260),
    "waitid": (247, 95),
    "setpgid": (109, 154),
    "setsid": (112, 157),
    "arch_prctl": (158, -1),
    "set_tid_address": (218, 96),
    "set_robust_list": (273, 99),
    "rseq": (334, 293),
    "prlimit64": (302, 261),
    # asking
    "getpid": (39, 172),
    "getppid": (110, 173),
    "gettid": (186, 178),
    "getpgrp": (111, -1),
    "getpgid": (121, 155),
    "getsid": (124, 156),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getgroups": (115, 158),
    "getrlimit": (97, 163),
    "getrusage": (98, 165),
    "times": (100, 153),
    "sysinfo": (99, 179),
    "uname": (63, 160),
    "time": (201, -1),
    "gettimeofday": (96, 169),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "sched_getaffinity": (204, 123),
    "sched_getparam": (143, 121),
    "sched_getscheduler": (145, 120),
    "getcpu": (309, 168),
    "getrandom": (318, 278),
}
_CLONE = (56, 220)
_CLONE3 = (435, 435)
_IOCTL = (16, 29)
#: Close-on-exec, its opposite, bytes waiting, "is it a terminal": what the Python library asks of plain files.
_ALLOWED_IOCTLS = (0x5451, 0x5450, 0x541B, 0x5401)

_COLUMN = {"x86_64": 0, "aarch64": 1}
_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_BIT = 0x40000000
_NAMESPACE_FLAGS = (
    syscalls.CLONE_NEWNS
    | syscalls.CLONE_NEWCGROUP
    | syscalls.CLONE_NEWUTS
    | syscalls.CLONE_NEWIPC
    | syscalls.CLONE_NEWUSER
    | syscalls.CLONE_NEWPID
    | syscalls.CLONE_NEWNET
    | 0x80  # CLONE_NEWTIME
)

_KILL = 0x80000000
_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_LOAD = 0x20
_JUMP_EQUAL = 0x15
_JUMP_SET = 0x45
_RETURN = 0x06
_OFFSET_NUMBER, _OFFSET_ARCHITECTURE, _OFFSET_ARGUMENTS = 0, 4, 16
_SET_MODE_FILTER = 1
# Without this flag kernels before 5.16 switch speculative store bypass off, which costs speed everywhere.
_FLAG_SPEC_ALLOW = 1 << 2


def compile_filter(machine: str) -> bytes:
    """Return the filter as a classic BPF program for ``machine`` ("x86_64" or "aarch64")."""
    column = _COLUMN[machine]
    program = [
        _load(_OFFSET_ARCHITECTURE),
        _jump(_JUMP_EQUAL, _ARCHITECTURE[machine], 1, 0),
        _answer(_KILL),
        _load(_OFFSET_NUMBER),
    ]
    if machine == "x86_64":
        program += [_jump(_JUMP_SET, _X32_BIT, 0, 1), _answer(_KILL)]
    for numbers in _ALLOWED.values():
        if numbers[column] >= 0:
            program += [_jump(_JUMP_EQUAL, numbers[column], 0, 1), _answer(_ALLOW)]
    # clone3 passes its flags by pointer, out of the filter's sight: the C library falls back to clone.
    program += [_jump(_JUMP_EQUAL, _CLONE3[column], 0, 1), _answer(_ERRNO | errno.ENOSYS)]
    program += [
        _jump(_JUMP_EQUAL, _CLONE[column], 0, 4),
        _load(_OFFSET_ARGUMENTS),
        _jump(_JUMP_SET, _NAMESPACE_FLAGS, 1, 0),
        _answer(_ALLOW),
        _answer(_ERRNO | errno.EPERM),
    ]
    requests = len(_ALLOWED_IOCTLS)
    program += [_jump(_JUMP_EQUAL, _IOCTL[column], 0, requests + 1), _load(_OFFSET_ARGUMENTS + 8)]
    program += [_jump(_JUMP_EQUAL, request, requests - index, 0) for index, request in enumerate(_ALLOWED_IOCTLS)]
    program += [_answer(_ERRNO | errno.EPERM), _answer(_ALLOW)]
    return b"".join(program)


class Filter:
    """A compiled filter, ready to be installed."""

    def __init__(self, machine: str) -> None:
        program = compile_filter(machine)
        self._program = ctypes.create_string_buffer(program, len(program))
        header = struct.pack("=HxxxxxxQ", len(program) // 8, ctypes.addressof(self._program))
        self._header = ctypes.create_string_buffer(header, len(header))

    def install(self) -> None:
        """Filter this process and its descendants for good; ``no_new_privs`` must be set.

        Raises
        ------
        OSError
            As the kernel answers.
        """
        syscalls.call("seccomp", _SET_MODE_FILTER, _FLAG_SPEC_ALLOW, self._header)


def _load(offset: int) -> bytes:
    return struct.pack("=HBBI", _LOAD, 0, 0, offset)


def _jump(operation: int, value: int, if_true: int, if_false: int) -> bytes:
    return struct.pack("=HBBI", operation, if_true, if_false, value)


def _answer(value: int) -> bytes:
    return struct.pack("=HBBI", _RETURN, 0, 0, value)
