"""Active time: what rates are stated over, without the months between two evenings."""

from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rtm.tune.activity import DAY_S, HOUR_S, SILENCE_S, Activity
from tests.streams import START

START_US = int(START.timestamp()) * 1_000_000


def active(*seconds: float) -> Activity:
    return Activity(np.array([START_US + int(s * 1e6) for s in seconds], np.int64))


def moments(*seconds: float):
    return [START + timedelta(seconds=second) for second in seconds]


def test_a_long_silence_is_not_active_time():
    assert active(0, 3600, 3600 + SILENCE_S + 1, 7200 + SILENCE_S + 1).seconds == 7200
    assert active(0, SILENCE_S).seconds == SILENCE_S  # a quiet night is


def test_of_no_post_or_one_there_is_no_active_time():
    assert active().seconds == active(5).seconds == 0.0
    counts, lengths = active().blocks([])
    assert (counts.tolist(), lengths.tolist()) == ([0], [0.0])


def test_blocks_are_hours_of_a_short_stream_and_days_of_a_long_one():
    assert active(0, 2 * HOUR_S).block_s == HOUR_S
    assert active(*range(0, 6 * DAY_S, HOUR_S)).block_s == DAY_S


def test_the_last_block_is_as_long_as_it_is():
    counts, lengths = active(0, 1.5 * HOUR_S).blocks(moments(10, HOUR_S - 1, HOUR_S + 1, 5400))

    assert counts.tolist() == [2, 2]
    assert lengths.tolist() == [3600.0, 1800.0]


def test_what_happens_in_a_silence_belongs_to_the_block_before_it():
    stream = active(0, 1000, 1_000_000, 1_001_000)

    counts, _ = stream.blocks(moments(5000, 999_999))

    assert counts.tolist() == [2]


@given(st.lists(st.integers(0, 3_000_000), min_size=2, max_size=30, unique=True), st.data())
def test_every_story_is_in_one_block_and_blocks_fill_the_active_time(seconds, data):
    stream = active(*sorted(seconds))
    inside = st.integers(min(seconds), max(seconds) + 1)
    at = data.draw(st.lists(inside, max_size=10))

    counts, lengths = stream.blocks(moments(*at))

    assert counts.sum() == len(at)
    assert abs(lengths.sum() - stream.seconds) < 1e-3
    assert (lengths >= 0).all()
