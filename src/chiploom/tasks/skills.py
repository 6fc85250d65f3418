"""The skills of a pack: what they are called and which others they build on, from ``skills.toml``.

The file is optional. A pack that has it names every skill that its tasks show::

    [skills."sequential.counter"]
    name = { en = "Counters", vi = "Bộ đếm", fr = "Compteurs" }
    needs = ["sequential.register"]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from chiploom.errors import PackError
from chiploom.tasks import schema
from chiploom.tasks.model import Skill

FILE = "skills.toml"
SKILL_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
_MOST_SKILLS = 1000


def read_skills(text: str, languages: tuple[str, ...]) -> dict[str, Skill]:
    """Return the skills of the text of a ``skills.toml``, by identifier.

    Raises
    ------
    PackError
        ``unknown-skill`` for a need that is not in the file, ``skill-cycle`` for skills that need each other,
        ``missing-language``, or what else is malformed.
    """
    table = schema.parse(text, FILE)
    listed = table.table("skills")
    table.finish()
    skills: dict[str, Skill] = {}
    for name, value in listed.items():
        if not SKILL_NAME.fullmatch(name) or not isinstance(value, dict):
            raise listed.error("bad-value", name, 'is no skill; write [skills."sequential.counter"]')
        entry = schema.Table(value, FILE, f"skills.{name}")
        skills[name] = Skill(name, entry.table("name").texts(languages), entry.strings("needs", ()))
        entry.finish()
    if len(skills) > _MOST_SKILLS:
        raise PackError("bad-value", f"{FILE}: holds {len(skills)} skills; a pack has at most {_MOST_SKILLS}")
    _check_needs(skills)
    return skills


def check_named(skills: Mapping[str, Skill], shown: tuple[str, ...], file: str) -> None:
    """Refuse a task that shows a skill which the pack's file does not name, if it has one.

    Raises
    ------
    PackError
        ``unknown-skill``.
    """
    for skill in shown if skills else ():
        if skill not in skills:
            raise PackError("unknown-skill", f"{file}: 'skills' holds {skill!r}, which {FILE} does not name")


def _check_needs(skills: Mapping[str, Skill]) -> None:
    for skill in skills.values():
        for need in skill.needs:
            if need not in skills:
                raise PackError("unknown-skill", f"{FILE}: 'skills.{skill.id}.needs' holds {need!r}, which is not here")
    try:
        TopologicalSorter({skill.id: skill.needs for skill in skills.values()}).prepare()
    except CycleError as error:
        raise PackError("skill-cycle", f"{FILE}: skills need each other: {' -> '.join(error.args[1])}") from None
