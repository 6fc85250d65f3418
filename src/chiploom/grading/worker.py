"""The worker: a warm, single-threaded process that keeps references elaborated and children ready.

It is started by :class:`chiploom.grading.pool.Pool` as a program of its own and speaks with it over a socket. Pyosys,
pyslang and python-sat are imported and used once; the author's files of a task are elaborated once, in a child, since
Yosys ends the process it meets an error in. Every submission is checked in a child that was forked and boxed before the
submission came. A child that checked a submission of some subject in good order may be given the next one of the same
subject, and is never given anything of another.
"""

from __future__ import annotations

import functools
import gc
import logging
import os
import pickle
import secrets
import select
import signal
import socket
import sys
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NoReturn

from chiploom.errors import BoxError, ChiploomError, ReferenceError_
from chiploom.grading import box, child, codec, comparison, frames, pages, root, warm_up
from chiploom.grading.child import GRACE_S, NONCE_BYTES, Order
from chiploom.grading.idleness import Idleness
from chiploom.grading.job import Comparison, Material
from chiploom.grading.standby import Child, Ended, Standby
from chiploom.hdl.sources import Source
from chiploom.prove import engine
from chiploom.prove.verdict import Limits, Verdict
from chiploom.tasks import kinds
from chiploom.tasks.model import Task

#: References kept, by number and by size of their pickles.
MAX_REFERENCES = 256
MAX_REFERENCE_BYTES = 256 << 20
#: What the elaboration of an author's files may use.
PREPARE_LIMITS = Limits(time_s=60.0)

_COLLECT_EVERY = 1000
_MOST_KILLED = 4
#: Orders a child is given at most.
_MOST_ORDERS = 250
_IDLE_ENOUGH = 0.3
_AT_ONCE_MS = 2
_MAX_VERDICT_BYTES = 16 << 20
_OUT_OF_MEMORY = ("bad_alloc", "MemoryError", "annot allocate memory", "out of memory", "ut of memory")


@dataclass(frozen=True, slots=True)
class _Reference:
    """A prepared task; children forked at ``serial`` or later inherited it."""

    prepared: comparison.Prepared
    pickled: bytes
    serial: int


