"""How much of the processors nobody uses: what is done ahead of time shall not take them from work that waits."""

from __future__ import annotations

import os
import time

from chiploom.grading import procfs

#: The kernel counts in hundredths of a second.
_WINDOW_S = 1.0
#: Of the numbers behind a processor's name in ``/proc/stat``: all that tell time, and those of doing nothing.
_TIMES, _IDLE = slice(0, 8), slice(3, 5)


class Idleness:
    """The share of time in which the processors this process may use did nothing, lately.

    Parameters
    ----------
    process_table : str or int
        ``/proc``, or a descriptor of it.
    """

    def __init__(self, process_table: str | int) -> None:
        self._process_table = process_table
        self._share = 1.0
        self._read_at = time.monotonic()
        self._before = self._counts()

    def share(self) -> float:
        """Return the share over the last second or longer, from 0 to 1; 0 where the system does not tell."""
        now = time.monotonic()
        if now - self._read_at >= _WINDOW_S:
            idle, whole = counts = self._counts()
            idle_before, whole_before = self._before
            # Counts of input and output that was waited for may go back.
            self._share = max(0.0, (idle - idle_before) / (whole - whole_before)) if whole > whole_before else 0.0
            self._read_at, self._before = now, counts
        return self._share

    def _counts(self) -> tuple[int, int]:
        """Return the hundredths of a second that went idle and that went by, of all our processors together."""
        ours = {f"cpu{number}" for number in os.sched_getaffinity(0)}
        idle = whole = 0
        try:
            lines = procfs.read(self._process_table, "stat").splitlines()
        except OSError:
            lines = []
        for line in lines:
            name, *counts = line.split()
            if name in ours:
                times = [int(count) for count in counts[_TIMES]]
                idle, whole = idle + sum(times[_IDLE]), whole + sum(times)
        return idle, whole
