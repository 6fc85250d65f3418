"""Every limit that a verdict can name has words: one without would turn an honest ``undecided`` into our own fault."""

import ast
from pathlib import Path

import pytest

import chiploom
from chiploom import messages
from chiploom.cli import verdict_text
from chiploom.prove.verdict import Verdict


def _limits() -> set[str]:
    found = set()
    for path in Path(chiploom.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Name) and node.func.id == "LimitReached" and node.args:
                given = node.args[0]
            else:
                given = next((word.value for word in node.keywords if word.arg == "limit_hit"), None)
            if isinstance(given, ast.Constant) and isinstance(given.value, str):
                found.add(given.value)
    return found


def test_limits_are_found_in_the_sources() -> None:
    assert {"time", "memory", "design_bits", "unsupported-cell", "crash", "not-run"} <= _limits()


@pytest.mark.parametrize("limit", sorted(_limits()))
@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_an_undecided_verdict_says_which_limit(limit: str, language: str) -> None:
    told = list(verdict_text.lines(Verdict(limit_hit=limit, reason="why"), "design.sv", language))
    assert len(told) >= 2
    assert all(told)
