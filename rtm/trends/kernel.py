"""The counting core: takes rows in (at, id) order, closes ticks, says what fired.

It runs until something happens: a tick in which a term fired or a story reached its next size, or
before which a story was quiet for too long, ends the run, so that stories see ticks one by one
however many rows a frame holds.
"""

import numpy as np
from numba import types
from numpy.typing import NDArray

from rtm.compiled import compiled
from rtm.text.keys import chained
from rtm.text.walker import MAX_TERMS
from rtm.trends.admission import admit, is_repeat, move_on, sight, turn_filters
from rtm.trends.judge import judge, weigh_stream
from rtm.trends.pairs import count_paired, is_pair, swap_streams, switch_pairs, weigh_paired
from rtm.trends.regulars import meet
from rtm.trends.settings import Settings
from rtm.trends.state import (
    DUE,
    FIRED,
    FIRST_TICK,
    GIVEN_TYPE,
    GREW,
    LAST_TICK,
    LEVEL,
    LEVELS,
    NO_STORY,
    NO_TICK,
    NOTE,
    NOTED,
    OPEN_TICK,
    PAIRED_SINCE,
    ROWS_TYPE,
    SEQ,
    SETTINGS_TYPE,
    STATE_TYPE,
    TAKE,
    TICK_MOST,
    TOUCHED,
    WINDOW,
    Given,
    Rows,
    State,
)
from rtm.trends.table import (
    ABSENT,
    FIRST_LANGUAGE,
    FIRST_TERM,
    MEMO_BLOCK,
    STALE,
    STREAM,
    WINDOW_S,
    add,
    find_places,
    place_of,
)
from rtm.trends.tally import count_for_story, voices
from rtm.trends.trigger import JUDGED_AT, TOUCHED_AT, UNTIL, fires


@compiled(types.int64(SETTINGS_TYPE, types.int64))
def _hold_s(settings: Settings, window: int) -> int:
    held = np.int64(settings.hold_windows * WINDOW_S[window])
    return min(max(held, settings.least_hold_s), settings.most_hold_s)


@compiled(types.void(STATE_TYPE, SETTINGS_TYPE, GIVEN_TYPE, types.int64))
def _place(state: State, settings: Settings, given: Given, tick: int) -> None:
    # where the given surprises of a tick stand
    place = given.mode[1]
    while place < given.ticks.size and given.ticks[place] <= tick:
        if given.ticks[place] == tick:
            row = place_of(state.keys, given.keys[place], settings.row_bits, FIRST_TERM)
            if row != ABSENT:
                state.given[row] = 1 + place
        place += 1
    given.mode[1] = place


@compiled(types.void(STATE_TYPE, SETTINGS_TYPE, GIVEN_TYPE, types.int64, types.int64))
def _take(state: State, settings: Settings, given: Given, row: int, tick: int) -> None:
    # a surprise that was given, if enough sources stand behind it
    found = state.levels[state.numbers[FIRED]]
    found[LEVEL] = 0.0
    place = state.given[row] - 1
    state.given[row] = 0
    if place < 0 or given.ticks[place] != tick or given.levels[place, LEVEL] < settings.hot_floor:
        return
    window = np.int64(given.levels[place, WINDOW])
    if voices(state, row, tick - WINDOW_S[window] + 1)[0] >= settings.min_sources:
        for i in range(LEVELS):
            found[i] = given.levels[place, i]


@compiled(types.void(STATE_TYPE, types.int64, types.int64))
def _note(state: State, row: int, tick: int) -> None:
    # counts on when there is no place left, so that whoever fetches can tell
    place = state.numbers[NOTED]
    found = state.levels[state.numbers[FIRED]]
    if found[LEVEL] == 0.0:
        return
    if place < state.noted_ticks.size:
        state.noted_ticks[place] = tick
        state.noted_keys[place] = state.keys[row]
        for i in range(LEVELS):
            state.noted_levels[place, i] = found[i]
    state.numbers[NOTED] += 1


