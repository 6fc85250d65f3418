"""Every command in README and docs is run, in a copy of the checkout and an empty home; it says what the page shows."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from documents import INFO_STRINGS, ROOT, Block, Command, blocks, commands, pages, says

LIMIT_S = 240
#: Its one command takes an hour: make only says what it would do.
DRY_PAGES = {"docs/reference/benchmarks.md"}
SESSIONS = [page for page in pages() if any(block.info == "console" for block in blocks(page))]


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_blocks_are_of_a_known_kind(page: Path) -> None:
    for block in blocks(page):
        assert block.info in INFO_STRINGS, f"{block.page}:{block.line}: a session is ```console; seen: {block.info!r}"
        assert block.info == "console" or block.order in ("", "save", "file"), f"{block.page}:{block.line}"


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_shown_files_are_those_of_the_repository(page: Path) -> None:
    for block in blocks(page):
        if block.order == "file":
            assert block.text == (ROOT / block.argument).read_text(encoding="utf-8"), f"{block.page}:{block.line}"


@pytest.mark.slow
@pytest.mark.parametrize("page", SESSIONS, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_do_what_the_page_says(page: Path, tmp_path: Path) -> None:
    checkout = _checkout(tmp_path / "chiploom")
    script, expected = _script(page, tmp_path, checkout)
    (tmp_path / "home").mkdir()
    kept = ("PATH", "CHIPLOOM_UNSAFE_NO_BOX")
    process = subprocess.Popen(
        ["bash", "-c", script],
        cwd=checkout,
        env={**{name: os.environ[name] for name in kept if name in os.environ}, **_settings(tmp_path)},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(LIMIT_S)
    finally:
        # What a page starts in the background, such as a scheduler, ends with it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for number, command in enumerate(expected):
        place = f"{command.block.page}:{command.line}: {command.text}"
        output = (tmp_path / f"{number}.out").read_text(encoding="utf-8", errors="replace")
        status_file = tmp_path / f"{number}.status"
        status = int(status_file.read_text()) if status_file.is_file() else None
        assert status == command.status, f"{place}\nexit status {status}, not {command.status}:\n{output}"
        if command.output:
            assert says(command.output, output), f"{place}\nsays:\n{output}"


def _checkout(directory: Path) -> Path:
    """Copy what commands read or write; what they only run is linked."""
    directory.mkdir()
    for name in ("data", "docs", "packs", "tools"):
        shutil.copytree(ROOT / name, directory / name)
    for name in ("README.md", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, directory / name)
    shutil.copy(ROOT / "requirements.lock", directory)
    for name in ("src", "tests", "benchmarks", "web"):
        (directory / name).symlink_to(ROOT / name)
    (directory / ".venv").symlink_to(sys.prefix)
    return directory


def _settings(folder: Path) -> dict[str, str]:
    return {
        "HOME": str(folder / "home"),
        "LC_ALL": "C.UTF-8",
        "PYTHONUTF8": "1",
        "TMPDIR": str(folder),
        "PYTHONUNBUFFERED": "1",
    }


def _script(page: Path, folder: Path, checkout: Path) -> tuple[str, list[Command]]:
    """Return one shell script for the page: each command's output and exit status go to files of its own."""
    lines: list[str] = []
    expected: list[Command] = []
    for block in blocks(page):
        if block.order == "save":
            (folder / f"saved-{block.line}").write_text(block.text, encoding="utf-8")
            lines.append(
                f'mkdir -p "$(dirname "{block.argument}")" && cp "{folder}/saved-{block.line}" "{block.argument}"'
            )
        if block.info != "console":
            continue
        lines.append(_order(block, folder, checkout))
        for command in commands(block):
            text = command.text
            if block.order == "port":
                text = text.replace(block.argument, str(_port(folder)))
            number = len(expected)
            out, status = folder / f"{number}.out", folder / f"{number}.status"
            # Braces, not parentheses: `cd` and `export` hold for what follows.
            lines.append(f"{{ {text}\n}} >{out} 2>&1; echo $? >{status}")
            if block.order == "port" and text.endswith("&"):
                # Until what was started answers; the reader's eyes are slower than that.
                lines.append(
                    f"for _ in $(seq 300); do (: </dev/tcp/127.0.0.1/{_port(folder)}) 2>&- && break; sleep .2; done"
                )
            expected.append(command)
        if block.order == "dry-run":
            lines.append("unset MAKEFLAGS")
    return "\n".join(lines), expected


def _order(block: Block, folder: Path, checkout: Path) -> str:
    if block.order == "dry-run" or block.page in DRY_PAGES:
        return "export MAKEFLAGS=-n"
    for name in block.argument.replace(",", " ").split() if block.order == "stand-in" else ():
        _STAND_INS[name](checkout)
    return ""


def _port(folder: Path) -> int:
    kept = folder / "port"
    if not kept.is_file():
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            kept.write_text(str(probe.getsockname()[1]))
    return int(kept.read_text())


def _verilog_eval(checkout: Path) -> None:
    folder = checkout / "verilog-eval" / "dataset_spec-to-rtl"
    folder.mkdir(parents=True, exist_ok=True)
    for name, expression in (("Prob001_zero", "1'b0"), ("Prob007_wire", "in"), ("Prob014_andgate", "in & 1'b1")):
        inputs = "" if name.endswith("zero") else "input in, "
        text = f"module RefModule ({inputs}output out); assign out = {expression}; endmodule\n"
        (folder / f"{name}_ref.sv").write_text(text)
        (folder / f"{name}_prompt.txt").write_text("Implement a module named TopModule.\n")
    (checkout / "verilog-eval" / "LICENSE").write_text("MIT License\n")


def _samples(checkout: Path) -> None:
    answers = [
        ("Prob001_zero", "```verilog\nmodule TopModule(output out); assign out = 1'b0; endmodule\n```"),
        ("Prob007_wire", "Sure!\nmodule TopModule(input in, output out); assign out = ~in; endmodule"),
    ]
    lines = [json.dumps({"task_id": task, "completion": text}) + "\n" for task, text in answers]
    (checkout / "samples.jsonl").write_text("".join(lines))


_STAND_INS = {"verilog-eval": _verilog_eval, "samples": _samples}
