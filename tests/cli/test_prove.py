"""``chiploom prove`` from the outside: verdicts, files, and every kind of bad input."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chiploom import messages
from chiploom.cli.main import main

COUNTER = """module counter(input clk, input rst, input en, output reg [3:0] q);
  always @(posedge clk) if (rst) q <= 0; else if (en) q <= q + 1;
endmodule
"""
SAME = COUNTER.replace("q + 1", "q + 4'd3 - 4'd2")
WRONG = COUNTER.replace("q + 1", "q == 2 ? 4'd0 : q + 4'd1")
SYNTAX = COUNTER.replace("q + 1;", "q + ;")


@dataclass
class Outcome:
    status: int
    stdout: str
    stderr: str

    @property
    def json(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.stdout)
        return value


Run = Callable[..., Outcome]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def chiploom(*words: str | Path, **variables: str) -> Outcome:
        done = subprocess.run(
            [sys.executable, "-m", "chiploom.cli.main", *map(str, words)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "CHIPLOOM_HOME": str(tmp_path / "home"), "LC_ALL": "C.UTF-8", **variables},
            timeout=120,
        )
        assert "Traceback" not in done.stderr
        return Outcome(done.returncode, done.stdout, done.stderr)

    return chiploom


@pytest.fixture
def run_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The same without a process of its own, for what ends before any work begins."""

    def chiploom(*words: str | Path, **variables: str) -> Outcome:
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            for name, value in {"CHIPLOOM_HOME": str(tmp_path / "home"), **variables}.items():
                patch.setenv(name, value)
            capsys.readouterr()
            status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return chiploom


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, text in (("ref.sv", COUNTER), ("same.sv", SAME), ("wrong.sv", WRONG), ("syntax.sv", SYNTAX)):
        (tmp_path / name).write_text(text)
    return tmp_path


def prove(submission: str | Path, *words: str | Path, reference: str | Path = "ref.sv") -> list[str | Path]:
    return ["prove", "--reference", reference, "--submission", submission, *words]


def test_proved(run: Run, files: Path) -> None:
    done = run(*prove("same.sv"))
    assert (done.status, done.stderr) == (0, "")
    assert done.stdout.startswith("PROVED: same.sv")
    assert "registers of the submission start with any value" in done.stdout


def test_refuted_with_waveform_and_explanation(run: Run, files: Path) -> None:
    done = run(*prove("wrong.sv"))
    assert done.status == 1
    assert "REFUTED" in done.stdout
    assert re.search(r"in cycle \d+, .*your q (became|is|stayed) 0; expected 3", done.stdout)
    assert "▲" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_told_in_three_languages(run: Run, files: Path, language: str) -> None:
    headline = messages.text("grading.refuted", language, name="wrong.sv", bound="")
    assert headline in run(*prove("wrong.sv", "--lang", language)).stdout
    assert headline in run(*prove("wrong.sv"), CHIPLOOM_LANG=language).stdout


def test_rejected_with_place_and_caret(run: Run, files: Path) -> None:
    done = run(*prove("syntax.sv"))
    assert done.status == 2
    assert re.search(r"^syntax\.sv:2:\d+: error: ", done.stdout, re.MULTILINE)
    assert re.search(r"^ *[~^]*\^", done.stdout, re.MULTILINE)


def test_port_mismatch_is_told_port_by_port(run: Run, files: Path) -> None:
    (files / "ports.sv").write_text("module counter(input clk, input rst, output reg [2:0] q, output z); endmodule\n")
    done = run(*prove("ports.sv", "--json"))
    assert done.status == 2
    told = [finding["message"] for finding in done.json["diagnostics"]]
    for port in ("en", "q", "z"):
        assert any(re.search(rf"\b{port}\b", message) for message in told), told


def test_json_has_the_promised_shape(run: Run, files: Path) -> None:
    keys = {
        "schema", "verdict", "method", "bound", "assumptions", "measurements", "warnings", "diagnostics", "trace",
        "limits", "tools", "seconds",
    }  # fmt: skip
    for name, verdict, status in (("same", "proved", 0), ("wrong", "refuted", 1), ("syntax", "rejected", 2)):
        done = run(*prove(f"{name}.sv", "--json"))
        assert (done.status, done.json["verdict"]) == (status, verdict)
        assert keys <= done.json.keys()
        assert done.stdout.count("\n") == 1
    trace = run(*prove("wrong.sv", "--json")).json["trace"]
    assert trace["clock"] == "clk"
    assert {"inputs", "expected", "got", "registers"} <= trace["cycles"][-1].keys()
    assert trace["explanation"]
    finding = run(*prove("syntax.sv", "--json")).json["diagnostics"][0]
    assert finding.keys() == {"code", "severity", "message", "file", "line", "column"}


