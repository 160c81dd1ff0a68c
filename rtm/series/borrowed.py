"""river's anomaly detectors behind our protocol: yardsticks for our own, and choices.

They know no whole, so each is told the share, ``x / of``. River is imported when one is made: that
takes a second. Every detector is silent for its first hundred bins.

References
----------
Montiel et al. (2021), River: machine learning for streaming data in Python, arXiv:2012.04740.
Tan, Ting and Liu (2011), Fast anomaly detection for streaming data: HalfSpaceTrees.
Laptev, Amizadeh and Flint (2015), doi:10.1145/2783258.2788611: PredictiveAnomalyDetection.
"""

import math
from collections.abc import Callable
from copy import deepcopy
from typing import Any  # river's own types are switched off for most of it

WARM_UP = 100  # bins
SEED = 1
FAR = 30.0  # deviations of a forecast's error that score 1; at river's 3 every tenth bin does
HIGHEST = 1e9  # where river divides by nearly nothing
STILL = 1e-9  # share of a value or score: what rounding leaves of a series that does not move


class Borrowed:
    """One of river's detectors, with its ways of scoring and learning one share."""

    def __init__(
        self, score: Callable[[float], float], learn: Callable[[float], object], warm_up: int
    ) -> None:
        self._score, self._learn = score, learn
        self._left = warm_up

    def score_one(self, x: float, of: float = 1.0) -> float:
        """Return river's score of a bin; 0.0 while warming up."""
        if of <= 0 or self._left > 0:
            return 0.0
        return told(self._score(x / of))

    def learn_one(self, x: float, of: float = 1.0) -> None:
        """Take a bin as part of the past."""
        if of > 0:
            self._learn(x / of)
            self._left -= 1


def told(score: float) -> float:
    """Return a score as the protocol wants it: finite, at least 0, and no dust of rounding."""
    if not math.isfinite(score):
        return HIGHEST if score == math.inf else 0.0
    return min(score, HIGHEST) if score > STILL else 0.0


def gaussian_scorer() -> Borrowed:
    """Score both rises and falls by a normal distribution of all the past, from 0 to 1."""
    from river.anomaly import GaussianScorer

    scorer: Any = GaussianScorer(grace_period=WARM_UP)
    return Borrowed(
        lambda share: float(scorer.score_one(None, share)) if scorer.gaussian.sigma > 0 else 0.0,
        lambda share: scorer.learn_one(None, share),
        WARM_UP,
    )


def standard_absolute_deviation() -> Borrowed:
    """Score in standard deviations from the mean of all the past."""
    from river.anomaly import StandardAbsoluteDeviation

    scorer = StandardAbsoluteDeviation()
    return Borrowed(
        lambda share: float(scorer.score_one(None, share)),
        lambda share: scorer.learn_one(None, share),
        WARM_UP,
    )


def half_space_trees() -> Borrowed:
    """Score how empty the part of the range was in which a bin lies, from 0 to 1."""
    from river.anomaly import HalfSpaceTrees
    from river.preprocessing import MinMaxScaler

    scaler, trees = MinMaxScaler(), HalfSpaceTrees(seed=SEED)

    def learn(share: float) -> None:
        scaler.learn_one({"share": share})
        trees.learn_one(scaler.transform_one({"share": share}))

    return Borrowed(
        lambda share: float(trees.score_one(scaler.transform_one({"share": share}))),
        learn,
        trees.window_size,
    )


def predictive() -> Borrowed:
    """Score the error of Holt's forecast against the errors before it, from 0 to 1."""
    from river.anomaly import PredictiveAnomalyDetection
    from river.time_series import HoltWinters

    detector = PredictiveAnomalyDetection(HoltWinters(alpha=0.1, beta=0.01), n_std=FAR)

    # river's score_one learns the error; here that waits for learn_one
    def score(share: float) -> float:
        errors = detector.dynamic_mae, detector.dynamic_se_variance
        detector.dynamic_mae, detector.dynamic_se_variance = deepcopy(errors)
        try:
            return _forecast_score(detector, share)
        finally:
            detector.dynamic_mae, detector.dynamic_se_variance = errors

    def learn(share: float) -> None:
        if detector.iter > 1:  # Holt's method begins with two
            _forecast_score(detector, share)
        detector.learn_one(None, float(share))

    return Borrowed(score, learn, WARM_UP)


def _forecast_score(detector: Any, share: float) -> float:
    score = float(detector.score_one(None, share))
    # where there never was an error, river scores no error 1
    error = abs(float(detector.predictive_model.forecast(1)[0]) - share)
    return score if error > STILL * abs(share) else 0.0
