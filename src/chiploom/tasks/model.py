"""The Task model: what must be shown, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Limits

LocalText = Mapping[str, str]
"""A text by language: keys ``en``, ``vi``, ``fr``."""


@dataclass(frozen=True, slots=True)
class PortSpec:
    """A port the learner must provide; ``width`` is already a number (variant parameters filled in)."""

    name: str
    direction: Literal["input", "output", "inout"]
    width: int = 1
    signed: bool = False
    note: LocalText = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a submission may use, beyond the synthesisable subset."""

    delays: Literal["ignore", "forbid"] = "ignore"
    memory_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A design shipped with a task: an alternative (correct) or a broken one."""

    name: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """One task, of one variant, ready to be graded against.

    Attributes
    ----------
    id, kind, track : str
        Identifier within its pack; ``"design"``, ``"repair"`` or ``"properties"``; curriculum group.
    top : str
        Module name the learner writes.
    variant : int or None
        Number of the variant, None for the base task.
    parameters : mapping of str to int
        Parameter values of this variant; they override the parameters of the same names of the reference,
        environment, properties, alternatives and broken designs.
    reference, environment, properties : tuple of Source
        Author's files; empty where the kind has none.
    """

    id: str
    kind: str
    track: str
    level: int
    minutes: int
    skills: tuple[str, ...]
    top: str
    title: LocalText
    statement: LocalText
    hints: tuple[LocalText, ...]
    ports: tuple[PortSpec, ...]
    clock: str | None
    power_up: Literal["free", "initial"]
    limits: Limits
    policy: Policy
    parameters: Mapping[str, int]
    variant: int | None
    variant_count: int
    reference: tuple[Source, ...]
    environment: tuple[Source, ...]
    properties: tuple[Source, ...]
    starter: tuple[Source, ...]
    alternatives: tuple[Example, ...]
    broken: tuple[Example, ...]
    diagrams: Mapping[str, Mapping[str, Any]]
    constant_outputs: tuple[str, ...] = ()
    reference_top: str | None = None
    pack_id: str = ""
    pack_version: str = ""


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill: what it is called, and the skills it builds on."""

    id: str
    name: LocalText
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """A versioned, licensed set of tasks.

    Attributes
    ----------
    task_ids : tuple of str
        In teaching order.
    imported : bool
        Made by ``chiploom pack import`` from a data set of others: starters, hints, alternatives and broken designs
        are not asked for, and admission says what it therefore did not check.
    origin : str
        Where an imported pack comes from, and under which notice; empty for our own.
    skills : mapping of str to Skill
        What ``skills.toml`` names, empty where the pack has none.
    """

    id: str
    version: str
    licence: str
    authors: tuple[str, ...]
    languages: tuple[str, ...]
    reviewed_by: Mapping[str, tuple[str, ...]]
    title: LocalText
    directory: str
    task_ids: tuple[str, ...]
    imported: bool = False
    origin: str = ""
    skills: Mapping[str, Skill] = field(default_factory=dict)