def test_trace_files_are_written(run: Run, files: Path) -> None:
    done = run(*prove("wrong.sv", "--vcd", "t.vcd", "--wavedrom", "t.json", "--json"))
    assert done.json["verdict"] == "refuted"
    assert (files / "t.vcd").read_text().startswith("$")
    assert "signal" in json.loads((files / "t.json").read_text())
    assert "t.vcd" in done.stderr


def test_without_a_counterexample_no_trace_file_is_written_and_that_is_said(run: Run, files: Path) -> None:
    done = run(*prove("same.sv", "--vcd", "t.vcd"))
    assert done.status == 0
    assert not (files / "t.vcd").exists()
    assert "t.vcd" in done.stderr


def test_properties(run: Run, files: Path) -> None:
    (files / "props.sv").write_text(
        "module props(input clk, input rst, input en, input [3:0] q);\n"
        "  reg was = 0; always @(posedge clk) was <= rst;\n"
        "  always_comb if (was) assert (q == 0);\nendmodule\n"
    )
    (files / "off.sv").write_text(COUNTER.replace("q <= 0", "q <= 1"))
    holds = run("prove", "--properties", "props.sv", "--submission", "ref.sv", "--json")
    breaks = run("prove", "--properties", "props.sv", "--submission", "off.sv", "--json")
    assert (holds.status, breaks.status) == (0, 1), (holds.stdout, breaks.stdout)
    assert "property" in run("prove", "--properties", "props.sv", "--submission", "off.sv").stdout


def test_environment_narrows_what_must_be_right(run: Run, files: Path) -> None:
    (files / "environment.sv").write_text(
        "module environment(input clk, input rst, input en, input [3:0] q, output assume_ok);\n"
        "  assign assume_ok = !en;\nendmodule\n"
    )
    assert run(*prove("wrong.sv")).status == 1
    assert run(*prove("wrong.sv", "--environment", "environment.sv")).status == 0


def test_power_up_initial_counts_only_when_asked_for(run: Run, files: Path) -> None:
    text = "module t(input clk, output reg q);\n  initial q = 0;\n  always @(posedge clk) q <= ~q;\nendmodule\n"
    (files / "t.sv").write_text(text)
    assert run(*prove("t.sv", "--power-up", "initial", reference="t.sv")).status == 0
    assert run(*prove("t.sv", reference="t.sv")).status == 1


def test_second_time_comes_from_the_cache_unless_told_otherwise(run: Run, files: Path) -> None:
    first = run(*prove("same.sv", "--json")).json
    again = run(*prove("same.sv", "--json")).json
    fresh = run(*prove("same.sv", "--json", "--no-cache")).json
    assert again == first
    assert fresh["seconds"] != first["seconds"]
    assert fresh["verdict"] == "proved"


# -- tops

TWO = COUNTER + "module other(input a, output b); assign b = a; endmodule\n"


def test_top_is_chosen_as_documented(run: Run, files: Path) -> None:
    (files / "two.sv").write_text(TWO)
    (files / "neither.sv").write_text(TWO.replace("counter", "first"))
    assert run(*prove("two.sv")).status == 0, "the reference's top name decides"
    assert run(*prove("neither.sv", "--top", "first")).status == 0
    ambiguous = run(*prove("neither.sv", "--json"))
    assert ambiguous.status == 64
    assert ambiguous.json["error"]["code"] == "ambiguous-top"
    assert "first" in ambiguous.json["error"]["message"]
    assert "other" in ambiguous.json["error"]["message"]
    reference = run(*prove("same.sv", reference="neither.sv"))
    assert reference.status == 64
    assert "--reference-top" in reference.stderr
    assert run(*prove("same.sv", "--reference-top", "first", reference="neither.sv")).status == 0


