"""Estimates: seeded, the same every time, and as wide as they should be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.estimates import NOTHING, area, quantile, ratio, share
from tests.tune.nights import bounds


def test_of_nothing_nothing_is_said():
    assert share([], "a") == ratio([], [], "a") == quantile([], 0.5, "a") == NOTHING


def test_of_one_unit_there_is_no_interval():
    assert share([True], "a") == ratio([2.0], [2.0], "a") == quantile([1.0], 0.5, "a")
    assert (share([True], "a").value, share([True], "a").low) == (1.0, None)


def test_the_same_units_give_the_same_interval():
    values = np.arange(40.0).tolist()

    assert quantile(values, 0.3, "delay") == quantile(values, 0.3, "delay")
    assert quantile(values, 0.3, "delay") != quantile(values, 0.3, "lead")  # draws of its own


def test_a_share_is_as_uncertain_as_theory_says():
    low, _, high = bounds(share([True] * 200 + [False] * 200, "a"))

    # 1.96 standard errors of 0.025
    assert low == pytest.approx(0.451, abs=0.006)
    assert high == pytest.approx(0.549, abs=0.006)


def test_a_ratio_resamples_units_and_not_their_parts():
    # ten stories of a hundred tellings each, all or none inside: ten observations, not a thousand
    grouped = bounds(ratio([100.0] * 5 + [0.0] * 5, [100.0] * 10, "a"))
    single = bounds(ratio([1.0] * 500 + [0.0] * 500, [1.0] * 1000, "a"))

    assert grouped[1] == single[1] == 0.5
    assert grouped[2] - grouped[0] > 5 * (single[2] - single[0])


def test_a_quantile_holds_what_it_should():
    values = np.arange(1.0, 101.0).tolist()

    low, median, high = bounds(quantile(values, 0.5, "a"))

    assert median == 50.5
    assert quantile(values, 0.95, "a").value == pytest.approx(95.05)
    assert 35 < low < 50 < high < 66


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=30))
def test_an_interval_lies_within_the_values_and_around_the_estimate(values):
    low, value, high = bounds(quantile(values, 0.5, "a"))

    assert min(values) - 1e-5 <= low <= high <= max(values) + 1e-5
    assert low - 1e-5 <= value <= high + 1e-5


def test_many_units_are_drawn_in_pieces_with_the_same_care():
    low, _, high = bounds(quantile(np.linspace(0.0, 1.0, 5001).tolist(), 0.5, "a"))

    assert low < 0.5 < high
    assert high - low < 0.04


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=40))
def test_the_area_is_how_often_a_hit_is_above_a_miss(units):
    hits = [score for score, is_hit in units if is_hit]
    misses = [score for score, is_hit in units if not is_hit]
    told = area([score for score, _ in units], [is_hit for _, is_hit in units], "any")
    if not hits or not misses:
        assert told == NOTHING
        return
    pairs = [(hit > miss) + (hit == miss) / 2 for hit in hits for miss in misses]

    assert told.value == pytest.approx(sum(pairs) / len(pairs), abs=1e-6)
    assert 0 <= (told.low or 0) <= (told.value or 0) <= (told.high or 0) <= 1
