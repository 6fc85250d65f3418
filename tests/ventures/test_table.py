import os
from pathlib import Path

import pytest

from chiploom.errors import InputFileError, UsageError
from chiploom.grading.evidence import make_subject_id
from chiploom.signing import SigningKey
from chiploom.ventures import table


def code_of(path: Path, schema: str = "s/1") -> str:
    with pytest.raises(UsageError) as caught, table.opened(path, schema) as read:
        read.string("name")
        table.subjects(read, "people")
        table.issuers(read)
    assert "\n" not in caught.value.message
    assert caught.value.exit_status == 64
    return str(caught.value.code)


def test_toml_and_json_read_the_same(tmp_path: Path) -> None:
    person, did = make_subject_id(), SigningKey.generate().did
    (tmp_path / "a.toml").write_text(f'schema = "s/1"\nname = "Đội"\npeople = ["{person}"]\nissuers = ["{did}"]\n')
    (tmp_path / "a.json").write_text(
        f'{{"schema": "s/1", "name": "Đội", "people": ["{person}"], "issuers": ["{did}"]}}'
    )
    for name in ("a.toml", "a.json"):
        with table.opened(tmp_path / name, "s/1") as read:
            assert read.string("name") == "Đội"
            assert table.subjects(read, "people") == (person,)
            assert table.issuers(read) == {did}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.toml", b"", "missing-key"),
        ("a.toml", b"schema = ", "file-syntax"),
        ("a.toml", b"\xff\xfe", "file-syntax"),
        ("a.json", b"{", "file-syntax"),
        ("a.json", b"[]", "file-syntax"),
        ("a.json", b"[" * 100_000, "file-syntax"),
        ("a.json", b'{"schema":"s/1","schema":"s/1"}', "file-syntax"),
        ("a.toml", b'schema = "s/2"', "wrong-schema"),
        ("a.toml", b'schema = "s/1"\nname = 5', "wrong-type"),
        ("a.toml", b'schema = "s/1"\nname = "x"\nnmae = "y"', "unknown-key"),
        ("a.toml", 'schema = "s/1"\nname = "x"\npeople = ["Nguyễn Văn A"]'.encode(), "subject-not-random"),
        ("a.toml", b'schema = "s/1"\nname = "x"\nissuers = ["me"]', "key-broken"),
    ],
)
def test_a_broken_file_is_said_in_one_line(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert code_of(tmp_path / name) == code


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(InputFileError), table.opened(path, "s/1"):
            pass
    (tmp_path / "big.toml").write_bytes(os.urandom(2_000_000))
    with pytest.raises(InputFileError), table.opened(tmp_path / "big.toml", "s/1"):
        pass
