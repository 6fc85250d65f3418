"""Evidence: the signed record of one verdict, which anyone holding the same files can check again.

Evidence names nobody. Its subject is a random identifier; who that is, is known only to whoever keeps the list, so
that erasing the list erases the person. A side that is not disclosed (an exam's task, a learner's design) appears
only as a *commitment*: a hash over 32 random bytes and the contents. The random bytes, the *opening*, are kept apart,
because the plain hash of a short design can be guessed by trying designs.

Of the verdict, a trace is kept only when both sides are disclosed. It shows what the reference answers and what the
submission answers, and so tells of either; for the same reason the wording of findings is dropped with it, because it
quotes names and lines.

The signature is Ed25519 over the RFC 8785 spelling of everything but the signature itself. The key inside says who
signed; whether that signer is to be trusted is for the reader to decide.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from chiploom import canonical, files
from chiploom.errors import EvidenceError, UsageError
from chiploom.grading import commitment, evidence_schema
from chiploom.grading.commitment import Opening
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Verdict
from chiploom.signing import SigningKey, verifies
from chiploom.tasks.model import Task

SCHEMA = evidence_schema.SCHEMA
MAX_BYTES = 20_000_000

SubjectKind = Literal["person", "venture", "model"]
AiUse = Literal["none", "assisted", "generated"]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose evidence it is: a random identifier, and whether a person, a venture or an AI model stands behind it."""

    id: str
    kind: SubjectKind = "person"

    def __post_init__(self) -> None:
        if not evidence_schema.is_subject_id(self.id):
            raise UsageError(
                "subject-not-random",
                f"subject {self.id!a} is not a random identifier; use one like {make_subject_id()!r}, never a name",
            )
        if self.kind not in evidence_schema.SUBJECT_KINDS:
            raise UsageError("subject-kind", f"subject kind {self.kind!a} is none of person, venture, model")


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under which conditions the submission was made; None where nobody said.

    Attributes
    ----------
    proctored : bool or None
        Whether somebody watched.
    ai_use : {"none", "assisted", "generated"} or None
        What the subject declared about AI tools; None: undeclared.
    """

    proctored: bool | None = None
    ai_use: AiUse | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file of evidence whose shape was checked; :func:`verify` says whether its signature holds."""

    document: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The identifier of this record (``urn:uuid:``)."""
        return str(self.document["id"])

    @property
    def issued(self) -> str:
        """When it was signed, by the issuer's clock (UTC, ISO 8601)."""
        return str(self.document["issued"])

    @property
    def issuer(self) -> str:
        """The ``did:key`` of the key that signed."""
        return str(self.document["issuer"])

    @property
    def subject(self) -> Subject:
        """Whose evidence it is."""
        return Subject(self.document["subject"]["id"], self.document["subject"]["kind"])

    @property
    def task(self) -> Mapping[str, Any]:
        """Pack, version, id, variant, kind, track, level, skills and hash of the task."""
        task: Mapping[str, Any] = self.document["task"]
        return task

    @property
    def task_name(self) -> str:
        """The task as a reader knows it: ``pack/id`` and ``#variant``."""
        variant = "" if self.task["variant"] is None else f"#{self.task['variant']}"
        return f"{self.task['pack'] or '-'}/{self.task['id']}{variant}"

    @property
    def skills(self) -> tuple[str, ...]:
        """The skills that the task shows."""
        return tuple(self.task["skills"])

    @property
    def outcome(self) -> str:
        """One of the six verdicts."""
        return str(self.document["verdict"]["verdict"])

    @property
    def conditions(self) -> Conditions:
        """What was said about how the submission came about."""
        return Conditions(**self.document["conditions"])

    @property
    def is_met(self) -> bool:
        """Whether the verdict shows the task done: proved, or measured with every bound met."""
        measurements = self.document["verdict"]["measurements"]
        met = bool(measurements) and all(measurement["met"] is True for measurement in measurements)
        return self.outcome == "proved" or (self.outcome == "measured" and met)

    @property
    def is_rerunnable(self) -> bool:
        """Whether anybody can grade again from this file and the task's public pack alone."""
        return bool(self.task["disclosed"] and self.document["submission"]["disclosed"])

    def sources(self) -> tuple[Source, ...] | None:
        """Return the submission's files if they are disclosed."""
        listed = self.document["submission"]["files"]
        return None if listed is None else tuple(Source(entry["name"], entry["text"]) for entry in listed)


