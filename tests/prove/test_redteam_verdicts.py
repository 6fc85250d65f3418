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
