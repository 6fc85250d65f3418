from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chiploom import files, messages
from chiploom.credentials.collection import Held
from chiploom.errors import UsageError
from chiploom.grading.evidence import Conditions, make_subject
from chiploom.ventures import gates
from chiploom.ventures.gates import Condition, Gate
from chiploom.ventures.table import in_every_language
from chiploom.ventures.venture import Design, Venture, load_venture
from evidence_samples import Issuer

ANN, BINH, STRANGER = make_subject(), make_subject(), make_subject()
VENTURE = Venture(
    name=in_every_language("v"),
    demo=True,
    subject="",
    people=(ANN.id, BINH.id),
    designs=(
        Design(in_every_language("Timer"), "foundations", "modulo-counter"),
        Design(in_every_language("Queue"), "foundations", "fifo"),
    ),
    issuers=frozenset(),
    evidence=Path(),
)


def held(issuer: Issuer, *arguments: Any, **options: Any) -> Held:
    return Held("e.json", issuer.sign(*arguments, **options)[0])


def one(condition: Condition, evidence: list[Held], venture: Venture = VENTURE) -> gates.Finding:
    (status,) = gates.status(venture, [Gate("g", {}, (condition,))], evidence)
    assert status.open is status.findings[0].met
    return status.findings[0]


def test_people_count_once_and_only_for_their_proofs(issuer: Issuer) -> None:
    two = Condition("people", skill="sequential", people=2)
    enough = [held(issuer, "proved", ANN), held(issuer, "proved", BINH)]
    assert one(two, enough).met
    for other in (
        held(issuer, "proved", ANN),
        held(issuer, "refuted", BINH),
        held(issuer, "proved", STRANGER),
        held(issuer, "proved", BINH, skills=("combinational.gates",)),
        held(issuer, "proved", BINH, skills=("sequentially",)),
    ):
        finding = one(two, [enough[0], other])
        assert not finding.met
        assert finding.arguments["count"] == "1"


def test_an_ai_model_is_no_member_of_the_team(issuer: Issuer) -> None:
    model = make_subject("model")
    venture = Venture(in_every_language("v"), True, "", (model.id,), (), frozenset(), Path())
    assert not one(Condition("people", skill="sequential", people=1), [held(issuer, "proved", model)], venture).met


def test_every_design_needs_proof(issuer: Issuer) -> None:
    timer = held(issuer, "proved", ANN)
    queue = held(issuer, "proved", BINH, id="fifo")
    assert one(Condition("designs"), [timer, queue]).met
    missing = one(Condition("designs"), [timer, held(issuer, "refuted", BINH, id="fifo")])
    assert (missing.met, missing.arguments["missing"]) == (False, in_every_language("Queue"))
    assert missing.arguments["count"] == "1"
    assert not one(Condition("designs"), [timer, held(issuer, "proved", BINH, id="fifo", pack_id="other")]).met
    assert not one(Condition("designs"), [timer, held(issuer, "proved", STRANGER, id="fifo")]).met


def test_a_variant_asked_for_is_the_one_needed(issuer: Issuer) -> None:
    venture = Venture(
        in_every_language("v"),
        True,
        "",
        (ANN.id,),
        (Design(in_every_language("T"), "foundations", "modulo-counter", 3),),
        frozenset(),
        Path(),
    )
    assert one(Condition("designs"), [held(issuer, "proved", ANN, variant=3)], venture).met
    assert not one(Condition("designs"), [held(issuer, "proved", ANN, variant=4)], venture).met


def test_no_design_is_not_every_design() -> None:
    venture = Venture(in_every_language("v"), True, "", (ANN.id,), (), frozenset(), Path())
    for kind in ("designs", "issuers", "conditions"):
        finding = one(Condition(kind, issuers=1), [], venture)  # type: ignore[arg-type]
        assert (finding.met, finding.code) == (False, "story.gate-no-design")


def test_issuers_are_counted_by_key(issuer: Issuer, new_issuer: Callable[[], Issuer]) -> None:
    second = new_issuer()
    condition = Condition("issuers", issuers=2)
    mine = [held(issuer, "proved", ANN), held(issuer, "proved", ANN, id="fifo")]
    assert not one(condition, [*mine, *mine]).met
    assert one(condition, [*mine, held(second, "proved", ANN), held(second, "proved", BINH, id="fifo")]).met


