"""The hub with a sampler in it: a hundred times a second it writes down where every thread is."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from pathlib import Path
from types import FrameType

from chiploom import settings
from chiploom.hub.serve import serve

_EVERY_S = 0.01
_WRITTEN_EVERY = 500
#: Threads that wait are at these.
_WAITING = ("wait", "select", "_worker", "accept", "get", "acquire", "_recv", "poll")


class Sampler(threading.Thread):
    """Counts, by thread, the functions at work (``self``) and those they were called from (``all``)."""

    def __init__(self, path: Path) -> None:
        super().__init__(name="sampler", daemon=True)
        self.path = path
        self.own: Counter[tuple[str, str]] = Counter()
        self.all: Counter[tuple[str, str]] = Counter()
        self.samples = 0

    def run(self) -> None:
        """Sample until the process ends."""
        while True:
            time.sleep(_EVERY_S)
            self.samples += 1
            if self.samples % _WRITTEN_EVERY == 0:
                # While it runs: a server that is told to end does not come back to its caller.
                self.path.write_text(self.report())
            names = {thread.ident: thread.name for thread in threading.enumerate()}
            for number, frame in sys._current_frames().items():
                if number != self.ident and frame.f_code.co_name not in _WAITING:
                    self._note(names.get(number, "?").rstrip("0123456789- "), frame)

    def _note(self, thread: str, frame: FrameType) -> None:
        self.own[(thread, _name(frame))] += 1
        seen = set()
        at: FrameType | None = frame
        while at is not None:
            seen.add(_name(at))
            at = at.f_back
        for name in seen:
            self.all[(thread, name)] += 1

    def report(self) -> str:
        """Return the busiest functions."""
        lines = [f"{self.samples} samples"]
        for title, counts in (("self", self.own), ("all", self.all)):
            lines.append(f"-- {title}")
            lines += [f"{count:6d}  {thread:28.28s} {name}" for (thread, name), count in counts.most_common(120)]
        return "\n".join(lines) + "\n"


def _name(frame: FrameType) -> str:
    return f"{'/'.join(Path(frame.f_code.co_filename).parts[-3:])}:{frame.f_code.co_qualname}"


if __name__ == "__main__":
    Sampler(Path(sys.argv[1])).start()
    serve(settings.load())
