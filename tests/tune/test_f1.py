"""Nearness to a label: found, missed, and alarms near none."""

import numpy as np
import pytest

from rtm.tune.f1 import NEAR_ROWS, nearest
from rtm.tune.nab import Labelled


def series(*labels: int) -> Labelled:
    return Labelled("short", np.zeros(1000), (), labels)


def scores(rows: dict[int, float]) -> np.ndarray:
    told = np.zeros(1000)
    for row, score in rows.items():
        told[row] = score
    return told


@pytest.mark.parametrize(
    ("row", "found"), [(500, 1), (500 - NEAR_ROWS, 1), (500 + NEAR_ROWS, 1), (525, 0), (475, 0)]
)
def test_an_alarm_within_two_hours_finds_a_label(row, found):
    near = nearest([series(500)], [scores({row: 1.0})], 1.0)

    assert (near.found, near.missed, near.false_alarms) == (found, 1 - found, 1 - found)


def test_the_threshold_of_the_highest_f1_is_found():
    near = nearest([series(300, 600)], [scores({300: 5.0, 600: 3.0, 800: 4.0, 850: 2.0, 900: 1.0})])

    assert near.threshold == 3.0
    assert (near.found, near.missed, near.false_alarms) == (2, 0, 1)
    assert near.f1 == pytest.approx(0.8)


def test_probation_is_not_judged():
    near = nearest([series(500)], [scores({100: 9.0, 500: 5.0})])

    assert near.false_alarms == 0


def test_a_silent_detector_finds_nothing():
    near = nearest([series(500)], [scores({})])

    assert near.threshold is None
    assert near.f1 == 0


def test_without_labels_and_alarms_there_is_nothing_to_judge():
    assert nearest([series()], [scores({})]).f1 == 0
