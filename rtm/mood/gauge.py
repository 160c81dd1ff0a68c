"""Mood over time, in aggregate only: a share of posts with an interval, never a single post.

Every five minutes have a bucket of four whole numbers, so that posts may come in any framing and
windows are added up exactly. The share negative of a window is the mean probability of its posts.
Its interval holds two doubts: that these posts are a sample of what people feel, and that the
probabilities are only as good as the calibration.

References
----------
Forman (2008), Quantifying counts and costs via classification, doi:10.1007/s10618-008-0097-y, and
Bella et al. (2010), doi:10.1109/ICDM.2010.75: probability average, here of calibrated ones.
"""

import math
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from rtm.errors import StoreError
from rtm.mood.calibration import Fit

BUCKET_S = 300
KEPT_S = 7 * 86_400
LEAST_POSTS = 20  # below, one person's temper would be the mood
UNIT = 1 << 20  # of a probability, in whole numbers
SURE = 1e-6  # probabilities nearer to 0 or 1 count as this
Z = 1.959964  # 95 %
VERSION = 1


class MoodShare(NamedTuple):
    """The mood of a window: posts, share negative and not, and the share's 95 % interval."""

    posts: int
    negative: float
    not_negative: float
    low: float
    high: float


class _Kept(msgspec.Struct, frozen=True):
    version: int
    buckets: dict[int, tuple[int, int, int, int]]


class Gauge:
    """Buckets of one brand: posts, and sums of p, of p(1-p), and of p(1-p) times log odds."""

    def __init__(self, least_posts: int = LEAST_POSTS) -> None:
        self._least = least_posts
        self._buckets: dict[int, tuple[int, int, int, int]] = {}

    def add(self, ticks: NDArray[np.int64], probabilities: NDArray[np.float64]) -> None:
        """Take posts about the brand: their ticks, and probabilities as they were scored."""
        if not ticks.size:
            return
        p = np.clip(probabilities, SURE, 1.0 - SURE)
        spread = p * (1.0 - p)
        sums = [p, spread, spread * np.log(p / (1.0 - p))]
        whole = [np.ones(p.size, np.int64), *(np.rint(s * UNIT).astype(np.int64) for s in sums)]
        numbers, places = np.unique(ticks // BUCKET_S, return_inverse=True)
        added = np.zeros((numbers.size, len(whole)), np.int64)
        for column, values in enumerate(whole):
            np.add.at(added[:, column], places, values)
        for number, row in zip(numbers.tolist(), added.tolist(), strict=True):
            before = self._buckets.get(number, (0, 0, 0, 0))
            a, b, c, d = (old + new for old, new in zip(before, row, strict=True))
            self._buckets[number] = (a, b, c, d)
        oldest = max(self._buckets) - KEPT_S // BUCKET_S
        for number in [number for number in self._buckets if number <= oldest]:
            del self._buckets[number]

    def amount(self, until: int, width_s: int) -> tuple[float, int]:
        """Return how many posts of a window are expected to be negative, and how many it has."""
        posts, share, _, _ = self._sums(until, width_s)
        return share / UNIT, posts

    def posts(self, until: int, width_s: int) -> int:
        """Return how many posts a window has; see ``read``."""
        return self._sums(until, width_s)[0]

    def read(self, until: int, width_s: int, fit: Fit) -> MoodShare | None:
        """Return the mood of the buckets that begin in ``[until - width_s, until)``.

        ``until`` in ticks; ``fit`` is the present calibration. None below the least number of
        posts.
        """
        posts, *sums = self._sums(until, width_s)
        if posts < max(self._least, 1):
            return None
        share, spread, tilt = (total / UNIT / posts for total in sums)
        variance = share * (1.0 - share) / posts + doubt(fit, spread, tilt)
        low, high = _interval(share, variance)
        return MoodShare(posts, share, 1.0 - share, low, high)

    def snapshot(self) -> bytes:
        """Return all buckets; the same posts give the same bytes."""
        return msgspec.msgpack.encode(_Kept(VERSION, dict(sorted(self._buckets.items()))))

    def restore(self, snapshot: bytes) -> None:
        """Take up where a snapshot was made, or raise StoreError."""
        try:
            kept = msgspec.msgpack.decode(snapshot, type=_Kept)
        except msgspec.MsgspecError as error:
            raise StoreError("snapshot of the gauge: damaged; start without it") from error
        if kept.version != VERSION:
            raise StoreError("snapshot of the gauge: of another version; start without it")
        self._buckets = kept.buckets

    def _sums(self, until: int, width_s: int) -> tuple[int, int, int, int]:
        first, stop = -(-(until - width_s) // BUCKET_S), -(-until // BUCKET_S)
        rows = [row for number, row in self._buckets.items() if first <= number < stop]
        a, b, c, d = (sum(column) for column in zip(*rows, strict=True)) if rows else (0, 0, 0, 0)
        return a, b, c, d


def doubt(fit: Fit, spread: float, tilt: float) -> float:
    """Return the variance of a mean probability that comes from not knowing the calibration.

    ``spread`` is the mean of p(1-p), ``tilt`` of p(1-p) times log odds: how the mean moves with
    offset and slope (the delta method).
    """
    by_offset = spread
    by_slope = (tilt - fit.offset * spread) / fit.slope  # of the score before calibration
    slope, both, offset = fit.covariance
    return by_slope**2 * slope + 2.0 * by_slope * by_offset * both + by_offset**2 * offset


def _interval(share: float, variance: float) -> tuple[float, float]:
    # Wilson's interval for as many posts as would have this variance
    posts = share * (1.0 - share) / variance
    middle = (share + Z * Z / (2 * posts)) / (1 + Z * Z / posts)
    reach = Z / (1 + Z * Z / posts) * math.sqrt(variance + (Z / (2 * posts)) ** 2)
    return max(0.0, middle - reach), min(1.0, middle + reach)
