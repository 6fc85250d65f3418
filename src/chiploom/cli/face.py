"""What the commands share that tell of evidence: language, JSON on request, and text that cannot steer a terminal."""

from __future__ import annotations

import argparse
import json
from typing import Any

from chiploom import messages, settings
from chiploom.credentials.collection import shown
from chiploom.tasks.model import LocalText


def add_output_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--lang`` and ``--json``."""
    parser.add_argument(
        "--lang", choices=messages.LANGUAGES, help="language of the text (default: CHIPLOOM_LANG or en)"
    )
    parser.add_argument("--json", action="store_true", help="write one JSON object instead of text")


def language(namespace: argparse.Namespace) -> str:
    """Return the language asked for."""
    chosen: str | None = namespace.lang
    return chosen or settings.load().lang


def print_json(value: Any) -> None:
    """Write the one object that ``--json`` promises."""
    print(json.dumps(value, ensure_ascii=False))


class Teller:
    """Prints messages of one language; every argument is made safe for a terminal."""

    def __init__(self, language: str) -> None:
        self.language = language

    def word(self, code: str, **arguments: str | LocalText) -> str:
        """Return a message."""
        filled = {
            name: shown(value if isinstance(value, str) else value.get(self.language, ""))
            for name, value in arguments.items()
        }
        return messages.text(code, self.language, **filled)

    def say(self, code: str, *, indent: int = 0, **arguments: str | LocalText) -> None:
        """Print a message on a line of its own."""
        print(" " * indent + self.word(code, **arguments))
