"""Each solver by itself: what it decides, and that it does not guess."""

from __future__ import annotations

import pytest

from chiploom.prove.machine import ProductMachine
from chiploom.prove.solvers import (
    Solver,
    abc,
    deep_simulation,
    induction,
    random_simulation,
    satisfiability,
    structural,
    three_valued,
)
from chiploom.prove.system import Deadline, Proved, Refuted, Unknown
from prove.designs import reference

PORTS = "input clk, input rst, input en, output logic [3:0] q"
COUNTER = f"module m({PORTS}); always_ff @(posedge clk) if (rst) q <= 0; else if (en) q <= q + 1; endmodule"
REWRITTEN = f"""module m({PORTS}); always_ff @(posedge clk) if (rst) q <= 0;
  else q <= {{q[3] ^ (&q[2:0] & en), q[2] ^ (&q[1:0] & en), q[1] ^ (q[0] & en), q[0] ^ en}}; endmodule"""
RENAMED = f"""module m({PORTS}); logic [3:0] n; assign q = ~n;
  always_ff @(posedge clk) if (rst) n <= 15; else if (en) n <= n - 1; endmodule"""
ONE_HOT = f"""module m({PORTS}); logic [15:0] h;
  always_ff @(posedge clk) if (rst) h <= 1; else if (en) h <= {{h[14:0], h[15]}};
  always_comb begin q = 0; for (int i = 0; i < 16; i++) if (h[i]) q |= i; end endmodule"""
WRONG = COUNTER.replace("q + 1", "q == 9 ? 0 : q + 1")
SEARCHING: list[Solver] = [random_simulation, satisfiability, abc]
PROVING: list[Solver] = [structural, induction, three_valued, abc]


def machine(got: str) -> ProductMachine:
    return ProductMachine(reference(COUNTER).netlist, reference(got).netlist)


def prepared(got: str) -> ProductMachine:
    """The three-valued solver takes its candidates from simulation."""
    product = machine(got)
    assert isinstance(random_simulation.solve(product, Deadline(10)), Unknown)
    return product


@pytest.mark.parametrize(
    ("solver", "got"),
    [
        (structural, COUNTER),
        (induction, REWRITTEN),
        (induction, RENAMED),
        (three_valued, RENAMED),
        (three_valued, ONE_HOT),
        (abc, REWRITTEN),
        (abc, RENAMED),
    ],
)
def test_proves_what_it_is_for(solver: Solver, got: str) -> None:
    assert isinstance(solver.solve(prepared(got), Deadline(20)), Proved)


@pytest.mark.parametrize(("solver", "got"), [(structural, REWRITTEN), (structural, RENAMED), (induction, ONE_HOT)])
def test_says_unknown_where_it_cannot_tell(solver: Solver, got: str) -> None:
    assert isinstance(solver.solve(prepared(got), Deadline(20)), Unknown)


@pytest.mark.parametrize("solver", PROVING)
def test_never_proves_a_wrong_design(solver: Solver) -> None:
    product = machine(WRONG)
    random_simulation.solve(product, Deadline(10))
    assert not isinstance(solver.solve(product, Deadline(20)), Proved)


@pytest.mark.parametrize("solver", SEARCHING)
def test_finds_a_difference(solver: Solver) -> None:
    answer = solver.solve(machine(WRONG), Deadline(20))
    assert isinstance(answer, Refuted)
    assert len(answer.stimulus.steps) >= 11  # reset, ten steps up to 9, and the step after


def test_bounded_search_is_shortest() -> None:
    answer = satisfiability.search(machine(WRONG).three_valued, 20, Deadline(20))
    assert isinstance(answer, Refuted)
    assert len(answer.stimulus.steps) == 12


# A counter that random inputs hardly ever start, with other registers than its reference.
GUARDED = """module m(input clk, input rst, input [3:0] key, output logic [4:0] q, output logic busy);
  logic [1:0] state; logic [4:0] count;
  always_ff @(posedge clk)
    if (rst) state <= 0;
    else case (state)
      0: state <= key == 7 ? 1 : 0;
      1: state <= key == 12 ? 2 : 0;
      2: state <= key == 5 ? 3 : 0;
      default: state <= key == 9 ? 1 : 3;
    endcase
  always_ff @(posedge clk) count <= state == 3 ? count + 1 : 0;
  assign q = busy ? count : 'x; assign busy = state == 3; endmodule"""
GUARDED_OTHERWISE = """module m(input clk, input rst, input [3:0] key, output logic [4:0] q, output logic busy);
  logic [3:0] hot; logic [4:0] left;
  always_ff @(posedge clk)
    if (rst) hot <= 4'b0001;
    else hot <= {hot[3] ? key != 9 : hot[2] & key == 5, hot[1] & key == 12, hot[0] & key == 7 | hot[3] & key == 9,
                 hot[0] & key != 7 | hot[1] & key != 12 | hot[2] & key != 5};
  always_ff @(posedge clk) left <= hot[3] ? left - 1 : 31;
  assign q = ~left; assign busy = hot[3]; endmodule"""


def guarded(got: str) -> ProductMachine:
    product = ProductMachine(reference(GUARDED).netlist, reference(got).netlist)
    assert isinstance(random_simulation.solve(product, Deadline(10)), Unknown)
    return product


def test_codes_of_states_and_complemented_counters_are_found() -> None:
    assert isinstance(three_valued.solve(guarded(GUARDED_OTHERWISE), Deadline(20)), Proved)


@pytest.mark.parametrize(("right", "wrong"), [("key != 9", "key != 8"), (": 31", ": 30"), ("key != 12", "key == 3")])
def test_codes_of_states_prove_nothing_wrong(right: str, wrong: str) -> None:
    product = ProductMachine(reference(GUARDED).netlist, reference(GUARDED_OTHERWISE.replace(right, wrong)).netlist)
    random_simulation.solve(product, Deadline(10))
    assert isinstance(three_valued.solve(product, Deadline(20)), Unknown)
    assert isinstance(deep_simulation.solve(product, Deadline(20)), Refuted)


def test_bounded_search_says_how_far_it_looked() -> None:
    answer = satisfiability.search(machine(REWRITTEN).three_valued, 5, Deadline(20))
    assert answer == Unknown(5)


def test_deep_simulation_reaches_far() -> None:
    wide = COUNTER.replace("[3:0]", "[11:0]")
    wrong = wide.replace("q + 1", "q == 1999 ? 0 : q + 1")
    product = ProductMachine(reference(wide).netlist, reference(wrong).netlist)
    answer = deep_simulation.solve(product, Deadline(30))
    assert isinstance(answer, Refuted)
    assert len(answer.stimulus.steps) > 2000


@pytest.mark.parametrize("solver", [induction, satisfiability, abc])
def test_no_time_means_unknown(solver: Solver) -> None:
    hard = """module m(input [11:0] a, input [11:0] b, output [23:0] y); assign y = {}; endmodule"""
    first = reference(hard.format("a * b"))
    second = reference(
        """module m(input [11:0] a, input [11:0] b, output logic [23:0] y);
        always_comb begin y = 0; for (int i = 11; i >= 0; i--) y = (y << 1) + (b[i] ? a : 0); end endmodule"""
    )
    assert isinstance(solver.solve(ProductMachine(first.netlist, second.netlist), Deadline(0.05)), Unknown)
