"""Wrong verdicts that attacks on the prover once got, and must not get again."""

from __future__ import annotations

import pytest

from chiploom.errors import LimitReached
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


# -- bits that only an asynchronous reset assigns: the front end leaves them without a driver

EDGES = "always @(posedge clk or posedge rst)"
HELD = {
    "one bit": f"""module m(input clk, input rst, input d, output reg [1:0] q);
      {EDGES} if (rst) q <= RESET; else q[1] <= d; endmodule""",
    "a whole register": f"""module m(input clk, input rst, input d, output reg [1:0] q, output reg p);
      {EDGES} if (rst) begin q <= RESET; p <= 0; end else p <= d; endmodule""",
    "assigned itself": f"""module m(input clk, input rst, input d, output reg [1:0] q, output reg p);
      {EDGES} if (rst) begin q <= RESET; p <= 0; end else begin q <= q; p <= d; end endmodule""",
    "blocking": f"""module m(input clk, input rst, input d, output reg [1:0] q);
      {EDGES} begin if (rst) q = RESET; else q[1] = d; end endmodule""",
    "blocking in the reset only": f"""module m(input clk, input rst, input d, output reg [1:0] q);
      {EDGES} begin if (rst) q = RESET; else q[1] <= d; end endmodule""",
    "joined": f"""module m(input clk, input rst, input d, output reg a, output reg b);
      {EDGES} if (rst) {{a, b}} <= RESET; else a <= d; endmodule""",
    "an escaped name": f"""module m(input clk, input rst, input d, output reg \\a+ , output reg b);
      {EDGES} if (rst) {{b, \\a+ }} <= RESET; else b <= d; endmodule""",
    "a structure with an enumeration": """module m(input clk, input rst_n, input e, input d, output [2:0] q);
      typedef enum logic [1:0] {A, B, C, D} name_t; typedef struct packed {logic x; name_t s;} all_t; all_t r;
      assign q = r;
      always_ff @(posedge clk, negedge rst_n) if (!rst_n) r <= '{1'b0, name_t'(RESET)}; else if (e) r.x <= d;
      endmodule""",
    "in an instance": f"""module s(input clk, input rst, input d, output reg [1:0] q);
      {EDGES} if (rst) q <= RESET; else q[1] <= d; endmodule
      module m(input clk, input rst, input d, output [1:0] q); s u(.*); endmodule""",
    "beside a set": """module m(input clk, input rst, input set, input d, output reg [1:0] q);
      always @(posedge clk or posedge rst or posedge set) if (rst) q <= RESET; else if (set) q <= 0; else q[1] <= d;
      endmodule""",
    "beside bits of another block": f"""module m(input clk, input rst, input d, output reg [3:0] q);
      {EDGES} if (rst) {{q[3 : 2], q[1]}} <= {{RESET, 1'b0}}; else {{q[2], q[1]}} <= {{d, q[2]}};
      always @(posedge clk) q[0] <= d; endmodule""",
    "beside bits of an assignment": f"""module m(input clk, input rst, input d, output logic [3:0] q);
      {EDGES} if (rst) q[3:2] <= RESET; else q[2] <= d;
      assign q[1:0] = {{d, d}}; endmodule""",
    "in a generate loop": f"""module m(input clk, input rst, input [1:0] d, output reg [3:0] q);
      for (genvar i = 0; i < 2; i = i + 1)
      {EDGES} if (rst) q[2 * i +: 2] <= RESET; else q[2 * i + 1] <= d[i]; endmodule""",
    "of its own in a generate loop": f"""module m(input clk, input rst, input [1:0] d, output [3:0] q);
      for (genvar i = 0; i < 2; i = i + 1) begin : g reg [1:0] r; integer k; assign q[2 * i +: 2] = r;
      {EDGES} if (rst) for (k = 0; k < 2; k = k + 1) r[k] <= RESET >> k; else r[1] <= d[i]; end endmodule""",
}


@pytest.mark.parametrize("name", HELD)
def test_a_bit_that_only_the_reset_assigns_keeps_its_value(name: str) -> None:
    good, wrong = (HELD[name].replace("RESET", value) for value in ("2'd3", "2'd2"))
    assert verdict(good, good).outcome is Outcome.PROVED
    assert verdict(good, wrong).outcome is Outcome.REFUTED


