import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from chiploom.errors import PackError, StorageError
from chiploom.grading import bench, report
from chiploom.grading.job import Job
from chiploom.grading.samples import BadLines, read_samples
from chiploom.prove.trace import Cycle, Trace
from chiploom.prove.verdict import Outcome, Verdict
from chiploom.tasks.load import load_pack
from chiploom.tasks.model import Pack

TOOLS = {"chiploom": "0", "yosys": "1"}


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    root = tmp_path / "pack"
    for name in ("one", "two", "three"):
        (root / name).mkdir(parents=True)
        (root / name / "statement.en.md").write_text("Do it.")
        (root / name / "reference.sv").write_text("module m(output y); assign y = 1; endmodule")
        (root / name / "task.toml").write_text(
            f'id = "{name}"\nkind = "design"\ntrack = "design"\nlevel = 1\nminutes = 1\ntop = "m"\n'
            f'[title]\nen = "<b>{name}</b>"\n[[ports]]\nname = "y"\ndirection = "output"\n'
        )
    (root / "pack.toml").write_text(
        'id = "p"\nversion = "1.0.0"\nlicence = "MIT"\nauthors = ["a"]\nlanguages = ["en"]\nimported = true\n'
        'tasks = ["one", "two", "three"]\n[title]\nen = "Pack"\n'
    )
    return load_pack(root)


def write_samples(path: Path, samples: list[tuple[str, str]]) -> Path:
    path.write_text("".join(json.dumps({"task_id": t, "completion": c}) + "\n" for t, c in samples))
    return path


TRACE = Trace("combinational", None, (Cycle({}, {"y": "1"}, {"y": "0"}, {}),), ("y",), {"en": "y became 0; expected 1"})


def verdict_of(job: Job) -> Verdict:
    """A grader that reads the verdict from the text: what a prover would say is other tests' matter."""
    text = job.sources[0].text
    if "right" in text:
        return Verdict(outcome=Outcome.PROVED, method="structural", seconds=0.01)
    if "wrong" in text:
        return Verdict(outcome=Outcome.REFUTED, method="random", trace=TRACE)
    return Verdict(limit_hit="time", reason="no decision within 10 s")


