"""VCD, read back by a strict reader written from the grammar of IEEE 1800, clause 21.7.2."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hypothesis import given

from chiploom.prove.trace import Trace, edge_follows, visible_inputs
from chiploom.prove.vcd import to_vcd
from prove.traces import counter_trace, trace_of_steps, traces

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*|\\[!-~]+")
CODE = re.compile(r"[!-~]+")


class Dump:
    """Variables by (scope, place in scope), and their values over time."""

    def __init__(self, text: str) -> None:
        assert text.isascii()
        self._words = iter(text.split())
        self.widths: dict[str, int] = {}
        self.names: dict[tuple[str, int], tuple[str, str]] = {}
        self.scopes: dict[str, int] = {}
        self._definitions()
        self.changes: dict[str, dict[int, str]] = {code: {} for code in self.widths}
        self.end = self._simulation()

    def _definitions(self) -> None:
        scope: list[str] = []
        for keyword in self._words:
            body = list(self._until_end())
            if keyword == "$enddefinitions":
                assert not body
                assert not scope
                return
            if keyword == "$scope":
                kind, name = body
                assert kind == "module"
                assert IDENTIFIER.fullmatch(name)
                scope.append(name)
            elif keyword == "$upscope":
                scope.pop()
            elif keyword == "$var":
                kind, width, code, name, *bounds = body
                assert kind in ("wire", "reg")
                assert CODE.fullmatch(code)
                assert IDENTIFIER.fullmatch(name), name
                assert bounds in ([], [f"[{int(width) - 1}:0]"])
                assert code not in self.widths
                self.widths[code] = int(width)
                (inside,) = scope
                place = self.scopes.setdefault(inside, 0)
                self.scopes[inside] += 1
                self.names[inside, place] = name, code
            else:
                assert keyword in ("$version", "$timescale", "$date", "$comment")
        raise AssertionError("no $enddefinitions")

    def _until_end(self) -> Iterator[str]:
        for word in self._words:
            if word == "$end":
                return
            yield word
        raise AssertionError("no $end")

    def _simulation(self) -> int:
        time = -1
        for word in self._words:
            if word[0] == "#":
                assert int(word[1:]) > time
                time = int(word[1:])
            elif word in ("$dumpvars", "$end"):
                continue
            elif word[0] == "b":
                code = next(self._words)
                assert len(word) - 1 == self.widths[code]
                self.changes[code][time] = word[1:]
            else:
                assert self.widths[word[1:]] == 1
                self.changes[word[1:]][time] = word[0]
        return time

    def values(self, code: str, times: Sequence[int]) -> list[str]:
        known = self.changes[code]
        assert 0 in known
        assert all(set(value) <= set("01xz") for value in known.values())
        return [known[max(time for time in known if time <= at)] for at in times]


def test_a_counter_with_its_clock() -> None:
    dump = Dump(to_vcd(counter_trace()))
    assert list(dump.scopes) == ["inputs", "expected", "got", "registers"]
    assert [dump.names["inputs", place][0] for place in range(3)] == ["clk", "rst", "en"]
    clock = dump.changes[dump.names["inputs", 0][1]]
    assert clock == {0: "0", 10: "1", 15: "0", 20: "1", 25: "0", 30: "1", 35: "0"}
    assert dump.values(dump.names["got", 0][1], [5, 15, 25, 35]) == ["1111", "0110", "0111", "0000"]
    assert dump.end == 40


def test_names_that_are_no_identifiers_are_escaped() -> None:
    text = to_vcd(trace_of_steps([{"$end": "1"}], [{"a b": "0"}], [{"a b": "1"}], [{"é": "1"}], failing=("a b",)))
    names = {name for name, _ in Dump(text).names.values()}
    assert names == {"clk", r"\$end", r"\a\u{20}b", r"\\u{e9}"}


def test_a_plain_run_has_outputs() -> None:
    dump = Dump(to_vcd(trace_of_steps([{"a": "1"}], [{}], [{"y": "z"}], failing=())))
    assert list(dump.scopes) == ["inputs", "outputs"]


@given(traces())
def test_any_trace_reads_back(trace: Trace) -> None:
    dump = Dump(to_vcd(trace))
    times = [index * 10 + 7 for index in range(len(trace.cycles))]
    has_clock = trace.clock is not None
    for scope, steps in {
        "inputs": [visible_inputs(trace.model, trace.clock, cycle.inputs) for cycle in trace.cycles],
        "expected": [cycle.expected for cycle in trace.cycles],
        "got": [cycle.got for cycle in trace.cycles],
        "registers": [cycle.registers for cycle in trace.cycles],
    }.items():
        offset = int(has_clock and scope == "inputs")
        assert dump.scopes.get(scope, 0) == len(steps[0]) + offset
        for place, name in enumerate(steps[0]):
            code = dump.names[scope, place + offset][1]
            assert dump.values(code, times) == [step[name] for step in steps]
    if has_clock:
        clock = dump.changes[dump.names["inputs", 0][1]]
        active = "1" if trace.clock_edge == "posedge" else "0"
        edges = {time // 10 for time, level in clock.items() if level == active}
        assert edges == {
            index + 1 for index, cycle in enumerate(trace.cycles[:-1]) if edge_follows(trace.model, cycle.inputs)
        }
