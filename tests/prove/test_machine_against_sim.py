"""The product machine's reading of designs against Yosys' simulator on random inputs: same values, no guess."""

from __future__ import annotations

import random

import pytest

from chiploom.hdl.read import Elaborated
from chiploom.logic.clocking import TimeModel
from chiploom.logic.simulation import interpreter
from chiploom.prove.machine import ProductMachine, latches_of
from chiploom.prove.simulation import simulate
from chiploom.prove.stimulus import Stimulus
from chiploom.prove.system import reduced
from prove.designs import reference

STEPS = 40

DESIGNS = {
    "counter with enable and load": """module m(input clk, input rst, input en, input ld, input [3:0] d,
      output logic [3:0] q, output logic top); assign top = &q & en;
      always_ff @(posedge clk) if (rst) q <= 0; else if (ld) q <= d; else if (en) q <= q + 1; endmodule""",
    "asynchronous reset, falling clock": """module m(input clk, input rst_n, input [2:0] d, output logic [2:0] q);
      always_ff @(negedge clk, negedge rst_n) if (!rst_n) q <= 3'b101; else q <= d ^ {q[1:0], q[2]}; endmodule""",
    "asynchronous load": """module m(input clk, input load, input [2:0] d, output logic [2:0] q);
      always_ff @(posedge clk, posedge load) if (load) q <= d; else q <= q + 3; endmodule""",
    "transparent latch": """module m(input en, input [1:0] d, output logic [1:0] q);
      always_latch if (en) q = d; endmodule""",
    "two clocks": """module m(input clk, input clk2, input d, output logic a, output logic b);
      always_ff @(posedge clk) a <= d; always_ff @(negedge clk2) b <= a ^ d; endmodule""",
    "gated clock": """module m(input clk, input en, input d, output logic q);
      logic hold; always_latch if (!clk) hold = en; wire g = clk & hold;
      always_ff @(posedge g) q <= d; endmodule""",
    "divided clock": """module m(input clk, input rst, output logic [1:0] q);
      always_ff @(posedge clk, posedge rst) if (rst) q[0] <= 0; else q[0] <= ~q[0];
      always_ff @(negedge q[0], posedge rst) if (rst) q[1] <= 0; else q[1] <= ~q[1]; endmodule""",
    "memory": """module m(input clk, input we, input [1:0] wa, input [1:0] ra, input [3:0] d, output logic [3:0] q,
      output logic [3:0] r); logic [3:0] store [0:3]; assign r = store[ra];
      always_ff @(posedge clk) begin if (we) store[wa] <= d; q <= store[ra]; end endmodule""",
    "arithmetic with sign": """module m(input signed [4:0] a, input signed [3:0] b, input [2:0] s, output logic [9:0] p,
      output logic [5:0] x, output logic c, output logic [4:0] h); assign p = a * b; assign x = a - b;
      assign c = a < b; assign h = a >>> s; endmodule""",
    "division": """module m(input signed [4:0] a, input signed [3:0] b, input [3:0] u, output logic signed [4:0] q,
      output logic signed [4:0] r, output logic [4:0] v); assign q = a / b; assign r = a % b; assign v = a / u;
      endmodule""",
    "indexing": """module m(input [10:0] a, input [3:0] i, input [2:0] j, output logic y, output logic [2:0] w,
      output logic [10:0] z); assign y = a[i]; assign w = a[i -: 3]; always_comb begin z = a; z[j +: 2] = i[1:0]; end
      endmodule""",
    "loops, functions, generate": """module m(input [7:0] a, output logic [3:0] ones, output logic [7:0] gray,
      output par);
      function automatic [3:0] count(input [7:0] v); count = 0; for (int i = 0; i < 8; i++) count += v[i]; endfunction
      assign ones = count(a); for (genvar i = 0; i < 7; i++) assign gray[i] = a[i] ^ a[i + 1];
      assign gray[7] = a[7];
      assign par = ^a; endmodule""",
    "wildcard case": """module m(input [3:0] r, output logic [1:0] y, output logic v);
      always_comb begin v = 1; casez (r) 4'b1???: y = 3; 4'b01??: y = 2; 4'b001?: y = 1; 4'b0001: y = 0;
      default: begin y = 'x; v = 0; end endcase end endmodule""",
    "initial values": """module m(input clk, input en, output logic [3:0] q, output logic t);
      initial begin q = 4'd9; t = 1; end
      always_ff @(posedge clk) if (en) begin q <= q - 1; t <= ^q; end endmodule""",
    "blocking order": """module m(input clk, input d, output logic a, output logic b);
      always @(posedge clk) begin a = d; b = a; a = ~a; end endmodule""",
    "structs and enums": """module m(input clk, input rst, input go, output logic [1:0] s, output logic busy);
      typedef enum logic [1:0] {IDLE, RUN, DONE} state_t; typedef struct packed {state_t state; logic flag;} all_t;
      all_t r; assign s = r.state; assign busy = r.flag;
      always_ff @(posedge clk) if (rst) r <= '{IDLE, 1'b0}; else case (r.state)
        IDLE: if (go) r <= '{RUN, 1'b1}; RUN: r <= '{DONE, 1'b1}; default: r <= '{IDLE, 1'b0}; endcase endmodule""",
}


