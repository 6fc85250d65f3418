"""List the messages chiploom can show, by code: list_messages.py [--lang en|vi|fr] [--markdown] [SUBJECT ...].

With ``--write`` the table of diagnostics in ``docs/reference/messages.md`` is brought up to date; a test compares them.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from chiploom import messages

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "messages.md"
#: What is said about designs: these codes appear in verdicts and in evidence.
DIAGNOSTICS = ("hdl", "prove")
_TABLE = re.compile(r"(?<=<!-- written by tools/list_messages.py -->\n\n).*?(?=\n<!-- end -->)", re.DOTALL)


def subjects() -> tuple[str, ...]:
    """Return the subjects of the table of messages."""
    return tuple(sorted({message.code.partition(".")[0] for message in messages.all_messages()}))


def chosen(wanted: tuple[str, ...]) -> Iterator[messages.Message]:
    """Yield the messages of some subjects, of all if none is named."""
    for message in messages.all_messages():
        if not wanted or message.code.partition(".")[0] in wanted:
            yield message


def markdown(wanted: tuple[str, ...], language: str = "en") -> str:
    """Return the messages as a Markdown table."""
    lines = ["| code | severity | text |", "|---|---|---|"]
    for message in chosen(wanted):
        # Doubled braces are the templates' way to write one; a bar would end the cell.
        text = " ".join(message.texts[language].split()).replace("{{", "{").replace("}}", "}").replace("|", "\\|")
        lines.append(f"| `{message.code}` | {message.severity} | {text} |")
    return "\n".join(lines) + "\n"


def written(page: str) -> str:
    """Return the page with its table of diagnostics as it should be."""
    return _TABLE.sub(lambda _: markdown(DIAGNOSTICS), page)


def main(arguments: list[str] | None = None) -> int:
    """List messages, or write the page."""
    parser = argparse.ArgumentParser(description="List the messages that chiploom can show, by code.")
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=f"only these: {', '.join(subjects())}")
    parser.add_argument("--lang", choices=messages.LANGUAGES, default="en", help="language of the texts (default: en)")
    parser.add_argument("--markdown", action="store_true", help="as a Markdown table")
    parser.add_argument("--write", action="store_true", help="bring docs/reference/messages.md up to date instead")
    namespace = parser.parse_args(arguments)
    wanted = tuple(namespace.subjects)
    unknown = [subject for subject in wanted if subject not in subjects()]
    if unknown:
        parser.error(f"there is no subject {unknown[0]!r}; use one of {', '.join(subjects())}")
    if namespace.write:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    elif namespace.markdown:
        print(markdown(wanted, namespace.lang), end="")
    else:
        for message in chosen(wanted):
            print(f"{message.code}\t{message.severity}\t{' '.join(message.texts[namespace.lang].split())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
