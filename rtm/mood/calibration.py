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

from collections import deque
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

KEPT = 500  # labels: what mood was longer ago no longer tells how sure to be
SPREAD = (0.35, 1.0)  # deviations of slope and offset before any label
OWN_SPREAD = (0.2, 0.5)  # of a language's slope and offset from those of all
LEAST_SLOPE = 0.1  # a fit never turns scores round
STEPS = 3  # of Newton's method, each label; it starts from the fit before


class Fit(NamedTuple):
    """Slope, offset, and their covariance (variance, covariance, variance)."""

    slope: float
    offset: float
    covariance: tuple[float, float, float]


UNFITTED = Fit(1.0, 0.0, (SPREAD[0] ** 2, 0.0, SPREAD[1] ** 2))


class Calibration:
    """One fit and the pairs it was made of."""

    def __init__(self, spread: tuple[float, float] = SPREAD) -> None:
        self._precision = np.diag([spread[0] ** -2, spread[1] ** -2])
        self.pairs: deque[tuple[float, bool]] = deque(maxlen=KEPT)
        self.fit = UNFITTED

    def learn_one(self, score: float, label: bool, prior: Fit = UNFITTED) -> None:
        """Take a score that was made before its label was known, and fit anew."""
        self.pairs.append((score, label))
        told = np.array(self.pairs)
        scores, labels = told[:, 0], told[:, 1]
        design = np.column_stack([scores, np.ones_like(scores)])
        mean = np.array([prior.slope, prior.offset])
        best = np.array([self.fit.slope, self.fit.offset]) if len(self.pairs) > 1 else mean
        for _ in range(STEPS):
            chances = chance(design @ best)
            gradient = design.T @ (chances - labels) + self._precision @ (best - mean)
            curvature = (design.T * (chances * (1 - chances))) @ design + self._precision
            best = best - np.linalg.solve(curvature, gradient)
        best[0] = max(best[0], LEAST_SLOPE)
        inverse = np.linalg.inv(curvature)
        covariance = (float(inverse[0, 0]), float(inverse[0, 1]), float(inverse[1, 1]))
        self.fit = Fit(float(best[0]), float(best[1]), covariance)


def chance(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities, also of log odds far from 0."""
    probabilities: NDArray[np.float64] = 0.5 * (1.0 + np.tanh(0.5 * log_odds))
    return probabilities
