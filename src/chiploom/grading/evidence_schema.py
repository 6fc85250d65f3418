"""What a file of evidence may hold, checked member by member before anything in it is believed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from chiploom.errors import EvidenceError

SCHEMA = "chiploom/evidence/1"
SUBJECT_KINDS = ("person", "venture", "model")
AI_USES = ("none", "assisted", "generated")
OUTCOMES = ("proved", "bounded", "refuted", "rejected", "measured", "undecided")
PLAIN, SALTED = "sha-256", "salted-sha-256"

_Rule = Callable[[Any, str], None]

_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_DID_KEY = re.compile(r"did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")
_SKILL = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
_VERSION = re.compile(r"[0-9A-Za-z.+_-]{0,64}")
_WORD = re.compile(r"[a-z][a-z0-9-]{0,63}")
_BITS = re.compile(r"[01xz]*")


def check(document: Any) -> None:
    """Check the shape of a parsed file of evidence.

    Raises
    ------
    EvidenceError
        ``evidence-schema``, naming the member and what it should be.
    """
    if isinstance(document, dict) and document.get("schema") != SCHEMA:
        raise _wrong("schema", f"is {_shown(document.get('schema'))}; this version of chiploom reads {SCHEMA!r}")
    _EVIDENCE(document, "")
    for side in ("task", "submission"):
        algorithm, disclosed = document[side]["hash"]["algorithm"], document[side]["disclosed"]
        if (algorithm == PLAIN) is not disclosed:
            raise _wrong(f"{side}.hash.algorithm", f"is {algorithm!r} though disclosed is {_shown(disclosed)}")
    if (document["submission"]["files"] is not None) is not document["submission"]["disclosed"]:
        raise _wrong("submission.files", "must be there exactly when the submission is disclosed")
    verdict = document["verdict"]
    if verdict["trace"] is not None and "trace" in verdict["withheld"]:
        raise _wrong("verdict.trace", "is there though it is said to be withheld")


def is_subject_id(text: str) -> bool:
    """Say whether ``text`` is a random identifier as evidence uses it (``urn:uuid:`` of version 4)."""
    return _UUID.fullmatch(text) is not None


def _wrong(member: str, text: str) -> EvidenceError:
    return EvidenceError("evidence-schema", f"this is not evidence as chiploom writes it: {member} {text}")


def _shown(value: Any) -> str:
    text = ascii(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _object(**members: _Rule) -> _Rule:
    def rule(value: Any, member: str) -> None:
        if not isinstance(value, dict):
            raise _wrong(member or "the file", f"is {_shown(value)}; an object is expected")
        prefix = f"{member}." if member else ""
        for name in members:
            if name not in value:
                raise _wrong(prefix + name, "is missing")
        for name in value:
            if name not in members:
                raise _wrong(prefix + ascii(name)[1:-1][:60], "is not a known member")
        for name, inner in members.items():
            inner(value[name], prefix + name)

    return rule


def _array(inner: _Rule, most: int) -> _Rule:
    def rule(value: Any, member: str) -> None:
        if not isinstance(value, list) or len(value) > most:
            raise _wrong(member, f"is {_shown(value)}; an array of at most {most} is expected")
        for index, item in enumerate(value):
            inner(item, f"{member}[{index}]")

    return rule


def _map(inner: _Rule, most: int) -> _Rule:
    def rule(value: Any, member: str) -> None:
        if not isinstance(value, dict) or len(value) > most:
            raise _wrong(member, f"is {_shown(value)}; an object of at most {most} members is expected")
        for name, item in value.items():
            _text(200)(name, f"a name in {member}")
            inner(item, f"{member}.{ascii(name)[1:-1]}")

    return rule


def _text(most: int) -> _Rule:
    def rule(value: Any, member: str) -> None:
        if not isinstance(value, str) or len(value) > most:
            raise _wrong(member, f"is {_shown(value)}; a text of at most {most} characters is expected")

    return rule


def _matching(pattern: re.Pattern[str], wanted: str) -> _Rule:
    def rule(value: Any, member: str) -> None:
        if not isinstance(value, str) or len(value) > 100_000 or not pattern.fullmatch(value):
            raise _wrong(member, f"is {_shown(value)}; {wanted} is expected")

    return rule


def _one_of(*choices: str | None) -> _Rule:
    def rule(value: Any, member: str) -> None:
        if not (value is None or isinstance(value, str)) or value not in choices:
            listed = ", ".join("null" if choice is None else choice for choice in choices)
            raise _wrong(member, f"is {_shown(value)}; one of {listed} is expected")

    return rule


def _or_null(inner: _Rule) -> _Rule:
    def rule(value: Any, member: str) -> None:
        if value is not None:
            inner(value, member)

    return rule


def _whole(least: int, most: int) -> _Rule:
    def rule(value: Any, member: str) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise _wrong(member, f"is {_shown(value)}; a whole number from {least} to {most} is expected")

    return rule


def _number(value: Any, member: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(member, f"is {_shown(value)}; a number is expected")


def _truth(value: Any, member: str) -> None:
    if not isinstance(value, bool):
        raise _wrong(member, f"is {_shown(value)}; true or false is expected")


def _time(value: Any, member: str) -> None:
    _matching(_TIME, "a time such as 2026-01-31T08:00:00Z")(value, member)
    try:
        datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise _wrong(member, f"is {_shown(value)}; there is no such time") from None


_identifier = _matching(_IDENTIFIER, "letters, digits, '-', '_' and '.'")
_uuid = _matching(_UUID, "a random urn:uuid")
_hash = _object(algorithm=_one_of(PLAIN, SALTED), value=_matching(re.compile(r"[0-9a-f]{64}"), "64 hexadecimal digits"))
_values = _map(_matching(_BITS, "bits"), 10_000)
_diagnostics = _array(
    _object(
        code=_text(200),
        severity=_one_of("error", "warning", "note"),
        message=_text(10_000),
        file=_text(1_000),
        line=_whole(0, 10**9),
        column=_whole(0, 10**9),
    ),
    10_000,
)
_trace = _object(
    model=_one_of("combinational", "cycle", "tick", "global-step"),
    clock=_or_null(_text(1_000)),
    cycles=_array(_object(inputs=_values, expected=_values, got=_values, registers=_values), 100_000),
    failing=_array(_text(1_000), 10_000),
    explanations=_map(_text(10_000), 10),
)
_EVIDENCE = _object(
    schema=_one_of(SCHEMA),
    id=_uuid,
    issued=_time,
    issuer=_matching(_DID_KEY, "the did:key of an Ed25519 key"),
    subject=_object(id=_uuid, kind=_one_of(*SUBJECT_KINDS)),
    task=_object(
        pack=_matching(re.compile(_IDENTIFIER.pattern + "|"), "an identifier or nothing"),
        pack_version=_matching(_VERSION, "a version"),
        id=_identifier,
        variant=_or_null(_whole(0, 10**9)),
        kind=_matching(_WORD, "a word"),
        track=_matching(_WORD, "a word"),
        level=_whole(0, 100),
        skills=_array(_matching(_SKILL, "a skill such as sequential.counter"), 100),
        disclosed=_truth,
        hash=_hash,
    ),
    submission=_object(
        disclosed=_truth, hash=_hash, files=_or_null(_array(_object(name=_text(255), text=_text(10_000_000)), 1_000))
    ),
    verdict=_object(
        verdict=_one_of(*OUTCOMES),
        method=_matching(_WORD, "a word"),
        bound=_or_null(_whole(0, 10**9)),
        assumptions=_array(_text(1_000), 1_000),
        measurements=_array(
            _object(name=_text(200), value=_number, unit=_text(50), met=_or_null(_truth)),
            10_000,
        ),
        warnings=_diagnostics,
        diagnostics=_diagnostics,
        trace=_or_null(_trace),
        limits=_map(
            _or_null(lambda value, member: (_text(100) if isinstance(value, str) else _number)(value, member)), 50
        ),
        reason=_text(10_000),
        tools=_map(_text(200), 50),
        seconds=_number,
        withheld=_array(_one_of("trace", "wording"), 2),
    ),
    conditions=_object(proctored=_or_null(_truth), ai_use=_one_of(None, *AI_USES)),
    signature=_matching(re.compile(r"[0-9a-f]{128}"), "a signature of 128 hexadecimal digits"),
)
