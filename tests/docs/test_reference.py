"""Commands, options and settings are documented, all of them, and nothing that is not there."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from documents import ROOT, code, rows, section

import chiploom
from chiploom.cli.main import build_parser
from chiploom.settings import Settings

COMMANDS = "docs/reference/commands.md"
SHARED = {"--json", "--lang", "--vcd", "--wavedrom", "--no-cache"}
SOURCES = sorted(Path(chiploom.__file__).parent.rglob("*.py"))


def leaves(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Yield the parsers of the commands that can be run."""
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield parser
    for action in inner:
        for each in action.choices.values():
            yield from leaves(each)


PARSERS = list(leaves(build_parser()))


def arguments(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.Action]]:
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        if action.option_strings:
            yield action.option_strings[-1], action
        elif action.choices:
            for choice in action.choices:
                yield str(choice), action
        else:
            yield str(action.metavar), action


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.prog)
def test_every_argument_of_a_command_is_documented(parser: argparse.ArgumentParser) -> None:
    text = section(COMMANDS, parser.prog)
    told = set(code(text))
    words = {word.split()[0].rstrip(".") for word in told}
    for name, action in arguments(parser):
        assert name in words, f"{parser.prog}: {name} is not in {COMMANDS}"
        if action.option_strings and action.choices and name != "--lang":
            choices = {str(choice) for choice in action.choices}
            for choice in choices:
                assert any(choice in word.split() for word in told), f"{parser.prog}: {name} {choice}"
        if action.nargs == "+":
            assert any(word.startswith(name) and word.endswith("...") for word in told), f"{parser.prog}: {name}..."
    known = {name for name, _ in arguments(parser)}
    options = {word for word in words if word.startswith("--")}
    assert options <= known, f"{parser.prog} has no {options - known}"


def test_every_section_is_a_command() -> None:
    headings = re.findall(r"^## (chiploom .+)$", (ROOT / COMMANDS).read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(parser.prog for parser in PARSERS)


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.prog)
def test_every_argument_has_help(parser: argparse.ArgumentParser) -> None:
    for name, action in arguments(parser):
        assert action.help, f"{parser.prog}: {name} has no help text"


def test_every_setting_is_documented() -> None:
    table = {code(row[0])[0]: row for row in rows(section("docs/reference/settings.md", "Settings")) if len(row) == 4}
    kinds = {bool: "0 or 1", int: "whole number", str: "text"}
    assert set(table) == {f"CHIPLOOM_{field.name.upper()}" for field in fields(Settings)}
    for field in fields(Settings):
        _, kind, default, _ = table[f"CHIPLOOM_{field.name.upper()}"]
        assert kind == kinds.get(type(field.default), "path")
        value = int(field.default) if isinstance(field.default, bool) else field.default
        assert default == (f"`{value}`" if str(value) else "(empty)")


def test_every_variable_that_is_read_is_documented() -> None:
    told = set(code(section("docs/reference/settings.md", "Settings")))
    for path in SOURCES:
        for name in re.findall(r"[\"'](CHIPLOOM_[A-Z_]+|NO_COLOR)[\"']", path.read_text(encoding="utf-8")):
            if name != "CHIPLOOM_":
                assert name in told, f"{path.name}: {name}"
