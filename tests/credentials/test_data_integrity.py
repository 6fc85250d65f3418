"""Vectors: W3C Recommendation "Data Integrity EdDSA Cryptosuites v1.0", section B.2 (eddsa-jcs-2022)."""

import copy
import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chiploom import canonical, signing
from chiploom.credentials import data_integrity
from chiploom.errors import EvidenceError
from chiploom.signing import SigningKey

PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]
UNSIGNED: dict[str, Any] = {
    "@context": CONTEXT,
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
DOCUMENT_HASH = "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
OPTIONS_HASH = "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db"
PROOF_VALUE = "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
CREATED = "2023-02-24T23:36:38Z"
SIGNED: dict[str, Any] = {
    **UNSIGNED,
    "proof": {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": CREATED,
        "verificationMethod": f"did:key:{PUBLIC}#{PUBLIC}",
        "proofPurpose": "assertionMethod",
        "@context": CONTEXT,
        "proofValue": PROOF_VALUE,
    },
}


def test_the_published_credential_is_accepted() -> None:
    assert data_integrity.check_proof(SIGNED) == f"did:key:{PUBLIC}"


def test_our_signature_is_the_published_one() -> None:
    secret = signing.multibase_decode(SECRET)
    assert secret[:2] == b"\x80\x26"
    key = SigningKey(Ed25519PrivateKey.from_private_bytes(secret[2:]))
    assert key.did == f"did:key:{PUBLIC}"
    assert data_integrity.add_proof(UNSIGNED, key, CREATED) == SIGNED


def test_the_published_hashes() -> None:
    options = {name: value for name, value in SIGNED["proof"].items() if name != "proofValue"}
    assert hashlib.sha256(canonical.canonicalise(UNSIGNED)).hexdigest() == DOCUMENT_HASH
    assert hashlib.sha256(canonical.canonicalise(options)).hexdigest() == OPTIONS_HASH


def _set(*path: Any) -> Any:
    *parents, last, value = path

    def change(document: dict[str, Any]) -> None:
        target: Any = document
        for name in parents:
            target = target[name]
        target[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_set("credentialSubject", "alumniOf", "Another School"), "credential-altered"),
        (_set("validFrom", "2023-01-02T00:00:00Z"), "credential-altered"),
        (_set("extra", 1), "credential-altered"),
        (_set("proof", "created", "2024-02-24T23:36:38Z"), "credential-altered"),
        (_set("proof", "proofValue", PROOF_VALUE[:-1] + "Y"), "credential-altered"),
        (_set("proof", "proofValue", "f00"), "credential-altered"),
        (_set("proof", "proofValue", 5), "credential-altered"),
        (_set("@context", CONTEXT[:1]), "credential-altered"),
        (_set("proof", "cryptosuite", "eddsa-rdfc-2022"), "credential-schema"),
        (_set("proof", "proofPurpose", "authentication"), "credential-schema"),
        (_set("proof", "verificationMethod", "https://vc.example/key"), "credential-schema"),
        (_set("proof", "verificationMethod", None), "credential-schema"),
        (_set("proof", [SIGNED["proof"]]), "credential-schema"),
        (_set("proof", None), "credential-schema"),
    ],
)
def test_any_change_is_refused(change: Any, code: str) -> None:
    document = copy.deepcopy(SIGNED)
    change(document)
    with pytest.raises(EvidenceError) as caught:
        data_integrity.check_proof(document)
    assert caught.value.code == code


def test_another_key_does_not_pass_for_the_issuer() -> None:
    other = SigningKey.generate()
    document = copy.deepcopy(SIGNED)
    document["proof"]["verificationMethod"] = data_integrity.verification_method(other.did)
    with pytest.raises(EvidenceError) as caught:
        data_integrity.check_proof(document)
    assert caught.value.code == "credential-altered"
