"""The sheet for an oral defence: questions from the learner's own submissions, and nothing else."""

from __future__ import annotations

import re
from datetime import timedelta

from classroom import NOW, RIGHT, WRONG, open_classroom
from visiting import files, verdict_of

from chiploom.hub.database.schema import Submission
from chiploom.hub.hub import Hub
from chiploom.hub.teaching import assignments, defence
from chiploom.hub.teaching.defence import Try
from chiploom.tasks.load import load_pack, load_task

TASK = load_task(load_pack(), "gates")


def submission(text: str, outcome: str, minutes: int = 0) -> Submission:
    return Submission(
        id=minutes + 1,
        files=[["design.sv", text]],
        outcome=outcome,
        is_met=outcome == "proved",
        created_at=NOW + timedelta(minutes=minutes),
    )


def test_the_turning_point_is_the_last_refuted_before_the_first_proved() -> None:
    rows = [
        submission("a", "refuted", 0),
        submission("b", "refuted", 1),
        submission("c", "rejected", 2),
        submission("d", "proved", 3),
        submission("e", "refuted", 4),
        submission("f", "proved", 5),
    ]
    turn = defence.turning_point(rows)
    assert turn is not None and (turn[0], turn[1]) == (rows[1], rows[3])
    assert defence.defended(rows) is rows[3]
    assert defence.turning_point(rows[3:4]) is None
    assert defence.defended(rows[:3]) is rows[2]
    assert defence.defended([]) is None


def test_registers_are_what_is_assigned_at_an_edge_and_not_what_is_compared() -> None:
    text = """
    module m(input clk, input [3:0] a, b, output reg q);
      // ghost <= 1;
      /* block <= 1; */
      reg [3:0] count, memory [0:3]; wire less = a <= b;
      always @(posedge clk) begin
        if (a <= b) count <= count + 1; else begin memory[a] <= 4'd0; end
        case (a) 4'd0: q <= 1'b0; default: q <= less; endcase
      end
    endmodule
    """
    assert defence.registers([["m.sv", text]]) == ["count", "memory", "q"]


def test_the_difference_shows_changed_lines_only_with_their_files() -> None:
    before, after = submission("x\ny\nz\n", "refuted"), submission("x\nY\nz\n", "proved")
    lines = defence.difference(before, after)
    assert "-y" in lines and "+Y" in lines and "--- design.sv" in lines
    assert defence.difference(before, before) == ()


def test_questions_are_three_and_different_in_kind_where_the_history_allows() -> None:
    code = "always @(posedge c) begin one <= 1; two <= 2; end"
    tries = [Try(submission("old", "refuted", 0), None), Try(submission(code, "proved", 1), None)]
    kinds = [question.kind for question in defence.questions(tries, TASK, [1], "vi")]
    assert kinds == ["change", "register", "hint"]
    only = [Try(submission("assign y = a;", "proved"), None)]
    asked = defence.questions(only, TASK, [], "en")
    assert len(asked) <= 3 and {question.kind for question in asked} <= {"output", "parameter"}
    outputs = {port.name for port in TASK.ports if port.direction == "output"}
    assert all(question.values["output"] in outputs for question in asked if question.kind == "output")
    assert defence.questions([], TASK, [1], "en") == []


def test_a_sheet_shows_code_variant_and_questions_in_each_language(hub: Hub) -> None:
    room = open_classroom(hub, learners=2)
    number = room.assign(mode="exam", variants=True)
    learner, person = room.learners[0], room.people[0]
    count = hub.library.task("foundations", "gates").variant_count
    variant = assignments.variant_of(room.row(number), person.subject, count)
    task = hub.library.task("foundations", "gates", variant)
    wrong = f"{task.alternatives[0].sources[0].text}\n// first try"
    for text in (WRONG, wrong, RIGHT):
        verdict_of(learner, learner.post(f"/assignments/{number}/check", files=files(text)))
    address = f"/teach/assignments/{number}/learners/{person.id}/defence"
    for language, words in (("en", "Oral defence"), ("vi", "Vấn đáp"), ("fr", "Soutenance orale")):
        room.lecturer.post("/language", status=303, chosen=language)
        sheet = room.lecturer.get(address)
        assert words in sheet and person.name in sheet
        assert len(re.findall(r"<li data-kind=", sheet)) == 3
        assert f"<dd>{variant}</dd>" in sheet
    room.lecturer.post("/language", status=303, chosen="en")
    assert "Nothing was handed in" in room.lecturer.get(
        f"/teach/assignments/{number}/learners/{room.people[1].id}/defence"
    )
    practice = room.assign()
    room.lecturer.get(f"/teach/assignments/{practice}/learners/{person.id}/defence", status=404)
