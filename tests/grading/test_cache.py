"""The cache finds what was final, and nothing that is damaged, moved or out of date."""

import dataclasses
import logging
import os
from pathlib import Path

import pytest

from chiploom.grading import cache as cache_module
from chiploom.grading.cache import Cache
from chiploom.grading.job import Comparison, Job
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Limits, Outcome, Verdict

REFERENCE = Source("r.sv", "module r; endmodule")
SUBMISSION = Source("s.sv", "module s; endmodule")
COMPARISON = Comparison(reference=(REFERENCE,))
JOB = Job(COMPARISON, (SUBMISSION,))
PROVED = Verdict(outcome=Outcome.PROVED, method="sat", reason="ký tự ✓", seconds=0.25)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def entries(cache: Cache) -> list[Path]:
    return sorted(cache._directory.rglob("*.json"))


def test_what_was_stored_is_found_by_another_cache_of_the_same_place(cache: Cache) -> None:
    key = cache.key(JOB)
    assert cache.find(key) is None
    cache.store(key, PROVED)
    assert cache.find(key) == PROVED
    assert Cache(cache._directory).find(Cache(cache._directory).key(JOB)) == PROVED
    assert not list(cache._directory.rglob("*.tmp"))


@pytest.mark.parametrize("outcome", Outcome)
def test_only_final_verdicts_are_kept(cache: Cache, outcome: Outcome) -> None:
    final = outcome in (Outcome.PROVED, Outcome.REFUTED, Outcome.REJECTED, Outcome.MEASURED)
    cache.store(cache.key(JOB), Verdict(outcome=outcome))
    assert (cache.find(cache.key(JOB)) is not None) == final


@pytest.mark.parametrize(
    "other",
    [
        Job(COMPARISON, (Source("s.sv", "module s;  endmodule"),)),
        Job(COMPARISON, (Source("t.sv", SUBMISSION.text),)),
        Job(COMPARISON, (SUBMISSION, SUBMISSION)),
        Job(dataclasses.replace(COMPARISON, power_up="initial"), (SUBMISSION,)),
        Job(dataclasses.replace(COMPARISON, limits=Limits(time_s=11)), (SUBMISSION,)),
        Job(dataclasses.replace(COMPARISON, top="s"), (SUBMISSION,)),
        Job(dataclasses.replace(COMPARISON, reference_top="r"), (SUBMISSION,)),
        Job(dataclasses.replace(COMPARISON, reference=(SUBMISSION,)), (SUBMISSION,)),
        Job(dataclasses.replace(COMPARISON, environment=(REFERENCE,)), (SUBMISSION,)),
        Job(Comparison(properties=(REFERENCE,)), (SUBMISSION,)),
    ],
)
def test_everything_that_matters_is_in_the_key(cache: Cache, other: Job) -> None:
    assert cache.key(other) != cache.key(JOB)


def test_another_prover_does_not_believe_the_old_one(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache.key(JOB)
    monkeypatch.setattr(cache_module, "_prover_digest", lambda: "another")
    assert cache.key(JOB) != before


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "text", "moved", "directory"])
def test_damaged_entry_is_a_miss(cache: Cache, damage: str) -> None:
    key = cache.key(JOB)
    cache.store(key, PROVED)
    (entry,) = entries(cache)
    content = entry.read_bytes()
    if damage == "cut":
        entry.write_bytes(content[:-5])
    elif damage == "flip":
        entry.write_bytes(content.replace(b"proved", b"refute"))
    elif damage == "empty":
        entry.write_bytes(b"")
    elif damage == "text":
        entry.write_bytes(b"not json\n\xff")
    elif damage == "moved":
        key = "0" * 64
        (entry.parent.parent / "00").mkdir(exist_ok=True)
        entry.rename(entry.parent.parent / "00" / f"{'0' * 62}.json")
    else:
        entry.unlink()
        entry.mkdir()
    assert cache.find(key) is None


def test_cache_that_cannot_be_written_says_so_once_and_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "home").write_text("a file where a directory is needed")
    cache = Cache(tmp_path / "home" / "cache")
    with caplog.at_level(logging.INFO):
        cache.store(cache.key(JOB), PROVED)
        cache.store(cache.key(JOB), PROVED)
    assert len(caplog.records) == 1
    assert cache.find(cache.key(JOB)) is None


def test_oldest_entries_go_when_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "_CHECK_SIZE_EVERY", 2)
    cache = Cache(tmp_path, max_bytes=4000)
    keys = [f"{number:064x}" for number in range(20)]
    for age, key in enumerate(keys):
        cache.store(key, PROVED)
        os.utime(cache._path(key), (age, age))
    cache.store("f" * 64, PROVED)
    kept = [key for key in keys if cache.find(key) is not None]
    assert kept
    assert kept == keys[-len(kept) :]
    assert sum(path.stat().st_size for path in entries(cache)) <= 4000
