"""Canonical JSON (RFC 8785) and the hashes taken over it.

What is signed or hashed must have one spelling only. Parsing is strict for the same reason: a text that two readers
could understand differently (a repeated key, a number no double can hold, half a surrogate pair) is refused.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

#: Objects and arrays within one another that :func:`parse` and :func:`canonicalise` accept.
MAX_DEPTH = 64

#: Largest integer that every JSON reader can hold exactly (RFC 7493, section 2.2).
MAX_SAFE_INTEGER = 2**53 - 1

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, check_circular=False)


def parse(data: bytes | str) -> Any:
    """Parse JSON text strictly.

    Parameters
    ----------
    data : bytes or str
        UTF-8 text without byte order mark.

    Raises
    ------
    ValueError
        If it is not JSON, not UTF-8, repeats a key, holds NaN, an infinity, an integer that no double holds exactly,
        or half a surrogate pair, or nests deeper than :data:`MAX_DEPTH`.
    """
    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        value = json.loads(
            text,
            object_pairs_hook=_object_without_repeats,
            parse_constant=_refuse_constant,
            parse_int=_integer,
            parse_float=_finite,
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None
    _check(value, 0)
    return value


def canonicalise(value: Any) -> bytes:
    """Return the one RFC 8785 spelling of ``value``, a tree of dict, list, tuple, str, int, float, bool and None.

    Raises
    ------
    ValueError
        If the tree holds anything JSON cannot, by the rules of :func:`parse`.
    """
    if _check(value, 0):
        # The same text, several times faster.
        return _ENCODER.encode(value).encode("utf-8")
    parts: list[str] = []
    _write(value, parts)
    return "".join(parts).encode("utf-8")


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of ``data`` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def hash_of(value: Any, salt: bytes = b"") -> str:
    """Return the SHA-256 of ``salt`` followed by the canonical spelling of ``value``, in hexadecimal."""
    return sha256_hex(salt + canonicalise(value))


def format_number(value: float) -> str:
    """Return a number as ECMAScript's ``Number::toString`` spells it (RFC 8785, section 3.2.2.3).

    Raises
    ------
    ValueError
        For NaN and the infinities.
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a JSON number")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    # Python's repr and ECMAScript choose the same shortest digits; only the layout differs.
    mantissa, _, exponent_text = repr(abs(float(value))).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    # The value is 0.DIGITS * 10^point.
    point = len(whole) + int(exponent_text or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        body = digits + "0" * (point - count)
    elif 0 < point <= 21:
        body = f"{digits[:point]}.{digits[point:]}"
    elif -6 < point <= 0:
        body = "0." + "0" * -point + digits
    else:
        tail = f".{digits[1:]}" if count > 1 else ""
        body = f"{digits[0]}{tail}e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return sign + body


def _write(value: Any, parts: list[str]) -> None:
    if value is None or isinstance(value, bool):
        parts.append({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, str):
        # Python escapes exactly what RFC 8785 asks for, in the same spelling.
        parts.append(json.dumps(str(value), ensure_ascii=False))
    elif isinstance(value, int):
        parts.append(str(int(value)))
    elif isinstance(value, float):
        parts.append(format_number(value))
    elif isinstance(value, Mapping):
        _write_object(value, parts)
    else:
        separator = "["
        for item in value:
            parts.append(separator)
            _write(item, parts)
            separator = ","
        parts.append("]" if value else "[]")


def _write_object(value: Mapping[str, Any], parts: list[str]) -> None:
    separator = "{"
    # RFC 8785 sorts by UTF-16 code units, which differs from code points beyond the basic plane.
    for key in sorted(value, key=lambda name: name.encode("utf-16-be")):
        parts.append(separator + json.dumps(key, ensure_ascii=False) + ":")
        _write(value[key], parts)
        separator = ","
    parts.append("}" if value else "{}")


def _check(value: Any, depth: int) -> bool:
    """Refuse what is not JSON; tell whether Python's encoder writes the rest as RFC 8785 wants it.

    It does unless there are floating-point numbers, or keys beyond ASCII, which may sort otherwise by UTF-16 units.
    """
    if isinstance(value, str):
        # What is ASCII, as nearly all is, knows it.
        if not value.isascii():
            try:
                value.encode("utf-8")
            except UnicodeEncodeError:
                raise ValueError("a string holds half a surrogate pair") from None
        return True
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, int):
        if abs(value) > MAX_SAFE_INTEGER:
            raise ValueError(f"an integer is beyond {MAX_SAFE_INTEGER}")
        return True
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is not a JSON number")
        return False
    if depth >= MAX_DEPTH:
        raise ValueError("nested too deeply")
    is_plain = True
    # Dictionaries first: to ask whether something is a Mapping costs more than all the rest.
    if isinstance(value, dict) or (not isinstance(value, list | tuple) and isinstance(value, Mapping)):
        is_plain = isinstance(value, dict)
        for key, item in value.items():
            if not isinstance(key, str):
                raise ValueError(f"an object's key is a {type(key).__name__}, not a string")
            _check(key, depth)
            is_plain &= key.isascii() & _check(item, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            is_plain &= _check(item, depth + 1)
    else:
        raise ValueError(f"a {type(value).__name__} is not JSON")
    return is_plain


def _object_without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        repeated = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {repeated!a} is repeated")
    return value


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def _integer(text: str) -> int | float:
    # Length first: turning a million digits into a number takes quadratic time.
    if len(text) <= 22:
        value = int(text)
        if abs(value) <= MAX_SAFE_INTEGER:
            return value
        # Beyond, only a spelling that RFC 8785 itself gives a double is unambiguous.
        if format_number(float(value)) == text:
            return float(value)
    raise ValueError(f"an integer is beyond {MAX_SAFE_INTEGER} and not the spelling of a double")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("a number is too large for a double")
    return value
