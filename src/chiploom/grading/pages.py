"""Touching memory ahead of time: a forked child gets its own copies of the pages its work will write to.

After a fork, the first write to every inherited page costs a fault and a copy, some 1,500 of them in a check, or a
third of its time. Which pages those are hardly depends on the submission, so a trial run finds them once, and every
child that waits has them copied before its order comes.
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chiploom.grading import procfs

_PAGE = resource.getpagesize()
_POPULATE_READ, _POPULATE_WRITE = 22, 23
_PRESENT, _EXCLUSIVE = 1 << 63, 1 << 56
_MOST_PAGES = 16_384

_libc = ctypes.CDLL(None, use_errno=True)
_libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)


@dataclass(frozen=True, slots=True)
class Touch:
    """Ranges of memory (address, length) that a child's work reads, or writes."""

    read: tuple[tuple[int, int], ...] = ()
    written: tuple[tuple[int, int], ...] = ()

    def prepare(self) -> None:
        """Map and copy the pages now; what cannot be done is left to be done when it is needed."""
        for ranges, advice in ((self.read, _POPULATE_READ), (self.written, _POPULATE_WRITE)):
            for address, length in ranges:
                if _libc.madvise(address, length, advice) != 0:
                    # Linux before 5.14, or a mapping that has gone.
                    return


def touched_by(work: Callable[[], None], process_table: str | int) -> Touch:
    """Find out in a forked child which inherited pages ``work`` touches.

    Parameters
    ----------
    process_table : str or int
        ``/proc``, or a descriptor of it.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            mappings = list(_mappings(process_table))
            work()
            ranges = _changed(mappings, process_table)
            with os.fdopen(writing, "wb") as stream:
                stream.write(ranges)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        data = stream.read()
    os.waitpid(child, 0)
    read: list[tuple[int, int]] = []
    written: list[tuple[int, int]] = []
    for address, length, is_written in struct.iter_unpack("=QQQ", data):
        (written if is_written else read).append((address, length))
    if sum(length for _, length in (*read, *written)) > _MOST_PAGES * _PAGE:
        return Touch()
    return Touch(tuple(read), tuple(written))


def _mappings(process_table: str | int) -> Iterable[tuple[int, int, bool]]:
    """Return (start, end, is writable) of the mappings worth preparing."""
    for line in procfs.read(process_table, "self/maps").splitlines():
        span, permissions, *_ = words = line.split()
        name = words[5] if len(words) > 5 else ""
        start, _, end = span.partition("-")
        if permissions.endswith("p") and permissions[0] == "r" and not name.startswith(("[stack", "[v")):
            yield int(start, 16), int(end, 16), permissions[1] == "w"


def _changed(mappings: Iterable[tuple[int, int, bool]], process_table: str | int) -> bytes:
    found = bytearray()
    descriptor = procfs.open_file(process_table, "self/pagemap")
    for start, end, is_writable in mappings:
        entries = os.pread(descriptor, (end - start) // _PAGE * 8, start // _PAGE * 8)
        # A page written to since the fork is ours alone; a page of a file is the same for all who map it.
        wanted = _PRESENT | _EXCLUSIVE if is_writable else _PRESENT
        run = 0
        for index, (entry,) in enumerate(struct.iter_unpack("=Q", entries)):
            if entry & wanted == wanted:
                run += 1
            elif run:
                found += struct.pack("=QQQ", start + (index - run) * _PAGE, run * _PAGE, is_writable)
                run = 0
        if run:
            found += struct.pack("=QQQ", start + len(entries) // 8 * _PAGE - run * _PAGE, run * _PAGE, is_writable)
    os.close(descriptor)
    return bytes(found)