def test_conditions_must_be_said(issuer: Issuer) -> None:
    def both(conditions: Conditions) -> list[Held]:
        return [
            held(issuer, "proved", ANN, conditions=conditions),
            held(issuer, "proved", ANN, id="fifo", conditions=conditions),
        ]

    assert not one(Condition("conditions"), both(Conditions())).met
    assert one(Condition("conditions"), both(Conditions(ai_use="assisted"))).met
    assert not one(Condition("conditions", proctored=True), both(Conditions(None, "none"))).met
    assert one(Condition("conditions", proctored=True), both(Conditions(True, "none"))).met


def test_a_check_that_cannot_run_never_passes(issuer: Issuer) -> None:
    assert not one(Condition("no-check", what={"en": "layout"}), [held(issuer, "proved", ANN)]).met


def test_a_gate_behind_a_closed_one_is_closed(issuer: Issuer) -> None:
    first = Gate("a", {"en": "A"}, (Condition("people", skill="analog", people=1),))
    second = Gate("b", {"en": "B"}, (Condition("people", skill="sequential", people=1),))
    statuses = gates.status(VENTURE, [first, second], [held(issuer, "proved", ANN)])
    assert [status.open for status in statuses] == [False, False]
    assert [finding.met for finding in statuses[1].findings] == [True, False]
    blocking = gates.blocking(statuses)
    assert blocking is not None
    assert (blocking[0].id, blocking[1].code) == ("a", "story.gate-people")
    assert gates.blocking(gates.status(VENTURE, [second], [held(issuer, "proved", ANN)])) is None


def test_shipped_gates_load_and_every_finding_has_words(issuer: Issuer, new_issuer: Callable[[], Issuer]) -> None:
    shipped = gates.load_gates()
    assert shipped.status == "assumption"
    second = new_issuer()
    everything = [
        held(who, "proved", subject, id=task, skills=("sequential.counter", "combinational.gates"), conditions=said)
        for who in (issuer, second)
        for subject in (ANN, BINH)
        for task in ("modulo-counter", "fifo")
        for said in (Conditions(True, "none"),)
    ]
    for evidence in ([], everything):
        for status in gates.status(VENTURE, shipped.gates, evidence):
            for finding in status.findings:
                assert set(messages.message(finding.code).texts) == set(messages.LANGUAGES)
    opened = [status.open for status in gates.status(VENTURE, shipped.gates, everything)]
    # The last gate asks for what nothing here can check.
    assert opened == [True] * (len(opened) - 1) + [False]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('schema = "chiploom/gates/1"\nstatus = "assumption"\nnote = "n"', "missing-key"),
        ('schema = "chiploom/gates/1"\nstatus = "rumour"\nnote = "n"', "bad-value"),
        (
            'schema = "chiploom/gates/1"\nstatus = "sourced"\nnote = "n"\n'
            '[[gates]]\nid = "a"\ntitle = { en = "a", vi = "a", fr = "a" }',
            "missing-key",
        ),
        (
            'schema = "chiploom/gates/1"\nstatus = "sourced"\nnote = "n"\n[[gates]]\nid = "a"\n'
            'title = { en = "a", vi = "a" }\n[[gates.conditions]]\nkind = "designs"',
            "missing-language",
        ),
    ],
)
def test_broken_gates_are_said(tmp_path: Path, content: str, code: str) -> None:
    (tmp_path / "g.toml").write_text(content)
    with pytest.raises(UsageError) as caught:
        gates.load_gates(tmp_path / "g.toml")
    assert caught.value.code == code


def test_a_venture_is_read(tmp_path: Path) -> None:
    path = tmp_path / "v.toml"
    files.write_atomic(
        path,
        f'schema = "chiploom/venture/1"\nname = "Đo lường"\ndemo = true\npeople = ["{ANN.id}"]\n'
        '[[designs]]\nname = "Timer"\npack = "foundations"\ntask = "modulo-counter"\n'
        '[[designs]]\nname = { en = "Queue", vi = "Hàng đợi", fr = "File" }\n'
        'pack = "foundations"\ntask = "fifo"\nvariant = 2\n',
    )
    venture = load_venture(path)
    assert venture.people == (ANN.id,)
    assert venture.name["fr"] == "Đo lường"
    assert venture.designs[1].name == {"en": "Queue", "vi": "Hàng đợi", "fr": "File"}
    assert [design.variant for design in venture.designs] == [None, 2]
    assert venture.evidence == tmp_path / "evidence"
    assert (venture.demo, venture.issuers, venture.subject) == (True, frozenset(), "")