def make_subject_id() -> str:
    """Return a new random identifier."""
    return uuid.uuid4().urn


def make_subject(kind: SubjectKind = "person") -> Subject:
    """Return a new subject with a random identifier."""
    return Subject(make_subject_id(), kind)


def sign(
    verdict: Verdict,
    task: Task,
    submission: Sequence[Source],
    *,
    subject: Subject,
    key: SigningKey,
    conditions: Conditions = Conditions(),
    disclose_task: bool = True,
    disclose_submission: bool = False,
    issued: datetime | None = None,
) -> tuple[Evidence, Opening]:
    """Sign the record of a verdict.

    Parameters
    ----------
    verdict, task, submission
        What was found, about what, on which files.
    subject : Subject
        Whose submission it is.
    key : SigningKey
        The issuer's key.
    disclose_task : bool
        False for an exam: the task appears as a salted commitment.
    disclose_submission : bool
        True puts the submission's text into the evidence, so that anybody can grade again; False commits to it.
    issued : datetime, optional
        Time of signing, now by default.

    Returns
    -------
    tuple of (Evidence, Opening)
        The evidence, and the salts of its commitments, to be kept private (empty where everything is disclosed).
    """
    opening = Opening(
        make_subject_id(),
        b"" if disclose_task else secrets.token_bytes(32),
        b"" if disclose_submission else secrets.token_bytes(32),
    )
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "id": opening.evidence_id,
        "issued": (issued or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "issuer": key.did,
        "subject": {"id": subject.id, "kind": subject.kind},
        "task": {
            "pack": task.pack_id,
            "pack_version": task.pack_version,
            "id": task.id,
            "variant": task.variant,
            "kind": task.kind,
            "track": task.track,
            "level": task.level,
            "skills": list(task.skills),
            "disclosed": disclose_task,
            "hash": commitment.commit(commitment.task_material(task), opening.task_salt),
        },
        "submission": {
            "disclosed": disclose_submission,
            "hash": commitment.commit(commitment.submission_material(submission), opening.submission_salt),
            "files": commitment.submission_material(submission) if disclose_submission else None,
        },
        "verdict": _verdict_json(verdict, everything=disclose_task and disclose_submission),
        "conditions": {"proctored": conditions.proctored, "ai_use": conditions.ai_use},
    }
    document["signature"] = key.sign(canonical.canonicalise(document)).hex()
    evidence_schema.check(document)
    return Evidence(document), opening


def read(data: bytes) -> Evidence:
    """Read evidence strictly; nothing is known about its signature yet.

    Raises
    ------
    EvidenceError
        ``evidence-not-json`` or ``evidence-schema``.
    """
    try:
        document = canonical.parse(data)
    except ValueError as error:
        raise EvidenceError("evidence-not-json", f"this is not a file of evidence: {_one_line(error)}") from None
    evidence_schema.check(document)
    return Evidence(document)


def read_file(path: Path | str) -> Evidence:
    """Read a file of evidence, as :func:`read`.

    Raises
    ------
    InputFileError
        If the file cannot be read (see :func:`chiploom.files.read_bytes`).
    """
    return read(files.read_bytes(path, max_bytes=MAX_BYTES))


def verify(evidence: Evidence, key: str | None = None) -> None:
    """Check the signature.

    Parameters
    ----------
    evidence : Evidence
        As read.
    key : str, optional
        The ``did:key`` that must have signed. Without it the key named inside is used, which shows only that the
        file is whole and that the holder of that key signed it.

    Raises
    ------
    EvidenceError
        ``evidence-wrong-key`` if it names another issuer than ``key``; ``evidence-altered`` if the signature does
        not belong to the contents; ``evidence-other-submission`` if the files inside are not those of the hash.
    """
    if key is not None and evidence.issuer != key:
        raise EvidenceError(
            "evidence-wrong-key", f"this evidence was signed by {evidence.issuer}, not by the key given, {key}"
        )
    unsigned = {name: value for name, value in evidence.document.items() if name != "signature"}
    if not verifies(evidence.issuer, bytes.fromhex(evidence.document["signature"]), canonical.canonicalise(unsigned)):
        raise EvidenceError(
            "evidence-altered", "the signature does not belong to the contents: the file was altered after signing"
        )
    disclosed = evidence.sources()
    if disclosed is not None:
        check_submission(evidence, disclosed)


