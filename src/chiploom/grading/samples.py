"""Reading what AI models wrote: JSON lines of completions, and the Verilog in a completion full of chatter.

Nothing here parses Verilog: completions are hostile texts, and are read as such only inside the box.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chiploom.errors import InputFileError
from chiploom.hdl.sources import Source
from chiploom.tasks.model import PortSpec, Task

MAX_LINE_BYTES = 10_000_000
#: A completion longer than this is cut down to what it says about itself: far beyond any task's answer.
MAX_COMPLETION_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Sample:
    """One completion.

    Attributes
    ----------
    line : int
        Its line in the file, from 1.
    index : int
        Its place among the samples of its task, from 0.
    subject : str
        Whose it is, where a file holds answers of several; empty: the model's whose file it is.
    """

    line: int
    task_id: str
    index: int
    completion: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no sample, and why."""

    line: int
    problem: str


#: How many bad lines are told one by one; a file of millions of them is told by their number.
MOST_BAD_LINES = 20


@dataclass(frozen=True, slots=True)
class BadLines:
    """How many lines are no sample, and the first of them."""

    count: int = 0
    first: tuple[BadLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Extracted:
    """The Verilog of a completion, and what had to be done to find it."""

    sources: tuple[Source, ...]
    notes: tuple[str, ...] = field(default=())


def read_samples(path: Path, known: frozenset[str]) -> tuple[list[Sample], BadLines]:
    """Read a JSON lines file of ``{"task_id": ..., "completion": ...}``.

    A line may name its ``subject``; further keys are passed over.

    Parameters
    ----------
    known : frozenset of str
        The pack's tasks; a line about another one is a bad line.

    Raises
    ------
    InputFileError
        The file is missing, a directory, no regular file (it is read more than once), unreadable, empty, or holds no
        sample at all.
    """
    samples: list[Sample] = []
    first_bad: list[BadLine] = []
    bad_count = 0
    seen: dict[str, int] = {}
    try:
        if path.is_dir():
            raise InputFileError("is-a-directory", f"{path}: is a directory; give a file of JSON lines")
        if path.exists() and not path.is_file():
            raise InputFileError("file-unreadable", f"{path}: is not a regular file; give a file of JSON lines")
        with path.open("rb") as stream:
            for line, data in enumerate(_lines(stream), start=1):
                if not data.strip():
                    continue
                found = _sample(data, known)
                if isinstance(found, str):
                    bad_count += 1
                    if len(first_bad) < MOST_BAD_LINES:
                        first_bad.append(BadLine(line, found))
                    continue
                task_id, completion, subject = found
                samples.append(Sample(line, task_id, seen.get(task_id, 0), completion, subject))
                seen[task_id] = seen.get(task_id, 0) + 1
    except FileNotFoundError:
        raise InputFileError("file-not-found", f"{path}: no such file; check the path") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputFileError("file-unreadable", f"{path}: cannot be read: {reason}") from None
    if not samples and not first_bad:
        raise InputFileError("file-empty", f"{path}: holds no sample")
    if not samples:
        # Nothing would be graded: a report on that would look like a run that went well.
        bad = first_bad[0]
        raise InputFileError(
            "no-sample",
            f"{path}: none of its lines is a sample ({bad_count} seen); line {bad.line}: {bad.problem}; write "
            'lines of {"task_id": ..., "completion": ...} for tasks of this pack',
        )
    return samples, BadLines(bad_count, tuple(first_bad))


def extract(completion: str, task: Task) -> Extracted:
    """Find the Verilog in a completion.

    Code fences and the words around the code are taken off; of several fenced blocks those with a module are kept, and
    of modules declared more than once the last. A completion that is only the body of a module, as asked for by
    code-completion prompts, gets the task's module header.
    """
    notes: list[str] = []
    text = completion.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    if len(text) > MAX_COMPLETION_CHARACTERS:
        text = text[:MAX_COMPLETION_CHARACTERS]
        notes.append(f"cut to {MAX_COMPLETION_CHARACTERS} characters")
    text = _without_fences(text, notes)
    code = _modules(text, notes)
    if code is None:
        code = _completed(text, task, notes)
    return Extracted((Source("completion.sv", code),), tuple(notes))


def _sample(data: bytes, known: frozenset[str]) -> tuple[str, str, str] | str:
    if len(data) > MAX_LINE_BYTES:
        return f"longer than {MAX_LINE_BYTES} bytes"
    try:
        value: Any = json.loads(data)
    except UnicodeDecodeError:
        return "not UTF-8"
    except (ValueError, RecursionError) as error:
        return f"not JSON: {error}"
    if not isinstance(value, dict):
        return "not a JSON object"
    for key in ("task_id", "completion"):
        if not isinstance(value.get(key), str):
            return f"'{key}' is missing or not a string"
    task_id, completion, subject = str(value["task_id"]), str(value["completion"]), value.get("subject", "")
    if not isinstance(subject, str):
        return "'subject' is not a string"
    if task_id not in known:
        return f"unknown task {task_id[:80]!r}"
    # Lone surrogates come out of JSON escapes and cannot be written as UTF-8.
    return task_id, completion.encode("utf-8", "replace").decode(), subject


def _lines(stream: Any) -> Iterator[bytes]:
    """Yield lines, of an endless one only as much as shows that it is too long."""
    while line := stream.readline(MAX_LINE_BYTES + 1):
        rest = line
        while not rest.endswith(b"\n") and len(rest) > MAX_LINE_BYTES:
            rest = stream.readline(MAX_LINE_BYTES + 1)
        yield line


_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n`]*$", re.MULTILINE)
_MODULE = re.compile(
    r"^[ \t]*(?:macro)?module\s+(?:automatic\s+|static\s+)?(\\\S+|[A-Za-z_]\w*+)(?=\s*(?:[#(;]|import\b))", re.MULTILINE
)
_END = re.compile(r"\bendmodule\b(?:[ \t]*:[ \t]*\w+)?")
#: Every alternative takes all it began with, closed or not, so that a hostile text is read only once.
_COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?(?:\*/|\Z)|"(?:\\.|[^"\\\n])*+"?', re.DOTALL)
#: Where code begins: what may stand before the first module of a file.
_BEFORE = re.compile(
    r"^[ \t]*(?:`(?:timescale|define|undef|default_nettype|ifn?def|include|resetall)\b"
    r"|typedef\b|package\s+\w+\s*;|import\s+\w+::)",
    re.MULTILINE,
)


