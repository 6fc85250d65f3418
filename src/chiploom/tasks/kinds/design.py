"""Kind ``design``: the submission equals the reference, whatever the inputs within the environment."""

from __future__ import annotations

from collections.abc import Sequence

from chiploom.errors import ReferenceError_
from chiploom.hdl.read import Elaborated, Rules
from chiploom.hdl.sources import Source
from chiploom.prove import engine
from chiploom.prove.verdict import Verdict
from chiploom.tasks.kinds.prepared import Prepared, judge, read_author
from chiploom.tasks.model import Task

_RULES = Rules(origin="reference")


def prepare(task: Task) -> Prepared:
    """Elaborate reference and environment, and build what every proof needs.

    Raises
    ------
    ReferenceError_
        One of them does not elaborate or is not fit to judge by, or the reference's ports are not those the task
        states.
    """
    reference = read_author(task, "reference", task.reference, top=task.reference_top, rules=_RULES)
    _check_interface(task, reference)
    environment = None
    if task.environment:
        environment = read_author(task, "environment", task.environment, top="environment", rules=_RULES)
    try:
        return Prepared(task, reference=engine.prepare_reference(reference, environment, limits=task.limits))
    except ReferenceError_ as error:
        raise ReferenceError_(error.code, f"{task.id}: {error.message}") from None


def grade(prepared: Prepared, sources: Sequence[Source]) -> Verdict:
    """Prove the submission equal to the reference, or refute it."""
    task, reference = prepared.task, prepared.reference
    assert reference is not None
    return judge(
        task,
        sources,
        lambda submission: engine.prove(reference, submission, power_up=task.power_up, limits=task.limits),
    )


def _check_interface(task: Task, reference: Elaborated) -> None:
    stated = {port.name: (port.direction, port.width) for port in task.ports}
    actual = {port.name: (port.direction, port.width) for port in reference.netlist.ports.values()}
    for name in sorted({*stated, *actual}):
        if stated.get(name) == actual.get(name):
            continue
        raise ReferenceError_(
            "reference-interface",
            f"{task.id}: port '{name}': task.toml says {_port(stated.get(name))}, the reference has "
            f"{_port(actual.get(name))}; make them agree",
        )


def _port(port: tuple[str, int] | None) -> str:
    return "no such port" if port is None else f"{port[0]} of {port[1]} bit"
