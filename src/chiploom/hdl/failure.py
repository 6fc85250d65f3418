"""What Yosys said before it ended the process, as diagnostics."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chiploom.hdl.diagnostics import Diagnostic
from chiploom.hdl.sources import Source

_ERROR = re.compile(r"^(?:(?P<path>\S*?)f(?P<file>\d+)\.sv:(?P<line>\d+)(?::(?P<column>\d+))?: )?ERROR: (?P<text>.*)$")


def yosys_failure_diagnostics(log: str, sources: Sequence[Source]) -> tuple[Diagnostic, ...]:
    """Return the errors in the captured log of a child that Yosys ended; empty if it holds none."""
    found = []
    for line in log.splitlines():
        match = _ERROR.match(line)
        if match is None:
            continue
        index = int(match["file"] or -1)
        source = sources[index].name if 0 <= index < len(sources) else ""
        found.append(
            Diagnostic(
                "slang.Elaboration",
                "error",
                {"text": match["text"]},
                source,
                int(match["line"] or 0),
                int(match["column"] or 0),
            )
        )
    return tuple(found)