@pytest.mark.parametrize("option", ["--top", "--reference-top"])
@pytest.mark.parametrize("name", ["nosuch", "", "counter; rm", "$root", "\N{RIGHT-TO-LEFT OVERRIDE}x"])
def test_wrong_top_is_wrong_usage(run: Run, files: Path, option: str, name: str) -> None:
    done = run(*prove("same.sv", f"{option}={name}", "--json"))
    assert done.status == 64
    assert done.json["error"]["code"] == "unknown-top"
    assert option in done.json["error"]["message"]
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in done.stderr


# -- bad input


def expect_error(done: Outcome, status: int, code: str) -> None:
    assert done.status == status, done
    assert done.stderr.startswith(f"chiploom: {code}: ")
    assert done.stderr.count("\n") == 1
    if done.stdout:
        assert done.json["verdict"] is None
        assert done.json["error"]["code"] == code


@pytest.mark.parametrize("role", ["reference", "submission", "environment"])
@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("file-not-found", lambda path: None),
        ("is-a-directory", lambda path: path.mkdir()),
        ("file-empty", lambda path: path.write_text("")),
        ("file-empty", lambda path: path.write_text(" \n")),
        ("file-binary", lambda path: path.write_bytes(b"module\0top")),
        ("file-not-text", lambda path: path.write_bytes(b"module \xff")),
        ("file-too-large", lambda path: path.write_bytes(b" " * 10_000_001)),
    ],
    ids=["missing", "directory", "empty", "blank", "nul", "not-utf8", "large"],
)
def test_bad_file(run_here: Run, files: Path, role: str, code: str, make: Callable[[Path], object]) -> None:
    make(files / "bad.sv")
    words: dict[str, str | Path] = {"reference": "ref.sv", "submission": "same.sv", role: "bad.sv"}
    options = [word for name, path in words.items() for word in (f"--{name}", path)]
    expect_error(run_here("prove", *options), 64, code)
    expect_error(run_here("prove", *options, "--json"), 64, code)


def test_hundred_megabyte_file_is_refused_without_reading_it_all(run_here: Run, files: Path) -> None:
    with (files / "bad.sv").open("wb") as stream:
        stream.truncate(100_000_000)
    expect_error(run_here(*prove("bad.sv")), 64, "file-too-large")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser can read everything")
def test_unreadable_file(run_here: Run, files: Path) -> None:
    (files / "ref.sv").chmod(0)
    expect_error(run_here(*prove("same.sv")), 64, "file-unreadable")


def test_broken_reference_is_not_the_submissions_fault(run: Run, files: Path) -> None:
    done = run(*prove("same.sv", "--json", reference="syntax.sv"))
    expect_error(done, 65, "reference-broken")
    assert "syntax.sv:2" in done.json["error"]["message"]


def test_what_only_the_front_end_finds_in_a_reference_is_told(run: Run, files: Path) -> None:
    (files / "unknown.sv").write_text(SAME.replace("endmodule", "  wire w = $isunknown(en);\nendmodule"))
    done = run(*prove("same.sv", reference="unknown.sv"))
    expect_error(done, 65, "reference-broken")
    assert "$isunknown" in done.stderr


def test_an_error_stays_one_short_line(run: Run, files: Path) -> None:
    done = run(*prove("same.sv", "--top", "t" * 100_000))
    expect_error(done, 64, "unknown-top")
    assert len(done.stderr) < 2_000


def test_vacuous_reference(run: Run, files: Path) -> None:
    """A toggle flip-flop without reset is unknown for ever, so that constant 0 would do."""
    text = "module t(input clk, output reg q);\n  always @(posedge clk) q <= ~q;\nendmodule\n"
    (files / "vacuous.sv").write_text(text)
    (files / "zero.sv").write_text("module t(input clk, output q);\n  assign q = 0;\nendmodule\n")
    expect_error(run(*prove("zero.sv", "--json", reference="vacuous.sv")), 65, "vacuous-reference")


