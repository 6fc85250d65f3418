"""What a hub counts while it runs, in the text format that Prometheus reads (version 0.0.4)."""

from __future__ import annotations

import bisect
import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chiploom import __version__

BUCKETS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """Counters of one running hub. They begin at zero with every start, as Prometheus expects."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started = time.time()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._buckets: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = {}
        self._verdicts: Counter[str] = Counter()

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        bucket = bisect.bisect_left(BUCKETS_S, seconds)
        with self._lock:
            self._requests[method if method in _METHODS else "other", route, status] += 1
            self._buckets.setdefault(route, [0] * (len(BUCKETS_S) + 1))[bucket] += 1
            self._seconds[route] = self._seconds.get(route, 0.0) + seconds

    def graded(self, outcomes: Iterable[str]) -> None:
        """Count verdicts that were recorded."""
        with self._lock:
            self._verdicts.update(outcomes)

    def text(self, *, queued: int, under_way: int, workers: int) -> str:
        """Return all of it, with what is true at this moment."""
        with self._lock:
            requests, buckets = dict(self._requests), {route: list(each) for route, each in self._buckets.items()}
            seconds, verdicts = dict(self._seconds), dict(self._verdicts)
        lines = [
            *_head("chiploom_info", "gauge", "Version of chiploom."),
            _sample("chiploom_info", 1, version=__version__),
            *_head("chiploom_start_time_seconds", "gauge", "When the hub started, in seconds since 1970."),
            _sample("chiploom_start_time_seconds", round(self._started, 3)),
            *_head("chiploom_queued", "gauge", "Submissions that wait."),
            _sample("chiploom_queued", queued),
            *_head("chiploom_under_way", "gauge", "Submissions that are being graded or recorded."),
            _sample("chiploom_under_way", under_way),
            *_head("chiploom_workers", "gauge", "Worker processes of this machine; 0 on a cluster."),
            _sample("chiploom_workers", workers),
            *_head("chiploom_verdicts_total", "counter", "Verdicts recorded since the start, by outcome."),
            *(_sample("chiploom_verdicts_total", count, outcome=name) for name, count in sorted(verdicts.items())),
            *_head("chiploom_http_requests_total", "counter", "Requests answered since the start."),
            *(
                _sample("chiploom_http_requests_total", count, method=method, route=route, status=status)
                for (method, route, status), count in sorted(requests.items())
            ),
            *_head("chiploom_http_request_seconds", "histogram", "Time from a request to the end of its answer."),
            *itertools.chain.from_iterable(
                _histogram(route, counts, seconds[route]) for route, counts in sorted(buckets.items())
            ),
        ]
        return "\n".join(lines) + "\n"


class Measured:
    """ASGI middleware that counts every request by its route's template, never by its address."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def noted_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted_send)
        finally:
            self._metrics.answered(scope["method"], _template(scope), status, time.perf_counter() - started)


def _template(scope: Scope) -> str:
    # FastAPI keeps the template with the prefixes of the routers around it apart from the route itself.
    around: Any = scope.get("fastapi", {}).get("effective_route_context")
    route: Any = scope.get("route")
    return str(getattr(around, "path", None) or getattr(route, "path", "none"))


def _histogram(route: str, counts: list[int], seconds: float) -> Iterator[str]:
    name = "chiploom_http_request_seconds"
    for bound, count in zip((*map(str, BUCKETS_S), "+Inf"), itertools.accumulate(counts), strict=True):
        yield _sample(f"{name}_bucket", count, route=route, le=bound)
    yield _sample(f"{name}_sum", round(seconds, 6), route=route)
    yield _sample(f"{name}_count", sum(counts), route=route)


def _head(name: str, kind: str, said: str) -> tuple[str, str]:
    return f"# HELP {name} {said}", f"# TYPE {name} {kind}"


def _sample(name: str, value: float, **labels: object) -> str:
    told = ",".join(f'{label}="{_escaped(str(text))}"' for label, text in labels.items())
    return f"{name}{{{told}}} {value}" if told else f"{name} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
