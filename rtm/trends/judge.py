"""How surprising a term is now: its count in each window, against what its past made expect.

A term's share of the stream is a Gamma posterior, by two half-lives: a day's, which begins with a
prior, and an hour's, whose prior is the day's share with the weight of that same prior. So a term
never seen in a long day is expected less than one never seen in a short one, and a term that an
hour made usual is expected at once. The larger expectation rules. On top of it any window is
granted a background, a fraction of a post: without it whatever is rare enough outranks what many
speak of.
"""

import numpy as np
from numba import types
from numpy.typing import NDArray

from rtm.compiled import compiled
from rtm.trends.admission import move_on
from rtm.trends.settings import Settings
from rtm.trends.significance import round_off, surprise
from rtm.trends.state import (
    COUNT,
    FIRED,
    FIRST_TICK,
    LEVEL,
    MEAN,
    SEQ,
    SETTINGS_TYPE,
    STATE_TYPE,
    WINDOW,
    State,
)
from rtm.trends.table import FIRST_LANGUAGE, RING, STREAM, UNIT, WINDOW_S, WINDOWS, sums
from rtm.trends.tally import voices, whole

LOOKS = float(np.log10(WINDOWS))  # the largest of five windows is five looks
WARM_WINDOWS = 4  # a window speaks after itself and three times its length of history
MAIN_LANGUAGE = 0.8  # share of a term's latest posts from which it is of one language

_EXPECTED = types.UniTuple(types.float64, 2)


@compiled(_EXPECTED(SETTINGS_TYPE, types.float64[:, ::1], types.float64[:, ::1], types.int64))
def expected(
    settings: Settings,
    stream: NDArray[np.float64],
    term: NDArray[np.float64],
    window: int,
) -> tuple[float, float]:
    """Return how many posts of a term a window should hold, and how many posts that rests on.

    ``stream`` and ``term`` are (3, WINDOWS), in weights: the count in each window, and the history
    before it by half-life (an hour, a day). The spread of the share is one over the second figure.
    """
    prior, prior_total = settings.prior_count * UNIT, settings.prior_total * UNIT
    by_day = prior + term[2, window]
    day_total = prior_total + stream[2, window]
    mean_by_day = by_day * stream[0, window] / day_total
    known = prior + term[1, window]
    mean = known * stream[0, window] / (prior * day_total / by_day + stream[1, window])
    if mean_by_day > mean:
        mean, known = mean_by_day, by_day
    return mean / UNIT + settings.background, known / UNIT


@compiled("int64(int64)")
def warm_windows(age: int) -> int:
    """Return how many windows speak after so many seconds of counting."""
    warm = 0
    while warm < WINDOWS and age >= WARM_WINDOWS * WINDOW_S[warm]:
        warm += 1
    return warm


@compiled(types.int64(STATE_TYPE, types.int64))
def weigh_stream(state: State, tick: int) -> int:
    """Sum the stream up at a tick; returns how many windows have history enough to speak."""
    row = STREAM
    sums(state.cells[row], state.past[row], state.memos[row], tick, state.stream)
    return warm_windows(tick - state.numbers[FIRST_TICK])


@compiled(types.int64(STATE_TYPE, types.int64, types.int64))
def _language_of(state: State, row: int, since: int) -> int:
    # the number of the language of most of a row's latest posts, 0 where there is none
    mask = state.recent_ticks.size - 1
    seq, seen = state.numbers[SEQ], state.seen[row]
    candidate, lead, posts = 0, 0, 0
    for again in range(2):  # a vote, then a count of the winner
        for i in range(min(seen, RING)):
            one = whole(seq, np.int64(state.rings[row, (seen - 1 - i) % RING]))
            if seq - one > mask or state.recent_ticks[one & mask] < since:
                break
            language = np.int64(state.recent_languages[one & mask])
            if again:
                lead += language == candidate
                posts += 1
            elif lead == 0:
                candidate, lead = language, 1
            else:
                lead += 1 if language == candidate else -1
        if not again:
            lead = 0
    return candidate if lead >= MAIN_LANGUAGE * posts else 0


@compiled(types.void(STATE_TYPE, SETTINGS_TYPE, types.int64, types.int64, types.int64))
def judge(state: State, settings: Settings, row: int, tick: int, warm: int) -> None:
    """Judge a row against its own past: fills the next place of ``levels``; 0 says nothing."""
    found = state.levels[state.numbers[FIRED]]
    found[LEVEL] = 0.0
    term = state.term
    sums(state.cells[row], state.past[row], state.memos[row], tick, term)
    for window in range(warm):
        count = term[0, window] / UNIT
        if count < settings.min_sources:
            continue
        mean, known = expected(settings, state.stream, term, window)
        above = count - mean
        if above <= 0.0:
            continue
        spread = 1.0 / known + settings.dispersion
        if above * above < settings.min_z * settings.min_z * (mean + mean * mean * spread):
            continue
        level = round_off(surprise(count, mean, 1.0 / spread) - LOOKS)
        if level < settings.hot_floor or level <= found[LEVEL]:
            continue
        since = tick - WINDOW_S[window] + 1
        sources, loudest = voices(state, row, since)
        if sources < settings.min_sources:
            continue
        usual = mean * UNIT / state.stream[0, window]
        language = _language_of(state, row, since)
        if language:
            # when a language wakes up, its words are no news: their share of it tells
            of = FIRST_LANGUAGE + language
            move_on(state, of, tick)
            sums(state.cells[of], state.past[of], state.memos[of], tick, state.language)
            if state.language[2, window] >= settings.language_posts * UNIT:
                mean_there, known_there = expected(settings, state.language, term, window)
                usual = max(usual, mean_there * UNIT / max(state.language[0, window], UNIT))
                if mean_there > mean:
                    mean, known = mean_there, known_there
                    spread = 1.0 / known + settings.dispersion
        if usual >= settings.common_share:
            continue  # a stop word of this stream or of its language, in whatever list it stands
        # the loudest source counts as one post: without it, the rest must be a surprise as well
        heard = min(count, count * (1.0 - loudest) + 1.0)
        level = round_off(surprise(heard, mean, 1.0 / spread) - LOOKS)
        if level >= settings.hot_floor and level > found[LEVEL]:
            found[LEVEL] = level
            found[WINDOW] = window
            found[COUNT] = count
            found[MEAN] = mean
