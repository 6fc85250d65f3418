"""What Yosys said before it ended the process, as diagnostics."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from chiploom.hdl.diagnostics import Diagnostic
from chiploom.hdl.locate import placed
from chiploom.hdl.preprocess import Unit, units
from chiploom.hdl.sources import Source, cleaned
from chiploom.hdl.wording import scrubbed

_ERROR = re.compile(
    r"^(?:\S*?\bf(?P<file>\d+)\.sv:(?P<line>\d+)(?:[.:](?P<column>\d+))?\S*: )?ERROR: (?P<text>.*)$", re.MULTILINE
)
_CARET = re.compile(r"^(\s*)[~^]*\^")

_Arguments = Callable[[re.Match[str]], dict[str, str]]


def _none(match: re.Match[str]) -> dict[str, str]:
    return {}


def _name(match: re.Match[str]) -> dict[str, str]:
    return {"name": match[1]}


#: The front end's sentences, and the table's codes for them.
_SENTENCES: tuple[tuple[re.Pattern[str], str, _Arguments], ...] = (
    (re.compile(r"unsupported system task '([^']+)'"), "system-task-refused", _name),
    (re.compile(r"mixing of implicit and edge sensitivity"), "mixed-sensitivity", _none),
    (re.compile(r"simple if-else pattern expected|cannot be matched to any signal"), "asynchronous-form", _none),
    (re.compile(r"multiple asynchronous loads"), "several-asynchronous-controls", _none),
    (re.compile(r"assignment to variable '([^']+)' is not supported after previous"), "mixed-assignments", _name),
    (re.compile(r"polarity of condition doesn't match"), "asynchronous-polarity", _none),
    (re.compile(r"asynchronous load value missing for variable '([^']+)'"), "asynchronous-value-missing", _name),
    (re.compile(r"latch not inferred for variable '([^']+)'"), "latch-not-inferred", _name),
    (re.compile(r"@\(edge\) will not be synthesized"), "both-edges", _none),
    (re.compile(r"does not model a flip-flop"), "register-without-edge", _none),
    (re.compile(r"unroll limit of|cannot be unrolled"), "loop-too-long", _none),
    (re.compile(r"(?:during|in) design initialization"), "initial-not-constant", _none),
    (
        re.compile(r"unsupported|unsynthesizable|not be synthesized|unimplemented|Assert `|internal error"),
        "not-synthesisable",
        _none,
    ),
)

#: Said in addition to what went wrong.
_EMPTY_PHRASES = ("Design elaboration failed", "Compilation failed", "Preprocessing failed", "Parsing failed")


def yosys_failure_diagnostics(log: str, sources: Sequence[Source]) -> tuple[Diagnostic, ...]:
    """Return the errors in the captured log of a child that Yosys ended; empty if it holds none.

    Parameters
    ----------
    log : str
        Standard error (or all output) of the child.
    sources : sequence of Source
        What was given to :func:`chiploom.hdl.read.read_design`.
    """
    parts = units([cleaned(source) for source in sources])
    lines = log.splitlines()
    found: dict[tuple[object, ...], Diagnostic] = {}
    bare: Diagnostic | None = None
    for index, line in enumerate(lines):
        match = _ERROR.match(line)
        if match is None:
            continue
        diagnostic = _diagnostic(match, lines[index + 1 : index + 3], parts)
        if match["file"] is None:
            if bare is None and not match["text"].startswith(_EMPTY_PHRASES):
                bare = diagnostic
            continue
        found.setdefault((diagnostic.code, diagnostic.file, diagnostic.line, diagnostic.column), diagnostic)
    if found:
        return tuple(found.values())
    if bare is None and "ERROR:" in log:
        bare = Diagnostic("hdl.not-synthesisable", "error")
    return () if bare is None else (bare,)


def _diagnostic(match: re.Match[str], following: Sequence[str], parts: Sequence[Unit]) -> Diagnostic:
    text = match["text"]
    code, arguments = "slang.Elaboration", {"text": scrubbed(text)}
    for pattern, name, fields in _SENTENCES:
        sentence = pattern.search(text)
        if sentence is not None:
            code, arguments = f"hdl.{name}", fields(sentence)
            break
    if match["file"] is None or int(match["file"]) >= len(parts):
        return placed(code, "error", None, None, **arguments)
    unit = parts[int(match["file"])]
    caret = next((m for m in map(_CARET.match, following) if m is not None), None)
    column = int(match["column"] or 0) or (len(caret[1]) + 1 if caret else 1)
    return placed(code, "error", unit, unit.place(unit.offset_of(int(match["line"]), column)), **arguments)
