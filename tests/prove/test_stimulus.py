"""Inputs as learners write them, and every way to get them wrong."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chiploom.errors import UsageError
from chiploom.prove.stimulus import MOST_CYCLES, Pins, parse_value, read_stimulus

PINS = Pins(widths={"clk": 1, "en": 1, "d": 8}, outputs=frozenset({"q"}), clock="clk", clocks=("clk",))


def rows(text: str, pins: Pins = PINS) -> list[dict[str, str]]:
    return [dict(cycle) for cycle in read_stimulus(text, "s.csv", pins).cycles]


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("0", "00000000"),
        ("42", "00101010"),
        ("4_2", "00101010"),
        ("-1", "11111111"),
        ("-128", "10000000"),
        ("0x2a", "00101010"),
        ("0X2A", "00101010"),
        ("0b10_1010", "00101010"),
        ("0o52", "00101010"),
        ("8'h2a", "00101010"),
        ("'h2a", "00101010"),
        ("8'sb101010", "00101010"),
        ("6'o52", "00101010"),
        ("8'd42", "00101010"),
        ("'d42", "00101010"),
        ("8'b1x1", "000001x1"),
        ("8'hfx", "1111xxxx"),
        ("x", "xxxxxxxx"),
        ("Z", "xxxxxxxx"),
        (" 7 ", "00000111"),
        ("0255", "11111111"),
    ],
)
def test_values_as_people_write_them(text: str, bits: str) -> None:
    assert parse_value(text, 8) == bits


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("256", "too-wide"),
        ("-129", "too-wide"),
        ("0x100", "too-wide"),
        ("9'h1ff", "too-wide"),
        ("8'h1ff", "too-wide"),
        ("4'h1f", "bad-value"),
        ("8'd256", "too-wide"),
        ("4'd16", "bad-value"),
        ("-" + "9" * 999, "too-wide"),
        ("8'b2", "bad-value"),
        ("8'dx1", "bad-value"),
        ("0b", "bad-value"),
        ("0x_", "bad-value"),
        ("'h_", "bad-value"),
        ("", "bad-value"),
        ("1.5", "bad-value"),
        ("true", "bad-value"),
        ("\u0663", "bad-value"),
        ("9" * 5000, "bad-value"),
    ],
)
def test_values_that_are_none(text: str, kind: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_value(text, 8)
    assert caught.value.args[0] == kind
    assert len(caught.value.args[1]) < 200


@given(st.integers(1, 100).flatmap(lambda width: st.tuples(st.just(width), st.integers(0, 2**width - 1))))
def test_every_notation_means_the_same(case: tuple[int, int]) -> None:
    width, number = case
    bits = f"{number:0{width}b}"
    for text in (
        str(number),
        f"{number:#x}",
        f"{number:#b}",
        f"{number:#o}",
        f"{width}'h{number:x}",
        f"{width}'b{bits}",
        f"{width}'d{number}",
    ):
        assert parse_value(text, width) == bits
    if bits[0] == "1":
        assert parse_value(str(number - (1 << width)), width) == bits


def test_csv_with_the_clock_left_out() -> None:
    stimulus = read_stimulus("\ufeffd, en\r\n# comment\r\n\r\n0x0f,1\r\nx,0\r\n", "s.csv", PINS)
    assert stimulus.implied_clock
    assert [dict(cycle) for cycle in stimulus.cycles] == [
        {"d": "00001111", "en": "1"},
        {"d": "xxxxxxxx", "en": "0"},
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_separators_of_any_country(separator: str) -> None:
    text = "\n".join(separator.join(cells) for cells in (("en", "d", "clk"), ("1", "2", "0"), ("1", "3", "1")))
    stimulus = read_stimulus(text, "s.csv", PINS)
    assert not stimulus.implied_clock
    assert [cycle["clk"] for cycle in stimulus.cycles] == ["0", "1"]


def test_wavedrom_lanes() -> None:
    drawing = {
        "signal": [
            {"name": "clk", "wave": "p....."},
            {},
            [
                "group",
                {"name": "en", "wave": "01.0x|"},
                ["inner", {"name": "d[7:0]", "wave": "=.3x4|", "data": "1 0x20 7"}],
            ],
            {"name": "q", "wave": "x====="},
        ]
    }
    stimulus = read_stimulus(json.dumps(drawing), "s.json", PINS)
    assert stimulus.implied_clock
    assert "".join(cycle["en"] for cycle in stimulus.cycles) == "0110xx"
    shown = [cycle["d"] for cycle in stimulus.cycles]
    assert shown == ["00000001", "00000001", "00100000", "xxxxxxxx", "00000111", "00000111"]


def test_a_design_with_nothing_but_a_clock() -> None:
    pins = Pins(widths={"clk": 1}, outputs=frozenset(), clock="clk", clocks=("clk",))
    stimulus = read_stimulus('{"signal": [{"name": "clk", "wave": "p..."}]}', "s.json", pins)
    assert stimulus.implied_clock
    assert len(stimulus.cycles) == 4
    assert rows("clk\n0\n1\n", pins) == [{"clk": "0"}, {"clk": "1"}]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "empty", "name the inputs"),
        ("\n\n# nothing\n", "empty", "name the inputs"),
        ("d,en\n", "empty", "no cycle"),
        ("d,enn\n1,1\n", "unknown-input", "did you mean en?"),
        ("d,zzzz\n1,1\n", "unknown-input", "inputs: clk, en, d"),
        ("d,q\n1,1\n", "output", "give inputs only"),
        ("d,en,d\n1,1,1\n", "duplicate", "line 1"),
        ("d\n1\n", "missing-input", "no values for en"),
        ("d,en\n1\n", "missing-value", "line 2: no value for en"),
        ("d,en\n1,\n", "missing-value", "line 2: no value for en"),
        ("d,en\n1,1,1\n", "extra-value", "3 values for 2 inputs"),
        ("d,en\n\n\nfoo,1\n", "bad-value", "line 4: d: 'foo'"),
        ("d,en\n1,2\n", "too-wide", "largest: 1"),
        ("d,en\n" + "1,1\n" * (MOST_CYCLES + 1), "too-long", str(MOST_CYCLES)),
        ("{", "bad-json", "line 1"),
        ("{'signal': []}", "bad-json", "double quotes"),
        ("{}", "bad-json", '"signal"'),
        ('{"signal": []}', "empty", "name the inputs"),
        ('{"signal": [{"name": "e", "wave": "0"}]}', "unknown-input", "did you mean en?"),
        ('{"signal": [{"name": "en", "wave": "0"}, {"name": "en", "wave": "0"}]}', "duplicate", "two lanes"),
        ('{"signal": [{"name": "en", "wave": "010"}, {"name": "d", "wave": "0."}]}', "bad-wave", "equally long"),
        ('{"signal": [{"name": "en", "wave": "0"}, {"name": "d", "wave": "?"}]}', "bad-wave", "? is no input value"),
        ('{"signal": [{"name": "en", "wave": "."}]}', "bad-wave", "cycle 1"),
        ('{"signal": [{"name": "en", "wave": "0", "period": 2}]}', "bad-wave", "period"),
        ('{"signal": [{"name": "d", "wave": "==", "data": ["1"]}]}', "missing-value", "cycle 2"),
        ('{"signal": [{"name": "d", "wave": "=", "data": ["300"]}]}', "too-wide", "lane d, cycle 1"),
        ("[" * 100_000, "unknown-input", "no input"),
        ('{"signal": ' + "[" * 100_000, "bad-json", "line"),
    ],
)
def test_every_mistake_has_its_code_and_place(text: str, code: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_stimulus(text, "s.csv", PINS)
    assert caught.value.code == f"stimulus-{code}"
    assert caught.value.message.startswith("s.csv")
    assert words in caught.value.message
    assert "\n" not in caught.value.message


def test_several_clocks_each_need_a_column() -> None:
    pins = Pins(widths={"a": 1, "b": 1}, outputs=frozenset(), clock=None, clocks=("a", "b"))
    with pytest.raises(UsageError, match="several clocks"):
        read_stimulus("a\n1\n", "s.csv", pins)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    for attempt in (text, "d,en\n" + text, '{"signal": [{"name": "d", "wave": ' + json.dumps(text) + "}]}"):
        try:
            stimulus = read_stimulus(attempt, "s", PINS)
        except UsageError as error:
            assert error.code.startswith("stimulus-")
            assert error.message.isprintable() or "\n" not in error.message
        else:
            for cycle in stimulus.cycles:
                assert {name: len(bits) for name, bits in cycle.items()}.items() <= PINS.widths.items()
