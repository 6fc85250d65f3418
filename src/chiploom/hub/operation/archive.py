"""The one file of a backup: a zip archive of JSON lines, with a manifest that says what must be in it.

::

    manifest.json           format, schema revision, and of every other entry its lines, bytes and SHA-256
    tables/<table>.jsonl    one row a line, a JSON array in the order of the manifest's columns; JSON columns are texts
    traces.jsonl            one trace a line, byte for byte its file, whose name is the SHA-256 of the line
    key.pem                 the private signing key, only if that was asked for

Everything is written and read as a stream. A reader believes nothing: names, sizes, sums and the length of lines are
checked before any of it is used.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from chiploom import files
from chiploom.errors import InputFileError, StorageError, UsageError

FORMAT = 1
MANIFEST = "manifest.json"
TRACES = "traces.jsonl"
KEY = "key.pem"

#: Called with what is being done, how much of it is done and how much there is.
Progress = Callable[[str, int, int], None]

_LARGEST_MANIFEST = 1_000_000
_LARGEST_KEY = 10_000
#: A row holds files of 200,000 characters or less and a verdict; JSON spells a character with twelve bytes at most.
_LONGEST_LINE = 32_000_000
_CHUNK = 1 << 20
#: zip's own date for "none": the same contents make the same file.
_NO_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the manifest says about one entry: its lines, its bytes and their SHA-256, and a table's columns."""

    lines: int
    size: int
    sha256: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup.

    Attributes
    ----------
    revision : str
        The schema revision of the tables.
    issuer : str
        The public key of the hub, as a ``did:key``.
    """

    revision: str
    issuer: str
    made_at: str
    version: str
    entries: dict[str, Entry]

    @property
    def tables(self) -> dict[str, Entry]:
        """Entries of tables, by the table's name."""
        return {
            name[len("tables/") : -len(".jsonl")]: entry
            for name, entry in self.entries.items()
            if name.startswith("tables/")
        }

    @property
    def size(self) -> int:
        """Bytes of everything, unpacked."""
        return sum(entry.size for entry in self.entries.values())


