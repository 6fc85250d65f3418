"""One piece of work in a box of its own, for a command that needs no warm worker.

Two processes are forked: the outer one puts the outer shell on, forks and watches the inner one, which does the work
in the full box and writes its answer. The outer one never reads what the inner one wrote.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from chiploom.errors import BoxError, ChiploomError
from chiploom.grading import box, codec, frames, root
from chiploom.grading.child import GRACE_S
from chiploom.prove.verdict import Limits

_ANSWER_BYTES = 256 << 20
_LOG_BYTES = 1 << 20
_LOG_SHOWN_BYTES = 64 << 10
_SCRATCH_MB = 64
_OUT_OF_MEMORY = ("bad_alloc", "MemoryError", "annot allocate memory", "ut of memory")


@dataclass(frozen=True, slots=True)
class Ended:
    """How work ended without an answer.

    Attributes
    ----------
    limit : {"time", "memory", "crash"}
        What stopped it, as far as can be told.
    log : str
        The end of what it printed.
    """

    limit: str
    log: str


def carry_out(work: Callable[[], bytes], limits: Limits, *, unsafe_no_box: bool = False) -> bytes | Ended:
    """Do some work on hostile input in a box and return its answer, or how it ended without one.

    Parameters
    ----------
    work : callable
        Returns the answer. It may end its process. Whatever it imports must be imported already: in the box there
        are no files but an empty scratch directory.
    limits : Limits
        Of time and memory.
    unsafe_no_box : bool
        The operator's opt-out, as for :func:`chiploom.grading.box.enclose`.

    Raises
    ------
    BoxError
        The box cannot be put on; nothing was done.
    """
    answers_read, answers_write = os.pipe()
    ending_read, ending_write = os.pipe()
    log = os.memfd_create("log", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(log, _LOG_BYTES)
    # Its size is fixed: printing more fails, however much is printed.
    fcntl.fcntl(log, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    outer = os.fork()
    if outer == 0:
        os.close(answers_read)
        os.close(ending_read)
        _be_outer(work, limits, answers_write, ending_write, log, unsafe_no_box)
    os.close(answers_write)
    os.close(ending_write)
    try:
        answer = _read_answer(answers_read)
        ending = _read_all(ending_read)
    finally:
        # Its own children die with it (PR_SET_PDEATHSIG), also when the user interrupts.
        os.kill(outer, signal.SIGKILL)
        os.waitpid(outer, 0)
        os.close(answers_read)
        os.close(ending_read)
    printed = os.pread(log, _LOG_BYTES, 0).rstrip(b"\0")[-_LOG_SHOWN_BYTES:].decode(errors="replace")
    os.close(log)
    if answer is not None:
        return answer
    if not ending:
        raise BoxError("box-unavailable", f"the process that holds the box ended: {' '.join(printed.split())[-200:]}")
    value = json.loads(ending)  # from our own process, which never reads hostile text
    if "error" in value:
        error = codec.decode(ending)
        assert isinstance(error, ChiploomError)
        raise error
    return Ended(_limit_hit(value, printed, limits), printed)


def _be_outer(
    work: Callable[[], bytes], limits: Limits, answers: int, ending: int, log: int, unsafe_no_box: bool
) -> NoReturn:
    scratch: Path | None = None
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        shell = box.enclose(unsafe_no_box=unsafe_no_box)
        if shell.is_open:
            scratch = Path(tempfile.mkdtemp(prefix="chiploom-"))
        else:
            root.mount_scratch(_SCRATCH_MB)
        mapped_mb = box.mapped_mb(shell)
        inner = box.fork(shell)
        if inner == 0:
            _be_inner(work, limits, shell, answers, log, scratch, mapped_mb)
        os.close(answers)
        os.write(ending, _watch(inner, limits.time_s + GRACE_S))
    except ChiploomError as error:
        os.write(ending, codec.encode(error))
    except BaseException as error:
        os.write(log, f"{type(error).__name__}: {error}\n".encode(errors="replace"))
    finally:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)
        os._exit(0)


def _be_inner(
    work: Callable[[], bytes],
    limits: Limits,
    shell: box.Shell,
    answers: int,
    log: int,
    scratch: Path | None,
    mapped_mb: int,
) -> NoReturn:
    status = 1
    try:
        null = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((null, 0), (log, 1), (log, 2)):
            os.dup2(source, target)
        try:
            box.confine(shell, frozenset({0, 1, 2, answers}), scratch)
        except BoxError as error:
            frames.write_frame(answers, codec.encode(error))
            os._exit(0)
        box.allot(cpu_s=limits.time_s + GRACE_S, address_space_mb=limits.memory_mb, already_mapped_mb=mapped_mb)
        frames.write_frame(answers, work())
        status = 0
    except BaseException as error:  # nothing may leave the child; what it printed tells the caller
        os.write(2, f"{type(error).__name__}: {error}\n".encode(errors="replace"))
    finally:
        os._exit(status)


def _watch(inner: int, limit_s: float) -> bytes:
    """Wait for the inner process, end it at its limit, and say how it ended."""
    descriptor = os.pidfd_open(inner)
    deadline = time.monotonic() + limit_s
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    timed_out = not poll.poll(max(0.0, deadline - time.monotonic()) * 1000 + 1)
    if timed_out:
        os.kill(inner, signal.SIGKILL)
    _, status, usage = os.wait4(inner, 0)
    return json.dumps({"timed_out": timed_out, "status": status, "cpu_s": usage.ru_utime + usage.ru_stime}).encode()


def _limit_hit(ending: Mapping[str, Any], printed: str, limits: Limits) -> str:
    if ending["timed_out"]:
        return "time"
    if any(words in printed for words in _OUT_OF_MEMORY):
        return "memory"
    if os.WIFSIGNALED(ending["status"]) and os.WTERMSIG(ending["status"]) in (signal.SIGKILL, signal.SIGXCPU):
        return "time" if ending["cpu_s"] >= limits.time_s else "memory"
    return "crash"


def _read_answer(descriptor: int) -> bytes | None:
    """Return the one frame that comes; None if none comes or what comes is no frame."""
    assembler = frames.Assembler(_ANSWER_BYTES)
    while piece := os.read(descriptor, 1 << 20):
        try:
            for body in assembler.feed(piece):
                return body
        except ValueError:
            return None
    return None


def _read_all(descriptor: int) -> bytes:
    data = b""
    while piece := os.read(descriptor, 1 << 16):
        data += piece
    return data
