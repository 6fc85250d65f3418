"""Commitments: hashes that fix a task or a submission without showing it, and the openings that prove them later.

A disclosed side is fixed by its plain SHA-256. An undisclosed one is hashed together with 32 random bytes, the salt:
the plain hash of a short design could be found by hashing guesses. Whoever holds the salt can show later that given
files are the ones; nobody else learns anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chiploom import canonical, files
from chiploom.errors import EvidenceError
from chiploom.grading.evidence_schema import PLAIN, SALTED
from chiploom.hdl.sources import Source
from chiploom.tasks.model import Task

SCHEMA = "chiploom/evidence-opening/1"


@dataclass(frozen=True, slots=True)
class Opening:
    """The private half of commitments: the salts of the undisclosed sides of the evidence ``evidence_id``."""

    evidence_id: str
    task_salt: bytes = b""
    submission_salt: bytes = b""


def commit(material: Any, salt: bytes) -> dict[str, str]:
    """Return the hash of ``material``: salted, or plain where ``salt`` is empty."""
    return {"algorithm": SALTED if salt else PLAIN, "value": canonical.hash_of(material, salt)}


def check(commitment: Any, side: str, material: Any, salt: bytes | None) -> None:
    """Check that ``material`` is what was committed to.

    Raises
    ------
    EvidenceError
        ``evidence-opening-missing`` if the commitment is salted and ``salt`` is missing; ``evidence-other-<side>`` if
        the material differs.
    """
    if commitment["algorithm"] == PLAIN:
        salt = b""
    elif not salt:
        raise EvidenceError(
            "evidence-opening-missing",
            f"the {side} is undisclosed: its opening (the file ending in .opening) is needed to compare files with it",
        )
    if canonical.hash_of(material, salt) != commitment["value"]:
        raise EvidenceError(f"evidence-other-{side}", f"this evidence is about another {side} than the one given")


def submission_material(submission: Sequence[Source]) -> list[dict[str, str]]:
    """Return what stands for a submission: its files."""
    # Base names only (a path may hold a person's name), and sorted: the order of the files carries no meaning.
    return [
        {"name": name, "text": text}
        for name, text in sorted((base_name(source.name), source.text) for source in submission)
    ]


def task_material(task: Task) -> dict[str, Any]:
    """Return what stands for a task: what decides the verdict, so that a better hint leaves old evidence valid."""
    return {
        "kind": task.kind,
        "top": task.top,
        "reference_top": task.reference_top,
        "clock": task.clock,
        "power_up": task.power_up,
        "parameters": dict(task.parameters),
        "constant_outputs": sorted(task.constant_outputs),
        "ports": [[port.name, port.direction, port.width, port.signed] for port in task.ports],
        "policy": {"delays": task.policy.delays, "memory_files": sorted(task.policy.memory_files)},
        "limits": task.limits.as_json(),
        "reference": _files(task.reference),
        "environment": _files(task.environment),
        "properties": _files(task.properties),
    }


def base_name(name: str) -> str:
    """Return the last part of a path of either kind."""
    return re.split(r"[/\\]", name)[-1]


def opening_path(path: Path | str) -> Path:
    """Return where the opening of the evidence at ``path`` lies."""
    return Path(f"{path}.opening")


def opening_text(opening: Opening) -> str:
    """Return the text of an opening's file."""
    content = {
        "schema": SCHEMA,
        "evidence": opening.evidence_id,
        "task_salt": opening.task_salt.hex() or None,
        "submission_salt": opening.submission_salt.hex() or None,
    }
    return json.dumps(content, indent=2) + "\n"


def read_opening(path: Path | str) -> Opening:
    """Read an opening.

    Raises
    ------
    InputFileError
        If the file cannot be read.
    EvidenceError
        ``evidence-opening`` if it is not an opening.
    """
    try:
        content = canonical.parse(files.read_bytes(path, max_bytes=10_000))
        if content["schema"] != SCHEMA:
            raise ValueError("another schema")
        salts = [content[name] or "" for name in ("task_salt", "submission_salt")]
        if not all(re.fullmatch(r"([0-9a-f]{64})?", salt) for salt in salts):
            raise ValueError("a salt is not 64 hexadecimal digits")
        return Opening(str(content["evidence"]), *map(bytes.fromhex, salts))
    except (ValueError, KeyError, TypeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise EvidenceError("evidence-opening", f"{str(path)!r} is not an opening: {reason}") from None


def _files(sources: Sequence[Source]) -> list[list[str]]:
    return [[base_name(source.name), source.text] for source in sources]
