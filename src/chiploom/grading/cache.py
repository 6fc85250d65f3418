"""The cache of verdicts, by content: the same submission is never proved twice.

A verdict is found again under the hash of everything it depends on: the task, the submission, the limits, the versions
of the tools and the text of our own prover. Only final verdicts are kept. The cache may be deleted at any time, and an
entry that is damaged, or was written by something else, is a miss.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import secrets
from collections import OrderedDict
from importlib.metadata import version
from pathlib import Path

import chiploom
from chiploom import canonical
from chiploom.errors import ChiploomError
from chiploom.grading import codec
from chiploom.grading.job import Job, Material, digest_of, digest_of_sources
from chiploom.prove.verdict import Outcome, Verdict

__all__ = ["Cache"]

_log = logging.getLogger(__name__)

#: Verdicts that another run would find again. What a limit or an accident decided is not among them.
_FINAL = frozenset({Outcome.PROVED, Outcome.REFUTED, Outcome.REJECTED, Outcome.MEASURED})
_TOOLS = ("pyosys", "pyslang", "python-sat")
_ROOMS_THAT_DECIDE = ("hdl", "logic", "prove", "tasks/kinds", "grading/comparison.py")
_MAX_ENTRY_BYTES = 16 << 20
_CHECK_SIZE_EVERY = 256
_DIGESTS_KEPT = 256


class Cache:
    """Verdicts on disk.

    Parameters
    ----------
    directory : Path
        Where; made at the first entry.
    max_bytes : int
        When the entries are larger than this together, the oldest go.

    Notes
    -----
    A cache that cannot be written is of no use but does no harm: it says so once in the log.
    """

    def __init__(self, directory: Path, *, max_bytes: int = 512 << 20) -> None:
        self._directory = directory
        self._max_bytes = max_bytes
        self._stored = 0
        self._is_writable = True
        # The material itself is kept too, so that its id stays its own.
        self._digests: OrderedDict[int, tuple[Material, str]] = OrderedDict()

    def key(self, job: Job) -> str:
        """Return the hash of everything the verdict about ``job`` depends on."""
        return canonical.hash_of(
            {"prover": _prover_digest(), "material": self._digest_of(job), "sources": digest_of_sources(job.sources)}
        )

    def find(self, key: str) -> Verdict | None:
        """Return the verdict under ``key``, None if there is none or it is damaged."""
        try:
            path = self._path(key)
            if path.stat().st_size > _MAX_ENTRY_BYTES:
                return None
            checksum, _, body = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        # The key is part of the checksum: an entry moved under another name is damaged, too.
        if checksum.decode(errors="replace") != _checksum(key, body):
            return None
        try:
            verdict = codec.decode(body)
        except codec.Malformed:
            return None
        return verdict if isinstance(verdict, Verdict) and verdict.outcome in _FINAL else None

    def store(self, key: str, verdict: Verdict | ChiploomError) -> None:
        """Keep a verdict, if it is final."""
        if not isinstance(verdict, Verdict) or verdict.outcome not in _FINAL or not self._is_writable:
            return
        body = codec.encode(verdict)
        path = self._path(key)
        temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
        try:
            if not self._directory.is_dir():
                self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            # No sync to disk, unlike files of the user's: after a power cut a damaged entry is a miss.
            temporary.write_bytes(_checksum(key, body).encode() + b"\n" + body)
            temporary.replace(path)
        except OSError as error:
            self._is_writable = False
            _log.info("verdicts are not cached: %s: %s", self._directory, error.strerror)
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            return
        self._stored += 1
        if self._stored % _CHECK_SIZE_EVERY == 1:
            self._shrink()

    def _digest_of(self, job: Job) -> str:
        """Return a material's digest, made once for the many submissions that share it."""
        known = self._digests.get(id(job.material))
        if known is None:
            known = self._digests[id(job.material)] = (job.material, digest_of(job.material))
            if len(self._digests) > _DIGESTS_KEPT:
                self._digests.popitem(last=False)
        return known[1]

    def _path(self, key: str) -> Path:
        return self._directory / key[:2] / f"{key[2:]}.json"

    def _shrink(self) -> None:
        entries: list[tuple[float, int, str]] = []
        for folder, _, names in os.walk(self._directory):
            for name in names:
                path = os.path.join(folder, name)  # noqa: PTH118 - thousands of entries
                with contextlib.suppress(OSError):
                    status = os.stat(path)  # noqa: PTH116
                    entries.append((status.st_mtime, status.st_size, path))
        excess = sum(size for _, size, _ in entries) - self._max_bytes
        if excess <= 0:
            return
        excess += self._max_bytes // 10
        for _, size, path in sorted(entries):
            with contextlib.suppress(OSError):
                Path(path).unlink()
            excess -= size
            if excess <= 0:
                return


def _checksum(key: str, body: bytes) -> str:
    return canonical.sha256_hex(key.encode() + b"\n" + body)


@functools.cache
def _prover_digest() -> str:
    """Return the hash of what decides verdicts: versions of the tools, and the text of our own modules."""
    package = Path(chiploom.__file__).parent
    texts = {}
    for room in _ROOMS_THAT_DECIDE:
        path = package / room
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            texts[str(file.relative_to(package))] = canonical.sha256_hex(file.read_bytes())
    versions = {name: version(name) for name in _TOOLS}
    return canonical.hash_of({"chiploom": chiploom.__version__, "tools": versions, "modules": texts})
