"""The keys of this installation: an Ed25519 key made at first use, readable by its owner only.

``<home>/keys/issuer.pem`` is the private key (PKCS #8) and ``<home>/keys/issuer.pub.pem`` its public half, the file to
hand to whoever checks evidence. A private key that others could have read is refused, because its signatures no
longer say anything.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from chiploom import files, signing
from chiploom.errors import ChiploomError, InputFileError, UsageError
from chiploom.grading.evidence import Subject, make_subject
from chiploom.grading.evidence_schema import is_subject_id
from chiploom.signing import SigningKey

_MAX_KEY_BYTES = 10_000


def issuer_key(home: Path) -> SigningKey:
    """Return the key of the installation at ``home``, made now if there is none.

    Raises
    ------
    ChiploomError
        ``key-permissions`` if others can read the private key; ``key-broken`` if it is not an Ed25519 key.
    StorageError
        If there is no key and none can be written (``read-only``, ``not-writable``, ``disk-full``).
    """
    path = private_key_path(home)
    if not path.exists():
        _make_home(home)
        files.private_directory(path.parent)
        _create_once(path, _private_pem(Ed25519PrivateKey.generate()), 0o600)
    key = _load_private(path)
    if not public_key_path(home).exists():
        files.write_atomic(public_key_path(home), signing.public_pem(key.private.public_key()))
    return key


def private_key_path(home: Path) -> Path:
    """Return where the private key lies."""
    return home / "keys" / "issuer.pem"


def public_key_path(home: Path) -> Path:
    """Return where the public key lies."""
    return home / "keys" / "issuer.pub.pem"


def own_subject(home: Path) -> Subject:
    """Return the random identifier of the person at this installation, made at first use.

    Raises
    ------
    ChiploomError
        ``subject-broken`` if the file is not such an identifier.
    StorageError
        As :func:`issuer_key`.
    """
    path = home / "subject"
    if not path.exists():
        _make_home(home)
        _create_once(path, (make_subject().id + "\n").encode(), 0o600)
    text = files.read_bytes(path, max_bytes=_MAX_KEY_BYTES).decode("utf-8", "replace").strip()
    if not is_subject_id(text):
        raise ChiploomError("subject-broken", f"{str(path)!r} does not hold a random identifier; move it away")
    return Subject(text)


def read_public_key(path: Path | str) -> str:
    """Read a public key, a PEM file or a text with a ``did:key``, and return its ``did:key``.

    Raises
    ------
    InputFileError
        If the file cannot be read.
    UsageError
        ``key-broken`` if it holds no Ed25519 public key; ``key-private`` if it holds a private one.
    """
    data = files.read_bytes(path, max_bytes=_MAX_KEY_BYTES)
    shown = repr(str(path))
    if b"PRIVATE KEY" in data:
        raise UsageError("key-private", f"{shown} is a private key; keep it to yourself and give the public key")
    try:
        if data.lstrip().startswith(b"did:key:"):
            return signing.did_of(signing.key_of(data.decode("ascii").strip()))
        key = serialization.load_pem_public_key(data)
    except Exception:
        # The library raises several unrelated types for what is no key.
        raise UsageError("key-broken", f"{shown} is neither a PEM public key nor a did:key") from None
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError("key-broken", f"{shown} is not an Ed25519 key; evidence is signed with Ed25519")
    return signing.did_of(key)


def check_did(text: str) -> str:
    """Return ``text`` if it is the ``did:key`` of an Ed25519 key.

    Raises
    ------
    UsageError
        ``key-broken``.
    """
    if not re.fullmatch(r"did:key:z6Mk\w{20,60}", text, re.ASCII):
        raise UsageError("key-broken", f"{text[:60]!a} is not the did:key of an Ed25519 key (did:key:z6Mk...)")
    try:
        return signing.did_of(signing.key_of(text))
    except ValueError as error:
        raise UsageError("key-broken", str(error)) from None


def _load_private(path: Path) -> SigningKey:
    try:
        status, folder = path.stat(), path.parent.stat()
        permissions = stat.S_IMODE(status.st_mode)
        if status.st_uid not in (os.geteuid(), 0) or folder.st_uid not in (os.geteuid(), 0) or folder.st_mode & 0o022:
            raise ChiploomError(
                "key-permissions",
                f"the private key {str(path)!r} or its directory belongs to somebody else or is writable by others; "
                "make a new one (move it away)",
            )
        if permissions & 0o077:
            raise ChiploomError(
                "key-permissions",
                f"the private key {str(path)!r} has permissions {permissions:04o}, so others may have read it; "
                "make a new one (move it away), or if you are sure nobody did: chmod 600",
            )
        data = files.read_bytes(path, max_bytes=_MAX_KEY_BYTES)
    except (OSError, InputFileError) as error:
        raise ChiploomError("key-unreadable", f"cannot read the private key {str(path)!r}: {error}") from None
    try:
        key = serialization.load_pem_private_key(data, password=None)
    except Exception:
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise ChiploomError(
            "key-broken", f"{str(path)!r} is not an Ed25519 private key; move it away and a new one is made"
        )
    return SigningKey(key)


def _private_pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _make_home(home: Path) -> None:
    # A home that is already there may be any directory; its permissions are its owner's business.
    if not home.is_dir():
        files.private_directory(home)


def _create_once(path: Path, data: bytes, mode: int) -> None:
    """Write ``path`` unless it exists: of several processes the first wins and the others use what it wrote."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.new")
    files.write_atomic(temporary, data, mode=mode)
    try:
        # A link is made whole or not at all, and fails where the name is taken; a rename would overwrite.
        os.link(temporary, path)
    except FileExistsError:
        pass
    except OSError as error:
        raise files.storage_error(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)