@pytest.mark.parametrize(
    "words",
    [
        ["prove"],
        ["prove", "--reference", "ref.sv"],
        ["prove", "--submission", "ref.sv"],
        ["prove", "--reference", "ref.sv", "--properties", "ref.sv", "--submission", "ref.sv"],
        ["prove", "--properties", "ref.sv", "--submission", "ref.sv", "--environment", "ref.sv"],
        ["prove", "--reference", "ref.sv", "--submission", "ref.sv", "--time-limit", "0"],
        ["prove", "--reference", "ref.sv", "--submission", "ref.sv", "--time-limit", "nan"],
        ["prove", "--reference", "ref.sv", "--submission", "ref.sv", "--time-limit", "-3"],
        ["prove", "--reference", "ref.sv", "--submission", "ref.sv", "--time-limit", "soon"],
        ["prove", "--reference", "ref.sv", "--submission", "ref.sv", "--power-up", "maybe"],
        ["prove", "--reference", "ref.sv", "--submission", "ref.sv", "--lang", "de"],
        ["prove", "--reference", "ref.sv", "--submission", "ref.sv", "--surprise"],
    ],
)
def test_wrong_usage(run_here: Run, files: Path, words: list[str]) -> None:
    expect_error(run_here(*words), 64, "usage")
    expect_error(run_here(*words, "--json"), 64, "usage")


@pytest.mark.parametrize("option", ["--vcd", "--wavedrom"])
def test_trace_that_cannot_be_written_leaves_nothing(run: Run, files: Path, option: str) -> None:
    (files / "folder").mkdir()
    expect_error(run(*prove("wrong.sv", option, "folder", "--json")), 70, "is-a-directory")
    expect_error(run(*prove("wrong.sv", option, "missing/t", "--json")), 70, "not-writable")
    expect_error(run(*prove("wrong.sv", option, "/proc/t", "--json")), 70, "not-writable")
    assert sorted(path.name for path in files.iterdir() if path.name == "t" or path.suffix == ".tmp") == []


@pytest.mark.parametrize("options", [["--json"], []], ids=["json", "text"])
def test_full_disk(run: Run, files: Path, options: list[str]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no device that is always full")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "chiploom.cli.main", *map(str, prove("wrong.sv", *options))],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=files,
            env={**os.environ, "CHIPLOOM_HOME": str(files / "home")},
        )
    assert done.returncode == 70
    assert done.stderr.startswith("chiploom: disk-full: ")
    assert done.stderr.count("\n") == 1


def test_home_that_cannot_be_written_does_not_stop_a_proof(run: Run, files: Path) -> None:
    done = run(*prove("same.sv", "--json"), CHIPLOOM_HOME="/proc/nowhere")
    assert done.status == 0
    assert done.json["verdict"] == "proved"


def test_bad_settings(run_here: Run, files: Path) -> None:
    expect_error(run_here(*prove("same.sv"), CHIPLOOM_WORKERS="many"), 64, "bad-setting")
    expect_error(run_here(*prove("same.sv"), CHIPLOOM_LANG="de"), 64, "bad-setting")
    expect_error(run_here(*prove("same.sv"), CHIPLOOM_SCHEDULER="here"), 64, "bad-scheduler")


def test_no_scheduler_at_the_address(run: Run, files: Path) -> None:
    expect_error(run(*prove("same.sv", "--json"), CHIPLOOM_SCHEDULER="tcp://127.0.0.1:9"), 70, "no-scheduler")


def test_names_that_would_steer_a_terminal_are_escaped(run: Run, files: Path) -> None:
    name = "a\x1b[31m\N{RIGHT-TO-LEFT OVERRIDE}b.sv"
    (files / name).write_text(SYNTAX)
    done = run(*prove(name))
    assert done.status == 2
    assert "\x1b" not in done.stdout + done.stderr
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in done.stdout + done.stderr
    assert "a\\x1b[31m\\u202eb.sv" in done.stdout
    missing = run(*prove("x\x1b[2J\n.sv"))
    assert missing.status == 64
    assert "\x1b" not in missing.stderr


def test_paths_with_spaces_options_and_vietnamese(run: Run, files: Path) -> None:
    folder = files / "thư mục có dấu cách"
    folder.mkdir()
    (folder / "-bộ đếm.sv").write_text("// bộ đếm\r\n" + SAME.replace("\n", "\r\n"))
    (folder / "tham chiếu.sv").write_text("\N{BOM}" + COUNTER)
    done = run(*prove(folder / "-bộ đếm.sv", "--json", reference=folder / "tham chiếu.sv"))
    assert (done.status, done.json["verdict"]) == (0, "proved")


