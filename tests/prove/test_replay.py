"""Claims about runs, made by hand or by a model in Python; the simulator has to tell the true from the false."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from chiploom.hdl.netlist import Netlist
from chiploom.prove.counterexample import Counterexample
from chiploom.prove.replay import replay, replay_properties
from chiploom.prove.trace import TICK
from prove.designs import properties, reference, submission

Step = Mapping[str, str]


def module(ports: str, body: str) -> str:
    return f"module m({ports});\n{body}\nendmodule\n"


def claim(
    inputs: Sequence[Step],
    expected: Sequence[Step],
    got: Sequence[Step],
    *,
    model: Any = "cycle",
    failing: tuple[str, ...] = ("q",),
    **more: Any,
) -> Counterexample:
    values: dict[str, Any] = {
        "clock": "clk" if model in ("cycle", "tick") else None,
        "clock_edge": "posedge",
        "free": ({},) * len(inputs),
        "power_up": {},
        "registers": ({},) * len(inputs),
    }
    return Counterexample(
        model=model,
        inputs=tuple(inputs),
        expected=tuple(expected),
        got=tuple(got),
        failing=failing,
        **(values | more),
    )


def power_up(netlist: Netlist, value: int) -> dict[int, int]:
    return {net: value for cell in netlist.cells for net in cell.connections.get("Q", ())}


COUNTER_PORTS = "input clk, input rst, input en, output logic [3:0] q"
COUNTER = module(COUNTER_PORTS, "always_ff @(posedge clk) if (rst) q <= 0; else if (en) q <= q + 1;")
WRAPS = module(COUNTER_PORTS, "always_ff @(posedge clk) if (rst) q <= 0; else if (en) q <= q == 2 ? 0 : q + 1;")


def counted(enables: str, wraps_at: int) -> list[Step]:
    """The counter in Python: reset in the first cycle, then one enable a cycle."""
    values, value = ["xxxx"], 0
    for enable in enables:
        values.append(f"{value:04b}")
        if enable == "1":
            value = 0 if value == wraps_at else (value + 1) % 16
    return [{"q": text} for text in [*values, f"{value:04b}"][: len(enables) + 1]]


def counter_claim(enables: str = "1x11x") -> Counterexample:
    enables = enables.replace("x", "0")
    inputs = [{"rst": "1", "en": "x"}, *({"rst": "0", "en": enable} for enable in enables)]
    got = [dict(step) for step in counted(enables, 2)]
    got[0]["q"] = "1111"
    design = submission(WRAPS).netlist
    return claim(inputs, counted(enables, 15), got, power_up=power_up(design, 1), registers=[{} for _ in inputs])


def replayed(found: Counterexample, got: str = WRAPS) -> tuple[bool, str]:
    result = replay(found, reference(COUNTER).netlist, submission(got).netlist)
    return result.confirmed, result.reason


def test_a_true_claim_is_confirmed() -> None:
    assert replayed(counter_claim()) == (True, "")


def test_registers_are_held_against_their_names() -> None:
    found = counter_claim()
    assert replayed(replace(found, registers=found.got)) == (True, "")
    lies = (*found.got[:-1], {"q": "1010"})
    assert not replayed(replace(found, registers=lies))[0]


@pytest.mark.parametrize(
    ("part", "cycle", "value"),
    [
        ("got", -1, "1011"),  # no such value comes out
        ("got", 2, "0111"),  # nor earlier
        ("expected", -1, "0111"),  # the reference says otherwise
        ("expected", 1, "0001"),
    ],
)
def test_a_false_value_is_not_confirmed(part: str, cycle: int, value: str) -> None:
    found = counter_claim()
    steps = list(getattr(found, part))
    steps[cycle] = {"q": value}
    confirmed, reason = replayed(replace(found, **{part: tuple(steps)}))
    assert not confirmed
    assert "q is" in reason and value in reason


def test_an_input_that_does_matter_may_not_be_left_open() -> None:
    found = counter_claim()
    opened = tuple({**step, "en": "x"} for step in found.inputs)
    confirmed, _ = replayed(replace(found, inputs=opened))
    assert not confirmed


def test_the_right_design_is_never_refuted() -> None:
    confirmed, reason = replayed(counter_claim(), got=COUNTER)
    assert not confirmed
    assert reason.startswith("cycle 6")


def test_what_the_reference_leaves_open_may_not_be_claimed_definite() -> None:
    never_reset = module("input clk, input d, output logic q", "always_ff @(posedge clk) q <= q ^ d;")
    stuck = module("input clk, input d, output logic q", "assign q = 0;")
    for value in "01":
        found = claim([{"d": "0"}], [{"q": value}], [{"q": "0"}])
        result = replay(found, reference(never_reset).netlist, submission(stuck).netlist)
        assert not result.confirmed
        assert "reference" in result.reason


def test_an_initial_value_of_the_reference_counts() -> None:
    starts = module("input clk, input d, output logic q", "initial q = 1; always_ff @(posedge clk) q <= q & d;")
    stuck = module("input clk, input d, output logic q", "assign q = 0;")
    found = claim([{"d": "x"}], [{"q": "1"}], [{"q": "0"}])
    assert replay(found, reference(starts).netlist, submission(stuck).netlist).confirmed


def test_free_values_are_driven_as_claimed() -> None:
    right = module("input a, output q", "assign q = a;")
    careless = submission(module("input a, output q", "assign q = a ? 1'bx : 1'b0;")).netlist
    driven = {bit for cell in careless.cells for pin in cell.outputs for bit in cell.connections[pin]}
    driven |= set(careless.ports["a"].bits)
    (free,) = {bit for cell in careless.cells for bits in cell.connections.values() for bit in bits if bit > 1} - driven
    for value, confirmed in ((0, True), (1, False)):
        found = claim([{"a": "1"}], [{"q": "1"}], [{"q": "0"}], model="combinational", free=({free: value},))
        assert replay(found, reference(right).netlist, careless).confirmed is confirmed


def test_x_of_the_simulator_is_believed_only_where_it_can_arise() -> None:
    ports = "input [3:0] a, input [3:0] b, output [3:0] q"
    safe = reference(module(ports, "assign q = b == 0 ? 4'd15 : a / b;")).netlist
    divides = submission(module(ports, "assign q = a / b;")).netlist
    by_zero = [{"a": "0111", "b": "0000"}]
    found = claim(by_zero, [{"q": "1111"}], [{"q": "0000"}], model="combinational")
    assert replay(found, safe, divides).confirmed
    other = claim([{"a": "0111", "b": "0001"}], [{"q": "0111"}], [{"q": "0000"}], model="combinational")
    assert not replay(other, safe, divides).confirmed


ASYNCHRONOUS = module(
    "input clk, input rst, input d, output logic q",
    "always_ff @(posedge clk, posedge rst) if (rst) q <= 0; else q <= d;",
)
SYNCHRONOUS = module(
    "input clk, input rst, input d, output logic q", "always_ff @(posedge clk) if (rst) q <= 0; else q <= d;"
)


def test_between_clock_edges_only_the_asynchronous_reset_acts() -> None:
    inputs = [
        {"rst": "0", "d": "1", TICK: "1"},
        {"rst": "1", "d": "x", TICK: "0"},
    ]
    found = claim(inputs, [{"q": "x"}, {"q": "0"}], [{"q": "0"}, {"q": "1"}], model="tick")
    submitted = submission(SYNCHRONOUS).netlist
    found = replace(found, power_up=power_up(submitted, 0))
    assert replay(found, reference(ASYNCHRONOUS).netlist, submitted).confirmed
    # With no edge after the first cycle the register still holds what it powered up with.
    without_edge = replace(found, inputs=({**inputs[0], TICK: "0"}, inputs[1]))
    assert not replay(without_edge, reference(ASYNCHRONOUS).netlist, submitted).confirmed


def test_a_port_called_tick_is_an_input_like_any_other() -> None:
    ports = "input clk, input rst, input tick, output logic q"
    right = module(ports, "always_ff @(posedge clk, posedge rst) if (rst) q <= 0; else q <= tick;")
    wrong = module(ports, "always_ff @(posedge clk, posedge rst) if (rst) q <= 0; else q <= ~tick;")
    inputs = [{"rst": "0", "tick": "0", TICK: "1"}, {"rst": "0", "tick": "x", TICK: "0"}]
    submitted = submission(wrong).netlist
    found = claim(inputs, [{"q": "x"}, {"q": "0"}], [{"q": "0"}, {"q": "1"}], model="tick")
    assert replay(replace(found, power_up=power_up(submitted, 0)), reference(right).netlist, submitted).confirmed


def test_an_asynchronous_load_takes_the_data_of_its_own_cycle() -> None:
    ports = "input clk, input ld, input [1:0] d, output logic [1:0] q"
    body = "always_ff @(posedge clk, posedge ld) if (ld) q <= d{}; else q <= q + 1;"
    inputs = [{"ld": "0", "d": "00", TICK: "0"}, {"ld": "1", "d": "10", TICK: "0"}]
    submitted = submission(module(ports, body.format(" ^ 1"))).netlist
    found = claim(inputs, [{"q": "xx"}, {"q": "10"}], [{"q": "00"}, {"q": "11"}], model="tick")
    found = replace(found, power_up=power_up(submitted, 0))
    assert replay(found, reference(module(ports, body.format(""))).netlist, submitted).confirmed


def test_a_falling_edge_is_a_falling_edge() -> None:
    ports = "input clk, input d, output logic q"
    falling = "always_ff @(negedge clk) q <= {}d;"
    submitted = submission(module(ports, falling.format("~"))).netlist
    inputs = [{"d": "1"}, {"d": "x"}]
    found = claim(inputs, [{"q": "x"}, {"q": "1"}], [{"q": "0"}, {"q": "0"}], clock_edge="negedge")
    found = replace(found, power_up=power_up(submitted, 0))
    assert replay(found, reference(module(ports, falling.format(""))).netlist, submitted).confirmed


def test_latches_and_both_edges_are_seen_in_global_steps() -> None:
    ports = "input clk, input d, output logic q"
    latch = reference(module(ports, "always_latch if (clk) q = d;")).netlist
    flop = submission(module(ports, "always_ff @(posedge clk) q <= d;")).netlist
    inputs = [{"clk": "0", "d": "1"}, {"clk": "1", "d": "1"}, {"clk": "1", "d": "0"}]
    found = claim(
        inputs,
        [{"q": "x"}, {"q": "1"}, {"q": "0"}],
        [{"q": "0"}, {"q": "1"}, {"q": "1"}],
        model="global-step",
        power_up=power_up(flop, 0),
    )
    assert replay(found, latch, flop).confirmed
    assert not replay(replace(found, inputs=inputs[:2] + inputs[1:2]), latch, flop).confirmed


def test_a_pin_that_is_not_driven_is_z() -> None:
    ports = "input oe, input d, inout q, output i"
    right = reference(module(ports, "assign q = oe ? d : 1'bz; assign i = q;")).netlist
    swapped = submission(module(ports, "assign q = oe ? 1'bz : d; assign i = q;")).netlist
    found = claim(
        [{"oe": "0", "d": "0", "q": "1"}],
        [{"q": "z", "i": "1"}],
        [{"q": "0", "i": "0"}],
        model="combinational",
        failing=("q", "i"),
    )
    assert replay(found, right, swapped).confirmed
    assert not replay(replace(found, expected=({"q": "1", "i": "1"},)), right, swapped).confirmed


def test_the_environment_decides_what_is_allowed_and_compared() -> None:
    ports = "input clk, input push, input [1:0] d, output valid, output [1:0] q"
    right = reference(module(ports, "assign valid = push; assign q = push ? d : 2'd0;")).netlist
    wrong = submission(module(ports, "assign valid = push; assign q = 2'd3;")).netlist
    environment = reference(
        """module environment(input clk, input push, input [1:0] d, input valid, input [1:0] q,
            output assume_ok, output compare_q);
            assign assume_ok = d != 2'd3; assign compare_q = valid;
        endmodule"""
    ).netlist

    def found(push: str, data: str, expected: str) -> Counterexample:
        return claim(
            [{"push": push, "d": data}],
            [{"valid": push, "q": expected}],
            [{"valid": push, "q": "11"}],
            model="combinational",
        )

    assert replay(found("1", "01", "01"), right, wrong, environment).confirmed
    assert not replay(found("0", "01", "00"), right, wrong, environment).confirmed
    forbidden = replay(found("1", "11", "11"), right, wrong, environment)
    assert not forbidden.confirmed
    assert "assume_ok" in forbidden.reason


def test_memories_show_as_registers_of_their_words() -> None:
    ports = "input clk, input we, input [0:0] a, input [1:0] d, output [1:0] q"
    body = "logic [1:0] words [0:1]; always_ff @(posedge clk) if (we) words[a] <= {}; assign q = words[a];"
    right = reference(module(ports, body.format("d"))).netlist
    wrong = submission(module(ports, body.format("~d"))).netlist
    inputs = [{"we": "1", "a": "1", "d": "01"}, {"we": "x", "a": "1", "d": "xx"}]
    found = claim(
        inputs,
        [{"q": "xx"}, {"q": "01"}],
        [{"q": "00"}, {"q": "10"}],
        power_up=power_up(wrong, 0),
        registers=({"words[1]": "00"}, {"words[1]": "10"}),
    )
    assert replay(found, right, wrong).confirmed
    lie = replay(replace(found, registers=({"words[1]": "00"}, {"words[1]": "11"})), right, wrong)
    assert not lie.confirmed
    assert "words[1]" in lie.reason


def test_names_may_be_anything() -> None:
    ports = "input \\a$(touch·me)* , input \\b;[3] , output \\q{1'b0} "
    ports = ports.replace("·", "_")
    right = reference(module(ports, "assign \\q{1'b0} = \\a$(touch_me)* & \\b;[3] ;")).netlist
    wrong = submission(module(ports, "assign \\q{1'b0} = \\a$(touch_me)* | \\b;[3] ;")).netlist
    names = list(right.ports)
    found = claim(
        [{names[0]: "1", names[1]: "0"}],
        [{names[2]: "0"}],
        [{names[2]: "1"}],
        model="combinational",
        failing=(names[2],),
    )
    assert replay(found, right, wrong).confirmed


PROPERTIES = """module p(input clk, input rst, input en, input [3:0] q);
    logic [3:0] last; logic seen = 0;
    always_ff @(posedge clk) begin
        last <= q; seen <= !rst;
        if (seen && !rst) steps: assert (q == last || q == last + 1);
    end
    always_comb begin
        assume (!(rst && en));
        if (!rst) low: assert (q != 9);
    end
