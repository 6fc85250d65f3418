"""The files of a design, as handed in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """One file of Verilog or SystemVerilog text.

    Attributes
    ----------
    name : str
        The name the author knows it by (a path or a base name); shown in diagnostics, never opened.
    text : str
        Its text, without byte order mark, with ``\\n`` line ends.
    """

    name: str
    text: str
