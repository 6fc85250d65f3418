"""The exception tree. Every exception that reaches a user has a stable code.

::

    ChiploomError                 exit status 70: our own fault unless a subclass says otherwise
    +-- UsageError                64  the request cannot be carried out as asked
    |   +-- InputFileError        64  a file is missing, unreadable, too large or not text
    |   +-- AmbiguousTopError     64  several modules could be the top; candidates listed
    +-- BrokenTaskError           65  a reference, environment, properties file, task or pack is itself broken
    |   +-- ReferenceError_       65  the reference (or environment, or properties) does not elaborate or is vacuous
    |   +-- PackError             65  pack.toml or task.toml is malformed, or a file is missing
    +-- SubmissionRejected         2  the submission does not compile, breaks the interface or the policy
    +-- EvidenceError              1  evidence or a credential is not accepted
    +-- LimitReached               3  a limit was hit: the verdict is ``undecided``, naming the limit
    +-- BoxError                  70  the sandbox cannot be set up: grading fails closed
    +-- StorageError              70  a result could not be written (disk full, read-only)
    +-- SchedulerError            70  no scheduler at the address, or the cluster was lost

Errors are raised where the fact is known. The text is one line, says what was wrong, where, the value seen and
what to do. Diagnostics of a learner's design are not exceptions but :class:`chiploom.hdl.diagnostics.Diagnostic`
values; :class:`SubmissionRejected` carries them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chiploom.hdl.diagnostics import Diagnostic

EXIT_PROVED = 0
EXIT_REFUTED = 1
EXIT_REJECTED = 2
EXIT_UNDECIDED = 3
EXIT_USAGE = 64
EXIT_BROKEN_TASK = 65
EXIT_INTERNAL = 70


class ChiploomError(Exception):
    """Root of the tree.

    Parameters
    ----------
    code : str
        Stable kebab-case code, such as ``"file-not-found"``.
    message : str
        One line for the person who can act.
    """

    exit_status: int = EXIT_INTERNAL

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process boundaries (box -> worker -> caller); the default pickling loses the two arguments.
        return (type(self), (self.code, self.message))


class UsageError(ChiploomError):
    """The request cannot be carried out as asked."""

    exit_status = EXIT_USAGE


class InputFileError(UsageError):
    """An input file is missing, unreadable, too large or not text."""


class AmbiguousTopError(UsageError):
    """Several modules could be the top; the message lists the candidates."""


class BrokenTaskError(ChiploomError):
    """A reference, environment, properties file, task or pack is itself broken."""

    exit_status = EXIT_BROKEN_TASK


class ReferenceError_(BrokenTaskError):  # noqa: N801, N818 - the plain name is a builtin
    """The reference, environment or properties module does not elaborate or is vacuous."""


class PackError(BrokenTaskError):
    """A pack or task file is malformed or missing."""


class SubmissionRejected(ChiploomError):  # noqa: N818 - a verdict, not a failure
    """The submission does not compile, breaks the interface or the policy."""

    exit_status = EXIT_REJECTED

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        first = next((d for d in diagnostics if d.severity == "error"), None)
        super().__init__(first.code if first else "rejected", first.message if first else "the submission is rejected")
        self.diagnostics = diagnostics

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.diagnostics,))


class EvidenceError(ChiploomError):
    """Evidence or a credential is not accepted."""

    exit_status = EXIT_REFUTED


class LimitReached(ChiploomError):  # noqa: N818 - a verdict, not a failure
    """A limit of time, memory or size was hit; ``limit`` names it as the verdict will."""

    exit_status = EXIT_UNDECIDED

    def __init__(self, limit: str, message: str) -> None:
        super().__init__("limit-reached", message)
        self.limit = limit

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.limit, self.message))


class BoxError(ChiploomError):
    """The sandbox cannot be set up, so nothing is graded."""


class StorageError(ChiploomError):
    """A result could not be written."""


class SchedulerError(ChiploomError):
    """No scheduler answers at the address, or the cluster was lost."""
