"""How many people can work at once: learners in a closed loop against a hub on this machine, with real verdicts.

Every learner thinks for 5 to 20 s, then does one thing: one request in five is a Check, each with a design that
nobody handed in before, followed until its verdict is shown; the others load pages, save drafts and ask for
diagnostics. With ``--burst N`` instead, N learners each check once within ten seconds while others read pages. ::

    python benchmarks/hub_load.py [--learners 100] [--seconds 60] [--burst 0] [--postgresql postgresql://...]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvloop
from rich.console import Console
from rich.table import Table

from hub_browser import Answer, Browser, Lost
from hub_designs import Designs
from hub_server import Learner, Processors, Server, drop_database, kept, make_database, make_learners

THINK_S = (5.0, 20.0)
BURST_S = 10.0
#: Who reads pages while others check in a burst.
READERS = 200
PAGES = ("learn", "lab", "portfolio")
#: What learners do, with how much of it in a hundred; a fifth is Checks.
ACTIONS = {"check": 20, "draft": 25, "diagnose": 20, "lab": 15, "learn": 12, "portfolio": 8}
_PLACE = re.compile(rb"<p>[^<]*\d[^<]*</p>")
_VERDICT_WAIT_S = 120.0


@dataclass
class Taken:
    """What was measured."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    accepted: dict[int, str | None] = field(default_factory=dict)
    places_shown: int = 0
    waits_shown: int = 0

    def note(self, kind: str, answer: Answer) -> bool:
        """Keep how long an answer took, or that it was none; tell whether it was one."""
        if answer.status >= 400:
            self.errors[f"{kind} {answer.status}"] += 1
            return False
        self.seconds[kind].append(answer.seconds)
        return True


class Crowd:
    """Learners at work."""

    def __init__(self, port: int, designs: Designs, taken: Taken, seed: int) -> None:
        self._port = port
        self._designs = designs
        self._taken = taken
        self._chance = random.Random(seed)

    async def work(self, learner: Learner, until: float, kinds: dict[str, int]) -> None:
        """Do one thing after the other."""
        browser, revisions = Browser(self._port, learner), Counter[str]()
        await asyncio.sleep(self._chance.uniform(0.0, THINK_S[1]))
        while time.perf_counter() < until:
            (kind,) = self._chance.choices([*kinds], [*kinds.values()])
            await self._try(kind, browser, revisions)
            await asyncio.sleep(max(0.0, min(self._chance.uniform(*THINK_S), until - time.perf_counter())))
        browser.close()

    async def check_once(self, learner: Learner, after_s: float) -> None:
        """Check one design."""
        await asyncio.sleep(after_s)
        browser = Browser(self._port, learner)
        await self._try("check", browser, Counter())
        browser.close()

    async def _try(self, kind: str, browser: Browser, revisions: Counter[str]) -> None:
        try:
            await self._do(kind, browser, revisions)
        except (Lost, TimeoutError) as error:
            self._taken.errors[f"{kind} {type(error).__name__}"] += 1

    async def _do(self, kind: str, browser: Browser, revisions: Counter[str]) -> None:
        design = self._designs.draw()
        if kind == "check":
            await self._check(browser)
        elif kind == "draft":
            answer = await browser.send_files("PUT", "draft", design, revisions[design.task_id])
            if self._taken.note(kind, answer):
                revisions[design.task_id] = json.loads(answer.text)["revision"]
        elif kind == "diagnose":
            self._taken.note(kind, await browser.send_files("POST", "diagnose", design))
        else:
            path = {"lab": f"/lab/foundations/{design.task_id}"}.get(kind, f"/{kind}")
            self._taken.note(kind, await browser.get(path))

    async def _check(self, browser: Browser) -> None:
        started = time.perf_counter()
        answer = await browser.check(self._designs.draw())
        if not self._taken.note("check", answer):
            return
        number = answer.number
        if number is None:
            self._taken.errors["check without a number"] += 1
            return
        self._taken.accepted[number] = None
        if answer.outcome is None:
            self._taken.waits_shown += 1
            self._taken.places_shown += bool(_PLACE.search(answer.text))
        while answer.outcome is None:
            if time.perf_counter() - started > _VERDICT_WAIT_S:
                self._taken.errors["no verdict"] += 1
                return
            answer = await browser.get(f"/submissions/{number}/state?wait=5")
            if answer.status >= 400:
                self._taken.errors[f"state {answer.status}"] += 1
                await asyncio.sleep(0.5)
        self._taken.accepted[number] = answer.outcome
        self._taken.seconds["verdict"].append(time.perf_counter() - started)


