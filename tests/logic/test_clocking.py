from __future__ import annotations

import pytest

from chiploom.hdl.read import Rules, read_design
from chiploom.hdl.sources import Source
from chiploom.logic.clocking import TimeModel, clock_use, time_model


def model(*texts: str) -> tuple[TimeModel, str | None, str]:
    rules = Rules(origin="reference")
    return time_model([clock_use(read_design([Source("m.sv", text)], rules=rules).netlist) for text in texts])


def module(ports: str, body: str) -> str:
    return f"module m({ports}); {body} endmodule"


FLIP = module("input clk, input d, output logic q", "always_ff @(posedge clk) q <= d;")
FALLING = FLIP.replace("posedge", "negedge")
ASYNC = module(
    "input clk, input r, input d, output logic q", "always_ff @(posedge clk, posedge r) if (r) q <= 0; else q <= d;"
)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((module("input a, output y", "assign y = ~a;"),), (TimeModel.COMBINATIONAL, None, "posedge")),
        ((FLIP,), (TimeModel.CYCLE, "clk", "posedge")),
        ((FALLING,), (TimeModel.CYCLE, "clk", "negedge")),
        ((FLIP, FALLING), (TimeModel.GLOBAL_STEP, None, "posedge")),
        ((FLIP, ASYNC), (TimeModel.TICK, "clk", "posedge")),
        ((FLIP, module("input clk, input d, output q", "assign q = d;")), (TimeModel.CYCLE, "clk", "posedge")),
        (
            (FLIP, module("input clk, input d, output q", "assign q = d & clk;")),
            (TimeModel.GLOBAL_STEP, None, "posedge"),
        ),
        (
            (module("input en, input d, output logic q", "always_latch if (en) q = d;"),),
            (TimeModel.GLOBAL_STEP, None, "posedge"),
        ),
        (
            (
                module(
                    "input clk, input en, input d, output logic q", "wire g = clk & en; always_ff @(posedge g) q <= d;"
                ),
            ),
            (TimeModel.GLOBAL_STEP, None, "posedge"),
        ),
        (
            (
                module(
                    "input clk, input d, output logic q, output c", "always_ff @(posedge clk) q <= d; assign c = clk;"
                ),
            ),
            (TimeModel.GLOBAL_STEP, None, "posedge"),
        ),
    ],
)
def test_time_model(texts: tuple[str, ...], expected: tuple[TimeModel, str | None, str]) -> None:
    assert model(*texts) == expected
