"""What a worker warms up with, and what children rehearse, must be whole checks."""

from __future__ import annotations

import pickle

import pytest

from chiploom.grading import child, codec, warm_up
from chiploom.prove.verdict import Outcome, Verdict


def test_the_rehearsal_carries_out_whole_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    orders, references = warm_up.warm_up()
    answers: list[object] = []
    encode = codec.encode

    def encode_and_keep(outcome: object) -> bytes:
        answers.append(outcome)
        return encode(outcome)  # type: ignore[arg-type]

    monkeypatch.setattr(codec, "encode", encode_and_keep)
    child.rehearse(orders, references)
    verdicts = [each for each in answers if isinstance(each, Verdict)]
    assert [each.outcome for each in verdicts] == [Outcome.PROVED, Outcome.REFUTED, Outcome.PROVED]
    assert verdicts[0].method != verdicts[2].method, "one by structure, one by a solver"
    assert all(pickle.loads(order).sources[0].name == "warm.sv" for order in orders)
