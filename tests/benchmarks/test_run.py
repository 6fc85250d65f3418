"""The benchmarks run, at a tiny scale and on a data set of two problems: they must not rot."""

import json
from pathlib import Path

import pytest

import cross_check
import harness
import run
from chiploom.grading import landlock
from chiploom.prove.verdict import Outcome, Verdict
from corpus import load, sample
from figures import Figure

needs_iverilog = pytest.mark.skipif(not harness.is_installed(), reason="iverilog is not installed")
needs_box = pytest.mark.skipif(landlock.version() < 1, reason="this kernel has no Landlock")

AND = """module RefModule(input [3:0] a, input [3:0] b, output [3:0] y);
  assign y = (a & b) ^ {4{a[0]}};
endmodule
"""
#: The line that gives the output its value.
VALUE = "assign y = (a & b) ^ {4{a[0]}};"
COUNTER = """module RefModule(input clk, input reset, input en, output reg [2:0] q);
  always @(posedge clk) if (reset) q <= 0; else if (en) q <= q + 1;
endmodule
"""
#: Test benches in the manner of the data set's.
AND_TEST = """module tb;
  reg [3:0] a, b; wire [3:0] r, d; integer n, errors;
  RefModule good(.a(a), .b(b), .y(r));
  TopModule mine(.a(a), .b(b), .y(d));
  initial begin
    errors = 0;
    for (n = 0; n < 256; n = n + 1) begin {a, b} = n; #1; if (r !== (r ^ d ^ r)) errors = errors + 1; end
    $display("Mismatches: %1d in %1d samples", errors, 256);
    $finish;
  end
endmodule
"""
COUNTER_TEST = """module tb;
  reg clk = 0, reset = 1, en = 0; wire [2:0] r, d; integer n, errors;
  RefModule good(.clk(clk), .reset(reset), .en(en), .q(r));
  TopModule mine(.clk(clk), .reset(reset), .en(en), .q(d));
  initial begin
    errors = 0;
    for (n = 0; n < 100; n = n + 1) begin
      reset = n < 3; en = n % 3 != 0; #5 clk = 1; #5 clk = 0; if (r !== (r ^ d ^ r)) errors = errors + 1;
    end
    $display("Mismatches: %1d in %1d samples", errors, 100);
    $finish;
  end
endmodule
"""


@pytest.fixture(scope="module")
def data_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verilog-eval") / "dataset_spec-to-rtl"
    folder.mkdir()
    for name, reference, test in (("Prob001_and", AND, AND_TEST), ("Prob002_counter", COUNTER, COUNTER_TEST)):
        (folder / f"{name}_prompt.txt").write_text("Implement it.\n")
        (folder / f"{name}_ref.sv").write_text(reference)
        (folder / f"{name}_test.sv").write_text(test)
    return folder.parent


@needs_box
@needs_iverilog
def test_every_figure_is_printed_and_resumed(
    data_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "figures.json"
    arguments = ["--verilog-eval", str(data_set), "--scale", "0.004", "--json", str(file)]
    run.main([*arguments, "--only", "submissions", "latency", "memory", "hostile"])
    written = json.loads(file.read_text())["sections"]
    assert set(written) == {"submissions", "latency", "memory", "hostile"}
    figures = {figure["name"]: figure for section in written.values() for figure in section}
    for name in (
        "proved against themselves within 10 s",
        "undecided or bounded",
        "counterexamples that do not replay",
        "rewrites refuted or rejected",
        "proved mutants another engine contradicts",
        "workers lost",
        "wrong verdicts",
    ):
        # No figure of time is judged here.
        assert figures[name]["met"], figures[name]
    assert "FAIL" not in figures["harness"]["note"]
    assert {"times the harness", "warm, in the box, of another subject, median", "growth of parent"} <= set(figures)
    printed = capsys.readouterr().out
    assert "rewrites refuted or rejected" in printed
    before = file.read_bytes()
    run.main([*arguments, "--resume", "--only", "hostile", "memory"])
    assert file.read_bytes() == before


@needs_iverilog
def test_the_harness_tells_right_from_wrong(data_set: Path) -> None:
    corpus = load(data_set)
    problem = corpus.problems["Prob002_counter"]
    right = COUNTER.replace("RefModule", "TopModule")
    runs = harness.run_all([(problem, right), (problem, right.replace("+", "-")), (problem, "module x")])
    assert [each.opinion for each in runs] == ["pass", "fail", "no-compile"]


@needs_iverilog
@pytest.mark.parametrize(
    ("task_id", "old", "new", "is_right"),
    [
        ("Prob001_and", "a & b", "b & a", True),
        ("Prob001_and", "a & b", "a | b", False),
        ("Prob002_counter", "q + 1", "q - 7", True),
        ("Prob002_counter", "q + 1", "q + (q != 6)", False),
        ("Prob002_counter", "posedge clk", "posedge clk or posedge reset", False),
        # Simulates otherwise, is built the same.
        ("Prob001_and", VALUE, f"reg [3:0] v; always @(a) v = {VALUE[11:]} assign y = v;", True),
    ],
)
def test_the_other_engine_contradicts_wrong_proofs_only(
    data_set: Path, task_id: str, old: str, new: str, is_right: bool
) -> None:
    corpus = load(data_set)
    text = corpus.of("reference")[[*corpus.tasks].index(task_id)].text
    assert old in text
    found = cross_check.contradiction(corpus.tasks[task_id], text.replace(old, new), Verdict(outcome=Outcome.PROVED))
    assert (found is None) == is_right, found


def test_figures_are_judged_by_their_relation() -> None:
    assert Figure("s", "n", 5, "", ">=", 5).met
    assert not Figure("s", "n", 4.99, "", ">=", 5).met
    assert not Figure("s", "n", float("inf"), "s", "<=", 1.5).met
    assert Figure("s", "n", 1).met is None
    figure = Figure("s", "n", 1.5, "ms", "<=", 13, "noted")
    assert Figure.from_json(json.loads(json.dumps(figure.as_json()))) == figure


def test_samples_are_the_same_each_time_and_in_order() -> None:
    items = list(range(100))
    assert sample(items, 0.1) == sample(items, 0.1) == sorted(sample(items, 0.1))
    assert len(sample(items, 0.1)) == 10
    assert sample(items, 1.0) == items
    assert len(sample(items, 0.0)) == 2
