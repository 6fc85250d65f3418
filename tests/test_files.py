import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from chiploom import files
from chiploom.errors import InputFileError, StorageError

as_root = os.geteuid() == 0


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_writes_text_as_utf8_and_bytes_as_they_are(tmp_path: Path) -> None:
    files.write_atomic(tmp_path / "a", "tiếng Việt\r\n")
    files.write_atomic(tmp_path / "b", b"\x00\xff")
    assert (tmp_path / "a").read_bytes() == "tiếng Việt\r\n".encode()
    assert (tmp_path / "b").read_bytes() == b"\x00\xff"
    assert names(tmp_path) == ["a", "b"]


def test_mode_holds_whatever_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o077)
    try:
        files.write_atomic(tmp_path / "open", "x")
        files.write_atomic(tmp_path / "closed", "x", mode=0o600)
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "open").stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "closed").stat().st_mode) == 0o600


def test_a_link_is_replaced_and_its_target_kept(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("kept")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    files.write_atomic(tmp_path / "link", "new")
    assert (tmp_path / "target").read_text() == "kept"
    assert not (tmp_path / "link").is_symlink()
    assert (tmp_path / "link").read_text() == "new"


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        files.write_atomic(tmp_path, "x")
    assert caught.value.code == "is-a-directory"
    assert caught.value.exit_status == 70


def test_a_missing_directory_is_not_writable(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        files.write_atomic(tmp_path / "no" / "file", "x")
    assert caught.value.code == "not-writable"
    assert "no/file" in caught.value.message


def full_disk(script: str, *arguments: Path) -> str:
    """Run ``script`` where the kernel itself refuses to let any file grow beyond 100 bytes; return what it prints."""
    limited = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "import sys; from pathlib import Path; from chiploom import files; from chiploom.errors import StorageError\n"
        "paths = [Path(name) for name in sys.argv[1:]]\n"
        f"try:\n    {script}\nexcept StorageError as error:\n    print(error.code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, *map(str, arguments)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_a_full_disk_leaves_the_old_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "evidence.json"
    target.write_text("old")
    assert full_disk("files.write_atomic(paths[0], 'new' * 1000)", target) == "disk-full"
    assert target.read_text() == "old"
    assert names(tmp_path) == ["evidence.json"]


def test_files_that_belong_together_are_new_together_or_not_at_all(tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_text("old")
    script = "files.write_together([(paths[0], 'new', 0o600), (paths[1], 'new' * 1000, 0o644)])"
    assert full_disk(script, small, large) == "disk-full"
    assert small.read_text() == "old"
    assert names(tmp_path) == ["small"]
    files.write_together([(small, "new", 0o600), (large, "new", 0o644)])
    assert (small.read_text(), large.read_text()) == ("new", "new")
    assert stat.S_IMODE(small.stat().st_mode) == 0o600


def test_a_device_is_written_to_and_stays_a_device(tmp_path: Path) -> None:
    (tmp_path / "null").symlink_to(os.devnull)
    files.write_atomic(tmp_path / "null", "x")
    files.write_atomic(os.devnull, "x")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)
    assert (tmp_path / "null").is_symlink()


def test_a_name_no_file_can_have_is_said() -> None:
    with pytest.raises(StorageError) as caught:
        files.write_atomic("nul\0name", "x")
    assert caught.value.code == "not-writable"


def test_read_only_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(StorageError) as caught:
        files.write_atomic(tmp_path / "a", "x")
    assert caught.value.code == "read-only"


@pytest.mark.skipif(as_root, reason="root may write everywhere")
def test_a_closed_directory_is_not_writable(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError) as caught:
        files.write_atomic(tmp_path / "a", "x")
    tmp_path.chmod(0o700)
    assert caught.value.code == "not-writable"


def test_private_directory_is_made_and_closed(tmp_path: Path) -> None:
    made = files.private_directory(tmp_path / "home" / "keys")
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    made.chmod(0o755)
    files.private_directory(made)
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_private_directory_refuses_a_file(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("x")
    with pytest.raises(StorageError) as caught:
        files.private_directory(tmp_path / "keys")
    assert caught.value.code == "not-a-directory"


def test_shipped_data_is_found() -> None:
    assert files.data_directory().is_dir()


def test_reads_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert files.read_bytes(tmp_path / "a", max_bytes=5) == b"12345"


def test_reading_what_is_no_readable_file_is_coded(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"123456")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    expected = {
        "nothing": "file-not-found",
        ".": "is-a-directory",
        "big": "file-too-large",
        "pipe": "file-unreadable",
        "loop": "file-unreadable",
        "big/below": "file-unreadable",
        "nul\0name": "file-unreadable",
    }
    seen = {}
    for name in expected:
        with pytest.raises(InputFileError) as caught:
            files.read_bytes(f"{tmp_path}/{name}", max_bytes=5)
        seen[name] = caught.value.code
        assert caught.value.exit_status == 64
    assert seen == expected


def test_a_folder_that_cannot_be_one_is_coded(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for name, code in {
        "missing": "file-not-found",
        "file": "not-a-directory",
        "file/below": "not-a-directory",
        "x" * 300: "file-unreadable",
        "a\0b": "file-unreadable",
    }.items():
        with pytest.raises(InputFileError) as caught:
            files.check_directory(tmp_path / name, "give a folder")
        assert caught.value.code == code
    files.check_directory(tmp_path, "give a folder")
