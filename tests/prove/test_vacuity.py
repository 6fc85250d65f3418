from __future__ import annotations

from chiploom.prove.vacuity import vacuous_bits
from prove.designs import reference


def bits(text: str, environment: str | None = None, constant: tuple[str, ...] = ()) -> list[str]:
    rules = None if environment is None else reference(environment).netlist
    return [str(bit) for bit in vacuous_bits(reference(text).netlist, rules, constant)]


def test_counter_without_reset_says_nothing() -> None:
    found = bits("module m(input clk, output logic [1:0] q); always_ff @(posedge clk) q <= q + 1; endmodule")
    assert found == ["q[0] is neither 0 nor 1", "q[1] is neither 0 nor 1"]


def test_reset_or_initial_value_defines_it() -> None:
    assert not bits("""module m(input clk, input rst, output logic [1:0] q);
      always_ff @(posedge clk) if (rst) q <= 0; else q <= q + 1; endmodule""")
    assert not bits("""module m(input clk, output logic [1:0] q);
      initial q = 0; always_ff @(posedge clk) q <= q + 1; endmodule""")


def test_value_that_is_never_reached_is_named() -> None:
    text = """module m(input clk, input rst, output logic [3:0] q);
      always_ff @(posedge clk) if (rst) q <= 0; else q <= q == 5 ? 0 : q + 1; endmodule"""
    assert bits(text) == ["q[3] is never 1"]
    assert not bits(text, constant=("q",))


def test_value_that_takes_many_cycles_is_found() -> None:
    assert not bits("""module m(input clk, input rst, output logic top); logic [7:0] n;
      always_ff @(posedge clk) if (rst) n <= 0; else n <= n + 1; assign top = n == 255; endmodule""")


def test_environment_can_make_a_reference_vacuous() -> None:
    text = "module m(input a, output y); assign y = a; endmodule"
    assert not bits(text)
    rules = "module environment(input a, output assume_ok); assign assume_ok = !a; endmodule"
    assert bits(text, rules) == ["y[0] is never 1"]
    silent = "module environment(input a, output compare_y); assign compare_y = 0; endmodule"
    assert bits(text, silent) == ["y[0] is neither 0 nor 1"]
