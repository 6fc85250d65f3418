"""The short form of the measurement in which everything is killed and nothing is lost."""

from __future__ import annotations

import pytest

import hub_kill
import hub_postgresql


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_after_kills_every_accepted_submission_has_one_verdict(database: str) -> None:
    on_postgresql = database == "postgresql"
    if on_postgresql and hub_postgresql.programs() is None:
        pytest.skip("there is no PostgreSQL server to kill here")
    found = hub_kill.measure(3, 8, seed=1, on_postgresql=on_postgresql, workers=1)
    assert sum(found["killed"].values()) == 3
    assert set(found["killed"]) == {"hub", "worker", *(["database"] if on_postgresql else [])}
    assert hub_kill.is_whole(found), found
