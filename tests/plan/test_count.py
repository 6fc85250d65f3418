from pathlib import Path

import pytest

from chiploom import messages
from chiploom.credentials.collection import collect
from chiploom.errors import UsageError
from chiploom.grading.evidence import make_subject
from chiploom.plan import count
from evidence_samples import Issuer


def test_people_are_counted_once_by_skill_and_stage(issuer: Issuer, tmp_path: Path) -> None:
    ann, binh = make_subject(), make_subject()
    issuer.write(tmp_path / "1.json", "proved", ann)
    issuer.write(tmp_path / "2.json", "proved", ann, id="gray-counter")
    issuer.write(tmp_path / "3.json", "proved", ann, skills=("sequential.fsm",), track="test")
    issuer.write(tmp_path / "4.json", "proved", binh, skills=("combinational.gates", "sequential.counter"))
    counted = count.count(collect(tmp_path))
    assert counted.people == 2
    assert counted.by_skill == {
        "combinational": 1,
        "combinational.gates": 1,
        "sequential": 2,
        "sequential.counter": 2,
        "sequential.fsm": 1,
    }
    assert counted.by_track == {"design": 2, "test": 1}
    assert counted.excluded == {}


def test_what_counts_nobody_is_counted_by_reason(issuer: Issuer, tmp_path: Path) -> None:
    ann = make_subject()
    issuer.write(tmp_path / "a.json", "proved", ann)
    (tmp_path / "b.json").write_bytes((tmp_path / "a.json").read_bytes())
    issuer.write(tmp_path / "c.json", "refuted", make_subject())
    issuer.write(tmp_path / "d.json", "proved", make_subject("model"))
    issuer.write(tmp_path / "e.json", "proved", make_subject("venture"))
    (tmp_path / "f.json").write_text("noise")
    (tmp_path / "g.json").write_bytes((tmp_path / "a.json").read_bytes().replace(b'"level": 2', b'"level": 5'))
    counted = count.count(collect(tmp_path))
    assert counted.people == 1
    assert counted.excluded == {
        "story.altered": 1,
        "story.duplicate": 1,
        "story.is-model": 1,
        "story.is-refuted": 1,
        "story.is-venture": 1,
        "story.not-evidence": 1,
    }
    for reason in counted.excluded:
        assert set(messages.message(reason).texts) == set(messages.LANGUAGES)


def test_one_more_proof_moves_the_count_by_one(issuer: Issuer, tmp_path: Path) -> None:
    issuer.write(tmp_path / "a.json", "proved")
    before = count.count(collect(tmp_path))
    issuer.write(tmp_path / "b.json", "proved")
    after = count.count(collect(tmp_path))
    assert after.people - before.people == 1
    assert after.by_skill["sequential.counter"] - before.by_skill["sequential.counter"] == 1


def test_shipped_targets_have_their_source() -> None:
    targets = count.load_targets()
    assert [target.people for target in targets] == [50_000, 15_000, 35_000, 5_000]
    for target in targets:
        assert target.source is not None
        assert target.source.link.startswith("https://")
        assert target.source.date == "2024-09-21"


def test_a_target_without_link_is_an_assumption(tmp_path: Path) -> None:
    path = tmp_path / "t.toml"
    head = (
        'schema = "chiploom/targets/1"\n[[targets]]\nid = "a"\npeople = 5\nby = 2030\n'
        'title = { en = "a", vi = "a", fr = "a" }\ntracks = ["design"]\n'
    )
    path.write_text(head)
    assert count.load_targets(path)[0].source is None
    path.write_text(head + 'source = { publisher = "p", document = "d", date = "2024", link = "somewhere" }')
    with pytest.raises(UsageError) as caught:
        count.load_targets(path)
    assert caught.value.code == "bad-value"