def _without_fences(text: str, notes: list[str]) -> str:
    fences = list(_FENCE.finditer(text))
    if not fences:
        return text
    blocks: list[str] = []
    # The last fence may be missing: a completion that was cut off.
    for opening, closing in zip(fences[::2], [*fences[1::2], None], strict=False):
        blocks.append(text[opening.end() : closing.start() if closing else len(text)].strip("\n"))
    if len(fences) % 2 and len(fences) == 1 and _MODULE.search(text[: fences[0].start()]):
        # Prompts end with an opening fence, so what a model adds may begin with code and end with a fence.
        blocks = [text[: fences[0].start()]]
    with_module = [block for block in blocks if _MODULE.search(block)]
    notes.append("code fence removed" if len(blocks) == 1 else f"{len(blocks)} fenced blocks, of which code was taken")
    return "\n\n".join(with_module or [block for block in blocks if block.strip()] or [""]) + "\n"


def _modules(text: str, notes: list[str]) -> str | None:
    """Return the text from the first module to the end of the last, without what is around; None without a module."""
    masked = _masked(text)
    starts = list(_MODULE.finditer(masked))
    if not starts:
        return None
    closing = _END.search(masked, starts[-1].end())
    begin, end = starts[0].start(), closing.end() if closing else len(text)
    prefix = _BEFORE.search(masked, 0, begin)
    first = prefix.start() if prefix else begin
    before, after = masked[:first].strip(), masked[end:].strip()
    if before or after:
        notes.append("words around the code removed")
    return _last_of_each(text[first:end], masked[first:end], notes) + "\n"


def _last_of_each(text: str, masked: str, notes: list[str]) -> str:
    spans: dict[str, tuple[int, int]] = {}
    doubles: list[tuple[int, int]] = []
    for start in _MODULE.finditer(masked):
        end = _END.search(masked, start.end())
        if end is None:
            break
        if start[1] in spans:
            doubles.append(spans[start[1]])
        spans[start[1]] = (start.start(), end.end())
    if not doubles:
        return text
    notes.append("a module declared more than once: the last one counts")
    pieces: list[str] = []
    position = 0
    for begin, after in sorted(doubles):
        pieces.append(text[position:begin])
        position = after
    return "".join([*pieces, text[position:]])


def _masked(text: str) -> str:
    """Return ``text`` with comments and strings blanked, so that their words are not taken for code."""
    return _COMMENT_OR_STRING.sub(lambda match: "\n".join(" " * len(line) for line in match[0].split("\n")), text)


def _completed(text: str, task: Task, notes: list[str]) -> str:
    body = text.strip("\n")
    if not body.strip():
        notes.append("no code")
        return "// no code\n"
    if ";" not in _masked(body):
        notes.append("no code found")
        return body + "\n"
    notes.append("module header added: the completion is only a body")
    ports = ",\n".join(f"  {_declared(port)}" for port in task.ports)
    end = "" if _END.search(_masked(body)) else "\nendmodule"
    return f"module {task.top} (\n{ports}\n);\n{body}{end}\n"


def _declared(port: PortSpec) -> str:
    # An inout must be a net; `output logic` may be assigned by any process and by assign.
    kind = "wire" if port.direction == "inout" else "logic"
    signed = " signed" if port.signed else ""
    bounds = f" [{port.width - 1}:0]" if port.width > 1 else ""
    return f"{port.direction} {kind}{signed}{bounds} {port.name}"
