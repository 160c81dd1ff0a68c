"""The trigger: once a burst, again when louder, cold when quiet."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.trends.trigger import STATE, fires

FLOOR, REFIRE, QUIET_S = 4.0, 1.5, 600
START = 1_359_942_000


def _told(surprises: dict[int, float]) -> list[int]:
    state = np.zeros(STATE)
    return [
        second
        for second, surprise in surprises.items()
        if fires(state, START + second, surprise, FLOOR, REFIRE, QUIET_S)
    ]


def _told_by_a_twin_without_memory(surprises: dict[int, float]) -> list[int]:
    return [second for second, surprise in surprises.items() if surprise >= FLOOR]


def test_a_burst_fires_once():
    burst = dict.fromkeys(range(300), 6.0)

    assert _told(burst) == [0]


def test_a_twin_without_memory_would_fire_at_every_tick():
    burst = dict.fromkeys(range(300), 6.0)

    assert len(_told_by_a_twin_without_memory(burst)) == 300


def test_a_surprise_at_the_floor_fires_and_one_below_does_not():
    assert _told({0: 3.99, 1: 4.0}) == [1]


def test_a_burst_fires_again_when_half_as_loud_again():
    assert _told({0: 6.0, 1: 8.99, 2: 9.0, 3: 13.4, 4: 13.5}) == [0, 2, 4]


def test_a_burst_that_sinks_and_returns_as_loud_stays_silent():
    assert _told({0: 8.0, 60: 4.1, 120: 8.0, 180: 11.9}) == [0]


def test_a_burst_fires_again_after_the_quiet_and_not_a_second_before():
    assert _told({0: 6.0, 600: 6.0}) == [0]
    assert _told({0: 6.0, 601: 6.0}) == [0, 601]


def test_quiet_is_counted_from_the_latest_surprise_not_from_the_first():
    assert _told({0: 6.0, 500: 5.0, 1000: 6.0, 1601: 6.0}) == [0, 1601]


def test_what_is_below_the_floor_does_not_keep_a_burst_hot():
    assert _told({0: 6.0, 300: 3.9, 601: 4.0}) == [0, 601]


def test_after_the_quiet_the_old_peak_is_forgotten():
    assert _told({0: 20.0, 700: 4.0, 701: 6.0}) == [0, 700, 701]


@given(st.lists(st.floats(0, 300), max_size=60))
@settings(deadline=None)
def test_within_a_burst_each_firing_is_half_as_loud_again(surprises):
    told = _told(dict(enumerate(surprises)))
    levels = [surprises[second] for second in told]

    assert all(level >= FLOOR for level in levels)
    assert all(later >= REFIRE * before for before, later in pairwise(levels))
    assert bool(told) == any(surprise >= FLOOR for surprise in surprises)