endmodule"""


def property_claim(failing: str, inputs: Sequence[Step], got: Sequence[str]) -> tuple[bool, str]:
    rules = properties(PROPERTIES).netlist
    wrong = submission(WRAPS).netlist
    start = {net: int(bit) for net, bit in zip(wrong.ports["q"].bits, reversed(got[0]), strict=True)}
    found = claim(inputs, [{}] * len(inputs), [{"q": value} for value in got], failing=(failing,), power_up=start)
    result = replay_properties(found, rules, wrong)
    return result.confirmed, result.reason


def test_assertions_fail_where_claimed() -> None:
    wrapping = [{"rst": "0", "en": "1"}, {"rst": "0", "en": "x"}]
    assert property_claim("steps", wrapping, ["0010", "0000"]) == (True, "")
    assert property_claim("low", [{"rst": "0", "en": "x"}], ["1001"]) == (True, "")


def test_assertions_that_hold_are_not_confirmed() -> None:
    counting = [{"rst": "0", "en": "1"}, {"rst": "0", "en": "x"}]
    assert property_claim("steps", counting, ["0001", "0010"])[0] is False
    # In the first cycle nothing was seen before.
    assert property_claim("steps", counting[:1], ["0010"])[0] is False
    # Another assertion than the one claimed fails.
    assert property_claim("steps", [{"rst": "0", "en": "x"}], ["1001"])[0] is False


def test_a_run_that_breaks_an_assumption_is_not_allowed() -> None:
    confirmed, reason = property_claim("low", [{"rst": "1", "en": "1"}, {"rst": "0", "en": "x"}], ["1001", "0000"])
    assert not confirmed
    assert "assumption" in reason
