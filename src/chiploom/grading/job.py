"""What is graded: a submission against a task, or against files named on a command line.

The values here travel between processes, so they hold texts only; elaboration happens in the worker.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Literal

from chiploom import canonical
from chiploom.grading import commitment
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Limits
from chiploom.tasks.model import Task


@dataclass(frozen=True, slots=True)
class Comparison:
    """A reference, or properties, given as files, without a task around them.

    Attributes
    ----------
    reference, environment, properties : tuple of Source
        Either ``reference`` or ``properties`` is given.
    reference_top, top : str or None
        Top modules asked for, of the author's files and of the submission.
    """

    reference: tuple[Source, ...] = ()
    environment: tuple[Source, ...] = ()
    properties: tuple[Source, ...] = ()
    reference_top: str | None = None
    top: str | None = None
    power_up: Literal["free", "initial"] = "free"
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Reading:
    """Nothing to hold against: the design is read, and what the compiler finds is the answer.

    The verdict is ``rejected`` with diagnostics, or ``undecided`` with no limit hit and perhaps warnings.

    Attributes
    ----------
    elaborate : bool
        Whether the netlist is made too, for the warnings that only it can give.
    """

    top: str | None = None
    delays: Literal["ignore", "forbid"] = "ignore"
    memory_files: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    elaborate: bool = True


@dataclass(frozen=True, slots=True)
class Run:
    """Nothing to hold against: the design is simulated on the stimulus that is the last of the job's files.

    The verdict is ``rejected`` with diagnostics, or ``undecided`` with the run as its trace, without expected values.
    """

    top: str | None = None
    limits: Limits = field(default_factory=Limits)


Material = Task | Comparison | Reading | Run
"""What a submission is held against, or what else is done with it."""


@dataclass(frozen=True, slots=True)
class Job:
    """One submission to be graded.

    Attributes
    ----------
    subject : str
        Whose it is. Submissions of one subject may be checked in one process, one after the other, which is faster;
        those of different subjects never are. Empty: nobody's, so that nothing shares its process.
    """

    material: Material
    sources: tuple[Source, ...]
    subject: str = ""


def essence(material: Material) -> Material:
    """Return ``material`` without what does not decide the verdict: statement, hints, diagrams, other designs."""
    if not isinstance(material, Task):
        return material
    return dataclasses.replace(
        material, title={}, statement={}, hints=(), diagrams={}, starter=(), alternatives=(), broken=(), skills=()
    )


def digest_of(material: Material) -> str:
    """Return the SHA-256 of what decides the verdict, besides the submission."""
    return canonical.hash_of(_decisive(material))


def digest_of_sources(sources: tuple[Source, ...]) -> str:
    """Return the SHA-256 of a submission, with its file names: diagnostics show them."""
    return canonical.hash_of([[source.name, source.text] for source in sources])


def _decisive(material: Material) -> dict[str, Any]:
    if isinstance(material, Task):
        return {"task": material.id, **commitment.task_material(material)}
    if isinstance(material, Reading | Run):
        return {type(material).__name__: repr(material)}
    return {
        "comparison": [
            [[source.name, source.text] for source in files]
            for files in (material.reference, material.environment, material.properties)
        ],
        "tops": [material.reference_top, material.top],
        "power_up": material.power_up,
        "limits": material.limits.as_json(),
    }
