"""What a verdict records in English is told in the reader's language."""

import itertools

import pytest

from chiploom import messages
from chiploom.cli.verdict_text import assumption_words, lines, method_words, safe
from chiploom.hdl.diagnostics import Diagnostic
from chiploom.logic.clocking import TimeModel
from chiploom.prove import judgement
from chiploom.prove.solvers import abc, induction, random_simulation, satisfiability, structural, three_valued
from chiploom.prove.verdict import Outcome, Verdict
from prove.designs import verdict

SOLVERS = (abc, induction, random_simulation, satisfiability, structural, three_valued)


@pytest.mark.parametrize("method", [*(solver.METHOD for solver in SOLVERS), "diagnostics", "interface"])
def test_every_method_has_words_in_every_language(method: str) -> None:
    assert len({method_words(method, language) for language in messages.LANGUAGES}) == 3


def test_a_method_of_another_program_stays_as_it_is() -> None:
    assert method_words("oracle", "vi") == "oracle"


@pytest.mark.parametrize(("model", "edge"), [*itertools.product(TimeModel, ["posedge", "negedge"])])
def test_what_a_step_is_has_words(model: TimeModel, edge: str) -> None:
    for assumption in judgement._time_assumptions(model, "clk_a", edge):
        assert assumption_words(assumption, "en") == assumption
        for language in ("vi", "fr"):
            told = assumption_words(assumption, language)
            assert told != assumption
            assert ("clk_a" in told, edge in told) == ("clk_a" in assumption, edge in assumption)


@pytest.mark.parametrize("power_up", ["free", "initial"])
def test_the_assumptions_of_a_verdict_have_words(power_up: str) -> None:
    counter = "module top(input clk, rst, output logic q); always @(posedge clk) q <= !rst & !q; endmodule"
    rules = (
        "module environment(input clk, input rst, output assume_ok, output compare_q);"
        "  assign assume_ok = 1; assign compare_q = 1; endmodule"
    )
    found = verdict(counter, counter, environment=rules, power_up=power_up)
    assert len(found.assumptions) == 5
    for assumption in found.assumptions:
        told = {assumption_words(assumption, language) for language in messages.LANGUAGES}
        assert len(told) == 3, assumption
        assert assumption in told


def test_an_assumption_of_another_program_stays_as_it_is_and_cannot_steer_a_terminal() -> None:
    assert assumption_words("the moon is full\x1b[2J", "fr") == "the moon is full\\x1b[2J"


def test_french_spaces_its_colons_and_places_stay_in_the_form_editors_know() -> None:
    finding = Diagnostic("hdl.no-module", "error", {}, file="a.sv", line=3, column=7)
    told = list(lines(Verdict(outcome=Outcome.REJECTED, method="diagnostics", diagnostics=(finding,)), "a.sv", "fr"))
    assert any(line.startswith("a.sv:3:7: erreur\u00a0: ") and line.endswith("[hdl.no-module]") for line in told)
    assert safe("a\u00a0: b\u202e") == "a\u00a0: b\\u202e"


@pytest.mark.parametrize(("language", "seconds"), [("en", "0.250 s"), ("vi", "0,250 giây"), ("fr", "0,250 s")])
def test_seconds_have_the_decimal_sign_of_the_language(language: str, seconds: str) -> None:
    told = list(lines(Verdict(outcome=Outcome.PROVED, method="structural", seconds=0.25), "a.sv", language))
    assert any(line.endswith(f" {seconds}") for line in told)
