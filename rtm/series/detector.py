"""What every detector on one series can do, and which there are."""

from collections.abc import Callable, Mapping
from typing import Protocol

from rtm.series import borrowed, drift
from rtm.series.rise import Rise


class Detector(Protocol):
    """Score bins of even length one at a time, in river's words: first score, then learn.

    A bin holds ``x``, a finite amount of at least 0, out of ``of``: complaints out of mentions,
    mentions out of all posts. Where there is no whole, ``of`` is 1. A bin of nothing (``of`` 0) is
    a gap in the stream: it scores 0 and teaches nothing.
    """

    def score_one(self, x: float, of: float = 1.0) -> float:
        """Return how unusual a bin would be: finite, at least 0, and 0.0 while warming up.

        Changes nothing. What a score means differs by detector; only ``Rise`` makes scores of
        different series comparable.
        """
        ...

    def learn_one(self, x: float, of: float = 1.0) -> None:
        """Take a bin as part of the past."""
        ...


class KeptDetector(Detector, Protocol):
    """A detector that outlives a restart."""

    def snapshot(self) -> bytes:
        """Return all that is remembered."""
        ...

    def restore(self, content: bytes) -> None:
        """Take up where a snapshot was made, or raise StoreError when it is damaged."""
        ...


OURS = "Rise"

KEPT: Mapping[str, Callable[[], KeptDetector]] = {OURS: Rise}

DETECTORS: Mapping[str, Callable[[], Detector]] = {
    **KEPT,
    "GaussianScorer": borrowed.gaussian_scorer,
    "StandardAbsoluteDeviation": borrowed.standard_absolute_deviation,
    "HalfSpaceTrees": borrowed.half_space_trees,
    "PredictiveAnomalyDetection": borrowed.predictive,
    "PageHinkley": drift.page_hinkley,
    "ADWIN": drift.adwin,
    "KSWIN": drift.kswin,
}
