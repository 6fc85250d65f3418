"""pass@k of samples graded task by task, with confidence intervals.

The estimator is that of Chen et al. 2021 ("Evaluating large language models trained on code", equation 1): with n
samples of which c are right, pass@k = 1 - C(n-c, k) / C(n, k), averaged over all tasks. A task that was not attempted
counts as failed.

The interval is a percentile bootstrap over the tasks: it answers "how would another draw of such tasks come out?".
Where every task has the same value (all right, or none) resampling says nothing, and the Wilson score interval over
the tasks is given instead.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

_Z95 = 1.959963984540054
_RESAMPLES = 10_000


@dataclass(frozen=True, slots=True)
class TaskCount:
    """Samples of one task: how many were handed in, how many are right."""

    task_id: str
    samples: int
    right: int


@dataclass(frozen=True, slots=True)
class PassAtK:
    """One estimate, with the bounds of its 95% interval.

    Attributes
    ----------
    tasks : int
        Tasks averaged over.
    short : int
        Attempted tasks with fewer than ``k`` samples; their estimate supposes the missing ones wrong.
    """

    k: int
    value: float
    low: float
    high: float
    method: Literal["bootstrap", "wilson"]
    tasks: int
    short: int = 0


def pass_at_k(samples: int, right: int, k: int) -> float:
    """Return the unbiased estimate of the chance that one of ``k`` samples is right.

    Raises
    ------
    ValueError
        When ``k`` samples were not handed in, or more are right than there are.
    """
    if not 0 <= right <= samples or not 1 <= k <= samples:
        raise ValueError(f"pass@{k} is not defined for {right} of {samples}")
    if samples - right < k:
        return 1.0
    return 1.0 - math.comb(samples - right, k) / math.comb(samples, k)


def estimate(counts: Sequence[TaskCount], k: int, *, seed: int = 0) -> PassAtK | None:
    """Return pass@``k`` over all tasks with its interval; None where no task has ``k`` samples or there is no task.

    A task with fewer than ``k`` samples is filled up with wrong ones: unattempted counts as failed.
    """
    if not counts or all(count.samples < k for count in counts):
        return None
    values = np.array([pass_at_k(max(count.samples, k), count.right, k) for count in counts])
    mean = float(values.mean())
    short = sum(0 < count.samples < k for count in counts)
    if np.all(values == values[0]):
        low, high = wilson(mean * len(values), len(values))
        return PassAtK(k, mean, low, high, "wilson", len(values), short)
    chosen = np.random.default_rng(seed).integers(0, len(values), size=(_RESAMPLES, len(values)))
    low, high = np.quantile(values[chosen].mean(axis=1), [0.025, 0.975])
    return PassAtK(k, mean, float(low), float(high), "bootstrap", len(values), short)


def wilson(right: float, total: int) -> tuple[float, float]:
    """Return the 95% Wilson score interval of ``right`` out of ``total``."""
    share, spread = right / total, _Z95 * _Z95 / total
    centre = (share + spread / 2) / (1 + spread)
    half = _Z95 * math.sqrt(share * (1 - share) / total + spread / (4 * total)) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)
