"""Estimates with bootstrap intervals: seeded, vectorised, the same on every run.

An interval holds the middle 95 % of what ``RESAMPLES`` resamples with replacement give (the
percentile interval). What is resampled is said by each caller. Of few units, or where all agree, it
is too narrow: three of three labels give 1 to 1, which is no promise. One unit has none.

References
----------
Efron (1979), bootstrap methods: another look at the jackknife, doi:10.1214/aos/1176344552.
"""

import math
from collections.abc import Iterator, Sequence
from zlib import crc32

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

RESAMPLES = 1000
SEED = 20130204
AT_ONCE = 2_000_000  # numbers drawn at once: 16 MB
INSIDE = (2.5, 97.5)  # per cent


class Estimate(Struct, frozen=True):
    """A value, the 95 % interval around it, and of how many units; null where unknown."""

    value: float | None
    low: float | None
    high: float | None
    of: int


NOTHING = Estimate(None, None, None, 0)


def share(hits: Sequence[bool], name: str) -> Estimate:
    """Estimate a share of units; ``name`` seeds the draws.

    >>> share([True, True, False, True], "recall").value
    0.75
    """
    n, found = len(hits), sum(hits)
    if not n:
        return NOTHING
    # resampled units of which some are hits: a binomial number of hits, exactly
    drawn = _generator(name).binomial(n, found / n, RESAMPLES) / n
    return _estimate(found / n, drawn, n)


def ratio(parts: Sequence[float], wholes: Sequence[float], name: str) -> Estimate:
    """Estimate a sum over another, over units that bring a part and a whole each.

    >>> ratio([1.0, 3.0], [2.0, 2.0], "rate").value
    1.0
    """
    above, below = np.asarray(parts, np.float64), np.asarray(wholes, np.float64)
    total = float(below.sum())
    if total <= 0.0:
        return NOTHING
    pieces = []
    for units in _draws(above.size, name):
        whole = below[units].sum(axis=1)
        enough = whole > 0.0
        pieces.append(above[units].sum(axis=1)[enough] / whole[enough])
    return _estimate(float(above.sum()) / total, np.concatenate(pieces), above.size)


def quantile(values: Sequence[float], level: float, name: str) -> Estimate:
    """Estimate a quantile of units' values, ``level`` from 0 to 1.

    >>> quantile([2.0, 8.0, 14.0], 0.5, "delay").value
    8.0
    """
    told = np.sort(np.asarray(values, np.float64))
    if not told.size:
        return NOTHING
    pieces = [np.quantile(told[units], level, axis=1) for units in _draws(told.size, name)]
    return _estimate(float(np.quantile(told, level)), np.concatenate(pieces), told.size)


def area(scores: Sequence[float], labels: Sequence[bool], name: str) -> Estimate:
    """Estimate the area under the ROC curve: how often a hit scores above a miss; ties count half.

    The interval is by Hanley and McNeil (1982), doi:10.1148/radiology.143.1.7063747, as resamples
    of many thousand units would be too slow.

    >>> area([0.9, 0.8, 0.3, 0.1], [True, False, True, False], "mood").value
    0.75
    """
    told, hits = np.asarray(scores, np.float64), np.asarray(labels, bool)
    n, found = told.size, int(hits.sum())
    if not 0 < found < n:
        return NOTHING
    value = (float(_ranks(told)[hits].sum()) - found * (found + 1) / 2) / (found * (n - found))
    q1, q2 = value / (2 - value), 2 * value * value / (1 + value)
    spread = value * (1 - value) + (found - 1) * (q1 - value**2) + (n - found - 1) * (q2 - value**2)
    reach = 1.959964 * math.sqrt(max(spread, 0.0) / (found * (n - found)))
    low, high = max(0.0, value - reach), min(1.0, value + reach)
    return Estimate(_rounded(value), _rounded(low), _rounded(high), n)


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    # 1 for the smallest; equal values share the middle of their ranks
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: NDArray[np.float64] = (last - (counts - 1) / 2)[places]
    return ranks


def _draws(n: int, name: str) -> Iterator[NDArray[np.int64]]:
    generator = _generator(name)
    rows = max(1, min(RESAMPLES, AT_ONCE // n))
    for start in range(0, RESAMPLES, rows):
        yield generator.integers(0, n, (min(rows, RESAMPLES - start), n))


def _generator(name: str) -> np.random.Generator:
    # a seed for each measure: one more measure must not change the others
    return np.random.default_rng([SEED, crc32(name.encode())])


def _estimate(value: float, drawn: NDArray[np.float64], of: int) -> Estimate:
    if of < 2:
        return Estimate(_rounded(value), None, None, of)
    low, high = np.percentile(drawn, INSIDE)
    return Estimate(_rounded(value), _rounded(float(low)), _rounded(float(high)), of)


def _rounded(value: float) -> float:
    return round(value, 6)  # beyond it are the last bits, in which processors differ
