"""What one request of each kind costs in processor time: of the hub's own process, and of the workers it keeps.

Learners ask in turn for one thing at a time, so nothing waits for anything else, and no work follows on work of the
same person; processor time, unlike seconds, hardly depends on what else the machine does. ::

    python benchmarks/hub_cost.py [--requests 150] [--postgresql postgresql://...]
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import psutil
import uvloop
from rich.console import Console
from rich.table import Table

from hub_browser import Browser
from hub_designs import Designs
from hub_load import ACTIONS
from hub_server import Learner, Server, drop_database, make_database, make_learners

_LEARNERS = 20
_FIRST = 150


def seconds_of(server: Server) -> tuple[float, float]:
    """Return the processor seconds of the hub's process, and of its workers with all that they started."""
    assert server.process is not None
    hub = psutil.Process(server.process.pid)
    own = hub.cpu_times()
    workers = 0.0
    for child in hub.children():
        times = child.cpu_times()
        workers += times.user + times.system + times.children_user + times.children_system
    return own.user + own.system, workers


async def ask(kind: str, learners: Sequence[Learner], port: int, designs: Designs, count: int) -> int:
    """Do one thing many times; return how many requests that took."""
    browsers, requests = [(Browser(port, each), Counter[str]()) for each in learners], 0
    for browser, revision in itertools.islice(itertools.cycle(browsers), count):
        design = designs.draw()
        requests += 1
        if kind == "check":
            answer = await browser.check(design)
            while answer.outcome is None:
                answer = await browser.get(f"/submissions/{answer.number}/state?wait=5")
                requests += 1
        elif kind == "draft":
            answer = await browser.send_files("PUT", "draft", design, revision[design.task_id])
            revision[design.task_id] = json.loads(answer.text)["revision"]
        elif kind == "diagnose":
            answer = await browser.send_files("POST", "diagnose", design)
        else:
            answer = await browser.get({"lab": f"/lab/foundations/{design.task_id}"}.get(kind, f"/{kind}"))
        assert answer.status == 200, (kind, answer.status, answer.text[:500])
    for browser, _ in browsers:
        browser.close()
    return requests


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--requests", type=int, default=150, help="of each kind")
    parser.add_argument("--postgresql", default="", metavar="ADDRESS", help="a server on which databases may be made")
    parser.add_argument("--kinds", nargs="+", default=[*ACTIONS], choices=[*ACTIONS])
    parser.add_argument("--profile", type=Path, help="where to write what the hub's threads were seen doing")
    options = parser.parse_args()
    address = make_database(options.postgresql) if options.postgresql else ""
    table = Table("kind", "asked", "requests each", "hub ms", "workers ms", "share of a learner's", "weighted ms")
    whole = 0.0
    with tempfile.TemporaryDirectory(prefix="chiploom-cost-") as folder:
        program = ("-m", "chiploom.cli.main", "hub", "serve")
        if options.profile:
            program = (str(Path(__file__).with_name("hub_profile.py")), str(options.profile))
        # One person asks more often here than the limits let anybody.
        server = Server(Path(folder), address, program=program, settings={"CHIPLOOM_LIMIT_PERCENT": "0"})
        learners, designs = make_learners(server.address, _LEARNERS + 1), Designs(0)
        server.start()
        try:
            for kind in options.kinds:
                # Every task is read, and its reference elaborated, before anything is counted.
                uvloop.run(ask(kind, learners[-1:], server.port, designs, _FIRST))
                time.sleep(0.5)
                before, count = seconds_of(server), options.requests
                requests = uvloop.run(ask(kind, learners[:-1], server.port, designs, count))
                time.sleep(0.5)
                hub, workers = (1000 * (b - a) / count for a, b in zip(before, seconds_of(server), strict=True))
                weighted = ACTIONS[kind] / 100 * (hub + workers)
                whole += weighted
                table.add_row(
                    kind,
                    str(count),
                    f"{requests / count:.2f}",
                    f"{hub:.1f}",
                    f"{workers:.1f}",
                    f"{ACTIONS[kind]}%",
                    f"{weighted:.2f}",
                )
        finally:
            server.stop()
    if address:
        drop_database(options.postgresql, address)
    console = Console(width=120)
    console.print(table)
    console.print(f"processor time of one action of a learner, on average: {whole:.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