def test_a_functions_argument_of_the_same_name_is_no_register() -> None:
    plain = f"""module m(input clk, input rst, input v, input [1:0] d, output [1:0] y); reg [1:0] r;
      {EDGES} if (rst) r = 0; else if (v) r <= d; assign y = v ? r : 3; endmodule"""
    function = plain.replace("v ? r : 3;", "f(v, r);").replace(
        "endmodule",
        "function [1:0] f(input v, input [1:0] r); f = v ? r : 3; endfunction endmodule",
    )
    assert verdict(plain, function).outcome is Outcome.PROVED
    assert verdict(plain, function.replace("v ? r : 3", "v ? r : 2")).outcome is Outcome.REFUTED


def test_what_is_held_equals_the_same_written_out() -> None:
    written = f"""module m(input clk, input rst, input d, output [1:0] q); reg [1:0] s, n;
      {EDGES} if (rst) s <= 3; else s <= n;
      always_comb begin n = s & 2'b11; n[1] = d; end assign q = s; endmodule"""
    held = HELD["one bit"].replace("RESET", "2'd3")
    assert verdict(written, held).outcome is Outcome.PROVED
    assert verdict(held, written).outcome is Outcome.PROVED


def test_an_array_that_only_the_reset_assigns_is_not_read_as_unknown() -> None:
    text = f"""module m(input clk, input rst, input d, output [1:0] q); reg [1:0] t [0:1]; integer i;
      {EDGES} if (rst) for (i = 0; i < 2; i = i + 1) t[i] <= 3; else t[0] <= d; assign q = t[1]; endmodule"""
    with pytest.raises(LimitReached, match="reset"):
        verdict(text, text)


def test_bits_held_beside_another_block_are_named_by_number() -> None:
    text = f"""module m(input clk, input rst, input d, output reg [2:0] q); integer i;
      {EDGES} if (rst) for (i = 0; i < 2; i = i + 1) q[i] <= 1; else q[0] <= d;
      always @(posedge clk) q[2] <= d; endmodule"""
    with pytest.raises(LimitReached, match="reset"):
        verdict(text, text)


def test_a_trace_names_registers_not_the_wires_that_repeat_them() -> None:
    text = """module m(input clk, input rst, input d, output [1:0] y, output [2:0] z);
      reg [1:0] state; wire [2:0] again = {{1'b0, state}}; assign y = state; assign z = again;
      always @(posedge clk) if (rst) state <= 0; else state <= {}; endmodule"""
    found = verdict(text.format("{d, state[1]}"), text.format("{state[0], d}"))
    assert found.outcome is Outcome.REFUTED
    assert found.trace is not None
    assert {name for cycle in found.trace.cycles for name in cycle.registers} == {"state"}


# -- addresses outside a memory

MEMORY = """module m(input clk, input we, input [3:0] w, input [3:0] i, input [1:0] d, output [1:0] y);
  logic [1:0] t [{bounds}]; always_ff @(posedge clk) if (we) t[w] <= d; assign y = {read}; endmodule"""


@pytest.mark.parametrize(("bounds", "inside"), [("0:7", "i < 8"), ("0:4", "i < 5"), ("2:6", "i >= 2 && i < 7")])
def test_reading_outside_a_memory_is_unknown(bounds: str, inside: str) -> None:
    plain = MEMORY.format(bounds=bounds, read="t[i]")
    for other in ("2'd3", "2'd0", "~t[4]"):
        guarded = MEMORY.format(bounds=bounds, read=f"({inside}) ? t[i] : {other}")
        assert verdict(plain, guarded).outcome is Outcome.PROVED
        assert verdict(guarded, plain).outcome is Outcome.REFUTED
    assert verdict(plain, plain).outcome is Outcome.PROVED


def test_writing_outside_a_memory_writes_nothing() -> None:
    plain = MEMORY.format(bounds="0:4", read="t[i]")
    looped = plain.replace("if (we) t[w] <= d;", "for (int k = 0; k < 5; k++) if (we && w == k) t[k] <= d;")
    wrapped = plain.replace("t[w]", "t[w % 5]")
    assert verdict(plain, looped).outcome is Outcome.PROVED
    assert verdict(plain, wrapped).outcome is Outcome.REFUTED


