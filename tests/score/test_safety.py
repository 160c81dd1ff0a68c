"""The interlock: grave stories are locked, politics alone never locks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.score.safety import LOCK_SHARE, safety

SHARES = st.integers(1, 500).flatmap(
    lambda posts: st.tuples(st.integers(0, posts), st.integers(0, posts), st.just(posts))
)


@given(SHARES)
@settings(deadline=None)
def test_risk_lies_between_0_and_1_and_a_lock_begins_at_three_quarters(counts):
    judged = safety(*counts)

    assert 0.0 <= judged.risk <= 1.0
    assert judged.is_locked == (judged.risk >= 0.75)


@given(SHARES)
@settings(deadline=None)
def test_a_quarter_of_grave_posts_locks_and_less_does_not(counts):
    grave, _, posts = counts

    assert safety(*counts).is_locked == (grave / posts >= LOCK_SHARE)


@given(SHARES)
@settings(deadline=None)
def test_politics_never_unlock_and_never_lock(counts):
    grave, politics, posts = counts

    judged = safety(grave, politics, posts)

    assert judged.is_locked == safety(grave, 0, posts).is_locked
    assert judged.risk >= safety(grave, 0, posts).risk


@given(SHARES.filter(lambda counts: counts[0] < counts[2]))
@settings(deadline=None)
def test_one_more_grave_post_is_never_less_risky(counts):
    grave, politics, posts = counts

    assert safety(grave + 1, politics, posts).risk >= safety(grave, politics, posts).risk


@given(SHARES)
@settings(deadline=None)
def test_what_adds_to_risk_is_said(counts):
    grave, politics, _ = counts

    reasons = " ".join(safety(*counts).reasons)

    assert ("grave" in reasons) == (grave > 0)
    assert ("politics" in reasons) == (politics > 0)


@pytest.mark.parametrize(
    ("grave", "politics", "posts", "risk", "is_locked"),
    [
        (0, 0, 1, 0.0, False),
        (1, 0, 1, 1.0, True),
        (10, 10, 10, 1.0, True),
        (0, 10, 10, 0.2, False),
        (1, 0, 4, 0.75, True),
        (24, 0, 100, 0.48, False),
        (24, 100, 100, 0.68, False),
        (1, 0, 10_000, 0.0, False),
    ],
)
def test_a_story_has_its_stated_risk(grave, politics, posts, risk, is_locked):
    judged = safety(grave, politics, posts)

    assert (judged.risk, judged.is_locked) == (risk, is_locked)


@pytest.mark.parametrize(
    ("grave", "sentence"),
    [
        (25, "25 of 100 posts speak of grave matters: locked."),
        (10, "10 of 100 posts speak of grave matters: look twice."),
        (9, "9 of 100 posts use a grave word."),
    ],
)
def test_the_reason_tells_how_grave(grave, sentence):
    assert safety(grave, 0, 100).reasons == (sentence,)
