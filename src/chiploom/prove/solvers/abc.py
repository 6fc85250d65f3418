"""The yosys-abc that ships with pyosys: sequential sweeping (``scorr``), property-directed reachability (``pdr``).

Sources: Mishchenko, Case, Brayton and Jang, "Scalable and Scalably-Verifiable Sequential Synthesis", ICCAD 2008;
Een, Mishchenko and Brayton, "Efficient Implementation of Property Directed Reachability", FMCAD 2011.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

import pyosys

from chiploom.logic import aiger
from chiploom.logic.aig import FALSE, TRUE
from chiploom.prove.subject import Subject
from chiploom.prove.system import Answer, Deadline, Proved, Refuted, Stimulus, TransitionSystem, Unknown

METHOD = "abc"

EXECUTABLE = Path(pyosys.__file__).parent / "yosys-abc"

_PDR_SHARE = 0.65
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def solve(machine: Subject, deadline: Deadline) -> Answer:
    """Ask ABC about the three-valued product."""
    return check(machine.three_valued, deadline)


def check(system: TransitionSystem, deadline: Deadline) -> Answer:
    """Prove or refute a transition system with ABC."""
    graph = system.graph
    # AIGER's portable subset starts every latch at 0: latches that start at 1 are stored inverted, free ones read a
    # free input in the first step, told by a latch that rises after it.
    started = graph.new_input()
    legal_before = graph.new_input()
    stored: dict[int, int] = {}
    replacement: dict[int, int] = {}
    free: dict[int, int] = {}
    for latch in system.latches:
        store = graph.new_input()
        stored[latch.node] = store
        if latch.initial is None:
            free[latch.node] = graph.new_input()
            replacement[latch.node] = graph.mux(started, store, free[latch.node])
        else:
            replacement[latch.node] = store ^ latch.initial
    roots = graph.substitute(replacement, [system.bad, system.constraint, *(latch.next for latch in system.latches)])
    bad, legal = roots[0], roots[1]
    following = {
        stored[latch.node] >> 1: value ^ (latch.initial or 0)
        for latch, value in zip(system.latches, roots[2:], strict=True)
    }
    if free:
        following[started >> 1] = TRUE
    if legal != TRUE:
        # The latch remembers that some step was illegal.
        legal_now = graph.and_(legal_before ^ 1, legal)
        following[legal_before >> 1] = legal_now ^ 1
        bad = graph.and_(bad, legal_now)
    if bad == FALSE:
        return Proved()
    cone = graph.cone([bad, *following.values()])
    gates = [node for node in cone if graph.is_and(node)]
    inputs = [node for node in cone if not graph.is_and(node) and node not in following]
    output = _run(aiger.write(graph, inputs, following, gates, bad), deadline, sequential=bool(system.latches))
    if output is None:
        return Unknown()
    log, trace = output
    if trace:
        return Refuted(_stimulus(trace, system, free))
    if _proved(log):
        return Proved()
    frames = [int(number) for number in re.findall(r"[Nn]o output.*?(?:in|after) (\d+) frames", log)]
    return Unknown(max(frames, default=0))


def _run(model: bytes, deadline: Deadline, *, sequential: bool) -> tuple[str, str] | None:
    seconds = deadline.remaining_s()
    if seconds < 0.2:
        return None
    with tempfile.TemporaryDirectory(prefix="abc") as directory:
        folder = Path(directory)
        (folder / "m.aig").write_bytes(model)
        pdr = max(1, round(seconds * _PDR_SHARE))
        bmc = max(1, round(seconds * (1 - _PDR_SHARE)) - 1) if seconds > 2 else 0
        if sequential:
            search = f"scorr; write_aiger s.aig; pdr -T {pdr}; print_status; write_cex -n c"
            # Its limits are whole seconds.
            if bmc > 0:
                search += f"; bmc3 -T {bmc}; print_status; write_cex -n d"
        else:
            search = "&get; &fraig -x; &put; write_aiger s.aig; iprove; print_status; write_cex -n c"
        try:
            finished = subprocess.run(
                [str(EXECUTABLE), "-q", f"read_aiger m.aig; {search}"],
                cwd=folder,
                capture_output=True,
                timeout=seconds + 1,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except (subprocess.TimeoutExpired, OSError):
            return None
        trace = next(
            (text for name in ("c", "d") if (path := folder / name).is_file() and "@" in (text := path.read_text())), ""
        )
        log = _COLOUR.sub("", finished.stdout.decode(errors="replace"))
        if not trace and _swept_to_false(folder / "s.aig"):
            log += "\nProperty proved by sweeping alone."
        return log, trace


def _proved(log: str) -> bool:
    return "Property proved" in log or "Status = 1" in log


def _swept_to_false(path: Path) -> bool:
    """Tell whether sweeping left nothing but the constant false; ``pdr`` then says "undecided"."""
    if not path.is_file():
        return False
    header, _, rest = path.read_bytes().partition(b"\n")
    fields = header.split()
    return len(fields) >= 6 and fields[3] == b"0" and fields[5] == b"0" and rest.split(b"\n", 1)[0] == b"0"


def _stimulus(trace: str, system: TransitionSystem, free: dict[int, int]) -> Stimulus:
    assigned: dict[int, dict[int, int]] = {}
    last = 0
    for name, frame, value in re.findall(r"\bi(\d+)@(\d+)=([01])", trace):
        assigned.setdefault(int(frame), {})[int(name)] = int(value)
        last = max(last, int(frame))
    first = assigned.get(0, {})
    initial = {node: first[literal >> 1] for node, literal in free.items() if literal >> 1 in first}
    inputs = frozenset(system.inputs)
    steps = tuple(
        {node: value for node, value in assigned.get(frame, {}).items() if node in inputs} for frame in range(last + 1)
    )
    return Stimulus(initial, steps)
