"""Where x can come from, in small designs whose answer is plain."""

from __future__ import annotations

import pytest

from chiploom.prove.unknowns import makes_unknowns
from prove.designs import reference


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("assign y = a & b;", False),
        ("assign y = a / b;", True),
        ("assign y = b[a[1:0]];", False),
        ("assign y = a === 4'bxxxx;", True),
        ("assign y = c ? a : 4'bz;", True),
        ("logic [3:0] r; always_ff @(posedge c) r <= r + a; assign y = r ^ b;", False),
        ("logic [3:0] r; always_latch if (c) r = a; assign y = r;", False),
        ("wire [3:0] u, v; assign u = ~(a & v); assign v = ~(b & u); assign y = u;", True),
    ],
)
def test_where_unknowns_come_from(body: str, expected: bool) -> None:
    ports = "input [3:0] a, input [3:0] b, input c, output [3:0] y"
    assert makes_unknowns(reference(f"module m({ports}); {body} endmodule").netlist) is expected
