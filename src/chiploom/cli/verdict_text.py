"""A verdict for the terminal: headline, explanation, waveform, findings with their places, what it rests on."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator

from chiploom import messages
from chiploom.hdl.diagnostics import Diagnostic
from chiploom.prove.verdict import Outcome, Verdict

_COLOURS = {
    Outcome.PROVED: "\x1b[1;32m",
    Outcome.REFUTED: "\x1b[1;31m",
    Outcome.REJECTED: "\x1b[1;31m",
    Outcome.BOUNDED: "\x1b[1;33m",
    Outcome.UNDECIDED: "\x1b[1;33m",
    Outcome.MEASURED: "\x1b[1m",
}
_RESET = "\x1b[0m"


def show(verdict: Verdict, name: str, language: str, *, against_properties: bool) -> None:
    """Print ``verdict`` about the design ``name``."""
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    width = shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 100
    for line in lines(verdict, name, language, against_properties=against_properties, colour=colour, width=width):
        print(line)


def lines(
    verdict: Verdict,
    name: str,
    language: str,
    *,
    against_properties: bool = False,
    colour: bool = False,
    width: int = 100,
) -> Iterator[str]:
    """Return ``verdict`` as lines of text; nothing in them can steer a terminal but our own colours."""

    def word(key: str, **arguments: str) -> str:
        return messages.text(f"grading.{key}", language, **{key: safe(value) for key, value in arguments.items()})

    headline = word(_headline(verdict, against_properties), name=name, bound=str(verdict.bound))
    yield f"{_COLOURS[verdict.outcome]}{headline}{_RESET}" if colour else headline
    if verdict.method != "none":
        seconds = messages.number(verdict.seconds, ".3f", language)
        yield "  " + word("method", method=method_words(verdict.method, language), seconds=seconds)
    if verdict.limit_hit is not None:
        limits = {name: messages.number(value, "", language) for name, value in verdict.limits.as_json().items()}
        yield "  " + messages.text(f"grading.limit-{verdict.limit_hit}", language, **limits)
    if verdict.reason:
        yield "  " + word("detail", text=verdict.reason)
    if verdict.trace is not None:
        from chiploom.prove import waveform

        yield "  " + safe(verdict.trace.explanation.get(language, ""))
        yield ""
        yield from waveform.draw(verdict.trace, language, colour, width).rstrip("\n").split("\n")
    for measurement in verdict.measurements:
        met = {None: "no-bound", True: "met", False: "not-met"}[measurement.met]
        value = messages.number(measurement.value, ",g", language)
        yield "  " + word("measurement", name=measurement.name, value=value, unit=measurement.unit, met=word(met))
    for diagnostic in (*verdict.diagnostics, *verdict.warnings):
        yield ""
        yield from diagnostic_lines(diagnostic, language)
    if verdict.assumptions and verdict.outcome in (Outcome.PROVED, Outcome.BOUNDED):
        yield ""
        yield word("assumptions")
        yield from (f"  - {assumption_words(assumption, language)}" for assumption in verdict.assumptions)


def diagnostic_lines(diagnostic: Diagnostic, language: str) -> Iterator[str]:
    """Return one finding: place, words, code, and the source line with its caret."""
    place = ":".join([diagnostic.file, *(str(number) for number in (diagnostic.line, diagnostic.column) if number)])
    severity = messages.text(f"grading.{diagnostic.severity}", language)
    text = safe(diagnostic.text(language))
    key = "grading.finding" if place else "grading.finding-without-place"
    yield messages.text(key, language, place=safe(place), severity=severity, text=text, kind=diagnostic.code)
    for line in diagnostic.excerpt.split("\n"):
        if line.strip():
            yield f"  {safe(line.expandtabs(4))}"


def method_words(method: str, language: str) -> str:
    """Return a method's name in words; a name that is not ours, out of somebody's evidence, stays as it is."""
    try:
        return messages.text(f"grading.method-{method}", language)
    except KeyError:
        return safe(method)


def assumption_words(assumption: str, language: str) -> str:
    """Return an assumption of a verdict, which is recorded in English, in ``language``; an unknown one as it is."""
    for message in messages.all_messages():
        if message.code.startswith("grading.assumption-"):
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>\\S+)", re.escape(message.texts["en"]))
            if match := re.fullmatch(pattern, assumption):
                return safe(message.texts[language].format(**match.groupdict()))
    return safe(assumption)


def safe(text: str) -> str:
    """Return ``text`` with control and bidirectional characters, which could steer a terminal, as escapes.

    The no-break space of French is not printable to Python, but harmless.
    """
    return "".join(
        character if character.isprintable() or character == "\u00a0" else ascii(character)[1:-1] for character in text
    )


def _headline(verdict: Verdict, against_properties: bool) -> str:
    if verdict.outcome is Outcome.MEASURED:
        return "measured-met" if verdict.exit_status == 0 else "measured-not-met"
    if against_properties and verdict.outcome in (Outcome.PROVED, Outcome.BOUNDED, Outcome.REFUTED):
        return f"{verdict.outcome.value}-properties"
    return verdict.outcome.value
