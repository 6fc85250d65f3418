import os
from pathlib import Path

import pytest

from chiploom.errors import InputFileError, ReferenceError_, StorageError, UsageError
from chiploom.tasks.load import load_pack, load_task, load_tasks
from chiploom.tasks.verilog_eval import find_problems, import_pack

ZERO = "module RefModule(output zero);\n  assign zero = 1'b0;\nendmodule\n"
TOGGLE = """module RefModule(input clk, input [2:0] in, output reg q);
  initial q = 0;
  always @(posedge clk) q <= ^in;
endmodule
"""


@pytest.fixture
def data_set(tmp_path: Path) -> Path:
    folder = tmp_path / "verilog-eval" / "dataset_spec-to-rtl"
    folder.mkdir(parents=True)
    (tmp_path / "verilog-eval/LICENSE").write_text("MIT License\n")
    for name, text in (("Prob001_zero", ZERO), ("Prob156_toggle", TOGGLE)):
        (folder / f"{name}_ref.sv").write_text(text)
        (folder / f"{name}_prompt.txt").write_text(
            f"\nBuild {name}. Costs ${{5}}? No: a dollar sign.\n".replace("${5}", "$5")
        )
        (folder / f"{name}_test.sv").write_text("module tb; endmodule\n")
    return tmp_path / "verilog-eval"


@pytest.mark.parametrize("below", ["", "dataset_spec-to-rtl"])
def test_the_pack_says_whose_it_is_and_what_each_task_asks(data_set: Path, tmp_path: Path, below: str) -> None:
    target = tmp_path / "packs" / "ve"
    assert list(import_pack(data_set / below, target)) == ["Prob001_zero", "Prob156_toggle"]
    pack = load_pack(target)
    assert (pack.licence, pack.languages, pack.imported) == ("MIT", ("en",), True)
    assert "NVIDIA" in pack.origin
    assert (target / "LICENSE").read_text() == "MIT License\n"
    zero, toggle = load_tasks(pack)
    assert (zero.top, zero.reference_top, zero.constant_outputs, zero.clock) == (
        "TopModule",
        "RefModule",
        ("zero",),
        None,
    )
    assert (zero.power_up, toggle.power_up, toggle.clock) == ("free", "initial", "clk")
    assert [(p.name, p.direction, p.width) for p in toggle.ports] == [
        ("clk", "input", 1),
        ("in", "input", 3),
        ("q", "output", 1),
    ]
    assert (zero.level, toggle.level) == (1, 5)
    assert zero.statement["en"].startswith("Build Prob001_zero.")
    assert toggle.reference[0].text == TOGGLE
    assert load_task(pack, "Prob156_toggle") == toggle


def test_an_existing_folder_is_not_written_over(data_set: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(UsageError) as caught:
        list(import_pack(data_set, tmp_path / "there"))
    assert caught.value.code == "output-exists"


def test_nothing_half_written_is_left(data_set: Path, tmp_path: Path) -> None:
    (data_set / "dataset_spec-to-rtl/Prob156_toggle_ref.sv").write_text("module RefModule(output q; endmodule\n")
    target = tmp_path / "out" / "ve"
    with pytest.raises(ReferenceError_, match="Prob156_toggle_ref"):
        list(import_pack(data_set, target))
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("damage", ["missing folder", "empty folder", "no prompt"])
def test_what_is_not_the_data_set_is_refused(data_set: Path, tmp_path: Path, damage: str) -> None:
    directory = data_set
    if damage == "missing folder":
        directory = tmp_path / "nowhere"
    elif damage == "empty folder":
        directory = tmp_path / "empty"
        directory.mkdir()
    else:
        (data_set / "dataset_spec-to-rtl/Prob001_zero_prompt.txt").unlink()
    with pytest.raises(InputFileError) as caught:
        find_problems(directory)
    assert caught.value.code == "file-not-found"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_said(data_set: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(StorageError):
        list(import_pack(data_set, closed / "ve"))


def test_a_file_in_the_way_is_said(data_set: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        list(import_pack(data_set, tmp_path / "file" / "ve"))
