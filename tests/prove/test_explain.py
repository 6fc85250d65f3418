"""The sentences, word for word for English, and what must hold in any language for any trace."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from chiploom import messages
from chiploom.prove.counterexample import Counterexample
from chiploom.prove.explain import explain, trace_of
from chiploom.prove.trace import TICK, Trace
from prove.traces import counter_trace, trace_of_steps, traces


def english(trace: Trace) -> str:
    return explain(trace)["en"]


def test_a_register_is_explained_by_the_cycle_before() -> None:
    assert explain(counter_trace()) == {
        "en": "in cycle 4, after rst=0, en=1 and q=7 in cycle 3, your q became 0; expected 8",
        "vi": "ở chu kỳ 4, sau khi rst=0, en=1 và q=7 ở chu kỳ 3, q của bạn chuyển thành 0; đúng ra phải là 8",
        "fr": "au cycle 4, après rst=0, en=1 et q=7 au cycle 3, votre q est passé à 0\u00a0; attendu\u00a0: 8",
    }


def test_a_value_that_should_have_changed_stayed() -> None:
    trace = trace_of_steps([{"en": "1"}, {"en": "x"}], [{"q": "01"}, {"q": "10"}], [{"q": "01"}, {"q": "01"}])
    assert english(trace) == "in cycle 2, after en=1 and q=1 in cycle 1, your q stayed 1; expected 2"


def test_combinational_logic_is_explained_by_its_inputs() -> None:
    trace = trace_of_steps(
        [{"a": "1", "b": "0", "c": "xx"}], [{"y": "0"}], [{"y": "1"}], model="combinational", failing=("y",)
    )
    assert english(trace) == "with a=1 and b=0, your y is 1; expected 0"
    no_matter = replace(trace, cycles=(replace(trace.cycles[0], inputs={"a": "x", "b": "x", "c": "xx"}),))
    assert english(no_matter) == "whatever the inputs are, your y is 1; expected 0"


def test_an_output_of_inputs_and_state_names_both() -> None:
    trace = trace_of_steps([{"d": "0"}], [{"y": "0"}], [{"y": "1"}], [{"state": "10"}], failing=("y",))
    assert english(trace) == "in cycle 1, with d=0 and state=2, your y is 1; expected 0"


def test_a_power_up_value_depends_on_nothing() -> None:
    trace = trace_of_steps([{"d": "x"}], [{"q": "0"}], [{"q": "1"}])
    assert english(trace) == "in cycle 1, whatever the inputs are, your q is 1; expected 0"


def test_between_clock_edges() -> None:
    steps = [{"rst": "0", "d": "1", TICK: "0"}, {"rst": "1", "d": "x", TICK: "0"}]
    trace = trace_of_steps(steps, [{"q": "1"}, {"q": "0"}], [{"q": "1"}, {"q": "1"}], model="tick")
    assert english(trace) == "in cycle 2, with rst=1, your q is 1 before the next clock edge; expected 0"
    after_edge = trace_of_steps(
        [{**steps[0], TICK: "1"}, {"rst": "0", "d": "x", TICK: "0"}],
        [{"q": "0"}, {"q": "1"}],
        [{"q": "0"}, {"q": "0"}],
        model="tick",
    )
    assert english(after_edge) == "in cycle 2, with rst=0, after d=1 and q=0 in cycle 1, your q stayed 0; expected 1"


def test_an_input_called_tick_is_no_clock_edge() -> None:
    trace = trace_of_steps([{"tick": "1", TICK: "0"}], [{"q": "0"}], [{"q": "1"}], model="tick")
    assert "tick=1" in english(trace)


def test_a_clock_that_is_an_input_is_named() -> None:
    trace = trace_of_steps(
        [{"clk": "0", "d": "1"}, {"clk": "1", "d": "1"}],
        [{"q": "0"}, {"q": "1"}],
        [{"q": "0"}, {"q": "0"}],
        model="global-step",
    )
    assert english(trace).startswith("in cycle 2, with clk=1 and d=1, after clk=0 and q=0 in cycle 1, your q stayed 0")


def test_one_bit_is_named_where_a_value_is_not_definite() -> None:
    trace = trace_of_steps([{"a": "xx1x01xx"}], [{"y": "x10x"}], [{"y": "0x1x"}], model="combinational", failing=("y",))
    assert english(trace) == "with a[5]=1, a[3:2]=1, your y[1] is 1; expected 0"


def test_wide_values_are_hexadecimal_and_very_wide_ones_shortened() -> None:
    wide = trace_of_steps(
        [{"a": "1" * 32}], [{"y": "0" * 32}], [{"y": "1" * 32}], model="combinational", failing=("y",)
    )
    assert english(wide) == "with a=0xffffffff, your y is 0xffffffff; expected 0x00000000"
    very_wide = trace_of_steps(
        [{"a": "01" * 200}], [{"y": "0" * 400}], [{"y": "0" * 399 + "1"}], model="combinational", failing=("y",)
    )
    assert english(very_wide) == "with a=0x55555555…555555555, your y[0] is 1; expected 0"


def test_other_failing_ports_and_many_inputs_are_counted() -> None:
    inputs = {f"i{index}": "1" for index in range(9)}
    trace = trace_of_steps(
        [inputs], [{"y": "0", "z": "1"}], [{"y": "1", "z": "0"}], model="combinational", failing=("y", "z")
    )
    assert english(trace) == (
        "with i0=1, i1=1, i2=1, i3=1, i4=1 and 4 more inputs, your y is 1; expected 0 (also wrong: z)"
    )


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ("cycle", "in cycle 1, with a=1 and q=9, the assertion below fails"),
        ("combinational", "with a=1 and q=9, the assertion below fails"),
    ],
)
def test_an_assertion_is_named(model: str, sentence: str) -> None:
    trace = trace_of_steps([{"a": "1"}], [{}], [{"q": "1001"}], model=model, failing=("below",))
    assert english(trace) == sentence


def test_names_cannot_steer_a_terminal() -> None:
    name = "q\x1b[2J\u202e"
    trace = trace_of_steps([{name: "1"}], [{name: "0"}], [{name: "1"}], model="combinational", failing=(name,))
    for sentence in explain(trace).values():
        assert "\x1b" not in sentence
        assert "\u202e" not in sentence
        assert r"q\u{1b}[2J\u{202e}" in sentence


def test_a_counterexample_becomes_a_trace_with_its_sentence() -> None:
    shown = counter_trace()
    counterexample = Counterexample(
        model="cycle",
        clock="clk",
        clock_edge="negedge",
        inputs=tuple(cycle.inputs for cycle in shown.cycles),
        free=({},) * 4,
        power_up={},
        expected=tuple(cycle.expected for cycle in shown.cycles),
        got=tuple(cycle.got for cycle in shown.cycles),
        registers=tuple(cycle.registers for cycle in shown.cycles),
        failing=("q",),
    )
    trace = trace_of(counterexample)
    assert trace.cycles == shown.cycles
    assert trace.clock_edge == "negedge"
    assert trace.explanation == explain(counterexample) == explain(shown)


@given(traces())
def test_any_trace_has_a_sentence_in_every_language(trace: Trace) -> None:
    sentences = explain(trace)
    assert sentences.keys() == set(messages.LANGUAGES)
    for sentence in sentences.values():
        assert sentence
        assert "{" not in sentence.replace("\\u{", "") or any("{" in name for name in names(trace))
        assert sentence.replace("\u00a0", " ").isprintable()
    if trace.model != "combinational":
        assert all(str(len(trace.cycles)) in sentence for sentence in sentences.values())


def names(trace: Trace) -> set[str]:
    return {name for cycle in trace.cycles for part in (cycle.inputs, cycle.got, cycle.registers) for name in part}
