"""The sign of a memory's address counts."""

import pytest

from chiploom.errors import LimitReached
from chiploom.prove.verdict import Outcome
from prove.designs import verdict

from .reading import read

HEAD = "module m(input c, w, input signed [2:0] a, input [1:0] d, output [1:0] q); reg [1:0] k [0:7];\n"
UNSIGNED = f"{HEAD}wire [2:0] b = a; always @(posedge c) if (w) k[b] <= d; assign q = k[b]; endmodule\n"
GUARDED = f"{HEAD}wire [2:0] b = a; always @(posedge c) if (w && !a[2]) k[b] <= d; assign q = k[b]; endmodule\n"


@pytest.mark.parametrize(
    "body",
    [
        "always @(posedge c) if (w) k[a] <= d; assign q = k[b];",
        "always @(posedge c) if (w) begin k[b] <= d; end assign q = k[a];",
        "always @(posedge c) for (int i = 0; i < 2; i++) if (w) k[a + 1 - 1'sd0][i] <= d[i]; assign q = k[b];",
    ],
)
def test_a_word_below_zero_is_none(body: str) -> None:
    found = verdict(UNSIGNED, f"{HEAD}wire [2:0] b = a; {body} endmodule\n")
    assert found.outcome is Outcome.REFUTED


def test_a_write_below_zero_changes_nothing() -> None:
    body = "wire [2:0] b = a; always @(posedge c) if (w) k[a] <= d; assign q = k[b];"
    assert verdict(GUARDED, f"{HEAD}{body} endmodule\n").outcome is Outcome.PROVED


def test_memories_in_instances_and_generate_blocks_are_found() -> None:
    part = HEAD.replace("module m", "module part").replace(" reg [1:0] k [0:7];", "")
    body = "wire [2:0] b = a; always @(posedge c) if (w) k[a] <= d[i]; assign q[i] = k[b];"
    whole = HEAD.replace(" reg [1:0] k [0:7];", "")
    got = (
        f"{part}for (genvar i = 0; i < 2; i++) begin : g reg k [7:0]; {body} end endmodule\n"
        f"{whole}part p(.*); endmodule\n"
    )
    assert verdict(GUARDED, got).outcome is Outcome.PROVED


@pytest.mark.parametrize(
    "body",
    [
        "reg k [-2:1]; always @(posedge c) if (w) k[a] <= d; assign q = k[a];",
        "reg k [0:3]; always @(posedge c) if (w) `AT <= d; assign q = k[a];",
    ],
)
def test_what_cannot_be_told_is_a_limit(body: str) -> None:
    outcome = read(f"`define AT k[a]\nmodule t(input c, w, d, input signed [1:0] a, output q);\n{body}\nendmodule\n")
    assert isinstance(outcome.error, LimitReached)
    assert outcome.error.limit == "unsupported-memory"
