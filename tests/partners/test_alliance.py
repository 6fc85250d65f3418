import os
from pathlib import Path

import pytest

from chiploom import messages
from chiploom.errors import InputFileError, UsageError
from chiploom.partners import alliance
from evidence_samples import Issuer

CARD = "# A model\n\n## Intended use\n\n## Training data\n\n## Evaluation\n\n## Limitations\n"


@pytest.fixture
def rules() -> tuple[alliance.Rule, ...]:
    return alliance.load_rules()


@pytest.fixture
def repository(tmp_path: Path, issuer: Issuer) -> Path:
    """A repository that passes every rule."""
    root = tmp_path / "repository"
    root.mkdir()
    (root / "LICENSE").write_text("Apache License\nVersion 2.0\n")
    (root / "pack.toml").write_text('licence = "Apache-2.0"\n')
    (root / "CONTRIBUTING.md").write_text("Sign off every commit (developer certificate of origin).\n")
    (root / "MODEL_CARD.md").write_text(CARD)
    issuer.write(root / "evidence" / "run.json")
    return root


def states(root: Path, rules: tuple[alliance.Rule, ...]) -> dict[str, str]:
    results = alliance.check(root, rules)
    for result in results:
        for language in messages.LANGUAGES:
            assert messages.text(result.code, language, **result.arguments)
    return {result.rule.id: result.state for result in results}


def test_a_fit_repository_passes(repository: Path, rules: tuple[alliance.Rule, ...]) -> None:
    assert set(states(repository, rules).values()) == {"pass"}


def test_an_empty_directory_misses_everything(tmp_path: Path, rules: tuple[alliance.Rule, ...]) -> None:
    assert set(states(tmp_path, rules).values()) == {"missing"}


@pytest.mark.parametrize(
    ("file", "text", "rule", "state"),
    [
        ("LICENSE", "", "licence-file", "missing"),
        ("LICENSE", "Permission is hereby granted, free of charge", "licence-identifier", "fail"),
        ("pack.toml", 'licence = "Proprietary"', "licence-identifier", "fail"),
        ("pack.toml", "", "licence-identifier", "missing"),
        ("package.json", '{"license": "MIT"}', "licence-identifier", "fail"),
        ("CONTRIBUTING.md", "Send patches.", "contribution-terms", "fail"),
        ("MODEL_CARD.md", "# A model\n\n## Intended use\n", "card", "fail"),
        ("MODEL_CARD.md", "Intended use, data, evaluation, limitations in one line.", "card", "fail"),
        ("MODEL_CARD.md", "", "card", "missing"),
    ],
)
def test_each_rule_can_fail(
    repository: Path, rules: tuple[alliance.Rule, ...], file: str, text: str, rule: str, state: str
) -> None:
    (repository / file).write_text(text)
    found = states(repository, rules)
    assert found.pop(rule) == state


def test_a_card_in_vietnamese_is_a_card(repository: Path, rules: tuple[alliance.Rule, ...]) -> None:
    (repository / "MODEL_CARD.md").write_text("# Thẻ\n## Mục đích\n## Dữ liệu\n## Đánh giá\n## Hạn chế\n")
    assert states(repository, rules)["card"] == "pass"


def test_a_word_inside_another_word_is_no_heading(repository: Path, rules: tuple[alliance.Rule, ...]) -> None:
    (repository / "MODEL_CARD.md").write_text("# Because\n## Metadata\n## Unlimited\n## Devaluation\n")
    assert states(repository, rules)["card"] == "fail"


def test_evidence_must_be_whole_and_rerunnable(
    repository: Path, rules: tuple[alliance.Rule, ...], issuer: Issuer
) -> None:
    run = repository / "evidence" / "run.json"
    data = run.read_bytes()
    run.write_bytes(data.replace(b'"proved"', b'"bounded"'))
    assert states(repository, rules)["evaluation-evidence"] == "fail"
    issuer.write(run, disclosed=False)
    assert states(repository, rules)["evaluation-evidence"] == "fail"
    run.write_text('{"just": "data"}')
    assert states(repository, rules)["evaluation-evidence"] == "missing"


def test_links_out_of_the_directory_are_not_followed(
    repository: Path, rules: tuple[alliance.Rule, ...], tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in ("LICENSE", "MODEL_CARD.md"):
        (repository / name).rename(outside / name)
        (repository / name).symlink_to(outside / name)
    (repository / "evidence").rename(outside / "evidence")
    (repository / "evidence").symlink_to(outside / "evidence")
    found = states(repository, rules)
    assert (found["licence-file"], found["card"], found["evaluation-evidence"]) == ("missing", "missing", "missing")


def test_hostile_files_do_not_stop_the_check(repository: Path, rules: tuple[alliance.Rule, ...]) -> None:
    (repository / "CONTRIBUTING.md").unlink()
    os.mkfifo(repository / "CONTRIBUTING.md")
    (repository / "LICENSE").write_bytes(os.urandom(1000))
    (repository / "MODEL_CARD.md").unlink()
    (repository / "MODEL_CARD.md").mkdir()
    with (repository / "README.md").open("wb") as huge:
        huge.truncate(100_000_000)
    (repository / "package.json").write_text("[" * 100_000)
    found = states(repository, rules)
    assert (found["contribution-terms"], found["licence-file"], found["card"]) == ("missing", "missing", "missing")


def test_every_shipped_rule_links_its_source(rules: tuple[alliance.Rule, ...]) -> None:
    assert len(rules) == 5
    for rule in rules:
        assert rule.source_link.startswith("https://")
        assert set(rule.title) == set(messages.LANGUAGES)


def test_a_rule_without_source_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    path.write_text(
        'schema = "chiploom/alliance/1"\nnote = "n"\n[[rules]]\nid = "a"\ncheck = "file"\n'
        'title = { en = "a", vi = "a", fr = "a" }\nsource = { title = "t", link = "hearsay" }\n'
    )
    with pytest.raises(UsageError) as caught:
        alliance.load_rules(path)
    assert caught.value.code == "bad-value"


def test_what_is_no_directory_is_said(tmp_path: Path, rules: tuple[alliance.Rule, ...]) -> None:
    with pytest.raises(InputFileError):
        alliance.check(tmp_path / "none", rules)
