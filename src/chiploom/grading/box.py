"""The box a hostile submission is elaborated and proved in.

Two shells. The *outer* one is put on once by a worker process (:func:`enclose`): own user, mount, network, IPC and
host name namespaces, and a minimal read-only root. The *inner* one is put on by every child before it sees its
submission (:func:`fork`, :func:`confine`): own PID and mount namespaces, a private size-capped scratch directory,
resource limits, no capabilities, ``no_new_privs``, Landlock, a system call filter. Killing the child kills
everything it started.

If any layer cannot be put on, :class:`~chiploom.errors.BoxError` is raised and nothing is graded.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from chiploom.errors import BoxError
from chiploom.grading import landlock, procfs, root, seccomp, syscalls

OPT_OUT_VARIABLE = "CHIPLOOM_UNSAFE_NO_BOX"

_NOBODY = 65534
_SCRATCH_MB = 256
_FILE_MB = 256
_PROCESSES = 32
_DESCRIPTORS = 128
_ADVICE = f"see 'The box' in the documentation, or set {OPT_OUT_VARIABLE}=1 to grade trusted files without it"


@dataclass(frozen=True, slots=True)
class Shell:
    """The outer shell of a worker process; ``is_open`` tells that the operator opted out of the box.

    Attributes
    ----------
    landlock_version : int
        What the kernel offers.
    rules : tuple of (str, Grant)
        What children may touch.
    filter : Filter or None
        The compiled system call filter.
    process_table : str or int
        The machine's ``/proc``; in the box a descriptor of it, held by the worker only.
    """

    is_open: bool
    landlock_version: int = 0
    rules: tuple[tuple[str, landlock.Grant], ...] = ()
    filter: seccomp.Filter | None = None
    process_table: str | int = "/proc"


def enclose(*, unsafe_no_box: bool = False) -> Shell:
    """Put the outer shell around this process, which must have a single thread. There is no way back.

    Parameters
    ----------
    unsafe_no_box : bool
        The operator's opt-out: no namespaces, no Landlock, no filter; children still get resource limits.

    Raises
    ------
    BoxError
        ``box-unavailable``, naming what is missing.
    """
    if unsafe_no_box:
        return Shell(is_open=True)
    version = require()
    view = root.default_view(sys.path)
    process_table = os.open("/proc", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    system_filter = seccomp.Filter(syscalls.machine())
    try:
        if os.geteuid() == 0 and _may_unshare_mounts():
            _enclose_as_superuser(view, process_table)
        else:
            _enter_user_namespace(process_table, syscalls.CLONE_NEWNS)
            root.build(view)
        syscalls.drop_capability_bounds()
    except OSError as error:
        raise _unavailable(f"namespaces: {error.strerror or error}") from error
    return Shell(
        is_open=False,
        landlock_version=version,
        rules=tuple(view.landlock_rules()),
        filter=system_filter,
        process_table=process_table,
    )


def require() -> int:
    """Check, without changing anything, that the kernel can offer a box; return its Landlock version.

    Raises
    ------
    BoxError
        ``box-unavailable``, naming what is missing.
    """
    if not syscalls.is_supported():
        system = os.uname()
        raise _unavailable(f"the box knows Linux on x86-64 and aarch64, this is {system.sysname} on {system.machine}")
    version = landlock.version()
    if version < 1:
        raise _unavailable("this kernel offers no Landlock (Linux 5.13 or newer, with 'landlock' among its lsm=)")
    return version


def fork(shell: Shell) -> int:
    """Fork a child of the worker; return its process id, 0 in the child, which must call :func:`confine` next.

    Raises
    ------
    BoxError
        If the kernel refuses the namespaces.
    """
    if shell.is_open:
        return os.fork()
    try:
        return syscalls.fork_into(syscalls.CLONE_NEWPID | syscalls.CLONE_NEWNS)
    except OSError as error:
        raise _unavailable(f"PID and mount namespaces: {error.strerror or error}") from error


def confine(shell: Shell, keep: frozenset[int], scratch: Path | None = None) -> None:
    """Put the inner shell around this child, for good.

    Parameters
    ----------
    shell : Shell
        The worker's.
    keep : frozenset of int
        Descriptors that stay open; all others are closed.
    scratch : Path or None
        Where the opted-out child works; the boxed child has its own.

    Raises
    ------
    BoxError
        If any layer fails: the child must not see a submission then.
    """
    # A process group of its own: a signal to "my group" must not reach the worker.
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if shell.is_open:
        if scratch is not None:
            os.chdir(scratch)
        tempfile.tempdir = os.environ["TMPDIR"] = str(scratch or tempfile.gettempdir())
        syscalls.close_descriptors(keep)
        syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
        _limit_resources()
        return
    assert shell.filter is not None
    tempfile.tempdir = os.environ["TMPDIR"] = root.SCRATCH
    try:
        root.mount_scratch(_SCRATCH_MB)
        syscalls.close_descriptors(keep)
        _limit_resources()
        syscalls.drop_capabilities()
        syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
        syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
        landlock.restrict(shell.landlock_version, shell.rules)
        shell.filter.install()
    except OSError as error:
        raise _unavailable(f"child: {error.strerror or error}") from error


def allot(*, cpu_s: float, address_space_mb: int, already_mapped_mb: int) -> None:
    """Limit what this child may use for the submission it was given.

    Parameters
    ----------
    cpu_s : float
        Processor time from now.
    address_space_mb, already_mapped_mb : int
        Memory the check may map, and what the warm process had mapped before it began.
    """
    usage = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(usage.ru_utime + usage.ru_stime + cpu_s) + 1
    for limit, value in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, (address_space_mb + already_mapped_mb) << 20),
    ):
        _, hard = resource.getrlimit(limit)
        # Only the soft limit: the next submission of the same subject gets its own.
        resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def mapped_mb(shell: Shell) -> int:
    """Return the address space this process has mapped, in MiB."""
    pages = int(procfs.read(shell.process_table, "self/statm").split()[0])
    return (pages * resource.getpagesize()) >> 20


def scrubbed_environment() -> dict[str, str]:
    """Return the environment of a worker process: nothing of the caller's but what Python needs to start."""
    keep = ("PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "CHIPLOOM_DEBUG", OPT_OUT_VARIABLE)
    environment = {name: os.environ[name] for name in keep if name in os.environ}
    # One thread per library: the worker forks, and threads do not survive that.
    single = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    # The same submission gets the same trace wherever it is graded: no order may depend on random hashes.
    return {
        **environment,
        **single,
        "PYTHONHASHSEED": "0",
        "LC_ALL": "C.UTF-8",
        "PATH": "",
    }


def _may_unshare_mounts() -> bool:
    """Take this process to a mount namespace of its own; false for a superuser in name only, as in a container."""
    try:
        syscalls.unshare(syscalls.CLONE_NEWNS)
    except PermissionError:
        return False
    return True


def _enclose_as_superuser(view: root.View, process_table: int) -> None:
    # The root comes first, while files anywhere are readable; then the identity is given up, so that limits on
    # processes, which do not bind the superuser, hold.
    root.build(view)
    if _readable_by_nobody(view):
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
        # Changing identity hides a process's own files in /proc from it, and the identity maps are among them.
        syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)
    _enter_user_namespace(process_table, syscalls.CLONE_NEWNS)


