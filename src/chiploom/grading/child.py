"""The child: a process that puts the box on, waits for a submission, judges it and answers in JSON.

It may be given more submissions of the same subject, as long as every check ended in good order.
"""

from __future__ import annotations

import gc
import itertools
import os
import pickle
import resource
import signal
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from chiploom.errors import BoxError, ChiploomError, LimitReached, ReferenceError_
from chiploom.grading import box, codec, comparison, frames
from chiploom.grading.box import Shell
from chiploom.grading.job import Material
from chiploom.grading.pages import Touch
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Limits, Verdict

#: First frame a child writes: the box is on.
READY = b"+"
#: First byte of an answer, after the nonce: whether the child is fit for another order.
FIT, UNFIT = b"+", b"-"
NONCE_BYTES = 16
#: A child whose checks needed this much more memory than it began with is used up.
_GROWTH_KB = 64 << 10
#: New objects before the collector looks for cycles, and after how many orders it is asked to.
_LAZY_COLLECTION = (100_000, 20, 100)
_COLLECT_EVERY = 16
#: A check is told its time limit and keeps it; only after this much more is it killed.
GRACE_S = 3.0


@dataclass(frozen=True, slots=True)
class Order:
    """What a child is told to do.

    Attributes
    ----------
    nonce : bytes
        Echoed before the answer, so that answers cannot be taken for one another.
    key : str
        Digest of the material; the child may hold it prepared already, inherited from the worker.
    prepared : bytes or None
        Otherwise: the pickled prepared material.
    prepare : Material or None
        Instead of judging: elaborate these author's files and answer with their pickle.
    post_mortem : str or None
        Instead of judging: say what Yosys said before it ended the child that had these sources.
    limits : Limits
        Of time and memory.
    mapped_mb : int
        Address space the worker had mapped when it forked.
    """

    nonce: bytes
    key: str
    sources: tuple[Source, ...]
    prepared: bytes | None
    prepare: Material | None
    post_mortem: str | None
    limits: Limits
    mapped_mb: int


def run(
    shell: Shell,
    touch: Touch,
    orders: int,
    answers: int,
    log: int,
    scratch: Path | None,
    references: dict[str, comparison.Prepared],
) -> NoReturn:
    """Be the child: never returns.

    Parameters
    ----------
    orders, answers, log : int
        Descriptors: where orders come from, where answers go, where prints go.
    references : dict
        What was prepared before the fork; what orders bring is added.
    """
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        # A check that lives for milliseconds needs no collector; one that lives for seconds gets a lazy one.
        gc.set_threshold(*_LAZY_COLLECTION)
        _redirect(log)
        try:
            box.confine(shell, frozenset({0, 1, 2, orders, answers}), scratch)
        except BoxError as error:
            frames.write_frame(answers, codec.encode(error))
            os._exit(1)
        touch.prepare()
        frames.write_frame(answers, READY)
        _serve(orders, answers, references)
        status = 0
    except BaseException as error:  # nothing may leave the child; what it printed tells the worker
        os.write(2, f"{type(error).__name__}: {error}\n".encode(errors="replace"))
    finally:
        os._exit(status)


def rehearse(orders: Sequence[bytes], references: dict[str, comparison.Prepared]) -> None:
    """Do what a child does with these pickled orders, but without box, limits and pipes."""
    for message in orders:
        codec.encode(_judge(pickle.loads(message), references))  # our own, of our own


def _serve(orders: int, answers: int, references: dict[str, comparison.Prepared]) -> None:
    """Carry out orders until the worker has no more, or until a check did not end in good order."""
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + _GROWTH_KB
    for number in itertools.count(1):
        message = frames.read_frame(orders)
        if message is None:
            return
        order: Order = pickle.loads(message)  # from our own worker
        fit, body = _carry_out(order, references)
        fit = fit and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < grown_kb
        frames.write_frame(answers, order.nonce, FIT if fit else UNFIT, body)
        if not fit:
            return
        # What it printed belongs to this order; the worker clears the log before the next.
        sys.stdout.flush()
        sys.stderr.flush()
        if number % _COLLECT_EVERY == 0:
            gc.collect()


def _carry_out(order: Order, references: dict[str, comparison.Prepared]) -> tuple[bool, bytes]:
    """Return whether the check ended in good order, and the answer."""
    limits = order.limits
    box.allot(cpu_s=limits.time_s + GRACE_S, address_space_mb=limits.memory_mb, already_mapped_mb=order.mapped_mb)
    if order.prepare is not None:
        return False, _prepare(order.prepare)
    outcome = _judge(order, references)
    return isinstance(outcome, Verdict) and outcome.limit_hit is None, codec.encode(outcome)


def _prepare(material: Material) -> bytes:
    """Return ``P`` and a pickle of the elaborated files, or ``E`` and the error in JSON."""
    try:
        return b"P" + pickle.dumps(comparison.prepare(material), protocol=pickle.HIGHEST_PROTOCOL)
    except ChiploomError as error:
        return b"E" + codec.encode(error)
    except MemoryError:
        return b"E" + codec.encode(ReferenceError_("reference-broken", "the author's files need too much memory"))
    except Exception as error:
        return b"E" + codec.encode(ChiploomError("internal", f"the author's files: {_place(error)}"))


def _judge(order: Order, references: dict[str, comparison.Prepared]) -> Verdict | ChiploomError:
    limits = order.limits
    try:
        if order.post_mortem is not None:
            return comparison.verdict_of_yosys_error(order.post_mortem, order.sources, limits)
        if order.prepared is not None:
            references[order.key] = frames.unpickle_values(order.prepared)
        return comparison.judge(references[order.key], order.sources)
    except LimitReached as reached:
        return Verdict(limit_hit=reached.limit, reason=reached.message, limits=limits)
    except ChiploomError as error:
        return error
    except MemoryError:
        return Verdict(limit_hit="memory", reason="the check ran out of memory", limits=limits)
    except Exception as error:
        return Verdict(limit_hit="crash", reason=f"the check crashed: {_place(error)}", limits=limits)


def _redirect(log: int) -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)


def _place(error: Exception) -> str:
    """Say which line of ours failed, without a path of the machine."""
    frames_of_ours = [
        entry for entry in traceback.extract_tb(error.__traceback__) if f"{os.sep}chiploom{os.sep}" in entry.filename
    ]
    where = f" in {Path(frames_of_ours[-1].filename).name}:{frames_of_ours[-1].lineno}" if frames_of_ours else ""
    text = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {text}{where}"
