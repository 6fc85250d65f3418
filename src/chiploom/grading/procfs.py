"""``/proc``, by its path or, from inside the box where there is no such path, by a descriptor opened before."""

from __future__ import annotations

import os


def open_file(process_table: str | int, name: str) -> int:
    """Return a descriptor of a file in it, such as ``self/maps``.

    Raises
    ------
    OSError
        It cannot be opened.
    """
    if isinstance(process_table, str):
        return os.open(f"{process_table}/{name}", os.O_RDONLY | os.O_CLOEXEC)
    return os.open(name, os.O_RDONLY | os.O_CLOEXEC, dir_fd=process_table)


def read(process_table: str | int, name: str) -> str:
    """Return the text of a file in it.

    Raises
    ------
    OSError
        It cannot be read.
    """
    with os.fdopen(open_file(process_table, name), encoding="utf-8", errors="surrogateescape") as stream:
        return stream.read()