async def closed_loop(crowd: Crowd, learners: list[Learner], seconds: float) -> None:
    """Let everybody work for a while."""
    until = time.perf_counter() + seconds
    await asyncio.gather(*(crowd.work(learner, until, ACTIONS) for learner in learners))


async def burst(crowd: Crowd, learners: list[Learner], readers: list[Learner], seconds: float) -> float:
    """Let everybody check once within ten seconds, while others read; return when the last verdict was shown."""
    pages = {kind: ACTIONS[kind] for kind in PAGES}
    started = time.perf_counter()
    reading = [asyncio.ensure_future(crowd.work(reader, started + seconds, pages)) for reader in readers]
    await asyncio.gather(
        *(crowd.check_once(learner, BURST_S * place / len(learners)) for place, learner in enumerate(learners))
    )
    took_s = time.perf_counter() - started
    await asyncio.gather(*reading)
    return took_s


def summary(taken: Taken) -> dict[str, dict[str, float]]:
    """Return percentiles in milliseconds by kind, and of all pages together."""
    kinds = dict(taken.seconds)
    kinds["pages"] = [each for kind in PAGES for each in taken.seconds.get(kind, [])]
    found = {}
    for kind, values in sorted(kinds.items()):
        if len(values) >= 2:
            cuts = statistics.quantiles(values, n=100, method="inclusive")
            found[kind] = {
                "count": len(values),
                "p50_ms": round(1000 * cuts[49], 1),
                "p95_ms": round(1000 * cuts[94], 1),
                "p99_ms": round(1000 * cuts[98], 1),
                "max_ms": round(1000 * max(values), 1),
            }
    return found


def show(console: Console, report: dict[str, Any]) -> None:
    """Print the table."""
    table = Table("request", "count", "p50 ms", "p95 ms", "p99 ms", "max ms")
    for kind, values in report["latency"].items():
        table.add_row(kind, *(f"{values[name]:g}" for name in ("count", "p50_ms", "p95_ms", "p99_ms", "max_ms")))
    console.print(table)
    for name in ("learners", "database", "start_s", "requests_per_s", "errors", "kept", "processors", "burst"):
        if name in report:
            console.print(f"{name}: {report[name]}")


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Start a hub, let learners work, and return what was found."""
    taken = Taken()
    designs = Designs(options.seed)
    address = make_database(options.postgresql) if options.postgresql else ""
    with tempfile.TemporaryDirectory(prefix="chiploom-load-") as folder:
        program = ("-m", "chiploom.cli.main", "hub", "serve")
        if options.profile:
            program = (str(Path(__file__).with_name("hub_profile.py")), str(options.profile))
        server = Server(Path(folder), address, options.workers, program)
        count = options.burst + READERS if options.burst else options.learners
        learners = make_learners(server.address, count)
        start_s = server.start()
        try:
            crowd = Crowd(server.port, designs, taken, options.seed)
            processors = Processors(server)
            started = time.perf_counter()
            report: dict[str, Any] = {"learners": count, "database": "postgresql" if address else "sqlite"}
            if options.burst:
                checking, readers = learners[: options.burst], learners[options.burst :]
                took_s = uvloop.run(burst(crowd, checking, readers, options.seconds))
                report["burst"] = {
                    "checks": options.burst,
                    "last_verdict_s": round(took_s, 1),
                    "waiting pages": taken.waits_shown,
                    "with the place": taken.places_shown,
                }
            else:
                uvloop.run(closed_loop(crowd, learners, options.seconds))
            passed_s = time.perf_counter() - started
            report["processors"] = processors.used()
        finally:
            server.stop()
        requests = sum(len(values) for kind, values in taken.seconds.items() if kind != "verdict")
        report |= {
            "start_s": round(start_s, 2),
            "requests_per_s": round(requests / passed_s, 1),
            "latency": summary(taken),
            "errors": dict(taken.errors),
            "kept": kept(server.address, taken.accepted),
        }
        if "ERROR" in (log := (Path(folder) / "server.log").read_text()):
            report["log"] = log[-2000:]
    if address:
        drop_database(options.postgresql, address)
    return report


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--learners", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--burst", type=int, default=0, metavar="CHECKS")
    parser.add_argument("--postgresql", default="", metavar="ADDRESS", help="a server on which databases may be made")
    parser.add_argument("--workers", type=int, default=0, help="as CHIPLOOM_WORKERS")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, help="where to write the report")
    parser.add_argument("--profile", type=Path, help="where to write what the hub's threads were seen doing")
    options = parser.parse_args()
    report = measure(options)
    show(Console(width=120), report)
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n")
    found = report["kept"]
    return int(bool(report["errors"]) or any(found[name] for name in found if name not in ("accepted", "rows")))


if __name__ == "__main__":
    sys.exit(main())