def test_several_files_in_any_order(run: Run, files: Path) -> None:
    (files / "top.sv").write_text(
        "module counter(input clk, input rst, input en, output [3:0] q); inner i(.*); endmodule\n"
    )
    (files / "inner.sv").write_text(SAME.replace("module counter", "module inner"))
    for order in (["top.sv", "inner.sv"], ["inner.sv", "top.sv"]):
        assert run("prove", "--reference", "ref.sv", "--submission", *order).status == 0


def shell(files: Path, command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command line of bash with ``chiploom`` in it."""
    return subprocess.run(
        ["bash", "-c", command.replace("chiploom", f"{sys.executable} -m chiploom.cli.main")],
        capture_output=True,
        cwd=files,
        env={**os.environ, "CHIPLOOM_HOME": str(files / "home"), **environment},
    )


@pytest.mark.parametrize("options", ["", " --json"])
def test_a_reader_that_goes_away_is_told_no_verdict(files: Path, options: str) -> None:
    done = shell(
        files,
        f"chiploom prove --reference ref.sv --submission wrong.sv{options} | head -c 1; echo ${{PIPESTATUS[0]}}",
    )
    # The output may fit into the pipe before its reader goes: then the verdict's own status.
    assert done.stdout[1:].strip() in (b"1", b"141")
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr


def test_a_reader_that_is_gone_already_does_not_make_a_proof(files: Path) -> None:
    command = "chiploom prove --reference ref.sv --submission wrong.sv"
    done = shell(files, f"{{ sleep 0.3; {command}; echo $? >&2; }} | true")
    assert done.stderr.split()[-1] == b"141"
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("options", ["", " --json"])
def test_closed_streams_do_not_change_the_verdict(files: Path, options: str) -> None:
    command = f"chiploom prove --reference ref.sv --submission wrong.sv{options}"
    assert shell(files, f"{command} >&-").returncode == 1
    assert shell(files, f"{command} 2>&-").returncode == 1
    assert shell(files, f"{command} >&- 2>&-").returncode == 1


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_an_output_that_is_not_utf_8_does_not_change_the_verdict(files: Path, encoding: str) -> None:
    command = "chiploom prove --reference ref.sv --submission wrong.sv --lang vi"
    done = shell(files, command, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert done.returncode == 1
    assert done.stdout
    done = shell(files, f"{command} --json", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert done.returncode == 1
    told = json.loads(done.stdout.decode("utf-8"))
    assert told["verdict"] == "refuted"
    assert not told["trace"]["explanation"].isascii()
    assert "?" not in told["trace"]["explanation"]


# -- while it runs

_HARD = """module t(input [15:0] a, input [15:0] b, output [31:0] y);
  assign y = {body};
endmodule
"""


def start_hard_proof(files: Path) -> subprocess.Popen[str]:
    """Start a proof that takes longer than anybody waits."""
    (files / "product.sv").write_text(_HARD.format(body="a * b"))
    halves = "(a[15:8] * b << 8) + a[7:0] * b[15:8] * 256 + a[7:0] * b[7:0]"
    (files / "halves.sv").write_text(_HARD.format(body=halves))
    words = prove("halves.sv", "--time-limit", "100", "--json", reference="product.sv")
    return subprocess.Popen(
        [sys.executable, "-m", "chiploom.cli.main", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=files,
        env={**os.environ, "CHIPLOOM_HOME": str(files / "home")},
    )


def children_of(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def wait_for(condition: Callable[[], object], within_s: float = 60.0) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_interrupt_ends_everything_in_one_line(files: Path) -> None:
    process = start_hard_proof(files)
    assert wait_for(lambda: any(children_of(worker) for worker in children_of(process.pid)))
    everybody = [process.pid, *children_of(process.pid)]
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert (stdout, stderr) == ("", "chiploom: interrupted\n")
    assert wait_for(lambda: not any(Path(f"/proc/{pid}/exe").exists() for pid in everybody))


def test_killed_workers_are_told_in_the_verdict(files: Path) -> None:
    process = start_hard_proof(files)
    for _ in range(2):
        assert wait_for(lambda: any(children_of(worker) for worker in children_of(process.pid)))
        time.sleep(1.0)
        for worker in children_of(process.pid):
            os.kill(worker, signal.SIGKILL)
            assert wait_for(lambda worker=worker: worker not in children_of(process.pid))
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 3
    verdict = json.loads(stdout)
    assert (verdict["verdict"], verdict["limits"]["hit"]) == ("undecided", "crash")
    assert "Traceback" not in stderr
