"""The independent verifier is openbadgeslib, which shares no code with us and serves in tests only."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier

from chiploom import canonical, signing
from chiploom.credentials import badge, data_integrity
from chiploom.errors import EvidenceError, UsageError
from chiploom.grading.evidence import Conditions, Evidence, make_subject
from evidence_samples import Issuer, with_odd_values


def pieces(issuer: Issuer, **options: Any) -> list[Evidence]:
    subject = make_subject()
    return [issuer.sign("proved", subject, id=name, **options)[0] for name in ("modulo-counter", "gray-counter")]


def independent(issuer: Issuer) -> OB3Verifier:
    return OB3Verifier(signing.public_pem(issuer.key.private.public_key()))


def payload_of(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    payload: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return payload


def resign(issuer: Issuer, token: str, header: dict[str, Any] | None = None, **changes: Any) -> str:
    """The token with other contents, properly signed: what a dishonest issuer could write."""
    payload = payload_of(token)
    for name, value in changes.items():
        if value is None:
            payload.pop(name, None)
        else:
            payload[name] = value
    return seal(issuer, payload, header)


def seal(issuer: Issuer, payload: dict[str, Any], header: dict[str, Any] | None = None) -> str:
    full = {"alg": "EdDSA", "kid": data_integrity.verification_method(issuer.key.did), "typ": "JWT", **(header or {})}
    signed = ".".join(
        base64.urlsafe_b64encode(canonical.canonicalise(part)).rstrip(b"=").decode() for part in (full, payload)
    )
    return signed + "." + base64.urlsafe_b64encode(issuer.key.sign(signed.encode())).rstrip(b"=").decode()


def code_of(text: str, **options: Any) -> str:
    with pytest.raises(EvidenceError) as caught:
        badge.verify(text, **options)
    return str(caught.value.code)


def test_the_independent_library_accepts_and_reads_the_same(issuer: Issuer) -> None:
    evidence = pieces(issuer, conditions=Conditions(True, "none"))
    token = badge.issue(evidence, issuer.key, holder_name="Nguyễn Văn A", issuer_name="A university")
    ours = badge.verify(token, key=issuer.key.did, evidence=evidence)
    theirs = independent(issuer).verify(token.strip(), expected_recipient=evidence[0].subject.id)
    assert theirs.recipient_id == ours.subject_id == evidence[0].subject.id
    assert theirs.issuer.id == ours.issuer == issuer.key.did
    assert theirs.issuer.name == "A university"
    assert theirs.achievement.name == ours.skill == "sequential.counter"
    assert theirs.id == ours.id
    assert [item.id for item in theirs.evidence] == list(ours.evidence) == [piece.id for piece in evidence]
    assert theirs.identifiers[0].identity_hash == ours.holder_name == "Nguyễn Văn A"


def test_the_independent_library_resolves_our_did_key(issuer: Issuer) -> None:
    token = badge.issue(pieces(issuer), issuer.key).strip()
    assert OB3Verifier.for_issuer_did(issuer.key.did).verify(token).issuer.id == issuer.key.did


def test_one_changed_byte_is_rejected_by_both(issuer: Issuer) -> None:
    token = badge.issue(pieces(issuer), issuer.key).strip()
    theirs = independent(issuer)
    for place in range(0, len(token) - 1, 3):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(OB3VerificationError):
            theirs.verify(changed)
        with pytest.raises(EvidenceError):
            badge.verify(changed)


def test_the_last_character_of_the_signature_has_one_spelling(issuer: Issuer) -> None:
    token = badge.issue(pieces(issuer), issuer.key).strip()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    accepted = []
    for character in alphabet:
        try:
            badge.verify(token[:-1] + character)
            accepted.append(character)
        except EvidenceError:
            pass
    assert accepted == [token[-1]]


def test_another_key_is_rejected_by_both(issuer: Issuer, new_issuer: Callable[[], Issuer]) -> None:
    stranger = new_issuer()
    token = badge.issue(pieces(issuer), issuer.key).strip()
    with pytest.raises(OB3VerificationError):
        independent(stranger).verify(token)
    assert code_of(token, key=stranger.key.did) == "credential-wrong-key"
    # Signed by the stranger, who names the issuer as issuer.
    assert code_of(resign(stranger, token)) == "credential-wrong-key"


@pytest.mark.parametrize("format_", ["jwt", "data-integrity"])
def test_both_spellings_round_trip_and_every_changed_byte_counts(issuer: Issuer, format_: badge.Format) -> None:
    evidence = pieces(issuer)
    text = badge.issue(evidence, issuer.key, format=format_)
    credential = badge.verify(text, key=issuer.key.did, evidence=evidence)
    assert credential.format == format_
    assert credential.evidence == {piece.id: canonical.hash_of(piece.document) for piece in evidence}
    assert credential.holder_name == ""
    data = text.strip().encode()
    accepted = 0
    for place in range(0, len(data), 7):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        try:
            badge.verify(changed)
        except EvidenceError:
            continue
        accepted += 1
        # Only a document's blanks may change; a token has none.
        assert format_ == "data-integrity"
        assert json.loads(changed) == json.loads(data)
    assert accepted < len(data) / 14


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": "did:key:other"}, "credential-schema"),
        ({"sub": None}, "credential-schema"),
        ({"jti": "urn:uuid:other"}, "credential-schema"),
        ({"nbf": 5}, "credential-schema"),
        ({"nbf": None}, "credential-schema"),
        ({"exp": 5}, "credential-schema"),
        ({"type": ["VerifiableCredential"]}, "credential-schema"),
        ({"type": 5}, "credential-schema"),
        ({"validFrom": "soon"}, "credential-schema"),
        ({"header": {"alg": "none"}}, "credential-schema"),
        ({"header": {"alg": "HS256"}}, "credential-schema"),
        ({"header": {"kid": 7}}, "credential-schema"),
        ({"header": {"crit": ["x"]}}, "credential-schema"),
        ({"validUntil": "2020-01-01T00:00:00Z"}, "credential-expired"),
        ({"credentialSubject": [], "sub": None}, "credential-schema"),
    ],
    ids=str,
)
def test_a_properly_signed_but_wrong_token_is_refused(issuer: Issuer, changes: dict[str, Any], code: str) -> None:
    token = badge.issue(pieces(issuer), issuer.key).strip()
    assert code_of(resign(issuer, token, changes.pop("header", None), **changes)) == code


def test_odd_values_anywhere_are_refused_by_code_even_when_signed(issuer: Issuer) -> None:
    token = badge.issue(pieces(issuer), issuer.key, holder_name="A").strip()
    for odd in with_odd_values(payload_of(token)):
        try:
            credential = badge.verify(seal(issuer, odd))
        except EvidenceError as error:
            assert error.code.startswith("credential-")
            assert "\n" not in error.message
        else:
            assert isinstance(credential.skill, str)
    document = json.loads(badge.issue(pieces(issuer), issuer.key, format="data-integrity"))
    for odd in with_odd_values(document):
        with pytest.raises(EvidenceError):
            badge.verify(json.dumps(odd))


def test_the_time_counts(issuer: Issuer) -> None:
    later = datetime.now(UTC) + timedelta(days=1)
    token = badge.issue(pieces(issuer), issuer.key, issued=later)
    assert code_of(token) == "credential-not-yet-valid"
    badge.verify(token, now=later)
    with pytest.raises(OB3VerificationError):
        independent(issuer).verify(token.strip())


@pytest.mark.parametrize("text", ["", "x", "a.b", "a.b.c", "....", "{", "{}", "{'a'}", "\ud800", "e30.e30.e30"])
def test_noise_is_said(text: str) -> None:
    assert code_of(text) in ("credential-not-readable", "credential-schema")


def test_bytes_that_are_no_text_are_said() -> None:
    with pytest.raises(EvidenceError) as caught:
        badge.verify(b"\xff\xfe\x00")
    assert caught.value.code == "credential-not-readable"


def test_only_good_evidence_of_one_trusted_person_is_wrapped(issuer: Issuer, new_issuer: Callable[[], Issuer]) -> None:
    subject, stranger = make_subject(), new_issuer()
    good, _ = issuer.sign("proved", subject)
    altered = Evidence({**good.document, "issued": "2026-05-02T08:00:00Z"})
    foreign, _ = stranger.sign("proved", subject)
    for evidence, code in (
        ([good, issuer.sign("refuted", subject)[0]], "evidence-not-proved"),
        ([good, issuer.sign("bounded", subject)[0]], "evidence-not-proved"),
        ([good, issuer.sign("proved")[0]], "evidence-other-subject"),
        ([altered], "evidence-altered"),
        ([good, foreign], "evidence-wrong-key"),
        ([issuer.sign("proved", make_subject("model"))[0]], "evidence-not-a-person"),
    ):
        with pytest.raises(EvidenceError) as caught:
            badge.issue(evidence, issuer.key)
        assert caught.value.code == code
    trusted = badge.verify(badge.issue([good, foreign], issuer.key, trusted=[stranger.key.did]))
    assert list(trusted.evidence) == [good.id, foreign.id]
    with pytest.raises(UsageError):
        badge.issue([], issuer.key)


def test_the_skill_is_common_or_chosen(issuer: Issuer) -> None:
    subject = make_subject()
    two, _ = issuer.sign("proved", subject, skills=("sequential.counter", "sequential.reset"))
    fsm, _ = issuer.sign("proved", subject, skills=("sequential.fsm",))
    with pytest.raises(UsageError) as caught:
        badge.issue([two], issuer.key)
    assert caught.value.code == "skill-ambiguous"
    with pytest.raises(UsageError) as none:
        badge.issue([two, fsm], issuer.key)
    assert none.value.code == "no-common-skill"
    with pytest.raises(UsageError):
        badge.issue([two, fsm], issuer.key, skill="sequential.counter")
    assert badge.verify(badge.issue([two, fsm], issuer.key, skill="sequential")).skill == "sequential"
    assert badge.verify(badge.issue([two], issuer.key, skill="sequential.reset")).skill == "sequential.reset"


def test_skill_covers_only_what_lies_below() -> None:
    assert badge.skill_covers("sequential", "sequential.counter")
    assert badge.skill_covers("sequential.counter", "sequential.counter")
    assert not badge.skill_covers("sequential.counter", "sequential")
    assert not badge.skill_covers("seq", "sequential.counter")


def test_other_evidence_handed_over_is_refused(issuer: Issuer) -> None:
    evidence = pieces(issuer)
    token = badge.issue(evidence[:1], issuer.key)
    assert code_of(token, evidence=evidence) == "credential-other-evidence"


def test_the_same_evidence_twice_counts_once(issuer: Issuer) -> None:
    piece = pieces(issuer)[0]
    assert len(badge.verify(badge.issue([piece, piece], issuer.key)).evidence) == 1
