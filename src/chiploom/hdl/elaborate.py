"""Elaboration of checked text to a flattened netlist, by Yosys with its slang front end.

Yosys ends the process on an error (``log_error`` exits), so whoever elaborates a text that nobody vouches for calls
this in a forked child. On its way out the dying process writes Yosys' log to standard error, for
:func:`chiploom.hdl.failure.yosys_failure_diagnostics`.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyosys
from pyosys import libyosys

from chiploom.errors import LimitReached

LIBRARY = Path(pyosys.__file__).with_name("libyosys.so")


def elaborate(
    units: Sequence[str],
    headers: Mapping[str, str],
    top: str,
    *,
    parameters: Mapping[str, int],
    keep_assertions: bool,
    memory_bits: int,
) -> dict[str, Any]:
    """Return Yosys' JSON document of ``top``, flattened, with processes and memories mapped.

    Parameters
    ----------
    units : sequence of str
        Texts of the compilation units; unit ``i`` becomes the scratch file ``f<i>.sv``.
    headers : mapping of str to str
        Texts of the files they include, by scratch file name.
    parameters : mapping of str to int
        Overrides of parameters that ``top`` declares.
    keep_assertions : bool
        Keep ``assert``/``assume`` cells (authors' property modules) instead of ignoring them.
    memory_bits : int
        Largest number of bits all memories together may have.

    Raises
    ------
    LimitReached
        ``memory_bits``.
    """
    scratch = Path(tempfile.mkdtemp(prefix="chiploom-"))
    try:
        for name, text in headers.items():
            (scratch / name).write_text(text, encoding="utf-8")
        files = []
        for index, text in enumerate(units):
            file = scratch / f"f{index}.sv"
            file.write_text(text, encoding="utf-8")
            files.append(str(file))
        return _run(scratch, files, top, parameters, keep_assertions, memory_bits)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _run(
    scratch: Path,
    files: list[str],
    top: str,
    parameters: Mapping[str, int],
    keep_assertions: bool,
    memory_bits: int,
) -> dict[str, Any]:
    design = libyosys.Design()
    log = scratch / "yosys.log"
    _FORWARD.log = log
    call = libyosys.Pass.call
    quiet = ["tee", "-q", "-o", str(log)]
    command = [
        *quiet,
        "read_slang",
        "--top",
        top,
        "--max-generate-steps",
        "20000",
        "--no-default-translate-off-format",
        "--no-synthesis-define",
        "--ignore-timing",
    ]
    if not keep_assertions:
        command.append("--ignore-assertions")
    for name, value in parameters.items():
        command += ["-G", f"{name}={value}"]
    call(design, [*command, *files])
    call(design, [*quiet, "flatten"])
    document = _written(design, scratch, quiet)
    cells = document["modules"][top]["cells"].values()
    memories = [cell for cell in cells if cell["type"].startswith("$mem")]
    if memories:
        bits = _memory_bits(document["modules"][top])
        if bits > memory_bits:
            raise LimitReached(
                "memory_bits", f"the design's memories hold {bits} bits, more than the limit of {memory_bits}"
            )
        call(design, [*quiet, "memory_collect"])
        call(design, [*quiet, "memory_map"])
        call(design, [*quiet, "opt_clean"])
        document = _written(design, scratch, quiet)
    return document


def _written(design: Any, scratch: Path, quiet: list[str]) -> dict[str, Any]:
    target = scratch / "design.json"
    libyosys.Pass.call(design, [*quiet, "write_json", str(target)])
    document: dict[str, Any] = json.loads(target.read_bytes())
    return document


def _memory_bits(module: Mapping[str, Any]) -> int:
    declared = sum(memory["size"] * memory["width"] for memory in module.get("memories", {}).values())
    packed = sum(
        int(cell["parameters"]["SIZE"], 2) * int(cell["parameters"]["WIDTH"], 2)
        for cell in module["cells"].values()
        if cell["type"] in ("$mem", "$mem_v2")
    )
    return int(declared + packed)


class _Forward:
    """Sends Yosys' log to standard error when Yosys is about to end the process."""

    def __init__(self) -> None:
        self.log: Path | None = None
        self._callback = ctypes.CFUNCTYPE(None)(self._send)  # kept alive: Yosys holds the pointer
        with contextlib.suppress(OSError, ValueError):
            hook = ctypes.c_void_p.in_dll(ctypes.CDLL(str(LIBRARY)), "_ZN5Yosys16log_error_atexitE")
            hook.value = ctypes.cast(self._callback, ctypes.c_void_p).value

    def _send(self) -> None:
        with contextlib.suppress(Exception):
            if self.log is not None:
                os.write(2, self.log.read_bytes()[-65536:])
                shutil.rmtree(self.log.parent, ignore_errors=True)


_FORWARD = _Forward()