class Worker:
    """The state of a worker process.

    Parameters
    ----------
    shell : Shell
        The box's outer shell, already around this process.
    caller : socket
        Whoever hands in jobs; when it is gone, so are we.
    rehearsal : callable
        Does, on texts of our own, what a child does with its orders.
    """

    def __init__(self, shell: box.Shell, caller: socket.socket, rehearsal: Callable[[], None]) -> None:
        self._caller = caller
        self._process_table = shell.process_table
        self._references: OrderedDict[str, _Reference] = OrderedDict()
        self._prepared: dict[str, comparison.Prepared] = {}
        self._rehearsal = rehearsal
        self._standby = Standby(shell, self._prepared)
        self._busy: list[Child] = []
        self._kept: tuple[str, Child] | None = None
        self._killed: deque[Child] = deque()
        self._serial = 0
        self._idleness = Idleness(shell.process_table)
        self._touch = pages.Touch()

    def serve(self) -> None:
        """Grade what comes until the caller is gone."""
        try:
            # The first child proves that the box can be put on at all, before anything is promised.
            self._busy.append(self._standby.take(self._serial))
            self._end_busy()
            self._standby.fill(self._serial)
            frames.send(self._caller, ("ready", os.getpid()))
            graded = 0
            while True:
                ticket, key, material, sources, subject = frames.receive(self._caller)
                frames.send(self._caller, ("done", ticket, self._grade(key, material, sources, subject)))
                # What follows comes after the answer is out.
                self._end_busy()
                if not self._is_asked_at_once():
                    self._standby.fill(self._serial)
                graded += 1
                if graded.bit_count() == 1:
                    # Again and again, since memory is laid out differently with every reference that is kept. Not
                    # before the first answer, so that one submission alone is not kept waiting.
                    self._touch = pages.touched_by(self._rehearsal, self._process_table)
                if graded % _COLLECT_EVERY == 0:
                    gc.collect()
                # Preparing memory shortens a check by a third, but costs a tenth of it in all, and twice what a mere
                # reading takes. When others wait for the processors, only the sum counts.
                self._standby.touch = self._touch if self._idleness.share() > _IDLE_ENOUGH else pages.Touch()
        finally:
            self._take_kept("")
            self._end_busy()
            for each in self._killed:
                each.is_gone(wait=True)
            self._standby.close()

    def _is_asked_at_once(self) -> bool:
        """Tell whether there is more to do already: then nobody waits for a fork that is not needed yet."""
        poll = select.poll()
        poll.register(self._caller, select.POLLIN)
        return bool(poll.poll(_AT_ONCE_MS))

    def _grade(self, key: str, material: bytes, sources: tuple[Source, ...], subject: str) -> Verdict | ChiploomError:
        started = time.perf_counter()
        try:
            reference = self._reference(key, material)
            limits = _limits_of(reference.prepared)
            chosen = self._take_kept(subject) or self._standby.take(self._serial)
            answer = self._check(chosen, key, reference, sources, limits)
            if isinstance(answer, Ended) and chosen.orders_given > 1 and not _is_its_own_end(answer):
                # Whatever an earlier submission of the subject may have left behind shall not count for this one.
                chosen = self._standby.take(self._serial)
                answer = self._check(chosen, key, reference, sources, limits)
            self._keep_for(subject, chosen)
            outcome = self._verdict(answer, sources, limits)
        except ChiploomError as error:
            return error
        if isinstance(outcome, Verdict):
            seconds = time.perf_counter() - started
            outcome = replace(outcome, tools=outcome.tools or engine.tool_versions(), seconds=seconds)
        return outcome

    def _check(
        self, chosen: Child, key: str, reference: _Reference, sources: tuple[Source, ...], limits: Limits
    ) -> bytes | Ended:
        is_known = chosen.serial >= reference.serial or key in chosen.told
        order = _order(key, limits, sources=sources, prepared=None if is_known else reference.pickled)
        return self._carry_out(chosen, order)

    def _take_kept(self, subject: str) -> Child | None:
        """Return the child kept for a subject; one that was kept for another is ended."""
        if self._kept is None:
            return None
        owner, kept = self._kept
        self._kept = None
        if subject and owner == subject:
            return kept
        self._busy.append(kept)
        return None

    def _keep_for(self, subject: str, used: Child) -> None:
        """Keep a child that has answered, if it may be given more of the same subject."""
        if subject and used.is_fit and used.orders_given < _MOST_ORDERS and used in self._busy:
            self._busy.remove(used)
            self._kept = (subject, used)

    def _verdict(self, answer: bytes | Ended, sources: tuple[Source, ...], limits: Limits) -> Verdict | ChiploomError:
        if isinstance(answer, bytes):
            return _decoded(answer, limits)
        if _ended_by_yosys(answer):
            # A second child says what the first died of: nobody outside the box parses what it was given.
            order = _order("", limits, sources=sources, post_mortem=answer.log)
            again = self._carry_out(self._standby.take(self._serial), order)
            if isinstance(again, bytes):
                return _decoded(again, limits)
        limit, reason = _cause_of_death(answer, limits)
        return Verdict(limit_hit=limit, reason=reason, limits=limits)

    def _carry_out(self, chosen: Child, order: Order) -> bytes | Ended:
        """Give a child its order and return its answer, or how it ended without one."""
        self._busy.append(chosen)
        chosen.give(replace(order, mapped_mb=chosen.mapped_mb))
        if self._standby.is_empty:
            # Otherwise its replacement is forked in the next pause: until then the child has the caches and the memory
            # to itself.
            self._standby.fill(self._serial)
        answer = chosen.await_answer(order.nonce, order.limits.time_s + GRACE_S, self._caller)
        if isinstance(answer, Ended):
            self._busy.remove(chosen)
        return answer

    def _end_busy(self) -> None:
        """Kill the children that have answered. Taking one down takes milliseconds, so they are reaped later."""
        while self._busy:
            self._busy[-1].kill()
            self._killed.append(self._busy.pop())
        while self._killed and self._killed[0].is_gone(wait=len(self._killed) > _MOST_KILLED):
            self._killed.popleft()

    def _reference(self, key: str, material: bytes) -> _Reference:
        """Return a task prepared, elaborating its author's files if they are new.

        Raises
        ------
        BrokenTaskError
            They do not elaborate.
        """
        known = self._references.get(key)
        if known is not None:
            self._references.move_to_end(key)
            return known
        wanted: Material = pickle.loads(material)  # from the caller, our own process
        chosen = self._standby.take(self._serial)
        answer = self._carry_out(chosen, _order(key, PREPARE_LIMITS, prepare=wanted))
        if isinstance(answer, Ended):
            raise _error_of_death(answer, wanted)
        if answer[:1] == b"E":
            error = codec.decode(answer[1:])
            assert isinstance(error, ChiploomError)
            raise error
        try:
            prepared = frames.unpickle_values(answer[1:])
        except Exception as problem:
            raise ReferenceError_("reference-broken", f"{_name_of(wanted)}: {problem}") from None
        return self._keep(key, _Reference(prepared, answer[1:], self._serial + 1))

    def _keep(self, key: str, reference: _Reference) -> _Reference:
        self._serial = reference.serial
        self._references[key] = reference
        self._prepared[key] = reference.prepared
        while len(self._references) > 1 and (
            len(self._references) > MAX_REFERENCES
            or sum(len(each.pickled) for each in self._references.values()) > MAX_REFERENCE_BYTES
        ):
            oldest, _ = self._references.popitem(last=False)
            del self._prepared[oldest]
        # What children inherit is never looked at by their collector, so its pages stay shared.
        gc.freeze()
        return reference


