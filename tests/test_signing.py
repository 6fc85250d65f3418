"""Vectors: RFC 8032 section 7.1 (Ed25519), the did:key specification, draft-msporny-base58-03 section 5."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hypothesis import given
from hypothesis import strategies as st

from chiploom import signing

BASE58 = [
    (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
    (
        b"The quick brown fox jumps over the lazy dog.",
        "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
    ),
    (bytes.fromhex("0000287fb4cd"), "11233QC4"),
]
DID_KEYS = [
    "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp",
    "did:key:z6MkjchhfUsD6mmvni8mCdXHw216Xrm9bQe2mBH1P5RDjVJG",
    "did:key:z6MknGc3ocHs3zdPiJbnaaqDi58NGb4pk1Sp9WxWufuXSdxf",
]


@pytest.mark.parametrize(("data", "text"), BASE58)
def test_base58_published_vectors(data: bytes, text: str) -> None:
    assert signing.base58_encode(data) == text
    assert signing.base58_decode(text) == data


@given(st.binary(max_size=70))
def test_base58_round_trip(data: bytes) -> None:
    assert signing.base58_decode(signing.base58_encode(data)) == data


@pytest.mark.parametrize("did", DID_KEYS)
def test_published_did_keys_read_and_are_spelt_again(did: str) -> None:
    assert signing.did_of(signing.key_of(did)) == did


def test_rfc8032_test_1() -> None:
    secret = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    key = signing.SigningKey(Ed25519PrivateKey.from_private_bytes(secret))
    assert key.private.public_key().public_bytes_raw().hex() == public
    assert key.sign(b"") == signature
    assert signing.verifies(key.did, signature, b"")
    assert not signing.verifies(key.did, signature, b"x")
    assert not signing.verifies(signing.SigningKey.generate().did, signature, b"")


@pytest.mark.parametrize(
    "did",
    [
        "",
        "did:web:example.org",
        "did:key:",
        "did:key:z",
        "did:key:z0OIl",
        "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",  # secp256k1
        "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp1",
        "did:key:z" + "6" * 100_000,
    ],
    ids=lambda did: did[:30],
)
def test_other_names_are_refused(did: str) -> None:
    with pytest.raises(ValueError, match=r"did:key|base58"):
        signing.key_of(did)
    assert not signing.verifies(did, bytes(64), b"")


def test_public_pem_is_read_by_the_library() -> None:
    key = signing.SigningKey.generate()
    assert load_pem_public_key(signing.public_pem(key.private.public_key())) == key.private.public_key()


def test_multibase_needs_its_letter() -> None:
    assert signing.multibase_decode(signing.multibase(b"abc")) == b"abc"
    with pytest.raises(ValueError, match="multibase"):
        signing.multibase_decode("uYWJj")
