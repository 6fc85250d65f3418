from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chiploom import messages
from chiploom.credentials.collection import Collection, Held, Refused
from chiploom.errors import UsageError
from chiploom.grading.evidence import Conditions, make_subject
from chiploom.partners.needs import Need, Requirement, load_need, match
from chiploom.ventures.table import in_every_language
from evidence_samples import Issuer

ANN, BINH = make_subject(), make_subject()
NEED = Need(
    in_every_language("Counters"), in_every_language("Demo partner"), True, (Requirement("sequential.counter", 2),)
)


def collection(*evidence: Any, refused: tuple[Refused, ...] = ()) -> Collection:
    return Collection(tuple(Held(f"{index}.json", piece) for index, (piece, _) in enumerate(evidence)), refused)


def test_different_people_cover_a_need(issuer: Issuer) -> None:
    result = match(NEED, collection(issuer.sign("proved", ANN), issuer.sign("proved", BINH)))
    assert result.covered
    assert {offer.subject for offer in result.coverage[0].offers} == {ANN.id, BINH.id}
    assert result.excluded == ()


def test_one_person_counts_once(issuer: Issuer) -> None:
    first, second = issuer.sign("proved", ANN), issuer.sign("proved", ANN)
    result = match(NEED, collection(first, second))
    assert not result.covered
    assert result.coverage[0].gap == 1
    assert result.coverage[0].offers[0].evidence == tuple(sorted((first[0].id, second[0].id)))


@pytest.mark.parametrize(
    ("outcome", "options", "need", "reason"),
    [
        ("refuted", {}, {}, "story.is-refuted"),
        ("bounded", {}, {}, "story.is-bounded"),
        ("undecided", {}, {}, "story.is-undecided"),
        ("proved", {"skills": ("combinational.gates",)}, {}, "story.not-this-skill"),
        ("proved", {}, {"required": (Requirement("sequential.counter", 1, 3),)}, "story.too-easy"),
        ("proved", {}, {"ai_use": ("none", "assisted")}, "story.ai-undeclared"),
        (
            "proved",
            {"conditions": Conditions(None, "generated")},
            {"ai_use": ("none", "assisted")},
            "story.ai-not-accepted",
        ),
        ("proved", {"conditions": Conditions(False)}, {"proctored": True}, "story.not-proctored"),
        ("proved", {"subject": make_subject("model")}, {}, "story.not-this-kind"),
        ("proved", {}, {"issuers": frozenset({"did:key:another"})}, "story.not-this-issuer"),
    ],
)
def test_who_does_not_count_is_said_with_the_reason(
    issuer: Issuer, outcome: str, options: dict[str, Any], need: dict[str, Any], reason: str
) -> None:
    piece = issuer.sign(outcome, **options)
    result = match(replace(NEED, **need), collection(piece))
    assert [(entry.file, entry.subject, entry.reason) for entry in result.excluded] == [
        ("0.json", piece[0].subject.id, reason)
    ]
    assert not result.covered
    assert set(messages.message(reason).texts) == set(messages.LANGUAGES)


def test_refused_files_are_listed_too(issuer: Issuer) -> None:
    piece, _ = issuer.sign("proved", ANN)
    refused = (
        Refused("z.json", "evidence-altered", piece),
        Refused("a.json", "evidence-not-json"),
        Refused("b.json", "evidence-duplicate", piece),
    )
    result = match(NEED, collection(refused=refused))
    assert [(entry.file, entry.subject, entry.reason) for entry in result.excluded] == [
        ("a.json", "", "story.not-evidence"),
        ("b.json", ANN.id, "story.duplicate"),
        ("z.json", ANN.id, "story.altered"),
    ]


def test_conditions_that_hold_let_evidence_count(issuer: Issuer, new_issuer: Callable[[], Issuer]) -> None:
    need = replace(NEED, ai_use=("none",), proctored=True, issuers=frozenset({issuer.key.did}))
    good = Conditions(True, "none")
    result = match(
        need,
        collection(
            issuer.sign("proved", ANN, conditions=good),
            issuer.sign("proved", BINH, conditions=good),
            new_issuer().sign("proved", conditions=good),
        ),
    )
    assert result.covered
    assert [entry.reason for entry in result.excluded] == ["story.not-this-issuer"]


def test_a_skill_above_is_covered_by_those_below(issuer: Issuer) -> None:
    need = replace(NEED, required=(Requirement("sequential", 1), Requirement("combinational", 1)))
    result = match(need, collection(issuer.sign("proved", ANN)))
    assert [each.gap for each in result.coverage] == [0, 1]


def test_a_need_is_read(tmp_path: Path) -> None:
    path = tmp_path / "n.toml"
    path.write_text(
        'schema = "chiploom/need/1"\ntitle = "T"\npartner = "P"\ndemo = true\n'
        '[[required]]\nskill = "sequential"\npeople = 2\nlevel = 3\n'
        '[conditions]\nai_use = ["none"]\nproctored = true\nkinds = ["person", "venture"]\n'
    )
    assert load_need(path) == Need(
        in_every_language("T"),
        in_every_language("P"),
        True,
        (Requirement("sequential", 2, 3),),
        ("none",),
        True,
        ("person", "venture"),
        frozenset(),
    )


@pytest.mark.parametrize(
    ("rest", "code"),
    [
        ("", "missing-key"),
        ('[[required]]\nskill = "s"\npeople = 0', "out-of-range"),
        ('[[required]]\nskill = "s"\npeople = 1\n[conditions]\nai_use = ["some"]', "bad-value"),
        ('[[required]]\nskill = "s"\npeople = 1\n[condition]\n', "unknown-key"),
    ],
)
def test_a_broken_need_is_said(tmp_path: Path, rest: str, code: str) -> None:
    path = tmp_path / "n.toml"
    path.write_text('schema = "chiploom/need/1"\ntitle = "T"\n' + rest)
    with pytest.raises(UsageError) as caught:
        load_need(path)
    assert caught.value.code == code
