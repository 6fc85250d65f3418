"""``chiploom simulate`` from the command line, in its box."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chiploom.cli.main import main

COUNTER = """// đếm lên khi en = 1
module counter(input clk, input rst, input en, output logic [3:0] q);
    logic last;
    always_ff @(posedge clk) begin
        last <= en;
        if (rst) q <= 0; else if (en) q <= q + 1;
    end
endmodule
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my counter.sv").write_text(COUNTER, encoding="utf-8")
    (tmp_path / "in.csv").write_text("rst,en\n1,0\n0,1\n0,1\n0,x\n", encoding="utf-8")
    return tmp_path


def test_a_waveform_and_no_verdict(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "my counter.sv", "--stimulus", "in.csv"]) == 0
    assert capsys.readouterr().out == (
        "                  cycle   1   2   3   4\n"
        "          clk           ▁▁▁▁╱▔╲▁╱▔╲▁╱▔╲▁\n"
        "\n"
        "inputs    rst           ▔▔▔▔╲▁▁▁▁▁▁▁▁▁▁▁\n"
        "          en            ▁▁▁▁╱▔▔▔▔▔▔▔░░░░\n"
        "\n"
        "outputs   q[3:0]        ░░░░╳ 0 ╳ 1 ╳ 2\n"
        "\n"
        "registers last          ░░░░╲▁▁▁╱▔▔▔▔▔▔▔\n"
        "\n"
        "░ x: unknown\n"
    )


def test_json_is_one_object_and_files_are_written(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [
        "simulate",
        "my counter.sv",
        "--stimulus",
        "in.csv",
        "--json",
        "--vcd",
        "o.vcd",
        "--wavedrom",
        "o.json",
    ]
    assert main(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "chiploom/simulation/1"
    assert (told["clock"], told["clock_edge"]) == ("clk", "posedge")
    assert [cycle["outputs"]["q"] for cycle in told["cycles"]] == ["xxxx", "0000", "0001", "0010"]
    assert told["cycles"][3]["inputs"] == {"rst": "0", "en": "x"}
    assert "verdict" not in told
    assert (files / "o.vcd").read_text().startswith("$version")
    drawing = json.loads((files / "o.json").read_text(encoding="utf-8"))
    assert drawing["signal"][0] == {"name": "clk", "wave": "lPPP"}


def test_its_own_drawing_is_a_stimulus(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "my counter.sv", "--stimulus", "in.csv", "--wavedrom", "o.json"]) == 0
    first = capsys.readouterr().out
    drawing = json.loads((files / "o.json").read_text(encoding="utf-8"))
    groups = drawing["signal"]
    # Registers are no inputs and no outputs, so they would be refused.
    drawing["signal"] = [group for group in groups if not (isinstance(group, list) and group[0] == "registers")]
    (files / "again.json").write_text(json.dumps(drawing))
    assert main(["simulate", "my counter.sv", "--stimulus", "again.json"]) == 0
    assert capsys.readouterr().out == first


def test_labels_speak_the_language(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "my counter.sv", "--stimulus", "in.csv", "--lang", "vi"]) == 0
    assert "thanh ghi" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (["nothing.sv", "--stimulus", "in.csv"], 64, "file-not-found"),
        (["my counter.sv", "--stimulus", "nothing.csv"], 64, "file-not-found"),
        ([".", "--stimulus", "in.csv"], 64, "is-a-directory"),
        (["my counter.sv", "--stimulus", "wrong.csv"], 64, "stimulus-unknown-input"),
        (["my counter.sv", "--stimulus", "empty.csv"], 64, "file-empty"),
        (["my counter.sv", "--stimulus", "binary.csv"], 64, "file-binary"),
        (["two.sv", "--stimulus", "in.csv"], 64, "ambiguous-top"),
        (["my counter.sv", "--stimulus", "in.csv", "--vcd", "missing/o.vcd"], 70, "not-writable"),
        (["my counter.sv"], 64, "usage"),
        (["my counter.sv", "--stim", "in.csv"], 64, "usage"),
    ],
)
def test_errors(files: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, code: str) -> None:
    (files / "wrong.csv").write_text("rst,enn\n1,1\n")
    (files / "empty.csv").write_text("")
    (files / "binary.csv").write_bytes(b"rst\0en\n")
    (files / "two.sv").write_text(
        "module a(output x); assign x = 1; endmodule\nmodule b(output y); assign y = 1; endmodule\n"
    )
    assert main(["simulate", *arguments, "--json"]) == status
    told = capsys.readouterr()
    assert json.loads(told.out)["error"]["code"] == code
    assert told.err.count("\n") == 1
    assert f"chiploom: {code}:" in told.err


def test_a_design_that_does_not_compile_is_rejected(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "broken.sv").write_text("module m(input a, output y);\n  assign y = b;\nendmodule\n")
    assert main(["simulate", "broken.sv", "--stimulus", "in.csv", "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "rejected"
    (diagnostic,) = told["diagnostics"]
    assert (diagnostic["code"], diagnostic["file"], diagnostic["line"]) == ("hdl.undeclared-name", "broken.sv", 2)
    assert main(["simulate", "broken.sv", "--stimulus", "in.csv"]) == 2
    assert "broken.sv:2:" in capsys.readouterr().out


def test_what_yosys_dies_of_is_a_diagnostic(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "two edges.sv").write_text(
        "module m(input clk, input rst, input en, output logic q);\n"
        "  always @(posedge clk or posedge rst) begin q <= en; if (rst) q <= 0; end\nendmodule\n"
    )
    assert main(["simulate", "two edges.sv", "--stimulus", "in.csv", "--json"]) == 2
    (diagnostic,) = json.loads(capsys.readouterr().out)["diagnostics"]
    assert (diagnostic["severity"], diagnostic["file"], diagnostic["line"]) == ("error", "two edges.sv", 2)


@pytest.mark.slow
def test_a_loop_that_never_settles_is_ended(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "ring.sv").write_text(
        "module m(input en, output y); wire a; assign a = en & ~a; assign y = a; endmodule\n"
    )
    (files / "ring.csv").write_text("en\n0\n1\n")
    assert main(["simulate", "ring.sv", "--stimulus", "ring.csv", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "limit-reached"
