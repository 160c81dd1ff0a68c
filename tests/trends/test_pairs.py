"""Pairs of terms: a sample by key, counted as terms are, while the stream is slow."""

import random
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.text.keys import word_key
from rtm.trends.pairs import is_pair, key_of, pairs_of, takes_part
from rtm.trends.settings import Settings
from rtm.trends.state import NO_TICK, PAIRED_SINCE, PAIRED_TERMS, PAIRS_MOST
from tests.planted import Said, about, apart, events_of, happening, never_neighbours, talk
from tests.streams import WITH_PAIRS, WORDS
from tests.trends import plain
from tests.trends.plain import Plain, Row
from tests.trends.telling import fired, fired_in_frames, state_of
from tests.trends.test_kernel import LOUD, TERMS, rows_by

KEYS = st.integers(1, 2**64 - 1)
PAIRED = LOUD._replace(pair_rate=0.2, pair_share=0.7, row_bits=13, probation_bits=13)
START = 1_359_928_800
ONE, OTHER = word_key("lamps"), word_key("singer")
BOTH = key_of(ONE, OTHER)


def found(terms: list[int], share: float) -> list[int]:
    pairs = np.zeros(PAIRS_MOST, np.uint64)
    many = pairs_of(np.array(terms, np.uint64), 0, len(terms), share, pairs)
    return [int(key) for key in pairs[:many]]


@given(st.lists(KEYS, max_size=30, unique=True), st.floats(0, 1))
def test_a_posts_pairs_are_those_of_the_plain_forms(terms, share):
    paired = combinations(terms[:PAIRED_TERMS], 2)

    pairs = found(terms, share)

    assert pairs == plain.pairs_of(terms, share)
    assert pairs == [key_of(*two) for two in paired if takes_part(*two, share)]
    assert all(is_pair(np.uint64(key)) for key in pairs)


@given(st.lists(KEYS, min_size=2, max_size=12, unique=True), st.randoms())
def test_the_order_of_terms_changes_no_pair(terms, rng):
    shuffled = rng.sample(terms, len(terms))

    assert sorted(found(shuffled, 0.5)) == sorted(found(terms, 0.5))


@pytest.mark.parametrize("share", [0.05, 0.25, 0.9])
def test_the_sample_is_as_large_as_asked_and_grows_by_share(share):
    terms = [word_key(f"word{n}") for n in range(600)]
    posts = [terms[n : n + 16] for n in range(0, 592, 16)]

    pairs = [key for post in posts for key in found(post, share)]

    assert len(pairs) == pytest.approx(share * 37 * PAIRS_MOST, rel=0.1)
    assert set(pairs) <= {key for post in posts for key in found(post, min(1.0, share + 0.1))}


def test_few_other_keys_are_taken_for_pairs():
    taken = sum(bool(is_pair(np.uint64(word_key(f"word{n}")))) for n in range(40_000))

    assert taken <= 5


