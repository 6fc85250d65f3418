"""Every way into the application: its routes, and people to try them with."""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, text
from starlette.testclient import TestClient
from visiting import PASSWORD, application_of

from chiploom.hub import application
from chiploom.hub.database.schema import (
    ApiToken,
    Base,
    Consent,
    CredentialRecord,
    Draft,
    EvidenceRecord,
    Institution,
    SignIn,
    Submission,
    User,
)
from chiploom.hub.hub import Hub
from chiploom.hub.people import accounts, passwords
from chiploom.hub.people.accounts import Role

NOW = datetime.now(UTC)
SAFE = {"GET", "HEAD"}


@dataclass(frozen=True)
class Door:
    """A route and a method."""

    method: str
    path: str

    @property
    def is_for_programs(self) -> bool:
        return self.path.startswith("/api/")

    def address(self, parts: dict[str, object]) -> str:
        """Return the path with its parameters filled in; 1 where nothing is known."""
        return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: str(parts.get(found[1], 1)), self.path)


def doors(hub: Hub) -> Iterator[Door]:
    """Yield every route of the application with every method it takes."""
    app = application.build(hub)
    found = [*_leaves(app.routes)]
    assert len(found) > 50
    for path, methods in found:
        if not path.startswith("/static/"):
            yield from (Door(method, path) for method in sorted(methods - {"HEAD", "OPTIONS"}))


def _leaves(routes: object, prefix: str = "") -> Iterator[tuple[str, set[str]]]:
    for route in routes:  # type: ignore[attr-defined]
        inner = getattr(route, "effective_route_contexts", None)
        if inner is not None:
            yield from ((context.path, set(context.methods or ())) for context in inner())
        elif getattr(route, "methods", None):
            yield prefix + route.path, set(route.methods)


def person(hub: Hub, role: Role | None, *, name: str = "Người Khác") -> User:
    """Make an account whose password is :data:`PASSWORD`."""
    password_hash = passwords.hashed_new(PASSWORD, "")
    with hub.database.writing() as session:
        institution = session.scalars(select(Institution.id).limit(1)).one()
        return accounts.create(
            session,
            login=f"p-{secrets.token_hex(5)}",
            name=name,
            password_hash=password_hash,
            language="en",
            institution_id=institution,
            role=role or "learner",
        )


def browser(hub: Hub, user: User | None, **headers: str) -> tuple[TestClient, str]:
    """Return a browser with a sign-in of its own, and what its forms must carry."""
    client = TestClient(application_of(hub), headers={"accept-language": "en", **headers}, follow_redirects=False)
    if user is None:
        return client, ""
    with hub.database.writing() as session:
        token = accounts.sign_in(session, session.merge(user, load=True))
        session.flush()
        csrf = session.scalars(select(SignIn.csrf).where(SignIn.token_hash == accounts.hash_of(token))).one()
    client.cookies.set("chiploom_session", token)
    return client, csrf


def program(hub: Hub, user: User | None) -> TestClient:
    """Return a program that holds a token of this person with every scope."""
    client = TestClient(application_of(hub), follow_redirects=False)
    if user is not None:
        with hub.database.writing() as session:
            token = accounts.make_token(session, user.id, "program", accounts.SCOPES, 1)
        client.headers["authorization"] = f"Bearer {token}"
    return client


@contextlib.contextmanager
def read_only(hub: Hub) -> Iterator[None]:
    """Have a hub whose database may be read and not written."""
    if hub.database.is_sqlite:
        with _pragma(hub, "query_only", 1, 0):
            yield
        return
    with _refusing(hub, "25006", "cannot execute INSERT in a read-only transaction"):
        yield


