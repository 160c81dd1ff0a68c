"""The counting core: takes rows in (at, id) order, closes ticks, says what fired.

It runs until something happens: a tick in which a term fired or a story reached its next size ends
the run, so that stories see ticks one by one however many rows a frame holds.
"""

import numpy as np
from numba import types

from rtm.compiled import compiled
from rtm.text.keys import chained
from rtm.trends.admission import admit, is_repeat, sight, turn_filters
from rtm.trends.settings import Settings
from rtm.trends.significance import surprise
from rtm.trends.state import (
    FIRED,
    FIRST_TICK,
    GREW,
    LAST_TICK,
    NO_STORY,
    NO_TICK,
    OPEN_TICK,
    ROWS_TYPE,
    SEQ,
    SETTINGS_TYPE,
    STATE_TYPE,
    TICK_MOST,
    TOUCHED,
    Rows,
    State,
)
from rtm.trends.table import (
    ABSENT,
    FIRST_TERM,
    RING,
    STREAM,
    WINDOW_S,
    WINDOWS,
    add,
    advance,
    place_of,
    sums,
)
from rtm.trends.tally import count_for_story, effective_sources, whole
from rtm.trends.trigger import TOUCHED_AT, fires

LOOKS = float(np.log10(WINDOWS))  # the largest of five windows is five looks
WARM_WINDOWS = 3  # a window speaks after three times its length


@compiled(types.void(STATE_TYPE, SETTINGS_TYPE, types.int64))
def _close(state: State, settings: Settings, tick: int) -> None:
    # every term touched in the tick against its own past
    stream_counts, stream_history = state.counts[0], state.history[0]
    counts, history = state.counts[1], state.history[1]
    sums(state.cells[STREAM], state.past[STREAM], tick, stream_counts, stream_history)
    age = tick - state.numbers[FIRST_TICK]
    mask = state.recent_ticks.size - 1
    seq = state.numbers[SEQ]
    fired = 0
    for i in range(state.numbers[TOUCHED]):
        row = state.touched[i]
        third = whole(seq, np.int64(state.rings[row, (state.seen[row] - 3) % RING]))
        if seq - third <= mask and state.recent_ticks[third & mask] <= tick - WINDOW_S[WINDOWS - 1]:
            continue  # not three sightings in the longest window
        sums(state.cells[row], state.past[row], tick, counts, history)
        best, best_window, best_mean = 0.0, 0, 0.0
        for window in range(WINDOWS):
            count = counts[window]
            if age < WARM_WINDOWS * WINDOW_S[window] or count < settings.min_sources:
                continue
            mean, shape = 0.0, 1.0
            for life in range(2):
                known = settings.prior_count + history[life, window]
                expected = stream_counts[window] * known
                expected /= settings.prior_total + stream_history[life, window]
                if expected > mean:
                    mean, shape = expected, known
            shape = 1.0 / (1.0 / shape + settings.dispersion)
            above = count - mean
            variance = mean + mean * mean / shape
            if above <= 0.0 or above * above < settings.min_z * settings.min_z * variance:
                continue
            level = surprise(count, mean, shape) - LOOKS
            if level < settings.hot_floor or level <= best:
                continue
            sources = effective_sources(state, row, tick - WINDOW_S[window] + 1)
            if sources >= settings.min_sources:
                best, best_window, best_mean = level, window, mean
        if best == 0.0 or fired == TICK_MOST:
            continue
        if fires(
            state.triggers[row],
            tick,
            best,
            settings.hot_floor,
            settings.refire,
            settings.quiet_s,
        ):
            state.fired[fired] = row
            state.levels[fired, 0] = best
            state.levels[fired, 1] = best_window
            state.levels[fired, 2] = counts[best_window]
            state.levels[fired, 3] = best_mean
            fired += 1
    state.numbers[FIRED] = fired
    state.numbers[TOUCHED] = 0
    state.numbers[OPEN_TICK] = NO_TICK


