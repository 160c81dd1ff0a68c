"""Other statistics: they are what their definitions say, and answer as a statistic should."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.text.keys import mix
from rtm.trends.settings import Settings
from rtm.trends.state import LEVEL, WINDOW
from rtm.tune.hashed import TABLE_BITS
from rtm.tune.sightings import Sightings, grouped
from rtm.tune.yardsticks import YARDSTICKS, Yardstick, ewma, poisson, ratio, signitrend
from tests.tune.plain_yardsticks import WHOLE, Seen, Twin, found

GAP_S = Settings().gap_s
LEAST = 0.05
ONE = 256
TERMS = tuple(mix(number) for number in range(1, 6))
QUIET, CHATTER = 1500, TERMS[4]  # seconds; what is said all the time
VARIANTS = [
    ewma(),
    ewma(None, 0.25),
    ratio(3, 0.1),
    poisson(),
    poisson(is_tail=False, prior=0.5),
    signitrend(),
    signitrend(86_400, 0.3),
]

a_post = st.builds(
    lambda gap, weight, source, terms: (gap, weight, source, terms),
    st.sampled_from([0, 0, 1, 4, 14, 15, 16, 70, 400, 1500, GAP_S + 1]),
    st.sampled_from([ONE, ONE, 106, 81]),
    st.integers(1, 4),
    st.lists(st.sampled_from(TERMS), max_size=3, unique=True).map(tuple),
)


def seen(posts, start: int = 1_000_000_007) -> list[Seen]:
    """Return posts from (gap, weight, source, terms)."""
    ticks = start + np.cumsum([gap for gap, *_ in posts], dtype=np.int64)
    return [Seen(int(tick), *post[1:]) for tick, post in zip(ticks, posts, strict=True)]


def sightings(posts: list[Seen]) -> Sightings:
    terms = [term for post in posts for term in post.terms]
    return grouped(
        np.array([post.tick for post in posts], np.int64),
        np.array([post.weight for post in posts], np.int64),
        np.array([post.source for post in posts], np.uint64),
        np.array(terms, np.uint64),
        np.cumsum([0, *(len(post.terms) for post in posts)], dtype=np.int64),
        np.ones(len(terms), np.bool_),
        GAP_S,
    )


def scores(yardstick: Yardstick, posts: list[Seen], least: float = LEAST, sources: float = 1.5):
    """Return score and window by tick and term."""
    told = yardstick.given(sightings(posts), Settings(min_sources=sources), least)
    return {
        (int(tick), int(key)): (float(level[LEVEL]), int(level[WINDOW]))
        for tick, key, level in zip(told.ticks, told.keys, told.levels, strict=True)
    }


def defined(yardstick: Yardstick, posts: list[Seen], twin: Twin = WHOLE):
    """Return the same by definition."""
    rule = yardstick.rule._replace(least=LEAST, min_sources=1.5)
    return found(posts, rule, GAP_S, 1 << TABLE_BITS, twin)


def agree(first, second) -> bool:
    return first.keys() == second.keys() and all(
        np.isclose(first[place][0], second[place][0], rtol=1e-6, atol=1e-4) for place in first
    )


def burst(term: int, start: int, posts: int = 12) -> list[Seen]:
    return [Seen(start + n, ONE, 1000 + n, (term,)) for n in range(posts)]


def steady(term: int, start: int, until: int, every: int) -> list[Seen]:
    return [Seen(tick, ONE, tick, (term,)) for tick in range(start, until, every)]


def in_order(*parts: list[Seen]) -> list[Seen]:
    return sorted((post for part in parts for post in part), key=lambda post: post.tick)


# a term that all know, one that bursts out of nothing and one out of some talk; then copies
NIGHT = in_order(
    steady(CHATTER, 0, 3 * QUIET, 19),
    steady(TERMS[1], 0, 3 * QUIET, 200),
    burst(TERMS[0], QUIET + 7),
    burst(TERMS[1], 2 * QUIET + 7),
    burst(TERMS[0], 2 * QUIET + 40, 20),
    [Seen(QUIET + 400 + n, ONE, 5 + n // 9, (TERMS[2],)) for n in range(12)],
)


@pytest.mark.parametrize("yardstick", VARIANTS, ids=range(len(VARIANTS)))
@settings(max_examples=8, deadline=None)
@given(st.lists(a_post, min_size=1, max_size=25))
def test_a_yardstick_is_what_its_definition_says(yardstick, told):
    posts = seen(told)

    assert agree(scores(yardstick, posts), defined(yardstick, posts))


@pytest.mark.parametrize("yardstick", VARIANTS, ids=range(len(VARIANTS)))
def test_on_a_night_it_is_what_its_definition_says(yardstick):
    told = scores(yardstick, NIGHT)

    assert agree(told, defined(yardstick, NIGHT))
    assert len(told) > 30


@pytest.mark.parametrize(
    ("yardstick", "twin"),
    [
        (ewma(None), Twin(lag=1)),
        (signitrend(), Twin(lag=1)),
        *((each, Twin(longer_by=1)) for each in VARIANTS),
        *((each, Twin(is_loudest_counted=False)) for each in VARIANTS),
        *((each, Twin(ring=4)) for each in VARIANTS),
        *((each, Twin(warm=300)) for each in VARIANTS),
    ],
)
def test_a_broken_definition_is_told_from_it(yardstick, twin):
    assert not agree(scores(yardstick, NIGHT), defined(yardstick, NIGHT, twin))


@pytest.mark.parametrize("make", YARDSTICKS.values(), ids=YARDSTICKS)
def test_a_lone_spike_scores_above_all_else(make):
    spike = burst(TERMS[0], 2 * QUIET)
    posts = in_order(steady(CHATTER, 0, 3 * QUIET, 19), steady(TERMS[1], 0, 3 * QUIET, 60), spike)

    told = scores(make(), posts)

    best = max(told, key=lambda place: told[place][0])
    assert best == (spike[-1].tick, TERMS[0])
    assert told[best][0] > 5 * make().least


@pytest.mark.parametrize("make", YARDSTICKS.values(), ids=YARDSTICKS)
def test_a_constant_stream_does_not_score(make):
    posts = in_order(steady(CHATTER, 0, 3 * QUIET, 5), steady(TERMS[1], 0, 3 * QUIET, 7))

    assert not scores(make(), posts, make().least)


@pytest.mark.parametrize("make", YARDSTICKS.values(), ids=YARDSTICKS)
def test_scores_are_finite_above_zero_and_in_order(make):
    told = make().given(sightings(NIGHT), Settings(min_sources=1.5), LEAST)

    assert np.isfinite(told.levels).all()
    assert (told.levels[:, LEVEL] >= LEAST).all()
    assert (np.diff(told.ticks) >= 0).all()
    assert len(set(zip(told.ticks, told.keys, strict=True))) == told.ticks.size


@pytest.mark.parametrize("make", YARDSTICKS.values(), ids=YARDSTICKS)
def test_the_order_of_terms_in_a_tick_does_not_matter(make):
    posts = [Seen(p.tick, p.weight, p.source, (*p.terms, TERMS[3])) for p in NIGHT]
    turned = [Seen(p.tick, p.weight, p.source, p.terms[::-1]) for p in posts]

    assert scores(make(), posts) == scores(make(), turned)


@pytest.mark.parametrize("make", YARDSTICKS.values(), ids=YARDSTICKS)
def test_the_future_does_not_matter(make):
    until = 2 * QUIET + 10
    past = [post for post in NIGHT if post.tick <= until]

    told = scores(make(), NIGHT)

    assert scores(make(), past) == {at: one for at, one in told.items() if at[0] <= until}


@pytest.mark.parametrize("make", YARDSTICKS.values(), ids=YARDSTICKS)
def test_a_higher_least_leaves_out_and_changes_nothing(make):
    told = scores(make(), NIGHT)

    fewer = scores(make(), NIGHT, 4.0)

    assert fewer == {place: one for place, one in told.items() if one[0] >= 4.0}
    assert 0 < len(fewer) < len(told)


def test_terms_that_share_a_cell_expect_what_the_louder_one_brings():
    # TERMS[0] is in both cells of a loud term: nothing is left of its burst
    loud = TERMS[0] + (1 << 60)
    posts = in_order(steady(CHATTER, 0, 3 * QUIET, 19), burst(TERMS[0], 2 * QUIET))
    among = in_order(posts, steady(loud, 0, 3 * QUIET, 2))

    alone, shared = scores(signitrend(), posts), scores(signitrend(), among)

    at = (2 * QUIET + 11, TERMS[0])
    assert alone[at][0] > 5
    assert at not in shared
