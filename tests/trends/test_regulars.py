"""Who was heard before: against a plain dictionary, and bounded."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.trends.regulars import (
    DAYS,
    FIRST,
    HOURS,
    KEY,
    LAST,
    POSTS,
    REPLIES,
    WAYS,
    meet,
    met,
    no_regulars,
)

START = 1_359_928_800


def told(posts: list[tuple[int, int, int]], bits: int = 10) -> np.ndarray:
    """Return a table told of posts (author, tick, is a reply)."""
    table = no_regulars(bits)
    for author, tick, is_reply in posts:
        meet(table, np.uint64(author), tick, is_reply)
    return table


@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(0, 9_000), st.integers(0, 1)), max_size=80)
)
@settings(deadline=None, max_examples=50)
def test_authors_are_remembered_as_they_took_part(posts):
    tick = START
    plain: dict[int, list[tuple[int, int]]] = {}
    moved = []
    for author, gap, is_reply in posts:
        tick += gap
        moved.append((author, tick, is_reply))
        plain.setdefault(author, []).append((tick, is_reply))
    table = told(moved)

    for author, theirs in plain.items():
        (row,) = met(table, np.array([author], np.uint64))
        ticks = [tick for tick, _ in theirs]
        assert (row[FIRST], row[LAST], row[POSTS]) == (ticks[0], ticks[-1], len(ticks))
        assert row[REPLIES] == sum(is_reply for _, is_reply in theirs)
        assert row[HOURS] == len({tick // 3600 for tick in ticks})
        assert row[DAYS] == len({tick // 86_400 for tick in ticks})


def test_who_was_not_heard_or_is_unknown_is_nobody():
    table = told([(5, START, 0)])

    assert not met(table, np.array([0, 6], np.uint64)).any()


def test_whoever_was_heard_least_lately_makes_room():
    step = (1 << 4) // WAYS  # authors of one bucket
    crowd = [(1 + n * step, START + n, 0) for n in range(WAYS)]
    again = (1, START + 50, 0)

    table = told([*crowd, again, (1 + 99 * step, START + 60, 0)], bits=4)

    kept = met(table, np.array([author for author, _, _ in crowd], np.uint64))[:, KEY] != 0
    assert kept.tolist() == [True, False, True, True]


def test_keys_of_the_upper_half_are_found():
    high = (1 << 64) - 3

    assert met(told([(high, START, 1)]), np.array([high], np.uint64))[0, POSTS] == 1


@pytest.mark.parametrize("bits", [4, 8])
def test_the_table_does_not_grow(bits):
    rng = random.Random(1)

    table = told([(rng.randrange(1, 1 << 64), START + n, 0) for n in range(2000)], bits)

    assert table.shape[0] == 1 << bits
    assert (table[:, KEY] != 0).all()
