"""The rewrites the benchmarks use are equivalent: the built-in references, rewritten, are proved."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Outcome
from chiploom.tasks import isolate, kinds
from chiploom.tasks.load import load_pack, load_task
from chiploom.tasks.syntax import with_parameters

BENCHMARKS = Path(__file__).resolve().parent.parent.parent / "benchmarks"


@pytest.fixture(autouse=True)
def _path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))


def rewritten(text: str) -> dict[str, str]:
    from rewrites import rewrites

    return dict(rewrites(text))


FSM = """module m(input clk, input reset, input in, input [3:0] a, input [3:0] b,
         output out, output [3:0] v, output reg [3:0] r);
  parameter A = 0, B = 1, C = 2;
  reg [1:0] state, next;
  always @(*) begin
    case (state)
      A: next = in ? B : A;
      B: next = in ? B : C;
      default: next = A;
    endcase
  end
  always @(posedge clk) if (reset) state <= A; else state <= next;
  always @(posedge clk) r <= (a & b) | r;
  assign out = (state == B) && in;
  assign v = in ? a : b;
endmodule
"""

EXPECTED = {
    "renamed": "n2_etats",
    "re-encoded": "A = 2, B = 1, C = 0",
    "if-to-conditional": "state <= (reset) ? (A) : (next)",
    "conditional-to-if": "if (in) v = a;",
    "negated-if": "if (!(reset))",
    "case-to-if": "if (((state) == (A)))",
    "split-next-state": "state <= state_next",
    "complemented-registers": "state_stored <= ~state_next",
    "through-function": "function automatic",
    "split-modules": "m_part",
    "de-morgan": "(!(!(",
    "commuted": "((in) && (",
    "without-xor": "(!((state) ^ (B)))",
}


@pytest.mark.parametrize(("rule", "words"), EXPECTED.items())
def test_each_rule_does_what_its_name_says(rule: str, words: str) -> None:
    assert words in rewritten(FSM)[rule]


def test_a_state_that_shows_is_not_re_encoded() -> None:
    assert "re-encoded" not in rewritten(FSM.replace("assign v = in ? a : b;", "assign v = state;"))
    assert "re-encoded" not in rewritten(FSM.replace("(state == B) && in", "state[0]"))
    assert "re-encoded" not in rewritten(FSM.replace("(state == B) && in", "state + 1 == B"))


def cases() -> Iterator[tuple[str, str, str]]:
    for task_id in ("one-hot", "saturating-adder", "register-enable", "fsm-mealy", "traffic-lights", "arbiter-fixed"):
        task = load_task(load_pack(), task_id)
        (reference,) = with_parameters(task.reference, task.top, task.parameters)
        yield from ((task_id, rule, text) for rule, text in rewritten(reference.text).items())


def test_rewritten_references_are_proved() -> None:
    outcomes = {}
    for task_id, rule, text in cases():
        task = load_task(load_pack(), task_id)
        verdict = isolate.call(lambda: kinds.grade(kinds.prepare(task), [Source("r.sv", text)]))  # noqa: B023
        outcomes[task_id, rule] = verdict.outcome
    assert len(outcomes) > 30
    assert {case: outcome for case, outcome in outcomes.items() if outcome is not Outcome.PROVED} == {}
