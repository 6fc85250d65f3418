"""Damaged and random text: only documented outcomes come out, and the process lives or says why it died."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chiploom.hdl.sources import Source

from .reading import Outcome, read

DESIGNS = (
    """module t #(parameter W = 4)(input clk, rst, en, input [W-1:0] d, output reg [W-1:0] q, output full);
  wire [W-1:0] next = en ? q + d : q;  // đếm
  always @(posedge clk or posedge rst) if (rst) q <= 0; else q <= next;
  assign full = &q;
endmodule
""",
    """`define STEP(x) (x + 1)
typedef enum logic [1:0] {IDLE, RUN, DONE} state_t;
module t(input clk, input go, output logic busy, inout pin);
  state_t state, next;
  always_comb begin next = state;
    case (state) IDLE: if (go) next = RUN; RUN: next = DONE; default: next = IDLE; endcase end
  always_ff @(posedge clk) state <= next;
  assign busy = state == RUN, pin = busy ? go : 1'bz;
  logic [3:0] m [0:3]; initial for (int i = 0; i < 4; i++) m[i] = `STEP(i);
endmodule
""",
    """module part(input [3:0] a, output y); function f(input [3:0] v); f = ^v; endfunction assign y = f(a); endmodule
module t(input [3:0] a, output [1:0] y); genvar i;
  generate for (i = 0; i < 2; i = i + 1) begin : g part u(.a(a ^ i), .y(y[i])); end endgenerate
endmodule
""",
)  # fmt: skip
WORDS = re.compile(r"\s+|\w+|.")


def documented(outcome: Outcome) -> None:
    for found in outcome.found:
        for language in ("en", "vi", "fr"):
            assert "\n" not in found.text(language)
        assert found.severity in ("error", "warning")
    assert outcome.accepted or outcome.rejected or outcome.error is not None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), st.sampled_from(DESIGNS), st.integers(1, 6))
def test_damaged_designs(chance: random.Random, design: str, changes: int) -> None:
    words = WORDS.findall(design)
    for _ in range(changes):
        place = chance.randrange(len(words))
        other = chance.choice(WORDS.findall(chance.choice(DESIGNS)))
        kind = chance.randrange(4)
        if kind == 0:
            del words[place]
        elif kind == 1:
            words.insert(place, other)
        elif kind == 2:
            words[place] = other
        else:
            words = words[:place] + words[place + chance.randrange(9) :]
        if not words:
            break
    documented(read("".join(words) or ";"))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda data: data.decode("utf-8", "surrogateescape")))
def test_noise(text: str) -> None:
    documented(read([Source("noise.sv", text)], fallback_top="t"))


@pytest.mark.parametrize("design", DESIGNS)
def test_truncated_files(design: str) -> None:
    for end in range(1, len(design), 97):
        documented(read(design[:end]))


@pytest.mark.parametrize("design", DESIGNS)
def test_the_undamaged_ones_are_accepted(design: str) -> None:
    assert read(design).accepted
