"""A hub is put together from its settings, or says which of them is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from dispatch.scripted import make_user, submit, wait_until
from sqlalchemy import select

from chiploom.errors import ChiploomError, UsageError
from chiploom.grading.pool import Pool
from chiploom.hub.database.schema import Submission
from chiploom.hub.dispatch.fair_queue import Ticket
from chiploom.hub.hub import Hub, running
from chiploom.settings import Settings


def test_workers_let_pages_go_first_and_the_bench_does_not(hub: Hub) -> None:
    user_id = make_user(hub.database)
    number = submit(hub.database, user_id)
    hub.dispatcher.enqueue(Ticket(number, user_id))
    wait_until(lambda: _state_of(hub, number) == "done", 100)
    own = os.getpriority(os.PRIO_PROCESS, 0)
    grading, bench = hub.dispatcher._backend, hub.bench._backend
    assert isinstance(grading, Pool) and isinstance(bench, Pool)
    assert {os.getpriority(os.PRIO_PROCESS, pid) for pid in grading.process_ids} == {min(19, own + 5)}
    assert {os.getpriority(os.PRIO_PROCESS, pid) for pid in bench.process_ids} == {own}


def _state_of(hub: Hub, number: int) -> str:
    with hub.database.reading() as session:
        return session.scalars(select(Submission.state).where(Submission.id == number)).one()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"hub_url": "hub.example"}, "bad-setting"),
        ({"time_zone": "Asia/Atlantis"}, "bad-setting"),
        ({"time_zone": "../../etc/passwd"}, "bad-setting"),
        ({"time_zone": "\0"}, "bad-setting"),
        ({"database_url": "mysql://u@h/n"}, "bad-database"),
        ({"database_url": "postgresql://u@127.0.0.1:1/n"}, "database-unreachable"),
    ],
    ids=lambda value: str(value),
)
def test_a_wrong_setting_is_named(tmp_path: Path, wrong: dict[str, str], code: str) -> None:
    with pytest.raises(ChiploomError) as caught, running(Settings(home=tmp_path, workers=1, **wrong)):  # type: ignore[arg-type]
        pass
    assert caught.value.code == code
    if code == "bad-setting":
        assert isinstance(caught.value, UsageError)
        assert f"CHIPLOOM_{next(iter(wrong)).upper()}" in caught.value.message
