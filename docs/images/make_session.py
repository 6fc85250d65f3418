"""Draw ``session.svg``: a real session of the command line, run now, on the demonstration data.

Run it in a checkout after ``make setup``: ``.venv/bin/python docs/images/make_session.py``. The picture is text in SVG
on a white ground, without a font or anything else from elsewhere, and is readable in black and white.
"""

from __future__ import annotations

import argparse
import io
import os
import pty
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = Path(__file__).resolve().parents[2]
PICTURE = Path(__file__).with_name("session.svg")
COLUMNS = 98
SESSION = (
    ("grade", "updown-counter", "counter.sv"),
    ("grade", "updown-counter", "counter-repaired.sv", "--evidence", "mine.json"),
)

#: Dark on white; every colour has a contrast of more than 5 to 1 with the ground.
_THEME = TerminalTheme(
    (255, 255, 255),
    (17, 17, 17),
    [(0, 0, 0), (160, 0, 0), (0, 95, 0), (120, 80, 0), (0, 60, 160), (110, 0, 110), (0, 90, 100), (60, 60, 60)],
)

# Like rich's own, without the window around it and without the font it fetches.
_FORMAT = """<svg class="rich-terminal" viewBox="0 0 {terminal_width} {terminal_height}" \
xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{unique_id}-title">
<title id="{unique_id}-title">A terminal: a counter is refuted with a waveform, its repair is proved</title>
<style>
.{unique_id}-matrix {{ font-family: "DejaVu Sans Mono", "Noto Sans Mono", Menlo, Consolas, monospace;
  font-size: {char_height}px; line-height: {line_height}px; white-space: pre; }}
{styles}
</style>
<defs>{lines}</defs>
<rect width="100%" height="100%" fill="#ffffff"/>
{backgrounds}
<g class="{unique_id}-matrix" transform="translate(14 10) scale(0.976)">
{matrix}
</g>
</svg>
"""


def session() -> str:
    """Run the commands of the picture and return what a terminal would show, colours included."""
    shown = []
    with tempfile.TemporaryDirectory(prefix="chiploom-session-") as folder:
        for design in ("counter.sv", "counter-repaired.sv"):
            (Path(folder) / design).write_bytes((ROOT / "data" / "demo" / "designs" / design).read_bytes())
        for words in SESSION:
            shown.append(f"\x1b[1m$ chiploom {' '.join(words)}\x1b[0m\n{_run(words, Path(folder))}")
    return "\n".join(text.rstrip("\n") + "\n" for text in shown)


def draw(text: str) -> str:
    """Return the picture of ``text``."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(text))
    return console.export_svg(theme=_THEME, code_format=_FORMAT, unique_id="session")


def main() -> int:
    """Write the picture."""
    argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0]).parse_args()
    PICTURE.write_text(draw(session()), encoding="utf-8")
    print(f"written: {PICTURE}")
    return 0


def _run(words: tuple[str, ...], folder: Path) -> str:
    """Run one command on a terminal of its own, since it shows colours only there."""
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CHIPLOOM_")}
    environment |= {"COLUMNS": str(COLUMNS), "LINES": "50", "CHIPLOOM_HOME": str(folder / "home"), "TERM": "xterm"}
    if "CHIPLOOM_UNSAFE_NO_BOX" in os.environ:
        environment["CHIPLOOM_UNSAFE_NO_BOX"] = os.environ["CHIPLOOM_UNSAFE_NO_BOX"]
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "chiploom.cli.main", *words],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    data = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        data += part
    os.close(ours)
    process.wait()
    return data.decode("utf-8").replace("\r\n", "\n")


if __name__ == "__main__":
    sys.exit(main())
