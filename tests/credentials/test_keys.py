import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chiploom import signing
from chiploom.credentials import keys
from chiploom.errors import ChiploomError, InputFileError, StorageError, UsageError


def test_a_key_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = keys.issuer_key(home)
    assert keys.issuer_key(home).did == first.did
    assert stat.S_IMODE(keys.private_key_path(home).stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.private_key_path(home).parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert sorted(path.name for path in (home / "keys").iterdir()) == ["issuer.pem", "issuer.pub.pem"]
    assert keys.read_public_key(keys.public_key_path(home)) == first.did


@pytest.mark.parametrize("permissions", [0o640, 0o604, 0o660, 0o610, 0o644])
def test_a_key_others_could_read_is_refused(tmp_path: Path, permissions: int) -> None:
    keys.issuer_key(tmp_path)
    keys.private_key_path(tmp_path).chmod(permissions)
    with pytest.raises(ChiploomError) as caught:
        keys.issuer_key(tmp_path)
    assert caught.value.code == "key-permissions"
    assert caught.value.exit_status == 70


def test_a_home_that_was_there_keeps_its_permissions(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    keys.issuer_key(tmp_path)
    keys.own_subject(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_key_in_a_directory_that_others_write_to_is_refused(tmp_path: Path) -> None:
    keys.issuer_key(tmp_path)
    keys.private_key_path(tmp_path).parent.chmod(0o722)
    with pytest.raises(ChiploomError) as caught:
        keys.issuer_key(tmp_path)
    assert caught.value.code == "key-permissions"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_of_somebody_else_is_refused(tmp_path: Path) -> None:
    keys.issuer_key(tmp_path)
    os.chown(keys.private_key_path(tmp_path), 12345, 12345)
    with pytest.raises(ChiploomError) as caught:
        keys.issuer_key(tmp_path)
    assert caught.value.code == "key-permissions"


def test_many_processes_make_one_key(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib; sys.stdin.read();"
        "from chiploom.credentials import keys; home = pathlib.Path(sys.argv[1]);"
        "print(keys.issuer_key(home).did, keys.own_subject(home).id)"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "home")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    answers = [process.communicate() for process in running]
    assert {process.returncode for process in running} == {0}, answers
    assert len({output for output, _ in answers}) == 1
    assert sorted(path.name for path in (tmp_path / "home" / "keys").iterdir()) == ["issuer.pem", "issuer.pub.pem"]


def test_a_read_only_home_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(StorageError) as caught:
        keys.issuer_key(tmp_path / "home")
    assert caught.value.code == "read-only"


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", b"\xff"])
def test_a_broken_key_is_said(tmp_path: Path, content: bytes) -> None:
    keys.issuer_key(tmp_path)
    keys.private_key_path(tmp_path).write_bytes(content)
    with pytest.raises(ChiploomError) as caught:
        keys.issuer_key(tmp_path)
    assert caught.value.code == "key-broken"


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    keys.issuer_key(tmp_path)
    keys.private_key_path(tmp_path).write_bytes(
        other.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    with pytest.raises(ChiploomError) as caught:
        keys.issuer_key(tmp_path)
    assert caught.value.code == "key-broken"
    (tmp_path / "other.pem").write_bytes(
        other.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    with pytest.raises(UsageError) as refused:
        keys.read_public_key(tmp_path / "other.pem")
    assert refused.value.code == "key-broken"


def test_public_keys_are_read_in_both_spellings_and_private_ones_sent_back(tmp_path: Path) -> None:
    key = keys.issuer_key(tmp_path)
    (tmp_path / "did.txt").write_text(key.did + "\n")
    assert keys.read_public_key(tmp_path / "did.txt") == key.did
    with pytest.raises(UsageError) as caught:
        keys.read_public_key(keys.private_key_path(tmp_path))
    assert caught.value.code == "key-private"
    with pytest.raises(InputFileError):
        keys.read_public_key(tmp_path / "none")
    (tmp_path / "noise").write_bytes(os.urandom(100).replace(b"\n", b""))
    with pytest.raises(UsageError) as refused:
        keys.read_public_key(tmp_path / "noise")
    assert refused.value.code == "key-broken"


def test_check_did() -> None:
    did = signing.SigningKey.generate().did
    assert keys.check_did(did) == did
    for text in ("", "did:web:example.org", did + "0", did[:-1], did + "\n"):
        with pytest.raises(UsageError):
            keys.check_did(text)


def test_own_subject_is_random_and_stays(tmp_path: Path) -> None:
    first = keys.own_subject(tmp_path / "a")
    assert first == keys.own_subject(tmp_path / "a")
    assert first.kind == "person"
    assert first != keys.own_subject(tmp_path / "b")
    (tmp_path / "a" / "subject").write_text("Nguyễn Văn A\n")
    with pytest.raises(ChiploomError) as caught:
        keys.own_subject(tmp_path / "a")
    assert caught.value.code == "subject-broken"
