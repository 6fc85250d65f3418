"""The red-team list and a sample of malformed texts, end to end: through the pool, in the box, to the verdict.

What a single layer refuses is tested beside that layer. Here the question is only whether anything wrong is ever
proved, and whether the pool still stands afterwards. ``benchmarks/hostile.py`` does the same at full size.
"""

import dataclasses
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import harness
from cheats import Ground, cheats
from chiploom.cli.main import main
from chiploom.errors import ChiploomError
from chiploom.grading import landlock
from chiploom.grading.job import Job
from chiploom.grading.pool import Pool
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Limits, Outcome, Verdict
from chiploom.tasks.load import load_pack, load_task
from chiploom.tasks.model import Task
from chiploom.tasks.syntax import with_parameters
from hostile import wrong
from hostile_inputs import Hostile, fuzzed

IN_BOX = landlock.version() > 0
#: Few seconds and little memory, so that bombs are soon over.
LIMITS = Limits(time_s=2.0, memory_mb=1024)
TASKS = ("updown-counter", "priority-encoder")
#: Lines of the red-team list that a submission alone can try.
LINES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 23, 25, 27, 32, 33)
#: Bombs that use up their whole limit: one of them is enough here.
LASTING = {"2000 terms", "100000 modules", "many ports", "many registers", "module tree", "macro bomb"}


def ground_of(name: str) -> Ground:
    task = load_task(load_pack(), name)
    return Ground(dataclasses.replace(task, limits=LIMITS), answer(task)[0].text)


def answer(task: Task) -> tuple[Source, ...]:
    return with_parameters(task.alternatives[0].sources, task.top, task.parameters)


GROUND = ground_of(TASKS[0])


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(2, box=IN_BOX) as pool:
        assert pool.one(Job(GROUND.task, answer(GROUND.task))).outcome is Outcome.PROVED
        workers = pool.process_ids
        yield pool
        assert pool.process_ids == workers


def problems(pool: Pool, inputs: list[Hostile]) -> list[str]:
    """Return what went wrong, by name of the input."""
    found = []
    for index, result in pool.results(Job(each.ground.task, each.sources) for each in inputs):
        each = inputs[index]
        if isinstance(result, ChiploomError):
            found.append(f"{each.name}: {result.code}: {result.message}")
        elif (problem := wrong(each, result)) is not None:
            found.append(f"{each.name}: {problem}")
    return found


def test_every_line_is_tried() -> None:
    assert {cheat.line for cheat in cheats(GROUND)} == set(LINES)


@pytest.mark.parametrize("line", LINES)
def test_no_cheat_of_the_red_team_list_succeeds(pool: Pool, line: int) -> None:
    inputs = [
        Hostile(f"line {line}", cheat.name, GROUND, cheat.sources, cheat.allowed)
        for cheat in cheats(GROUND)
        if cheat.line == line and cheat.name not in LASTING
    ]
    assert problems(pool, inputs) == []


def test_malformed_texts_break_nothing_and_prove_nothing_wrong(pool: Pool) -> None:
    if not harness.is_installed():
        pytest.skip("iverilog, which proofs are held against, is not installed")
    inputs = list(fuzzed([ground_of(name) for name in TASKS], 110, seed=5))
    assert len({each.kind for each in inputs}) > 10
    assert problems(pool, inputs) == []


def test_a_proof_of_a_wrong_design_would_be_noticed() -> None:
    if not harness.is_installed():
        pytest.skip("iverilog, which proofs are held against, is not installed")
    for name in TASKS:
        ground = ground_of(name)
        proof = Verdict(outcome=Outcome.PROVED)
        for right, text in ((True, ground.correct), (False, ground.wrong())):
            # A word more, so that it is not the correct design's text.
            source = Source("top.sv", text.replace("endmodule", "wire unused; endmodule"))
            problem = wrong(Hostile("made up", name, ground, (source,), None), proof)
            assert (problem is None) == right, (name, problem)


def test_diagnostics_tell_nothing_about_the_machine(pool: Pool) -> None:
    """Line 13: what an include names is neither read nor told."""
    found = []
    for cheat in cheats(GROUND):
        if cheat.line in (11, 12, 13):
            verdict = pool.one(Job(GROUND.task, cheat.sources))
            found += [diagnostic.message for diagnostic in (*verdict.diagnostics, *verdict.warnings)]
    assert found
    assert not [text for text in found if re.search(r"root:|chiploom-|/tmp/(?!written)|/dev/shm", text)]


def test_an_answer_to_one_variant_is_wrong_for_another(pool: Pool) -> None:
    """Line 31: a learner's answer is of no use to the neighbour."""
    pack = load_pack()
    name = "modulo-counter"
    base = load_task(pack, name)
    variants = [load_task(pack, name, number) for number in range(1, min(base.variant_count, 8) + 1)]
    first = variants[0]
    other = next(task for task in variants if dict(task.parameters) != dict(first.parameters))
    assert pool.one(Job(first, answer(first))).outcome is Outcome.PROVED
    assert pool.one(Job(other, answer(first))).outcome in (Outcome.REFUTED, Outcome.REJECTED)


@pytest.mark.parametrize("name", ["--top.sv", "-o", "; exec id", "$(id).sv", "a b.sv", "\x1b[2Jred.sv"])
def test_file_names_are_only_names(name: str, tmp_path: Path, home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Lines 15 and 32: on the command line, down to Yosys and back to the terminal."""
    if not IN_BOX:
        pytest.skip("this kernel has no Landlock")
    file = tmp_path / name
    file.write_text(GROUND.wrong("  wire \x1b[31mred; // \u202e"), encoding="utf-8")
    reference = tmp_path / "reference.sv"
    reference.write_text(GROUND.correct, encoding="utf-8")
    assert main(["prove", "--reference", str(reference), "--submission", str(file)]) == 2
    output = capfd.readouterr()
    assert "\x1b" not in output.out + output.err
    assert "\u202e" not in output.out + output.err


@pytest.mark.parametrize("kind", ["fifo", "device", "ring of links", "folder", "unreadable path"])
def test_what_is_no_file_is_not_read(kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Line 33."""
    path = tmp_path / "x.sv"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "ring of links":
        path.symlink_to(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path = tmp_path / ("x" * 5000)
    assert main(["prove", "--reference", str(path), "--submission", str(path)]) == 64
    output = capfd.readouterr()
    assert len(output.err.strip().splitlines()) == 1
    assert "Traceback" not in output.err
