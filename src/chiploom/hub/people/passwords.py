"""Passwords: Argon2id, and a brake on guessing."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chiploom.errors import UsageError

SHORTEST = 10
LONGEST = 200

#: OWASP's second profile (19 MiB, two passes, one lane): hundreds of learners sign in within the same minute.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: Verified when nobody has the login, so that the answer takes as long.
_NOBODY = _HASHER.hash("nobody has this password")
_AT_ONCE = threading.BoundedSemaphore(2)
_MOST_COMMON = frozenset(
    {
        "1234567890",
        "12345678910",
        "123456789012",
        "password123",
        "passw0rd123",
        "qwertyuiop",
        "1q2w3e4r5t",
        "matkhau123",
    }
)


def hashed_new(password: str, login: str) -> str:
    """Return the hash to be stored for a new password, unless it is easy to guess.

    Raises
    ------
    UsageError
        ``password-short``, ``password-long`` or ``password-common``.
    """
    _check_new(password, login)
    with _AT_ONCE:
        return _HASHER.hash(password)


def one_time() -> str:
    """Return a password for somebody who must choose another one: 80 bits, without letters that look alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def matches(password: str, stored: str) -> bool:
    """Tell whether a password belongs to a stored hash; takes as long where there is none."""
    if len(password) > LONGEST:
        return False
    with _AT_ONCE:
        try:
            return _HASHER.verify(stored or _NOBODY, password) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


class Brake:
    """Slows down guessing: after a few failures for a name or from an address, each further try must wait longer.

    Parameters
    ----------
    free : int
        Failures without a wait.
    longest_s : float
        The longest wait.
    """

    _KEPT = 10_000

    def __init__(self, free: int = 5, longest_s: float = 300.0) -> None:
        self._free = free
        self._longest_s = longest_s
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait_s(self, key: str) -> float:
        """Return how long a try must still wait; 0 if it may go on."""
        with self._lock:
            count, last = self._failures.get(key, (0, 0.0))
        if count < self._free:
            return 0.0
        pause_s = min(self._longest_s, 2.0 ** (count - self._free))
        return max(0.0, last + pause_s - time.monotonic())

    def failed(self, key: str) -> None:
        """Count a failure."""
        with self._lock:
            count, _ = self._failures.pop(key, (0, 0.0))
            self._failures[key] = (count + 1, time.monotonic())
            while len(self._failures) > self._KEPT:
                self._failures.popitem(last=False)

    def succeeded(self, key: str) -> None:
        """Forget the failures."""
        with self._lock:
            self._failures.pop(key, None)


def _check_new(password: str, login: str) -> None:
    if len(password) < SHORTEST:
        raise UsageError("password-short", f"a password needs {SHORTEST} characters or more")
    if len(password) > LONGEST:
        raise UsageError("password-long", f"a password has at most {LONGEST} characters")
    plain = password.casefold()
    if plain in _MOST_COMMON or len(set(plain)) < 4 or plain in (login.casefold(), login.partition("@")[0].casefold()):
        raise UsageError("password-common", "this password is among the first that anybody tries")
