from __future__ import annotations

import pytest

from chiploom.errors import ReferenceError_
from chiploom.prove import engine
from chiploom.prove.verdict import Outcome, Verdict
from prove.designs import properties, submission

ARBITER = """module arbiter(input clk, input rst, input [1:0] request, output logic [1:0] grant);
  logic last;
  always_ff @(posedge clk)
    if (rst) begin grant <= 0; last <= 0; end
    else if (request == 2'b11) begin grant <= last ? 2'b01 : 2'b10; last <= ~last; end
    else grant <= request;
endmodule
"""
RULES = """module rules(input clk, input rst, input [1:0] request, input [1:0] grant);
  logic seen = 0;
  logic [1:0] asked;
  always_ff @(posedge clk) begin seen <= seen | rst; asked <= rst ? 0 : request; end
  always_comb if (seen) begin
    one_at_a_time: assert (grant != 2'b11);
    assert ((grant & ~asked) == 0);
  end
endmodule
"""


def check(rules: str, design: str) -> Verdict:
    return engine.prove_properties(properties(rules), submission(design))


def test_properties_are_proved() -> None:
    found = check(RULES, ARBITER)
    assert found.outcome is Outcome.PROVED, found


@pytest.mark.parametrize(
    ("before", "after", "failing"),
    [
        ("last ? 2'b01 : 2'b10", "2'b11", "one_at_a_time"),
        ("else grant <= request", "else grant <= ~request", "line 7"),
    ],
)
def test_failing_assertion_is_named(before: str, after: str, failing: str) -> None:
    found = check(RULES, ARBITER.replace(before, after))
    assert found.outcome is Outcome.REFUTED, found
    assert found.trace is not None
    assert failing in found.trace.failing
    assert all(failing in text for text in found.trace.explanation.values())


def test_assumption_limits_the_runs() -> None:
    assuming = RULES.replace("always_comb if (seen)", "always_comb assume (request != 2'b11);\n  always_comb if (seen)")
    found = check(assuming, ARBITER.replace("last ? 2'b01 : 2'b10", "2'b11"))
    assert found.outcome is Outcome.PROVED, found
    assert "the property module's assumptions hold in every step" in found.assumptions


def test_clocked_assertion_reads_values_before_the_edge() -> None:
    rules = """module rules(input clk, input rst, input [1:0] grant);
      logic seen = 0; always_ff @(posedge clk) begin seen <= seen | rst; if (seen) assert (grant != 3); end endmodule"""
    assert check(rules, ARBITER).outcome is Outcome.PROVED
    assert check(rules, ARBITER.replace("last ? 2'b01 : 2'b10", "2'b11")).outcome is Outcome.REFUTED


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ("module rules(input clk, input [1:0] grant); endmodule", "no-assertion"),
        (
            "module rules(input clk, input [1:0] grant); "
            "always_comb begin assume (0); assert (grant != 3); end endmodule",
            "assumptions-block",
        ),
        ("module rules(input clk, output x); assign x = clk; always_comb assert (x); endmodule", "properties-ports"),
    ],
)
def test_broken_properties_are_the_authors_fault(rules: str, code: str) -> None:
    design = ARBITER if code != "properties-ports" else ARBITER.replace("input rst", "input rst, output x")
    with pytest.raises(ReferenceError_) as caught:
        check(rules, design)
    assert caught.value.code == code


def test_port_the_submission_lacks_is_its_fault() -> None:
    found = check(RULES, ARBITER.replace("request", "req"))
    assert found.outcome is Outcome.REJECTED
    assert [d.code for d in found.diagnostics] == ["prove.port-missing"]


def test_clocked_assumption_speaks_at_its_own_edge_only() -> None:
    design = "module m(input [1:0] a, output [1:0] y); assign y = a; endmodule"
    rules = """module rules(input [1:0] a, input [1:0] y);
      always @(posedge a[0]) assume (a == 1); always_comb assert (y != 2); endmodule"""
    assert check(rules, design).outcome is Outcome.REFUTED


def test_clocked_assertion_needs_its_edge() -> None:
    design = """module m(input clk, input rst, input [1:0] d, output logic [1:0] q);
      always_ff @(posedge clk) q <= d; endmodule"""
    rules = "module rules(input rst, input [1:0] q); always @(posedge rst) assert (q != 3); endmodule"
    found = check(rules, design)
    assert found.outcome is Outcome.REFUTED, found
    assert found.trace is not None
    levels = [cycle.inputs["rst"] for cycle in found.trace.cycles]
    assert levels[-2:] == ["0", "1"]


def test_clock_read_by_a_check_is_data() -> None:
    design = "module m(input clk, input d, output logic q); always_ff @(posedge clk) q <= d; endmodule"
    rules = "module rules(input clk, input q); always_comb assert (clk); endmodule"
    assert check(rules, design).outcome is Outcome.REFUTED
