"""The options that say what a signed record of a verdict tells: of whom, under which conditions, what is disclosed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from chiploom.errors import UsageError


def add_signing_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--evidence`` and the options that only make sense with it."""
    group = parser.add_argument_group("signed evidence")
    group.add_argument("--evidence", type=Path, metavar="FILE", help="write the verdict as signed evidence")
    group.add_argument("--subject", metavar="ID", help="random identifier of whose evidence it is (default: yours)")
    group.add_argument(
        "--subject-kind", choices=("person", "venture", "model"), help="who stands behind --subject (default: person)"
    )
    group.add_argument("--ai-use", choices=("none", "assisted", "generated"), help="use of AI, as declared")
    group.add_argument("--proctored", choices=("yes", "no"), help="whether somebody watched")
    group.add_argument(
        "--disclose", action="store_true", help="put the files into the evidence, so that anybody can grade again"
    )
    group.add_argument(
        "--undisclosed-task", action="store_true", help="an exam: the task appears as a salted commitment only"
    )


def check_signing_options(namespace: argparse.Namespace) -> None:
    """Refuse options that would have no effect, before any work is done.

    Raises
    ------
    UsageError
        ``usage``; ``subject-not-random``.
    """
    if namespace.evidence is None:
        for option in ("subject", "subject_kind", "ai_use", "proctored", "disclose", "undisclosed_task"):
            if getattr(namespace, option):
                name = option.replace("_", "-")
                raise UsageError("usage", f"--{name} says something about evidence; give --evidence FILE as well")
    if namespace.subject_kind and not namespace.subject:
        raise UsageError("usage", "--subject-kind needs --subject; without it the evidence is yours, a person's")
    if namespace.subject:
        from chiploom.grading.evidence import Subject

        Subject(namespace.subject, namespace.subject_kind or "person")


def signing_arguments(namespace: argparse.Namespace, home: Path) -> dict[str, Any]:
    """Return the keyword arguments of :func:`chiploom.grading.evidence.sign` that the options ask for."""
    from chiploom.credentials import keys
    from chiploom.grading.evidence import Conditions, Subject

    subject = (
        Subject(namespace.subject, namespace.subject_kind or "person") if namespace.subject else keys.own_subject(home)
    )
    proctored = None if namespace.proctored is None else namespace.proctored == "yes"
    return {
        "subject": subject,
        "key": keys.issuer_key(home),
        "conditions": Conditions(proctored=proctored, ai_use=namespace.ai_use),
        "disclose_task": not namespace.undisclosed_task,
        "disclose_submission": namespace.disclose,
    }
