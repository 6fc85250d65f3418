"""The skill map: the skills of a track, what each builds on and how much of it is proved, as a picture and as values.

Every state has its own outline, sign and words, so that nothing is said by colour alone. The layout depends only on
which skills a track shows, so it is kept; only the states are a learner's own.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

from chiploom.hub.library import Library, local
from chiploom.hub.progress import Standing
from chiploom.hub.web.language import Wording
from chiploom.tasks.model import Skill, Task

State = Literal["done", "begun", "ready", "later"]

_WIDTH, _HEIGHT = 160, 42
_ACROSS, _DOWN = 30, 10
_BAR = 108
#: As many letters fit beside the sign as they are; longer names are drawn closer together.
_LETTERS = 17
#: Drawn, not written: a letter would be part of what the link is called. The page's legend has the same four.
_SIGNS = {
    "done": "M1 -5l3 4 5.5 -8",
    "begun": "M1 -5a4 4 0 1 0 8 0a4 4 0 1 0 -8 0M4.4 -8.4v6.8M3 -8v6M2 -6.5v3",
    "ready": "M1 -5a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
    "later": "M5 -5h.1",
}
_SWEEPS = 6


@dataclass(frozen=True, slots=True)
class SkillStanding:
    """One skill, as a learner stands with it.

    Attributes
    ----------
    needs : tuple of str
        The skills of the track that it builds on directly.
    task : Task
        The task to do next for it: the first that is not proved, or else its first.
    is_next : bool
        Whether the task that the learner should do next shows it.
    """

    id: str
    name: str
    needs: tuple[str, ...]
    done: int
    total: int
    state: State
    task: Task
    is_next: bool


def standings(standing: Standing, library: Library, language: str) -> list[SkillStanding]:
    """Return the skills of a learner's track in the order in which tasks first show them."""
    named = _named(library)
    first: dict[str, Task] = {}
    undone: dict[str, Task] = {}
    for item in standing.tasks:
        for skill in item.task.skills:
            first.setdefault(skill, item.task)
            if not item.is_met:
                undone.setdefault(skill, item.task)
    needs = _needs(tuple(first), tuple((skill.id, skill.needs) for skill in named.values()))
    following = () if standing.following is None else standing.following.task.skills
    result = []
    for skill in first:
        task = undone.get(skill, first[skill])
        done, total = standing.skills[skill]
        begun = all(standing.skills[need][0] for need in needs[skill])
        state: State = "done" if done == total else "begun" if done else "ready" if begun else "later"
        result.append(
            SkillStanding(
                skill, name_of(library, skill, language), needs[skill], done, total, state, task, skill in following
            )
        )
    return result


def name_of(library: Library, skill: str, language: str) -> str:
    """Return what a skill is called; one that no pack names is called by its identifier."""
    named = _named(library).get(skill)
    return skill if named is None else local(named.name, language)


def draw(skills: Sequence[SkillStanding], words: Wording) -> Markup:
    """Return the picture."""
    if not skills:
        return Markup("")
    places = _layout(tuple((skill.id, skill.needs) for skill in skills))
    width = (max(column for column, _ in places.values()) + 1) * (_WIDTH + _ACROSS) - _ACROSS + 8
    height = max(y for _, y in places.values()) + _HEIGHT + 8
    parts = [f'<svg class="skill-map" viewBox="0 0 {width} {height:g}" width="{width}" height="{height:g}">']
    states = {skill.id: skill.state for skill in skills}
    for skill in skills:
        parts += (_edge(places[need], places[skill.id], states[need]) for need in skill.needs)
    parts += (_node(skill, places[skill.id], words) for skill in skills)
    return Markup("".join([*parts, "</svg>"]))


def told(skill: SkillStanding, words: Wording) -> str:
    """Return where a learner stands with a skill, in words."""
    return _told(skill.done, skill.total, skill.state, words)


@functools.lru_cache(4096)
def _told(done: int, total: int, state: State, words: Wording) -> str:
    return f"{words('map-of', done=done, total=total)}, {words(f'map-state-{state}')}"


def _named(library: Library) -> dict[str, Skill]:
    named: dict[str, Skill] = {}
    for pack_id in sorted(library.open_packs):
        named.update(library.packs[pack_id].skills)
    return named


def _node(skill: SkillStanding, place: tuple[int, float], words: Wording) -> str:
    task = skill.task
    title = local(task.title, words.language)
    label = f"{skill.name} {skill.done}/{skill.total}: {told(skill, words)}. "
    return _drawn(
        skill.name,
        label,
        title,
        f"/lab/{task.pack_id}/{task.id}",
        skill.state,
        skill.is_next,
        skill.done,
        skill.total,
        place,
        words,
    )


