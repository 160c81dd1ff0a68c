"""river's drift detectors behind our protocol: each says when a mean and variance are out of date.

A drift detector tells that a series has changed for good, some bins later; it scores no single
bin. So bins are scored in deviations from the mean since the last drift, and the drift detector is
told those deviations. After a drift, ``WARM_UP`` bins are silent.

References
----------
Page (1954), doi:10.1093/biomet/41.1-2.100: PageHinkley. Bifet and Gavalda (2007),
doi:10.1137/1.9781611972771.42: ADWIN. Raab, Heusinger and Schleif (2020),
doi:10.1016/j.neucom.2019.11.111: KSWIN.
"""

from collections.abc import Callable
from typing import Any  # river's own types are switched off for most of it

from rtm.series.borrowed import SEED, STILL, told

WARM_UP = 30  # bins after the start, and after each drift
FARTHEST = 10.0  # deviations that a drift detector is told of at most


class SinceDrift:
    """Score bins in standard deviations from the mean since the last drift."""

    def __init__(self, drift: Any, variance: Callable[[], Any]) -> None:
        self._drift = drift
        self._new_variance = variance
        self._variance = variance()

    def score_one(self, x: float, of: float = 1.0) -> float:
        """Return how far a share is from the mean, either way; 0.0 while warming up."""
        return told(abs(self._deviation(x, of)))

    def learn_one(self, x: float, of: float = 1.0) -> None:
        """Take a bin as part of the past, and begin anew where it tells of a drift."""
        if of <= 0:
            return
        far = self._deviation(x, of)
        self._drift.update(min(max(far, -FARTHEST), FARTHEST))
        if self._drift.drift_detected:
            self._variance = self._new_variance()
        self._variance.update(x / of)

    def _deviation(self, x: float, of: float) -> float:
        if of <= 0 or self._variance.mean.n < WARM_UP:
            return 0.0
        mean, variance = float(self._variance.mean.get()), float(self._variance.get())
        far = x / of - mean
        least = STILL * max(abs(mean), x / of)  # a series that does not move leaves only rounding
        return far / (max(0.0, variance) ** 0.5 + least) if abs(far) > least else 0.0


def page_hinkley() -> SinceDrift:
    """Begin anew when deviations to one side add up."""
    from river.drift import PageHinkley
    from river.stats import Var

    return SinceDrift(PageHinkley(), Var)


def adwin() -> SinceDrift:
    """Begin anew when two parts of an adaptive window have different means."""
    from river.drift import ADWIN
    from river.stats import Var

    return SinceDrift(ADWIN(), Var)


def kswin() -> SinceDrift:
    """Begin anew when the latest bins are distributed otherwise than those before them."""
    from river.drift import KSWIN
    from river.stats import Var

    return SinceDrift(KSWIN(seed=SEED), Var)
