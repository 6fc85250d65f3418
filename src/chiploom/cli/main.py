"""The command ``chiploom``: parse, dispatch, and turn every error into one line and an exit status.

Each command group is a module of this package with ``register(subparsers)``; commands set ``run`` on their
parser to a function ``(namespace) -> int`` (the exit status).
"""

from __future__ import annotations

import argparse
import errno
import importlib
import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from chiploom import errors

#: Command word to the module that implements it; modules are imported only when their word is used.
COMMANDS = {
    "prove": "chiploom.cli.prove",
    "simulate": "chiploom.cli.simulate",
    "grade": "chiploom.cli.grade",
    "task": "chiploom.cli.task",
    "pack": "chiploom.cli.pack",
    "bench": "chiploom.cli.bench",
    "evidence": "chiploom.cli.evidence",
    "credential": "chiploom.cli.credential",
    "venture": "chiploom.cli.venture",
    "need": "chiploom.cli.need",
    "alliance": "chiploom.cli.alliance",
    "plan": "chiploom.cli.plan",
    "hub": "chiploom.cli.hub",
}


#: Characters of an error that are told; names in it may be of any length.
_LONGEST_MESSAGE = 1_500
#: What a shell reports of a program that SIGPIPE ended (128 + 13), as other programs that lose their reader.
_EXIT_NO_READER = 141


class _Parser(argparse.ArgumentParser):
    def __init__(self, **options: Any) -> None:
        # `--js` for `--json` would change what is printed without our noticing it where no parser could be made.
        super().__init__(**options, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        raise errors.UsageError("usage", f"{message} (see '{self.prog} --help')")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    _make_output_safe(json_wanted="--json" in words)
    try:
        status = _run(words)
        sys.stdout.flush()
    except errors.ChiploomError as error:
        status = _report(error, words)
    except KeyboardInterrupt:
        print("chiploom: interrupted", file=sys.stderr)
        status = 130
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing more can be said, least of all that it is proved.
        _abandon_output()
        status = _EXIT_NO_READER
    except Exception as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            _abandon_output()
            full = f"cannot write the result: {error.strerror}; free some space and run again"
            return _report(errors.StorageError("disk-full", full), words)
        if os.environ.get("CHIPLOOM_DEBUG"):
            raise
        status = _report(
            errors.ChiploomError(
                "internal",
                f"internal error: {type(error).__name__}: {error} (set CHIPLOOM_DEBUG=1 for the traceback)",
            ),
            words,
        )
    return status


def build_parser(only: str | None = None) -> argparse.ArgumentParser:
    """Return the parser, with all commands or with ``only`` one of them (faster to start)."""
    from chiploom import __version__

    parser = _Parser(
        prog="chiploom", description="Prove, refute or measure chip designs; sign and re-run the evidence."
    )
    parser.add_argument("--version", action="version", version=f"chiploom {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    for word, module in COMMANDS.items():
        if only is None or word == only:
            importlib.import_module(module).register(subparsers)
    return parser


def _run(words: list[str]) -> int:
    only = next((word for word in words if not word.startswith("-")), None)
    namespace = build_parser(only if only in COMMANDS else None).parse_args(words)
    return int(namespace.run(namespace))


def _make_output_safe(*, json_wanted: bool) -> None:
    """Let no locale and no closed stream change a verdict: what the output cannot encode becomes ``?``."""
    # Python leaves a stream out that was closed before it started (`>&-`).
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - lives as long as the process
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - lives as long as the process
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if json_wanted and isinstance(sys.stdout, io.TextIOWrapper):
        # JSON is UTF-8 wherever it goes (RFC 8259, section 8.1).
        sys.stdout.reconfigure(encoding="utf-8")


def _report(error: errors.ChiploomError, words: list[str]) -> int:
    # One line, and nothing that could steer a terminal: names of files and modules get in here as they are.
    line = " ".join(error.message.split())
    if len(line) > _LONGEST_MESSAGE:
        line = f"{line[:_LONGEST_MESSAGE]} ..."
    message = "".join(character if character.isprintable() else ascii(character)[1:-1] for character in line)
    print(f"chiploom: {error.code}: {message}", file=sys.stderr)
    if "--json" in words:
        try:
            print(json.dumps({"verdict": None, "error": {"code": error.code, "message": message}}, ensure_ascii=False))
            sys.stdout.flush()
        except OSError:
            _abandon_output()
    return error.exit_status


def _abandon_output() -> None:
    """Send what is still buffered nowhere: it cannot be written, and Python would complain about it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