@functools.lru_cache(8192)
def _drawn(
    name: str,
    label: str,
    title: str,
    address: str,
    state: State,
    is_next: bool,
    done: int,
    total: int,
    place: tuple[int, float],
    words: Wording,
) -> str:
    """Return one node; thousands of learners stand alike with most skills, so it is kept."""
    x, y = _corner(place)
    label = str(escape(label + words("map-task", task=title)))
    share = round(_BAR * done / total)
    bar = f'<rect class="share" x="{x + 9}" y="{y + 29:g}" width="{share}" height="5" rx="2"/>' if share else ""
    tight = f' textLength="{_WIDTH - 32}" lengthAdjust="spacingAndGlyphs"' if len(name) > _LETTERS else ""
    return (
        f'<a class="skill {state}{" next" if is_next else ""}" href="{escape(address)}"><title>{label}</title>'
        f'<rect class="body" x="{x}" y="{y:g}" width="{_WIDTH}" height="{_HEIGHT}" rx="7"/>'
        f'<rect class="whole" x="{x + 9}" y="{y + 29:g}" width="{_BAR}" height="5" rx="2"/>{bar}'
        f'<path class="sign" transform="translate({x + 9} {y + 19:g})" d="{_SIGNS[state]}"/>'
        f'<text class="name" x="{x + 24}" y="{y + 19:g}"{tight}>{escape(name)}</text>'
        f'<text class="count" x="{x + _WIDTH - 9}" y="{y + 35:g}">{done}/{total}</text></a>'
    )


@functools.lru_cache(4096)
def _edge(start: tuple[int, float], end: tuple[int, float], state: State) -> str:
    x, y = _corner(start)
    to_x, to_y = _corner(end)
    x, y, to_y = x + _WIDTH, y + _HEIGHT / 2, to_y + _HEIGHT / 2
    bend = max(_ACROSS, (to_x - x) / 2)
    path = f"M{x} {y:g}C{x + bend:g} {y:g} {to_x - bend:g} {to_y:g} {to_x} {to_y:g}"
    return f'<path class="need {state}" d="{path}"/>'


def _corner(place: tuple[int, float]) -> tuple[int, float]:
    return place[0] * (_WIDTH + _ACROSS) + 4, place[1] + 4


@functools.lru_cache(64)
def _needs(present: tuple[str, ...], named: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, tuple[str, ...]]:
    """Return what each skill of a track builds on directly: skills that other tracks show are stepped over."""
    all_needs = dict(named)
    kept = frozenset(present)
    near = {skill: frozenset(_nearest(skill, all_needs, kept)) for skill in present}
    return {
        skill: tuple(need for need in present if need in near[skill] and not _is_implied(need, skill, near))
        for skill in present
    }


def _nearest(skill: str, needs: Mapping[str, tuple[str, ...]], kept: frozenset[str]) -> Iterator[str]:
    for need in needs.get(skill, ()):
        if need in kept:
            yield need
        else:
            yield from _nearest(need, needs, kept)


def _is_implied(need: str, skill: str, near: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether another need of the skill builds on this one, so that a line to it would say nothing new."""
    waiting = [other for other in near[skill] if other != need]
    seen: set[str] = set()
    while waiting:
        other = waiting.pop()
        if need in near[other]:
            return True
        if other not in seen:
            seen.add(other)
            waiting += near[other]
    return False


@functools.lru_cache(64)
def _layout(skills: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, tuple[int, float]]:
    """Return for each skill its column, one right of all it builds on, and the height at which it stands there."""
    needs = dict(skills)
    columns: dict[str, int] = {}

    def column(skill: str) -> int:
        if skill not in columns:
            columns[skill] = 1 + max((column(need) for need in needs[skill]), default=-1)
        return columns[skill]

    stacks: dict[int, list[str]] = {}
    for skill in needs:
        stacks.setdefault(column(skill), []).append(skill)
    needed_by: dict[str, list[str]] = {skill: [] for skill in needs}
    for skill, listed in skills:
        for need in listed:
            needed_by[need].append(skill)
    rank: dict[str, float] = {skill: index for stack in stacks.values() for index, skill in enumerate(stack)}
    for sweep in range(_SWEEPS):
        # Each stands near the middle of its neighbours: of what it builds on, then of what builds on it, in turns.
        neighbours: Mapping[str, Sequence[str]] = needs if sweep % 2 == 0 else needed_by
        for _, stack in sorted(stacks.items(), reverse=sweep % 2 == 1):
            stack.sort(key=lambda skill: (_middle(neighbours[skill], rank, rank[skill]), rank[skill]))
            offset = -len(stack) / 2
            rank.update({skill: index + offset for index, skill in enumerate(stack)})
    tallest = max(len(stack) for stack in stacks.values())
    step = _HEIGHT + _DOWN
    return {
        skill: (number, (tallest - len(stack)) * step / 2 + index * step)
        for number, stack in stacks.items()
        for index, skill in enumerate(stack)
    }


def _middle(skills: Sequence[str], rank: Mapping[str, float], otherwise: float) -> float:
    return sum(rank[skill] for skill in skills) / len(skills) if skills else otherwise
