"""A hub in trouble says so, to a program, without telling strangers why."""

from __future__ import annotations

import shutil
from collections import namedtuple

import pytest
from doors import application_of, browser, person, program, read_only
from starlette.testclient import TestClient

from chiploom.hub.hub import Hub
from chiploom.hub.operation.metrics import Metrics


def ask(hub: Hub) -> tuple[int, dict[str, str]]:
    hub.watch.forget()
    answer = browser(hub, None)[0].get("/health")
    assert answer.json()["status"] == ("ok" if answer.status_code == 200 else "trouble")
    return answer.status_code, answer.json()["checks"]


WELL = {"database": "ok", "grading": "ok", "disk": "ok"}


def test_a_hub_that_is_well_says_so(hub: Hub) -> None:
    assert ask(hub) == (200, WELL)


def test_grading_that_stopped_is_told_without_its_reason(hub: Hub) -> None:
    hub.dispatcher._say("grading", "scheduler-unreachable: tcp://secret:8786")
    try:
        assert ask(hub) == (503, WELL | {"grading": "trouble"})
        assert "secret" not in browser(hub, None)[0].get("/health").text
        assert "secret" in browser(hub, person(hub, "operator"))[0].get("/operate").text
    finally:
        hub.dispatcher._say("grading", "")


def test_a_disk_that_fills_up_is_told(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**12, 10**12 - 10**6, 10**6))
    assert ask(hub) == (503, WELL | {"disk": "trouble"})


def test_a_database_that_may_not_be_written_is_told(hub: Hub) -> None:
    with read_only(hub):
        assert ask(hub) == (503, WELL | {"database": "trouble"})
    assert ask(hub) == (200, WELL)


def test_metrics_are_for_this_machine_and_for_operators(hub: Hub) -> None:
    assert browser(hub, None)[0].get("/metrics").status_code == 404
    assert browser(hub, person(hub, "operator"))[0].get("/metrics").status_code == 404
    assert program(hub, person(hub, "lecturer")).get("/metrics").status_code == 404
    assert program(hub, person(hub, "operator")).get("/metrics").status_code == 200
    here = TestClient(application_of(hub), client=("127.0.0.1", 50000))
    assert here.get("/metrics").status_code == 200
    for header in ("x-forwarded-for", "forwarded", "via"):
        assert here.get("/metrics", headers={header: "somebody"}).status_code == 404


def test_metrics_count_by_template_and_not_by_address(hub: Hub) -> None:
    user = person(hub, "learner")
    client, _ = browser(hub, user)
    client.get("/submissions/123456/state")
    client.get("/no/such/page")
    told = program(hub, person(hub, "operator")).get("/metrics").text
    assert 'route="/submissions/{number}/state",status="404"' in told
    assert 'route="none",status="404"' in told
    assert "123456" not in told and "such" not in told
    again = program(hub, user).get("/api/v1/me")
    assert again.status_code == 200
    told = program(hub, person(hub, "operator")).get("/metrics").text
    assert 'chiploom_http_requests_total{method="GET",route="/api/v1/me",status="200"} 1' in told


def test_metrics_are_what_prometheus_reads() -> None:
    metrics = Metrics()
    metrics.answered("GET", '/odd"\\route', 200, 0.03)
    metrics.answered("BREW", "/a", 200, 60.0)
    metrics.graded(["proved", "proved", "refuted"])
    lines = metrics.text(queued=2, under_way=1, workers=3).splitlines()
    assert "chiploom_queued 2" in lines and "chiploom_under_way 1" in lines and "chiploom_workers 3" in lines
    assert 'chiploom_verdicts_total{outcome="proved"} 2' in lines
    assert 'chiploom_http_requests_total{method="GET",route="/odd\\"\\\\route",status="200"} 1' in lines
    assert 'chiploom_http_requests_total{method="other",route="/a",status="200"} 1' in lines
    assert 'chiploom_http_request_seconds_bucket{route="/a",le="10.0"} 0' in lines
    assert 'chiploom_http_request_seconds_bucket{route="/a",le="+Inf"} 1' in lines
    assert 'chiploom_http_request_seconds_bucket{route="/odd\\"\\\\route",le="0.05"} 1' in lines
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names))
