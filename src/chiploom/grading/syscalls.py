"""The Linux system calls the box is built from, by ctypes: nothing but the kernel is needed.

Every call here either works or raises :class:`OSError` with the kernel's reason.
"""

from __future__ import annotations

import ctypes
import os
import platform

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY = 0x1
MS_NOSUID = 0x2
MS_NODEV = 0x4
MS_NOEXEC = 0x8
MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000
MNT_DETACH = 2

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38

_MOUNT_ATTR_RDONLY = 0x1
_MOUNT_ATTR_NOSUID = 0x2
_MOUNT_ATTR_NODEV = 0x4
_AT_RECURSIVE = 0x8000
_AT_FDCWD = -100
_SIGCHLD = 17
_CAPABILITY_VERSION_3 = 0x20080522
_CLOSE_RANGE_LAST = 0xFFFFFFFF

# Numbers that differ: (x86-64, aarch64). From 424 up both architectures count alike.
_NUMBERS = {"clone": (56, 220), "pivot_root": (155, 41), "capset": (126, 91), "seccomp": (317, 277)}
_NUMBERS_COMMON = {
    "close_range": 436,
    "mount_setattr": 442,
    "landlock_create_ruleset": 444,
    "landlock_add_rule": 445,
    "landlock_restrict_self": 446,
}
_COLUMN = {"x86_64": 0, "aarch64": 1}

# PyDLL keeps the interpreter lock across the call: ``clone`` returns twice and both sides must own it.
_libc = ctypes.PyDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def machine() -> str:
    """Return the architecture's name as the tables of the box know it, such as ``"x86_64"``."""
    return platform.machine()


def is_supported() -> bool:
    """Return whether the numbers of this operating system and architecture are known."""
    return os.uname().sysname == "Linux" and machine() in _COLUMN


def call(name: str, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """Invoke system call ``name``.

    Raises
    ------
    OSError
        As the kernel answers.
    """
    number = _NUMBERS_COMMON.get(name)
    if number is None:
        number = _NUMBERS[name][_COLUMN[machine()]]
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in arguments]
    result = int(_libc.syscall(ctypes.c_long(number), *words))
    if result < 0:
        raise _last_error(name)
    return result


def unshare(flags: int) -> None:
    """Move this process (its coming children, for a PID namespace) into new namespaces."""
    if _libc.unshare(ctypes.c_int(flags)) != 0:
        raise _last_error("unshare")


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """Mount ``source`` of file system ``kind`` on ``target``."""
    arguments = (source.encode(), os.fsencode(target), kind.encode(), ctypes.c_ulong(flags), options.encode())
    if _libc.mount(*arguments) != 0:
        raise _last_error(f"mount {target}")


def bind(source: str, target: str) -> None:
    """Show the tree at ``source`` also at ``target``."""
    flags = ctypes.c_ulong(MS_BIND | MS_REC)
    if _libc.mount(os.fsencode(source), os.fsencode(target), None, flags, None) != 0:
        raise _last_error(f"bind mount {target}")


def make_mounts_private() -> None:
    """Stop mounts made here from showing in the namespace this one was copied from."""
    if _libc.mount(None, b"/", None, ctypes.c_ulong(MS_REC | MS_PRIVATE), None) != 0:
        raise _last_error("mount --make-rprivate /")


def make_read_only(target: str, *, devices: bool = False) -> None:
    """Make the mounts at and below ``target`` read-only, without set-user-ID and, unless ``devices``, device files."""
    attributes = _MOUNT_ATTR_RDONLY | _MOUNT_ATTR_NOSUID | (0 if devices else _MOUNT_ATTR_NODEV)
    structure = attributes.to_bytes(8, "little") + bytes(24)
    call("mount_setattr", _AT_FDCWD, os.fsencode(target), _AT_RECURSIVE, structure, len(structure))


def pivot_root(new_root: str, put_old: str) -> None:
    """Make ``new_root`` the root and show the old one at ``put_old``."""
    call("pivot_root", os.fsencode(new_root), os.fsencode(put_old))


def detach(target: str) -> None:
    """Unmount the tree at ``target``, now for names and later for those who hold it open."""
    if _libc.umount2(os.fsencode(target), ctypes.c_int(MNT_DETACH)) != 0:
        raise _last_error(f"umount {target}")


def prctl(option: int, argument: int, *more: int) -> None:
    """Set an attribute of this process."""
    words = [ctypes.c_ulong(word) for word in (argument, *more, 0, 0, 0)][:4]
    if _libc.prctl(ctypes.c_int(option), *words) != 0:
        raise _last_error(f"prctl {option}")


def drop_capability_bounds() -> None:
    """Empty the bounding set, so that no program started from here gains a capability."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            # The kernel knows fewer capabilities than the set has room for.
            break


def drop_capabilities() -> None:
    """Give up every capability."""
    header = _CAPABILITY_VERSION_3.to_bytes(4, "little") + bytes(4)
    call("capset", header, bytes(24))


def close_descriptors(keep: frozenset[int]) -> None:
    """Close every open descriptor but those in ``keep``."""
    first = 0
    for descriptor in sorted(keep):
        if descriptor > first:
            call("close_range", first, descriptor - 1, 0)
        first = descriptor + 1
    call("close_range", first, _CLOSE_RANGE_LAST, 0)


def fork_into(namespaces: int) -> int:
    """Fork like :func:`os.fork`, with the child in new ``namespaces``; 0 in the child.

    One call to ``clone`` instead of ``unshare`` and a second fork: the child is the first process of its PID
    namespace, so that killing it kills everything it started. The process must have a single thread.
    """
    interpreter = ctypes.pythonapi
    interpreter.PyOS_BeforeFork()
    child = int(_libc.syscall(ctypes.c_long(_NUMBERS["clone"][_COLUMN[machine()]]), *_clone_words(namespaces)))
    error = ctypes.get_errno()
    if child == 0:
        interpreter.PyOS_AfterFork_Child()
    else:
        interpreter.PyOS_AfterFork_Parent()
    if child < 0:
        raise OSError(error, f"clone: {os.strerror(error)}")
    return child


def _clone_words(namespaces: int) -> tuple[ctypes.c_long, ...]:
    return tuple(map(ctypes.c_long, (namespaces | _SIGCHLD, 0, 0, 0, 0)))


def _last_error(what: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, f"{what}: {os.strerror(number)}")