class Writer:
    """Writes a backup to a new file that gets its name when all of it is there; see :func:`writing`."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.entries: dict[str, Entry] = {}

    def write(self, name: str, chunks: Iterator[bytes], *, columns: tuple[str, ...] = ()) -> None:
        """Add an entry from pieces that each hold whole lines."""
        digest, size, lines = hashlib.sha256(), 0, 0
        with self._archive.open(_information(name), "w", force_zip64=True) as stream:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                lines += chunk.count(b"\n")
                stream.write(chunk)
        self.entries[name] = Entry(lines, size, digest.hexdigest(), columns)

    def finish(self, *, revision: str, issuer: str, made_at: str, version: str) -> Manifest:
        """Add the manifest."""
        value = {
            "format": FORMAT,
            "revision": revision,
            "issuer": issuer,
            "made_at": made_at,
            "chiploom": version,
            "entries": {
                name: {
                    "lines": entry.lines,
                    "bytes": entry.size,
                    "sha256": entry.sha256,
                    **({"columns": list(entry.columns)} if entry.columns else {}),
                }
                for name, entry in self.entries.items()
            },
        }
        self._archive.writestr(_information(MANIFEST), json.dumps(value, indent=1))
        return Manifest(revision, issuer, made_at, version, dict(self.entries))


class Reader:
    """An open backup whose manifest was read and agrees with what the archive lists; see :func:`reading`."""

    def __init__(self, archive: zipfile.ZipFile, shown: str) -> None:
        self._archive = archive
        self._shown = shown
        self.manifest = self._manifest()

    def verify(self, progress: Progress) -> None:
        """Read everything once and compare it with the manifest.

        Raises
        ------
        UsageError
            ``backup-damaged``.
        """
        total, done = self.manifest.size, 0
        for name, entry in self.manifest.entries.items():
            digest, size, lines = hashlib.sha256(), 0, 0
            with self._open(name) as stream:
                while chunk := self._read(stream, name):
                    size += len(chunk)
                    if size > entry.size:
                        break
                    digest.update(chunk)
                    lines += chunk.count(b"\n")
                    done += len(chunk)
                    progress("verify", done, total)
            if (size, lines, digest.hexdigest()) != (entry.size, entry.lines, entry.sha256):
                raise self._damaged(f"{name} is not what the manifest says")

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of an entry, without their ends.

        Raises
        ------
        UsageError
            ``backup-damaged``: a line is longer than any that is written.
        """
        with self._open(name) as stream:
            rest = b""
            while chunk := self._read(stream, name):
                rest += chunk
                *whole, rest = rest.split(b"\n")
                yield from whole
                if len(rest) > _LONGEST_LINE:
                    raise self._damaged(f"{name} has a line that is too long")
            if rest:
                raise self._damaged(f"{name} ends within a line")

    def key(self) -> bytes | None:
        """Return the private key, None if the backup was made without."""
        if KEY not in self.manifest.entries:
            return None
        with self._open(KEY) as stream:
            return stream.read(_LARGEST_KEY)

    def _manifest(self) -> Manifest:
        try:
            listed = self._archive.infolist()
            self._check_listed(listed)
            with self._open(MANIFEST) as stream:
                value: Any = json.loads(stream.read(_LARGEST_MANIFEST))
        except (KeyError, ValueError, RecursionError, zipfile.BadZipFile, zlib.error, EOFError):
            raise self._damaged("its manifest cannot be read") from None
        if isinstance(value, dict) and isinstance(value.get("format"), int) and value["format"] > FORMAT:
            raise UsageError(
                "backup-newer",
                f"{self._shown} was made by a newer chiploom ({value.get('chiploom')!a:.40}); use that one",
            )
        try:
            manifest = _parsed(value)
        except (KeyError, TypeError, ValueError):
            raise self._damaged("its manifest is malformed") from None
        names = [information.filename for information in listed if information.filename != MANIFEST]
        if sorted(names) != sorted(manifest.entries):
            raise self._damaged("it holds other entries than its manifest names")
        for information in listed:
            entry = manifest.entries.get(information.filename)
            if entry is not None and information.file_size != entry.size:
                raise self._damaged(f"{information.filename} has another size than its manifest says")
        return manifest

    def _check_listed(self, listed: list[zipfile.ZipInfo]) -> None:
        """Refuse what we never write: other names, directories, links, encryption, other ways of packing."""
        for information in listed:
            kind = stat.S_IFMT(information.external_attr >> 16)
            if (
                not _is_ours(information.filename)
                or kind not in (0, stat.S_IFREG)
                or information.flag_bits & 0x1
                or information.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
            ):
                raise self._damaged(f"it holds {information.filename[:80]!a}, which no backup has")
        if len({information.filename for information in listed}) < len(listed):
            raise self._damaged("it holds an entry twice")

    def _open(self, name: str) -> IO[bytes]:
        try:
            return self._archive.open(name)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
            raise self._damaged(f"{name}: {error}") from None

    def _read(self, stream: IO[bytes], name: str) -> bytes:
        try:
            return stream.read(_CHUNK)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise self._damaged(f"{name}: {error}") from None

    def _damaged(self, why: str) -> UsageError:
        return UsageError("backup-damaged", f"{self._shown} is no whole backup: {why}; nothing was written")


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """Write a backup: readable by its owner only, under its name only once all of it is on the disk.

    Raises
    ------
    UsageError
        ``output-exists``.
    StorageError
        ``disk-full``, ``read-only`` or ``not-writable``. Nothing is left behind.
    """
    if path.exists() or path.is_symlink():
        raise UsageError("output-exists", f"{str(path)!r} is there already; name another file")
    temporary = path.with_name(f".{path.name[:100]}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w+b") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
                yield Writer(archive)
            stream.flush()
            os.fsync(stream.fileno())
        # A link fails where the name was taken meanwhile; a rename would overwrite.
        os.link(temporary, path)
    except FileExistsError:
        raise UsageError("output-exists", f"{str(path)!r} is there already; name another file") from None
    except OSError as error:
        raise files.storage_error(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Open a backup.

    Raises
    ------
    InputFileError
        ``file-not-found``, ``is-a-directory`` or ``file-unreadable``.
    UsageError
        ``backup-damaged`` or ``backup-newer``.
    """
    shown = repr(str(path))
    try:
        if path.is_dir():
            raise InputFileError("is-a-directory", f"{shown} is a directory; give a file")
        if not path.exists():
            raise InputFileError("file-not-found", f"there is no file {shown}; check the name")
        if not path.is_file():
            raise InputFileError("file-unreadable", f"{shown} is not a regular file; give a file")
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise UsageError("backup-damaged", f"{shown} is no whole backup: it is not a zip archive") from None
    except OSError as error:
        raise InputFileError("file-unreadable", f"cannot read {shown}: {error.strerror}") from None
    with archive:
        yield Reader(archive, shown)


def in_chunks(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Yield lines, each with its end, in pieces worth compressing."""
    piece: list[bytes] = []
    size = 0
    for line in lines:
        piece.append(line)
        size += len(line)
        if size >= _CHUNK:
            yield b"".join(piece)
            piece, size = [], 0
    yield b"".join(piece)


def check_room(path: Path, needed: int) -> None:
    """Refuse to begin what cannot fit.

    Raises
    ------
    StorageError
        ``disk-full``.
    """
    status = os.statvfs(path)
    free = status.f_bavail * status.f_frsize
    if free < needed:
        raise StorageError(
            "disk-full", f"{str(path)!r} has room for {free // 1_000_000} MB, {needed // 1_000_000} MB are needed"
        )


def _information(name: str) -> zipfile.ZipInfo:
    information = zipfile.ZipInfo(name, _NO_DATE)
    information.compress_type = zipfile.ZIP_DEFLATED
    information.external_attr = (stat.S_IFREG | 0o600) << 16
    return information


def _is_ours(name: str) -> bool:
    if name in (MANIFEST, TRACES, KEY):
        return True
    table = name.removeprefix("tables/").removesuffix(".jsonl")
    return name == f"tables/{table}.jsonl" and table.isascii() and table.replace("_", "a").isalpha()


def _parsed(value: Any) -> Manifest:
    entries = {}
    for name, entry in value["entries"].items():
        columns = tuple(entry.get("columns", ()))
        if not _is_ours(name) or name == MANIFEST or not all(isinstance(column, str) for column in columns):
            raise ValueError(name)
        if not all(type(entry[member]) is int and entry[member] >= 0 for member in ("lines", "bytes")):
            raise ValueError(name)
        entries[name] = Entry(entry["lines"], entry["bytes"], str(entry["sha256"]), columns)
    texts = [value[member] for member in ("revision", "issuer", "made_at", "chiploom")]
    if value["format"] != FORMAT or not all(isinstance(text, str) for text in texts) or TRACES not in entries:
        raise ValueError("manifest")
    return Manifest(texts[0], texts[1], texts[2], texts[3], entries)
