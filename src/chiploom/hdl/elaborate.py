"""Elaboration of checked text to a flattened netlist, by Yosys with its slang front end.

Yosys ends the process on an error (``log_error`` exits), so whoever elaborates a text that nobody vouches for calls
this in a forked child. On its way out the dying process writes Yosys' log to standard error, for
:func:`chiploom.hdl.failure.yosys_failure_diagnostics`.

What comes out is word-level: ``$dff``-family registers (``$aldff`` for an asynchronous reset or load), ``$dlatch``,
``$tribuf`` (``A``, ``EN``, ``Y``) for ``assign bus = enable ? value : 'bz`` and the ``bufif``/``notif`` gates, memories
as registers, unpacked arrays and structs on ports as one vector. Cells that only print or name scopes are left out.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyosys
from pyosys import libyosys

from chiploom.errors import LimitReached, StorageError
from chiploom.hdl import slang

LIBRARY = Path(pyosys.__file__).with_name("libyosys.so")

UNROLL_LIMIT = 4000

_FLAGS = (
    "--threads",  # a pool for one small text costs more than it brings, and a sandbox may not allow it
    "1",
    "--max-generate-steps",
    str(slang.MAX_GENERATE_STEPS),
    "--max-hierarchy-depth",
    str(slang.MAX_HIERARCHY_DEPTH),
    "--max-instance-array",
    str(slang.MAX_INSTANCE_ARRAY),
    "--max-constexpr-steps",
    str(slang.MAX_CONSTANT_STEPS),
    "--max-include-depth",
    "0",
    "--unroll-limit",
    str(UNROLL_LIMIT),
    "--no-default-translate-off-format",
    "--no-synthesis-define",
    "--ignore-timing",
    "--timescale",
    "1ns/1ns",
    *(part for macro in slang.FRONT_END_MACROS for part in ("-U", macro)),
)

#: Cells without hardware: output, scope names, and (unless asked for) assertions.
_SILENT_CELLS = frozenset({"$print", "$scopeinfo"})
#: In the names of the cells that check an address.
_BOUNDS_CHECK = "memory_memx.cc"
_ASSERTION_CELLS = frozenset({"$check", "$assert", "$assume", "$cover", "$live", "$fair"})


@dataclass(frozen=True, slots=True)
class Edit:
    """What takes the place of a byte range of a unit: a text, or the quoted name of a scratch file with that text."""

    unit: int
    start: int
    end: int
    text: str
    as_file: bool = False


@dataclass(frozen=True, slots=True)
class Elaboration:
    """Yosys' JSON modules: ``raw`` before memories were mapped, for lints; ``mapped`` for the netlist."""

    raw: dict[str, Any]
    mapped: dict[str, Any]


def elaborate(
    units: Sequence[str],
    top: str,
    *,
    parameters: Mapping[str, int],
    keep_assertions: bool,
    memory_bits: int,
    edits: Sequence[Edit] = (),
) -> Elaboration:
    """Return the flattened module ``top``, processes lowered and memories mapped to registers.

    Parameters
    ----------
    units : sequence of str
        Texts of the compilation units, includes in place; unit ``i`` becomes the scratch file ``f<i>.sv``.
    parameters : mapping of str to int
        Overrides of parameters that ``top`` declares.
    keep_assertions : bool
        Keep ``$check`` cells (authors' property modules) instead of ignoring assertions.
    memory_bits : int
        Largest number of bits all memories together may have.
    edits : sequence of Edit
        Changes to the units' texts that keep every line on its number.

    Raises
    ------
    LimitReached
        ``memory_bits``, ``unsupported-memory``.
    StorageError
        ``scratch-unwritable``.
    """
    try:
        return _elaborated(units, top, parameters, keep_assertions, memory_bits, edits)
    except (OSError, json.JSONDecodeError) as error:
        # A design.json cut short is a full disk too.
        reason = getattr(error, "strerror", None) or "a file was cut short"
        raise StorageError(
            "scratch-unwritable",
            f"no room to work in {tempfile.gettempdir()}: {reason}; free some space there or set TMPDIR",
        ) from None


def _elaborated(
    units: Sequence[str],
    top: str,
    parameters: Mapping[str, int],
    keep_assertions: bool,
    memory_bits: int,
    edits: Sequence[Edit],
) -> Elaboration:
    scratch = Path(tempfile.mkdtemp(prefix="chiploom-"))
    try:
        files = _write_units(scratch, units, edits)
        log = scratch / "yosys.log"
        _LAST_WORDS.log = log
        design = libyosys.Design()
        quiet = ["tee", "-q", "-o", str(log)]
        _read(design, quiet, files, top, parameters, keep_assertions)
        raw = _module(design, quiet, scratch, top, keep_assertions)
        bits = _memory_bits(raw)
        if bits is None:
            return Elaboration(raw, raw)
        if bits > memory_bits:
            raise LimitReached(
                "memory_bits", f"the design's memories hold {bits} bits, more than the limit of {memory_bits}"
            )
        if any(memory["start_offset"] < 0 for memory in raw["memories"].values()):
            # Yosys' addresses have no sign, so nothing tells which of them are below zero.
            raise LimitReached("unsupported-memory", "a memory has addresses below zero; let its first address be zero")
        # Reading outside a memory gives x, which the mapping to registers would forget.
        bounds = ["memory_memx"] if _reads_outside(raw) else []
        for command in (*bounds, "memory_collect", "memory_map", "opt_clean"):
            libyosys.Pass.call(design, [*quiet, command])
        return Elaboration(raw, _module(design, quiet, scratch, top, keep_assertions))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _write_units(scratch: Path, units: Sequence[str], edits: Sequence[Edit]) -> list[str]:
    data = [bytearray(text.encode("utf-8", "replace")) for text in units]
    # From the end, so that places before an edit stay what they are; of two edits at a place the first comes first.
    for number, edit in sorted(enumerate(edits), key=lambda item: (-item[1].start, -item[0])):
        text = edit.text.encode("utf-8")
        if edit.as_file:
            path = scratch / f"m{number}.txt"
            path.write_bytes(text)
            text = b'"%s"' % os.fsencode(path)
        data[edit.unit][edit.start : edit.end] = text
    files = []
    for index, content in enumerate(data):
        path = scratch / f"f{index}.sv"
        path.write_bytes(content)
        files.append(str(path))
    return files


