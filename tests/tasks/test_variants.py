import pytest
from hypothesis import given
from hypothesis import strategies as st

from chiploom.errors import PackError
from chiploom.tasks.variants import EXHAUSTIVE_LIMIT, VariantSpace, draw

ranges = st.dictionaries(
    st.sampled_from("ABC"), st.lists(st.integers(0, 30), min_size=1, max_size=6, unique=True).map(tuple), min_size=1
)


@given(ranges, st.integers(1, 40), st.text(min_size=1))
def test_variants_are_distinct_repeatable_and_within_the_ranges(
    spaces: dict[str, tuple[int, ...]], count: int, task_id: str
) -> None:
    base = {"A": 0, "B": 0, "C": 0}
    space = VariantSpace(count, spaces)
    drawn = draw(space, task_id, base, "f")
    assert drawn == draw(space, task_id, base, "f")
    possible = 1
    for values in spaces.values():
        possible *= len(values)
    assert len(drawn) == min(count, possible)
    assert len({tuple(sorted(one.items())) for one in drawn}) == len(drawn)
    for one in drawn:
        for name, value in one.items():
            assert value in spaces.get(name, (base[name],))


@given(ranges, st.integers(1, 40), st.integers(0, 60))
def test_every_variant_satisfies_the_constraints_and_none_is_missed(
    spaces: dict[str, tuple[int, ...]], count: int, bound: int
) -> None:
    base = {"A": 0, "B": 0, "C": 0}
    space = VariantSpace(count, spaces, (f"A + B + C <= {bound}",))
    satisfying = {
        (a, b, c)
        for a in spaces.get("A", (0,))
        for b in spaces.get("B", (0,))
        for c in spaces.get("C", (0,))
        if a + b + c <= bound
    }
    if not satisfying:
        with pytest.raises(PackError):
            draw(space, "t", base, "f")
        return
    drawn = {(one["A"], one["B"], one["C"]) for one in draw(space, "t", base, "f")}
    assert drawn <= satisfying
    assert len(drawn) == min(count, len(satisfying))


@given(st.integers(2, 30))
def test_a_longer_draw_begins_with_the_shorter_one(count: int) -> None:
    spaces = {"A": tuple(range(40))}
    longer = draw(VariantSpace(count, spaces), "t", {"A": 0}, "f")
    assert draw(VariantSpace(count - 1, spaces), "t", {"A": 0}, "f") == longer[:-1]


def test_large_spaces_are_sampled() -> None:
    spaces = {"A": tuple(range(1000)), "B": tuple(range(1000))}
    assert len(spaces["A"]) * len(spaces["B"]) > EXHAUSTIVE_LIMIT
    space = VariantSpace(50, spaces, ("A % 2 == 0", "B > A"))
    drawn = draw(space, "t", {"A": 0, "B": 0}, "f")
    assert len({(one["A"], one["B"]) for one in drawn}) == 50
    assert all(one["A"] % 2 == 0 and one["B"] > one["A"] for one in drawn)


def test_different_tasks_draw_differently() -> None:
    space = VariantSpace(10, {"A": tuple(range(100))})
    assert draw(space, "one", {"A": 0}, "f") != draw(space, "two", {"A": 0}, "f")
