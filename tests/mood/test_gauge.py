"""The mood of a window: only of many posts, with an interval, the same in any framing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.errors import StoreError
from rtm.mood.calibration import UNFITTED, Fit, chance
from rtm.mood.gauge import BUCKET_S, KEPT_S, LEAST_POSTS, Gauge, doubt

SURE = Fit(1.0, 0.0, (0.0, 0.0, 0.0))
START = 1_000 * BUCKET_S
HOUR_S = 3600


def gauge_of(posts: int, probability: float, at: int = START, least: int = LEAST_POSTS) -> Gauge:
    gauge = Gauge(least)
    gauge.add(np.full(posts, at, np.int64), np.full(posts, probability))
    return gauge


def test_below_the_least_number_of_posts_nothing_is_shown():
    until = START + HOUR_S

    assert gauge_of(LEAST_POSTS - 1, 0.9).read(until, HOUR_S, SURE) is None
    assert gauge_of(LEAST_POSTS, 0.9).read(until, HOUR_S, SURE) is not None
    assert Gauge(0).read(until, HOUR_S, SURE) is None


def test_the_share_is_the_mean_probability_and_both_shares_agree():
    gauge = gauge_of(30, 0.25)
    gauge.add(np.full(10, START, np.int64), np.full(10, 0.75))

    mood = gauge.read(START + HOUR_S, HOUR_S, SURE)

    assert mood is not None
    assert mood.posts == 40
    assert mood.negative == pytest.approx(0.375, abs=1e-5)
    assert mood.negative + mood.not_negative == 1.0
    assert mood.low < mood.negative < mood.high


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_all_alike_is_no_certainty(probability):
    mood = gauge_of(40, probability).read(START + HOUR_S, HOUR_S, SURE)

    assert mood is not None
    assert 0.02 < mood.high - mood.low < 0.2
    assert 0.0 <= mood.low <= mood.high <= 1.0


def test_an_uncertain_calibration_widens_the_interval():
    gauge = gauge_of(5000, 0.4)

    sure = gauge.read(START + HOUR_S, HOUR_S, SURE)
    unsure = gauge.read(START + HOUR_S, HOUR_S, UNFITTED)

    assert sure is not None
    assert unsure is not None
    assert unsure.high - unsure.low > 3 * (sure.high - sure.low)


def test_the_doubt_is_how_the_mean_moves_with_the_calibration():
    scores = np.random.default_rng(3).normal(0.4, 1.2, 500)
    fit = Fit(0.8, -0.3, (0.04, 0.01, 0.09))
    p = chance(fit.slope * scores + fit.offset)
    spread = p * (1 - p)
    drawn = np.random.default_rng(4).multivariate_normal(
        [fit.slope, fit.offset], [[0.04, 0.01], [0.01, 0.09]], 4000
    )

    told = doubt(fit, spread.mean(), (spread * np.log(p / (1 - p))).mean())

    means = [chance(slope * scores + offset).mean() for slope, offset in drawn]
    assert told == pytest.approx(np.var(means), rel=0.2)


POSTS = st.lists(
    st.tuples(st.integers(START, START + 4 * HOUR_S), st.floats(0.0, 1.0)), min_size=1, max_size=60
)


@given(POSTS, st.lists(st.integers(0, 60), max_size=5), st.randoms(use_true_random=False))
def test_any_framing_and_order_gives_the_same_bytes(posts, cuts, random):
    ticks = np.array([tick for tick, _ in posts], np.int64)
    p = np.array([probability for _, probability in posts])
    whole, parts = Gauge(), Gauge()
    order = list(range(len(posts)))
    random.shuffle(order)

    whole.add(ticks, p)
    for part in np.split(np.array(order, np.int64), sorted(min(cut, len(order)) for cut in cuts)):
        parts.add(ticks[part], p[part])

    assert whole.snapshot() == parts.snapshot()


def test_a_long_window_is_the_sum_of_its_short_ones():
    gauge = Gauge()
    ticks = np.arange(START, START + HOUR_S, 7, dtype=np.int64)
    gauge.add(ticks, np.full(ticks.size, 0.5))

    until = range(START + BUCKET_S, START + HOUR_S + 1, BUCKET_S)
    assert sum(gauge.posts(at, BUCKET_S) for at in until) == gauge.posts(START + HOUR_S, HOUR_S)
    assert gauge.posts(START + HOUR_S, HOUR_S) == ticks.size


def test_memory_ends_and_what_is_kept_is_whole():
    gauge = gauge_of(30, 0.5)
    later = np.arange(START, START + 3 * KEPT_S, BUCKET_S, dtype=np.int64)

    gauge.add(later, np.full(later.size, 0.5))

    assert gauge.posts(START + BUCKET_S, BUCKET_S) == 0
    assert gauge.posts(START + 3 * KEPT_S, 10 * KEPT_S) == KEPT_S // BUCKET_S


def test_a_restored_gauge_goes_on_and_a_damaged_one_says_so():
    first, second = gauge_of(30, 0.3), Gauge()
    second.restore(first.snapshot())

    assert second.read(START + HOUR_S, HOUR_S, SURE) == first.read(START + HOUR_S, HOUR_S, SURE)
    with pytest.raises(StoreError, match="damaged"):
        second.restore(first.snapshot()[:-3])
    assert second.posts(START + HOUR_S, HOUR_S) == 30
