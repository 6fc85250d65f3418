"""Unpacking a pack that somebody uploaded: a zip may be a bomb, hold links, or name files anywhere on the disk."""

from __future__ import annotations

import os
import re
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from chiploom import files
from chiploom.errors import UsageError

MOST_FILES = 4000
LARGEST_FILE_BYTES = 1_000_000
LARGEST_TOTAL_BYTES = 50_000_000
_DEEPEST = 5

_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
_SUFFIXES = frozenset({".toml", ".md", ".sv", ".v", ".svh", ".vh", ".json", ".txt", ".hex", ".mem"})
_NAMES = frozenset({"LICENSE", "NOTICE", "COPYING"})
#: What systems put into archives by themselves.
_IGNORED = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db"})


def unpack(archive: IO[bytes], directory: Path) -> None:
    """Write the files of a pack into a folder that does not exist yet.

    A single folder around everything is left out.

    Raises
    ------
    UsageError
        ``bad-archive``, naming what is wrong with which entry. What was written until then is to be removed.
    StorageError
        The disk does not take it.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = _checked(opened.infolist())
            around = _folder_around([path for path, _ in entries])
            left = LARGEST_TOTAL_BYTES
            files.private_directory(directory.parent)
            _make(directory)
            for path, entry in entries:
                with opened.open(entry) as stream:
                    # What the entry says about its size is only a claim.
                    data = stream.read(min(left, LARGEST_FILE_BYTES) + 1)
                left -= len(data)
                if len(data) > LARGEST_FILE_BYTES or left < 0:
                    raise _refused(f"{entry.filename[:100]!a} is too large")
                target = directory.joinpath(*path.parts[around:])
                _make(target.parent)
                _write(target, data)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
        raise _refused(f"the file is no whole zip archive ({type(error).__name__})") from None
    # Before anybody writes down that the pack is there.
    os.sync()


def _checked(entries: list[zipfile.ZipInfo]) -> list[tuple[PurePosixPath, zipfile.ZipInfo]]:
    if len(entries) > MOST_FILES:
        raise _refused(f"it has more than {MOST_FILES} entries")
    if sum(entry.file_size for entry in entries) > LARGEST_TOTAL_BYTES:
        raise _refused(f"it has more than {LARGEST_TOTAL_BYTES} bytes unpacked")
    seen: set[str] = set()
    found: list[tuple[PurePosixPath, zipfile.ZipInfo]] = []
    for entry in entries:
        name = entry.filename
        parts = name.rstrip("/").split("/")
        if _IGNORED & set(parts):
            continue
        if name.startswith("/") or not all(_PART.fullmatch(part) for part in parts) or len(parts) > _DEEPEST:
            raise _refused(f"{name[:100]!a} is no name that a file of a pack has")
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _refused(f"{name[:100]!a} is a link or a device")
        if entry.is_dir():
            continue
        if entry.flag_bits & 1:
            raise _refused(f"{name[:100]!a} is encrypted")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refused(f"{name[:100]!a} is compressed in another way than deflate")
        if entry.file_size > LARGEST_FILE_BYTES:
            raise _refused(f"{name[:100]!a} is too large")
        path = PurePosixPath(*parts)
        if path.suffix not in _SUFFIXES and path.name not in _NAMES:
            raise _refused(f"{name[:100]!a} is no kind of file that packs have")
        folded = name.casefold()
        if folded in seen:
            raise _refused(f"{name[:100]!a} is there twice")
        seen.add(folded)
        found.append((path, entry))
    folders = {str(parent).casefold() for path, _ in found for parent in path.parents}
    for path, _ in found:
        if str(path).casefold() in folders:
            raise _refused(f"{str(path)[:100]!a} is a file and a folder")
    return found


def _folder_around(paths: list[PurePosixPath]) -> int:
    """Return how many folders around the pack are to be left out: 0 or 1."""
    if PurePosixPath("pack.toml") in paths:
        return 0
    tops = {path.parts[0] for path in paths}
    if len(tops) == 1 and PurePosixPath(next(iter(tops)), "pack.toml") in paths:
        return 1
    raise _refused("it has no pack.toml, in the archive itself or in the one folder that holds everything")


def _make(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise files.storage_error(directory, error) from error


def _write(path: Path, data: bytes) -> None:
    try:
        with path.open("xb") as stream:
            stream.write(data)
    except OSError as error:
        raise files.storage_error(path, error) from error


def _refused(reason: str) -> UsageError:
    return UsageError("bad-archive", f"this archive is not accepted: {reason}")
