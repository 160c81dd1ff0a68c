"""Waits between tries: bounded, growing, and never in step."""

import random

from hypothesis import given
from hypothesis import strategies as st

from rtm.sources.backoff import Backoff


@given(st.integers(), st.integers(1, 60))
def test_waits_stay_within_their_bounds(seed, tries):
    backoff = Backoff(random.Random(seed))

    assert all(0.5 <= backoff.next_s() <= 30 for _ in range(tries))


def test_waits_grow_and_begin_anew_after_success():
    backoff = Backoff(random.Random(1))
    waits = [backoff.next_s() for _ in range(200)]

    assert max(waits[:2]) <= 2
    assert max(waits) > 29
    backoff.reset()
    assert backoff.next_s() <= 1


def test_two_sources_do_not_knock_in_step():
    one, other = (Backoff(random.Random(seed)) for seed in (1, 2))

    assert [one.next_s() for _ in range(5)] != [other.next_s() for _ in range(5)]
