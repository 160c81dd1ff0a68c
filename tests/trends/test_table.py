"""The table of live terms against dicts: windows, history, places, and what the sketch keeps."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.trends.table import (
    ABSENT,
    BLOCKS,
    CELLS,
    DAY_DECAY,
    FORGOTTEN,
    HOUR_DECAY,
    MEMO,
    MEMO_BLOCK,
    STALE,
    WAYS,
    WINDOWS,
    add,
    advance,
    find_places,
    place_of,
    power,
    remember,
    remembered,
    sums,
    vacancy,
)
from tests.trends.plain import HALF_LIVES, Seen

START = 1_359_928_800
GAPS = st.sampled_from([0, 1, 2, 14, 15, 16, 59, 61, 299, 300, 301, 900, 3_599, 3_600, 90_000])
STEPS = st.lists(
    st.tuples(GAPS | st.integers(0, 8_000) | st.just(28 * 86_400), st.integers(1, 300)),
    min_size=1,
    max_size=40,
)


class Told:
    """A row and its plain form, told the same."""

    def __init__(self, start: int = START) -> None:
        self.cells, self.past = np.zeros(CELLS, np.int64), np.zeros(2)
        self.memo = np.full(MEMO, STALE)
        self.places = np.zeros(4, np.int64)
        self.tick, self.seen = start, Seen()

    def add(self, tick: int, weight: int) -> None:
        advance(self.cells, self.past, self.tick, tick)
        self.tick = tick
        find_places(tick, self.places)
        add(self.cells, self.places, weight)
        self.seen.sightings.append((tick, weight, 0, 0))

    def sums(self) -> tuple[np.ndarray, np.ndarray]:
        found = np.zeros((3, WINDOWS))
        sums(self.cells, self.past, self.memo, self.tick, found)
        return found[0], found[1:]

    def plain_counts(self) -> list[int]:
        return [self.seen.count(window, self.tick) for window in range(WINDOWS)]

    def plain_history(self) -> list[list[float]]:
        return [
            [self.seen.history(window, self.tick, half_life) for window in range(WINDOWS)]
            for half_life in HALF_LIVES
        ]


@given(STEPS, st.integers(0, 4_000))
@settings(deadline=None, max_examples=150)
def test_windows_and_history_are_those_of_all_posts_looked_at_again(steps, offset):
    row = Told(START + offset)

    for gap, weight in steps:
        row.add(row.tick + gap, weight)
        counts, history = row.sums()

        assert counts.tolist() == row.plain_counts()
        np.testing.assert_allclose(history, row.plain_history(), rtol=1e-9, atol=1e-9)


@given(STEPS, st.lists(st.integers(0, 5_000), max_size=6))
@settings(deadline=None, max_examples=60)
def test_moving_on_in_steps_is_moving_on_at_once(steps, stops):
    row = Told()
    for gap, weight in steps:
        row.add(row.tick + gap, weight)
    cells, past = row.cells.copy(), row.past.copy()
    end = row.tick + sum(stops)

    advance(row.cells, row.past, row.tick, end)
    tick = row.tick
    for stop in stops:
        advance(cells, past, tick, tick + stop)
        tick += stop

    # cells of seconds may hold what is old: they are cleared when the second comes, and are equal
    assert cells.tolist() == row.cells.tolist()
    np.testing.assert_allclose(past, row.past, rtol=1e-12)


def test_moving_back_changes_nothing():
    row = Told()
    row.add(START + 10, 256)
    before = row.cells.copy()

    advance(row.cells, row.past, START + 10, START + 3)

    assert row.cells.tolist() == before.tolist()


def test_a_whole_window_that_was_counted_wrong_is_noticed():
    row = Told()
    row.add(START, 256)
    row.add(START + 14, 256)

    row.seen.sightings[0] = (START - 1, 256, 0, 0)

    assert row.sums()[0].tolist() != row.plain_counts()


def test_the_memo_changes_no_sum():
    kept, fresh = Told(), Told()
    for n in range(600):
        kept.add(START + n * 7, 1 + n % 256)
        fresh.add(START + n * 7, 1 + n % 256)
        fresh.memo[MEMO_BLOCK] = STALE

        assert [part.tolist() for part in kept.sums()] == [part.tolist() for part in fresh.sums()]


def test_counts_beyond_32_bits_are_exact():
    row = Told()
    for n in range(300):
        row.add(START + n, 50_000 * 256)

    assert row.sums()[0][4] == 300 * 50_000 * 256


@given(st.integers(0, FORGOTTEN))
def test_a_power_is_that_of_the_library(exponent):
    assert power(DAY_DECAY, exponent) == pytest.approx(DAY_DECAY**exponent, rel=1e-10)
    assert power(HOUR_DECAY, exponent) == pytest.approx(HOUR_DECAY**exponent, rel=1e-9, abs=1e-300)


def test_half_lives_are_an_hour_and_a_day():
    assert power(HOUR_DECAY, 12) == pytest.approx(0.5, rel=1e-12)
    assert power(DAY_DECAY, 288) == pytest.approx(0.5, rel=1e-12)
    assert power(DAY_DECAY, FORGOTTEN + 1) == 0.0


BITS, FIRST = 5, 3
KEYS = st.integers(1, 2**64 - 1) | st.integers(1, 31).map(lambda n: n << 59 | n)


@given(st.lists(st.tuples(KEYS, st.integers(0, 20)), max_size=120))
@settings(deadline=None)
def test_a_full_bucket_gives_up_the_row_of_smallest_tick_and_key(told):
    keys, last = np.zeros(FIRST + (1 << BITS), np.uint64), np.zeros(FIRST + (1 << BITS), np.int64)
    plain: dict[int, dict[int, int]] = defaultdict(dict)  # bucket, key, tick

    for key, tick in told:
        bucket = plain[key >> (64 - BITS + 3)]
        row = place_of(keys, np.uint64(key), BITS, FIRST)
        assert (row != ABSENT) == (key in bucket)
        if row == ABSENT:
            row = vacancy(keys, last, np.uint64(key), BITS, FIRST)
            given_up = min(bucket, key=lambda one: (bucket[one], one)) if len(bucket) == WAYS else 0
            assert int(keys[row]) == given_up
            bucket.pop(given_up, None)
        keys[row], last[row] = key, tick
        bucket[key] = tick

    assert set(keys.tolist()) - {0} == {key for bucket in plain.values() for key in bucket}
    assert not keys[:FIRST].any()


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 300), st.floats(1, 1e6)), max_size=60))
@settings(deadline=None)
def test_the_sketch_never_remembers_less_than_it_was_told(told):
    sketch = np.zeros((2, 16, 2), np.float32)
    block = START // BLOCKS
    kept: dict[int, tuple[float, int]] = {}

    for number, gap, weight in told:
        key = np.uint64(number * 0x9E3779B97F4A7C15 % 2**64)
        block += gap
        remember(sketch, key, block, weight)
        kept[int(key)] = max(weight, decayed(kept, int(key), block)), block

        for other in kept:
            assert remembered(sketch, np.uint64(other), block) >= decayed(kept, other, block) * (
                1 - 1e-6
            )


def decayed(kept: dict[int, tuple[float, int]], key: int, block: int) -> float:
    weight, since = kept.get(key, (0.0, block))
    return weight * float(power(DAY_DECAY, block - since))


def test_a_roomy_sketch_remembers_exactly_and_of_others_nothing():
    sketch = np.zeros((2, 1 << 12, 2), np.float32)
    block = START // BLOCKS

    remember(sketch, np.uint64(0x123456789ABCDEF0), block, 512.0)

    assert remembered(sketch, np.uint64(0x123456789ABCDEF0), block) == 512.0
    assert remembered(sketch, np.uint64(0x123456789ABCDEF0), block + 288) == pytest.approx(256.0)
    assert remembered(sketch, np.uint64(0x0FEDCBA987654321), block) == 0.0
