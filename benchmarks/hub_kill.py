"""Nothing is lost: the hub, its workers and its database are killed at random moments while learners hand in.

After the last kill everything is left alone; then every submission that was accepted must have exactly one verdict,
the one that its learner was shown if it was shown before a kill, and every one that is met exactly one piece of
evidence. ::

    python benchmarks/hub_kill.py [--kills 20] [--learners 30] [--seed 0] [--postgresql]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from hub_browser import Browser, Lost
from hub_designs import Designs
from hub_postgresql import PostgreSql
from hub_server import Learner, Server, drop_database, kept, make_database, make_learners

#: Between two kills: from during the start to well into the work.
PAUSE_S = (0.2, 4.0)
SETTLE_S = 120.0
#: Easy tasks, so that many submissions are at every stage when the kill comes.
TASKS = 12


class Handing:
    """Learners who hand in, one design after the other, whatever happens."""

    def __init__(self, port: int, seed: int) -> None:
        self.accepted: dict[int, str | None] = {}
        self.failures: Counter[str] = Counter()
        self.changed: list[int] = []
        self.is_over = False
        self._port = port
        self._designs = Designs(seed, TASKS)

    async def hand_in(self, learner: Learner) -> None:
        """Check, follow the verdict, check the next."""
        while not self.is_over:
            browser = Browser(self._port, learner)
            try:
                answer = await browser.check(self._designs.draw())
                if answer.status != 200:
                    self.failures[str(answer.status)] += 1
                    await asyncio.sleep(0.2)
                    continue
                number = answer.number
                assert number is not None
                self.accepted[number] = None
                while answer.outcome is None and not self.is_over:
                    answer = await browser.get(f"/submissions/{number}/state?wait=2")
                    if answer.status != 200:
                        self.failures[str(answer.status)] += 1
                        await asyncio.sleep(0.2)
                if answer.outcome is not None:
                    self.accepted[number] = answer.outcome
            except (Lost, TimeoutError) as error:
                self.failures[type(error).__name__] += 1
                await asyncio.sleep(0.2)
            finally:
                browser.close()

    async def look_again(self, learners: list[Learner]) -> None:
        """Ask once more for what was shown: pages must still show it."""
        owner = Browser(self._port, learners[0])
        answer = await owner.get("/learn")
        assert answer.status == 200, answer.status
        owner.close()


async def _kill_at_random(
    server: Server, postgresql: PostgreSql | None, kills: int, chance: random.Random
) -> Counter[str]:
    targets = ["hub", "worker", *(["database"] if postgresql else [])]
    # Each of them at least once, however few the kills.
    plan = [*targets, *chance.choices(targets, k=kills)][:kills]
    chance.shuffle(plan)
    for target in plan:
        await asyncio.sleep(chance.uniform(*PAUSE_S))
        if target == "worker":
            workers = server.worker_ids()
            if workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(chance.choice(workers), signal.SIGKILL)
        elif target == "database":
            assert postgresql is not None
            await asyncio.to_thread(postgresql.kill)
            await asyncio.sleep(chance.uniform(0.0, 2.0))
            await asyncio.to_thread(postgresql.start)
        else:
            server.kill()
            await asyncio.to_thread(server.start)
    return Counter(plan)


async def _storm(
    server: Server,
    postgresql: PostgreSql | None,
    learners: list[Learner],
    kills: int,
    seed: int,
) -> tuple[Handing, Counter[str]]:
    handing = Handing(server.port, seed)
    tasks = [asyncio.ensure_future(handing.hand_in(learner)) for learner in learners]
    await asyncio.sleep(1.0)
    killed = await _kill_at_random(server, postgresql, kills, random.Random(seed))
    handing.is_over = True
    await asyncio.gather(*tasks)
    await handing.look_again(learners)
    return handing, killed


def measure(kills: int, learners: int, seed: int = 0, on_postgresql: bool = False, workers: int = 0) -> dict[str, Any]:
    """Hand in and kill; return what was found afterwards."""
    postgresql = PostgreSql() if on_postgresql else None
    address = make_database(postgresql.address) if postgresql else ""
    try:
        with tempfile.TemporaryDirectory(prefix="chiploom-kill-") as folder:
            server = Server(Path(folder), address, workers)
            people = make_learners(server.address, learners)
            server.start()
            try:
                handing, killed = asyncio.run(_storm(server, postgresql, people, kills, seed))
                found = _when_settled(server, handing.accepted)
            finally:
                server.stop()
            return {"killed": dict(killed), "requests that failed meanwhile": dict(handing.failures), **found}
    finally:
        if postgresql is not None:
            drop_database(postgresql.address, address)
            postgresql.close()


def _when_settled(server: Server, accepted: dict[int, str | None]) -> dict[str, int]:
    deadline = time.monotonic() + SETTLE_S
    while True:
        found = kept(server.address, accepted)
        if not found["without a verdict"] or time.monotonic() > deadline:
            return found
        time.sleep(0.5)


def is_whole(found: dict[str, Any]) -> bool:
    """Tell whether nothing was lost, doubled or changed."""
    wrong = ("lost", "without a verdict", "another verdict than shown", "evidence missing or too much")
    return found["accepted"] > 0 and not any(found[name] for name in wrong)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--learners", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL server that is killed too")
    options = parser.parse_args()
    found = measure(options.kills, options.learners, options.seed, options.postgresql)
    for name, value in found.items():
        print(f"{name}: {value}")
    print("nothing was lost" if is_whole(found) else "SOMETHING WAS LOST")
    return int(not is_whole(found))


if __name__ == "__main__":
    sys.exit(main())
