"""Verdicts on random small machines against explicit exploration of all reachable pairs of states."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from chiploom.prove.verdict import Outcome
from prove.designs import verdict


@dataclass(frozen=True)
class Machine:
    """A Moore or Mealy machine: tables over state (and input)."""

    start: int
    following: tuple[tuple[int, ...], ...]
    output: tuple[tuple[int, ...], ...]

    @property
    def states(self) -> int:
        return len(self.following)

    def verilog(self, encoding: tuple[int, ...]) -> str:
        arms = []
        for state, (row, outputs) in enumerate(zip(self.following, self.output, strict=True)):
            for symbol, (target, value) in enumerate(zip(row, outputs, strict=True)):
                arms.append(f"{{3'd{encoding[state]}, 1'd{symbol}}}: begin n = {encoding[target]}; y = {value}; end")
        return f"""module m(input clk, input x, output logic [1:0] y);
          logic [2:0] s, n;
          initial s = {encoding[self.start]};
          always_ff @(posedge clk) s <= n;
          always_comb case ({{s, x}})
            {chr(10).join(arms)}
            default: begin n = s; y = 0; end
          endcase
        endmodule"""


@st.composite
def machines(draw: st.DrawFn) -> Machine:
    count = draw(st.integers(1, 5))
    state = st.integers(0, count - 1)
    rows = st.lists(st.tuples(state, state), min_size=count, max_size=count)
    values = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=count, max_size=count)
    return Machine(draw(state), tuple(draw(rows)), tuple(draw(values)))


def shortest_difference(one: Machine, other: Machine) -> int | None:
    """Return the number of steps of a shortest run with different outputs."""
    frontier = {(one.start, other.start)}
    seen = set(frontier)
    steps = 1
    while frontier:
        following = set()
        for a, b in frontier:
            for symbol in (0, 1):
                if one.output[a][symbol] != other.output[b][symbol]:
                    return steps
                pair = (one.following[a][symbol], other.following[b][symbol])
                if pair not in seen:
                    seen.add(pair)
                    following.add(pair)
        frontier = following
        steps += 1
    return None


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Machine, Machine]:
    one = draw(machines())
    if draw(st.booleans()):
        return one, draw(machines())
    # A near copy: one entry changed, which may or may not be reachable.
    row, symbol = draw(st.integers(0, one.states - 1)), draw(st.integers(0, 1))
    rows = [list(entry) for entry in one.following]
    rows[row][symbol] = draw(st.integers(0, one.states - 1))
    return one, Machine(one.start, tuple((r[0], r[1]) for r in rows), one.output)


@settings(max_examples=120, deadline=None)
@given(pairs(), st.permutations(range(8)))
def test_verdict_equals_exploration(pair: tuple[Machine, Machine], codes: list[int]) -> None:
    one, other = pair
    found = verdict(one.verilog(tuple(range(8))), other.verilog(tuple(codes)), power_up="initial")
    shortest = shortest_difference(one, other)
    if shortest is None:
        assert found.outcome is Outcome.PROVED, found
    else:
        assert found.outcome is Outcome.REFUTED, found
        assert found.bound is not None
        assert found.bound >= shortest


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 4).flatmap(
        lambda n: st.tuples(st.just(n), st.integers(0, 2 ** (2**n) - 1), st.integers(0, 2 ** (2**n) - 1))
    )
)
def test_combinational_verdict_equals_the_truth_table(case: tuple[int, int, int]) -> None:
    inputs, one, other = case

    def module(table: int) -> str:
        size = 1 << inputs
        return f"""module m(input [{inputs - 1}:0] a, output y);
          wire [{size - 1}:0] t = {size}'d{table}; assign y = t[a]; endmodule"""

    def sum_of_products(table: int) -> str:
        terms = [f"a == {row}" for row in range(1 << inputs) if table >> row & 1] or ["1'b0"]
        return f"module m(input [{inputs - 1}:0] a, output y); assign y = {' || '.join(terms)}; endmodule"

    found = verdict(module(one), sum_of_products(other))
    assert found.outcome is (Outcome.PROVED if one == other else Outcome.REFUTED), found
