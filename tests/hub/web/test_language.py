"""Which language a browser gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chiploom import messages
from chiploom.hub.web.language import preferred

TAGS = st.sampled_from(["en", "vi", "fr", "de", "vi-VN", "FR-ca", "en-GB", "*", "zh-Hans-CN"])
WEIGHTS = st.one_of(st.none(), st.integers(0, 1000).map(lambda thousandth: thousandth / 1000))


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("vi", "vi"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        ("de,fr;q=0.5,vi;q=0.7", "vi"),
        ("de-DE,de", "en"),
        ("fr;q=0", "en"),
        ("vi;q=0,fr;q=0.1", "fr"),
        ("fr ; Q=0.1 , vi ; q=0.2", "vi"),
        ("*", "en"),
        ("fr;q=nonsense,vi;q=0.1", "vi"),
        ("fr;q=nan,vi;q=0.1", "vi"),
        ("fr;q=-1,vi;q=0.1", "vi"),
        (",,,;q=1,vi", "vi"),
    ],
)
def test_what_browsers_send(header: str, language: str) -> None:
    assert preferred(header, "en") == language


@given(st.lists(st.tuples(TAGS, WEIGHTS), max_size=15))
def test_the_best_of_ours_wins_and_the_first_among_equals(parts: list[tuple[str, float | None]]) -> None:
    header = ", ".join(tag if weight is None else f"{tag};q={weight}" for tag, weight in parts)
    ours = [
        (1.0 if weight is None else weight, -position, tag[:2].lower())
        for position, (tag, weight) in enumerate(parts)
        if tag[:2].lower() in messages.LANGUAGES and weight != 0
    ]
    assert preferred(header, "fr") == (max(ours)[2] if ours else "fr")


@given(st.text(max_size=300))
def test_anything_gives_a_language(header: str) -> None:
    assert preferred(header, "vi") in messages.LANGUAGES
