"""Formats are documented member by member, and no member that does not exist."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
import runpy
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from documents import ROOT, code, rows, section

import chiploom
from chiploom import messages
from chiploom.cli.simulate import _run_json
from chiploom.grading.bench import Graded, Run
from chiploom.grading.commitment import Opening, opening_text
from chiploom.grading.evidence import make_subject, sign
from chiploom.grading.samples import BadLine, BadLines
from chiploom.grading.statistics import PassAtK
from chiploom.hdl.diagnostics import Diagnostic
from chiploom.hdl.sources import Source
from chiploom.prove.trace import Cycle, Trace
from chiploom.prove.verdict import Measurement, Outcome, Verdict
from chiploom.signing import SigningKey
from chiploom.tasks.load import load_pack, load_task

SOURCE = Path(chiploom.__file__).parent
FORMATS = "docs/reference/verdict-json.md"
EVIDENCE = "docs/reference/evidence-format.md"
TASKS = "docs/reference/task-format.md"
API = "docs/reference/python-api.md"
#: Members whose own members are names of ports, languages or tools.
OPEN_ENDED = re.compile(r"(inputs|expected|got|outputs|registers|explanations|tools|verdicts)$")

FINDING = Diagnostic("prove.port-extra", "error", {"module": "m", "port": "p", "hint": ""}, "m.sv", 1, 2)
TRACE = Trace("cycle", "clk", (Cycle({"a": "0"}, {"y": "1"}, {"y": "0"}, {"r": "0"}),), ("y",), {"en": "so"})
FULL = Verdict(
    Outcome.REFUTED,
    measurements=(Measurement("area", 1.0),),
    warnings=(FINDING,),
    diagnostics=(FINDING,),
    trace=TRACE,
    tools={"pyosys": "0"},
)


def members(value: Any, path: str = "") -> Iterator[str]:
    """Yield the paths of all members below a JSON value."""
    if isinstance(value, list):
        for item in value:
            yield from members(item, f"{path}[]")
    elif isinstance(value, dict) and not OPEN_ENDED.search(path):
        for name, inner in value.items():
            inner_path = f"{path}.{name}" if path else name
            yield inner_path
            yield from members(inner, inner_path)


def told(page: str, heading: str) -> set[str]:
    text = section(page, heading).split("\n## ")[0]
    return {name for row in rows(text) for name in code(row[0])}


def test_the_verdicts_object() -> None:
    assert set(members(FULL.as_json())) == told(FORMATS, "Verdict")


def test_the_simulations_object() -> None:
    found = set(members(_run_json(TRACE, (FINDING,), "en")))
    assert {name for name in found if not name.startswith("warnings[]")} == told(FORMATS, "Simulation")


def test_the_benchs_object() -> None:
    pack = load_pack()
    run = Run(
        pack=pack,
        tasks=(load_task(pack, "wire"),),
        samples_name="samples.jsonl",
        samples_sha256="",
        graded=(Graded("wire", 0, 1, "proved", "sat", 0.1, None, "", ()),),
        bad_lines=BadLines(1, (BadLine(2, "not JSON"),)),
        resumed=0,
        estimates=(PassAtK(1, 1.0, 0.2, 1.0, "wilson", 1),),
        tools={},
    )
    found = set(members(run.as_json()))
    assert found - {"pack", "samples"} == told(FORMATS, "Bench")


def test_every_schema_is_named() -> None:
    named = {name for page in (ROOT / "docs" / "reference").glob("*.md") for name in code(page.read_text())}
    for path in SOURCE.rglob("*.py"):
        for schema in re.findall(r"\"(chiploom/[a-z-]+/\d+)\"", path.read_text(encoding="utf-8")):
            assert schema in named, f"{path.name}: {schema}"


def test_evidence() -> None:
    task = load_task(load_pack(), "wire")
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    record, opening = sign(
        FULL,
        task,
        [Source("m.sv", "module m; endmodule")],
        subject=make_subject(),
        key=SigningKey.generate(),
        disclose_submission=True,
        issued=moment,
    )
    documented = told(EVIDENCE, "Members")
    verdict = {name.removeprefix("verdict.") for name in members(dict(record.document)) if name.startswith("verdict.")}
    outside = {name for name in members(dict(record.document)) if not name.startswith("verdict.")}
    # A parent whose members are all listed need not be listed itself.
    parents = {name for name in outside if any(other.startswith((f"{name}.", f"{name}[]")) for other in outside)}
    assert outside - parents <= documented
    assert documented <= outside | {"verdict.withheld"}
    assert verdict == told(FORMATS, "Verdict") - {"schema", "trace.explanation"} | {"withheld"}
    assert set(json.loads(opening_text(Opening(opening.evidence_id, b"", b"1" * 32)))) == told(EVIDENCE, "Opening")


def keys_read(module: str) -> set[str]:
    """Return the keys of TOML files that a module reads."""
    readers = {"string", "strings", "integer", "number", "truth", "choice", "table", "tables", "raw", "_port_name"}
    of_tables = {"free_text", "local_text", "subjects", "issuers", "_choices"}
    read = set()
    for node in ast.walk(ast.parse((SOURCE / module).read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = node.args[:1] if name in readers else node.args[1:2] if name in of_tables else []
        read |= {str(each.value) for each in given if isinstance(each, ast.Constant)}
        if name == "issuers":
            read.add("issuers")
    return read


@pytest.mark.parametrize(
    ("module", "heading"), [("ventures/venture.py", "A start-up's gates"), ("partners/needs.py", "A partner's need")]
)
def test_every_key_of_ventures_and_needs(module: str, heading: str) -> None:
    documented = {name.strip("[]") for name in code(section("docs/how-to/gates-needs-plans.md", heading))}
    read = keys_read(module)
    assert len(read) > 5
    assert read <= documented, read - documented


def test_every_key_of_packs_and_tasks() -> None:
    read = keys_read("tasks/load.py")
    documented = told(TASKS, "pack.toml") | told(TASKS, "task.toml")
    last_words = {re.split(r"[.\[\]]", name.strip("[]"))[-1] for name in documented}
    assert read == last_words


def test_every_file_of_a_task() -> None:
    text = (SOURCE / "tasks" / "load.py").read_text(encoding="utf-8")
    read = set(re.findall(r"\"([a-z_]+\.(?:sv|toml))\"", text)) | {"diagrams", "alternatives", "broken"}
    documented = section(TASKS, "Files of a task") + section(TASKS, "pack.toml") + "`pack.toml`"
    for name in read:
        assert f"`{name}" in documented, name


def test_messages_are_listed() -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "list_messages.py"), run_name="listing")
    page = (ROOT / "docs" / "reference" / "messages.md").read_text(encoding="utf-8")
    assert tool["written"](page) == page, "bring it up to date: .venv/bin/python tools/list_messages.py --write"


def test_every_subject_of_messages_is_explained() -> None:
    subjects = {message.code.partition(".")[0] for message in messages.all_messages()}
    assert {code(row[0])[0] for row in rows(section("docs/reference/messages.md", "Messages")) if len(row) == 3} >= (
        subjects
    )
    introduction = (ROOT / "docs/reference/messages.md").read_text(encoding="utf-8").split("\n## ")[0]
    assert {name for row in rows(introduction) for name in code(row[0])} == subjects


def test_the_public_python_names() -> None:
    assert {name.split("(")[0].removeprefix("chiploom.") for name in told(API, "chiploom")} == set(chiploom.__all__)
    has = {field.name for field in fields(Verdict)} | {"exit_status", "as_json"}
    assert {name.split("(")[0] for name in told(API, "Verdict")} == has


def test_the_python_functions_are_there() -> None:
    for name in told(API, "What the command line is made of"):
        path, _, parameters = name.partition("(")
        try:
            importlib.import_module(path)
            continue
        except ModuleNotFoundError:
            module, _, attribute = path.rpartition(".")
        signature = inspect.signature(getattr(importlib.import_module(module), attribute))
        for parameter in re.findall(r"(\w+)(?:=[^,)]*)?[,)]", parameters):
            assert parameter in signature.parameters, f"{path} has no parameter {parameter}"


def test_the_readme_counts_the_tasks_that_are_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    counts = re.findall(r"(\d+)\s(?:tasks|bài|exercices)", text)
    assert len(counts) == 3
    assert set(counts) == {str(len(load_pack().task_ids))}
