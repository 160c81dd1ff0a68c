"""Score alarms as the Numenta Anomaly Benchmark does: early in a window is best, alerts cost.

A row inside a window is worth 1 at its left edge, 0.86 in its middle and 0 at its right edge, and
of a window only the best row counts. Every alarm outside windows costs, up to A_FP, less soon
after a window. Scores are made once; then every threshold is tried.

References
----------
Lavin and Ahmad (2015), Evaluating real-time anomaly detection algorithms,
doi:10.1109/ICMLA.2015.141. Deviation: a score of 0 is no alarm at any threshold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PROBATION_SHARE = 0.15  # of a series, at its start, which is not scored
PROBATION_MOST = 750  # rows


@dataclass(frozen=True, slots=True)
class Profile:
    """What a hit, a false alarm and a miss are worth to somebody."""

    name: str
    hit: float
    false_alarm: float
    miss: float


PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile("standard", 1.0, 0.11, 1.0),
        Profile("reward_low_FP_rate", 1.0, 0.22, 1.0),
        Profile("reward_low_FN_rate", 1.0, 0.11, 2.0),
    )
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A series of counts, and what people say of it.

    ``values`` has one count a row, rows at even distance; ``windows`` are (first, last) rows, both
    inclusive, ascending and apart; ``labels`` are the rows at which something began.
    """

    name: str
    values: Floats
    windows: tuple[tuple[int, int], ...]
    labels: tuple[int, ...]

    @property
    def probation(self) -> int:
        """Rows at the start that are not scored."""
        return min(int(PROBATION_SHARE * self.values.size), PROBATION_MOST)


@dataclass(frozen=True, slots=True)
class Best:
    """The threshold that scores most, and what it scores: 0 is silence, 100 out of reach."""

    threshold: float
    score: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Raw score of one series at each threshold, falling; ``silence`` is that above them all."""

    thresholds: Floats
    raw: Floats
    silence: float

    def at(self, thresholds: Floats) -> Floats:
        """Return the raw score at any thresholds: detections are rows that reach them."""
        reached = np.searchsorted(-self.thresholds, -thresholds, side="right")
        return np.append(self.silence, self.raw)[reached]


def worths(series: Labelled) -> tuple[Floats, NDArray[np.int64]]:
    """Return what an alarm at each row is worth, and its window's number (-1 is outside)."""
    rows = np.arange(series.values.size)
    worth = np.full(rows.size, -1.0)
    window = np.full(rows.size, -1, np.int64)
    for number, (first, last) in enumerate(series.windows):
        width = last - first + 1
        after = rows[last + 1 :]
        worth[last + 1 :] = _scaled((after - last) / max(width - 1, 1))
        inside = rows[first : last + 1]
        worth[first : last + 1] = _scaled(-(last - inside + 1) / width) / _scaled(np.float64(-1.0))
        window[first : last + 1] = number
    return worth, window


def curve(series: Labelled, scores: Floats, profile: Profile) -> Curve:
    """Return the raw score of a series at every threshold that changes it."""
    worth, window = worths(series)
    rows = np.arange(series.probation, scores.size)
    rows = rows[scores[rows] > 0]  # a score of 0 says nothing, and is no alarm at any threshold
    rows = rows[np.argsort(-scores[rows], kind="stable")]
    gain = np.where(window[rows] < 0, profile.false_alarm * worth[rows], 0.0)
    for number in range(len(series.windows)):
        (places,) = np.nonzero(window[rows] == number)
        best = np.maximum.accumulate(profile.hit * worth[rows[places]])
        gain[places] = np.diff(best, prepend=0.0)
        gain[places[:1]] += profile.miss
    silence = -profile.miss * len(series.windows)
    (ends,) = np.nonzero(np.diff(scores[rows], append=-np.inf))
    return Curve(scores[rows[ends]], silence + np.cumsum(gain)[ends], silence)


def best(curves: Sequence[Curve], windows: int, profile: Profile) -> Best:
    """Return the one threshold for all series that scores most; the highest of equal ones."""
    thresholds = _all_thresholds(curves)
    raw = np.sum([one.at(thresholds) for one in curves], axis=0)
    place = int(np.argmax(raw))
    return Best(float(thresholds[place]), normalised(float(raw[place]), windows, profile))


def left_out(curves: Sequence[Curve], windows: int, profile: Profile) -> float:
    """Return the score when each series is judged by the threshold that is best for the others."""
    thresholds = _all_thresholds(curves)
    raws = np.array([one.at(thresholds) for one in curves])
    others = raws.sum(axis=0) - raws
    return normalised(
        float(sum(raw[np.argmax(other)] for raw, other in zip(raws, others, strict=True))),
        windows,
        profile,
    )


def normalised(raw: float, windows: int, profile: Profile) -> float:
    """Return a raw score as NAB tells it: 0 is silence, 100 every window at its first row."""
    silence = -profile.miss * windows
    return 100 * (raw - silence) / (profile.hit * windows - silence)


def _all_thresholds(curves: Sequence[Curve]) -> Floats:
    found = np.unique(np.concatenate([[np.inf], *(one.thresholds for one in curves)]))
    return found[::-1]


def _scaled(x: Floats | np.float64) -> Floats:
    # NAB's sigmoid: 1 long before, 0 at the border, -1 long after
    return np.where(x > 3, -1.0, 2 / (1 + np.exp(5 * np.minimum(x, 3.0))) - 1)
