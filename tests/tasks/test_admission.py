import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from chiploom.prove.verdict import Outcome, Verdict
from chiploom.tasks import admission, isolate, kinds
from chiploom.tasks.admission import Depth, Trial, check_task, sampled_variants, trials_of
from chiploom.tasks.load import load_pack, load_task

REFERENCE = "counter/reference.sv"
TASK = "counter/task.toml"
SHALLOW = Depth(mutants=4, variants=1)


def grade(trials: Iterable[Trial]) -> Iterator[tuple[int, Verdict]]:
    for index, trial in enumerate(trials):
        yield index, isolate.call(lambda trial=trial: kinds.grade(kinds.prepare(trial.task), trial.sources))


def findings(directory: Path, depth: Depth = SHALLOW) -> list[tuple[str, str]]:
    report = check_task(load_pack(directory), "counter", grade, depth)
    assert report.admitted == (not report.findings)
    json.dumps(report.as_json())
    return [(finding.subject, finding.problem) for finding in report.findings]


def replace(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_good_task_is_admitted(pack_directory: Path) -> None:
    report = check_task(load_pack(pack_directory), "counter", grade, Depth(mutants=8, variants=2))
    assert report.findings == ()
    assert report.mutants == 8
    assert report.variants == (1, 11)
    assert report.trials == 8 + 3 * 5


DAMAGES: list[tuple[str, str, Callable[[Path], object]]] = [
    (
        "starter",
        "must be refuted",
        lambda root: (root / "counter/starter.sv").write_text((root / REFERENCE).read_text()),
    ),
    ("broken/down", "must be refuted", lambda root: replace(root, "counter/broken/down.sv", "count - 1", "count + 1")),
    (
        "alternatives/two-blocks",
        "must be proved",
        lambda root: replace(root, "counter/alternatives/two-blocks.sv", "MODULO - 1", "MODULO - 2"),
    ),
    ("vacuity", "count[0]", lambda root: replace(root, REFERENCE, "reset || ", "")),
    ("reference", "reference.sv:6", lambda root: replace(root, REFERENCE, "else count", "else cuont")),
    (
        "reference",
        "task.toml says input of 1 bit",
        lambda root: replace(root, REFERENCE, "input logic reset", "input logic [1:0] reset"),
    ),
    (
        "hints",
        "there are 2",
        lambda root: replace(
            root, TASK, '[[hints]]\nen = "Write an if."\nvi = "Viết một if."\nfr = "Écrivez un if."\n', ""
        ),
    ),
    ("broken", "there are 1", lambda root: (root / "counter/broken/down.sv").unlink()),
    ("alternatives", "there is none", lambda root: (root / "counter/alternatives/two-blocks.sv").unlink()),
    ("diagrams/wave.json", "does not draw", lambda root: replace(root, "counter/diagrams/wave.json", "p...", "pq..")),
    ("files", "'title.vi' is missing", lambda root: replace(root, TASK, 'vi = "Đếm đến ${MODULO}"\n', "")),
]


@pytest.mark.parametrize(("subject", "words", "damage"), DAMAGES)
def test_every_weakness_is_found(
    pack_directory: Path, subject: str, words: str, damage: Callable[[Path], object]
) -> None:
    damage(pack_directory)
    found = findings(pack_directory)
    assert [problem for where, problem in found if where == subject and words in problem], found


def test_a_pack_without_a_language_is_refused_unless_imported(pack_directory: Path) -> None:
    replace(pack_directory, "pack.toml", '["en", "vi", "fr"]', '["en", "vi"]')
    replace(pack_directory, "pack.toml", 'fr = "Petit"\n', "")
    text = (pack_directory / TASK).read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith(("fr =", "note.fr"))]
    (pack_directory / TASK).write_text("\n".join(kept) + "\n", encoding="utf-8")
    assert ("languages", "the pack lacks fr") in findings(pack_directory, Depth(0, 0))
    replace(pack_directory, "pack.toml", 'id = "small"', 'id = "small"\nimported = true')
    assert findings(pack_directory, Depth(0, 0)) == []


