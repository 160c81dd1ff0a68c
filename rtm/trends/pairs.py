"""Two common words, new together: a sample of all pairs of terms in a post, counted as terms are.

A pair has a key of its own, made of both terms' keys. It takes part if that key falls into a fixed
share of all keys: so a pair is counted in every post or in none, and what is counted of it is
exact. Pairs are many, so they are counted only while the stream is slow; and as their past is
missing when they were not, their share is one of the posts whose pairs were counted.
"""

import numpy as np
from numba import types
from numpy.typing import NDArray

from rtm.compiled import compiled
from rtm.text import keys
from rtm.text.keys import chained, mixed
from rtm.trends.admission import move_on
from rtm.trends.judge import warm_windows
from rtm.trends.settings import Settings
from rtm.trends.state import (
    FIRST_TICK,
    NO_TICK,
    PAIRED_SINCE,
    PAIRED_TERMS,
    SETTINGS_TYPE,
    STATE_TYPE,
    State,
)
from rtm.trends.table import MINUTES, MINUTES_AT, MINUTES_CELLS, PAIRED, STREAM, UNIT, add, sums

QUARTER = np.uint64(16)  # bits; a pair's key is one whose four quarters cancel each other out
LOWEST = np.uint64((1 << 16) - 1)
EVERY = float(1 << 16)  # of so many lowest quarters a share is counted
PACE_S = float(MINUTES * MINUTES_CELLS)


@compiled("uint64(uint64)")
def _folded(key: np.uint64) -> np.uint64:
    half = key ^ (key >> (QUARTER + QUARTER))
    return (half ^ (half >> QUARTER)) & LOWEST


@compiled("boolean(uint64)")
def is_pair(key: np.uint64) -> bool:
    """Tell whether a key is a pair's; so says one in 65,536 of other keys.

    Such a term is judged as pairs are, from when they were warm; it keeps its name.
    """
    return bool(_folded(key) == np.uint64(0))


@compiled("int64(uint64[::1], int64, int64, float64, uint64[::1])")
def pairs_of(
    terms: NDArray[np.uint64], first: int, behind: int, share: float, found: NDArray[np.uint64]
) -> int:
    """Fill ``found`` with the keys of a post's pairs that take part; returns how many.

    Only its first ``PAIRED_TERMS`` terms have pairs, whichever of the two is said first.
    """
    pairs = 0
    behind = min(behind, first + PAIRED_TERMS)
    for i in range(first, behind):
        for j in range(i + 1, behind):
            low, high = min(terms[i], terms[j]), max(terms[i], terms[j])
            key = mixed(chained(low, high))
            # the lowest bits choose, and are then given up for the mark
            if np.float64(key & LOWEST) < share * EVERY:
                found[pairs] = key ^ _folded(key)
                pairs += 1
    return pairs


def key_of(one: int, other: int) -> int:
    """Return the key of a pair of terms, in either order: the plain form of one in ``pairs_of``.

    >>> key_of(7, 11) == key_of(11, 7), bool(is_pair(np.uint64(key_of(7, 11))))
    (True, True)
    """
    key = keys.mix(keys.chain(min(one, other), max(one, other)))
    return key ^ (key ^ key >> 16 ^ key >> 32 ^ key >> 48) & int(LOWEST)


def takes_part(one: int, other: int, share: float) -> bool:
    """Tell whether a pair of terms is in the sample: the plain form of what ``pairs_of`` asks.

    >>> takes_part(7, 11, 1.0), takes_part(7, 11, 0.0)
    (True, False)
    """
    key = keys.mix(keys.chain(min(one, other), max(one, other)))
    return (key & int(LOWEST)) < share * EVERY


@compiled(types.void(STATE_TYPE, SETTINGS_TYPE, types.int64))
def switch_pairs(state: State, settings: Settings, tick: int) -> None:
    """Decide whether the pairs of a tick are counted, by the stream's last five minutes.

    The stream must have been moved on to the tick, and none of its posts be counted yet.
    """
    numbers = state.numbers
    weight = np.int64(0)
    for cell in range(MINUTES_AT, MINUTES_AT + MINUTES_CELLS):
        weight += state.cells[STREAM, cell]
    if weight >= settings.pair_rate * PACE_S * UNIT:
        numbers[PAIRED_SINCE] = NO_TICK
    elif numbers[PAIRED_SINCE] == NO_TICK:
        numbers[PAIRED_SINCE] = tick


@compiled(types.int64(STATE_TYPE, types.int64))
def weigh_paired(state: State, tick: int) -> int:
    """Sum up the posts whose pairs are counted; returns how many windows speak of pairs."""
    since = state.numbers[PAIRED_SINCE]
    if since == NO_TICK:
        return 0
    row = PAIRED
    sums(state.cells[row], state.past[row], state.memos[row], tick, state.paired)
    return warm_windows(tick - max(since, state.numbers[FIRST_TICK]))


@compiled(
    types.int64(
        STATE_TYPE,
        SETTINGS_TYPE,
        types.uint64[::1],
        types.int64,
        types.int64,
        types.int64,
        types.int64,
    )
)
def count_paired(
    state: State,
    settings: Settings,
    terms: NDArray[np.uint64],
    first: int,
    behind: int,
    tick: int,
    weight: int,
) -> int:
    """Count a post as one whose pairs are counted, and find these; returns how many."""
    move_on(state, PAIRED, tick)
    add(state.cells[PAIRED], state.places, weight)
    return pairs_of(terms, first, behind, settings.pair_share, state.pairs)


@compiled(types.void(STATE_TYPE))
def swap_streams(state: State) -> None:
    """Have ``judge`` take a row as a share of the posts whose pairs are counted, and back."""
    for sums_of in range(state.stream.shape[0]):
        for window in range(state.stream.shape[1]):
            kept = state.stream[sums_of, window]
            state.stream[sums_of, window] = state.paired[sums_of, window]
            state.paired[sums_of, window] = kept
