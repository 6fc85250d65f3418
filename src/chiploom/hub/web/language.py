"""Languages of the pages: which one a browser gets, and how it writes numbers, dates and spans of time."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import dates, numbers

from chiploom import messages

COOKIE = "chiploom_language"
NAMES = {"en": "English", "vi": "Tiếng Việt", "fr": "Français"}

#: As people write them: day first where that is the custom, never a month that could be a day, and no seconds.
_DAY = {"en": "d MMM y", "vi": "dd/MM/y", "fr": "d MMM y"}
_MOMENT = {"en": "d MMM y, HH:mm", "vi": "HH:mm dd/MM/y", "fr": "d MMM y 'à' HH:mm"}


def preferred(accept_language: str, default: str) -> str:
    """Return the language of ours that a browser's ``Accept-Language`` likes best (RFC 9110, section 12.5.4)."""
    best, best_weight = default, 0.0
    for part in accept_language.split(",")[:20]:
        tag, _, parameter = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        weight = _weight(parameter)
        if language in messages.LANGUAGES and weight > best_weight:
            best, best_weight = language, weight
    return best


@dataclass(frozen=True, slots=True)
class Wording:
    """Texts, numbers and moments in one language and time zone."""

    language: str
    zone: ZoneInfo

    def __call__(self, code: str, **arguments: object) -> str:
        """Return a text of the message table; ``code`` without a subject is one of the hub's own."""
        full = code if "." in code else f"hub.{code}"
        return messages.text(full, self.language, **{name: self._spelt(value) for name, value in arguments.items()})

    def has(self, code: str) -> bool:
        """Tell whether the hub's own table has this text."""
        try:
            messages.message(f"hub.{code}")
        except KeyError:
            return False
        return True

    def number(self, value: float, digits: int | None = None) -> str:
        """Write a number: grouped, with the language's own decimal mark."""
        return _number(value, digits, self.language)

    def percent(self, share: float) -> str:
        """Write a share of 1 as a percentage."""
        return numbers.format_percent(share, locale=self.language)

    def moment(self, value: datetime) -> str:
        """Write a date with its time of day."""
        return dates.format_datetime(value, _MOMENT[self.language], tzinfo=self.zone, locale=self.language)

    def day(self, value: datetime) -> str:
        """Write a date."""
        return dates.format_date(value.astimezone(self.zone), _DAY[self.language], locale=self.language)

    def _spelt(self, value: object) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self.moment(value) if isinstance(value, datetime) else str(value)
        if isinstance(value, int) and 0 <= value < 1000:
            # No language of ours groups so few digits, and a page may hold hundreds of such numbers.
            return str(value)
        return self.number(value)


@functools.lru_cache(4096, typed=True)
def _number(value: float, digits: int | None, language: str) -> str:
    # A page may show hundreds of small numbers, and each takes a third of a millisecond to write.
    pattern = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    return numbers.format_decimal(value, format=pattern, locale=language)


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0


Translate = Callable[..., str]
