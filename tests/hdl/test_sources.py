import os
from pathlib import Path

import pytest

from chiploom.errors import InputFileError
from chiploom.hdl.sources import Source, cleaned, load_sources


def loaded(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    (source,) = load_sources([path])
    assert source.name == str(path)
    return source.text


def test_byte_order_mark_and_line_ends_go_and_vietnamese_stays(tmp_path: Path) -> None:
    text = "module t; // bộ đếm thập phân\nendmodule\n"
    data = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    assert loaded(tmp_path / "đếm 1 a.sv", data) == text


def test_old_line_ends(tmp_path: Path) -> None:
    assert loaded(tmp_path / "a.v", b"module t;\rendmodule\r") == "module t;\nendmodule\n"


def refusal(path: Path, **options: int) -> InputFileError:
    with pytest.raises(InputFileError) as caught:
        load_sources([path], **options)
    assert "\n" not in caught.value.message
    assert str(path) in caught.value.message
    assert caught.value.exit_status == 64
    return caught.value


def test_missing(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.sv").code == "file-not-found"


def test_directory(tmp_path: Path) -> None:
    assert refusal(tmp_path).code == "is-a-directory"


def test_fifo_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.sv")
    assert refusal(tmp_path / "pipe.sv").code == "file-unreadable"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "a.sv"
    path.write_text("module t; endmodule")
    path.chmod(0)
    assert refusal(path).code == "file-unreadable"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b" \n\t\n", "file-empty"),
        (b"\xef\xbb\xbf", "file-empty"),
        (b"module t;\0endmodule", "file-binary"),
        (b"\x7fELF\0\0", "file-binary"),
        (b"module t; // \xe9t\xe9\nendmodule", "file-not-text"),
    ],
)
def test_not_a_text(tmp_path: Path, data: bytes, code: str) -> None:
    (tmp_path / "a.sv").write_bytes(data)
    assert refusal(tmp_path / "a.sv").code == code


def test_too_large(tmp_path: Path) -> None:
    (tmp_path / "a.sv").write_bytes(b"module t; endmodule" * 10)
    assert refusal(tmp_path / "a.sv", max_bytes=100).code == "file-too-large"


def test_sources_made_by_hand_are_cleaned_as_loaded_ones_are() -> None:
    assert cleaned(Source("a", "\ufeffa\r\nb\rc")).text == "a\nb\nc"
    assert "\0" not in cleaned(Source("a", "a\0b")).text
    cleaned(Source("a", "a\ud800b")).text.encode()
    good = Source("a", "module t;\nendmodule\n")
    assert cleaned(good) is good
