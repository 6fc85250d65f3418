"""Import of NVIDIA's VerilogEval (version 2, specification to RTL) as a pack of ours.

The data set stays where the user put it: the pack is written beside it, not into this project, and says whose it is.
Statements are the data set's prompts (English only), references its ``_ref.sv``; its testbenches are not used.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chiploom import files
from chiploom.errors import InputFileError, ReferenceError_, StorageError, SubmissionRejected, UsageError
from chiploom.hdl.netlist import Netlist
from chiploom.hdl.read import Rules, load_sources, read_design
from chiploom.hdl.sources import Source
from chiploom.tasks import isolate

PACK_ID = "verilog-eval"
FOLDER = "dataset_spec-to-rtl"
REFERENCE_TOP = "RefModule"
LEARNER_TOP = "TopModule"
ORIGIN = (
    "https://github.com/NVlabs/verilog-eval, version 2, dataset_spec-to-rtl; "
    "Copyright (c) NVIDIA Research; MIT License, see LICENSE"
)

_REFERENCE_FILE = re.compile(r"(Prob(\d{3})_[A-Za-z0-9_]+)_ref\.sv")
_LEVELS = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of the data set: its files, and its place in the order of the data set."""

    id: str
    number: int
    reference: Path
    prompt: Path


def find_problems(directory: Path) -> tuple[Problem, ...]:
    """Return the problems in ``directory``, which is the checkout or its folder ``dataset_spec-to-rtl``.

    Raises
    ------
    InputFileError
        ``file-not-found``: no such folder, no problem in it, or a problem without its prompt.
    """
    files.check_directory(directory, "give a checkout of NVlabs/verilog-eval")
    folder = directory / FOLDER if (directory / FOLDER).is_dir() else directory
    problems = []
    for path in sorted(folder.iterdir()):
        match = _REFERENCE_FILE.fullmatch(path.name)
        if match is None:
            continue
        prompt = folder / f"{match[1]}_prompt.txt"
        if not prompt.is_file():
            raise InputFileError("file-not-found", f"{prompt}: missing; the checkout is not complete")
        problems.append(Problem(match[1], int(match[2]), path, prompt))
    if not problems:
        raise InputFileError(
            "file-not-found", f"{folder}: holds no ProbNNN_name_ref.sv; give a checkout of NVlabs/verilog-eval"
        )
    return tuple(problems)


def import_pack(directory: Path, target: Path, *, enter: isolate.Enter | None = None) -> Iterator[str]:
    """Write the pack to ``target``, whole or not at all; yield each problem's id as it is done.

    Raises
    ------
    UsageError
        ``output-exists``: ``target`` is there already.
    InputFileError
        ``directory`` is not the data set.
    ReferenceError_
        A reference does not elaborate.
    StorageError
        ``target`` cannot be written.
    """
    problems = find_problems(directory)
    if target.exists():
        raise UsageError("output-exists", f"{target}: is there already; remove it or name another folder")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise StorageError("not-writable", f"{target}: cannot be written: {error.strerror}") from None
    try:
        for problem, netlist in _netlists(problems, enter):
            _write_task(problem, netlist, scratch / problem.id)
            yield problem.id
        licence = next((d / "LICENSE" for d in (directory, directory.parent) if (d / "LICENSE").is_file()), None)
        if licence is not None:
            shutil.copyfile(licence, scratch / "LICENSE")
        (scratch / "pack.toml").write_text(_pack_toml(problems), encoding="utf-8")
        scratch.chmod(0o755)
        scratch.rename(target)
    except OSError as error:
        raise StorageError("not-writable", f"{target}: cannot be written: {error.strerror}") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _write_task(problem: Problem, netlist: Netlist, folder: Path) -> None:
    folder.mkdir()
    shutil.copyfile(problem.reference, folder / "reference.sv")
    prompt = problem.prompt.read_text(encoding="utf-8", errors="replace").strip() + "\n"
    (folder / "statement.en.md").write_text(prompt, encoding="utf-8")
    (folder / "task.toml").write_text(_task_toml(problem, netlist), encoding="utf-8")


