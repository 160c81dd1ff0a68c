"""What is expected of a term: by its day, by its hour, and by its language."""

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rtm.text.keys import word_key
from rtm.trends.judge import expected
from rtm.trends.settings import Settings
from rtm.trends.table import UNIT, WINDOWS
from tests.trends.plain import Row
from tests.trends.telling import ROOMY, fired, state_of

START = 1_359_928_800
WEIGHTS = st.floats(0, 1e12)
SETTINGS = Settings(prior_count=1.0, prior_total=500.0, background=0.0)
WINDOW = 2


def sums(now: float, hour: float, day: float) -> NDArray[np.float64]:
    """Return the count in a window and the history before it, in posts, as the kernel sums up."""
    found = np.zeros((3, WINDOWS))
    found[:, WINDOW] = now, hour, day
    return found * UNIT


def mean_of(stream: tuple[float, float, float], term: tuple[float, float]) -> float:
    """Return what is expected of a term (hour, day) in a stream (now, hour, day)."""
    return float(expected(SETTINGS, sums(*stream), sums(0, *term), WINDOW)[0])


def test_in_a_stream_without_a_past_a_term_is_granted_its_prior_share():
    assert mean_of((500, 0, 0), (0, 0)) == 1.0
    assert mean_of((50, 0, 0), (0, 0)) == pytest.approx(0.1)


def test_a_habit_of_the_day_is_expected_by_its_share_of_the_day():
    # 99 of 99,500 posts, and one of 500 before all
    assert mean_of((1_000, 0, 99_500), (0, 99)) == pytest.approx(1.0)


def test_a_habit_of_the_hour_is_expected_by_its_share_of_the_hour():
    # the hour's prior is the day's share, 1 in 1,000, with a weight of 1,000 posts
    assert mean_of((1_000, 9_000, 500), (99, 0)) == pytest.approx(1_000 * 100 / 10_000)


def test_what_it_rests_on_is_the_history_that_rules():
    by_hour = expected(SETTINGS, sums(1_000, 9_000, 500), sums(0, 99, 0), WINDOW)
    by_day = expected(SETTINGS, sums(1_000, 9_000, 9_500), sums(0, 0, 99), WINDOW)

    assert by_hour[1] == 100.0
    assert by_day[1] == 100.0


def test_a_term_never_seen_is_expected_less_after_a_long_day_than_after_a_short_one():
    short, long = (mean_of((1_000, 5_000, day), (0, 0)) for day in (5_000, 500_000))

    assert long < short / 50


def test_a_term_seen_often_is_expected_alike_after_a_long_day_and_a_short_one():
    short, long = (mean_of((1_000, 5_000, day), (5, day / 10)) for day in (5_000, 500_000))

    assert short == pytest.approx(100, rel=0.1)
    assert long == pytest.approx(100, rel=0.1)


def test_what_an_hour_made_usual_is_expected_at_once_though_the_day_never_had_it():
    # the day's count holds the hour's too
    habit, never = (mean_of((1_000, 36_000, 500_000), (n, n)) for n in (3_600, 0))
    by_day_alone = 1_000 * 3_601 / 500_500

    assert habit > 10 * never
    assert habit > 1.5 * by_day_alone


def test_a_habit_of_the_day_is_expected_though_the_hour_never_had_it():
    rested = mean_of((1_000, 36_000, 500_000), (0, 50_000))

    assert rested == pytest.approx(100, rel=0.01)


@given(WEIGHTS, WEIGHTS, WEIGHTS, WEIGHTS, WEIGHTS, st.floats(0.01, 100), st.floats(1, 1e6))
@settings(deadline=None)
def test_it_is_a_number_above_zero_wherever_there_is_a_stream(
    now, hour, day, in_hour, in_day, prior, total
):
    chosen = Settings(prior_count=prior, prior_total=total)

    mean, known = expected(chosen, sums(now, hour, day), sums(0, in_hour, in_day), WINDOW)

    assert np.isfinite(mean)
    assert mean >= 0.0
    assert mean > 0.0 or now < 1e-290
    assert prior <= known <= prior + max(in_hour, in_day) * (1 + 1e-12)


def test_a_background_is_added_to_whatever_is_expected():
    with_it = SETTINGS._replace(background=0.25)
    stream, term = sums(1_000, 9_000, 9_500), sums(0, 3, 99)

    usual, more = (expected(one, stream, term, WINDOW) for one in (SETTINGS, with_it))

    assert more[0] == pytest.approx(usual[0] + 0.25)
    assert more[1] == usual[1]  # it says nothing of how well the share is known


@given(WEIGHTS, WEIGHTS, WEIGHTS, WEIGHTS, WEIGHTS, st.floats(1, 1e6))
@settings(deadline=None)
def test_more_of_a_term_before_or_more_posts_now_never_make_it_less_expected(
    now, hour, day, in_hour, in_day, more
):
    usual = mean_of((now, hour, day), (in_hour, in_day))

    # what is expected by the day is a prior of the hour: both move together
    assert mean_of((now, hour, day), (in_hour + more, in_day)) >= usual * (1 - 1e-12)
    assert mean_of((now, hour, day), (in_hour, in_day + more)) >= usual * (1 - 1e-12)
    assert mean_of((now + more, hour, day), (in_hour, in_day)) >= usual