@contextlib.contextmanager
def full(hub: Hub) -> Iterator[None]:
    """Have a hub whose database has no room for one page more, and says so where it is asked to write one."""
    if hub.database.is_sqlite:
        with hub.database.writing() as session:
            # Pages that were let go would still be used.
            for _ in range(int(session.scalar(text("PRAGMA freelist_count")) or 0)):
                session.execute(
                    text("INSERT INTO hub_setting VALUES (:name, :value)"),
                    {"name": secrets.token_hex(8), "value": "x" * 3900},
                )
            pages = session.scalar(text("PRAGMA page_count"))
        with _pragma(hub, "max_page_count", int(pages or 0), 1 << 30):
            yield
        return
    with _refusing(hub, "53100", "could not extend file: No space left on device"):
        yield


@contextlib.contextmanager
def _refusing(hub: Hub, code: str, message: str) -> Iterator[None]:
    """Have PostgreSQL answer as it would if its disk were full or it followed another: neither can be had from here."""
    raising = f"BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = '{code}'; END"
    with hub.database.writing() as session:
        session.execute(text(f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {raising} $$"))
        for table in Base.metadata.tables:
            trigger = f"CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION refuse()"
            session.execute(text(trigger))
    try:
        yield
    finally:
        with hub.database.writing() as session:
            session.execute(text("DROP FUNCTION refuse() CASCADE"))


@contextlib.contextmanager
def _pragma(hub: Hub, name: str, value: int, afterwards: int) -> Iterator[None]:
    """Set something of SQLite's connection that writes, past SQLAlchemy, which could not begin a transaction."""

    def put(number: int) -> None:
        connection = hub.database.engine.raw_connection()
        connection.cursor().execute(f"PRAGMA {name} = {number}")
        connection.close()

    put(value)
    try:
        yield
    finally:
        put(afterwards)


def belongings(hub: Hub, user: User, mark: str, *, evidence: bool = True) -> dict[str, object]:
    """Give a person one of everything, with ``mark`` in it, and return what routes call these things."""
    identifier, credential = f"urn:uuid:{secrets.token_hex(16)}", f"urn:uuid:{secrets.token_hex(16)}"
    with hub.database.writing() as session:
        row = Submission(
            user_id=user.id,
            pack_id="foundations",
            pack_version="1",
            task_id="gates",
            files=[["design.sv", f"// {mark}"]],
            created_at=NOW,
            state="done",
            outcome="undecided",
        )
        consent = Consent(user_id=user.id, purpose="public-credential", given_at=NOW)
        session.add_all([row, consent])
        session.flush()
        if evidence:
            session.add(
                EvidenceRecord(
                    id=identifier,
                    submission_id=row.id,
                    user_id=user.id,
                    issued_at=NOW,
                    document=f'{{"mark": "{mark}"}}',
                    opening=f'{{"mark": "{mark}"}}',
                )
            )
        session.add(CredentialRecord(id=credential, user_id=user.id, skill=mark, issued_at=NOW, text=mark))
        session.add(
            Draft(user_id=user.id, pack_id="foundations", task_id="gates", files=[["design.sv", mark]], updated_at=NOW)
        )
        accounts.make_token(session, user.id, mark, ["read"], 1)
        session.flush()
        token = session.scalars(select(ApiToken.id).where(ApiToken.user_id == user.id)).one()
        return {"submission": row.id, "identifier": identifier, "credential": credential} | {
            "consent": consent.id,
            "token": token,
            "user": user.id,
        }


def named(path: str, owned: dict[str, object]) -> dict[str, object]:
    """Return what the parameters of a route are to be, so that they name what somebody owns."""
    number = next(
        (owned[kind] for word, kind in _NUMBERS.items() if word in path),
        owned["submission"],
    )
    return {
        "pack_id": "foundations",
        "pack": "foundations",
        "task_id": "gates",
        "number": 1 if "/hints/" in path else number,
        "user_id": owned["user"],
        "identifier": owned["credential"] if "credentials" in path else owned["identifier"],
    }


_NUMBERS = {"/people/": "user", "/tokens/": "token", "/consents/": "consent", "/submissions/": "submission"}
