"""Children forked and boxed ahead of time, as the worker sees them: ready, ordered, answering, ended."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import pickle
import select
import shutil
import signal
import socket
import tempfile
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from chiploom.errors import BoxError, ChiploomError
from chiploom.grading import box, child, codec, frames
from chiploom.grading.comparison import Prepared
from chiploom.grading.pages import Touch

#: Children kept ready.
COUNT = 2

_ANSWER_BYTES = 64 << 20
_LOG_BYTES = 1 << 20
_LOG_SHOWN_BYTES = 64 << 10
_READY_S = 30.0
_EXIT_CHECKS, _EXIT_CHECK_S = 500, 0.002
_F_ADD_SEALS = 1033
_F_SEAL_SHRINK_AND_GROW = 0x2 | 0x4


Cause = Literal["time", "answer", "by-itself"]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended without an answer.

    Attributes
    ----------
    cause : {"time", "answer", "by-itself"}
        Whether the worker ended it, at its time limit or because its answer was malformed.
    status : int
        As :func:`os.waitpid` gives it.
    log : str
        The end of what it printed.
    """

    cause: Cause
    status: int
    cpu_s: float
    log: str


@dataclass(slots=True)
class Child:
    """One child.

    Attributes
    ----------
    serial : int
        Counts the references the worker had prepared when it forked.
    told : set of str
        Keys of references that orders brought since.
    orders_given : int
        How many orders it was given.
    is_fit : bool
        Whether it said, with its last answer, that it can be given another.
    """

    pid: int
    orders: int
    answers: int
    log: int
    scratch: Path | None
    serial: int
    mapped_mb: int
    told: set[str] = field(default_factory=set)
    orders_given: int = 0
    is_fit: bool = False
    _assembler: frames.Assembler = field(default_factory=lambda: frames.Assembler(_ANSWER_BYTES))
    _arrived: deque[bytes] = field(default_factory=deque)

    def await_ready(self) -> None:
        """Wait until the box is on.

        Raises
        ------
        BoxError
            It cannot be put on.
        """
        body = None
        with contextlib.suppress(ValueError):
            body = self._next_frame(time.monotonic() + _READY_S, None)
        if body == child.READY:
            return
        error = None
        if body is not None:
            with contextlib.suppress(codec.Malformed):
                error = codec.decode(body)
        if isinstance(error, ChiploomError):
            raise error
        raise BoxError("box-unavailable", "a child of the grading worker ended before its box was on")

    def give(self, order: child.Order) -> None:
        """Send an order."""
        if self.orders_given:
            self._clear_log()
        self.orders_given += 1
        self.is_fit = False
        if order.prepared is not None:
            self.told.add(order.key)
        # A child that died while it waited shows when its answer is awaited.
        with contextlib.suppress(BrokenPipeError):
            frames.write_frame(self.orders, pickle.dumps(order, protocol=pickle.HIGHEST_PROTOCOL))

    def await_answer(self, nonce: bytes, limit_s: float, caller: socket.socket) -> bytes | Ended:
        """Wait for the answer to the order with ``nonce``; without one the child is ended.

        Raises
        ------
        EOFError
            The caller is gone: nobody waits for the answer any more.
        """
        deadline = time.monotonic() + limit_s
        try:
            body = self._next_frame(deadline, caller)
        except ValueError:
            return self.end("answer")
        if body is None:
            return self.end("time" if time.monotonic() >= deadline else "by-itself")
        if not body.startswith(nonce):
            # It answers an order that is not ours.
            return self.end("answer")
        self.is_fit = body[len(nonce) :][:1] == child.FIT
        return body[len(nonce) + 1 :]

    def end(self, cause: Cause) -> Ended:
        """End the child and everything it started, give back what it held, and say how it ended."""
        # It is not waited for before this, so its number is still its own and killing it hits nobody else.
        if cause != "by-itself" or not self._exits_soon():
            os.kill(self.pid, signal.SIGKILL)
        _, status, usage = os.wait4(self.pid, 0)
        log = os.pread(self.log, _LOG_BYTES, 0).rstrip(b"\0")[-_LOG_SHOWN_BYTES:]
        self._give_back()
        return Ended(cause, status, usage.ru_utime + usage.ru_stime, log.decode(errors="replace"))

    def has_ended(self) -> bool:
        """Tell whether the child is no more, though nobody waited for it yet."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def kill(self) -> None:
        """End a child that has answered, without waiting until it is gone: see :meth:`is_gone`."""
        os.kill(self.pid, signal.SIGKILL)

    def is_gone(self, *, wait: bool) -> bool:
        """Give back what a killed child held, if it is gone by now or we ``wait`` for that."""
        pid, _ = os.waitpid(self.pid, 0 if wait else os.WNOHANG)
        if pid != 0:
            self._give_back()
        return pid != 0

    def _clear_log(self) -> None:
        """What the child printed for one order must not be taken for what it prints for the next."""
        printed = os.lseek(self.log, 0, os.SEEK_CUR)  # it writes where we look
        os.pwrite(self.log, bytes(min(printed, _LOG_BYTES)), 0)
        os.lseek(self.log, 0, os.SEEK_SET)

    def _give_back(self) -> None:
        for descriptor in (self.orders, self.answers, self.log):
            os.close(descriptor)
        if self.scratch is not None:
            shutil.rmtree(self.scratch, ignore_errors=True)

    def _exits_soon(self) -> bool:
        """Wait a moment for a child that closed its end; a kill would hide how it ended."""
        for _ in range(_EXIT_CHECKS):
            if self.has_ended():
                return True
            time.sleep(_EXIT_CHECK_S)
        return False

    def _next_frame(self, deadline: float, caller: socket.socket | None) -> bytes | None:
        if self._arrived:
            return self._arrived.popleft()
        poll = select.poll()
        poll.register(self.answers, select.POLLIN)
        if caller is not None:
            poll.register(caller, select.POLLRDHUP)
        while True:
            remaining_s = deadline - time.monotonic()
            if remaining_s <= 0:
                return None
            ready = poll.poll(remaining_s * 1000 + 1)
            if caller is not None and any(descriptor == caller.fileno() for descriptor, _ in ready):
                raise EOFError
            if not ready:
                continue
            piece = os.read(self.answers, 1 << 20)
            if not piece:
                return None
            self._arrived.extend(self._assembler.feed(piece))
            if self._arrived:
                return self._arrived.popleft()


class Standby:
    """The queue of children that are ready.

    Parameters
    ----------
    shell : Shell
        The worker's outer shell.
    references : dict of str to Prepared
        What children inherit when they are forked.

    Attributes
    ----------
    touch : Touch
        Memory that children prepare while they wait.
    """

    def __init__(self, shell: box.Shell, references: dict[str, Prepared]) -> None:
        self._shell = shell
        self._references = references
        self._waiting: deque[Child] = deque()
        self.touch = Touch()

    @property
    def is_empty(self) -> bool:
        """Whether no child waits."""
        return not self._waiting

    def fill(self, serial: int) -> None:
        """Fork until the queue is full again."""
        while len(self._waiting) < COUNT:
            self._waiting.append(self._fork(serial))

    def take(self, serial: int) -> Child:
        """Return a child whose box is on; its place is free until the next :meth:`fill`.

        Raises
        ------
        BoxError
            Its box cannot be put on.
        """
        # One that died while it waited was killed by somebody, or for want of memory.
        while self._waiting and self._waiting[0].has_ended():
            self._waiting.popleft().end("by-itself")
        taken = self._waiting.popleft() if self._waiting else self._fork(serial)
        try:
            taken.await_ready()
        except BoxError:
            taken.end("answer")
            raise
        return taken

    def close(self) -> None:
        """End all children that wait."""
        while self._waiting:
            self._waiting.pop().end("answer")

    def _fork(self, serial: int) -> Child:
        scratch = Path(tempfile.mkdtemp(prefix="chiploom-", dir=_in_memory())) if self._shell.is_open else None
        orders_read, orders_write = os.pipe()
        answers_read, answers_write = os.pipe()
        log = os.memfd_create("log", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(log, _LOG_BYTES)
        # Its size is fixed: printing more fails, however much is printed.
        fcntl.fcntl(log, _F_ADD_SEALS, _F_SEAL_SHRINK_AND_GROW)
        mapped_mb = box.mapped_mb(self._shell)
        pid = box.fork(self._shell)
        if pid == 0:
            os.close(orders_write)
            os.close(answers_read)
            child.run(self._shell, self.touch, orders_read, answers_write, log, scratch, self._references)
        os.close(orders_read)
        os.close(answers_write)
        return Child(pid, orders_write, answers_read, log, scratch, serial, mapped_mb)


@functools.cache
def _in_memory() -> str | None:
    """Return where files stay in memory, as they do in the box; on disk the few a check writes cost it a third."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
