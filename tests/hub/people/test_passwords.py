"""Passwords are hashed with chance, checked in the same time for nobody, and guessing is slowed down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chiploom.errors import UsageError
from chiploom.hub.people import passwords
from chiploom.hub.people.passwords import Brake, hashed_new, matches


def test_a_password_matches_its_own_hash_only() -> None:
    stored = hashed_new("một câu dễ nhớ", "hoc")
    assert stored.startswith("$argon2id$")
    assert stored != hashed_new("một câu dễ nhớ", "hoc")
    assert matches("một câu dễ nhớ", stored)
    assert not matches("mot cau de nho", stored)
    assert not matches("", stored)


@pytest.mark.parametrize("stored", ["", "not a hash", "$argon2id$v=19$m=19456,t=2,p=1$damaged"])
def test_nobody_and_damaged_hashes_match_nothing(stored: str) -> None:
    assert not matches("nobody has this password", stored)


def test_a_name_nobody_has_costs_as_much_work(monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            verified.append(stored)
            return True

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    assert not matches("anything at all", "")
    assert verified[0].startswith("$argon2id$")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password-short"),
        ("x" * 201, "password-long"),
        ("1234567890", "password-common"),
        ("aaaaaaaaaabbbb", "password-common"),
        ("Nguyen.Van.A", "password-common"),
        ("nguyen.van.a@example.edu", "password-common"),
    ],
)
def test_what_is_easily_guessed_is_refused(password: str, code: str) -> None:
    login = "nguyen.van.a@example.edu"
    with pytest.raises(UsageError) as caught:
        hashed_new(password, login)
    assert caught.value.code == code


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(passwords, "time", clock)
    return clock


def test_after_a_few_failures_each_try_waits_longer_and_success_ends_it(clock: Clock) -> None:
    brake = Brake(free=3, longest_s=60)
    waits = []
    for _ in range(12):
        waits.append(brake.wait_s("login a"))
        brake.failed("login a")
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert brake.wait_s("login b") == 0
    clock.now += 59
    assert brake.wait_s("login a") == 1
    clock.now += 1
    assert brake.wait_s("login a") == 0
    brake.failed("login a")
    assert brake.wait_s("login a") == 60
    brake.succeeded("login a")
    assert brake.wait_s("login a") == 0


def test_the_brake_forgets_the_oldest_not_everything(clock: Clock) -> None:
    brake = Brake(free=1)
    for number in range(Brake._KEPT + 10):
        brake.failed(f"login {number}")
    assert brake.wait_s("login 0") == 0
    assert brake.wait_s(f"login {Brake._KEPT + 9}") > 0


@given(st.lists(st.sampled_from(["failed", "succeeded", "later"]), max_size=60))
def test_no_wait_is_ever_negative_or_longer_than_the_longest(steps: list[str]) -> None:
    brake = Brake(free=2, longest_s=5)
    for step in steps:
        if step != "later":
            getattr(brake, step)("x")
        assert 0 <= brake.wait_s("x") <= 5
