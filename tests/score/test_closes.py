"""How long a story will last: an interval within bounds, from its own past."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.score.closes import ENOUGH, LEAST_S, MOST_S, closing, spell

AGES = st.integers(1, 10**8)
WEIGHTS = st.integers(0, 10**9).map(lambda units: units / 256)
STRETCHES = st.sampled_from([60, 120, 300])


@given(AGES, WEIGHTS, WEIGHTS, STRETCHES)
@settings(deadline=None)
def test_the_interval_has_a_length_and_keeps_its_bounds(age_s, latest, before, stretch_s):
    close = closing(age_s, latest, before, stretch_s)

    assert LEAST_S <= close.low_s < close.high_s <= MOST_S


@given(AGES, WEIGHTS, WEIGHTS, STRETCHES)
@settings(deadline=None)
def test_a_story_is_said_to_rise_only_if_it_does(age_s, latest, before, stretch_s):
    sentence = closing(age_s, latest, before, stretch_s).sentence

    assert ("rising" in sentence) == (latest >= before and latest + before >= ENOUGH)


@given(AGES, AGES, WEIGHTS)
@settings(deadline=None)
def test_an_older_rising_story_lasts_longer(first, second, weight):
    younger, older = sorted((first, second))

    early, late = closing(younger, weight, weight, 120), closing(older, weight, weight, 120)

    assert early.low_s <= late.low_s
    assert early.high_s <= late.high_s


@given(st.integers(2, 10**6), st.integers(1, 10**6), STRETCHES)
@settings(deadline=None)
def test_a_story_that_falls_faster_ends_no_later(before, fallen, stretch_s):
    slowly, fast = before - before / (fallen + 2), before - before / (fallen + 1)

    assert (
        closing(600, fast, before, stretch_s).high_s
        <= closing(600, slowly, before, stretch_s).high_s
    )


def test_a_rising_story_lasts_between_a_ninth_and_nine_times_its_age():
    close = closing(1800, 40.0, 20.0, 300)

    assert (close.low_s, close.high_s) == (200, 16200)


def test_too_few_posts_tell_no_trend_but_only_an_age():
    falling = closing(1800, 1.0, 2.0, 300)
    rising = closing(1800, 2.0, 1.0, 300)

    assert falling == rising
    assert falling.sentence == "Spoken of for 30 min so far, by too few to tell a trend."


def test_a_story_that_halves_every_five_minutes_ends_at_one_post_in_ten():
    close = closing(3600, 8.0, 16.0, 300)  # 16 posts in 600 s: four halvings to one

    assert close.sentence == "Halving every 5 min."
    assert (close.low_s, close.high_s) == (600, 2400)


def test_a_story_of_which_nobody_speaks_any_more_is_over_soon():
    close = closing(3600, 0.0, 20.0, 120)

    assert (close.low_s, close.high_s) == (LEAST_S, 2 * LEAST_S)
    assert close.sentence == "Nobody spoke of it in the last 2 min."


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (89, "1 min"),
        (3569, "59 min"),
        (3590, "1 h 0 min"),
        (7199, "2 h 0 min"),
    ],
)
def test_a_span_is_spelt(seconds, said):
    assert spell(seconds) == said
