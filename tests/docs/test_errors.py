"""Every error code that the sources can raise is explained, with its exit status, and no other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from documents import code, rows, section

import chiploom
from chiploom import errors

PAGE = "docs/reference/errors.md"
SOURCE = Path(chiploom.__file__).parent
CLASSES = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.ChiploomError)
}
#: Codes that are put together; each expression with what it can become.
PUT_TOGETHER = {
    "f'stimulus-{kind}'": {"stimulus-bad-value", "stimulus-too-wide"},
    "f'evidence-other-{side}'": {"evidence-other-task", "evidence-other-submission"},
    "f'{role}-broken'": {"reference-broken", "environment-broken", "properties-broken"},
    "code": {"not-a-directory", "file-not-found"},
    "error.code": set[str](),  # passed on
}


def documented() -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for row in rows(Path(PAGE_PATH).read_text(encoding="utf-8")):
        if len(row) == 4:
            (name,) = code(row[0])
            assert name not in found, f"{name} is explained twice"
            found[name] = {int(status) for status in row[1].split(",")}
    return found


PAGE_PATH = SOURCE.parents[1] / PAGE


def raised() -> Iterator[tuple[str, set[int], str]]:
    """Yield code, the exit statuses it can have, and where."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            place = f"{path.relative_to(SOURCE)}:{node.lineno}"
            first = node.args[0]
            if name in ("LimitReached", "SubmissionRejected"):
                continue  # verdicts: their codes are limits and messages
            if name in CLASSES:
                statuses = {CLASSES[name].exit_status}
                if name == "PackError":
                    statuses.add(errors.EXIT_USAGE)  # in a file of the user's own
            elif name == "error" and len(node.args) == 3 and not ast.unparse(node.func).startswith("_log."):
                statuses = {errors.EXIT_USAGE, errors.EXIT_BROKEN_TASK}
            else:
                continue
            if isinstance(first, ast.Constant):
                yield str(first.value), statuses, place
            else:
                expression = ast.unparse(first)
                if path.name in ("schema.py", "errors.py"):
                    continue  # hands on what its callers give
                assert expression in PUT_TOGETHER, f"{place}: {expression}: list the codes it can become in this test"
                for each in PUT_TOGETHER[expression]:
                    yield each, statuses, place


def test_every_code_is_explained() -> None:
    known = documented()
    missing = {f"{name} ({place})" for name, _, place in raised() if name not in known}
    assert not missing, f"explain in {PAGE}: {sorted(missing)}"


def test_no_code_is_explained_that_cannot_come() -> None:
    possible = {name for name, _, _ in raised()} | {"limit-reached"}
    assert set(documented()) <= possible, set(documented()) - possible


def test_exit_statuses_are_those_of_the_classes() -> None:
    known = documented()
    possible: dict[str, set[int]] = {}
    for name, statuses, _ in raised():
        possible.setdefault(name, set()).update(statuses)
    for name, statuses in known.items():
        if name == "limit-reached":
            assert statuses == {errors.EXIT_UNDECIDED}
        else:
            assert statuses <= possible[name], f"{name}: {statuses} explained, {possible[name]} possible"


@pytest.mark.parametrize(
    ("name", "status"),
    [(name, value) for name, value in vars(errors).items() if name.startswith("EXIT_")],
)
def test_every_exit_status_is_explained(name: str, status: int) -> None:
    assert str(status) in {row[0] for row in rows(section(PAGE, "Exit statuses"))}, name


def test_limits_of_verdicts_are_explained() -> None:
    named = {code(row[0])[0] for row in rows(section(PAGE, "Limits named in verdicts"))}
    used = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                given = [word.value for word in node.keywords if word.arg == "limit_hit"]
                if isinstance(node.func, ast.Name) and node.func.id == "LimitReached":
                    given += node.args[:1]
                used |= {value.value for value in given if isinstance(value, ast.Constant) and value.value}
            # What a worker finds a check died of.
            if isinstance(node, ast.FunctionDef) and node.name == "_cause_of_death":
                answers = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
                used |= {ast.literal_eval(answer.elts[0]) for answer in answers if isinstance(answer, ast.Tuple)}
    assert used == named
