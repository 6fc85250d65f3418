"""Buckets run empty and fill again; pages and programs are told for how long to wait."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from doors import browser, person, program

from chiploom.hub.hub import Hub
from chiploom.hub.operation.limits import LIMITS, Limits, TooManyRequestsError


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def taken(limits: Limits, name: str, times: int, **who: object) -> int:
    for count in range(times):
        try:
            limits.take(name, **who)  # type: ignore[arg-type]
        except TooManyRequestsError:
            return count
    return times


def test_a_bucket_runs_empty_and_fills_again() -> None:
    clock = Clock()
    limits = Limits(clock=clock)
    assert taken(limits, "run", 100, person=1) == 10
    with pytest.raises(TooManyRequestsError) as caught:
        limits.take("run", person=1)
    assert caught.value.wait_s == pytest.approx(2.0)
    clock.now += 4.0
    assert taken(limits, "run", 100, person=1) == 2
    clock.now += 10_000.0
    assert taken(limits, "run", 100, person=1) == 10


def test_people_and_things_do_not_share_a_bucket() -> None:
    limits = Limits(clock=Clock())
    assert taken(limits, "run", 100, person=1) == 10
    assert taken(limits, "run", 100, person=2) == 10
    assert taken(limits, "check", 100, person=1) == 10
    assert taken(limits, "sign-up", 1000, address="a") == 300
    assert taken(limits, "sign-up", 1000, address="b") == 300


def test_a_day_has_a_limit_too() -> None:
    clock = Clock()
    limits = Limits(clock=clock)
    done = 0
    for _ in range(60 * 24):
        done += taken(limits, "check", 100, person=1)
        clock.now += 60.0
    assert 1900 <= done <= 2000  # what was saved up, and a day's worth


def test_no_token_is_used_up_by_what_is_refused() -> None:
    clock = Clock()
    limits = Limits(clock=clock)
    taken(limits, "run", 100, person=1)
    for _ in range(100):
        assert taken(limits, "run", 1, person=1) == 0
    clock.now += 2.1
    assert taken(limits, "run", 1, person=1) == 1


def test_an_operator_may_change_or_end_them() -> None:
    assert taken(Limits(0, Clock()), "run", 1000, person=1) == 1000
    assert taken(Limits(300, Clock()), "run", 1000, person=1) == 30
    assert taken(Limits(1, Clock()), "run", 1000, person=1) == 1


def test_the_memory_for_buckets_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Limits, "_KEPT", 100)
    limits = Limits(clock=Clock())
    for number in range(1000):
        limits.take("sign-in", address=str(number))
    assert len(limits._buckets) == 100


def test_pages_and_programs_are_told_when_to_come_again(hub: Hub) -> None:
    # A clock that stands still: on a slow machine, a bucket fills up while another request is answered.
    hub = replace(hub, limits=Limits(clock=Clock()))
    user = person(hub, "learner")
    client, csrf = browser(hub, user)
    sent = {"stimulus": "nothing\n0\n", "files": '[["design.sv", ""]]'}
    answers = [client.post("/lab/foundations/gates/run", data=sent, headers={"x-csrf-token": csrf}) for _ in range(14)]
    assert {answer.status_code for answer in answers[:10]} == {200}
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 2
    asked = program(hub, user).post(
        "/api/v1/tasks/foundations/gates/run",
        json={"files": [{"name": "design.sv", "text": ""}], "stimulus": "a\n1\n"},
    )
    assert asked.status_code == 429
    assert asked.json()["error"]["code"] == "too-many-requests"


def test_the_page_for_operators_tells_them_all() -> None:
    page = Path(__file__).parents[3] / "docs" / "how-to" / "run-a-hub.md"
    told = re.findall(r"^\| `([a-z-]+)` \| (\w+) \| ([\d,]+) \| ([\d,.]+) \|", page.read_text(), re.MULTILINE)
    known = [
        (name, who, rate.at_once, rate.per_minute)
        for name, limit in LIMITS.items()
        for who, rates in (("person", limit.person), ("address", limit.address))
        for rate in rates
    ]
    assert sorted((name, who, at_once, per) for name, who, at_once, per in told) == sorted(
        (name, who, f"{at_once:,}", f"{per:,.2f}".rstrip("0").rstrip(".")) for name, who, at_once, per in known
    )
