"""How many sources stand behind a row, and what is counted for a story, by brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.trends.admission import sight
from rtm.trends.state import AUTHOR_BITS, GREW, LOW_BITS, MARKS, SEQ, State
from rtm.trends.table import RING, find_places
from rtm.trends.tally import count_for_story, latest, voices, whole
from tests.trends.plain import Seen
from tests.trends.telling import state_of

START = 1_359_928_800
ROW = 300
SIGHTINGS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 6), st.sampled_from([256, 106, 81, 1])),
    min_size=1,
    max_size=60,
)


def see(state: State, row: int, tick: int, source: int, weight: int, **post: int) -> int:
    """Have a post counted in a row; its number in the stream."""
    seq = int(state.numbers[SEQ])
    at = seq % state.recent_ticks.size
    state.recent_ticks[at], state.recent_sources[at], state.recent_weights[at] = (
        tick,
        source,
        weight,
    )
    state.recent_authors[at] = post.get("author", 0)
    state.recent_marks[at] = post.get("marks", 0)
    state.recent_followers[at] = post.get("followers", -1)
    state.numbers[SEQ] += 1
    find_places(tick, state.places)
    sight(state, row, tick, seq, weight)
    return seq


@given(SIGHTINGS, st.integers(0, 200))
@settings(deadline=None, max_examples=80)
def test_voices_are_the_inverse_simpson_index_of_the_latest_sightings(sightings, back):
    state, plain, tick = STATE, Seen(), START
    state.seen[ROW] = 0
    for gap, source, weight in sightings:
        tick += gap
        see(state, ROW, tick, source, weight)
        plain.sightings.append((tick, weight, source, 0))

    assert voices(state, ROW, tick - back) == pytest.approx(plain.voices(tick - back))


STATE = state_of()


@given(SIGHTINGS, st.integers(0, 200))
@settings(deadline=None, max_examples=80)
def test_a_row_s_latest_posts_are_those_after_a_tick_latest_first(sightings, back):
    state, tick = STATE, START
    state.seen[ROW] = 0
    seen = []
    for gap, source, weight in sightings:
        tick += gap
        seen.append((tick, see(state, ROW, tick, source, weight)))
    found = np.empty(RING, np.int64)

    posts = latest(
        state.rings[ROW],
        state.seen[ROW],
        state.numbers[SEQ],
        state.recent_ticks,
        tick - back,
        found,
    )

    expected = [seq for at, seq in reversed(seen[-RING:]) if at > tick - back]
    assert found[:posts].tolist() == expected


def test_no_sighting_since_then_is_no_voice():
    state = state_of()
    see(state, ROW, START, 1, 256)

    assert voices(state, ROW, START + 1) == (0.0, 1.0)
    assert voices(state, ROW, START) == (1.0, 1.0)


def test_the_loudest_share_goes_by_weight():
    state = state_of()
    for source, weight in [(1, 256), (2, 256), (3, 512), (4, 0)]:
        see(state, ROW, START, source, weight)

    assert voices(state, ROW, START) == (4.0, 0.5)


def test_only_the_latest_sightings_are_looked_at():
    state = state_of()
    for n in range(100):
        see(state, ROW, START, 7 if n < 100 - RING else n, 256)

    assert voices(state, ROW, START) == (float(RING), 1 / RING)


def test_posts_that_the_stream_no_longer_remembers_are_no_voices():
    state = state_of()
    see(state, ROW, START, 1, 256)
    for n in range(state.recent_ticks.size):
        see(state, ROW + 1, START, 2 + n, 256)

    assert voices(state, ROW, START) == (0.0, 1.0)


@given(st.integers(1, 2**40), st.integers(1, 2**20))
def test_a_number_is_whole_again_from_its_low_bits(seq, back):
    before = max(0, seq - back)

    assert whole(seq, before & LOW_BITS) == before


def test_numbers_go_on_when_the_low_bits_wrap():
    state = state_of()
    state.numbers[SEQ] = LOW_BITS - 3
    for source in range(8):
        see(state, ROW, START, source, 256)

    assert voices(state, ROW, START) == (8.0, 1 / 8)


SLOT = 5


def count(state: State, seq: int, tick: int, quiet_s: int = 1800) -> None:
    find_places(tick, state.places)
    count_for_story(state, SLOT, seq, tick, quiet_s)


def test_a_post_with_several_terms_of_a_story_counts_once():
    state = opened()
    seq = see(state, ROW, START, 1, 256)

    count(state, seq, START)
    count(state, seq, START)

    assert state.story_posts[SLOT] == 1


def test_followers_are_summed_once_for_each_author():
    state = opened()
    for author, followers in [(11, 100), (12, 40), (11, 100), (13, -1), (0, 7_000)]:
        count(state, see(state, ROW, START, 1, 256, author=author, followers=followers), START)

    assert state.story_followers[SLOT].tolist() == [140, 2]
    assert state.story_known[SLOT] == 4
    assert int(state.story_authors[SLOT].sum()) == 3


def test_marks_are_counted_by_kind():
    state = opened()
    for marks in (0b0000001, 0b1000001, 0b1000000):
        count(state, see(state, ROW, START, 1, 256, marks=marks), START)

    assert state.story_marks[SLOT].tolist() == [2, 0, 0, 0, 0, 0, 2, *[0] * (MARKS - 7)]


def test_a_story_that_was_quiet_for_too_long_takes_no_more_posts():
    state = opened()
    count(state, see(state, ROW, START, 1, 256), START)

    count(state, see(state, ROW, START + 60, 1, 256), START + 60, quiet_s=60)
    count(state, see(state, ROW, START + 121, 1, 256), START + 121, quiet_s=60)

    assert state.story_posts[SLOT] == 2


def test_a_story_says_when_it_has_the_size_asked_for():
    state = opened()
    state.story_next[SLOT] = 3
    grew = []

    for n in range(4):
        state.numbers[GREW] = 0
        count(state, see(state, ROW, START + n, 1, 256), START + n)
        grew.append(int(state.numbers[GREW]))

    assert grew == [0, 0, 1, 1]


def opened() -> State:
    state = state_of()
    state.story_latest[SLOT] = -1
    state.story_next[SLOT] = 1 << 40
    state.last[1 + SLOT] = START
    return state


def test_a_story_has_a_place_for_each_of_many_authors():
    assert np.log2(AUTHOR_BITS) == 12
