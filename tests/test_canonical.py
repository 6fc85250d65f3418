"""Vectors: RFC 8785, sections 3.2.2 to 3.2.4 and appendix B."""

import json
import math
import shutil
import struct
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chiploom import canonical

APPENDIX_B = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]

SECTION_3_2_2 = r"""{
  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
  "literals": [null, true, false]
}"""
SECTION_3_2_4 = bytes.fromhex(
    "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a"
    "5b3333333333333333332e333333333333332c31652b33302c342e352c302e3030322c31652d3237"
    "5d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d"
)
SECTION_3_2_3 = r"""{
  "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
  "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
  "\u00f6": "Latin Small Letter O With Diaeresis"
}"""
SECTION_3_2_3_ORDER = [
    "Carriage Return",
    "One",
    "Control",
    "Latin Small Letter O With Diaeresis",
    "Euro Sign",
    "Emoji: Grinning Face",
    "Hebrew Letter Dalet With Dagesh",
]


def double(bits: str) -> float:
    value: float = struct.unpack(">d", bytes.fromhex(bits))[0]
    return value


@pytest.mark.parametrize(("bits", "expected"), APPENDIX_B)
def test_appendix_b_numbers(bits: str, expected: str) -> None:
    assert canonical.format_number(double(bits)) == expected
    assert canonical.canonicalise(double(bits)) == expected.encode()


@pytest.mark.parametrize("bits", ["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"])
def test_appendix_b_refusals(bits: str) -> None:
    with pytest.raises(ValueError, match="not a JSON number"):
        canonical.canonicalise(double(bits))


def test_section_3_2_2_gives_the_bytes_of_3_2_4() -> None:
    assert canonical.canonicalise(canonical.parse(SECTION_3_2_2)) == SECTION_3_2_4


def test_section_3_2_3_order() -> None:
    ordered = json.loads(canonical.canonicalise(canonical.parse(SECTION_3_2_3)))
    assert list(ordered.values()) == SECTION_3_2_3_ORDER


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 1}',
        '{"a": {"b": 1, "\\u0062": 2}}',
        "NaN",
        "-Infinity",
        "1e400",
        "9007199254740993",
        "9" * 5000,
        '"\\ud800"',
        '{"\\udfff": 1}',
        "[" * 65 + "]" * 65,
        "[" * 200_000,
        "",
        "{} {}",
        "\ufeff{}",
        "{'a': 1}",
        "[1,]",
        "01",
    ],
    ids=lambda text: text[:20],
)
def test_parse_refuses(text: str) -> None:
    with pytest.raises(ValueError):
        canonical.parse(text)


def test_a_large_whole_double_is_read_back() -> None:
    # ECMAScript spells 2^53 without exponent; a neighbour that no double holds stays refused.
    assert canonical.parse("9007199254740992") == 2.0**53
    with pytest.raises(ValueError, match="beyond"):
        canonical.parse("9007199254740993")


def test_parse_refuses_other_encodings() -> None:
    with pytest.raises(ValueError):
        canonical.parse("{}".encode("utf-16"))
    with pytest.raises(ValueError):
        canonical.parse(b'"\xff"')


@pytest.mark.parametrize("value", [{1: 2}, {"a": {1, 2}}, b"bytes", "\ud800", 2**53, [float("nan")], object()])
def test_canonicalise_refuses_what_json_cannot_hold(value: Any) -> None:
    with pytest.raises(ValueError):
        canonical.canonicalise(value)


def test_canonicalise_refuses_a_tree_without_end() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(ValueError, match="nested too deeply"):
        canonical.canonicalise(endless)


def test_empty_containers_and_nesting() -> None:
    assert canonical.canonicalise({"b": [], "a": {}, "c": [[], {"z": None}]}) == b'{"a":{},"b":[],"c":[[],{"z":null}]}'


def test_hashes() -> None:
    # FIPS 180-2, appendix B.1
    assert canonical.sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert canonical.hash_of({"b": 1, "a": 2.0}) == canonical.sha256_hex(b'{"a":2,"b":1}')
    assert canonical.hash_of([], b"salt") == canonical.sha256_hex(b"salt[]")


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-canonical.MAX_SAFE_INTEGER, canonical.MAX_SAFE_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"))
)
trees = st.recursive(
    scalars,
    lambda children: (
        st.lists(children, max_size=5) | st.dictionaries(st.text(st.characters(codec="utf-8")), children, max_size=5)
    ),
    max_leaves=20,
)


@given(trees)
def test_canonical_text_parses_to_the_same_value_and_is_a_fixed_point(tree: Any) -> None:
    first = canonical.canonicalise(tree)
    assert canonical.parse(first) == tree
    assert canonical.canonicalise(canonical.parse(first)) == first


@given(trees)
def test_where_the_fast_encoder_is_used_it_spells_as_the_careful_one(tree: Any) -> None:
    parts: list[str] = []
    canonical._write(tree, parts)
    assert canonical.canonicalise(tree) == "".join(parts).encode()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_read_back_exactly(value: float) -> None:
    assert float(canonical.format_number(value)) == value


@pytest.mark.skipif(shutil.which("node") is None, reason="compares with node's own Number::toString when it is there")
def test_numbers_agree_with_an_ecmascript_engine() -> None:
    state, values = 0x9E3779B97F4A7C15, []
    while len(values) < 5000:
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        value = struct.unpack(">d", state.to_bytes(8, "big"))[0]
        if math.isfinite(value):
            values.append(value)
    values += [digit * 10.0**exponent for digit in (1, 1.5, 123456789) for exponent in range(-25, 26)]
    script = "console.log(JSON.stringify(JSON.parse(require('fs').readFileSync(0)).map(String)))"
    answer = subprocess.run(
        ["node", "-e", script], input=json.dumps(values), capture_output=True, text=True, check=True
    )
    assert [canonical.format_number(value) for value in values] == json.loads(answer.stdout)
