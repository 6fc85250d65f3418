"""How often a person, or an address nobody is signed in from, may ask for what costs much. All such limits are here.

Each limit is one or more token buckets: so many at once, and so many a minute in the long run. The buckets are in
memory: a hub is one process, and whoever waits for a restart gains little.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chiploom.errors import UsageError


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket that holds ``at_once`` tokens and gets ``per_minute`` new ones."""

    at_once: int
    per_minute: float


@dataclass(frozen=True, slots=True)
class Limit:
    """What one person may do; ``address`` is for everybody behind one address, such as a whole campus."""

    person: tuple[Rate, ...] = ()
    address: tuple[Rate, ...] = ()


_DAY = 24 * 60

#: Classes of hundreds sit behind one address, so an address may do what a campus does in its busiest minute.
LIMITS = {
    "check": Limit(person=(Rate(10, 30), Rate(1000, 1000 / _DAY))),
    "run": Limit(person=(Rate(10, 30),)),
    "diagnose": Limit(person=(Rate(30, 120),)),
    "import": Limit(person=(Rate(10, 6),)),
    "export": Limit(person=(Rate(3, 0.2),)),
    "sign-in": Limit(address=(Rate(1000, 600),)),
    "sign-up": Limit(address=(Rate(300, 60),)),
}


class TooManyRequestsError(UsageError):
    """A bucket is empty; ``wait_s`` says for how long."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("too-many-requests", f"this was asked for too often; try again in {math.ceil(wait_s)} s")
        self.wait_s = wait_s


class Limits:
    """The buckets of a running hub.

    Parameters
    ----------
    percent : int
        How much of every limit is allowed; 0: there are no limits.
    clock : callable
        Seconds that only go forwards.
    """

    #: Whoever is forgotten begins with full buckets, so it must be many more than are active within minutes.
    _KEPT = 50_000

    def __init__(self, percent: int = 100, clock: Callable[[], float] = time.monotonic) -> None:
        self._share = percent / 100
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[tuple[str, str], list[tuple[float, float]]] = OrderedDict()

    def take(self, name: str, *, person: int | None = None, address: str = "") -> None:
        """Use up one token of each bucket that this falls under, or none.

        Raises
        ------
        TooManyRequestsError
            One of them is empty.
        """
        if not self._share:
            return
        limit = LIMITS[name]
        if person is not None and limit.person:
            self._take((name, f"person {person}"), limit.person)
        if address and limit.address:
            self._take((name, f"address {address}"), limit.address)

    def _take(self, key: tuple[str, str], rates: Sequence[Rate]) -> None:
        now = self._clock()
        with self._lock:
            kept = self._buckets.pop(key, None) or [(max(1.0, rate.at_once * self._share), now) for rate in rates]
            filled = [
                min(max(1.0, rate.at_once * self._share), tokens + (now - then) * self._per_second(rate))
                for rate, (tokens, then) in zip(rates, kept, strict=True)
            ]
            wait_s = max((1 - tokens) / self._per_second(rate) for rate, tokens in zip(rates, filled, strict=True))
            used = 0 if wait_s > 0 else 1
            self._buckets[key] = [(tokens - used, now) for tokens in filled]
            while len(self._buckets) > self._KEPT:
                self._buckets.popitem(last=False)
        if wait_s > 0:
            raise TooManyRequestsError(wait_s)

    def _per_second(self, rate: Rate) -> float:
        return rate.per_minute * self._share / 60
