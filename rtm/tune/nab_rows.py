"""Put detectors beside each other on NAB's series: ours, river's, published ones, and none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rtm.series.detector import Detector
from rtm.tune.f1 import Nearness, nearest
from rtm.tune.nab import PROFILES, Floats, Labelled, best, curve, left_out

BLIND_ROWS = 396  # 33 hours of five minutes

Kind = Literal["detector", "published", "yardstick"]
OnScored = Callable[[int, int], object]  # bins scored so far, bins in all


@dataclass(frozen=True, slots=True)
class Told:
    """What a detector scores under a profile.

    ``threshold`` is the one for all series that scores most, None when silence does; ``left_out``
    is the score when each series is judged by the threshold that is best for the other ones. Both
    are None where only the score was published.
    """

    score: float
    threshold: float | None
    left_out: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; ``near`` is None where only the score was published."""

    name: str
    kind: Kind
    profiles: Mapping[str, Told]
    near: Nearness | None


def scored(
    make: Callable[[], Detector], series: Sequence[Labelled], on_scored: OnScored
) -> list[Floats]:
    """Return the score of each bin of each series, told one at a time to a new detector."""
    done, of = 0, sum(one.values.size for one in series)
    every = []
    for one in series:
        detector = make()
        scores = np.empty(one.values.size)
        for row, count in enumerate(one.values.tolist()):
            scores[row] = detector.score_one(count)
            detector.learn_one(count)
            done += 1
            if done % 1000 == 0 or done == of:
                on_scored(done, of)
        every.append(scores)
    return every


def row_of(name: str, kind: Kind, series: Sequence[Labelled], scores: Sequence[Floats]) -> Row:
    """Judge scores under every profile, and by nearness."""
    windows = sum(len(one.windows) for one in series)
    profiles = {}
    for profile in PROFILES.values():
        curves = [curve(one, told, profile) for one, told in zip(series, scores, strict=True)]
        found = best(curves, windows, profile)
        threshold = found.threshold if np.isfinite(found.threshold) else None
        profiles[profile.name] = Told(found.score, threshold, left_out(curves, windows, profile))
    return Row(name, kind, profiles, nearest(series, scores))


def published(anchors: Mapping[str, Mapping[str, float]]) -> list[Row]:
    """Return what was published, best standard score first."""
    rows = [
        Row(name, "published", {p: Told(score, None, None) for p, score in told.items()}, None)
        for name, told in anchors.items()
    ]
    return sorted(rows, key=lambda row: -row.profiles["standard"].score)


def yardsticks(series: Sequence[Labelled]) -> list[Row]:
    """Return what one scores who fires at every label, and one who fires every 33 hours."""
    knowing, blind = [], []
    for one in series:
        scores = np.zeros(one.values.size)
        scores[list(one.labels)] = 1.0
        knowing.append(scores)
        scores = np.zeros(one.values.size)
        scores[::BLIND_ROWS] = 1.0
        blind.append(scores)
    return [
        row_of("once at each label", "yardstick", series, knowing),
        row_of("blind, every 33 h", "yardstick", series, blind),
    ]