@compiled(types.void(STATE_TYPE, SETTINGS_TYPE, GIVEN_TYPE, types.int64))
def _close(state: State, settings: Settings, given: Given, tick: int) -> None:
    numbers, mode = state.numbers, given.mode[0]
    numbers[FIRED] = 0
    warm = weigh_stream(state, tick)
    counts_pairs = settings.pair_rate > 0.0
    warm_pairs = weigh_paired(state, tick) if counts_pairs else 0
    if mode == TAKE:
        _place(state, settings, given, tick)
    for i in range(numbers[TOUCHED]):
        row = state.touched[i]
        trigger = state.triggers[row]
        is_early = tick <= trigger[UNTIL] and tick < trigger[JUDGED_AT] + settings.judge_s
        if is_early and mode != NOTE:
            continue
        if mode == TAKE:
            _take(state, settings, given, row, tick)
        else:  # one call for both: with two it is not inlined, and a run takes a tenth longer
            is_paired = counts_pairs and is_pair(state.keys[row])
            if is_paired:
                swap_streams(state)
            judge(state, settings, row, tick, warm_pairs if is_paired else warm)
            if is_paired:
                swap_streams(state)
        if mode == NOTE:
            _note(state, row, tick)
            if is_early:
                continue
        trigger[JUDGED_AT] = tick
        level = state.levels[numbers[FIRED], LEVEL]
        if level > 0.0 and fires(
            trigger,
            tick,
            level,
            settings.hot_floor,
            settings.refire,
            _hold_s(settings, np.int64(state.levels[numbers[FIRED], WINDOW])),
        ):
            state.fired[numbers[FIRED]] = row
            numbers[FIRED] = min(numbers[FIRED] + 1, TICK_MOST - 1)
    numbers[TOUCHED] = 0
    numbers[OPEN_TICK] = NO_TICK


@compiled(types.void(STATE_TYPE, SETTINGS_TYPE, types.int64))
def _open(state: State, settings: Settings, tick: int) -> None:
    numbers = state.numbers
    is_first = numbers[FIRST_TICK] == NO_TICK
    if is_first or tick - numbers[LAST_TICK] > settings.gap_s:
        numbers[FIRST_TICK] = tick  # warm up, again after a gap
    if is_first:
        state.last[STREAM] = tick
    move_on(state, STREAM, tick)
    numbers[LAST_TICK] = tick
    numbers[OPEN_TICK] = tick
    find_places(tick, state.places)
    turn_filters(state, tick)
    if settings.pair_rate > 0.0:
        switch_pairs(state, settings, tick)


@compiled(
    types.void(STATE_TYPE, SETTINGS_TYPE, types.uint64[::1], types.int64, types.int64),
)
def _look_up(
    state: State, settings: Settings, terms: NDArray[np.uint64], first: int, behind: int
) -> None:
    # where each term of a post stands, for all of them at once: the processor then waits for
    # memory once for many, not once for each; reading a row's first place fetches it
    fetched = np.int64(0)
    for i in range(first, behind):
        row = place_of(state.keys, terms[i], settings.row_bits, FIRST_TERM)
        state.looked_up[i - first, 0] = row
        if row != ABSENT:
            fetched += state.cells[row, 0] + state.last[row]
    for i in range(first, behind):
        if state.looked_up[i - first, 0] == ABSENT:
            place = place_of(state.probation_keys, terms[i], settings.probation_bits, 0)
            state.looked_up[i - first, 1] = place
            if place != ABSENT:
                fetched += state.probation[place, 0]
    state.looked_up[MAX_TERMS, 0] = fetched


@compiled(types.void(STATE_TYPE, SETTINGS_TYPE, ROWS_TYPE, types.int64))
def _teach(state: State, settings: Settings, rows: Rows, post: int) -> None:
    # a late post belongs to no window any more; what it says is past
    weight = np.float64(rows.weights[post])
    state.past[STREAM, 0] += weight
    state.past[STREAM, 1] += weight
    state.memos[STREAM, MEMO_BLOCK] = STALE
    for i in range(rows.starts[post], rows.starts[post + 1]):
        row = place_of(state.keys, rows.terms[i], settings.row_bits, FIRST_TERM)
        if row != ABSENT:
            state.past[row, 0] += weight
            state.past[row, 1] += weight
            state.memos[row, MEMO_BLOCK] = STALE


