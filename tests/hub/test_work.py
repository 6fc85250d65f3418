"""Handing in, drafts, hints and minutes of practice, also when one person does two things at once."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from chiploom.errors import UsageError
from chiploom.hdl.sources import Source
from chiploom.hub import work
from chiploom.hub.database.database import Database
from chiploom.hub.database.schema import Draft, HintUse, PracticeDay, User
from chiploom.hub.people.accounts import Person
from chiploom.hub.work import Place
from chiploom.tasks.load import load_pack, load_task

ZONE = "Asia/Ho_Chi_Minh"
PLACE = Place("foundations", "gates")
TASK = load_task(load_pack(), "gates")


@pytest.fixture
def person(database: Database) -> Person:
    with database.writing() as session:
        row = User(
            subject=secrets.token_hex(16), name="A", password_hash="", language="vi", created_at=datetime.now(UTC)
        )
        session.add(row)
    return Person(row.id, row.subject, "A", "vi", frozenset({"learner"}))


def file(text: str = "module m; endmodule", name: str = "design.sv") -> Source:
    return Source(name, text)


def at_once(count: int, call: Callable[[int], object]) -> list[object]:
    """Do the same in several threads that begin together; an error's code is its answer."""

    def one(number: int) -> object:
        gate.wait(30)
        try:
            return call(number)
        except UsageError as error:
            return error.code

    gate = threading.Barrier(count)
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


@pytest.mark.parametrize(
    "sources",
    [
        [],
        [file(name=f"f{number}.sv") for number in range(work.MOST_FILES + 1)],
        [file("x" * (work.LONGEST_TEXT + 1))],
        [file("x" * work.LONGEST_TEXT), file("y", "other.sv")],
        [file(), file("again")],
        *(
            [file(name=name)]
            for name in ("", "a/b.sv", "..", ".hidden", "a\\b.sv", "a\nb.sv", "x" * 101, "\u202egolpv.sv")
        ),
    ],
    ids=lambda sources: ascii(sources)[:40],
)
def test_what_no_editor_sends_is_refused(sources: list[Source]) -> None:
    with pytest.raises(UsageError) as caught:
        work.check_files(sources)
    assert caught.value.code == "bad-files"


@pytest.mark.parametrize("char", ["\0", "\ud800"], ids=ascii)
def test_what_no_database_keeps_is_refused(char: str) -> None:
    with pytest.raises(UsageError) as caught:
        work.check_files([file(f"module m; // {char}\nendmodule")])
    assert caught.value.code == "bad-text"


def test_what_an_editor_sends_is_taken() -> None:
    work.check_files([file("// đếm số 𝔻 \u202e is a matter for the compiler\r\n", "thiết-kế.sv"), file("")])


def save(database: Database, person: Person, text: str, revision: int) -> int:
    with database.writing() as session:
        return work.save_draft(session, person, PLACE, [file(text)], revision, ZONE)


def test_drafts_are_numbered_and_a_stale_window_is_told(database: Database, person: Person) -> None:
    assert [save(database, person, "one", 0), save(database, person, "two", 1)] == [1, 2]
    assert save(database, person, "two", 1) == 3, "the same text again is no conflict"
    with pytest.raises(UsageError) as caught:
        save(database, person, "stale", 2)
    assert caught.value.code == "draft-newer"
    with database.reading() as session:
        draft = work.draft_of(session, person, PLACE)
    assert draft is not None
    assert draft.files == [["design.sv", "two"]]


def test_of_windows_that_save_at_once_one_wins_and_the_others_are_told(database: Database, person: Person) -> None:
    answers = at_once(6, lambda number: save(database, person, f"first {number}", 0))
    assert sorted(map(str, answers)) == ["1", *["draft-newer"] * 5]
    answers = at_once(6, lambda number: save(database, person, f"second {number}", 1))
    assert sorted(map(str, answers)) == ["2", *["draft-newer"] * 5]
    with database.reading() as session:
        draft = session.scalars(select(Draft).where(Draft.user_id == person.id)).one()
    assert draft.files == [["design.sv", f"second {answers.index(2)}"]]


def test_a_draft_of_a_variant_is_its_own(database: Database, person: Person) -> None:
    save(database, person, "without", 0)
    with database.writing() as session:
        work.save_draft(session, person, Place("foundations", "gates", 3), [file("with")], 0, ZONE)
    with database.reading() as session:
        without = work.draft_of(session, person, PLACE)
    assert without is not None
    assert without.files == [["design.sv", "without"]]


def test_hints_come_in_order_and_are_written_once(database: Database, person: Person) -> None:
    def use(number: int) -> None:
        with database.writing() as session:
            work.use_hint(session, person, PLACE, TASK, number)

    for wrong in (0, -1, 2, len(TASK.hints) + 1):
        with pytest.raises(UsageError) as caught:
            use(wrong)
        assert caught.value.code == "unknown-hint"
    assert at_once(5, lambda _: use(1)) == [None] * 5
    use(2)
    use(1)
    with database.reading() as session:
        assert work.hints_used(session, person.id, PLACE) == {1, 2}
        assert len(session.scalars(select(HintUse).where(HintUse.user_id == person.id)).all()) == 2


def minutes(database: Database, person: Person) -> int:
    with database.reading() as session:
        return sum(session.scalars(select(PracticeDay.minutes).where(PracticeDay.user_id == person.id)))


def note(database: Database, person: Person) -> None:
    with database.writing() as session:
        work.note_practice(session, person, PLACE, ZONE)


def test_minutes_of_practice_count_work_and_not_pauses(
    database: Database, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        moment = datetime(2026, 3, 2, 16, 50, tzinfo=UTC)

        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return cls.moment

    monkeypatch.setattr(work, "datetime", Clock)
    seen = []
    for later in (0, 0.5, 0.4, 0.2, 3, 5, 60, -30, 0.1):
        Clock.moment += timedelta(minutes=later)
        note(database, person)
        seen.append(minutes(database, person))
    # 16:50 in UTC is ten minutes to midnight in the time zone of the hub: the last hour is another day's.
    assert seen == [1, 1, 1, 2, 5, 10, 11, 11, 11]
    with database.reading() as session:
        days = session.scalars(select(PracticeDay.day).where(PracticeDay.user_id == person.id)).all()
    assert sorted(days) == ["2026-03-02", "2026-03-03"]


def test_practice_noted_at_once_is_one_minute(database: Database, person: Person) -> None:
    assert at_once(8, lambda _: note(database, person)) == [None] * 8
    assert minutes(database, person) == 1
