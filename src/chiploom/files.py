"""Files written whole or not at all, directories only their owner can read, and the data shipped with chiploom."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Sequence
from pathlib import Path

from chiploom.errors import InputFileError, StorageError


def write_atomic(path: Path | str, data: bytes | str, *, mode: int = 0o644) -> None:
    """Write ``data`` to ``path`` so that a reader sees the old file or the whole new one, never a part.

    Parameters
    ----------
    path : Path or str
        The file. A symbolic link at this name is replaced, not followed; a device or pipe is written to.
    data : bytes or str
        Contents; text is written as UTF-8 with the line ends it has.
    mode : int
        Permissions of the new file, whatever the umask.

    Raises
    ------
    StorageError
        ``disk-full``, ``read-only``, ``is-a-directory``, or ``not-writable`` for anything else. Nothing is left
        behind.
    """
    write_together([(Path(path), data, mode)])


def write_together(contents: Sequence[tuple[Path, bytes | str, int]]) -> None:
    """Write files that belong together: all contents are on the disk before the first of them gets its name.

    Parameters
    ----------
    contents : sequence of (Path, bytes or str, int)
        File, contents and permissions, as in :func:`write_atomic`; the names are given in this order.

    Raises
    ------
    StorageError
        As :func:`write_atomic`. On a full disk none of the files is new.
    """
    temporaries: list[tuple[Path, Path]] = []
    path = Path()
    try:
        for path, data, mode in contents:
            content = data.encode("utf-8") if isinstance(data, str) else data
            if path.is_dir():
                raise StorageError("is-a-directory", f"cannot write {str(path)!r}: it is a directory; give a file name")
            if path.exists() and not path.is_file():
                # A device such as /dev/null: a rename would put a file in its place.
                path.write_bytes(content)
                continue
            # The temporary name lies in the same directory, so that the rename stays within one file system.
            temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}.tmp")
            temporaries.append((temporary, path))
            _write_synced(temporary, content, mode)
        for temporary, path in temporaries:
            temporary.replace(path)
            _sync_directory(path.parent)
    except (OSError, ValueError) as error:
        raise storage_error(path, error) from error
    finally:
        for temporary, _ in temporaries:
            with contextlib.suppress(OSError, ValueError):
                temporary.unlink(missing_ok=True)


def read_bytes(path: Path | str, *, max_bytes: int) -> bytes:
    """Read a regular file that somebody else wrote, never waiting on a pipe or a device.

    Raises
    ------
    InputFileError
        ``file-not-found``, ``is-a-directory``, ``file-too-large``, or ``file-unreadable`` for anything else.
    """
    path = Path(path)
    shown = repr(str(path))
    try:
        # O_NONBLOCK: opening a pipe nobody writes to would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            mode = os.fstat(descriptor).st_mode
            if stat.S_ISDIR(mode):
                raise InputFileError("is-a-directory", f"{shown} is a directory; give a file")
            if not stat.S_ISREG(mode):
                raise InputFileError("file-unreadable", f"{shown} is not a regular file; give a file")
            with open(descriptor, "rb", closefd=False) as stream:
                content = stream.read(max_bytes + 1)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise InputFileError("file-not-found", f"there is no file {shown}; check the name") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputFileError("file-unreadable", f"cannot read {shown}: {reason}") from None
    if len(content) > max_bytes:
        raise InputFileError("file-too-large", f"{shown} has more than {max_bytes} bytes, the limit for such a file")
    return content


def check_directory(path: Path | str, advice: str) -> None:
    """Refuse what is no directory of somebody else's to read from.

    Parameters
    ----------
    advice : str
        What to do, the end of the message.

    Raises
    ------
    InputFileError
        ``file-not-found``, ``not-a-directory``, or ``file-unreadable`` for a name the system does not take or a place
        it does not let us see.
    """
    shown = repr(str(path))
    try:
        mode = Path(path).stat().st_mode
    except FileNotFoundError:
        raise InputFileError("file-not-found", f"there is no directory {shown}; {advice}") from None
    except NotADirectoryError:
        raise InputFileError("not-a-directory", f"there is no directory {shown}; {advice}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputFileError("file-unreadable", f"cannot read {shown}: {reason}; {advice}") from None
    if not stat.S_ISDIR(mode):
        raise InputFileError("not-a-directory", f"{shown} is no directory; {advice}")


def private_directory(path: Path | str) -> Path:
    """Make ``path`` (and its parents) if missing, readable by its owner only, and return it.

    An existing directory that others can enter is closed to them, so ``path`` must be ours alone; its parents are left
    as they are.

    Raises
    ------
    StorageError
        As :func:`write_atomic`; ``not-a-directory`` if a file has the name.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
        status = path.stat()
        if not stat.S_ISDIR(status.st_mode):
            raise StorageError(
                "not-a-directory", f"{str(path)!r} is a file; a directory is needed there, move the file away"
            )
        if stat.S_IMODE(status.st_mode) & 0o077:
            path.chmod(0o700)
    except OSError as error:
        raise storage_error(path, error) from error
    return path


def data_directory() -> Path:
    """Return the directory of sourced figures and rules that ships with chiploom."""
    return _shipped("_data", "data")


def storage_error(path: Path, error: OSError | ValueError) -> StorageError:
    """Word an error of the operating system (or of a name it cannot take) met while writing ``path``."""
    shown = repr(str(path))
    if not isinstance(error, OSError):
        return StorageError("not-writable", f"cannot write {shown}: {error}; choose another name")
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StorageError("disk-full", f"cannot write {shown}: the disk (or quota) is full; free some space")
    if error.errno == errno.EROFS:
        return StorageError("read-only", f"cannot write {shown}: the file system is read-only; choose another place")
    if error.errno == errno.EISDIR:
        return StorageError("is-a-directory", f"cannot write {shown}: it is a directory; give a file name")
    reason = error.strerror or type(error).__name__
    return StorageError("not-writable", f"cannot write {shown}: {reason}; choose a place you may write to")


def _shipped(installed: str, in_checkout: str) -> Path:
    package = Path(__file__).parent
    beside = package / installed
    return beside if beside.is_dir() else package.parent.parent / in_checkout


def _write_synced(path: Path, content: bytes, mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(path, flags, mode)
    with os.fdopen(descriptor, "wb") as stream:
        os.fchmod(descriptor, mode)
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)


def _sync_directory(directory: Path) -> None:
    # The rename itself must survive a power cut; where a file system cannot sync a directory, nothing is lost.
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
