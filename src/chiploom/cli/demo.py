"""``make demo``: the whole story on demonstration data, told by running the real commands in a temporary home."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from chiploom import files, messages, settings
from chiploom.cli.face import Teller
from chiploom.errors import ChiploomError

ANN = "urn:uuid:670816be-b93c-4c14-a6f1-906b2d005ecf"
BINH = "urn:uuid:ef0ff1c2-7ceb-43d6-aa7c-5cbe05a7cc17"
CHI = "urn:uuid:8b5b5bc8-44fb-4dc5-b711-9c99075fa0e5"
MODEL = "urn:uuid:4f64c173-6187-4c31-8d36-cd6f26723f23"
SKILL = "sequential.counter"


def main(arguments: Sequence[str] | None = None) -> int:
    """Tell the story and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m chiploom.cli.demo", description=__doc__)
    parser.add_argument("--lang", choices=messages.LANGUAGES, default=None)
    namespace = parser.parse_args(arguments)
    try:
        language = namespace.lang or settings.load().lang
        with tempfile.TemporaryDirectory(prefix="chiploom-demo-") as folder:
            _Story(language, Path(folder)).tell()
    except ChiploomError as error:
        print(f"demo: {error.code}: {error.message}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print("demo: interrupted", file=sys.stderr)
        return 130
    return 0


class _Story:
    """The story while it is told: where it happens, in which language, and how many steps it has had."""

    def __init__(self, language: str, folder: Path) -> None:
        self._teller = Teller(language)
        self._folder = folder
        self._step = 0
        self._tool = Path(__file__).parents[3] / "tools" / "verify_evidence.py"
        # A home of its own: the demonstration neither uses nor makes keys of the person who runs it.
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CHIPLOOM_")},
            **{name: os.environ[name] for name in ("CHIPLOOM_UNSAFE_NO_BOX",) if name in os.environ},
            "CHIPLOOM_HOME": str(folder / "home"),
            "CHIPLOOM_LANG": language,
            "PYTHONUTF8": "1",
        }

    def tell(self) -> None:
        started = time.monotonic()
        if not self._tool.is_file():
            raise ChiploomError("demo-needs-checkout", "the demo runs in a checkout of chiploom: use 'make demo'")
        shutil.copytree(files.data_directory() / "demo", self._folder, dirs_exist_ok=True)
        (self._folder / "evidence").mkdir()
        print(self._teller.word("demo.title"))
        print(self._teller.word("demo.setting"))

        self._say("step-refuted")
        self._run(1, *_grade("updown-counter", "counter.sv", ANN, "ann-first", "--ai-use", "none"))

        self._say("step-before")
        self._quietly(0, *_grade("modulo-counter", "divider.sv", BINH, "binh", "--ai-use", "assisted"))
        self._quietly(0, *_grade("modulo-counter", "divider.sv", CHI, "chi"))
        self._quietly(0, *_grade("modulo-counter", "divider.sv", MODEL, "model", "--subject-kind", "model"))
        print(self._teller.word("demo.also-graded", who=self._teller.word("demo.others")))
        self._run(0, "venture", "status", "venture.toml")
        before = self._people()

        self._say("step-proved")
        self._run(
            0, *_grade("updown-counter", "counter-repaired.sv", ANN, "ann-repaired", "--ai-use", "none", "--disclose")
        )

        self._say("step-checked")
        self._run(0, "evidence", "key", "--to", "issuer.pem")
        evidence = "evidence/ann-repaired.json"
        self._check(0, evidence)
        place, old, new = self._alter(evidence, "evidence/altered.json")
        self._say("step-altered", place=str(place), before=old, after=new)
        self._check(1, "evidence/altered.json")

        self._say("step-rerun")
        self._run(0, "evidence", "verify", evidence, "--key", "issuer.pem", "--rerun")

        self._say("step-venture")
        self._run(0, "venture", "status", "venture.toml")

        self._say("step-need")
        self._run(0, "need", "match", "need.toml", "--evidence", "evidence")

        self._say("step-alliance")
        (self._folder / "shared-counter" / "evidence").mkdir()
        shutil.copy(self._folder / evidence, self._folder / "shared-counter" / "evidence")
        self._run(0, "alliance", "check", "shared-counter")

        self._say("step-plan", skill=SKILL, before=str(before), after=str(self._people()))
        self._run(0, "plan", "count", "--evidence", "evidence", "--key", "issuer.pem")
        print()
        print(self._teller.word("demo.end", seconds=f"{time.monotonic() - started:.0f}"))

    def _say(self, key: str, **values: str) -> None:
        self._step += 1
        print(f"\n{self._step}. {self._teller.word(f'demo.{key}', **values)}", flush=True)

    def _run(self, expected: int, *words: str) -> None:
        """Show a command, run it and show what it says."""
        print(f"\n  $ chiploom {' '.join(words)}", flush=True)
        self._show(self._quietly(expected, *words))

    def _quietly(self, expected: int, *words: str) -> str:
        return self._execute(expected, [sys.executable, "-m", "chiploom.cli.main", *words])

    def _check(self, expected: int, evidence: str) -> None:
        print(f"\n  $ python tools/verify_evidence.py {evidence} issuer.pem", flush=True)
        self._show(self._execute(expected, [sys.executable, "-I", str(self._tool), evidence, "issuer.pem"]))

    def _execute(self, expected: int, command: list[str]) -> str:
        done = subprocess.run(
            command,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        if done.returncode != expected:
            last = done.stdout.strip().splitlines()[-1:] or ["nothing was said"]
            raise ChiploomError(
                "demo-step-failed",
                f"{' '.join(command[1:5])}: exit status {done.returncode}, not {expected}: {last[0]}",
            )
        return done.stdout

    def _show(self, text: str) -> None:
        for line in text.rstrip().splitlines():
            print(f"  {line}".rstrip())

    def _people(self) -> int:
        answer = json.loads(self._quietly(0, "plan", "count", "--evidence", "evidence", "--json"))
        return int(answer["by_skill"].get(SKILL, 0))

    def _alter(self, name: str, copy: str) -> tuple[int, str, str]:
        """Copy evidence with the level of its task raised: one byte; return its place, the old and the new one."""
        data = (self._folder / name).read_bytes()
        place = data.index(b'"level": ') + len(b'"level": ')
        new = b"5" if data[place : place + 1] != b"5" else b"4"
        (self._folder / copy).write_bytes(data[:place] + new + data[place + 1 :])
        return place, repr(chr(data[place])), repr(new.decode())


def _grade(task: str, design: str, subject: str, evidence: str, *more: str) -> tuple[str, ...]:
    file = f"evidence/{evidence}.json"
    return ("grade", task, f"designs/{design}", "--subject", subject, *more, "--evidence", file)


if __name__ == "__main__":
    sys.exit(main())
