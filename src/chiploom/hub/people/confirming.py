"""Asking for the password again before something that cannot be undone."""

from __future__ import annotations

from chiploom.errors import UsageError
from chiploom.hub.database.schema import User
from chiploom.hub.hub import Hub
from chiploom.hub.people import passwords
from chiploom.hub.people.accounts import Person


def confirm(hub: Hub, person: Person, password: str) -> str:
    """Return the person's login if the password is theirs.

    Raises
    ------
    UsageError
        ``wrong-password``, or ``too-many-tries`` after several of them.
    """
    key = f"password of {person.id}"
    if hub.brake.wait_s(key) > 0:
        raise UsageError("too-many-tries", "too many wrong passwords; try again later")
    with hub.database.reading() as session:
        user = session.get_one(User, person.id)
        stored, login = user.password_hash, user.login or ""
    if not passwords.matches(password, stored):
        hub.brake.failed(key)
        raise UsageError("wrong-password", "the present password is wrong")
    hub.brake.succeeded(key)
    return login
