"""``chiploom grade`` from the outside: a task of the pack, the learner's language, signed evidence."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chiploom import messages
from chiploom.grading import evidence
from chiploom.tasks.load import load_pack, load_task

PACK = load_pack()
TASK = load_task(PACK, "gates" if "gates" in PACK.task_ids else PACK.task_ids[0])
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def chiploom(*words: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "chiploom.cli.main", *map(str, words)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "CHIPLOOM_HOME": str(tmp_path / "home"), "LC_ALL": "C.UTF-8", **variables},
            timeout=120,
        )
        assert "Traceback" not in done.stderr
        return done

    return chiploom


@pytest.fixture
def right(tmp_path: Path) -> Path:
    return write(tmp_path / "right.sv", TASK.alternatives[0].sources[0].text)


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    return write(tmp_path / "wrong.sv", TASK.broken[0].sources[0].text)


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def error_of(done: subprocess.CompletedProcess[str]) -> tuple[int, str]:
    value: dict[str, Any] = json.loads(done.stdout)
    assert value["verdict"] is None
    assert done.stderr.count("\n") == 1
    return done.returncode, value["error"]["code"]


def test_right_and_wrong(run: Run, right: Path, wrong: Path) -> None:
    good, bad = run("grade", TASK.id, right), run("grade", TASK.id, wrong)
    assert (good.returncode, bad.returncode) in ((0, 1), (0, 2))
    assert TASK.title["en"] in good.stdout
    assert "PROVED" in good.stdout


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_in_the_learners_language(run: Run, right: Path, language: str) -> None:
    done = run("grade", TASK.id, right, "--lang", language)
    assert TASK.title[language] in done.stdout
    assert messages.text("grading.proved", language, name=str(right), bound="") in done.stdout


def test_json_is_one_object(run: Run, wrong: Path) -> None:
    done = run("grade", TASK.id, wrong, "--json", "--lang", "fr")
    assert done.stdout.count("\n") == 1
    assert json.loads(done.stdout)["verdict"] in ("refuted", "rejected")


def test_evidence_is_signed_and_verifies(run: Run, right: Path, tmp_path: Path) -> None:
    subject = evidence.make_subject_id()
    done = run("grade", TASK.id, right, "--evidence", "e.json", "--subject", subject, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["verdict"] == "proved"
    record = evidence.read_file(tmp_path / "e.json")
    evidence.verify(record)
    assert record.subject.id == subject
    assert record.task["id"] == TASK.id
    assert record.outcome == "proved"
    assert run("evidence", "verify", "e.json").returncode == 0
    again = run("evidence", "verify", "e.json", "--rerun", "--submission", right)
    assert again.returncode == 0, again.stderr


def test_own_subject_is_the_same_each_time(run: Run, right: Path, tmp_path: Path) -> None:
    run("grade", TASK.id, right, "--evidence", "a.json")
    run("grade", TASK.id, right, "--evidence", "b.json")
    subjects = {evidence.read_file(tmp_path / name).subject.id for name in ("a.json", "b.json")}
    assert len(subjects) == 1


def test_name_as_subject_is_refused_before_anything_is_written(run: Run, right: Path, tmp_path: Path) -> None:
    done = run("grade", TASK.id, right, "--evidence", "e.json", "--subject", "Nguyễn Văn A", "--json")
    assert error_of(done) == (64, "subject-not-random")
    assert not (tmp_path / "e.json").exists()


def test_unknown_task_suggests_the_nearest(run: Run, right: Path) -> None:
    done = run("grade", TASK.id + "x", right, "--json")
    assert error_of(done) == (64, "unknown-task")
    assert TASK.id in done.stderr


def test_variants(run: Run, right: Path) -> None:
    with_variants = next(t for t in (load_task(PACK, name) for name in PACK.task_ids) if t.variant_count > 1)
    variant = load_task(PACK, with_variants.id, 2)
    from chiploom.tasks.syntax import with_parameters

    sources = with_parameters(variant.alternatives[0].sources, variant.top, variant.parameters)
    right.write_text(sources[0].text)
    assert run("grade", variant.id, right, "--variant", "2").returncode == 0
    assert error_of(run("grade", variant.id, right, "--variant", "999999", "--json"))[0] == 64
    assert error_of(run("grade", variant.id, right, "--variant", "two", "--json")) == (64, "usage")


def test_pack_that_is_missing_or_broken(run: Run, right: Path, tmp_path: Path) -> None:
    assert error_of(run("grade", "x", right, "--pack", "nowhere", "--json")) == (64, "file-not-found")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "pack.toml").write_text("id = [")
    assert error_of(run("grade", "x", right, "--pack", "pack", "--json"))[0] == 65


def test_missing_submission(run: Run) -> None:
    assert error_of(run("grade", TASK.id, "nowhere.sv", "--json")) == (64, "file-not-found")


@pytest.mark.parametrize("target", ["folder", "missing/e.json", "/proc/e.json"])
def test_evidence_that_cannot_be_written_leaves_nothing(run: Run, right: Path, tmp_path: Path, target: str) -> None:
    (tmp_path / "folder").mkdir()
    status, _ = error_of(run("grade", TASK.id, right, "--evidence", target, "--json"))
    assert status == 70
    assert list(tmp_path.rglob("*.tmp")) == []
    assert list((tmp_path / "folder").iterdir()) == []


def test_home_that_cannot_be_written_grades_but_signs_nothing(run: Run, right: Path, tmp_path: Path) -> None:
    assert run("grade", TASK.id, right, CHIPLOOM_HOME="/proc/nowhere").returncode == 0
    done = run("grade", TASK.id, right, "--evidence", "e.json", "--json", CHIPLOOM_HOME="/proc/nowhere")
    assert error_of(done)[0] == 70
    assert not (tmp_path / "e.json").exists()