def _order(
    key: str,
    limits: Limits,
    *,
    sources: tuple[Source, ...] = (),
    prepared: bytes | None = None,
    prepare: Material | None = None,
    post_mortem: str | None = None,
) -> Order:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return Order(nonce, key, sources, prepared, prepare, post_mortem, limits, mapped_mb=0)


def _decoded(answer: bytes, limits: Limits) -> Verdict | ChiploomError:
    try:
        if len(answer) > _MAX_VERDICT_BYTES:
            raise codec.Malformed(f"it has {len(answer)} bytes")
        outcome = codec.decode(answer)
        if isinstance(outcome, BoxError):
            # Its box was on before it got the order; what it says now would end the whole run.
            raise codec.Malformed("it speaks of the box")
    except codec.Malformed as error:
        return Verdict(limit_hit="crash", reason=f"the check's answer is malformed: {error}", limits=limits)
    return outcome


def _ended_by_yosys(ended: Ended) -> bool:
    return ended.cause == "by-itself" and os.WIFEXITED(ended.status) and "ERROR: " in ended.log


def _is_its_own_end(ended: Ended) -> bool:
    """Whether a check would have ended like this in a fresh process too."""
    return ended.cause == "time" or _ended_by_yosys(ended)


def _cause_of_death(ended: Ended, limits: Limits) -> tuple[str, str]:
    if ended.cause == "time":
        return "time", f"the check did not stop by itself within {limits.time_s:g} s and was ended"
    if ended.cause == "answer":
        return "crash", "the check's answer is malformed"
    if any(words in ended.log for words in _OUT_OF_MEMORY):
        return "memory", f"the check needed more than {limits.memory_mb} MB of memory"
    if os.WIFSIGNALED(ended.status):
        number = os.WTERMSIG(ended.status)
        if number in (signal.SIGKILL, signal.SIGXCPU):
            if ended.cpu_s >= limits.time_s:
                return "time", f"the check used more than {limits.time_s:g} s of processor time"
            # Not for what it asked for: that would have been refused to it. The machine ran out, or somebody did it.
            return "killed", "the system ended the check, for want of memory on this machine or by somebody's hand"
        return "crash", f"the check crashed (signal {number})"
    return "crash", f"the check ended without a verdict (status {os.WEXITSTATUS(ended.status)})"


def _error_of_death(ended: Ended, material: Material) -> ReferenceError_:
    # The first error says what is wrong; after those of the front end, Yosys only says that it gives up.
    errors = [line.partition("ERROR: ")[2] for line in ended.log.splitlines() if "ERROR: " in line]
    reason = errors[0][:300] if errors else _cause_of_death(ended, PREPARE_LIMITS)[1]
    return ReferenceError_("reference-broken", f"{_name_of(material)}: the author's files do not elaborate: {reason}")


def _limits_of(prepared: comparison.Prepared) -> Limits:
    if isinstance(prepared, comparison.PreparedComparison):
        return prepared.comparison.limits
    return prepared.task.limits if isinstance(prepared, kinds.Prepared) else prepared.limits


def _name_of(material: Material) -> str:
    if isinstance(material, Comparison):
        return (material.reference or material.properties)[0].name
    return material.id if isinstance(material, Task) else type(material).__name__


def main(descriptor: int) -> NoReturn:
    """Be a worker that speaks over the inherited socket ``descriptor``; never returns."""
    # The terminal's Ctrl-C is for the caller, who tells us by closing the socket.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    caller = socket.socket(fileno=descriptor)
    caller.set_inheritable(False)
    status = 1
    try:
        gc.disable()
        shell = box.enclose(unsafe_no_box=os.environ.get(box.OPT_OUT_VARIABLE) == "1")
        if not shell.is_open:
            root.mount_scratch(64)
        rehearsal = functools.partial(child.rehearse, *warm_up.warm_up())
        gc.collect()
        gc.freeze()
        Worker(shell, caller, rehearsal).serve()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        status = 0
    except ChiploomError as error:
        frames.send(caller, ("failed", error))
    except Exception as error:
        if os.environ.get("CHIPLOOM_DEBUG"):
            logging.getLogger(__name__).exception("worker")
        place = f"{type(error).__name__}: {error}"
        frames.send(caller, ("failed", ChiploomError("worker-failed", f"the grading worker failed: {place}")))
    finally:
        # The libraries' own clean-up at exit is slow and talkative.
        os._exit(status)


if __name__ == "__main__":
    os.nice(int(sys.argv[2]))
    main(int(sys.argv[1]))