@compiled(types.void(STATE_TYPE, SETTINGS_TYPE, types.int64))
def _open(state: State, settings: Settings, tick: int) -> None:
    numbers = state.numbers
    is_first = numbers[FIRST_TICK] == NO_TICK
    if is_first or tick - numbers[LAST_TICK] > settings.gap_s:
        numbers[FIRST_TICK] = tick  # warm up, again after a gap
    if is_first:
        state.last[STREAM] = tick
    advance(state.cells[STREAM], state.past[STREAM], state.last[STREAM], tick)
    state.last[STREAM] = tick
    numbers[LAST_TICK] = tick
    numbers[OPEN_TICK] = tick
    turn_filters(state, tick)


@compiled(types.void(STATE_TYPE, SETTINGS_TYPE, ROWS_TYPE, types.int64))
def _teach(state: State, settings: Settings, rows: Rows, post: int) -> None:
    # a late post belongs to no window any more; what it says is past
    weight = np.float64(rows.weights[post])
    state.past[STREAM, 0] += weight
    state.past[STREAM, 1] += weight
    for i in range(rows.starts[post], rows.starts[post + 1]):
        row = place_of(state.keys, rows.terms[i], settings.row_bits, FIRST_TERM)
        if row != ABSENT:
            state.past[row, 0] += weight
            state.past[row, 1] += weight


@compiled(types.int64(STATE_TYPE, SETTINGS_TYPE, ROWS_TYPE, types.int64))
def run(state: State, settings: Settings, rows: Rows, post: int) -> int:
    """Count posts from row ``post`` on, until a tick with news is closed or all rows are counted.

    Returns the row to go on with. ``numbers[FIRED]`` terms fired and ``numbers[GREW]`` tells
    whether a story reached its next size, in the tick ``numbers[LAST_TICK]``.
    """
    numbers = state.numbers
    mask = state.recent_ticks.size - 1
    numbers[FIRED] = 0
    numbers[GREW] = 0
    while post < rows.ticks.size:
        tick = rows.ticks[post]
        if rows.late[post]:
            _teach(state, settings, rows, post)
            post += 1
            continue
        if tick != numbers[OPEN_TICK]:
            if numbers[OPEN_TICK] != NO_TICK:
                _close(state, settings, numbers[OPEN_TICK])
                if numbers[FIRED] or numbers[GREW]:
                    return post
            _open(state, settings, tick)
        seq = numbers[SEQ]
        numbers[SEQ] += 1
        weight = np.int64(rows.weights[post])
        author = rows.authors[post]
        state.recent_ticks[seq & mask] = tick
        state.recent_sources[seq & mask] = rows.sources[post]
        state.recent_authors[seq & mask] = author
        state.recent_marks[seq & mask] = rows.marks[post]
        state.recent_weights[seq & mask] = weight
        state.recent_followers[seq & mask] = rows.followers[post]
        add(state.cells[STREAM], tick, weight)
        for i in range(rows.starts[post], rows.starts[post + 1]):
            key = rows.terms[i]
            if author != np.uint64(0) and is_repeat(state, chained(author, key)):
                continue
            row = place_of(state.keys, key, settings.row_bits, FIRST_TERM)
            if row == ABSENT:
                row = admit(state, settings, key, tick, seq, weight)
                if row == ABSENT:
                    continue
            if state.triggers[row, TOUCHED_AT] != tick:
                state.triggers[row, TOUCHED_AT] = tick
                state.touched[numbers[TOUCHED]] = row
                numbers[TOUCHED] += 1
            sight(state, row, tick, seq, weight)
            if state.story[row] != NO_STORY:
                count_for_story(state, settings, np.int64(state.story[row]), seq, tick)
        post += 1
    if numbers[OPEN_TICK] != NO_TICK:
        _close(state, settings, numbers[OPEN_TICK])
    return post
