"""Ed25519 signatures and the ``did:key`` names of the keys that make and check them.

A ``did:key`` is the public key itself, spelt in base58 behind a two-byte tag, so that whoever holds a signed file
holds what is needed to check it. It says which key signed, not whose key it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519_TAG = b"\xed\x01"
_DID_KEY = "did:key:z"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 private key; ``did`` is the name of its public half."""

    private: Ed25519PrivateKey

    @staticmethod
    def generate() -> SigningKey:
        """Make a new random key."""
        return SigningKey(Ed25519PrivateKey.generate())

    @property
    def did(self) -> str:
        """The public key's ``did:key`` name."""
        return did_of(self.private.public_key())

    def sign(self, data: bytes) -> bytes:
        """Return the 64-byte signature of ``data``."""
        return self.private.sign(data)


def did_of(key: Ed25519PublicKey) -> str:
    """Return the ``did:key`` name of a public key."""
    return "did:key:" + multibase(_ED25519_TAG + key.public_bytes_raw())


def key_of(did: str) -> Ed25519PublicKey:
    """Return the public key that a ``did:key`` name spells.

    Raises
    ------
    ValueError
        If it is not the ``did:key`` of an Ed25519 key.
    """
    # 34 bytes make at most 47 base58 digits; longer names are not worth decoding.
    if not did.startswith(_DID_KEY) or len(did) > len(_DID_KEY) + 47:
        raise ValueError(f"{did[:60]!a} is not the did:key of an Ed25519 key")
    data = base58_decode(did[len(_DID_KEY) :])
    if len(data) != 34 or data[:2] != _ED25519_TAG:
        raise ValueError(f"{did[:60]!a} is not the did:key of an Ed25519 key")
    return Ed25519PublicKey.from_public_bytes(data[2:])


def verifies(did: str, signature: bytes, data: bytes) -> bool:
    """Say whether the key named ``did`` made ``signature`` over ``data``."""
    try:
        key_of(did).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_pem(key: Ed25519PublicKey) -> bytes:
    """Return a public key as a PEM file that any library reads."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def multibase(data: bytes) -> str:
    """Return ``data`` in base58-btc with its multibase letter ``z``."""
    return "z" + base58_encode(data)


def multibase_decode(text: str) -> bytes:
    """Undo :func:`multibase`.

    Raises
    ------
    ValueError
        If ``text`` is not base58-btc behind a ``z``.
    """
    if not text.startswith("z"):
        raise ValueError(f"{text[:20]!a} is not multibase base58-btc")
    return base58_decode(text[1:])


def base58_encode(data: bytes) -> str:
    """Return ``data`` in base58 (the Bitcoin alphabet)."""
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = _ALPHABET[digit] + digits
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def base58_decode(text: str) -> bytes:
    """Undo :func:`base58_encode`.

    Raises
    ------
    ValueError
        If a character is not of the alphabet.
    """
    number = 0
    for character in text:
        digit = _ALPHABET.find(character)
        if digit < 0:
            raise ValueError(f"{character!a} is not a base58 digit")
        number = number * 58 + digit
    return b"\0" * (len(text) - len(text.lstrip("1"))) + number.to_bytes((number.bit_length() + 7) // 8, "big")
