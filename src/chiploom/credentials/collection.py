"""A directory of evidence, read without trusting anything in it.

Files come from anybody: huge files, links, pipes, noise and copies are refused one by one, with the reason, and never
stop the rest from being read. The order is that of the file names, so that the same directory always gives the same
answer.
"""

from __future__ import annotations

import os
from collections.abc import Collection as Collection_
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chiploom import files
from chiploom.errors import ChiploomError, UsageError
from chiploom.grading import evidence as evidence_
from chiploom.grading.evidence import Evidence

MAX_FILES = 200_000
_MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Held:
    """A piece of evidence whose signature holds, and the file it lies in."""

    file: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not accepted, and why.

    Attributes
    ----------
    file : str
        Its path below the directory, with unprintable characters escaped.
    code : str
        ``"evidence-altered"``, ``"evidence-untrusted"``, ``"evidence-duplicate"``, ``"file-is-a-link"`` and so on.
    evidence : Evidence or None
        What it says, where its shape at least is right.
    """

    file: str
    code: str
    evidence: Evidence | None = None

    @property
    def reason(self) -> str:
        """The message code that says why to a reader, who need not tell every kind of damage apart."""
        told_apart = {
            "evidence-altered": "story.altered",
            "evidence-untrusted": "story.not-this-issuer",
            "evidence-duplicate": "story.duplicate",
        }
        return told_apart.get(self.code, "story.not-evidence")


@dataclass(frozen=True, slots=True)
class Collection:
    """What a directory holds: accepted and refused, each in the order of the file names."""

    accepted: tuple[Held, ...]
    refused: tuple[Refused, ...]


def collect(directory: Path | str, trusted: Collection_[str] = ()) -> Collection:
    """Read every ``*.json`` below ``directory``.

    Parameters
    ----------
    directory : Path or str
        The directory.
    trusted : collection of str
        ``did:key`` names of the issuers whose evidence counts; when empty, any issuer's does.

    Raises
    ------
    InputFileError
        As :func:`chiploom.files.check_directory`.
    UsageError
        ``directory-too-large``.
    """
    root = Path(directory)
    files.check_directory(root, "give a directory of evidence")
    accepted: list[Held] = []
    refused: list[Refused] = []
    seen: set[str] = set()
    for path in _json_files(root):
        name = shown(str(path.relative_to(root)))
        result = _read(path, name, trusted)
        if isinstance(result, Held) and result.evidence.id in seen:
            refused.append(Refused(name, "evidence-duplicate", result.evidence))
        elif isinstance(result, Held):
            seen.add(result.evidence.id)
            accepted.append(result)
        else:
            refused.append(result)
    return Collection(tuple(accepted), tuple(refused))


def shown(text: str) -> str:
    """Return ``text`` with everything that could steer a terminal or hide text written as escapes."""
    return "".join(
        character if character.isprintable() or character == "\u00a0" else ascii(character)[1:-1] for character in text
    )


def _read(path: Path, name: str, trusted: Collection_[str]) -> Held | Refused:
    evidence = None
    try:
        if path.is_symlink():
            return Refused(name, "file-is-a-link")
        evidence = evidence_.read_file(path)
        evidence_.verify(evidence)
    except ChiploomError as error:
        return Refused(name, error.code, evidence)
    if trusted and evidence.issuer not in trusted:
        return Refused(name, "evidence-untrusted", evidence)
    return Held(name, evidence)


def _json_files(root: Path) -> Iterator[Path]:
    found: list[Path] = []
    for folder, folders, names in os.walk(root, followlinks=False):
        if len(Path(folder).relative_to(root).parts) >= _MAX_DEPTH:
            folders.clear()
        found += [Path(folder, name) for name in names if name.endswith(".json")]
        # A link to a directory is listed among the directories and never entered; one named like a file is refused.
        found += [Path(folder, name) for name in folders if name.endswith(".json") and Path(folder, name).is_symlink()]
        if len(found) > MAX_FILES:
            raise UsageError(
                "directory-too-large", f"{str(root)!r} holds more than {MAX_FILES} files; give a smaller directory"
            )
    return iter(sorted(found, key=lambda path: os.fsencode(path)))
