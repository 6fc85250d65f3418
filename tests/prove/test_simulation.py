"""Designs simulated beside models of them in Python."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chiploom.hdl.netlist import Netlist
from chiploom.prove.simulation import pins_of, simulate
from chiploom.prove.stimulus import read_stimulus
from chiploom.prove.trace import Trace
from prove.designs import submission


def run(design: Netlist, text: str) -> Trace:
    return simulate(design, read_stimulus(text, "s.csv", pins_of(design)))


def column(trace: Trace, name: str) -> list[str]:
    return [{**cycle.registers, **cycle.got}[name] for cycle in trace.cycles]


def netlist(ports: str, body: str) -> Netlist:
    return submission(f"module m({ports});\n{body}\nendmodule\n").netlist


ACCUMULATOR = netlist(
    "input clk, input rst, input signed [4:0] d, output logic signed [7:0] sum, output [7:0] product",
    """logic [1:0] count;
    always_ff @(posedge clk) if (rst) begin sum <= 0; count <= 0; end
        else begin sum <= sum + d; count <= count + 1; end
    // One unsigned operand makes the whole expression unsigned.
    assign product = sum * d - (count >> 1);""",
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(-16, 15)), min_size=1, max_size=40))
def test_registers_and_arithmetic(steps: list[tuple[bool, int]]) -> None:
    trace = run(ACCUMULATOR, "rst,d\n1,0\n" + "".join(f"{int(reset)},{value}\n" for reset, value in steps))
    total, count = 0, 0
    for cycle, (reset, value) in zip(trace.cycles[1:], steps, strict=True):
        assert cycle.got["sum"] == f"{total % 256:08b}"
        assert cycle.got["product"] == f"{(total * (value % 32) - (count >> 1)) % 256:08b}"
        assert cycle.registers == {"count": f"{count:02b}"}
        total, count = (0, 0) if reset else (total + value, (count + 1) % 4)
    assert trace.cycles[0].got["sum"] == "x" * 8


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 255), st.integers(0, 255), st.integers(0, 7)), min_size=1, max_size=20),
)
def test_combinational_operators(rows: list[tuple[int, int, int]]) -> None:
    design = netlist(
        "input [7:0] a, input [7:0] b, input [2:0] s, output [8:0] sum, output [7:0] quotient, output [7:0] turned, "
        "output bit_of, output less, output odd",
        """assign sum = a + b; assign quotient = a / b; assign turned = (a << s) | (a >> (8 - s));
        assign bit_of = a[s]; assign less = $signed(a) < $signed(b); assign odd = ^a;""",
    )
    trace = run(design, "a,b,s\n" + "".join(f"{a},{b},{s}\n" for a, b, s in rows))
    assert trace.model == "combinational"
    assert trace.clock is None

    def signed(value: int) -> int:
        return value - 256 if value > 127 else value

    for cycle, (a, b, s) in zip(trace.cycles, rows, strict=True):
        assert cycle.got == {
            "sum": f"{a + b:09b}",
            "quotient": f"{a // b:08b}" if b else "x" * 8,
            "turned": f"{(a << s | a >> (8 - s)) & 255:08b}",
            "bit_of": str(a >> s & 1),
            "less": str(int(signed(a) < signed(b))),
            "odd": str(a.bit_count() % 2),
        }


def test_initial_values_count_and_the_rest_is_unknown() -> None:
    design = netlist(
        "input clk, input d, output logic [1:0] a, output logic b",
        "initial a = 2'b10; always_ff @(posedge clk) begin a <= {a[0], d}; b <= a[1]; end",
    )
    trace = run(design, "d\n1\nx\n0\n")
    assert column(trace, "a") == ["10", "01", "1x"]
    assert column(trace, "b") == ["x", "1", "0"]


def test_a_falling_edge_is_found() -> None:
    design = netlist("input ck, input d, output logic q", "always_ff @(negedge ck) q <= d;")
    trace = run(design, "d\n1\n0\n1\n")
    assert (trace.model, trace.clock, trace.clock_edge) == ("cycle", "ck", "negedge")
    assert column(trace, "q") == ["x", "1", "0"]


def test_both_edges_of_an_implied_clock_come_in_every_cycle() -> None:
    design = netlist(
        "input clk, input d, output logic up, output logic down",
        "always_ff @(posedge clk) up <= d; always_ff @(negedge clk) down <= up ^ d;",
    )
    trace = run(design, "d\n1\n0\n1\n1\n")
    assert trace.clock_edge == "posedge"
    # Sampled before the rising edge, so the falling edge of the cycle is past; the first cycle has none.
    assert column(trace, "up") == ["x", "1", "0", "1"]
    assert column(trace, "down") == ["x", "1", "1", "0"]


def test_a_clock_may_be_written_out() -> None:
    design = netlist("input clk, input d, output logic q", "always_ff @(posedge clk) q <= d;")
    trace = run(design, "clk,d\n0,1\n1,0\n0,0\n1,1\n")
    assert trace.model == "global-step"
    # A register takes what its data was before the edge.
    assert column(trace, "q") == ["x", "1", "1", "0"]


def test_two_clocks_have_to_be_written_out() -> None:
    design = netlist(
        "input a, input b, input d, output logic p, output logic q",
        "always_ff @(posedge a) p <= d; always_ff @(posedge b) q <= p;",
    )
    assert pins_of(design).clock is None
    assert set(pins_of(design).clocks) == {"a", "b"}
    trace = run(design, "a,b,d\n0,0,1\n1,0,1\n1,1,0\n0,1,0\n")
    assert column(trace, "p") == ["x", "1", "1", "1"]
    assert column(trace, "q") == ["x", "x", "1", "1"]


def test_asynchronous_reset_and_load_act_at_once() -> None:
    design = netlist(
        "input clk, input rst, input ld, input [1:0] d, output logic [1:0] q, output logic [1:0] l",
        """always_ff @(posedge clk, posedge rst) if (rst) q <= 0; else q <= q + 1;
        always_ff @(posedge clk, posedge ld) if (ld) l <= d; else l <= l + 1;""",
    )
    trace = run(design, "rst,ld,d\n1,1,2\n0,0,0\n0,0,0\n1,1,3\n0,1,1\n")
    assert column(trace, "q") == ["00", "00", "01", "00", "00"]
    assert column(trace, "l") == ["10", "10", "11", "11", "01"]


def test_memories_show_their_words() -> None:
    design = netlist(
        "input clk, input we, input [1:0] a, input [3:0] d, output [3:0] q",
        "logic [3:0] words [0:3]; always_ff @(posedge clk) if (we) words[a] <= d; assign q = words[a];",
    )
    trace = run(design, "we,a,d\n1,2,9\n1,1,3\n0,2,0\n")
    assert column(trace, "q") == ["xxxx", "xxxx", "1001"]
    assert column(trace, "words[2]") == ["xxxx", "1001", "1001"]
    assert column(trace, "words[1]") == ["xxxx", "xxxx", "0011"]


def test_a_pin_shows_who_drives_it() -> None:
    design = netlist("input oe, input d, inout p, output i", "assign p = oe ? d : 1'bz; assign i = p;")
    trace = run(design, "oe,d,p\n1,0,x\n1,1,0\n0,1,0\n0,0,1\n0,1,x\n")
    assert column(trace, "p") == ["0", "1", "0", "1", "x"]
    assert column(trace, "i") == column(trace, "p")


@pytest.mark.parametrize(("enables", "value"), [("10", "1"), ("01", "0"), ("00", "z"), ("11", "x")])
def test_a_bus_with_two_drivers(enables: str, value: str) -> None:
    design = netlist("input a, input b, output q", "assign q = a ? 1'b1 : 1'bz; assign q = b ? 1'b0 : 1'bz;")
    assert column(run(design, f"a,b\n{enables[0]},{enables[1]}\n"), "q") == [value]


def test_second_names_of_registers_are_left_out() -> None:
    design = netlist(
        "input clk, input d, output y",
        "logic a; wire same = a; always_ff @(posedge clk) a <= d; assign y = a ^ d; wire other = a & d;",
    )
    trace = run(design, "d\n1\n")
    assert len(trace.cycles[0].registers) == 1
