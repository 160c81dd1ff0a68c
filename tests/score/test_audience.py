"""What an audience is worth: replies and returns weigh, being there once does not."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.crowd import Crowd
from rtm.evaluate.planted import Written, crowd_of
from rtm.score.audience import activity, audience
from rtm.text.patterns import Mark

AT = datetime(2013, 2, 4, tzinfo=UTC)
ONCE, ACTIVE = [1, 0, 1, 1], [9, 2, 4, 2]  # posts, replies, hours, days


def crowd(*heard: list[int], authors: list[int] | None = None, **columns: object) -> Crowd:
    made = crowd_of([Written(AT, "", n) for n in authors or range(1, len(heard) + 1)])
    return replace(made, heard=np.array(heard), **columns)  # type: ignore[arg-type]


def test_those_who_reply_and_come_back_outweigh_those_seen_once():
    active, passing = audience(crowd(*[ACTIVE] * 10)), audience(crowd(*[ONCE] * 10))

    assert active.score > 5 * passing.score
    assert active.sentence == "Of 10 authors 10 reply and 10 came back."
    assert passing.sentence == "Of 10 authors 0 reply and 0 came back."


@given(st.lists(st.integers(0, 50), min_size=4, max_size=4), st.sampled_from([1, 2, 3]))
def test_more_of_anything_but_posts_never_weighs_less(heard, column):
    more = list(heard)
    more[column] += 1

    least, most = activity(np.array([heard, more]))

    assert 0.0 <= least <= most <= 1.0


def test_posts_alone_weigh_nothing():
    assert activity(np.array([[1, 0, 1, 1], [99, 0, 1, 1]])).tolist() == pytest.approx([0.1, 0.1])


def test_an_author_counts_once_an_unknown_one_each_time():
    one = audience(crowd(ONCE, ONCE, ONCE, authors=[7, 7, 7]))
    unknown = audience(crowd(ONCE, ONCE, ONCE, authors=[0, 0, 0]))

    assert (one.authors, unknown.authors) == (1, 3)


def test_an_author_forgotten_counts_as_seen_once():
    assert audience(crowd([0, 0, 0, 0])).score == audience(crowd(ONCE)).score


def test_a_reply_here_counts_of_authors_unknown_too():
    replying = audience(crowd(ONCE, authors=[0], is_reply=np.array([True])))

    assert replying.score > audience(crowd(ONCE, authors=[0])).score


def test_followers_raise_a_weight_by_their_magnitude():
    small, large = (
        audience(crowd(ONCE, followers=np.array([followers]))).score for followers in (9, 999)
    )

    assert (small, large) == pytest.approx((0.2, 0.4))


@pytest.mark.parametrize(("bait", "is_worth"), [(10, False), (3, False), (2, True), (0, True)])
def test_the_audience_of_a_giveaway_weighs_nothing(bait, is_worth):
    marks = np.array([Mark.BAIT] * bait + [0] * (10 - bait), np.uint32)

    told = audience(crowd(*[ACTIVE] * 10, marks=marks))

    assert (told.score > 0) == is_worth
    assert told.sentence.startswith("A give-away") != is_worth


def test_a_sample_speaks_for_the_story():
    whole, sample = crowd(*[ONCE] * 10), crowd(*[ONCE] * 10, posts=1000)

    assert audience(sample).score == pytest.approx(100 * audience(whole).score)


def test_of_nobody_nothing_is_known():
    assert audience(crowd_of([])).score == 0.0
