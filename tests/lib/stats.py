"""The little statistics the timing tests need."""

import math
from collections.abc import Sequence


def quantile(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def mann_whitney_p(left: Sequence[float], right: Sequence[float]) -> float:
    """Two-sided p of the Mann-Whitney U test by its normal approximation (good from about 20
    samples each).
    """
    ranked = sorted([(value, 0) for value in left] + [(value, 1) for value in right])
    rank_sum = 0.0
    index = 0
    while index < len(ranked):
        end = index
        while end < len(ranked) and ranked[end][0] == ranked[index][0]:
            end += 1
        shared = (index + 1 + end) / 2
        rank_sum += shared * sum(1 for _, side in ranked[index:end] if side == 0)
        index = end
    n, m = len(left), len(right)
    u = rank_sum - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))
