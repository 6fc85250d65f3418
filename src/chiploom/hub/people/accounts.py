"""Accounts: who there is, and which browser or program speaks for whom."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import Connection, Table, bindparam, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chiploom import messages
from chiploom.errors import UsageError
from chiploom.grading.evidence import make_subject_id
from chiploom.hub.database.schema import ApiToken, AuditEntry, Enrolment, Membership, SignIn, User

Role = Literal["learner", "lecturer", "operator"]
ROLES: tuple[Role, ...] = ("learner", "lecturer", "operator")
SCOPES = ("read", "submit", "teach", "operate")
SIGN_IN_LASTS = timedelta(days=14)

#: Letters and signs that are drawn as nothing.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
#: Marks on one letter: in composed form no language of ours has any left, and Hebrew and Thai have up to three.
_MOST_MARKS = 3
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}(@[A-Za-z0-9.-]{1,120})?")


@dataclass(frozen=True, slots=True)
class Person:
    """The person a request speaks for.

    Attributes
    ----------
    roles : frozenset of str
        Roles in any institution; what may be done to one class or institution is asked of the database.
    csrf : str
        What a form must carry; empty for a program's token.
    scopes : frozenset of str
        What this request may do: all for a browser, a token's scopes for a program.
    """

    id: int
    subject: str
    name: str
    language: str
    roles: frozenset[str]
    csrf: str = ""
    scopes: frozenset[str] = field(default_factory=lambda: frozenset(SCOPES))
    must_change_password: bool = False
    track: str = "design"

    @property
    def teaches(self) -> bool:
        """Whether this person is a lecturer or an operator somewhere."""
        return bool(self.roles & {"lecturer", "operator"})

    @property
    def operates(self) -> bool:
        """Whether this person runs the hub."""
        return "operator" in self.roles

    @property
    def usable_scopes(self) -> tuple[str, ...]:
        """The scopes that are of use in a token of this person's."""
        denied = {"teach": not self.teaches, "operate": not self.operates}
        return tuple(scope for scope in SCOPES if not denied.get(scope))


def create(
    session: Session,
    *,
    login: str,
    name: str,
    password_hash: str,
    language: str,
    institution_id: int,
    role: Role = "learner",
    must_change_password: bool = False,
) -> User:
    """Make an account; hash the password before (:func:`passwords.hashed_new`), since nobody writes meanwhile.

    Raises
    ------
    UsageError
        ``bad-login``, ``login-taken`` or ``bad-name``.
    """
    login = check_login(login)
    taken = UsageError("login-taken", f"somebody is already called {login!a} here")
    if session.scalar(select(User.id).where(User.login == login)) is not None:
        raise taken
    user = User(
        subject=make_subject_id(),
        login=login,
        name=check_name(name),
        password_hash=password_hash,
        language=language if language in messages.LANGUAGES else "en",
        created_at=datetime.now(UTC),
        must_change_password=must_change_password,
    )
    try:
        # Two may ask for one login at once; a savepoint, so that an import can go on with its next line.
        with session.begin_nested():
            session.add(user)
    except IntegrityError:
        raise taken from None
    session.add(Membership(user_id=user.id, institution_id=institution_id, role=role))
    return user


def check_login(login: str) -> str:
    """Return a login in the one spelling it is stored in.

    Raises
    ------
    UsageError
        ``bad-login``.
    """
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise UsageError(
            "bad-login", f"{login[:60]!a} is not a login: use letters, digits and . _ + -, or an e-mail address"
        )
    return login


def check_name(name: str) -> str:
    """Return a person's name in normal form (NFC).

    Characters that draw nothing or turn the line around are refused, and marks heaped up over the lines around.

    Raises
    ------
    UsageError
        ``bad-name``.
    """
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not 1 <= len(name) <= 200 or not _is_legible(name):
        raise UsageError("bad-name", "a name has 1 to 200 letters, without control characters")
    return name


def sign_in(session: Session, user: User) -> str:
    """Begin a sign-in and return the token for the cookie. Every sign-in has a new one, so that none can be planted."""
    token = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    session.execute(delete(SignIn).where(SignIn.expires_at < now))
    session.add(
        SignIn(
            token_hash=hash_of(token),
            user_id=user.id,
            csrf=secrets.token_urlsafe(24),
            created_at=now,
            expires_at=now + SIGN_IN_LASTS,
        )
    )
    return token


def sign_out(session: Session, token: str) -> None:
    """End a sign-in."""
    session.execute(delete(SignIn).where(SignIn.token_hash == hash_of(token)))


