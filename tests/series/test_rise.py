"""Our detector: told once, told again only when louder, and comparable between series."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.errors import StoreError
from rtm.series.rise import LOUDER, WARM_UP, Rise
from rtm.series.vitals import ALARM
from tests.series.checks import Bins, noise, taught


def alarms(bins: Bins) -> list[int]:
    return [row for row, score in enumerate(taught(Rise(), bins)) if score >= ALARM]


def with_spikes(bins: int, spikes: dict[int, float], level: float = 20.0) -> Bins:
    made = noise(bins, level=level)
    for row, x in spikes.items():
        made[row] = (x, 1.0)
    return made


def test_a_rise_that_lasts_is_told_once():
    rise = dict.fromkeys(range(600, 640), 200.0)

    told = alarms(with_spikes(700, rise))

    assert told
    assert told[0] == 600
    assert len(told) <= 3  # the recent bins take three to follow


def test_a_second_rise_right_after_is_told_when_louder():
    told = alarms(with_spikes(700, {600: 120.0, 606: 600.0}))

    assert told == [600, 606]


def test_a_second_rise_right_after_is_not_told_when_equal():
    told = alarms(with_spikes(700, {600: 200.0, 606: 200.0}))

    assert told == [600]


def test_a_rise_after_a_quiet_week_is_told_again():
    told = alarms(with_spikes(3_000, {600: 200.0, 2_700: 200.0}))

    assert 600 in told
    assert 2_700 in told


def test_a_series_a_hundred_times_larger_has_about_as_many_alarms():
    small, large = noise(6_000, level=30.0), noise(6_000, level=3_000.0)

    assert abs(len(alarms(small)) - len(alarms(large))) <= 4


def test_a_wild_series_has_no_more_alarms_than_a_calm_one():
    rng = random.Random(4)
    wild = [(float(round(rng.paretovariate(1.2) * 10)), 1.0) for _ in range(6_000)]

    assert len(alarms(wild)) <= 2 * 6_000 / 288


def test_a_fall_scores_zero():
    rise = Rise()
    taught(rise, noise(2 * WARM_UP))

    assert rise.score_one(0.0) == 0.0


def test_one_post_where_none_were_is_no_news():
    rise = Rise()
    taught(rise, [(0.0, 1.0)] * 2 * WARM_UP)

    assert rise.score_one(1.0) < ALARM
    assert rise.score_one(20.0) > ALARM


def test_an_outlier_teaches_only_a_bounded_step():
    calm, shaken = Rise(), Rise()
    taught(calm, noise(WARM_UP))
    taught(shaken, noise(WARM_UP))

    shaken.learn_one(1e9)
    calm.learn_one(60.0)

    assert shaken._mean(1.0) == pytest.approx(calm._mean(1.0), rel=0.02)


def test_an_absurd_first_bin_is_forgotten_within_days():
    bins = noise(4 * WARM_UP)
    bins[20] = (1e9, 1.0)
    rise = Rise()
    taught(rise, bins)

    assert rise._mean(1.0) == pytest.approx(20, rel=0.2)


def test_a_damaged_snapshot_raises_a_store_error():
    with pytest.raises(StoreError, match="damaged"):
        Rise().restore(b"{")


def test_what_is_just_not_louder_is_not_told():
    rise = Rise()
    taught(rise, noise(2 * WARM_UP))
    rise.learn_one(200.0)
    loudest = rise._state.loudest

    told = [rise.score_one(float(x)) for x in range(1_000)]

    assert min(score for score in told if score > 0) >= LOUDER * loudest


AMOUNTS = st.one_of(st.integers(0, 50).map(float), st.floats(0, 1e12))
WHOLES = st.one_of(st.just(1.0), st.just(0.0), st.floats(1e-3, 1e12))


@given(st.lists(st.tuples(AMOUNTS, WHOLES), max_size=60), st.integers(0, 59))
def test_any_bins_score_a_number_and_survive_a_restart(bins, place):
    rise, stopped = Rise(), Rise()
    for one in (rise, stopped):
        taught(one, noise(WARM_UP))

    whole = taught(rise, bins)
    before = taught(stopped, bins[:place])
    again = Rise()
    again.restore(stopped.snapshot())

    assert all(math.isfinite(score) and score >= 0 for score in whole)
    assert [*before, *taught(again, bins[place:])] == whole
