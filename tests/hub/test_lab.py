"""What the page of a task holds."""

from __future__ import annotations

import json
import re
from typing import Any

from visiting import Browser, verdict_of

from chiploom.tasks.load import load_pack, load_task

LAB = "/lab/foundations/gates"


def data(page: str, identifier: str) -> Any:
    found = re.search(rf'<script type="application/json" (?:id|class)="{identifier}">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_the_editor_begins_with_the_starter_in_a_file_called_by_its_module(learner: Browser) -> None:
    starter = load_task(load_pack(), "gates").starter[0].text
    page = learner.get(LAB)
    assert data(page, "files") == data(page, "starter") == [["logic_gates.sv", starter]]


def test_the_verdict_on_another_variant_is_not_shown(learner: Browser) -> None:
    files = json.dumps([["logic_gates.sv", "module logic_gates; endmodule"]])
    verdict_of(learner, learner.post(f"{LAB}/check?variant=2", files=files))
    assert "data-outcome" in learner.get(f"{LAB}?variant=2")
    assert "data-outcome" not in learner.get(LAB)
    assert "data-outcome" not in learner.get(f"{LAB}?variant=3")


def test_a_trace_says_which_cycles_end_with_an_edge(learner: Browser) -> None:
    task = load_task(load_pack(), "modulo-counter")
    sent = json.dumps([["x.sv", task.broken[0].sources[0].text]])
    shown = verdict_of(learner, learner.post("/lab/foundations/modulo-counter/check", files=sent))
    trace = data(shown, "trace-data")
    assert trace["edges"] == [True] * len(trace["cycles"])
    assert trace["failing"]


def test_texts_of_the_page_are_in_its_language(learner: Browser) -> None:
    learner.post("/language", chosen="fr")
    texts = data(learner.get(LAB), "texts")
    assert texts["wave-cycle"] == "Cycle {number}"
    assert texts["expected"] == "attendu"
    assert all(texts.values())
