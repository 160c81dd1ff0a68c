"""Who is counted: repeats of one author are not, and a term gets its row at the third sighting."""

import numpy as np
from numba import types

from rtm.compiled import compiled
from rtm.text.keys import mixed
from rtm.trends.settings import Settings
from rtm.trends.state import (
    FILTER,
    LOW_BITS,
    NO_STORY,
    OLD_PAIRS,
    SETTINGS_TYPE,
    STATE_TYPE,
    YOUNG_PAIRS,
    State,
)
from rtm.trends.table import (
    ABSENT,
    BLOCKS,
    BLOCKS_AT,
    CELLS,
    FIRST_TERM,
    MEMO_BLOCK,
    RING,
    STALE,
    add,
    advance,
    find_places,
    place_of,
    remember,
    remembered,
    vacancy,
)
from rtm.trends.trigger import PEAK, SINCE, UNTIL

PROBES = 4  # bits set for each (author, term) pair
PAIR_BITS = 16  # bits a pair: 0.25 % of first sightings are taken for repeats
PROBATION = 2  # sightings that wait before the third gives a term its row
FILTER_S = 900  # seconds in which a repeat is found for certain


@compiled(types.boolean(STATE_TYPE, types.uint64))
def is_repeat(state: State, pair: np.uint64) -> bool:
    """Tell whether an (author, term) pair was seen in the last 15 minutes, and note it.

    One first sighting in 400 is taken for a repeat. When pairs come faster than the filters hold,
    they turn early and look back less far.
    """
    # two filters; the old one is cleared and turned young when the young is full or 15 minutes old
    young = state.numbers[FILTER] & 1
    bits = np.uint64(state.filters.shape[1] * 64 - 1)
    in_young, in_old = True, True
    for _ in range(PROBES):
        pair = mixed(pair)
        bit = pair & bits
        word = np.int64(bit >> np.uint64(6))
        mask = np.uint64(1) << (bit & np.uint64(63))
        in_young = in_young and (state.filters[young, word] & mask) != np.uint64(0)
        in_old = in_old and (state.filters[1 - young, word] & mask) != np.uint64(0)
        state.filters[young, word] |= mask
    if not in_young:
        state.numbers[YOUNG_PAIRS] += 1
    return in_young or in_old


@compiled(types.void(STATE_TYPE, types.int64))
def turn_filters(state: State, tick: int) -> None:
    """Clear the old filter and make it the young one, when it is time."""
    # numbers[FILTER] is the tick-based turn: its last bit names the young filter
    is_full = state.numbers[YOUNG_PAIRS] * PAIR_BITS > state.filters.shape[1] * 64
    turn = tick // FILTER_S
    before = state.numbers[FILTER] >> 1
    is_old = turn != before
    if not is_full and not is_old:
        return
    young = 1 - (state.numbers[FILTER] & 1)
    state.numbers[FILTER] = turn << 1 | young
    if state.numbers[OLD_PAIRS]:  # else it is clear: streams without authors note nothing
        for word in range(state.filters.shape[1]):
            state.filters[young, word] = 0
    state.numbers[OLD_PAIRS] = state.numbers[YOUNG_PAIRS]
    state.numbers[YOUNG_PAIRS] = 0
    if turn > before + 1 and state.numbers[OLD_PAIRS]:  # after a silence this one is too old too
        for word in range(state.filters.shape[1]):
            state.filters[1 - young, word] = 0
        state.numbers[OLD_PAIRS] = 0


@compiled(types.void(STATE_TYPE, types.int64, types.int64))
def move_on(state: State, row: int, tick: int) -> None:
    """Move a row on to a tick that is not before its own."""
    if state.last[row] != tick:
        advance(state.cells[row], state.past[row], state.last[row], tick)
        state.last[row] = tick


@compiled(types.void(STATE_TYPE, types.int64, types.int64, types.int64, types.int64))
def sight(state: State, row: int, tick: int, seq: int, weight: int) -> None:
    """Count a sighting in a row at the open tick, whose places are worked out."""
    move_on(state, row, tick)
    add(state.cells[row], state.places, weight)
    state.rings[row, state.seen[row] % RING] = seq & LOW_BITS
    state.seen[row] += 1


@compiled(types.void(STATE_TYPE, types.int64, types.int64))
def _forget(state: State, row: int, block: int) -> None:
    # what a row knew goes to the sketch, as a decayed count of now
    advance(state.cells[row], state.past[row], state.last[row], block * BLOCKS)
    weight = state.past[row, 1]
    for cell in range(BLOCKS_AT, CELLS):
        weight += state.cells[row, cell]
    remember(state.sketch, state.keys[row], block, weight)


@compiled(types.void(STATE_TYPE, types.int64))
def clear(state: State, row: int) -> None:
    """Empty a row for whoever takes it next."""
    for cell in range(CELLS):
        state.cells[row, cell] = 0
    state.past[row, 0] = 0.0
    state.past[row, 1] = 0.0
    state.memos[row, MEMO_BLOCK] = STALE
    state.seen[row] = 0
    state.story[row] = NO_STORY
    for place in (PEAK, SINCE, UNTIL):
        state.triggers[row, place] = 0.0


@compiled(
    types.int64(
        STATE_TYPE,
        SETTINGS_TYPE,
        types.uint64,
        types.int64,
        types.int64,
        types.int64,
        types.int64,
    )
)
def admit(
    state: State,
    settings: Settings,
    key: np.uint64,
    tick: int,
    seq: int,
    weight: int,
    place: int,
) -> int:
    """Note the first and second sighting of a key without a row; the third gives it one.

    ``place`` is where the key waited a moment ago, or ``ABSENT``. Returns the row, with the two
    earlier sightings counted, or ``ABSENT``.
    """
    if place == ABSENT or state.probation_keys[place] != key:
        place = place_of(state.probation_keys, key, settings.probation_bits, 0)
    block = tick // BLOCKS
    if place == ABSENT:
        ticks = state.probation_ticks
        place = vacancy(state.probation_keys, ticks, key, settings.probation_bits, 0)
        waiting = state.probation[place]
        old = state.probation_keys[place]
        if old != np.uint64(0):
            kept = remembered(state.sketch, old, block)
            for sighting in range(waiting[0]):
                kept += waiting[3 + 3 * sighting]
            remember(state.sketch, old, block, kept)
        state.probation_keys[place] = key
        waiting[0] = 0
    waiting = state.probation[place]
    sightings = waiting[0]
    if sightings < PROBATION:
        state.probation_ticks[place] = tick
        waiting[0] = sightings + 1
        waiting[1 + 3 * sightings] = tick
        waiting[2 + 3 * sightings] = seq
        waiting[3 + 3 * sightings] = weight
        return ABSENT
    row = vacancy(state.keys, state.last, key, settings.row_bits, FIRST_TERM)
    if state.keys[row] != np.uint64(0):
        _forget(state, row, block)
    clear(state, row)
    state.keys[row] = key
    state.last[row] = waiting[1]
    for sighting in range(PROBATION):
        at = waiting[1 + 3 * sighting]
        find_places(at, state.places)
        sight(state, row, at, waiting[2 + 3 * sighting], waiting[3 + 3 * sighting])
    find_places(tick, state.places)
    move_on(state, row, tick)
    state.past[row, 1] += remembered(state.sketch, key, block)
    state.probation_keys[place] = np.uint64(0)
    return row