def _read(
    design: Any,
    quiet: list[str],
    files: list[str],
    top: str,
    parameters: Mapping[str, int],
    keep_assertions: bool,
) -> None:
    command = [*quiet, "read_slang", "--top", top, *_FLAGS]
    if not keep_assertions:
        command.append("--ignore-assertions")
    for name, value in parameters.items():
        command += ["-G", f"{name}={value}"]
    libyosys.Pass.call(design, [*command, *files])
    libyosys.Pass.call(design, [*quiet, "flatten"])


def _module(design: Any, quiet: list[str], scratch: Path, top: str, keep_assertions: bool) -> dict[str, Any]:
    target = scratch / "design.json"
    libyosys.Pass.call(design, [*quiet, "write_json", str(target)])
    module: dict[str, Any] = json.loads(target.read_bytes())["modules"][top]
    silent = _SILENT_CELLS if keep_assertions else _SILENT_CELLS | _ASSERTION_CELLS
    cells: dict[str, Any] = {}
    for name, cell in module["cells"].items():
        if cell["type"] in silent:
            continue
        if cell["type"] == "$_TBUF_":
            cell = _tribuf(cell)
        elif cell["type"] == "$nex" and _BOUNDS_CHECK in name:
            cell = _always(cell)
        cells[name] = cell
    module["cells"] = cells
    return module


def _tribuf(cell: dict[str, Any]) -> dict[str, Any]:
    connections = cell["connections"]
    return {
        **cell,
        "type": "$tribuf",
        "parameters": {"WIDTH": f"{1:032b}"},
        "port_directions": {"A": "input", "EN": "input", "Y": "output"},
        "connections": {"A": connections["A"], "EN": connections["E"], "Y": connections["Y"]},
    }


def _always(cell: dict[str, Any]) -> dict[str, Any]:
    """Return what takes the place of "this address holds no x".

    A simulator writes nothing where the address is x. To a proof an x is any value, so any word may be written.
    """
    return {
        **cell,
        "type": "$buf",
        "parameters": {"WIDTH": f"{1:032b}"},
        "port_directions": {"A": "input", "Y": "output"},
        "connections": {"A": ["1"], "Y": cell["connections"]["Y"]},
    }


def _reads_outside(module: Mapping[str, Any]) -> bool:
    """Tell whether some address of a read port is outside its memory."""
    for cell in module["cells"].values():
        if cell["type"] in ("$memrd", "$memrd_v2"):
            memory = module["memories"][cell["parameters"]["MEMID"].removeprefix("\\")]
            if memory["start_offset"] != 0 or 1 << int(cell["parameters"]["ABITS"], 2) > memory["size"]:
                return True
    return False


def _memory_bits(module: Mapping[str, Any]) -> int | None:
    """Return the bits of all memories, None if there are no memory cells."""
    cells = [cell for cell in module["cells"].values() if cell["type"].startswith("$mem")]
    declared = sum(memory["size"] * memory["width"] for memory in module.get("memories", {}).values())
    if not cells:
        return None
    packed = sum(
        int(cell["parameters"]["SIZE"], 2) * int(cell["parameters"]["WIDTH"], 2)
        for cell in cells
        if cell["type"] in ("$mem", "$mem_v2")
    )
    return int(declared + packed)


class _LastWords:
    """Sends Yosys' log to standard error when Yosys is about to end the process.

    Yosys calls the function behind ``log_error_atexit`` between writing the error and exiting. Without that hook in a
    future version the log would be lost and a dead child would say nothing; a test watches over it.
    """

    def __init__(self) -> None:
        self.log: Path | None = None
        self._callback = ctypes.CFUNCTYPE(None)(self._send)  # kept alive: Yosys holds the pointer
        with contextlib.suppress(OSError, ValueError):
            hook = ctypes.c_void_p.in_dll(ctypes.CDLL(str(LIBRARY)), "_ZN5Yosys16log_error_atexitE")
            hook.value = ctypes.cast(self._callback, ctypes.c_void_p).value

    def _send(self) -> None:
        with contextlib.suppress(Exception):
            if self.log is not None:
                os.write(2, self.log.read_bytes()[-32768:])
                shutil.rmtree(self.log.parent, ignore_errors=True)


_LAST_WORDS = _LastWords()