def test_writing_to_an_unknown_address_may_write_any_word() -> None:
    text = """module m(input clk, input rst, input go, input [1:0] i, output logic [1:0] y);
      logic [1:0] t [0:2]; logic [1:0] a;
      always_ff @(posedge clk) begin
        if (go) a <= a;
        if (rst) begin t[0] <= 0; t[1] <= 0; t[2] <= 0; end else t[a] <= 3;
      end
      assign y = i < 3 ? t[i] : 0; endmodule"""
    untouched = text.replace("t[a] <= 3", "t[0] <= t[0]")
    assert verdict(untouched, text).outcome is Outcome.REFUTED
    assert verdict(text, untouched).outcome is not Outcome.REFUTED


def test_a_table_read_outside_is_unknown() -> None:
    table = """module m(input [2:0] i, output [1:0] y); logic [1:0] t [0:3];
      initial begin t[0] = 1; t[1] = 2; t[2] = 3; t[3] = 0; end assign y = t[{}]; endmodule"""
    assert verdict(table.format("i[1:0]"), table.format("i")).outcome is Outcome.REFUTED
    assert verdict(table.format("i"), table.format("i[1:0]")).outcome is Outcome.PROVED


@pytest.mark.parametrize(
    "silence", ["bufif0 b(y, 1'b1, 1'b1);", "bufif1 b(y, a, 1'b0);", "assign y = en & ~en ? a : 1'bz;"]
)
@pytest.mark.parametrize("way", ["assign y = a;", "buf b(y, a);"])
def test_an_output_that_nothing_drives_is_not_one_wired_to_an_input(silence: str, way: str) -> None:
    ports = "module m(input a, input en, output y);"
    assert verdict(f"{ports} {way} endmodule", f"{ports} {silence} endmodule").outcome is Outcome.REFUTED


def test_an_output_that_floats_sometimes_is_told_from_one_wired_to_an_input() -> None:
    ports = "module m(input a, input en, output y);"
    floating, wired = f"{ports} assign y = en ? a : 1'bz; endmodule", f"{ports} assign y = a; endmodule"
    assert verdict(floating, wired).outcome is Outcome.REFUTED
    assert verdict(wired, floating).outcome is Outcome.REFUTED
    assert verdict(floating, floating).outcome is Outcome.PROVED


def test_a_pad_wired_to_an_input_is_driven() -> None:
    ports = "module m(input a, inout io);"
    wired, silent = f"{ports} assign io = a; endmodule", f"{ports} endmodule"
    assert verdict(wired, silent).outcome is Outcome.REFUTED
    assert verdict(silent, wired).outcome is Outcome.REFUTED
    assert verdict(wired, wired).outcome is Outcome.PROVED
    assert verdict(wired, f"{ports} assign io = a ? 1'b1 : 1'b0; endmodule").outcome is Outcome.PROVED


PAD = "module m(input d, input en, inout io, output y); assign io = en ? d : 1'bz;"


@pytest.mark.parametrize("answer", ["assign y = io;", "buf b(y, io);", "assign y = en ? d : io;", "assign y = ~(~io);"])
@pytest.mark.parametrize("reference", ["assign y = io;", "buf b(y, io);"])
def test_an_output_that_shows_a_pad_shows_what_is_there(answer: str, reference: str) -> None:
    assert verdict(f"{PAD} {reference} endmodule", f"{PAD} {answer} endmodule").outcome is Outcome.PROVED


@pytest.mark.parametrize("answer", ["assign y = d;", "assign y = en & io;", "assign y = 1'bz;"])
def test_an_output_that_shows_something_else_is_refuted(answer: str) -> None:
    found = verdict(f"{PAD} assign y = io; endmodule", f"{PAD} {answer} endmodule")
    assert found.outcome in (Outcome.REFUTED, Outcome.REJECTED)


def test_a_pad_that_only_listens_must_not_be_driven() -> None:
    ports = "module m(inout io, output y); assign y = io;"
    assert verdict(f"{ports} endmodule", f"{ports} assign io = 1'b0; endmodule").outcome is Outcome.REFUTED
    assert verdict(f"{ports} endmodule", f"{ports} endmodule").outcome is Outcome.PROVED
