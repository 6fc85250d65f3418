"""Frames come out as they went in, however they are cut up; pickles from a box hold values only."""

import os
import pickle
import socket
import threading
from collections import OrderedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chiploom.grading import frames
from chiploom.grading.comparison import PreparedComparison
from chiploom.grading.job import Comparison
from chiploom.hdl.diagnostics import Diagnostic
from chiploom.hdl.read import Elaborated
from chiploom.hdl.sources import Source
from chiploom.logic.aig import AndInverterGraph
from chiploom.prove.verdict import Outcome


@given(st.lists(st.binary(max_size=300), max_size=8), st.lists(st.integers(1, 50), min_size=1))
def test_assembler_puts_pieces_together(bodies: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(len(body).to_bytes(8, "little") + body for body in bodies)
    assembler = frames.Assembler()
    found: list[bytes] = []
    position = turn = 0
    while position < len(stream):
        size = cuts[turn % len(cuts)]
        found += assembler.feed(stream[position : position + size])
        position, turn = position + size, turn + 1
    assert found == bodies


def test_assembler_refuses_a_frame_that_announces_too_much() -> None:
    with pytest.raises(ValueError, match="1024"):
        frames.Assembler(max_bytes=1000).feed((1024).to_bytes(8, "little"))


def test_pipe_carries_frames_larger_than_itself() -> None:
    reading, writing = os.pipe()
    body = os.urandom(1_000_000)
    writer = threading.Thread(target=frames.write_frame, args=(writing, b"head", body))
    writer.start()
    assert frames.read_frame(reading) == b"head" + body
    writer.join()
    os.write(writing, b"abc")
    os.close(writing)
    assert frames.read_frame(reading) is None
    os.close(reading)


def test_receive_tells_that_the_other_side_is_gone() -> None:
    ours, theirs = socket.socketpair()
    frames.send(ours, {"a": 1})
    ours.close()
    assert frames.receive(theirs) == {"a": 1}
    with pytest.raises(EOFError):
        frames.receive(theirs)
    theirs.close()


def test_values_come_back() -> None:
    value = PreparedComparison(
        Comparison(reference=(Source("a", "b"),)),
        properties=Elaborated(None, (Diagnostic("slang.X", "note", {"text": "t"}),), "top"),  # type: ignore[arg-type]
    )
    assert frames.unpickle_values(pickle.dumps(value)) == value
    plain = {
        "set": {1},
        "frozen": frozenset({2}),
        "ordered": OrderedDict(a=1),
        "kind": Outcome.PROVED,
        "n": (1.5, None),
    }
    assert frames.unpickle_values(pickle.dumps(plain)) == plain
    graph = AndInverterGraph()
    product = graph.and_(graph.new_input(), graph.new_input())
    assert frames.unpickle_values(pickle.dumps(graph)).and_(2, 4) == product


class Evil:
    def __init__(self, function: object, *arguments: object) -> None:
        self.reduced = (function, arguments)

    def __reduce__(self) -> object:
        return self.reduced


@pytest.mark.parametrize(
    "value",
    [
        Evil(os.system, "touch planted"),
        Evil(eval, "1+1"),
        Evil(getattr, "x", "upper"),
        Evil(frames.write_frame, 1, b"x"),
        Evil(pickle.loads, b"N."),
        Evil(__import__, "os"),
    ],
)
def test_functions_do_not(value: Evil) -> None:
    with pytest.raises(pickle.UnpicklingError):
        frames.unpickle_values(pickle.dumps(value))


@pytest.mark.parametrize(
    "name",
    [
        ("chiploom.grading.frames", "os"),
        ("chiploom.grading.frames", "os.system"),
        ("chiploom.grading.frames", "Assembler"),
        ("chiploom.grading.worker", "main"),
        ("chiploom.cli.demo", "main"),
    ],
)
def test_names_of_our_own_that_are_no_values_do_not(name: tuple[str, str]) -> None:
    def short(text: str) -> bytes:
        return b"\x8c" + bytes([len(text)]) + text.encode()

    data = b"\x80\x04" + short(name[0]) + short(name[1]) + b"\x93."
    with pytest.raises(pickle.UnpicklingError):
        frames.unpickle_values(data)
