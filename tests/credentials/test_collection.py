import os
from collections.abc import Callable
from pathlib import Path

import pytest

from chiploom.credentials.collection import collect, shown
from chiploom.errors import InputFileError
from chiploom.grading import evidence
from chiploom.grading.evidence import make_subject
from evidence_samples import Issuer


def test_good_evidence_is_accepted_in_the_order_of_names(issuer: Issuer, tmp_path: Path) -> None:
    names = ["b.json", "a.json", "below/c.json", "Đ.json"]
    for name in names:
        issuer.write(tmp_path / name, disclosed=False)
    found = collect(tmp_path)
    assert [held.file for held in found.accepted] == sorted(names, key=os.fsencode)
    assert found.refused == ()


def test_hostile_files_are_refused_one_by_one(issuer: Issuer, tmp_path: Path) -> None:
    good = issuer.write(tmp_path / "good.json")
    data = (tmp_path / "good.json").read_bytes()
    (tmp_path / "altered.json").write_bytes(data.replace(b'"proved"', b'"bounded"'))
    (tmp_path / "copy.json").write_bytes(data)
    (tmp_path / "empty.json").write_bytes(b"")
    (tmp_path / "noise.json").write_bytes(os.urandom(1000))
    (tmp_path / "deep.json").write_bytes(b"[" * 1_000_000)
    (tmp_path / "other.json").write_text('{"hello": "world"}')
    with (tmp_path / "huge.json").open("wb") as huge:
        huge.truncate(evidence.MAX_BYTES + 1)
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "link.json").symlink_to("good.json")
    (tmp_path / "outside.json").symlink_to("/etc/passwd")
    (tmp_path / "dangling.json").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to(".")
    (tmp_path / "loop.json").symlink_to(".")
    (tmp_path / "readme.txt").write_text("not looked at")
    (tmp_path / "good.json.opening").write_text("not looked at")
    found = collect(tmp_path)
    assert [held.evidence.id for held in found.accepted] == [good.id]
    assert [held.file for held in found.accepted] == ["copy.json"]
    assert {refused.file: refused.code for refused in found.refused} == {
        "altered.json": "evidence-altered",
        "good.json": "evidence-duplicate",
        "empty.json": "evidence-not-json",
        "noise.json": "evidence-not-json",
        "deep.json": "evidence-not-json",
        "other.json": "evidence-schema",
        "huge.json": "file-too-large",
        "pipe.json": "file-unreadable",
        "link.json": "file-is-a-link",
        "outside.json": "file-is-a-link",
        "dangling.json": "file-is-a-link",
        "loop.json": "file-is-a-link",
    }


def test_only_trusted_issuers_count_when_some_are_named(
    issuer: Issuer, new_issuer: Callable[[], Issuer], tmp_path: Path
) -> None:
    subject = make_subject()
    issuer.write(tmp_path / "a.json", "proved", subject)
    new_issuer().write(tmp_path / "b.json", "proved", subject)
    assert len(collect(tmp_path).accepted) == 2
    found = collect(tmp_path, {issuer.key.did})
    assert [held.file for held in found.accepted] == ["a.json"]
    assert [(refused.file, refused.code, refused.reason) for refused in found.refused] == [
        ("b.json", "evidence-untrusted", "story.not-this-issuer")
    ]


def test_file_names_cannot_steer_the_terminal(issuer: Issuer, tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/\xff\x1b[2J.json"
    with open(raw, "wb") as stream:  # noqa: PTH123 - a name that is no text
        stream.write(b"noise")
    (tmp_path / "a\u202egnp.json").write_text("noise")
    names = [refused.file for refused in collect(tmp_path).refused]
    assert len(names) == 2
    assert all(name.isprintable() and name.encode("utf-8") for name in names)
    assert shown("Nguyễn 計 😀") == "Nguyễn 計 😀"
    assert shown("a\x1b\u202e\n\x9b") == "a\\x1b\\u202e\\n\\x9b"


def test_what_is_no_directory_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputFileError) as caught:
        collect(tmp_path / "none")
    assert caught.value.code == "file-not-found"
    (tmp_path / "file").write_text("")
    with pytest.raises(InputFileError) as refused:
        collect(tmp_path / "file")
    assert refused.value.code == "not-a-directory"


def test_an_empty_directory_holds_nothing(tmp_path: Path) -> None:
    assert collect(tmp_path).accepted == collect(tmp_path).refused == ()
