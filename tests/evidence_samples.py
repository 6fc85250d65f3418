"""Signed evidence for every room that spends it."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chiploom.grading import evidence
from chiploom.grading.evidence import Conditions, Evidence, Opening, Subject
from chiploom.hdl.diagnostics import Diagnostic
from chiploom.hdl.sources import Source
from chiploom.prove.trace import Cycle, Trace
from chiploom.prove.verdict import Limits, Outcome, Verdict
from chiploom.signing import SigningKey
from chiploom.tasks.model import Policy, PortSpec, Task

COUNTER = Source(
    "home/nguyen.van.a/counter.sv",
    "module counter(input clk, output reg q); // đếm\n  always @(posedge clk) q <= ~q;\nendmodule\n",
)


def make_task(**changes: Any) -> Task:
    task = Task(
        id="modulo-counter",
        kind="design",
        track="design",
        level=2,
        minutes=20,
        skills=("sequential.counter",),
        top="counter",
        title={"en": "Counter", "vi": "Bộ đếm", "fr": "Compteur"},
        statement={"en": "Count."},
        hints=(),
        ports=(PortSpec("clk", "input"), PortSpec("q", "output", 4)),
        clock="clk",
        power_up="free",
        limits=Limits(),
        policy=Policy(),
        parameters={"MODULO": 10},
        variant=3,
        variant_count=20,
        reference=(Source("reference.sv", "module counter(input clk, output q); endmodule\n"),),
        environment=(),
        properties=(),
        starter=(),
        alternatives=(),
        broken=(),
        diagrams={},
        pack_id="foundations",
        pack_version="1.0.0",
    )
    return replace(task, **changes)


def make_verdict(outcome: str = "proved", **changes: Any) -> Verdict:
    trace = Trace(
        model="cycle",
        clock="clk",
        cycles=(Cycle({"reset": "1"}, {"q": "xx"}, {"q": "01"}, {"state": "01"}),),
        failing=("q",),
        explanation={"en": "in cycle 0 q is 1", "vi": "ở chu kỳ 0 q là 1", "fr": "au cycle 0 q vaut 1"},
    )
    verdict = Verdict(
        outcome=Outcome(outcome),
        method="induction",
        bound=1 if outcome == "refuted" else None,
        assumptions=("registers of the submission start with any value",),
        warnings=(
            Diagnostic("slang.unused", "warning", {"text": "'clk' is unused"}, "home/nguyen.van.a/counter.sv", 1, 2),
        ),
        trace=trace if outcome == "refuted" else None,
        reason="a reason",
        tools={"chiploom": "0.1.0"},
        seconds=0.0123,
    )
    return replace(verdict, **changes)


ODD_VALUES: tuple[Any, ...] = (None, True, 0, -1, 1.5, 2**53 - 1, "", "x", "\u202e", "a" * 5000, [], [[]], {}, {"": 0})


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON tree below its root."""
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


def with_odd_values(tree: Any) -> Iterator[Any]:
    """Copies of a JSON tree with one place missing, or holding a value that nobody writes there."""
    for *parents, last in places(tree):
        for odd in (..., *ODD_VALUES):
            copy = deepcopy(tree)
            target = copy
            for key in parents:
                target = target[key]
            if odd is ...:
                del target[last]
            else:
                target[last] = odd
            yield copy


@dataclass
class Issuer:
    """An issuer with a key, who signs what a test asks for."""

    key: SigningKey

    def sign(
        self,
        outcome: str = "proved",
        subject: Subject | None = None,
        *,
        task: Task | None = None,
        verdict: Verdict | None = None,
        submission: Sequence[Source] = (COUNTER,),
        conditions: Conditions = Conditions(),  # noqa: B008 - frozen
        disclosed: bool = True,
        disclose_task: bool = True,
        issued: datetime = datetime(2026, 5, 1, 8, 0, 0, tzinfo=UTC),
        **task_changes: Any,
    ) -> tuple[Evidence, Opening]:
        return evidence.sign(
            verdict or make_verdict(outcome),
            task or make_task(**task_changes),
            submission,
            subject=subject or evidence.make_subject(),
            key=self.key,
            conditions=conditions,
            disclose_task=disclose_task,
            disclose_submission=disclosed,
            issued=issued,
        )

    def write(self, path: Path, outcome: str = "proved", subject: Subject | None = None, **options: Any) -> Evidence:
        signed, opening = self.sign(outcome, subject, **options)
        path.parent.mkdir(parents=True, exist_ok=True)
        evidence.write(path, signed, opening)
        return signed