def _netlists(problems: Sequence[Problem], enter: isolate.Enter | None) -> Iterator[tuple[Problem, Netlist]]:
    """Elaborate the references, all in one child; one by one when it dies, to find which it was."""
    texts = [load_sources([problem.reference]) for problem in problems]  # the box holds no file of ours
    try:
        yield from zip(problems, isolate.call(_elaborate, problems, texts, limit_s=600, enter=enter), strict=True)
    except isolate.ChildDied as died:
        if len(problems) == 1:
            words = " ".join(str(died).split())
            raise ReferenceError_("reference-broken", f"{problems[0].reference.name}: {words}") from None
        for problem in problems:
            yield from _netlists([problem], enter)


def _elaborate(problems: Sequence[Problem], texts: Sequence[tuple[Source, ...]]) -> list[Netlist]:
    return [_elaborated(problem, sources) for problem, sources in zip(problems, texts, strict=True)]


def _elaborated(problem: Problem, sources: tuple[Source, ...]) -> Netlist:
    try:
        return read_design(sources, top=REFERENCE_TOP, rules=Rules(origin="reference")).netlist
    except SubmissionRejected as rejected:
        raise ReferenceError_("reference-broken", f"{problem.reference.name}: {rejected.message}") from None


def _pack_toml(problems: tuple[Problem, ...]) -> str:
    ids = "".join(f"    {_quoted(problem.id)},\n" for problem in problems)
    return (
        f'id = "{PACK_ID}"\nversion = "2.0.0"\nlicence = "MIT"\nauthors = ["NVIDIA Research"]\nlanguages = ["en"]\n'
        f"imported = true\norigin = {_quoted(ORIGIN)}\ntasks = [\n{ids}]\n\n"
        '[title]\nen = "VerilogEval, specification to RTL"\n'
    )


def _task_toml(problem: Problem, netlist: Netlist) -> str:
    ports = netlist.ports.values()
    clock = next((p.name for p in ports if p.direction == "input" and p.name in ("clk", "clock")), None)
    constant = _constant_outputs(netlist)
    title = problem.id.partition("_")[2].replace("_", " ")
    lines = [
        f"id = {_quoted(problem.id)}",
        'kind = "design"',
        'track = "design"',
        f"level = {min(1 + (problem.number - 1) * _LEVELS // 156, _LEVELS)}",
        "minutes = 10",
        f"top = {_quoted(LEARNER_TOP)}",
        f"reference_top = {_quoted(REFERENCE_TOP)}",
        # The data set starts registers as the reference does, so what a submission starts with counts too.
        f"power_up = {_quoted('initial' if netlist.power_up else 'free')}",
        *([f"clock = {_quoted(clock)}"] if clock else []),
        f"constant_outputs = [{', '.join(map(_quoted, constant))}]",
        "",
        "[title]",
        f"en = {_quoted(title)}",
    ]
    for port in ports:
        lines += [
            "",
            "[[ports]]",
            f"name = {_quoted(port.name)}",
            f"direction = {_quoted(port.direction)}",
            f"width = {port.width}",
        ]
    return "\n".join(lines) + "\n"


def _constant_outputs(netlist: Netlist) -> list[str]:
    """Return the outputs tied to constants, such as the data set's ``zero``."""
    source: dict[int, int] = {}
    for cell in netlist.cells:
        if cell.type == "$buf":
            source.update(zip(cell.connections["Y"], cell.connections["A"], strict=True))
    outputs = [port for port in netlist.ports.values() if port.direction == "output"]
    return [port.name for port in outputs if all(source.get(bit, bit) in (0, 1) for bit in port.bits)]


def _quoted(text: str) -> str:
    # A JSON string without escapes beyond \\uXXXX is a TOML basic string.
    return json.dumps(text, ensure_ascii=False)
