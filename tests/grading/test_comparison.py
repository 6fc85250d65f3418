"""What a worker does with files that are held against nothing: reading them, and running them on a stimulus."""

from collections.abc import Iterator

import pytest

from chiploom.errors import UsageError
from chiploom.grading.job import Job, Reading, Run
from chiploom.grading.pool import Pool
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Limits, Outcome, Verdict

INVERTER = Source("inverter.sv", "module inverter(input a, output y);\n  assign y = ~a;\nendmodule\n")
MISSPELT = Source("inverter.sv", "module inverter(input a, output y);\n  asign y = ~a;\nendmodule\n")
WARNED = Source("inverter.sv", "module inverter(input a, input b, output y);\n  assign y = ~a;\nendmodule\n")
TWO_DRIVERS = Source(
    "two.sv",
    "module two(input clk, output reg y);\n  always @(posedge clk) y <= 0;\n"
    "  always @(posedge clk) y <= 1;\nendmodule\n",
)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(1) as pool:
        yield pool


def test_reading_says_what_the_compiler_says(pool: Pool) -> None:
    verdict = pool.one(Job(Reading("inverter"), (MISSPELT,)))
    assert verdict.outcome is Outcome.REJECTED
    assert [diagnostic.line for diagnostic in verdict.diagnostics][:1] == [2]


def test_reading_a_good_design_decides_nothing(pool: Pool) -> None:
    verdict = pool.one(Job(Reading("inverter"), (INVERTER,)))
    assert (verdict.outcome, verdict.limit_hit, verdict.warnings) == (Outcome.UNDECIDED, None, ())
    assert pool.one(Job(Reading("inverter"), (WARNED,))).warnings


def test_reading_without_a_netlist_says_all_that_slang_says(pool: Pool) -> None:
    looped = Source(
        "looped.sv",
        "module m(input a, output y);\n  wire w, unused;\n  assign w = a ^ y;\n  assign y = w;\nendmodule\n",
    )
    whole = pool.one(Job(Reading("m"), (looped,)))
    quick = pool.one(Job(Reading("m", elaborate=False), (looped,)))
    codes = [{each.code for each in (*verdict.warnings, *verdict.diagnostics)} for verdict in (whole, quick)]
    assert "hdl.combinational-loop" in codes[0] - codes[1]
    assert codes[1] <= codes[0]
    for source in (MISSPELT, INVERTER, WARNED):
        whole, quick = (pool.one(Job(Reading("inverter", elaborate=each), (source,))) for each in (True, False))
        assert (whole.outcome, whole.diagnostics) == (quick.outcome, quick.diagnostics)
        assert {each.code for each in quick.warnings} <= {each.code for each in whole.warnings}


def test_reading_stops_at_its_limit(pool: Pool) -> None:
    huge = Source(
        "huge.sv", "module m(input a, output y);\n  reg [7:0] r [0:2000000000];\n  assign y = a;\nendmodule\n"
    )
    verdict = pool.one(Job(Reading("m", limits=Limits(time_s=2.0, memory_mb=1024)), (huge,)))
    assert verdict.outcome is not Outcome.PROVED
    assert verdict.limit_hit or verdict.diagnostics or verdict.warnings


def test_a_run_shows_what_the_outputs_do(pool: Pool) -> None:
    verdict = pool.one(Job(Run("inverter"), (INVERTER, Source("s.csv", "a\n0\n1\n"))))
    assert verdict.outcome is Outcome.UNDECIDED
    assert verdict.trace is not None
    assert [cycle.got["y"] for cycle in verdict.trace.cycles] == ["1", "0"]
    assert all(not cycle.expected for cycle in verdict.trace.cycles)


def test_a_run_on_unknown_inputs_is_the_stimulus_fault(pool: Pool) -> None:
    with pytest.raises(UsageError) as caught:
        pool.one(Job(Run("inverter"), (INVERTER, Source("s.csv", "nothing\n0\n"))))
    assert "nothing" in caught.value.message


def test_a_design_that_does_not_elaborate_is_rejected_with_its_own_lines(pool: Pool) -> None:
    verdict = pool.one(Job(Run("two"), (TWO_DRIVERS, Source("s.csv", "clk\n0\n"))))
    assert isinstance(verdict, Verdict)
    assert verdict.outcome is Outcome.REJECTED
    assert {diagnostic.file for diagnostic in verdict.diagnostics} == {"two.sv"}
