"""Surprise against scipy's negative binomial, and what it may never do."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.special import logsumexp
from scipy.stats import nbinom

from rtm.trends.significance import MOST, round_off, surprise

COUNTS = st.integers(1, 3_000)
MEANS = st.floats(1e-6, 2_000)
SHAPES = st.floats(0.4, 60)  # the kernel gives 0.49 to 50
ANY = st.floats(5e-324, 1.7e308)


def _exact(count: float, mean: float, shape: float) -> float:
    p = shape / (mean + shape)
    tail = -float(nbinom.logsf(count - 1, shape, p)) / math.log(10)
    if tail < 100:
        return tail
    # scipy's own tail is off by up to 14 out there, so its terms are added up instead
    terms = nbinom.logpmf(np.arange(count, count + 20_000), shape, p)
    return -float(logsumexp(terms)) / math.log(10)


def _twin(count: float, mean: float, shape: float) -> float:
    # what a Poisson of the same mean would say: too sure of itself
    return _exact(count, mean, 1e12)


@given(COUNTS, MEANS, SHAPES)
@example(310, 4.0, 39.0)
@settings(max_examples=500, deadline=None)
def test_surprise_is_the_tail_of_the_negative_binomial(count, mean, shape):
    expected = min(_exact(count, mean, shape), MOST) if count > mean else 0.0

    assert surprise(count, mean, shape) == pytest.approx(expected, abs=0.006)


def test_a_poisson_tail_would_not_pass_for_it():
    assert abs(_twin(12, 3.0, 2.0) - _exact(12, 3.0, 2.0)) > 0.5
    assert surprise(12, 3.0, 2.0) == pytest.approx(_exact(12, 3.0, 2.0), abs=0.006)


@pytest.mark.parametrize("mean", [1e-6, 1e-3, 0.1, 1.0, 10.0, 100.0, 1e4, 1e5])
@pytest.mark.parametrize("times", [1.01, 1.3, 2.0, 5.0, 40.0])
@pytest.mark.parametrize("shape", [0.5, 1.0, 5.0, 50.0])
def test_surprise_holds_over_wide_ranges(mean, times, shape):
    count = max(1, math.ceil(mean * times))

    assert surprise(count, mean, shape) == pytest.approx(
        min(_exact(count, mean, shape), MOST), abs=0.006
    )


@given(st.floats(0, 3_000), st.floats(0, 3_000), MEANS, SHAPES)
@settings(deadline=None)
def test_more_posts_are_never_less_surprising(first, second, mean, shape):
    fewer, more = sorted((first, second))

    assert surprise(fewer, mean, shape) <= surprise(more, mean, shape) + 1e-6


@given(COUNTS, st.floats(0, 1), MEANS, SHAPES)
@settings(deadline=None)
def test_a_fractional_count_lies_between_its_neighbours(count, fraction, mean, shape):
    below, above = surprise(count, mean, shape), surprise(count + 1, mean, shape)

    assert below - 1e-6 <= surprise(count + fraction, mean, shape) <= above + 1e-6


@given(st.floats(0, 1), ANY, ANY)
@settings(deadline=None)
def test_a_count_not_above_the_mean_is_no_surprise(share, mean, shape):
    assert surprise(mean * share, mean, shape) == 0.0


@given(SHAPES, st.floats(0.5, 1e6))
@settings(deadline=None)
def test_silence_is_no_surprise_and_never_nan(shape, mean):
    assert surprise(0.0, mean, shape) == 0.0
    assert surprise(0.0, 0.0, shape) == 0.0


@given(ANY, ANY, ANY)
@settings(max_examples=1_000, deadline=None)
def test_no_input_gives_nan_or_more_than_the_most(count, mean, shape):
    assert 0.0 <= surprise(count, mean, shape) <= MOST


def test_what_cannot_be_is_capped():
    assert surprise(100_000, 1e-6, 5.0) == MOST


def test_scoring_twice_gives_the_same():
    assert surprise(7.5, 0.3, 2.0) == surprise(7.5, 0.3, 2.0)


@given(st.floats(0, MOST))
@settings(deadline=None)
def test_rounding_is_to_a_hundredth(value):
    rounded = round_off(value)

    assert abs(rounded - value) <= 0.005 + 1e-9
    assert np.isclose(rounded * 100, round(rounded * 100))
