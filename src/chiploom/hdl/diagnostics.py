"""What is said about a design: code, severity, place, and words in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from chiploom import messages

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a source file.

    Attributes
    ----------
    code : str
        Stable code: a key of the message table such as ``"hdl.undeclared-name"``, or slang's own code prefixed
        with ``"slang."`` when the table has no wording of ours.
    severity : {"error", "warning", "note"}
        Errors reject the submission.
    arguments : mapping of str to str
        Values that fill the table's wording; for ``slang.*`` codes the key ``text`` holds slang's sentence.
    file, line, column : str, int, int
        Place in the author's file; line and column count from 1, 0 where there is none.
    excerpt : str
        The source line with a caret line beneath, or empty.
    """

    code: str
    severity: Severity
    arguments: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    line: int = 0
    column: int = 0
    excerpt: str = ""

    @property
    def message(self) -> str:
        """The finding in English."""
        return self.text("en")

    def text(self, language: str) -> str:
        """Return the finding worded in ``language`` ("en", "vi" or "fr")."""
        if self.code.startswith("slang."):
            return self.arguments.get("text", self.code)
        return messages.text(self.code, language, **self.arguments)
