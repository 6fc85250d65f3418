"""Credentials: an Open Badges 3.0 achievement, as a W3C verifiable credential, over evidence for one skill.

Two spellings of the same content. The default is the VC-JWT of Open Badges 3.0 (EdDSA), which badge software reads;
the other is a JSON document with a Data Integrity proof. A credential names its evidence by identifier and by the
SHA-256 of its canonical JSON, so that files handed over with it can be checked against it.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from chiploom import canonical
from chiploom.credentials import data_integrity
from chiploom.errors import EvidenceError, UsageError
from chiploom.grading import evidence as evidence_
from chiploom.grading.evidence import Evidence
from chiploom.signing import SigningKey, verifies

Format = Literal["jwt", "data-integrity"]
MAX_BYTES = 5_000_000

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
_SCHEMA = {
    "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
    "type": "1EdTechJsonSchemaValidator2019",
}
_CLOCK_LEEWAY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential whose signature holds, as a reader needs it.

    Attributes
    ----------
    id, issuer, subject_id, skill, valid_from : str
        Who says what of whom since when; the issuer is a ``did:key``.
    holder_name : str
        The holder's name if they consented to its being inside, else empty.
    evidence : mapping of str to str
        Identifier of each piece of evidence to the SHA-256 of its canonical JSON, in hexadecimal.
    format : {"jwt", "data-integrity"}
        How it is secured.
    """

    id: str
    issuer: str
    subject_id: str
    skill: str
    valid_from: str
    holder_name: str
    evidence: Mapping[str, str]
    format: Format


def skill_covers(skill: str, shown: str) -> bool:
    """Say whether evidence for ``shown`` counts for ``skill``: the same, or below it.

    ``sequential.counter`` lies below ``sequential``.
    """
    return shown == skill or shown.startswith(skill + ".")


