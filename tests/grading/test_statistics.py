import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chiploom.grading.statistics import TaskCount, estimate, pass_at_k, wilson


@given(st.integers(1, 9), st.data())
def test_the_estimator_is_the_share_of_draws_with_a_right_sample(samples: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, samples))
    k = data.draw(st.integers(1, samples))
    draws = list(itertools.combinations(range(samples), k))
    share = sum(min(draw) < right for draw in draws) / len(draws)
    assert math.isclose(pass_at_k(samples, right, k), share)


def test_published_example() -> None:
    # The product form of Chen et al. 2021, figure 3: 1 - prod(1 - k / arange(n - c + 1, n + 1)).
    for n, c, k in [(200, 13, 10), (200, 1, 100), (20, 7, 5)]:
        product = 1.0
        for i in range(n - c + 1, n + 1):
            product *= 1 - k / i
        assert math.isclose(pass_at_k(n, c, k), 1 - product)


@pytest.mark.parametrize(("samples", "right", "k"), [(3, 4, 1), (3, 1, 4), (3, -1, 1), (3, 1, 0)])
def test_what_is_not_defined_is_refused(samples: int, right: int, k: int) -> None:
    with pytest.raises(ValueError, match="not defined"):
        pass_at_k(samples, right, k)


def test_wilson_agrees_with_published_values() -> None:
    # Newcombe 1998, table I, method 3 (score without continuity correction).
    for right, total, low, high in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)]:
        found = wilson(right, total)
        assert found[0] == pytest.approx(low, abs=5e-5)
        assert found[1] == pytest.approx(high, abs=5e-5)
    assert wilson(29, 29)[1] == 1.0


counts = st.lists(
    st.integers(0, 12).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=1, max_size=30
).map(lambda pairs: [TaskCount(str(i), n, c) for i, (n, c) in enumerate(pairs)])


@given(counts, st.sampled_from([1, 5, 10]))
def test_the_interval_holds_the_estimate_and_is_repeatable(per_task: list[TaskCount], k: int) -> None:
    found = estimate(per_task, k)
    if found is None:
        assert all(count.samples < k for count in per_task)
        return
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1
    assert found == estimate(per_task, k)


@given(counts)
def test_an_unattempted_task_counts_as_failed(per_task: list[TaskCount]) -> None:
    found = estimate(per_task, 1)
    more = estimate([*per_task, TaskCount("new", 0, 0)], 1)
    if found is not None and more is not None:
        assert math.isclose(more.value, found.value * len(per_task) / (len(per_task) + 1), abs_tol=1e-12)


def test_missing_samples_count_as_wrong() -> None:
    found = estimate([TaskCount("a", 5, 1), TaskCount("b", 2, 1)], 5)
    assert found is not None
    assert (found.value, found.short) == (1.0, 1)
    found = estimate([TaskCount("a", 10, 1), TaskCount("b", 2, 1)], 5)
    assert found is not None
    assert found.value == pytest.approx((0.5 + 1.0) / 2)
    assert estimate([TaskCount("a", 3, 3)], 5) is None
    assert estimate([], 1) is None
