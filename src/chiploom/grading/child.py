"""The child: one process that puts the box on, waits for one submission, judges it, answers in JSON and ends."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import traceback
from collections.abc import Mapping
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
NONCE_BYTES = 16
#: A check is told its time limit and keeps it; only after this much more is it killed.
GRACE_S = 3.0


@dataclass(frozen=True, slots=True)
class Order:
    """What a child is told to do, once.

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
    references: Mapping[str, comparison.Prepared],
) -> NoReturn:
    """Be the child: never returns.

    Parameters
    ----------
    orders, answers, log : int
        Descriptors: where the order comes from, where the answer goes, where prints go.
    """
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        # A check that lives for milliseconds needs no collector; one that lives for seconds gets a lazy one.
        gc.set_threshold(100_000, 20, 100)
        _redirect(log)
        try:
            box.confine(shell, frozenset({0, 1, 2, orders, answers}), scratch)
        except BoxError as error:
            frames.write_frame(answers, codec.encode(error))
            os._exit(1)
        touch.prepare()
        frames.write_frame(answers, READY)
        order = frames.read_frame(orders)
        if order is not None:
            _carry_out(pickle.loads(order), answers, references)  # from our own worker
        status = 0
    except BaseException as error:  # nothing may leave the child; what it printed tells the worker
        os.write(2, f"{type(error).__name__}: {error}\n".encode(errors="replace"))
    finally:
        os._exit(status)


def _carry_out(order: Order, answers: int, references: Mapping[str, comparison.Prepared]) -> None:
    limits = order.limits
    box.allot(cpu_s=limits.time_s + GRACE_S, address_space_mb=limits.memory_mb, already_mapped_mb=order.mapped_mb)
    body = _prepare(order.prepare) if order.prepare is not None else codec.encode(_judge(order, references))
    frames.write_frame(answers, order.nonce, body)


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


def _judge(order: Order, references: Mapping[str, comparison.Prepared]) -> Verdict | ChiploomError:
    limits = order.limits
    try:
        if order.post_mortem is not None:
            return comparison.verdict_of_yosys_error(order.post_mortem, order.sources, limits)
        prepared = references[order.key] if order.prepared is None else frames.unpickle_values(order.prepared)
        return comparison.judge(prepared, order.sources)
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
