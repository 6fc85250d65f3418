"""Verdicts survive the trip out of the box unchanged, and nothing else does."""

import dataclasses
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chiploom
from chiploom import errors, messages
from chiploom.errors import ChiploomError, SubmissionRejected
from chiploom.grading import codec
from chiploom.hdl.diagnostics import Diagnostic
from chiploom.prove.trace import Cycle, Trace
from chiploom.prove.verdict import Limits, Measurement, Outcome, Verdict

LIMITS = [
    message.code.removeprefix("grading.limit-")
    for message in messages.all_messages()
    if message.code.startswith("grading.limit-")
]
texts = st.text(max_size=20)
mappings = st.dictionaries(texts, texts, max_size=3)
counts = st.integers(0, 10**9)
finite = st.floats(allow_nan=False, allow_infinity=False)
diagnostics = st.builds(
    Diagnostic,
    code=st.just("slang.Something"),
    severity=st.sampled_from(["error", "warning", "note"]),
    arguments=mappings,
    file=texts,
    line=counts,
    column=counts,
    excerpt=texts,
)
traces = st.builds(
    Trace,
    model=texts,
    clock=st.none() | texts,
    cycles=st.lists(st.builds(Cycle, mappings, mappings, mappings, mappings), max_size=3).map(tuple),
    failing=st.lists(texts, max_size=2).map(tuple),
    explanation=mappings,
    clock_edge=texts,
    signed=st.frozensets(texts, max_size=2),
)
verdicts = st.builds(
    Verdict,
    outcome=st.sampled_from(list(Outcome)),
    method=texts,
    bound=st.none() | counts,
    assumptions=st.lists(texts, max_size=3).map(tuple),
    measurements=st.lists(st.builds(Measurement, texts, finite, texts, st.none() | st.booleans()), max_size=2).map(
        tuple
    ),
    warnings=st.lists(diagnostics, max_size=2).map(tuple),
    diagnostics=st.lists(diagnostics, max_size=2).map(tuple),
    trace=st.none() | traces,
    limits=st.builds(Limits, st.floats(0.001, 1e6), counts, counts, counts),
    limit_hit=st.none() | st.sampled_from(LIMITS),
    reason=texts,
    tools=mappings,
    seconds=finite,
)
EXAMPLE = Verdict(
    outcome=Outcome.REFUTED,
    diagnostics=(Diagnostic("slang.X", "error", {"text": "t"}, "f.sv", 1, 2, "e"),),
    trace=Trace("cycle", "clk", (Cycle({"a": "1"}, {"q": "0"}, {"q": "1"}, {}),), ("q",), {"en": "s"}),
    measurements=(Measurement("area", 1.5, "um2", True),),
)


@pytest.mark.parametrize("kind", [Verdict, Trace, Cycle, Diagnostic, Measurement, Limits])
def test_no_field_was_added_that_gets_lost(kind: type) -> None:
    """Whoever adds a field here adds it to the codec and to the strategies above."""
    known = {
        Verdict: "outcome method bound assumptions measurements warnings diagnostics trace limits limit_hit reason "
        "tools seconds",
        Trace: "model clock cycles failing explanation clock_edge signed",
        Cycle: "inputs expected got registers",
        Diagnostic: "code severity arguments file line column excerpt",
        Measurement: "name value unit met",
        Limits: "time_s memory_mb memory_bits aig_nodes",
    }
    assert [field.name for field in dataclasses.fields(kind)] == known[kind].split()


@given(verdicts)
def test_verdict_comes_back_equal(verdict: Verdict) -> None:
    assert codec.decode(codec.encode(verdict)) == verdict


def test_every_message_of_the_table_can_be_sent() -> None:
    for message in messages.all_messages():
        fields = dict.fromkeys(_fields(message.texts["en"]), "x")
        diagnostic = Diagnostic(message.code, "warning", fields)
        verdict = Verdict(warnings=(diagnostic,))
        assert codec.decode(codec.encode(verdict)) == verdict


@pytest.mark.parametrize(
    "error",
    [
        errors.AmbiguousTopError("ambiguous-top", "a, b"),
        errors.ReferenceError_("reference-broken", "r.sv:1: no"),
        errors.PackError("unknown-kind", "k"),
        errors.BoxError("box-unavailable", "no Landlock"),
        errors.UsageError("unknown-top", "t"),
    ],
)
def test_error_comes_back_as_itself(error: ChiploomError) -> None:
    back = codec.decode(codec.encode(error))
    assert isinstance(back, ChiploomError)
    assert (type(back), back.code, back.message) == (type(error), error.code, error.message)


def test_error_of_an_unknown_kind_comes_back_as_the_nearest_known() -> None:
    back = codec.decode(codec.encode(SubmissionRejected(())))
    assert type(back) is ChiploomError
    assert back.code == "rejected"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80\x05K\x01.",
        b"[]",
        b"null",
        b"{}",
        b'{"outcome": "PROVED"}',
        b'{"error": "SystemExit", "code": "a", "message": "b"}',
        b'{"error": "ReferenceError_", "code": 1, "message": "b"}',
        b'{"error": ["ReferenceError_"], "code": "a", "message": "b"}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_anything_else_is_malformed(data: bytes) -> None:
    with pytest.raises(codec.Malformed):
        codec.decode(data)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, part in inner for deeper in paths(part, (*path, key)))]


@pytest.mark.parametrize("path", [path for path in paths(json.loads(codec.encode(EXAMPLE))) if path], ids=str)
@pytest.mark.parametrize("wrong", [math.nan, object, {"": [1]}], ids=["nan", "missing", "object"])
def test_a_wrong_value_anywhere_is_malformed_or_another_verdict_but_never_a_crash(
    path: tuple[Any, ...], wrong: Any
) -> None:
    value = json.loads(codec.encode(EXAMPLE))
    place = value
    for key in path[:-1]:
        place = place[key]
    if wrong is object:
        del place[path[-1]]
    else:
        place[path[-1]] = wrong
    try:
        found = codec.decode(json.dumps(value).encode())
    except codec.Malformed:
        return
    assert isinstance(found, Verdict)
    codec.encode(found)
    for language in messages.LANGUAGES:
        found.as_json(language)


@pytest.mark.parametrize("code", ["hdl.no-such-message", "nothing", "../../etc/passwd.x", "hdl.undeclared-name"])
def test_a_finding_without_wording_is_malformed(code: str) -> None:
    value = json.loads(codec.encode(EXAMPLE))
    value["diagnostics"][0][0] = code
    value["diagnostics"][0][2] = {}
    with pytest.raises(codec.Malformed):
        codec.decode(json.dumps(value).encode())


def test_every_limit_that_our_code_names_has_words() -> None:
    package = Path(chiploom.__file__).parent
    named = {
        name
        for path in package.rglob("*.py")
        for name in re.findall(r'(?:LimitReached\(|limit_hit=)\s*"([^"]+)"', path.read_text())
    }
    assert {"time", "memory", "crash", "replay", "aig_nodes"} <= named
    assert named <= set(LIMITS)


def test_a_limit_nobody_knows_is_malformed() -> None:
    value = json.loads(codec.encode(EXAMPLE))
    value["limit_hit"] = "\x1b[2J"
    with pytest.raises(codec.Malformed):
        codec.decode(json.dumps(value).encode())


def _fields(text: str) -> list[str]:
    import string

    return [name for _, name, _, _ in string.Formatter().parse(text) if name]