class Grader:
    """Grades in reverse order of arrival, and counts."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.graded: list[str] = []
        self._stop_after = stop_after

    def __call__(self, jobs: Iterable[Job]) -> Iterator[tuple[int, Verdict]]:
        for index, job in reversed(list(enumerate(jobs))):
            if self._stop_after is not None and len(self.graded) >= self._stop_after:
                raise KeyboardInterrupt
            self.graded.append(job.sources[0].text)
            yield index, verdict_of(job)


def start(pack: Pack, samples: Path, directory: Path, tools: dict[str, str] = TOOLS) -> bench.Bench:
    return bench.Bench(pack, samples, *read_samples(samples, frozenset(pack.task_ids)), directory, tools)


SAMPLES = [
    ("one", "module m; right 1"),
    ("one", "module m; wrong 1"),
    ("one", "module m; wrong 1"),
    ("two", "module m; wrong 2"),
    ("two", "module m; hard 2"),
    ("one", "module m; right 2"),
]


def test_verdicts_are_not_mixed_up_and_unattempted_tasks_failed(pack: Pack, tmp_path: Path) -> None:
    path = write_samples(tmp_path / "s.jsonl", SAMPLES)
    grader = Grader()
    with start(pack, path, tmp_path / "report") as run:
        said = [(sample.line, outcome) for sample, outcome in run.run(grader)]
        found = run.result()
    expected = {1: "proved", 2: "refuted", 3: "refuted", 4: "refuted", 5: "undecided", 6: "proved"}
    assert dict(said) == expected
    assert {graded.line: graded.verdict for graded in found.graded} == expected
    assert len(grader.graded) == 5  # the repeated text was graded once
    assert [estimate.k for estimate in found.estimates] == [1]
    assert found.estimates[0].value == pytest.approx((2 / 4 + 0 + 0) / 3)
    values = found.as_json()
    assert values["verdicts"] == {"proved": 2, "refuted": 3, "undecided": 1}
    assert [task["samples"] for task in values["tasks"]] == [4, 2, 0]
    assert values["results"][1]["explanation"] == "y became 0; expected 1"
    assert values["results"][4]["limit_hit"] == "time"


def test_a_model_is_one_subject_and_people_are_themselves(pack: Pack, tmp_path: Path) -> None:
    lines = [{"task_id": "one", "completion": f"module m; right {n}", "subject": who} for n, who in enumerate("ab")]
    lines += [{"task_id": "one", "completion": f"module m; wrong {n}"} for n in range(2)]
    samples = tmp_path / "s.jsonl"
    samples.write_text("".join(json.dumps(line) + "\n" for line in lines))
    subjects: list[str] = []

    def grade(jobs: Iterable[Job]) -> Iterator[tuple[int, Verdict]]:
        for index, job in enumerate(jobs):
            subjects.append(job.subject)
            yield index, verdict_of(job)

    with start(pack, samples, tmp_path / "r") as run:
        list(run.run(grade))
    assert subjects[:2] == ["a", "b"]
    assert subjects[2] == subjects[3] != ""


def test_an_interrupted_run_goes_on_where_it_was(pack: Pack, tmp_path: Path) -> None:
    path = write_samples(tmp_path / "s.jsonl", SAMPLES)
    first = Grader(stop_after=2)
    with start(pack, path, tmp_path / "report") as run, pytest.raises(KeyboardInterrupt):
        list(run.run(first))
    second = Grader()
    with start(pack, path, tmp_path / "report") as run:
        assert run.resumed >= 2
        assert len(list(run.run(second))) == len(SAMPLES)
        resumed = run.result()
    assert not set(first.graded) & set(second.graded)
    assert len(first.graded) + len(second.graded) == 5
    with start(pack, path, tmp_path / "fresh") as run:
        list(run.run(Grader()))
        assert run.result().as_json() == resumed.as_json()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-7],
        lambda data: data + b'{"key": "x"}\nnot json\n[]\n',
        lambda data: data + b"\xff\n",
        lambda data: data.replace(b'"method"', b'"madness"', 1),
        lambda data: data.replace(b'"proved"', b'"perfect"', 1),
        lambda data: data.replace(b'"seconds": ', b'"seconds": "a", "": ', 1),
    ],
)
def test_a_damaged_journal_costs_only_what_was_damaged(
    pack: Pack, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    path = write_samples(tmp_path / "s.jsonl", SAMPLES)
    with start(pack, path, tmp_path / "report") as run:
        list(run.run(Grader()))
    journal = tmp_path / "report" / "journal.jsonl"
    journal.write_bytes(damage(journal.read_bytes()))
    again = Grader()
    with start(pack, path, tmp_path / "report") as run:
        assert len(list(run.run(again))) == len(SAMPLES)
    assert len(again.graded) <= 1
    last = Grader()
    with start(pack, path, tmp_path / "report") as run:
        list(run.run(last))
    assert last.graded == []


@pytest.mark.parametrize("limit", ["crash", "killed"])
def test_an_accident_is_graded_again_and_a_changed_task_too(pack: Pack, tmp_path: Path, limit: str) -> None:
    path = write_samples(tmp_path / "s.jsonl", [("one", "module m; right")])
    with start(pack, path, tmp_path / "report") as run:
        list(run.run(lambda jobs: ((i, Verdict(limit_hit=limit, reason="lost")) for i, _ in enumerate(jobs))))
    with start(pack, path, tmp_path / "report") as run:
        assert [outcome for _, outcome in run.run(Grader())] == ["proved"]
    reference = Path(pack.directory) / "one" / "reference.sv"
    reference.write_text(reference.read_text().replace("1", "0"))
    again = Grader()
    with start(pack, path, tmp_path / "report") as run:
        list(run.run(again))
    assert len(again.graded) == 1
    newer = Grader()
    with start(pack, path, tmp_path / "report", {**TOOLS, "yosys": "2"}) as run:
        list(run.run(newer))
    assert len(newer.graded) == 1


def test_two_runs_do_not_write_to_one_folder(pack: Pack, tmp_path: Path) -> None:
    path = write_samples(tmp_path / "s.jsonl", SAMPLES)
    with start(pack, path, tmp_path / "report"), pytest.raises(StorageError) as caught:
        start(pack, path, tmp_path / "report")
    assert caught.value.code == "report-in-use"


def test_a_folder_that_cannot_be_made_is_said(pack: Pack, tmp_path: Path) -> None:
    path = write_samples(tmp_path / "s.jsonl", SAMPLES)
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError) as caught:
        start(pack, path, tmp_path / "file" / "report")
    assert caught.value.code == "not-writable"


def test_a_journal_that_is_a_link_is_not_followed(pack: Pack, tmp_path: Path) -> None:
    path = write_samples(tmp_path / "s.jsonl", SAMPLES)
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "journal.jsonl").symlink_to(victim)
    with pytest.raises(StorageError):
        start(pack, path, tmp_path / "report")
    assert victim.read_text() == "mine"


def test_a_pack_without_tasks_is_refused(pack: Pack, tmp_path: Path) -> None:
    toml = Path(pack.directory) / "pack.toml"
    toml.write_text(toml.read_text().replace('["one", "two", "three"]', "[]"))
    with pytest.raises(PackError):
        bench.Bench(load_pack(Path(pack.directory)), tmp_path / "s", [], BadLines(), tmp_path / "report", TOOLS)


def test_both_reports_are_written(pack: Pack, tmp_path: Path) -> None:
    path = write_samples(tmp_path / "s.jsonl", SAMPLES)
    with start(pack, path, tmp_path / "report") as run:
        list(run.run(Grader()))
        found = run.result()
        results, page = run.write(found, report.html(found))
    assert json.loads(results.read_text()) == json.loads(json.dumps(found.as_json()))
    assert page.read_text().startswith("<!doctype html>")