def _enter_user_namespace(process_table: int, also: int) -> None:
    user, group = os.geteuid(), os.getegid()
    syscalls.unshare(
        syscalls.CLONE_NEWUSER | syscalls.CLONE_NEWNET | syscalls.CLONE_NEWIPC | syscalls.CLONE_NEWUTS | also
    )
    for name, line in (
        ("setgroups", "deny"),
        ("gid_map", f"{_NOBODY} {group} 1"),
        ("uid_map", f"{_NOBODY} {user} 1"),
    ):
        descriptor = os.open(f"self/{name}", os.O_WRONLY | os.O_CLOEXEC, dir_fd=process_table)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)


def _readable_by_nobody(view: root.View) -> bool:
    """Return whether an ordinary user can read the installation (not where it was made with umask 077)."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(_NOBODY, _NOBODY, _NOBODY)
            os.setresuid(_NOBODY, _NOBODY, _NOBODY)
            paths = [*view.programs, __file__, os.__file__, *view.directories]
            os._exit(0 if all(os.access(path, os.R_OK) for path in paths) else 1)
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def _limit_resources() -> None:
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, _FILE_MB << 20)
    _lower(resource.RLIMIT_NOFILE, _DESCRIPTORS)
    _lower(resource.RLIMIT_MEMLOCK, 0)
    _lower(resource.RLIMIT_MSGQUEUE, 0)
    if os.geteuid() == _NOBODY:
        # Counted per user *and* user namespace: the worker and its children, not everything a user runs.
        _lower(resource.RLIMIT_NPROC, _PROCESSES)


def _lower(limit: int, value: int) -> None:
    _, hard = resource.getrlimit(limit)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(limit, (value, value))


def _unavailable(reason: str) -> BoxError:
    return BoxError("box-unavailable", f"the box for submissions cannot be set up: {reason}; {_ADVICE}")
