"""From scores to probabilities that mean what they say, from the first label on.

A score's log odds become ``slope * score + offset`` (Platt's scaling), fitted to the latest pairs
of a score, made before its label was known, and that label. With few labels a normal prior holds
both near slope 1 and offset 0; a language's own fit is held near that of all. What the fit does not
know is kept as a covariance, so that a share of many posts can say how sure it is.

References
----------
Platt (1999), Probabilistic outputs for support vector machines. Deviation: a prior in place of
his smoothed targets.
MacKay (1992), doi:10.1162/neco.1992.4.5.720: the curvature at the best fit as its uncertainty.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rtm.compiled import compiled

KEPT = 500  # labels: what mood was longer ago no longer tells how sure to be
SPREAD = (0.2, 0.5)  # deviations of slope and offset before any label
OWN_SPREAD = (0.1, 0.3)  # of a language's slope and offset from those of all
LEAST_SLOPE = 0.1  # a fit never turns scores round
STEPS = 3  # of Newton's method, each label; it starts from the fit before


class Fit(NamedTuple):
    """Slope, offset, and their covariance (variance, covariance, variance)."""

    slope: float
    offset: float
    covariance: tuple[float, float, float]


UNFITTED = Fit(1.0, 0.0, (SPREAD[0] ** 2, 0.0, SPREAD[1] ** 2))


@compiled("void(float64[::1], boolean[::1], int64, float64[::1], float64[::1], float64[::1])")
def _fit(
    scores: NDArray[np.float64],
    labels: NDArray[np.bool_],
    pairs: int,
    mean: NDArray[np.float64],
    precision: NDArray[np.float64],
    best: NDArray[np.float64],  # slope and offset, then their covariance
) -> None:
    for _ in range(STEPS):
        by_slope = precision[0] * (best[0] - mean[0])
        by_offset = precision[1] * (best[1] - mean[1])
        a, b, c = precision[0], 0.0, precision[1]  # the curvature
        for i in range(pairs):
            p = 0.5 * (1.0 + math.tanh(0.5 * (best[0] * scores[i] + best[1])))
            gap = p - (1.0 if labels[i] else 0.0)
            by_slope += gap * scores[i]
            by_offset += gap
            spread = p * (1.0 - p)
            a += spread * scores[i] * scores[i]
            b += spread * scores[i]
            c += spread
        whole = a * c - b * b
        best[0] -= (c * by_slope - b * by_offset) / whole
        best[1] -= (a * by_offset - b * by_slope) / whole
        best[2], best[3], best[4] = c / whole, -b / whole, a / whole
    best[0] = max(best[0], LEAST_SLOPE)


class Calibration:
    """One fit and the pairs it was made of."""

    def __init__(self, spread: tuple[float, float] = SPREAD) -> None:
        self._precision = np.array([spread[0] ** -2, spread[1] ** -2])
        self._scores = np.empty(KEPT)
        self._labels = np.empty(KEPT, np.bool_)
        self._taken = 0
        self.fit = UNFITTED

    def learn_one(self, score: float, label: bool, prior: Fit = UNFITTED) -> None:
        """Take a score that was made before its label was known, and fit anew."""
        start = self.fit if self._taken else prior
        self._take(score, label)
        best = np.array([start.slope, start.offset, 0.0, 0.0, 0.0])
        mean = np.array([prior.slope, prior.offset])
        pairs = min(self._taken, KEPT)
        _fit(self._scores, self._labels, pairs, mean, self._precision, best)
        slope, offset, *covariance = best.tolist()
        self.fit = Fit(slope, offset, (covariance[0], covariance[1], covariance[2]))

    def pairs(self) -> list[tuple[float, bool]]:
        """Return the pairs that are kept, oldest first."""
        order = np.arange(max(0, self._taken - KEPT), self._taken) % KEPT
        return list(zip(self._scores[order].tolist(), self._labels[order].tolist(), strict=True))

    def restore(self, pairs: Sequence[tuple[float, bool]], taken: int, fit: Fit) -> None:
        """Take up where these were told."""
        self._taken = taken - len(pairs)
        for score, label in pairs:
            self._take(score, label)
        self.fit = fit

    @property
    def taken(self) -> int:
        """How many pairs were ever taken."""
        return self._taken

    def _take(self, score: float, label: bool) -> None:
        place = self._taken % KEPT
        self._scores[place], self._labels[place] = score, label
        self._taken += 1


def chance(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities, also of log odds far from 0."""
    probabilities: NDArray[np.float64] = 0.5 * (1.0 + np.tanh(0.5 * log_odds))
    return probabilities
