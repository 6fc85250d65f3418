from pathlib import Path

import pytest

import chiploom
from chiploom.errors import UsageError
from chiploom.tasks.load import load_pack, load_task


def test_a_batch_is_graded_in_order_and_again(home: Path) -> None:
    task = load_task(load_pack(), "flip-flop")
    right = task.reference[0].text
    wrong = task.broken[0].sources[0].text
    texts = [right, wrong, f"Here:\n```verilog\n{right}\n```", "not Verilog", "", task.alternatives[0].sources[0].text]
    for _ in range(2):
        verdicts = chiploom.grade(task, texts)
        assert [verdict.outcome == "proved" for verdict in verdicts] == [True, False, True, False, False, True]
    assert chiploom.grade("flip-flop", []) == []


def test_mistakes_of_the_caller_are_said() -> None:
    with pytest.raises(UsageError, match="did you mean 'flip-flop'"):
        chiploom.grade("flipflop", ["x"])
    with pytest.raises(TypeError, match="list of strings"):
        chiploom.grade("flip-flop", "module m; endmodule")


def test_the_package_offers_what_it_says() -> None:
    assert sorted(chiploom.__all__) == ["__version__", "grade"]
    with pytest.raises(AttributeError):
        _ = chiploom.nothing  # type: ignore[attr-defined]