def rows(machine: ProductMachine, draw: random.Random) -> list[dict[str, str]]:
    widths: dict[str, int] = {}
    for port, index in machine.inputs.values():
        widths[port] = max(widths.get(port, 0), index + 1)
    out: list[dict[str, str]] = []
    for step in range(STEPS):
        row = {name: "".join(draw.choice("01") for _ in range(width)) for name, width in widths.items()}
        if step < 2:
            row |= {name: "1" for name in row if name in ("rst", "load")} | {n: "0" for n in row if n == "rst_n"}
        if machine.model is TimeModel.GLOBAL_STEP and out:
            # A clock and its data never move together: the simulator settles races, the machine has no order for them.
            moving = {"clk", "clk2"} if step % 2 else set(row) - {"clk", "clk2"}
            row = {name: row[name] if name in moving else out[-1][name] for name in row}
        if machine.model is TimeModel.TICK:
            row["tick"] = draw.choice("01")
        out.append(row)
    return out


def machine_outputs(machine: ProductMachine, stimulus: list[dict[str, str]]) -> list[dict[str, str]]:
    side = machine.ternary
    rails = [rail for bit in side.outputs for rail in bit.value]
    system = reduced(machine.graph, latches_of(side), 0, 1, tuple(rails))
    literals = list(system.watched)
    step = interpreter(
        machine.graph,
        system.gates,
        system.inputs,
        [latch.node for latch in system.latches],
        literals,
        [latch.next for latch in system.latches],
        1,
    )
    state = tuple(latch.initial or 0 for latch in system.latches)
    out = []
    for row in stimulus:
        values = []
        for node in system.inputs:
            if node == machine.tick >> 1 and machine.model is TimeModel.TICK:
                values.append(int(row["tick"]))
            else:
                port, index = machine.inputs[node]
                values.append(int(row[port][::-1][index]))
        seen, state = step(values, state)
        words: dict[str, str] = {}
        for position, bit in enumerate(side.outputs):
            one, zero = seen[2 * position : 2 * position + 2]
            words[bit.port] = ("1" if one else "0" if zero else "x") + words.get(bit.port, "")
        out.append(words)
    return out


def simulator_outputs(
    design: Elaborated, machine: ProductMachine, stimulus: list[dict[str, str]]
) -> list[dict[str, str]]:
    if machine.model is not TimeModel.TICK:
        implied = machine.model is TimeModel.CYCLE
        trace = simulate(design.netlist, Stimulus(tuple(stimulus), implied))
        return [dict(cycle.got) for cycle in trace.cycles]
    # Two rows a step with the clock as an input: inputs move while it is idle, then the edge comes or not.
    assert machine.clock is not None
    idle, active = ("0", "1") if machine.clock_edge == "posedge" else ("1", "0")
    spread = []
    for row in stimulus:
        inputs = {name: value for name, value in row.items() if name != "tick"}
        spread.append(inputs | {machine.clock: idle})
        spread.append(inputs | {machine.clock: active if row["tick"] == "1" else idle})
    trace = simulate(design.netlist, Stimulus(tuple(spread), implied_clock=False))
    return [dict(cycle.got) for cycle in trace.cycles[::2]]


@pytest.mark.parametrize("name", DESIGNS)
def test_machine_and_simulator_agree(name: str) -> None:
    design = reference(DESIGNS[name])
    machine = ProductMachine(design.netlist, design.netlist)
    stimulus = rows(machine, random.Random(name))
    known = 0
    for step, (ours, theirs) in enumerate(
        zip(machine_outputs(machine, stimulus), simulator_outputs(design, machine, stimulus), strict=True)
    ):
        for port, word in theirs.items():
            for bit, (mine, actual) in enumerate(zip(ours[port], word, strict=True)):
                # Where the simulator knows, the machine knows the same. Where it does not, the machine may know more.
                assert actual in ("x", mine), (step, port, bit, stimulus[: step + 1], ours, theirs)
                known += actual != "x"
    assert known > STEPS // 4