@compiled(
    types.void(
        STATE_TYPE,
        SETTINGS_TYPE,
        types.int64,
        types.uint64,
        types.int64,
        types.int64,
        types.int64,
    )
)
def _count_pairs(
    state: State,
    settings: Settings,
    pairs: int,
    author: np.uint64,
    tick: int,
    seq: int,
    weight: int,
) -> None:
    # as run counts terms, and written twice: with a call for each, a run takes a third longer
    numbers = state.numbers
    _look_up(state, settings, state.pairs, 0, pairs)
    for i in range(pairs):
        key = state.pairs[i]
        if author != np.uint64(0) and is_repeat(state, chained(author, key)):
            continue
        row = state.looked_up[i, 0]
        if row == ABSENT or state.keys[row] != key:  # or it gave way a moment ago
            row = place_of(state.keys, key, settings.row_bits, FIRST_TERM)
        if row == ABSENT:
            waiting = state.looked_up[i, 1]
            row = admit(state, settings, key, tick, seq, weight, waiting)
            if row == ABSENT:
                continue
        if state.triggers[row, TOUCHED_AT] != tick:
            state.triggers[row, TOUCHED_AT] = tick
            state.touched[numbers[TOUCHED]] = row
            numbers[TOUCHED] += 1
        sight(state, row, tick, seq, weight)
        if state.story[row] != NO_STORY:
            slot = state.story[row]
            count_for_story(state, slot, seq, tick, settings.story_quiet_s)


@compiled(types.int64(STATE_TYPE, SETTINGS_TYPE, ROWS_TYPE, GIVEN_TYPE, types.int64))
def run(state: State, settings: Settings, rows: Rows, given: Given, post: int) -> int:
    """Count posts from row ``post`` on, until a tick with news is closed or a story may be over.

    Returns the row to go on with. ``numbers[FIRED]`` terms fired and ``numbers[GREW]`` tells
    whether a story reached its next size, in the tick ``numbers[LAST_TICK]``; if neither, and rows
    are left, the next one's tick is beyond ``numbers[DUE]``, or what was noted is to be fetched.
    """
    numbers = state.numbers
    mask = state.recent_ticks.size - 1
    numbers[FIRED] = 0
    numbers[GREW] = 0
    while post < rows.ticks.size:
        tick = rows.ticks[post]
        if tick != numbers[OPEN_TICK] and numbers[OPEN_TICK] != NO_TICK:
            _close(state, settings, given, numbers[OPEN_TICK])
            is_full = numbers[NOTED] > state.noted_ticks.size // 2
            if numbers[FIRED] or numbers[GREW] or is_full:
                return post
        if rows.late[post]:  # only now: it must not change what the tick before it said
            _teach(state, settings, rows, post)
            post += 1
            continue
        if tick != numbers[OPEN_TICK]:
            if tick > numbers[DUE]:
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
        state.recent_languages[seq & mask] = rows.languages[post]
        state.recent_clusters[seq & mask] = rows.clusters[post]
        if author != np.uint64(0):
            meet(state.regulars, author, tick, np.int64(rows.replies[post]))
        add(state.cells[STREAM], state.places, weight)
        if rows.languages[post]:
            language = FIRST_LANGUAGE + np.int64(rows.languages[post])
            move_on(state, language, tick)
            add(state.cells[language], state.places, weight)
        first, behind = rows.starts[post], rows.starts[post + 1]
        _look_up(state, settings, rows.terms, first, behind)
        for i in range(first, behind):
            key = rows.terms[i]
            if author != np.uint64(0) and is_repeat(state, chained(author, key)):
                continue
            row = state.looked_up[i - first, 0]
            if row == ABSENT or state.keys[row] != key:  # or it gave way a moment ago
                row = place_of(state.keys, key, settings.row_bits, FIRST_TERM)
            if row == ABSENT:
                waiting = state.looked_up[i - first, 1]
                row = admit(state, settings, key, tick, seq, weight, waiting)
                if row == ABSENT:
                    continue
            if state.triggers[row, TOUCHED_AT] != tick:
                state.triggers[row, TOUCHED_AT] = tick
                state.touched[numbers[TOUCHED]] = row
                numbers[TOUCHED] += 1
            sight(state, row, tick, seq, weight)
            if state.story[row] != NO_STORY:
                slot = state.story[row]
                count_for_story(state, slot, seq, tick, settings.story_quiet_s)
        if numbers[PAIRED_SINCE] != NO_TICK:
            pairs = count_paired(state, settings, rows.terms, first, behind, tick, weight)
            _count_pairs(state, settings, pairs, author, tick, seq, weight)
        post += 1
    if numbers[OPEN_TICK] != NO_TICK:
        _close(state, settings, given, numbers[OPEN_TICK])
    return post
