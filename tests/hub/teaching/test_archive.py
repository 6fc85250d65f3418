"""Archives that are uploaded: what a pack looks like, and everything else that a zip can be."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chiploom.errors import UsageError
from chiploom.hub.teaching import archive

PACK = {"pack.toml": b"id = 1\n", "wire/task.toml": b"id = 2\n", "wire/alternatives/a.sv": b"module a; endmodule\n"}


def zipped(entries: dict[str, bytes], **about: int) -> io.BytesIO:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in entries.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = about.get("compress_type", zipfile.ZIP_DEFLATED)
            entry.external_attr = about.get("mode", stat.S_IFREG | 0o644) << 16
            opened.writestr(entry, content)
    data.seek(0)
    return data


def refused(data: io.BytesIO, tmp_path: Path) -> str:
    with pytest.raises(UsageError) as caught:
        archive.unpack(data, tmp_path / "packs" / "one")
    assert caught.value.code == "bad-archive"
    outside = [path for path in tmp_path.rglob("*") if not path.is_relative_to(tmp_path / "packs")]
    assert outside == [], "nothing is written beside the pack's own folder"
    return caught.value.message


def test_a_pack_is_unpacked_with_and_without_a_folder_around_it(tmp_path: Path) -> None:
    archive.unpack(zipped(PACK), tmp_path / "plain")
    extra = {"__MACOSX/._pack.toml": b"x", "mine/.DS_Store": b"x"}
    archive.unpack(zipped({f"mine/{name}": data for name, data in PACK.items()} | extra), tmp_path / "folder")
    for root in (tmp_path / "plain", tmp_path / "folder"):
        found = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        assert found == PACK
        assert stat.S_IMODE(root.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "name",
    [
        "../evil.toml",
        "wire/../../evil.toml",
        "/etc/evil.toml",
        "C:\\evil.toml",
        "wire\\evil.toml",
        "wire//evil.toml",
        "./evil.toml",
        ".hidden.toml",
        "wire/evil\n.toml",
        "wire/đề.toml",
        "a/b/c/d/e/f.toml",
        "x" * 300 + ".toml",
    ],
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    refused(zipped({**PACK, name: b"x"}), tmp_path)


@pytest.mark.parametrize("name", ["wire/run.py", "wire/run.sh", "Makefile", "wire/link.so", "wire/x.sv.exe"])
def test_kinds_of_files_that_packs_do_not_have_are_refused(tmp_path: Path, name: str) -> None:
    assert name in refused(zipped({**PACK, name: b"x"}), tmp_path)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_links_and_devices_are_refused(tmp_path: Path, kind: int) -> None:
    assert "link or a device" in refused(zipped(PACK, mode=kind | 0o777), tmp_path)


def test_bombs_are_refused_by_what_they_say_and_by_what_they_are(tmp_path: Path) -> None:
    big = b"0" * (archive.LARGEST_FILE_BYTES + 1)
    assert "too large" in refused(zipped({**PACK, "wire/big.sv": big}), tmp_path)
    many = {f"wire/{number}.sv": b"" for number in range(archive.MOST_FILES + 1)}
    assert "entries" in refused(zipped({**PACK, **many}), tmp_path)
    whole = {f"wire/{number}.sv": big[:-1] for number in range(51)}
    assert "bytes unpacked" in refused(zipped({**PACK, **whole}), tmp_path)


def test_an_entry_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    honest = zipped({**PACK, "wire/big.sv": b"0" * (archive.LARGEST_FILE_BYTES + 1)}).getvalue()
    size = struct.pack("<L", archive.LARGEST_FILE_BYTES + 1)
    refused(io.BytesIO(honest.replace(size, struct.pack("<L", 10))), tmp_path)


def test_doubled_encrypted_and_unusually_compressed_entries_are_refused(tmp_path: Path) -> None:
    assert "twice" in refused(zipped({**PACK, "wire/A.sv": b"", "wire/a.sv": b""}), tmp_path)
    assert "file and a folder" in refused(
        zipped({**PACK, "wire/alternatives.sv/b.sv": b"", "wire/alternatives.sv": b""}), tmp_path
    )
    assert "deflate" in refused(zipped(PACK, compress_type=zipfile.ZIP_LZMA), tmp_path)
    data = bytearray(zipped(PACK).getvalue())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + offset] |= 1
    assert "encrypted" in refused(io.BytesIO(bytes(data)), tmp_path)


def test_what_is_no_pack_is_refused(tmp_path: Path) -> None:
    assert "pack.toml" in refused(zipped({"wire/task.toml": b"x"}), tmp_path)
    assert "pack.toml" in refused(zipped({}), tmp_path)
    whole = zipped(PACK).getvalue()
    for data in (b"", b"PK", whole[: len(whole) // 2], whole[:-1]):
        refused(io.BytesIO(data), tmp_path)


@given(data=st.data())
def test_a_damaged_archive_is_refused_or_unpacked_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = bytearray(zipped(PACK).getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    folder = tmp_path_factory.mktemp("damaged")
    try:
        archive.unpack(io.BytesIO(bytes(whole)), folder / "pack")
    except UsageError as error:
        assert error.code == "bad-archive"
    assert [path.name for path in folder.iterdir()] in ([], ["pack"])
