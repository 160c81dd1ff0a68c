"""Posts about the brand's subjects in buckets, with what their past made expect."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom

from rtm.trends.volume import BUCKET_S, KEPT, Volume, bounds

START = 1_359_928_800


def fed(minutes: list[tuple[int, int]]) -> Volume:
    """Have minutes counted, each with so many posts about the subjects, and others."""
    volume = Volume()
    for minute, (about, others) in enumerate(minutes):
        ticks = np.full(about + others, START + 60 * minute, np.int64)
        volume.count(ticks, np.arange(about + others) < about)
    return volume


def test_a_steady_share_is_expected_and_a_burst_is_not():
    volume = fed([(2, 8)] * 120 + [(40, 8)])

    *past, now = volume.buckets(24)

    assert all(b.low <= b.about <= b.high for b in past if b.low is not None and b.high is not None)
    assert now.high is not None
    assert now.about > 2 * now.high


def test_a_stream_that_grows_as_a_whole_raises_what_is_expected():
    volume = fed([(2, 8)] * 120 + [(20, 80)] * 10)

    *_, last, _ = volume.buckets(24)

    assert last.about == 100
    assert last.low is not None
    assert last.high is not None
    assert last.low <= 100 <= last.high


def test_nothing_is_expected_before_enough_was_seen():
    assert fed([(1, 1)] * 20).buckets(10)[0].low is None


def test_a_bucket_does_not_expect_itself():
    quiet, loud = fed([(1, 9)] * 60), fed([(1, 9)] * 60)
    ticks = np.full(500, START + 3600, np.int64)

    loud.count(ticks, np.ones(500, bool))
    loud.close(START + 3600 + BUCKET_S - 1)
    quiet.count(ticks, np.zeros(500, bool))
    quiet.close(START + 3600 + BUCKET_S - 1)

    assert loud.buckets(2)[0].high == quiet.buckets(2)[0].high
    later, usual = loud.buckets(2)[1].high, quiet.buckets(2)[1].high
    assert later is not None
    assert usual is not None
    assert later > usual


@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=60), st.integers(1, 59))
def test_where_rows_are_cut_makes_no_difference(gaps, cut):
    ticks = START + np.cumsum(np.array(gaps, np.int64))
    is_about = ticks % 3 == 0
    whole, parts = Volume(), Volume()

    whole.count(ticks, is_about)
    parts.count(ticks[:cut], is_about[:cut])
    parts.close(int(ticks[min(cut, ticks.size) - 1]) - 1)
    again = Volume()
    again.restore(parts.snapshot())
    again.count(ticks[cut:], is_about[cut:])

    assert again.buckets(KEPT) == whole.buckets(KEPT)


def test_a_hole_of_years_costs_no_more_than_a_day():
    volume = fed([(1, 9)] * 30)

    volume.count(np.array([START + 10**8], np.int64), np.array([True]))

    assert len(volume.buckets(1000)) == KEPT + 1
    assert volume.buckets(1)[0].about == 1


@pytest.mark.parametrize("mean", [0.2, 1.0, 3.7, 40.0, 480.0, 5_000.0])
@pytest.mark.parametrize("shape", [0.5, 5.0, 1e6])
def test_bounds_are_the_quantiles_of_a_negative_binomial(mean, shape):
    low, high = bounds(mean, shape)

    exact = nbinom(shape, shape / (shape + mean))
    if mean <= 500:
        assert (low, high) == (exact.ppf(0.05), exact.ppf(0.95))
    else:
        assert high == pytest.approx(exact.ppf(0.95), rel=0.3)