def to_text(evidence: Evidence) -> str:
    """Return the evidence as the text of a file."""
    return json.dumps(evidence.document, ensure_ascii=False, indent=2) + "\n"


def write(path: Path | str, evidence: Evidence, opening: Opening) -> Path | None:
    """Write evidence, and beside it, readable by the owner only, the opening of its commitments if it has any.

    Returns
    -------
    Path or None
        Where the opening went.
    """
    beside = commitment.opening_path(path) if opening.task_salt or opening.submission_salt else None
    contents: list[tuple[Path, bytes | str, int]] = [(Path(path), to_text(evidence), 0o644)]
    if beside is not None:
        contents.insert(0, (beside, commitment.opening_text(opening), 0o600))
    files.write_together(contents)
    return beside


def check_submission(evidence: Evidence, submission: Sequence[Source], opening: Opening | None = None) -> None:
    """Check that ``submission`` is what the evidence is about.

    Raises
    ------
    EvidenceError
        ``evidence-opening-missing`` if it is a commitment and there is no opening for it;
        ``evidence-other-submission`` if the files differ.
    """
    commitment.check(
        evidence.document["submission"]["hash"],
        "submission",
        commitment.submission_material(submission),
        None if opening is None else opening.submission_salt,
    )


def check_task(evidence: Evidence, task: Task, opening: Opening | None = None) -> None:
    """Check that ``task`` is what the evidence is about; errors as :func:`check_submission` (``other-task``)."""
    commitment.check(
        evidence.document["task"]["hash"],
        "task",
        commitment.task_material(task),
        None if opening is None else opening.task_salt,
    )


def differences(evidence: Evidence, verdict: Verdict) -> tuple[str, ...]:
    """Return what a second grading found otherwise, leaving out what may differ: method, time, trace, tools."""
    recorded, again = evidence.document["verdict"], verdict.as_json()
    found = []
    if recorded["verdict"] != again["verdict"]:
        found.append(f"verdict {recorded['verdict']} then, {again['verdict']} now")
    if canonical.canonicalise(recorded["measurements"]) != canonical.canonicalise(again["measurements"]):
        found.append("measurements differ")
    then, now = (
        sorted({entry["code"] for entry in each["diagnostics"] if entry["severity"] == "error"})
        for each in (recorded, again)
    )
    if then != now:
        found.append(f"errors {', '.join(then) or 'none'} then, {', '.join(now) or 'none'} now")
    return tuple(found)


def _verdict_json(verdict: Verdict, *, everything: bool) -> dict[str, Any]:
    full = verdict.as_json("en")
    kept = {
        name: full[name]
        for name in (
            "verdict",
            "method",
            "bound",
            "assumptions",
            "measurements",
            "limits",
            "reason",
            "tools",
            "seconds",
        )
    }
    trace = full["trace"]
    kept["trace"] = None if trace is None else {name: value for name, value in trace.items() if name != "explanation"}
    for findings in ("warnings", "diagnostics"):
        kept[findings] = [{**finding, "file": commitment.base_name(finding["file"])} for finding in full[findings]]
    kept["withheld"] = []
    if not everything:
        if trace is not None:
            kept["withheld"].append("trace")
        if kept["warnings"] or kept["diagnostics"] or kept["reason"]:
            kept["withheld"].append("wording")
        kept["trace"], kept["reason"] = None, ""
        for findings in ("warnings", "diagnostics"):
            kept[findings] = [
                {**finding, "message": "", "file": "", "line": 0, "column": 0} for finding in kept[findings]
            ]
    return kept


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
