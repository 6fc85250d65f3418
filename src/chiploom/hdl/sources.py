"""The files of a design, as handed in."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chiploom.errors import InputFileError


@dataclass(frozen=True, slots=True)
class Source:
    """One file of Verilog or SystemVerilog text.

    Attributes
    ----------
    name : str
        The name the author knows it by (a path or a base name); shown in diagnostics, never opened.
    text : str
        Its text, without byte order mark, with ``\\n`` line ends.
    """

    name: str
    text: str


def load_sources(paths: Sequence[Path], *, max_bytes: int = 10_000_000) -> tuple[Source, ...]:
    """Read the files of a design.

    Raises
    ------
    InputFileError
        ``file-not-found``, ``is-a-directory``, ``file-unreadable``, ``file-too-large``, ``file-empty``,
        ``file-binary`` (NUL bytes), ``file-not-text`` (not UTF-8).
    """
    return tuple(_load(Path(path), max_bytes) for path in paths)


def cleaned(source: Source) -> Source:
    """Return a source as :func:`load_sources` would have given it: line ends, byte order mark, NULs, surrogates."""
    text = source.text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    if "\0" in text or not _encodable(text):
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")
    return source if text == source.text else Source(source.name, text)


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _load(path: Path, max_bytes: int) -> Source:
    shown = str(path)
    try:
        if path.is_dir():
            raise InputFileError("is-a-directory", f"{shown} is a directory; name a Verilog file")
        if path.exists() and not path.is_file():
            raise InputFileError("file-unreadable", f"{shown} is not a regular file; name a Verilog file")
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            data = stream.read(max_bytes + 1)
    except FileNotFoundError:
        raise InputFileError("file-not-found", f"{shown} does not exist; check the path") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputFileError("file-unreadable", f"{shown} cannot be read: {reason}") from None
    if len(data) > max_bytes:
        raise InputFileError(
            "file-too-large", f"{shown} has {max(size, len(data))} bytes, more than the limit of {max_bytes}; split it"
        )
    if b"\0" in data:
        raise InputFileError("file-binary", f"{shown} holds NUL bytes, so it is not a text file; name a Verilog file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputFileError(
            "file-not-text", f"{shown} is not UTF-8 (byte {error.start + 1}); save it as UTF-8 and try again"
        ) from None
    if not text.strip():
        raise InputFileError("file-empty", f"{shown} is empty; write the design into it first")
    return Source(shown, text.replace("\r\n", "\n").replace("\r", "\n"))