def issue(
    evidence: Sequence[Evidence],
    key: SigningKey,
    *,
    skill: str | None = None,
    trusted: Iterable[str] = (),
    holder_name: str = "",
    issuer_name: str = "",
    format: Format = "jwt",
    issued: datetime | None = None,
) -> str:
    """Issue a credential for one skill.

    Parameters
    ----------
    evidence : sequence of Evidence
        All of one person, all showing the skill, all proved (or measured with every bound met).
    key : SigningKey
        The issuer's key.
    skill : str, optional
        The skill; by default the only one common to all the evidence.
    trusted : iterable of str
        ``did:key`` names whose evidence counts beside the issuer's own.
    holder_name : str
        A name to write into the credential, by the holder's consent only.

    Returns
    -------
    str
        The text of the credential's file.

    Raises
    ------
    EvidenceError
        If a piece of evidence is altered, of an untrusted key, of another subject or not proved.
    UsageError
        ``skill-ambiguous`` or ``no-common-skill``.
    """
    pieces = list({piece.id: piece for piece in evidence}.values())
    if not pieces:
        raise UsageError("no-evidence", "a credential needs at least one piece of evidence")
    accepted_issuers = {key.did, *trusted}
    for piece in pieces:
        _check_piece(piece, pieces[0], accepted_issuers)
    skill = _common_skill(pieces, skill)
    at = (issued or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    document = _document(pieces, skill, key.did, at, holder_name, issuer_name)
    if format == "data-integrity":
        secured = data_integrity.add_proof(document, key, document["validFrom"])
        return json.dumps(secured, ensure_ascii=False, indent=2) + "\n"
    header = {"alg": "EdDSA", "kid": data_integrity.verification_method(key.did), "typ": "JWT"}
    payload = {
        **document,
        "iss": key.did,
        "jti": document["id"],
        "sub": document["credentialSubject"]["id"],
        "nbf": int(at.timestamp()),
    }
    signed = f"{_encode(canonical.canonicalise(header))}.{_encode(canonical.canonicalise(payload))}"
    return f"{signed}.{_encode(key.sign(signed.encode()))}\n"


def verify(
    text: str | bytes, *, key: str | None = None, evidence: Iterable[Evidence] = (), now: datetime | None = None
) -> Credential:
    """Check a credential and return what it says.

    Parameters
    ----------
    text : str or bytes
        The file's contents, in either spelling.
    key : str, optional
        The ``did:key`` that must have issued it.
    evidence : iterable of Evidence
        Files handed over with it: each must verify and be one that the credential names.

    Raises
    ------
    EvidenceError
        ``credential-not-readable``, ``credential-schema``, ``credential-altered``, ``credential-wrong-key``,
        ``credential-not-yet-valid``, ``credential-expired`` or ``credential-other-evidence``; for the evidence, its
        own codes.
    """
    try:
        data = text.decode("utf-8") if isinstance(text, bytes) else text
        document, signer, format_ = _open(data.strip())
    except ValueError as error:
        reason = " ".join(str(error).split())[:200]
        raise EvidenceError("credential-not-readable", f"this is not a credential: {reason}") from None
    credential = _read(document, format_)
    if credential.issuer != signer:
        raise EvidenceError("credential-wrong-key", f"it names {credential.issuer} as issuer, but {signer} signed it")
    if key is not None and signer != key:
        raise EvidenceError("credential-wrong-key", f"it was signed by {signer}, not by the key given, {key}")
    _check_time(document, now or datetime.now(UTC))
    for piece in evidence:
        evidence_.verify(piece)
        if credential.evidence.get(piece.id) != _digest(piece):
            raise EvidenceError("credential-other-evidence", f"the credential does not rest on evidence {piece.id}")
    return credential


def _check_piece(piece: Evidence, first: Evidence, accepted_issuers: set[str]) -> None:
    evidence_.verify(piece)
    if piece.issuer not in accepted_issuers:
        raise EvidenceError(
            "evidence-wrong-key",
            f"evidence {piece.id} was signed by {piece.issuer}, whom you do not trust; name that key to accept it",
        )
    if piece.subject != first.subject:
        raise EvidenceError(
            "evidence-other-subject", f"evidence {piece.id} is of {piece.subject.id}, {first.id} of {first.subject.id}"
        )
    if piece.subject.kind != "person":
        raise EvidenceError(
            "evidence-not-a-person", f"evidence {piece.id} is of a {piece.subject.kind}; skills are people's"
        )
    if not piece.is_met:
        raise EvidenceError(
            "evidence-not-proved", f"evidence {piece.id} says {piece.outcome}; only proof shows a skill"
        )


def _common_skill(pieces: Sequence[Evidence], skill: str | None) -> str:
    if skill is not None:
        for piece in pieces:
            if not any(skill_covers(skill, shown) for shown in piece.skills):
                listed = ", ".join(piece.skills) or "none"
                raise UsageError("no-common-skill", f"evidence {piece.id} shows {listed}, not {skill!a}")
        return skill
    common = [shown for shown in pieces[0].skills if all(shown in piece.skills for piece in pieces)]
    if len(common) == 1:
        return common[0]
    shown_skills = sorted({shown for piece in pieces for shown in piece.skills})
    if common:
        raise UsageError("skill-ambiguous", f"the evidence shows {', '.join(common)}; choose one with --skill")
    raise UsageError(
        "no-common-skill", f"no one skill is shown by all the evidence ({', '.join(shown_skills)}); choose by --skill"
    )


def _document(
    pieces: Sequence[Evidence], skill: str, issuer: str, at: datetime, holder_name: str, issuer_name: str
) -> dict[str, Any]:
    subject: dict[str, Any] = {
        "id": pieces[0].subject.id,
        "type": ["AchievementSubject"],
        "achievement": {
            "id": f"urn:chiploom:skill:{skill}",
            "type": ["Achievement"],
            "achievementType": "Competency",
            "name": skill,
            "description": f"Designs that show the skill {skill}, each checked by machine.",
            "criteria": {
                "narrative": "Every task listed as evidence was proved equal to its reference, or met every measured "
                "bound, by chiploom. The evidence says by which method and under which assumptions."
            },
            "tag": [skill],
        },
    }
    if holder_name:
        subject["identifier"] = [
            {"type": "IdentityObject", "hashed": False, "identityHash": holder_name, "identityType": "name"}
        ]
    profile: dict[str, Any] = {"id": issuer, "type": ["Profile"]}
    if issuer_name:
        profile["name"] = issuer_name
    return {
        "@context": CONTEXT,
        "id": uuid.uuid4().urn,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": skill,
        "issuer": profile,
        "validFrom": _iso(at),
        "credentialSubject": subject,
        "credentialSchema": [_SCHEMA],
        "evidence": [
            {"id": piece.id, "type": ["Evidence"], "name": piece.task_name, "narrative": _narrative(piece)}
            for piece in pieces
        ],
        "relatedResource": [
            {"id": piece.id, "digestSRI": "sha256-" + base64.b64encode(bytes.fromhex(_digest(piece))).decode()}
            for piece in pieces
        ],
    }


def _narrative(piece: Evidence) -> str:
    proctored = {None: "not stated", True: "yes", False: "no"}[piece.conditions.proctored]
    return (
        f"{piece.outcome} by {piece.document['verdict']['method']} on {piece.issued}; "
        f"proctored: {proctored}; AI use: {piece.conditions.ai_use or 'undeclared'}; signed by {piece.issuer}"
    )


def _digest(piece: Evidence) -> str:
    return canonical.hash_of(piece.document)


def _open(text: str) -> tuple[dict[str, Any], str, Format]:
    """Return the document, the ``did:key`` whose signature on it holds, and the spelling."""
    if text.startswith("{"):
        document = canonical.parse(text)
        return document, data_integrity.check_proof(document), "data-integrity"
    parts = text.split(".")
    if len(parts) != 3:
        raise ValueError("neither a JSON document nor a JWT")
    header, payload = canonical.parse(_decode(parts[0])), canonical.parse(_decode(parts[1]))
    if not isinstance(header, dict) or not isinstance(payload, dict):
        raise ValueError("the JWT's parts are not objects")
    kid = header.get("kid")
    signer = kid.partition("#")[0] if isinstance(kid, str) else ""
    # The algorithm is ours to fix, not the file's: only EdDSA with a did:key is ever checked.
    if header.get("alg") != "EdDSA" or not signer.startswith("did:key:") or "crit" in header:
        raise EvidenceError("credential-schema", "the JWT is not signed with EdDSA by a did:key")
    if not verifies(signer, _decode(parts[2]), f"{parts[0]}.{parts[1]}".encode()):
        raise EvidenceError("credential-altered", "the signature does not belong to the credential: it was altered")
    if not isinstance(payload.get("nbf"), int):
        raise EvidenceError("credential-schema", "the JWT has no claim nbf")
    mirrored = {
        "iss": _member(payload, "issuer", "id"),
        "jti": payload.get("id"),
        "sub": _member(payload, "credentialSubject", "id"),
    }
    for claim, value in mirrored.items():
        if payload.get(claim) != value:
            raise EvidenceError("credential-schema", f"the claim {claim} differs from the credential's own member")
    return payload, signer, "jwt"


def _read(document: Mapping[str, Any], format_: Format) -> Credential:
    types = document.get("type")
    if not isinstance(types, list) or "VerifiableCredential" not in types or "OpenBadgeCredential" not in types:
        raise EvidenceError("credential-schema", "the document is not an Open Badges 3.0 credential")
    related = document.get("relatedResource")
    digests: dict[str, str] = {}
    for entry in related if isinstance(related, list) else ():
        match = re.fullmatch(r"sha256-([A-Za-z0-9+/]{43}=)", str(_member({"entry": entry}, "entry", "digestSRI")))
        if match and isinstance(entry.get("id"), str):
            digests[entry["id"]] = base64.b64decode(match[1]).hex()
    subject = document.get("credentialSubject")
    identifiers = subject.get("identifier") if isinstance(subject, dict) else None
    names = [
        entry["identityHash"]
        for entry in (identifiers if isinstance(identifiers, list) else ())
        if isinstance(entry, dict)
        and entry.get("identityType") == "name"
        and isinstance(entry.get("identityHash"), str)
    ]
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    values = {
        "id": document.get("id"),
        "issuer": _member(document, "issuer", "id"),
        "credentialSubject.id": _member(document, "credentialSubject", "id"),
        "achievement.name": achievement.get("name") if isinstance(achievement, dict) else None,
        "validFrom": document.get("validFrom"),
    }
    for name, value in values.items():
        if not isinstance(value, str) or not value:
            raise EvidenceError("credential-schema", f"the credential's {name} is missing")
    identifier, issuer, subject_id, skill, valid_from = (str(value) for value in values.values())
    return Credential(identifier, issuer, subject_id, skill, valid_from, names[0] if names else "", digests, format_)


def _check_time(document: Mapping[str, Any], now: datetime) -> None:
    moments: dict[str, datetime] = {}
    for name in ("validFrom", "validUntil"):
        if name in document:
            try:
                moment = datetime.fromisoformat(str(document[name]))
            except ValueError:
                raise EvidenceError(
                    "credential-schema", f"{name} is {ascii(document[name])[:60]}, not a time"
                ) from None
            moments[name] = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    for claim, name in (("nbf", "validFrom"), ("exp", "validUntil")):
        seconds = document.get(claim)
        if seconds is not None and (name not in moments or seconds != int(moments[name].timestamp())):
            raise EvidenceError("credential-schema", f"the claim {claim} differs from {name}")
    if "validFrom" in moments and moments["validFrom"] > now + _CLOCK_LEEWAY:
        raise EvidenceError("credential-not-yet-valid", f"it is valid only from {document['validFrom']}")
    if "validUntil" in moments and moments["validUntil"] < now - _CLOCK_LEEWAY:
        raise EvidenceError("credential-expired", f"it was valid until {document['validUntil']}")


def _member(document: Mapping[str, Any], name: str, inner: str) -> Any:
    value = document.get(name)
    return value.get(inner) if isinstance(value, dict) else None


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise ValueError("a part of the JWT is not base64url") from None
    # The last character has spare bits: of several spellings only the canonical one is accepted.
    if _encode(data) != text:
        raise ValueError("a part of the JWT is not canonical base64url")
    return data


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
