"""The house plan: a room imports only from floors below it, and modules stay short."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "chiploom"

#: Ground floor first. Modules of the ground floor may import one another.
FLOORS = [
    ("errors", "settings", "canonical", "files", "messages", "signing"),
    ("hdl",),
    ("logic",),
    ("prove",),
    ("tasks",),
    ("grading",),
    ("credentials",),
    ("economics",),
    ("ventures",),
    ("partners",),
    ("plan",),
    ("silicon",),
    ("ai",),
    ("hub",),
    ("cli",),
]
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
MODULES = sorted(SOURCE.rglob("*.py"))
MOST_LINES = 500


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    rooms = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # A name used in annotations only is no dependency: the ground floor's errors carry diagnostics they never touch.
    for guard in [node for node in ast.walk(tree) if isinstance(node, ast.If)]:
        if isinstance(guard.test, ast.Name) and guard.test.id == "TYPE_CHECKING":
            guard.body = [ast.Pass()]
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "chiploom" and len(parts) > 1 and parts[1] in LEVEL:
                rooms.add(parts[1])
    return rooms


def test_every_room_has_a_floor() -> None:
    rooms = {room_of(path) for path in MODULES} - {"__init__", "__main__"}
    assert rooms <= set(LEVEL), rooms - set(LEVEL)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_down(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        pytest.skip("the package's face offers what is above, lazily")
    upwards = {other for other in imported_rooms(path) if other != room and LEVEL[other] > LEVEL[room]}
    assert not upwards, f"{path.relative_to(SOURCE)} imports from above: {sorted(upwards)}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_modules_have_one_subject(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
