"""The room's public face: load the files of a design, and read them into a netlist with what was found on the way."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from chiploom.errors import AmbiguousTopError, InputFileError, SubmissionRejected
from chiploom.hdl import slang
from chiploom.hdl.diagnostics import Diagnostic
from chiploom.hdl.elaborate import elaborate
from chiploom.hdl.failure import yosys_failure_diagnostics
from chiploom.hdl.netlist import Netlist, from_yosys_json
from chiploom.hdl.sources import Source

__all__ = ["Elaborated", "ReadLimits", "Rules", "load_sources", "read_design", "yosys_failure_diagnostics"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a design may use, beyond the synthesisable subset.

    Attributes
    ----------
    delays : {"ignore", "forbid"}
        Whether constant delays inside clocked blocks are ignored with a warning or refused.
    memory_files : tuple of str
        Base names of data files ``$readmemh``/``$readmemb`` may load.
    assertions : bool
        Keep assertions: only for authors' property modules.
    origin : {"submission", "reference"}
        The policy applies only to submissions.
    """

    delays: Literal["ignore", "forbid"] = "ignore"
    memory_files: tuple[str, ...] = ()
    assertions: bool = False
    origin: Literal["submission", "reference"] = "submission"


@dataclass(frozen=True, slots=True)
class Elaborated:
    """A design as netlist, with the warnings found on the way."""

    netlist: Netlist
    warnings: tuple[Diagnostic, ...]
    top: str


class MemoryLimit(Protocol):
    """The part of the limits of a check that reading needs."""

    @property
    def memory_bits(self) -> int:
        """Largest number of bits all memories together may have."""


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Limits for a design read on its own."""

    memory_bits: int = 16384


def load_sources(paths: Sequence[Path], *, max_bytes: int = 10_000_000) -> tuple[Source, ...]:
    """Read the files of a design.

    Raises
    ------
    InputFileError
        ``file-not-found``, ``is-a-directory``, ``file-unreadable``, ``file-too-large``, ``file-empty``,
        ``file-binary`` (NUL bytes), ``file-not-text`` (not UTF-8).
    """
    return tuple(_load(Path(path), max_bytes) for path in paths)


def read_design(
    sources: Sequence[Source],
    *,
    top: str | None = None,
    fallback_top: str | None = None,
    parameters: Mapping[str, int] | None = None,
    rules: Rules = Rules(),  # noqa: B008 - frozen
    limits: MemoryLimit = ReadLimits(),  # noqa: B008 - frozen
) -> Elaborated:
    """Read a design: diagnostics, policy, lints, elaboration.

    A Yosys error ends the process: call it in a forked child for a text that nobody vouches for.

    Parameters
    ----------
    sources : sequence of Source
        The files, in any order.
    top, fallback_top : str, optional
        The top module: ``top``; else the only module that nothing instantiates; else ``fallback_top``.
    parameters : mapping of str to int, optional
        Overrides of parameters; those the top does not declare are left out.

    Raises
    ------
    SubmissionRejected
        For anything wrong with the design; carries the diagnostics.
    AmbiguousTopError
        ``ambiguous-top``, listing the candidates.
    LimitReached
        ``memory_bits``.
    """
    parsed = slang.parse(sources)
    chosen = _choose_top(parsed, top, fallback_top)
    declared = {name: value for name, value in (parameters or {}).items() if name in parsed.parameters(chosen)}
    found = slang.analyse(parsed, chosen, declared)
    if any(diagnostic.severity == "error" for diagnostic in found):
        raise SubmissionRejected(tuple(found))
    document = elaborate(
        parsed.units,
        parsed.headers,
        chosen,
        parameters=declared,
        keep_assertions=rules.assertions,
        memory_bits=limits.memory_bits,
    )
    return Elaborated(from_yosys_json(document, chosen), tuple(found), chosen)


def _choose_top(parsed: slang.Parsed, top: str | None, fallback_top: str | None) -> str:
    if top is not None:
        return top
    candidates = parsed.uninstantiated()
    if len(candidates) == 1:
        return candidates[0]
    if fallback_top is not None and (fallback_top in parsed.modules or not candidates):
        return fallback_top
    if not parsed.modules:
        raise SubmissionRejected((*slang.syntax_diagnostics(parsed), Diagnostic("hdl.no-module", "error")))
    listed = ", ".join(candidates or parsed.modules)
    raise AmbiguousTopError("ambiguous-top", f"several modules could be the top: {listed}; name one with --top")


def _load(path: Path, max_bytes: int) -> Source:
    shown = str(path)
    try:
        if path.is_dir():
            raise InputFileError("is-a-directory", f"{shown} is a directory; name a Verilog file")
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            data = stream.read(max_bytes + 1)
    except FileNotFoundError:
        raise InputFileError("file-not-found", f"{shown} does not exist; check the path") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputFileError("file-unreadable", f"{shown} cannot be read: {reason}") from None
    if len(data) > max_bytes:
        raise InputFileError("file-too-large", f"{shown} has {max(size, len(data))} bytes; the limit is {max_bytes}")
    if b"\0" in data:
        raise InputFileError("file-binary", f"{shown} holds NUL bytes, so it is not a text file; name a Verilog file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputFileError(
            "file-not-text", f"{shown} is not UTF-8 (byte {error.start + 1}); save it as UTF-8 and try again"
        ) from None
    if not text.strip():
        raise InputFileError("file-empty", f"{shown} is empty; write the design into it first")
    return Source(shown, text.replace("\r\n", "\n").replace("\r", "\n"))