def judged(pack_directory: Path, verdict: Callable[[Trial], Verdict]) -> set[tuple[str, str]]:
    """Return what is found when the grader says ``verdict``."""

    def say(trials: Iterable[Trial]) -> Iterator[tuple[int, Verdict]]:
        return ((index, verdict(trial)) for index, trial in enumerate(trials))

    report = check_task(load_pack(pack_directory), "counter", say, SHALLOW)
    return {(finding.subject.partition(":")[0], finding.problem) for finding in report.findings}


def test_undecided_is_never_good_enough(pack_directory: Path) -> None:
    found = judged(pack_directory, lambda _: Verdict(limit_hit="time", reason="no decision"))
    subjects = {subject for subject, _ in found}
    assert subjects >= {"reference", "starter", "broken/down", "alternatives/two-blocks", "mutant"}
    assert all("undecided (time: no decision)" in problem for _, problem in found)


def test_a_slow_alternative_is_refused(pack_directory: Path) -> None:
    def slow(trial: Trial) -> Verdict:
        right = trial.expectation == "proved"
        return Verdict(outcome=Outcome.PROVED if right else Outcome.REFUTED, seconds=5.1)

    assert judged(pack_directory, slow) == {("alternatives/two-blocks", "took 5.1 s; the limit is 5 s")}


def test_a_task_that_notices_no_mutant_is_refused(pack_directory: Path) -> None:
    def blind(trial: Trial) -> Verdict:
        return Verdict(outcome=Outcome.REFUTED if trial.expectation == "wrong" else Outcome.PROVED)

    assert {subject for subject, _ in judged(pack_directory, blind)} == {"mutants"}


def test_a_verdict_that_never_came_counts_against_the_task(pack_directory: Path) -> None:
    report = check_task(load_pack(pack_directory), "counter", lambda trials: iter(()), SHALLOW)
    assert {finding.problem.partition(";")[0] for finding in report.findings} == {"is undecided (not graded)"}


def test_designs_carry_the_variants_numbers(pack_directory: Path) -> None:
    task = load_task(load_pack(pack_directory), "counter", 1)
    reference = next(trial for trial in trials_of(task, 0) if trial.subject == "reference")
    assert f"MODULO = {task.parameters['MODULO']})" in reference.sources[0].text


def test_variants_are_sampled_from_first_to_last(pack_directory: Path) -> None:
    task = load_task(load_pack(pack_directory), "counter")
    assert sampled_variants(task, 3) == [1, 6, 11]
    assert sampled_variants(task, 1) == [1]
    assert sampled_variants(task, 0) == []
    assert sampled_variants(task, 50) == list(range(1, 12))


def test_a_dying_child_is_a_fact_and_not_the_end() -> None:
    import os

    with pytest.raises(isolate.ChildDied, match="the process ended"):
        isolate.call(lambda: os._exit(3))
    with pytest.raises(isolate.ChildDied, match=r"no answer within 0\.2 s"):
        isolate.call(lambda: __import__("time").sleep(60), limit_s=0.2)
    assert isolate.call(lambda: "x" * 1_000_000) == "x" * 1_000_000
    assert admission.ALTERNATIVE_LIMIT_S == 5.0


def test_single_open_bits_of_an_imported_reference_are_only_told(pack_directory: Path) -> None:
    replace(
        pack_directory,
        REFERENCE,
        "else count <= count + 1'b1;",
        "else begin count <= count + 1'b1; count[2] <= 1'bx; end",
    )
    assert {subject for subject, _ in findings(pack_directory, Depth(0, 0))} >= {"vacuity"}
    replace(pack_directory, "pack.toml", 'id = "small"', 'id = "small"\nimported = true')
    report = check_task(load_pack(pack_directory), "counter", lambda trials: iter(()), Depth(0, 0))
    assert {(finding.subject, finding.blocking) for finding in report.findings if finding.subject == "vacuity"} == {
        ("vacuity", False)
    }
    replace(pack_directory, REFERENCE, "reset || ", "")
    report = check_task(load_pack(pack_directory), "counter", grade, Depth(0, 0))
    assert not report.admitted


def test_a_child_enters_what_it_is_told_to_and_keeps_its_way_back() -> None:
    import os
    import tempfile

    with tempfile.TemporaryFile() as seen:

        def enter(keep: frozenset[int]) -> None:
            os.write(seen.fileno(), f"{sorted(keep)[:3]}".encode())

        assert isolate.call(lambda: 7, enter=enter) == 7
        seen.seek(0)
        assert seen.read() == b"[0, 1, 2]"
