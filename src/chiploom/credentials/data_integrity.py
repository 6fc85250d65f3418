"""Data Integrity proofs of the cryptosuite ``eddsa-jcs-2022`` (W3C Recommendation vc-di-eddsa, section 3.3).

The proof lies inside the JSON document it secures. Signed is the SHA-256 of the canonical proof options followed by
the SHA-256 of the canonical document without its proof.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from chiploom import canonical
from chiploom.errors import EvidenceError
from chiploom.signing import SigningKey, multibase, multibase_decode, verifies

SUITE = "eddsa-jcs-2022"


def add_proof(document: Mapping[str, Any], key: SigningKey, created: str) -> dict[str, Any]:
    """Return ``document`` with a proof made by ``key`` at the time ``created`` (ISO 8601, UTC)."""
    options: dict[str, Any] = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": verification_method(key.did),
        "proofPurpose": "assertionMethod",
    }
    if "@context" in document:
        options["@context"] = document["@context"]
    signature = key.sign(_hash_data(document, options))
    return {**document, "proof": {**options, "proofValue": multibase(signature)}}


def check_proof(secured: Mapping[str, Any]) -> str:
    """Check the proof of a document and return the ``did:key`` of the key that made it.

    Raises
    ------
    EvidenceError
        ``credential-schema`` if there is no single proof of this suite by a ``did:key``; ``credential-altered`` if
        the proof does not belong to the document.
    """
    proof = secured.get("proof")
    if not isinstance(proof, dict):
        raise EvidenceError("credential-schema", "the credential holds no proof (exactly one is expected)")
    document = {name: value for name, value in secured.items() if name != "proof"}
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    wanted = {"type": "DataIntegrityProof", "cryptosuite": SUITE, "proofPurpose": "assertionMethod"}
    for name, value in wanted.items():
        if proof.get(name) != value:
            raise EvidenceError("credential-schema", f"proof.{name} is {ascii(proof.get(name))[:60]}, not {value}")
    # Section 3.3.2: the proof's context, if it has one, must begin the document's own.
    if "@context" in proof and _as_list(document.get("@context"))[: len(_as_list(proof["@context"]))] != _as_list(
        proof["@context"]
    ):
        raise EvidenceError("credential-altered", "the proof was made for another context than the document's")
    method = proof.get("verificationMethod")
    did = method.partition("#")[0] if isinstance(method, str) else ""
    if not did.startswith("did:key:") or method != verification_method(did):
        raise EvidenceError("credential-schema", f"proof.verificationMethod is {ascii(method)[:80]}, not a did:key")
    try:
        signature = multibase_decode(str(proof.get("proofValue")))
    except ValueError:
        signature = b""
    if not verifies(did, signature, _hash_data(document, options)):
        raise EvidenceError("credential-altered", "the proof does not belong to the credential: it was altered")
    return str(did)


def verification_method(did: str) -> str:
    """Return the name of the one key of a ``did:key``."""
    return f"{did}#{did.removeprefix('did:key:')}"


def _hash_data(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    return (
        hashlib.sha256(canonical.canonicalise(options)).digest()
        + hashlib.sha256(canonical.canonicalise(document)).digest()
    )


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