def end_all(session: Session, user_id: int, *, besides: str | None = None) -> None:
    """End every sign-in of a person, besides the one of the token given."""
    kept = "" if besides is None else hash_of(besides)
    session.execute(delete(SignIn).where(SignIn.user_id == user_id, SignIn.token_hash != kept))


def person_of_cookie(session: Session | Connection, token: str) -> Person | None:
    """Return who is signed in with this cookie, None if nobody is."""
    rows = session.execute(_OF_COOKIE, {"hash": hash_of(token)}).all()
    if not rows or rows[0].expires_at < datetime.now(UTC):
        return None
    return _person(rows, csrf=rows[0].csrf, scopes=SCOPES)


def person_of_token(session: Session | Connection, token: str) -> Person | None:
    """Return for whom a program with this token speaks, None if for nobody."""
    rows = session.execute(_OF_TOKEN, {"hash": hash_of(token)}).all()
    if not rows or rows[0].expires_at < datetime.now(UTC):
        return None
    return _person(rows, csrf="", scopes=rows[0].scopes.split())


def make_token(session: Session, user_id: int, name: str, scopes: Iterable[str], days: int) -> str:
    """Make a token for a program and return it; only its hash is kept.

    Raises
    ------
    UsageError
        ``bad-scopes``, ``bad-days`` or ``bad-name``.
    """
    chosen = [scope for scope in SCOPES if scope in set(scopes)]
    if not chosen or set(scopes) - set(SCOPES):
        raise UsageError("bad-scopes", f"a token has one or more of the scopes {', '.join(SCOPES)}")
    if not 1 <= days <= 366:
        raise UsageError("bad-days", "a token is valid for 1 to 366 days")
    token = f"chiploom_{secrets.token_urlsafe(32)}"
    now = datetime.now(UTC)
    session.add(
        ApiToken(
            user_id=user_id,
            name=check_name(name)[:100],
            token_hash=hash_of(token),
            scopes=" ".join(chosen),
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
    )
    return token


def audit(session: Session, actor: Person | None, action: str, what: str, **details: str | int | None) -> None:
    """Write down who did what to what; details hold identifiers and numbers, never names."""
    session.add(
        AuditEntry(
            at=datetime.now(UTC),
            actor_id=None if actor is None else actor.id,
            action=action,
            object=what[:128],
            details=dict(details),
        )
    )


def teaches_class(session: Session, person: Person, class_id: int) -> bool:
    """Tell whether a person may see and change what belongs to a class."""
    role = session.scalar(select(Enrolment.role).where(Enrolment.class_id == class_id, Enrolment.user_id == person.id))
    return role == "lecturer"


def hash_of(token: str) -> str:
    """Return what is stored of a random token. It has 256 bits of chance, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def _is_legible(name: str) -> bool:
    # Marks at the beginning have no letter to stand on.
    marks = _MOST_MARKS
    for char in name:
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category in ("Cc", "Cf", "Co", "Cs", "Cn") or char in _BLANKS or marks > _MOST_MARKS:
            return False
    return True


def _person(rows: Sequence[Any], *, csrf: str, scopes: Iterable[str]) -> Person:
    """Return the person of one or more rows, which differ in the role only."""
    first = rows[0]
    return Person(
        id=first.id,
        subject=first.subject,
        name=first.name,
        language=first.language,
        roles=frozenset(row.role for row in rows if row.role is not None),
        csrf=csrf,
        scopes=frozenset(scopes),
        must_change_password=first.must_change_password,
        track=first.track,
    )


# Every request asks one of these first, so each is one query, of tables rather than of the classes above them.
_account, _membership, _sign_in, _token = (
    cast(Table, table.__table__) for table in (User, Membership, SignIn, ApiToken)
)
_WHO = (
    *(_account.c[name] for name in ("id", "subject", "name", "language", "track", "must_change_password")),
    _membership.c.role,
)
_ROLES = _account.outerjoin(_membership, _membership.c.user_id == _account.c.id)
_OF_COOKIE = (
    select(_sign_in.c.csrf, _sign_in.c.expires_at, *_WHO)
    .select_from(_sign_in.join(_ROLES, _account.c.id == _sign_in.c.user_id))
    .where(_sign_in.c.token_hash == bindparam("hash"), _account.c.erased_at.is_(None))
)
_OF_TOKEN = (
    select(_token.c.scopes, _token.c.expires_at, *_WHO)
    .select_from(_token.join(_ROLES, _account.c.id == _token.c.user_id))
    .where(_token.c.token_hash == bindparam("hash"), _token.c.revoked_at.is_(None), _account.c.erased_at.is_(None))
)
