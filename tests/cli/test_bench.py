import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chiploom.cli.main import main

Capture = pytest.CaptureFixture[str]
RIGHT = "module TopModule(input a, input b, output y);\n  assign y = ~(~a | ~b);\nendmodule"
WRONG = "Sure!\n```verilog\nmodule TopModule(input a, input b, output y);\n  assign y = a | b;\nendmodule\n```\n"


@pytest.fixture
def pack(tmp_path: Path, home: Path, capsys: Capture) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("Prob001_and", "Prob002_same"):
        (folder / f"{name}_ref.sv").write_text(
            "module RefModule(input a, input b, output y); assign y = a & b; endmodule\n"
        )
        (folder / f"{name}_prompt.txt").write_text("And.\n")
    assert main(["pack", "import", "verilog-eval", str(folder), "--to", str(tmp_path / "pack")]) == 0
    capsys.readouterr()
    return tmp_path / "pack"


def test_samples_are_graded_reported_and_resumed(pack: Path, tmp_path: Path, capsys: Capture) -> None:
    samples = tmp_path / "samples.jsonl"
    lines = [
        {"task_id": "Prob001_and", "completion": text} for text in (RIGHT, WRONG, "  assign y = a & b;", "no idea")
    ]
    samples.write_text("".join(json.dumps(line) + "\n" for line in lines) + "{broken\n")
    command = [
        "bench",
        "run",
        str(pack),
        "--samples",
        str(samples),
        "--report",
        str(tmp_path / "out"),
        "--workers",
        "1",
    ]
    assert main([*command, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [result["verdict"] for result in answer["results"]] == ["proved", "refuted", "proved", "rejected"]
    assert answer["results"][1]["notes"] == ["code fence removed"]
    assert answer["results"][1]["explanation"]
    assert answer["samples"]["bad_lines"][0]["line"] == 5
    assert answer["pass_at_k"][0]["value"] == pytest.approx((2 / 4 + 0) / 2)
    assert json.loads((tmp_path / "out/results.json").read_text())["results"] == answer["results"]
    assert "pass@1" in (tmp_path / "out/report.html").read_text()
    assert main(command) == 0
    captured = capsys.readouterr()
    assert "4 verdicts were there from an earlier run" in captured.out
    assert "line 5: not JSON" in captured.err


@pytest.mark.parametrize(
    ("samples", "code", "status"),
    [(None, "file-not-found", 64), ("", "file-empty", 64), ("noise\n[]\n", "no-sample", 64)],
)
def test_mistakes_are_told_in_one_line(
    pack: Path, tmp_path: Path, capsys: Capture, samples: str | None, code: str, status: int
) -> None:
    path = tmp_path / "samples.jsonl"
    if samples is not None:
        path.write_text(samples)
    command = ["bench", "run", str(pack), "--samples", str(path), "--report", str(tmp_path / "out"), "--json"]
    assert main(command) == status
    captured = capsys.readouterr()
    assert json.loads(captured.out)["error"]["code"] == code
    assert captured.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_no_scheduler_is_said(pack: Path, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "samples.jsonl"
    path.write_text(json.dumps({"task_id": "Prob001_and", "completion": RIGHT}) + "\n")
    command = ["bench", "run", str(pack), "--samples", str(path), "--report", str(tmp_path / "out"), "--json"]
    assert main([*command, "--scheduler", "tcp://127.0.0.1:9"]) == 70
    assert json.loads(capsys.readouterr().out)["verdict"] is None


def test_an_interrupted_run_stops_at_once_and_keeps_what_it_knows(pack: Path, tmp_path: Path, home: Path) -> None:
    samples = tmp_path / "samples.jsonl"
    texts = [RIGHT.replace("y =", f"/* {number} */ y =") for number in range(3000)]
    samples.write_text("".join(json.dumps({"task_id": "Prob001_and", "completion": text}) + "\n" for text in texts))
    command = [sys.executable, "-m", "chiploom.cli.main", "bench", "run", str(pack)]
    options = ["--samples", str(samples), "--report", str(tmp_path / "out"), "--workers", "1"]
    journal = tmp_path / "out" / "journal.jsonl"
    with subprocess.Popen([*command, *options], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None and not (journal.exists() and journal.read_bytes().count(b"\n")):
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.decode() == "chiploom: interrupted\n"
    lines = journal.read_text().splitlines()
    assert 0 < len(lines) < 3000
    assert all(json.loads(line)["verdict"]["verdict"] == "proved" for line in lines)
    assert not (tmp_path / "out" / "report.html").exists()
