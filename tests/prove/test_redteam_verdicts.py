"""Wrong verdicts that attacks on the prover once got, and must not get again."""

from __future__ import annotations

import pytest

from chiploom.prove.verdict import Outcome
from prove.designs import verdict


@pytest.mark.parametrize("exponent", ["3'sb111", "2'sd2", "-1"])
def test_a_negative_exponent_is_not_read_as_a_large_one(exponent: str) -> None:
    ports = "module m(input signed [3:0] a, output signed [3:0] y);"
    product = "*".join("a" for _ in range(int(exponent[-3:], 2) if exponent.endswith("111") else 2))
    found = verdict(f"{ports} assign y = a ** {exponent}; endmodule", f"{ports} assign y = {product}; endmodule")
    assert found.outcome is Outcome.UNDECIDED
    assert found.limit_hit == "unsupported-cell"


def test_a_positive_exponent_is_proved() -> None:
    ports = "module m(input signed [3:0] a, output signed [3:0] y);"
    found = verdict(f"{ports} assign y = a ** 3; endmodule", f"{ports} assign y = a * a * a; endmodule")
    assert found.outcome is Outcome.PROVED


OVERLAP = """module m(input [1:0] a, output reg y);
  always_comb {promise} casez (a) 2'b?1: y = 0; 2'b1?: y = 1; 2'b00: y = 0; endcase endmodule"""


@pytest.mark.parametrize("promise", ["unique", "unique0"])
@pytest.mark.parametrize("answer", ["a[1]", "a[1] & ~a[0]"])
def test_an_overlap_that_was_promised_away_is_unknown(promise: str, answer: str) -> None:
    plain = f"module m(input [1:0] a, output y); assign y = {answer}; endmodule"
    careless = OVERLAP.format(promise=promise)
    assert verdict(plain, careless).outcome is Outcome.REFUTED
    assert verdict(careless, plain).outcome is Outcome.PROVED


@pytest.mark.parametrize("promise", ["", "priority"])
def test_without_that_promise_the_first_arm_that_fits_counts(promise: str) -> None:
    ordered = OVERLAP.format(promise=promise)
    assert verdict("module m(input [1:0] a, output y); assign y = a[1] & ~a[0]; endmodule", ordered).outcome is (
        Outcome.PROVED
    )
    assert verdict("module m(input [1:0] a, output y); assign y = a[1]; endmodule", ordered).outcome is (
        Outcome.REFUTED
    )


@pytest.mark.parametrize(
    "arms",
    [
        "2'd0: y = 3; 2'd1: y = 1; 2'd2: y = 0; 2'd3: y = 2;",
        "2'd0, 2'd3: y = 3; 2'd1: y = 1; default: y = 0;",
    ],
)
def test_arms_of_different_constants_exclude_each_other(arms: str) -> None:
    text = f"module m(input [1:0] a, output reg [1:0] y); always_comb unique case (a) {arms} endcase endmodule"
    found = verdict(text.replace("unique", ""), text)
    assert found.outcome is Outcome.PROVED
