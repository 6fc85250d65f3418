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


_CHAINS = {
    "members": "assign y = {};".format("a." * 20_000 + "a"),
    "members of elements": "assign y = a{};".format(".b[0]" * 20_000),
    "casts": "assign y = a{};".format("'" * 20_000),
    "sets": "assign y = a{};".format(" inside {a}" * 20_000),
    "iterators": "assign y = a{};".format(" with (a)" * 20_000),
    "properties": "property p; {} a; endproperty".format("not " * 20_000),
    "times": "property p; {} a; endproperty".format("nexttime " * 20_000),
    "sequences": "sequence s; a{}; endsequence".format(" within a" * 20_000),
    "generated branches": "generate {} assign y = a; endgenerate".format("if (0) assign y = a; else " * 20_000),
    "branches": "always_comb begin {} y = a; end".format("if (a); else " * 20_000),
}


@pytest.mark.parametrize("chain", _CHAINS)
def test_long_chains_are_rejected_before_they_use_up_the_stack(chain: str) -> None:
    outcome = read(f"module t(input a, output logic y);\n{_CHAINS[chain]}\nendmodule\n")
    assert [found.code for found in outcome.found] == ["hdl.nesting-too-deep"]


def test_many_named_connections_are_no_chain() -> None:
    wide = "".join(f"assign y[{n}] = a[{n % 4}];\n" for n in range(3_000))
    connected = ", ".join(f".p{n}(a[{n % 4}])" for n in range(2_500))
    ports = ", ".join(f"input p{n}" for n in range(2_500))
    outcome = read(
        f"module part({ports}, output z); assign z = p0; endmodule\n"
        "module t(input [3:0] a, output [2999:0] y, output z);\n"
        f"{wide}part u({connected}, .z(z));\nendmodule\n"
    )
    assert outcome.accepted