def meeting(rows: list[Row], seed: int) -> list[Row]:
    """Return rows of which a stretch says two words, or two others, together."""
    rng = random.Random(seed)
    first, second = (rng.sample(TERMS[:12], 2) for _ in range(2))
    stretch = range(rng.randrange(120, 300), 360)
    return [
        replace(row, terms=tuple(dict.fromkeys((*(first if n % 3 else second), *row.terms))))
        if n in stretch and row.terms
        else row
        for n, row in enumerate(rows)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_pairs_fire_as_the_plain_form_does(seed):
    rows = meeting(rows_by(seed, ticks=500), seed)

    expected = list(Plain(PAIRED).fired(rows))

    assert fired(rows, state_of(PAIRED), PAIRED) == expected
    assert any(is_pair(np.uint64(term)) for _, term, _ in expected)


@given(st.integers(0, 2**32), st.sampled_from([0.05, 0.2, 0.5, 1e9]), st.floats(0.1, 1.0))
@settings(deadline=None, max_examples=12)
def test_any_small_stream_fires_as_in_the_plain_form_with_pairs(seed, rate, share):
    chosen = PAIRED._replace(pair_rate=rate, pair_share=share)
    rows = meeting(rows_by(seed, ticks=160), seed)

    assert fired(rows, state_of(chosen), chosen) == list(Plain(chosen).fired(rows))


@given(st.integers(0, 2**32), st.lists(st.integers(0, 300), max_size=12))
@settings(deadline=None, max_examples=12)
def test_frames_cut_between_ticks_fire_alike_with_pairs(seed, cuts):
    rows = meeting(rows_by(seed, ticks=160), seed)

    assert fired_in_frames(rows, cuts, PAIRED) == fired(rows, state_of(PAIRED), PAIRED)


def crowd(since: int, until: int, posts: int, together: bool = False) -> list[Row]:
    """Return so many posts a second; every fifth says the one word or the other, or both."""
    rng = random.Random(since)
    rows = []
    for n in range((until - since) * posts):
        own = (rng.getrandbits(60), rng.getrandbits(60))
        said = (ONE, OTHER) if together else ((ONE,), (OTHER,))[n % 2]
        rows.append(
            Row(START + since + n // posts, (*said, *own) if n % 5 < 2 else own, source=1 + n)
        )
    return rows


def together(second: int, posts: int = 12) -> list[Row]:
    return [Row(START + second + n, (ONE, OTHER), source=9_000_000 + n) for n in range(posts)]


def told(*parts: list[Row], rate: float = 5.0) -> list[int]:
    """Return when the pair of the two words fires, in seconds."""
    chosen = PAIRED._replace(pair_rate=rate, pair_share=1.0, prior_total=500.0)
    rows = sorted((row for part in parts for row in part), key=lambda row: row.tick)
    events = fired(rows, state_of(chosen), chosen)
    return [tick - START for tick, term, _ in events if term == BOTH]


def test_two_common_words_fire_when_they_are_said_together():
    assert told(crowd(0, 900, 2), together(600))
    assert not told(crowd(0, 900, 2))


def test_above_the_rate_no_pair_is_counted():
    rows = crowd(0, 900, 2)
    chosen = PAIRED._replace(pair_rate=1.0, pair_share=1.0)
    state = state_of(chosen)

    fired(rows, state, chosen)

    assert state.numbers[PAIRED_SINCE] == NO_TICK
    late = {int(key) for key in state.probation_keys[state.probation_ticks > START + 400]}
    assert late
    assert sum(is_pair(np.uint64(key)) for key in late) <= 1
    assert not told(rows, together(600), rate=1.0)


def test_after_a_rush_pairs_speak_when_they_are_warm_again():
    # the rush has left the last five minutes by second 960, and four times 15 s later pairs speak
    slow, rush, later = crowd(0, 600, 2), crowd(600, 720, 60), crowd(720, 1_500, 2)

    assert not told(slow, rush, later, together(700))
    assert told(slow, rush, later, together(930, 60)) == []
    assert told(slow, rush, later, together(930, 120))[0] == 1_020
    assert told(slow, rush, later, together(1_100))


def test_what_was_always_together_is_no_news_after_a_rush():
    # its past is as short as that of the posts it is a share of
    always = crowd(0, 600, 2, True), crowd(600, 720, 60, True), crowd(720, 2_000, 2, True)

    assert not [second for second in told(*always) if second > 300]


def with_pairs(on: bool) -> Settings:
    return WITH_PAIRS if on else WITH_PAIRS._replace(pair_rate=0.0)


def test_two_common_words_new_together_are_a_story_only_with_pairs():
    said = apart(3_000), never_neighbours(2_400)

    (story,) = about(events_of(*said, settings=with_pairs(True)), "singer")

    assert story.terms[0] in ("lamps + singer", "singer + lamps")
    assert "lamps" in story.title
    assert about(events_of(*said, settings=with_pairs(False)), "singer") == []


def test_two_common_words_that_were_always_together_are_silent():
    said = [
        Said(n, f"lamps {WORDS[n % 899]} singer" if n % 2 else WORDS[n % 997], f"p{n}")
        for n in range(3_000)
    ]

    assert about(events_of(said, settings=with_pairs(True)), "singer") == []


def test_a_pair_says_nothing_new_when_its_words_are_hot():
    said = talk(900), happening(600, "lamps dark singer", posts=12)

    stories = about(events_of(*said, settings=with_pairs(True)), "lamps")

    assert [term for story in stories for term in story.terms if "+" in term] == []
    assert len(stories) == 1