@given(WEIGHTS, WEIGHTS, WEIGHTS, WEIGHTS, WEIGHTS, st.floats(1, 1e6))
@settings(deadline=None)
def test_a_longer_stream_before_never_makes_a_term_more_expected(
    now, hour, day, in_hour, in_day, more
):
    usual = mean_of((now, hour, day), (in_hour, in_day))

    assert mean_of((now, hour + more, day), (in_hour, in_day)) <= usual * (1 + 1e-12)
    assert mean_of((now, hour, day + more), (in_hour, in_day)) <= usual * (1 + 1e-12)


# --- languages ---------------------------------------------------------------------------------

MANY, FEW = 1, 2  # a language that all speak, and one that wakes up
HOURS_ASLEEP = 3
COMMON = [word_key(f"common{n}") for n in range(4)]
THERE = [word_key(f"there{n}") for n in range(300)]
HERE = [word_key(f"here{n}") for n in range(300)]
NEWS = word_key("news")
SHARED = ROOMY._replace(row_bits=12, probation_bits=12, recent_bits=15, language_posts=60.0)
ALONE = SHARED._replace(language_posts=1e9)


def waking(few: int = FEW) -> list[Row]:
    """Return two languages; one is asleep for hours, then its share rises six times in an hour.

    ``few`` is the number by which the network tells it.
    """
    rng = random.Random(2)
    rows = []
    for second in range(0, (HOURS_ASLEEP + 1) * 3600, 2):
        awake = max(0.0, second / 3600 - HOURS_ASLEEP)
        rows.append(Row(START + second, tuple(rng.sample(HERE, 3)), source=second, language=MANY))
        if rng.random() < (1 + 5 * awake) / 20:
            words = (*rng.sample(COMMON, 2), rng.choice(THERE))
            rows.append(Row(START + second, words, source=10**6 + second, language=few))
    return rows


def news(language: int) -> list[Row]:
    """Return a true burst at the end of the hour in which a language woke up."""
    at = START + HOURS_ASLEEP * 3600 + 3_000
    return [Row(at + n, (NEWS,), source=2 * 10**6 + n, language=language) for n in range(12)]


def heard(rows: list[Row], chosen: Settings) -> Counter[int]:
    """Return how often each term fired once the language began to wake up."""
    ordered = sorted(rows, key=lambda row: row.tick)
    awake = START + HOURS_ASLEEP * 3600
    return Counter(key for tick, key, _ in fired(ordered, state_of(chosen), chosen) if tick > awake)


def test_when_a_language_wakes_up_its_common_words_are_no_news():
    assert not set(heard(waking(), SHARED)) & set(COMMON)


def test_where_languages_have_no_share_of_their_own_those_words_fire():
    assert set(heard(waking(), ALONE)) & set(COMMON)


def test_where_the_network_tells_no_language_those_words_fire():
    assert set(heard(waking(few=0), SHARED)) & set(COMMON)


@pytest.mark.parametrize("chosen", [SHARED, ALONE])
def test_a_true_burst_in_the_language_that_wakes_up_fires(chosen):
    assert heard([*waking(), *news(FEW)], chosen)[NEWS]


def test_a_word_that_no_one_language_owns_is_measured_by_the_whole_stream():
    # one post in three is of the other language: no four in five, so no language's share counts
    mixed = [
        Row(row.tick, row.terms, source=row.source, language=MANY if n % 3 else FEW)
        for n, row in enumerate(waking())
    ]
    assert (
        set(heard(mixed, SHARED)) & set(COMMON) == set(heard(mixed, ALONE)) & set(COMMON) != set()
    )


def test_a_language_with_too_few_posts_has_no_share_yet():
    # six hundred posts of the day are its own
    assert set(heard(waking(), SHARED._replace(language_posts=5_000.0))) & set(COMMON)


STOP = word_key("deze")  # stands in no list of stop words


def habit(share: float) -> list[Row]:
    """Return hours in which a share of posts holds a word, and at the end minutes of more."""
    rng = random.Random(3)
    rows = []
    for second in range(0, HOURS_ASLEEP * 3600, 2):
        is_end = second >= HOURS_ASLEEP * 3600 - 300
        has_it = rng.random() < (0.95 if is_end else share)
        words = (STOP, *rng.sample(HERE, 2)) if has_it else tuple(rng.sample(HERE, 3))
        rows.append(Row(START + second, words, source=second, language=MANY))
    return rows


def is_told(rows: list[Row], chosen: Settings) -> bool:
    return any(key == STOP for _, key, _ in fired(rows, state_of(chosen), chosen))


def test_what_a_fifth_of_the_posts_usually_hold_is_a_stop_word_and_no_news():
    assert not is_told(habit(0.35), SHARED)


def test_without_the_cut_more_of_a_stop_word_would_be_news():
    assert is_told(habit(0.35), SHARED._replace(common_share=1.0))


def test_what_fewer_posts_usually_hold_is_news():
    assert is_told(habit(0.05), SHARED)
