"""Judge alarms by nearness to a label: a check on NAB's score, whose windows are a day and more."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rtm.tune.nab import Floats, Labelled

NEAR_ROWS = 24  # two hours of five minutes, before and after


@dataclass(frozen=True, slots=True)
class Nearness:
    """Labels found, labels missed, and alarms near no label, at one threshold.

    ``f1`` is the harmonic mean of precision and recall, 0 to 1; ``threshold`` is None for silence.
    """

    threshold: float | None
    found: int
    missed: int
    false_alarms: int
    f1: float


def nearest(
    series: Sequence[Labelled], scores: Sequence[Floats], threshold: float | None = None
) -> Nearness:
    """Count at a threshold, or at the one whose F1 is highest."""
    at_labels: list[float] = []
    elsewhere: list[Floats] = []
    for one, told in zip(series, scores, strict=True):
        is_near = np.arange(told.size) < one.probation
        for label in one.labels:
            near = slice(max(one.probation, label - NEAR_ROWS), label + NEAR_ROWS + 1)
            at_labels.append(float(told[near].max(initial=0.0)))
            is_near[near] = True
        elsewhere.append(told[~is_near & (told > 0)])
    right = np.sort(at_labels)
    wrong = np.sort(np.concatenate([*elsewhere, []]))
    tried = np.unique(right[right > 0]) if threshold is None else np.array([threshold])
    counts = [
        _nearness(
            float(level),
            right.size - int(np.searchsorted(right, level)),
            int(np.searchsorted(right, level)),
            wrong.size - int(np.searchsorted(wrong, level)),
        )
        for level in tried
    ]
    silent = _nearness(None, 0, right.size, 0)
    return max(reversed(counts), key=lambda one: one.f1, default=silent)


def _nearness(threshold: float | None, found: int, missed: int, false_alarms: int) -> Nearness:
    f1 = 2 * found / max(2 * found + missed + false_alarms, 1)
    return Nearness(threshold, found, missed, false_alarms, f1)
