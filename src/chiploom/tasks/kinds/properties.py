"""Kind ``properties``: the submission holds the author's properties, in whatever way it is built."""

from __future__ import annotations

from collections.abc import Sequence

from chiploom.errors import ReferenceError_
from chiploom.hdl.read import Elaborated, Rules
from chiploom.hdl.sources import Source
from chiploom.prove import engine
from chiploom.prove.verdict import Verdict
from chiploom.tasks.kinds.prepared import Prepared, judge, read_author
from chiploom.tasks.model import Task

_RULES = Rules(assertions=True, origin="reference")


def prepare(task: Task) -> Prepared:
    """Elaborate the properties module.

    Raises
    ------
    ReferenceError_
        It does not elaborate, or has a port that the task does not state.
    """
    properties = read_author(task, "properties", task.properties, top=None, rules=_RULES)
    _check_interface(task, properties)
    return Prepared(task, properties=properties)


def grade(prepared: Prepared, sources: Sequence[Source]) -> Verdict:
    """Prove that the submission never breaks a property, or show how it does."""
    task, properties = prepared.task, prepared.properties
    assert properties is not None
    return judge(
        task,
        sources,
        lambda submission: engine.prove_properties(properties, submission, power_up=task.power_up, limits=task.limits),
    )


def _check_interface(task: Task, properties: Elaborated) -> None:
    stated = {port.name: port.width for port in task.ports}
    for port in properties.netlist.ports.values():
        if port.direction != "input":
            raise ReferenceError_(
                "properties-interface", f"{task.id}: port '{port.name}' of properties.sv must be an input"
            )
        if stated.get(port.name) != port.width:
            says = f"{stated[port.name]} bit" if port.name in stated else "no such port"
            raise ReferenceError_(
                "properties-interface",
                f"{task.id}: port '{port.name}' of properties.sv has {port.width} bit, task.toml says {says}",
            )
