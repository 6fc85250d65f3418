"""Length-prefixed frames on pipes and sockets, and what may be unpickled from where.

Pickles go only from caller to worker, from worker to child, and from worker to caller: downwards to the less trusted,
or between processes that never read hostile text. From a child upwards comes JSON (:mod:`chiploom.grading.codec`),
and, for an author's elaborated files, a pickle read by :func:`unpickle_values`, which knows values only.
"""

from __future__ import annotations

import dataclasses
import io
import os
import pickle
import socket
import struct
import sys
from enum import Enum
from typing import Any

from chiploom.logic.aig import AndInverterGraph

_LENGTH = struct.Struct("<Q")
#: Functions a pickle of values may name: they rebuild values and do nothing else.
_REBUILDERS = {
    ("copyreg", "_reconstructor"),
    ("builtins", "frozenset"),
    ("builtins", "set"),
    ("builtins", "object"),
    ("collections", "OrderedDict"),
}


def write_frame(descriptor: int, *parts: bytes) -> None:
    """Write one frame to a pipe, waiting as long as it takes."""
    view = memoryview(_LENGTH.pack(sum(map(len, parts))) + b"".join(parts))
    while view:
        view = view[os.write(descriptor, view) :]


def read_frame(descriptor: int) -> bytes | None:
    """Read one frame from a pipe, waiting as long as it takes; None at its end."""
    header = _read_exactly(descriptor, _LENGTH.size)
    return None if header is None else _read_exactly(descriptor, _LENGTH.unpack(header)[0])


def send(connection: socket.socket, message: object) -> None:
    """Send a message to a trusted process, waiting as long as it takes."""
    connection.sendall(frame_of(message))


def frame_of(message: object) -> bytes:
    """Return a message to a trusted process as a frame."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(body)) + body


def receive(connection: socket.socket) -> Any:
    """Wait for a message from a trusted process.

    Raises
    ------
    EOFError
        When the other side is gone.
    """
    body = read_frame(connection.fileno())
    if body is None:
        raise EOFError
    return pickle.loads(body)  # the other side is our own process and never reads hostile text


class Assembler:
    """Puts frames together from pieces as they arrive.

    Parameters
    ----------
    max_bytes : int
        Largest frame accepted.
    """

    def __init__(self, max_bytes: int = 1 << 40) -> None:
        self._buffer = bytearray()
        self._max_bytes = max_bytes

    def feed(self, piece: bytes) -> list[bytes]:
        """Take a piece and return the bodies of the frames it completes.

        Raises
        ------
        ValueError
            If a frame announces more than ``max_bytes``.
        """
        self._buffer += piece
        frames: list[bytes] = []
        while len(self._buffer) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer)
            if length > self._max_bytes:
                raise ValueError(f"a frame of {length} bytes")
            end = _LENGTH.size + length
            if len(self._buffer) < end:
                break
            frames.append(bytes(self._buffer[_LENGTH.size : end]))
            del self._buffer[:end]
        return frames


def unpickle_values(data: bytes) -> Any:
    """Rebuild values of chiploom's own: dataclasses, enumerations, graphs and plain containers; no functions.

    Raises
    ------
    pickle.UnpicklingError
        If the pickle names anything else.
    """
    return _ValueUnpickler(io.BytesIO(data)).load()


class _ValueUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _REBUILDERS:
            return super().find_class(module, name)
        # Only modules that are loaded already: importing one would run it.
        if module.startswith("chiploom.") and module in sys.modules and "." not in name:
            found = getattr(sys.modules[module], name, None)
            if isinstance(found, type) and (
                dataclasses.is_dataclass(found) or issubclass(found, Enum) or found is AndInverterGraph
            ):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not a value")


def _read_exactly(descriptor: int, length: int) -> bytes | None:
    pieces = bytearray()
    while len(pieces) < length:
        piece = os.read(descriptor, min(length - len(pieces), 1 << 20))
        if not piece:
            return None
        pieces += piece
    return bytes(pieces)
