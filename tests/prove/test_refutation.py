from __future__ import annotations

from chiploom.prove.machine import ProductMachine
from chiploom.prove.refutation import counterexample, justify, shorten
from chiploom.prove.solvers import random_simulation, satisfiability
from chiploom.prove.system import Deadline, Refuted, Stimulus
from prove.designs import reference, verdict


def product(expected: str, got: str) -> ProductMachine:
    return ProductMachine(reference(expected).netlist, reference(got).netlist)


SHIFT = """module m(input clk, input [1:0] noise, input d, output logic q, output logic other);
  logic [1:0] s; always_ff @(posedge clk) s <= {s[0], d}; assign q = s[1]; assign other = ^noise; endmodule"""
TOO_SHORT = SHIFT.replace("q = s[1]", "q = s[0]")


def test_run_is_shortened_to_what_is_needed() -> None:
    machine = product(SHIFT, TOO_SHORT)
    answer = random_simulation.solve(machine, Deadline(10))
    assert isinstance(answer, Refuted)
    idle = dict.fromkeys(machine.inputs, 0)
    long = Stimulus(answer.stimulus.initial, (*(idle for _ in range(20)), *answer.stimulus.steps))
    shortest = satisfiability.search(machine.three_valued, 20, Deadline(10))
    assert isinstance(shortest, Refuted)
    assert len(shorten(machine.three_valued, long, Deadline(60)).steps) == len(shortest.stimulus.steps) == 3


def test_inputs_that_do_not_matter_are_open() -> None:
    machine = product(SHIFT, TOO_SHORT)
    answer = satisfiability.search(machine.three_valued, 20, Deadline(10))
    assert isinstance(answer, Refuted)
    claim = counterexample(machine, answer.stimulus, Deadline(60))
    assert all(row["noise"] == "xx" for row in claim.inputs)
    assert [row["d"] for row in claim.inputs][2] == "x"
    assert "x" not in (claim.inputs[0]["d"], claim.inputs[1]["d"])
    assert claim.inputs[0]["d"] != claim.inputs[1]["d"]
    assert [row["other"] for row in claim.expected] == ["-", "-", "-"]
    assert claim.failing == ("q",)


def test_justification_forces_the_difference() -> None:
    machine = product(SHIFT, TOO_SHORT)
    answer = satisfiability.search(machine.three_valued, 20, Deadline(10))
    assert isinstance(answer, Refuted)
    _, needed = justify(machine.three_valued, answer.stimulus, machine.shown())
    ports = [{machine.inputs[node][0] for node in step if node in machine.inputs} for step in needed]
    assert ports == [{"d"}, {"d"}, set()]


def test_reference_that_leaves_an_answer_open_is_told_from_inputs_that_do_not_matter() -> None:
    expected = """module m(input clk, input rst, input a, input b, output logic q, output logic free, output logic mix);
      always_ff @(posedge clk) if (rst) q <= 0; else q <= a; assign free = 1'bx; assign mix = b; endmodule"""
    found = verdict(expected, expected.replace("q <= a", "q <= ~a").replace("1'bx", "1'b1"))
    assert found.trace is not None
    first, last = found.trace.cycles[0], found.trace.cycles[-1]
    assert first.expected["q"] == "x"
    assert last.expected["free"] == "x"
    assert last.expected["mix"] == "-"


def test_port_named_tick_is_not_mistaken_for_the_clock_edge() -> None:
    ports = "input clk, input arst, input tick, output logic [1:0] q"
    expected = f"""module m({ports}); always_ff @(posedge clk, posedge arst)
      if (arst) q <= 0; else if (tick) q <= q + 1; endmodule"""
    found = verdict(expected, expected.replace("q + 1", "q + 2"))
    assert found.trace is not None
    assert {"tick", "$tick"} <= set(found.trace.cycles[0].inputs)


def test_signed_ports_read_as_signed() -> None:
    ports = "input signed [3:0] a, output logic signed [4:0] y"
    expected = f"module m({ports}); assign y = a - 5'sd1; endmodule"
    found = verdict(expected, f"module m({ports}); assign y = a; endmodule")
    assert found.trace is not None
    assert "y" in found.trace.signed
