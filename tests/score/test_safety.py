"""The interlock: grave stories are locked, politics alone never locks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.score.safety import ALONE_SHARE, AMBER_SHARE, LOCK_SHARE, Safety, safety
from rtm.text.patterns import CLASSES, Mark

COUNTS = st.integers(1, 500).flatmap(
    lambda posts: st.tuples(st.integers(0, posts), st.integers(0, posts), st.just(posts))
)


def _safety(grave: int, politics: int, posts: int, **classes: int) -> Safety:
    marks = {CLASSES[name]: count for name, count in classes.items()}
    return safety({Mark.GRAVE: grave, Mark.POLITICS: politics, **marks}, posts)


@given(COUNTS)
@settings(deadline=None)
def test_risk_lies_between_0_and_1_and_a_lock_begins_at_three_quarters(counts):
    judged = _safety(*counts)

    assert 0.0 <= judged.risk <= 1.0
    assert judged.is_locked == (judged.risk >= 0.75)


@given(COUNTS)
@settings(deadline=None)
def test_two_grave_posts_and_a_quarter_of_all_lock_and_less_does_not(counts):
    grave, _, posts = counts

    is_enough = grave >= 2 or grave / posts >= ALONE_SHARE

    assert _safety(*counts).is_locked == (grave / posts >= LOCK_SHARE and is_enough)


@given(COUNTS)
@settings(deadline=None)
def test_politics_never_unlock_and_never_lock(counts):
    grave, politics, posts = counts

    judged = _safety(grave, politics, posts)

    assert judged.is_locked == _safety(grave, 0, posts).is_locked
    assert judged.risk >= _safety(grave, 0, posts).risk


@given(COUNTS.filter(lambda counts: counts[0] < counts[2]))
@settings(deadline=None)
def test_one_more_grave_post_is_never_less_risky(counts):
    grave, politics, posts = counts

    assert _safety(grave + 1, politics, posts).risk >= _safety(grave, politics, posts).risk


@given(COUNTS)
@settings(deadline=None)
def test_what_adds_to_risk_is_said(counts):
    grave, politics, posts = counts

    reasons = " ".join(_safety(grave, politics, posts, death=grave).reasons)

    assert ("death" in reasons) == (grave > 0)
    assert ("politics" in reasons) == (politics > 0)


@pytest.mark.parametrize(
    ("grave", "politics", "posts", "risk", "is_locked"),
    [
        (0, 0, 1, 0.0, False),
        (1, 0, 1, 1.0, True),
        (1, 0, 2, 1.0, True),
        (1, 0, 3, 0.667, False),
        (2, 0, 3, 1.0, True),
        (1, 0, 4, 0.5, False),
        (2, 0, 8, 0.75, True),
        (10, 10, 10, 1.0, True),
        (0, 10, 10, 0.2, False),
        (24, 0, 100, 0.48, False),
        (24, 100, 100, 0.68, False),
        (1, 0, 10_000, 0.0, False),
    ],
)
def test_a_story_has_its_stated_risk(grave, politics, posts, risk, is_locked):
    judged = _safety(grave, politics, posts)

    assert (judged.risk, judged.is_locked) == (risk, is_locked)


@pytest.mark.parametrize(
    ("grave", "posts", "classes", "sentence"),
    [
        (25, 100, {"death": 25}, "25 of 100 posts speak of death: locked."),
        (10, 100, {"abuse": 10}, "10 of 100 posts speak of abuse: look twice."),
        (9, 100, {"health": 9}, "9 of 100 posts speak of health."),
        (1, 3, {"crime": 1}, "1 of 3 posts speaks of crime: look twice."),
        (
            4,
            10,
            {"death": 3, "disaster": 2},
            "4 of 10 posts speak of death or disaster: locked.",
        ),
        (
            8,
            10,
            {"minors": 2, "death": 7, "attack": 8, "health": 1},
            "8 of 10 posts speak of attack, death or minors: locked.",
        ),
        (5, 10, {}, "5 of 10 posts speak of what the profile calls sensitive: locked."),
        (
            5,
            10,
            {"death": 2},
            "5 of 10 posts speak of what the profile calls sensitive or death: locked.",
        ),
    ],
)
def test_the_reason_names_the_classes_most_spoken_of_first(grave, posts, classes, sentence):
    assert _safety(grave, 0, posts, **classes).reasons == (sentence,)


def test_the_classes_are_those_from_an_amber_share_on():
    judged = _safety(40, 0, 100, death=40, minors=10, crime=9)

    assert judged.classes == ("death", "minors")
    assert AMBER_SHARE == 0.1
