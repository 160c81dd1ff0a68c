"""Who is counted: repeats are found, two sightings wait, the third gives a term its row."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.text.keys import word_key
from rtm.trends.admission import FILTER_S, admit, is_repeat, sight, turn_filters
from rtm.trends.settings import Settings
from rtm.trends.state import NO_STORY, SEQ, State
from rtm.trends.table import (
    ABSENT,
    BLOCKS,
    CELLS,
    FIRST_TERM,
    STREAM,
    find_places,
    place_of,
    remembered,
)
from tests.trends.telling import ROOMY, state_of

START = 1_359_928_800
KEY = word_key("lights")
TINY = ROOMY._replace(row_bits=4, probation_bits=4, sketch_bits=10)


def told(state: State, key: int, tick: int, weight: int = 256, chosen: Settings = ROOMY) -> int:
    """Have a term sighted as the kernel does; its row, or ABSENT while it waits."""
    seq = int(state.numbers[SEQ])
    state.numbers[SEQ] += 1
    find_places(tick, state.places)
    row = int(place_of(state.keys, np.uint64(key), chosen.row_bits, FIRST_TERM))
    if row == ABSENT:
        row = int(admit(state, chosen, np.uint64(key), tick, seq, weight, ABSENT))
    if row != ABSENT:
        sight(state, row, tick, seq, weight)
    return row


GAPS = st.sampled_from([0, 1, 20, 299, 300, 700, 3_600, 4_000, 100_000])


@given(st.lists(st.tuples(GAPS, st.integers(1, 256)), min_size=3, max_size=10))
@settings(deadline=None, max_examples=60)
def test_a_term_with_a_row_has_the_cells_of_one_that_had_it_from_the_start(sightings):
    state, exact, tick = state_of(), state_of(), START
    state_row, exact_row = ABSENT, 700
    exact.last[exact_row] = START

    for gap, weight in sightings:
        tick += gap
        state_row = told(state, KEY, tick, weight)
        find_places(tick, exact.places)
        sight(exact, exact_row, tick, int(state.numbers[SEQ]) - 1, weight)

    assert state_row != ABSENT
    assert state.cells[state_row].tolist() == exact.cells[exact_row].tolist()
    np.testing.assert_allclose(state.past[state_row], exact.past[exact_row], rtol=1e-12)
    assert state.rings[state_row].tolist() == exact.rings[exact_row].tolist()
    assert state.seen[state_row] == exact.seen[exact_row] == len(sightings)


def test_the_third_sighting_gives_a_row():
    state = state_of()

    rows = [told(state, KEY, START + n) for n in range(4)]

    assert rows[:2] == [ABSENT, ABSENT]
    assert rows[2] == rows[3] >= FIRST_TERM
    assert KEY not in state.probation_keys.tolist()


def test_a_row_given_to_another_term_starts_from_nothing():
    state = state_of(TINY)
    for n, key in enumerate(keys_of_one_bucket(9)):
        for _ in range(3):
            told(state, key, START + n, chosen=TINY)
        state.story[FIRST_TERM] = 4
        state.triggers[FIRST_TERM] = 9.0

    row = int(place_of(state.keys, np.uint64(keys_of_one_bucket(9)[8]), TINY.row_bits, FIRST_TERM))

    assert row == FIRST_TERM
    assert state.seen[row] == 3
    assert state.cells[row].sum() == 3 * 4 * 256


def keys_of_one_bucket(n: int) -> list[int]:
    return [number * 2_654_435_761 + 12_345 for number in range(1, n + 1)]


def test_a_term_that_was_given_up_comes_back_with_its_past():
    state, old = state_of(TINY), keys_of_one_bucket(30)
    for n in range(40):
        told(state, old[0], START + n, chosen=TINY)
    assert remembered(state.sketch, np.uint64(old[0]), START // BLOCKS) == 0.0

    for n, key in enumerate(old[1:]):
        for _ in range(3):
            told(state, key, START + 400 + n, chosen=TINY)

    assert place_of(state.keys, np.uint64(old[0]), TINY.row_bits, FIRST_TERM) == ABSENT
    rows = [told(state, old[0], START + 4_000 + n, chosen=TINY) for n in range(3)]
    known = state.past[rows[2], 1]
    assert known == pytest.approx(40 * 256 * 2 ** (-12 / 288), rel=1e-4)


def test_terms_given_up_while_they_waited_are_remembered():
    state = state_of(TINY)
    for n, key in enumerate(keys_of_one_bucket(12)):
        told(state, key, START + n, chosen=TINY)
        told(state, key, START + n, chosen=TINY)

    first = np.uint64(keys_of_one_bucket(1)[0])

    assert first not in state.probation_keys
    assert remembered(state.sketch, first, START // BLOCKS) == pytest.approx(512.0)


def test_a_key_seen_three_times_amid_a_flood_has_a_row():
    # in a bucket of eight, seven others may come between the sightings of one that waits
    state, rng = state_of(TINY), random.Random(1)
    flood = [rng.getrandbits(60) for _ in range(14)]

    key_amid = keys_of_one_bucket(1)[0]

    for n, key in enumerate((key_amid, *flood[:7], key_amid, *flood[7:], key_amid)):
        told(state, key, START + n, chosen=TINY)

    assert place_of(state.keys, np.uint64(key_amid), TINY.row_bits, FIRST_TERM) != ABSENT


PAIRS = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 9)), max_size=60)


@given(PAIRS)
@settings(deadline=None, max_examples=60)
def test_a_repeat_within_15_minutes_is_found_for_certain(steps):
    state, tick = state_of(), START
    latest: dict[int, int] = {}

    for gap, pair in steps:
        tick += gap
        turn_filters(state, tick)
        is_found = is_repeat(state, np.uint64(word_key(f"pair{pair}")))

        assert is_found or tick - latest.get(pair, -FILTER_S) >= FILTER_S
        latest[pair] = tick


@pytest.mark.parametrize("gap", [2 * FILTER_S, 5 * FILTER_S, 28 * 86_400])
def test_a_pair_is_new_again_after_twice_15_minutes(gap):
    state = state_of()
    turn_filters(state, START)
    assert not is_repeat(state, np.uint64(KEY))
    assert is_repeat(state, np.uint64(KEY))

    turn_filters(state, START + gap)

    assert not is_repeat(state, np.uint64(KEY))


@pytest.mark.parametrize("author_bits", [16, 21])
def test_fewer_than_one_new_pair_in_100_is_taken_for_a_repeat(author_bits):
    # full filters turn early, so that a flood of pairs makes them look back less far, not err more
    state, rng = state_of(ROOMY._replace(author_bits=author_bits)), random.Random(3)

    wrong = 0
    for n in range(100_000):
        turn_filters(state, START + n // 1_000)
        wrong += is_repeat(state, np.uint64(rng.getrandbits(64)))

    assert wrong < 1_000


def test_filters_that_never_turn_would_err():
    state, rng = state_of(ROOMY._replace(author_bits=16)), random.Random(3)

    wrong = sum(is_repeat(state, np.uint64(rng.getrandbits(64))) for _ in range(100_000))

    assert wrong > 10_000


def test_a_state_that_saw_nothing_knows_no_row_and_no_story():
    state = state_of()

    assert not state.keys.any()
    assert (state.story == NO_STORY).all()
    assert state.cells.shape[1] == CELLS
    assert state.last[STREAM] == 0
