"""What is older than the operator wants goes, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from doors import NOW, belongings, browser, person
from sqlalchemy import func, select, update

from chiploom.errors import UsageError
from chiploom.hub.database.schema import ApiToken, Draft, EvidenceRecord, PracticeDay, SignIn, Submission, User
from chiploom.hub.hub import Hub
from chiploom.hub.operation import retention
from chiploom.hub.operation.retention import Retention
from chiploom.hub.people.accounts import Person


def speaking(user: User) -> Person:
    return Person(user.id, user.subject, user.name, user.language, frozenset({"operator"}))


def test_what_is_too_old_goes_and_the_rest_stays(hub: Hub) -> None:
    user = person(hub, "learner")
    belongings(hub, user, "mine")
    browser(hub, user)
    with hub.database.writing() as session:
        retention.choose(session, speaking(user), Retention({"drafts": 30, "practice": 30, "audit": 0}, "delete"))
        for number in range(1200):
            session.add(
                Draft(user_id=user.id, pack_id="p", task_id=f"t{number}", files=[], updated_at=NOW - timedelta(31))
            )
        for days in (29, 31):
            session.add(
                PracticeDay(
                    user_id=user.id, pack_id="p", task_id="t", day=str(days), minutes=1, last_at=NOW - timedelta(days)
                )
            )
    client, csrf = browser(hub, person(hub, "operator"))
    shown = client.post("/operate/retention/purge", headers={"x-csrf-token": csrf})
    assert "drafts: 1,200" in shown.text and "days of practice: 1" in shown.text
    with hub.database.reading() as session:
        assert session.scalars(select(Draft.task_id).where(Draft.user_id == user.id)).all() == ["gates"]
        assert session.scalars(select(PracticeDay.day).where(PracticeDay.user_id == user.id)).all() == ["29"]
        for kind in (Submission, EvidenceRecord, SignIn, ApiToken):
            assert session.scalar(select(func.count()).select_from(kind).where(kind.user_id == user.id)), kind


def test_what_ended_goes_whatever_is_set(hub: Hub) -> None:
    user = person(hub, "learner")
    belongings(hub, user, "mine")
    browser(hub, user)
    with hub.database.writing() as session:
        session.execute(update(SignIn).where(SignIn.user_id == user.id).values(expires_at=NOW - timedelta(1)))
        session.execute(update(ApiToken).where(ApiToken.user_id == user.id).values(revoked_at=NOW - timedelta(29)))
    removed = retention.purge(hub.database)
    assert (removed["sign-ins"], removed["tokens"]) == (1, 0)
    assert retention.purge(hub.database, now=NOW + timedelta(2))["tokens"] == 1


def test_impossible_settings_are_refused(hub: Hub) -> None:
    client, csrf = browser(hub, person(hub, "operator"))
    good = {"drafts": 1, "practice": 1, "audit": 1, "erasure_files": "keep"}
    for wrong in ({"drafts": -1}, {"audit": 40_000}, {"practice": "x"}, {"erasure_files": "sell"}):
        answer = client.post("/operate/retention", data=good | wrong, headers={"x-csrf-token": csrf})
        assert answer.status_code == 422
    user = person(hub, "operator")
    with hub.database.reading() as session, pytest.raises(UsageError):
        retention.choose(session, speaking(user), Retention({"drafts": 1}, "keep"))
