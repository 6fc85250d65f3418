"""Accounts, sign-ins and tokens: who a request speaks for, and nobody else."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import event, func, select, update

from chiploom.errors import UsageError
from chiploom.hub.database.database import Database
from chiploom.hub.database.schema import ApiToken, AuditEntry, Institution, Membership, SignIn, User
from chiploom.hub.people import accounts
from chiploom.hub.people.accounts import Person


def make(database: Database, role: accounts.Role = "learner", **more: object) -> User:
    with database.writing() as session:
        institution = Institution(name="Trường", language="vi", created_at=datetime.now(UTC))
        session.add(institution)
        session.flush()
        return accounts.create(
            session,
            login=str(more.get("login", f"u{secrets.token_hex(8)}")),
            name="Nguyễn Thị Học",
            password_hash="x",
            language="vi",
            institution_id=institution.id,
            role=role,
        )


def cookie_of(database: Database, user: User) -> str:
    with database.writing() as session:
        return accounts.sign_in(session, user)


def who(database: Database, cookie: str) -> Person | None:
    with database.reading() as session:
        return accounts.person_of_cookie(session, cookie)


def test_a_cookie_speaks_for_its_person_with_every_role_in_one_query(database: Database) -> None:
    user = make(database, "lecturer")
    with database.writing() as session:
        for role in ("operator", "learner"):
            session.add(institution := Institution(name=role, language="vi", created_at=datetime.now(UTC)))
            session.flush()
            session.add(Membership(user_id=user.id, institution_id=institution.id, role=role))
    cookie = cookie_of(database, user)
    with database.reading() as session:
        asked: list[str] = []
        engine = session.get_bind().engine

        def count(*arguments: object) -> None:
            asked.append(str(arguments[2]))

        event.listen(engine, "before_cursor_execute", count)
        person = accounts.person_of_cookie(session, cookie)
        event.remove(engine, "before_cursor_execute", count)
    assert sum(statement.startswith("SELECT") for statement in asked) == 1
    assert person is not None
    assert (person.id, person.subject, person.name) == (user.id, user.subject, "Nguyễn Thị Học")
    assert person.roles == {"learner", "lecturer", "operator"}
    assert person.scopes == set(accounts.SCOPES)
    assert person.teaches and person.operates and person.csrf


def test_somebody_without_any_role_is_still_somebody(database: Database) -> None:
    user = make(database)
    with database.writing() as session:
        session.delete(session.get_one(Membership, (user.id, _institution_of(database, user))))
    person = who(database, cookie_of(database, user))
    assert person is not None
    assert person.roles == frozenset()
    assert not person.teaches


def _institution_of(database: Database, user: User) -> int:
    with database.reading() as session:
        return session.scalars(select(Membership.institution_id).where(Membership.user_id == user.id)).one()


def test_sign_ins_are_distinct_end_and_run_out(database: Database) -> None:
    user = make(database)
    first, second = cookie_of(database, user), cookie_of(database, user)
    one, two = who(database, first), who(database, second)
    assert one is not None and two is not None
    assert one.csrf != two.csrf
    with database.writing() as session:
        accounts.sign_out(session, first)
    assert who(database, first) is None
    assert who(database, second) is not None
    third = cookie_of(database, user)
    with database.writing() as session:
        accounts.end_all(session, user.id, besides=third)
    assert who(database, second) is None
    assert who(database, third) is not None
    with database.writing() as session:
        session.execute(update(SignIn).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert who(database, third) is None
    cookie_of(database, user)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignIn)) == 1, "what ran out is removed"


def test_the_database_holds_no_token_and_guesses_find_nobody(database: Database) -> None:
    user = make(database)
    cookie = cookie_of(database, user)
    with database.reading() as session:
        stored = session.scalars(select(SignIn.token_hash).where(SignIn.user_id == user.id)).one()
    assert cookie not in stored
    for guess in ("", stored, cookie[:-1], cookie + "=", "' OR 1=1 --", "\0", "đ" * 1000):
        assert who(database, guess) is None


def test_erased_people_are_nobody(database: Database) -> None:
    user = make(database)
    cookie = cookie_of(database, user)
    with database.writing() as session:
        token = accounts.make_token(session, user.id, "script", ["read"], 1)
        session.get_one(User, user.id).erased_at = datetime.now(UTC)
    assert who(database, cookie) is None
    with database.reading() as session:
        assert accounts.person_of_token(session, token) is None


def test_tokens_have_scopes_and_no_form_and_end(database: Database) -> None:
    user = make(database, "lecturer")
    with database.writing() as session:
        token = accounts.make_token(session, user.id, "script", ["teach", "read"], 30)
    with database.reading() as session:
        person = accounts.person_of_token(session, token)
        assert accounts.person_of_cookie(session, token) is None
    assert person is not None
    assert (person.scopes, person.csrf, person.roles) == ({"read", "teach"}, "", {"lecturer"})
    for change in ({"revoked_at": datetime.now(UTC)}, {"revoked_at": None, "expires_at": datetime.now(UTC)}):
        with database.writing() as session:
            session.execute(update(ApiToken).where(ApiToken.user_id == user.id).values(**change))
        with database.reading() as session:
            assert accounts.person_of_token(session, token) is None


@pytest.mark.parametrize(
    ("scopes", "days", "name", "code"),
    [
        ([], 1, "x", "bad-scopes"),
        (["read", "everything"], 1, "x", "bad-scopes"),
        (["read"], 0, "x", "bad-days"),
        (["read"], 367, "x", "bad-days"),
        (["read"], 1, "", "bad-name"),
        (["read"], 1, "a\u202eb", "bad-name"),
    ],
)
def test_tokens_that_make_no_sense_are_refused(
    database: Database, scopes: list[str], days: int, name: str, code: str
) -> None:
    user = make(database)
    with pytest.raises(UsageError) as caught, database.writing() as session:
        accounts.make_token(session, user.id, name, scopes, days)
    assert caught.value.code == code


def test_of_many_who_want_one_login_at_once_one_gets_it(database: Database) -> None:
    def ask(_: int) -> str:
        gate.wait(30)
        try:
            return make(database, login="Contested@Example.edu").login or ""
        except UsageError as error:
            return error.code

    gate = threading.Barrier(8)
    with ThreadPoolExecutor(8) as threads:
        answers = sorted(threads.map(ask, range(8)))
    assert answers == ["contested@example.edu", *["login-taken"] * 7]


def test_a_taken_login_in_the_middle_of_an_import_spoils_no_other(database: Database) -> None:
    taken = make(database)
    with database.writing() as session:
        session.add(institution := Institution(name="A", language="vi", created_at=datetime.now(UTC)))
        session.flush()
        made = []
        for login in ("before.import", taken.login or "", "after.import"):
            try:
                made.append(
                    accounts.create(
                        session, login=login, name="A", password_hash="", language="xx", institution_id=institution.id
                    )
                )
            except UsageError as error:
                assert error.code == "login-taken"
    assert [user.login for user in made] == ["before.import", "after.import"]
    assert made[0].language == "en"


@given(st.text(max_size=80))
@example("İ")
@example("a" * 64 + "@" + "b" * 120)
def test_a_login_is_refused_or_has_one_spelling(login: str) -> None:
    try:
        checked = accounts.check_login(login)
    except UsageError as error:
        assert error.code == "bad-login"
        return
    assert checked == checked.lower() == accounts.check_login(checked)
    assert checked.isascii()
    assert len(checked) <= 200


@given(st.text(max_size=220))
def test_a_name_is_refused_or_safe_to_show(name: str) -> None:
    try:
        checked = accounts.check_name(name)
    except UsageError as error:
        assert error.code == "bad-name"
        return
    assert checked == accounts.check_name(checked)
    assert 1 <= len(checked) <= 200
    assert not set(checked) & {"\n", "\0", "\u202e", "\u200b", "\ufeff"}


@pytest.mark.parametrize(
    "name",
    [
        "a" + "\u0336" * 50,
        "Lê \u3164",
        "\u2800",
        "\u0301a",
        "abc\u202edcba",
        "a\u200db",
        "x" * 201,
        "\U000e0041bc",
    ],
)
def test_names_that_cannot_be_read_are_refused(name: str) -> None:
    with pytest.raises(UsageError) as refused:
        accounts.check_name(name)
    assert refused.value.code == "bad-name"


@pytest.mark.parametrize("name", ["שָׁלוֹם", "ภูมิพล ตั้งใจ", "محمد", "Nguyễn Ặng", "O’Neil-Đỗ", "李小龍", "मैत्री"])
def test_names_of_other_scripts_are_taken(name: str) -> None:
    assert accounts.check_name(name) == unicodedata.normalize("NFC", name)


def test_names_are_kept_in_composed_form() -> None:
    assert accounts.check_name("  Nguye\u0302\u0303n   Va\u0306n A ") == "Nguyễn Văn A"


def test_the_audit_log_keeps_who_did_what(database: Database) -> None:
    person = who(database, cookie_of(database, make(database)))
    with database.writing() as session:
        accounts.audit(session, person, "look", "x" * 300, number=3)
        accounts.audit(session, None, "set-up", "hub")
    with database.reading() as session:
        first, second = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(2))
    assert person is not None
    assert (second.actor_id, second.action, len(second.object), second.details) == (
        person.id,
        "look",
        128,
        {"number": 3},
    )
    assert first.actor_id is None
