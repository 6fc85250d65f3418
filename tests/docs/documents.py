"""The documentation as data: pages, fenced blocks, and the sessions they show.

How pages are written, so that every command in them can be run by a test:

- A fenced block with the info string ``console`` is a session. A line that begins with ``$ `` is a command, lines that
  begin with ``> `` continue it. ``# exit 1`` at the end of a command says that its exit status is 1; otherwise it is 0.
- Lines after a command are what it says, all of it in order; a line ``...`` stands for any number of lines, and
  ``...`` within a line for any text. A command without such lines may say anything. Times, random identifiers and keys
  are taken as equal to any other (see :data:`_VARYING`).
- All sessions of a page are run in one shell, in a copy of the checkout, with an empty home directory.
- An HTML comment on the line before a block gives an order to the test:
  ``<!-- save: NAME -->`` the reader saves the block under this name, and so does the test;
  ``<!-- file: PATH -->`` the block is a file of the repository, and must be equal to it;
  ``<!-- dry-run -->`` the session's ``make`` only prints what it would do (other tests run it, or are run by it);
  ``<!-- stand-in: NAME -->`` the test provides a small stand-in for what the reader has: ``verilog-eval`` (a checkout
  of that data set in ``verilog-eval/``) or ``samples`` (a model's answers in ``samples.jsonl``);
  ``<!-- port: 8786 -->`` the session uses this port; the test takes a free one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
INFO_STRINGS = frozenset({"console", "text", "json", "toml", "systemverilog", "python", "csv", "markdown", "make"})

_COMMENT = re.compile(r"<!--\s*([a-z-]+)(?::\s*(.*?))?\s*-->")
_EXIT = re.compile(r"\s+# exit (\d+)$")
#: What differs from run to run.
_VARYING = (
    (re.compile(r"\d+\.\d+ s\b"), "N s"),
    (re.compile(r"urn:uuid:[0-9a-f-]{36}"), "urn:uuid:U"),
    (re.compile(r"did:key:z[0-9A-Za-z]+"), "did:key:K"),
    (re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z"), "TIME"),
)


@dataclass(frozen=True)
class Block:
    """A fenced block: its page, the line it begins in, its info string, and the order before it, if any."""

    page: str
    line: int
    info: str
    text: str
    order: str = ""
    argument: str = ""


@dataclass(frozen=True)
class Command:
    """One command of a session with what must come out."""

    block: Block
    line: int
    text: str
    status: int
    output: tuple[str, ...]


def pages() -> list[Path]:
    """Return README and every page below docs/; the texts of the example pack are no pages."""
    below = sorted((ROOT / "docs").rglob("*.md"))
    return [ROOT / "README.md", *(page for page in below if "example-pack" not in page.parts)]


@cache
def blocks(page: Path) -> tuple[Block, ...]:
    """Return the fenced blocks of a page."""
    return tuple(_blocks(page))


def commands(block: Block) -> list[Command]:
    """Return the commands of a session."""
    found: list[Command] = []
    for offset, line in enumerate(block.text.split("\n")[:-1], start=1):
        if line.startswith("$ "):
            found.append(Command(block, block.line + offset, line[2:], 0, ()))
        elif line.startswith("> ") and found and not found[-1].output:
            found[-1] = Command(block, found[-1].line, f"{found[-1].text}\n{line[2:]}", 0, ())
        else:
            assert found, f"{block.page}:{block.line + offset}: a session begins with '$ '"
            last = found[-1]
            found[-1] = Command(block, last.line, last.text, 0, (*last.output, line))
    return [_with_status(command) for command in found]


def says(expected: tuple[str, ...], output: str) -> bool:
    """Tell whether ``output`` is what a page shows."""
    pattern = ""
    for line in "\n".join(expected).rstrip("\n").split("\n"):
        if line.strip() == "...":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*?".join(map(re.escape, settled(line).rstrip().split("..."))) + "\n"
    lines = "".join(line.rstrip() + "\n" for line in settled(output).rstrip("\n").split("\n"))
    return re.fullmatch(pattern, lines) is not None


def settled(text: str) -> str:
    """Return ``text`` with everything that differs from run to run made equal."""
    for pattern, replacement in _VARYING:
        text = pattern.sub(replacement, text)
    return text


def slug(heading: str) -> str:
    """Return the anchor of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower().replace("`", "")).replace(" ", "-")


def section(page: str, heading: str) -> str:
    """Return the text below a heading, up to the next heading of its level or above."""
    text = (ROOT / page).read_text(encoding="utf-8")
    match = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert match, f"{page} has no heading '{heading}'"
    rest = text[match.end() :]
    end = re.search(rf"^#{{1,{len(match[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def rows(text: str) -> list[list[str]]:
    """Return the rows of the tables in ``text``, without their heads; a cell's ``|`` is written ``\\|``."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))] for line in lines]
    marks = {index for index, row in enumerate(cells) if all(set(cell) <= set("-: ") for cell in row)}
    return [row for index, row in enumerate(cells) if index not in marks and index + 1 not in marks]


def code(text: str) -> list[str]:
    """Return what is set in code in ``text``, blocks left out."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def _blocks(page: Path) -> Iterator[Block]:
    name = str(page.relative_to(ROOT))
    lines = page.read_text(encoding="utf-8").split("\n")
    begin: int | None = None
    for index, line in enumerate(lines):
        if not line.startswith("```"):
            continue
        if begin is None:
            begin = index
            continue
        match = _COMMENT.fullmatch(lines[begin - 1].strip())
        text = "".join(f"{inner}\n" for inner in lines[begin + 1 : index])
        info = lines[begin][3:].strip()
        yield Block(name, begin + 1, info, text, match[1] if match else "", (match[2] or "") if match else "")
        begin = None
    assert begin is None, f"{name}:{begin}: a block is not closed"


def _with_status(command: Command) -> Command:
    match = _EXIT.search(command.text)
    status = int(match[1]) if match else 0
    text = _EXIT.sub("", command.text)
    output = command.output
    while output and not output[-1].strip():
        output = output[:-1]
    return Command(command.block, command.line, text, status, output)
