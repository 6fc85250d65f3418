"""Reads designs in a forked child, because an error of Yosys' ends the process it happens in."""

from __future__ import annotations

import os
import pickle
import resource
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chiploom.errors import ChiploomError, SubmissionRejected
from chiploom.hdl.diagnostics import Diagnostic
from chiploom.hdl.netlist import Netlist
from chiploom.hdl.read import Rules, read_design, yosys_failure_diagnostics
from chiploom.hdl.sources import Source

CPU_LIMIT_S = 30
MEMORY_LIMIT_BYTES = 3 << 30


@dataclass(frozen=True)
class Outcome:
    """What reading came to: a netlist with warnings, diagnostics that reject, or another coded error."""

    netlist: Netlist | None = None
    found: tuple[Diagnostic, ...] = ()
    error: ChiploomError | None = None
    died: bool = False

    @property
    def codes(self) -> list[str]:
        return [diagnostic.code for diagnostic in self.found]

    @property
    def errors(self) -> list[str]:
        return [diagnostic.code for diagnostic in self.found if diagnostic.severity == "error"]

    @property
    def warnings(self) -> list[str]:
        return [diagnostic.code for diagnostic in self.found if diagnostic.severity == "warning"]

    @property
    def accepted(self) -> bool:
        return self.netlist is not None

    @property
    def rejected(self) -> bool:
        return self.netlist is None and self.error is None and bool(self.errors)

    def cells(self) -> Counter[str]:
        assert self.netlist is not None, self.found or self.error
        return Counter(cell.type for cell in self.netlist.cells)

    def one(self, code: str) -> Diagnostic:
        (diagnostic,) = [diagnostic for diagnostic in self.found if diagnostic.code == code]
        return diagnostic


def read(design: str | Sequence[Source], **options: Any) -> Outcome:
    """Read a design as a submission with top ``t`` (unless told otherwise) in a child of its own."""
    sources = [Source("design.sv", design)] if isinstance(design, str) else list(design)
    if isinstance(design, str):
        options.setdefault("top", "t")
    out_read, out_write = os.pipe()
    log_read, log_write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out_read)
        os.close(log_read)
        os.dup2(log_write, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_S, CPU_LIMIT_S))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        try:
            os.write(out_write, b"")
            with os.fdopen(out_write, "wb") as out:
                pickle.dump(_read(sources, options), out)
        finally:
            os._exit(0)
    os.close(out_write)
    os.close(log_write)
    with os.fdopen(out_read, "rb") as out, os.fdopen(log_read, "rb") as log:
        result, text = out.read(), log.read().decode(errors="replace")
    _, status = os.waitpid(child, 0)
    if result:
        outcome = pickle.loads(result)
        if isinstance(outcome, Outcome):
            return outcome
        raise AssertionError(f"an undocumented exception came out: {outcome}")
    assert os.WIFEXITED(status) and os.WEXITSTATUS(status) == 1, f"the child ended with status {status}: {text[-500:]}"
    return Outcome(found=yosys_failure_diagnostics(text, sources), died=True)


def reference(**options: Any) -> Rules:
    return Rules(origin="reference", **options)


def _read(sources: list[Source], options: dict[str, Any]) -> Outcome | str:
    try:
        design = read_design(sources, **options)
    except SubmissionRejected as rejection:
        return Outcome(found=rejection.diagnostics)
    except ChiploomError as error:
        return Outcome(error=error)
    except BaseException as error:
        return repr(error)
    return Outcome(design.netlist, design.warnings)
