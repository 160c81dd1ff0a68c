"""What the kernel counts for each open story, and how many sources stand behind a row."""

import numpy as np
from numba import types
from numpy.typing import NDArray

from rtm.compiled import compiled
from rtm.trends.admission import sight
from rtm.trends.state import (
    AUTHOR_BITS,
    CROWD,
    GREW,
    LOG,
    LOW_BITS,
    MARKS,
    SEQ,
    STATE_TYPE,
    State,
)
from rtm.trends.table import RING, WINDOW_S, find_places


@compiled(types.int64(types.int64, types.int64))
def whole(seq: int, low: int) -> int:
    """Return the latest seq below ``seq`` whose low 31 bits are these; rings keep no more."""
    full = seq - (seq & LOW_BITS) + low
    return full - LOW_BITS - 1 if full >= seq else full


@compiled("int64(int32[::1], int64, int64, int64[::1], int64, int64[::1])")
def latest(
    ring: NDArray[np.int32],
    seen: int,
    seq: int,
    recent_ticks: NDArray[np.int64],
    since: int,
    found: NDArray[np.int64],
) -> int:
    """Find the posts of a row after tick ``since``, latest first; returns how many.

    ``ring`` and ``seen`` are the row's, ``seq`` is the next post's; ``found`` has ``RING`` places.
    """
    mask = recent_ticks.size - 1
    posts = 0
    for i in range(min(seen, RING)):
        one = whole(seq, np.int64(ring[(seen - 1 - i) % RING]))
        if seq - one > recent_ticks.size or recent_ticks[one & mask] <= since:
            continue
        found[posts] = one
        posts += 1
    return posts


def latest_posts(state: State, row: int, tick: int) -> list[int]:
    """Return a row's latest posts within the longest window, latest first, by their numbers."""
    found = np.empty(RING, np.int64)
    seen, now, since = state.seen[row], state.numbers[SEQ], tick - WINDOW_S[-1]
    posts = latest(state.rings[row], seen, now, state.recent_ticks, since, found)
    return [int(seq) for seq in found[:posts].tolist()]


@compiled(types.Tuple((types.float64, types.float64))(STATE_TYPE, types.int64, types.int64))
def voices(state: State, row: int, since: int) -> tuple[float, float]:
    """Return how many effective sources a row's latest sightings have, and the loudest one's share.

    The first is the inverse Simpson index, by posts; the second is by weight. Looks at no more
    than ``RING`` sightings, none before tick ``since``.
    """
    mask = state.recent_ticks.size - 1
    seq = state.numbers[SEQ]
    seen = state.seen[row]
    sources, weights = state.heard_sources, state.heard_weights
    sightings = 0
    weight = np.int64(0)
    for i in range(min(seen, RING)):
        one = whole(seq, np.int64(state.rings[row, (seen - 1 - i) % RING]))
        if seq - one > mask or state.recent_ticks[one & mask] < since:
            break
        sources[i] = state.recent_sources[one & mask]
        weights[i] = state.recent_weights[one & mask]
        weight += weights[i]
        sightings += 1
    same = 0
    loudest = np.int64(0)
    for i in range(sightings):
        own = np.int64(0)
        for j in range(sightings):
            if sources[i] == sources[j]:
                same += 1
                own += weights[j]
        loudest = max(loudest, own)
    if sightings == 0:
        return 0.0, 1.0
    return sightings * sightings / same, loudest / weight


@compiled(types.void(STATE_TYPE, types.int64, types.int64))
def _log(state: State, slot: int, tick: int) -> None:
    # the tick of every stride-th post; when the log is full, of half as many
    posts, log = state.story_posts[slot], state.story_log[slot]
    if posts == LOG * state.story_stride[slot]:
        for i in range(LOG // 2):
            log[i] = log[2 * i]
        state.story_stride[slot] *= 2
    if posts % state.story_stride[slot] == 0:
        log[posts // state.story_stride[slot]] = tick


@compiled(types.void(STATE_TYPE, types.int64, types.int64, types.int64, types.int64))
def count_for_story(state: State, slot: int, seq: int, tick: int, quiet_s: int) -> None:
    """Count a recent post for an open story, once, unless the story was quiet for too long."""
    row = 1 + slot
    is_over = state.story_posts[slot] > 0 and tick - state.last[row] > quiet_s
    if state.story_latest[slot] == seq or is_over:
        return
    at = seq & (state.recent_ticks.size - 1)
    state.story_latest[slot] = seq
    sight(state, row, tick, seq, np.int64(state.recent_weights[at]))
    _log(state, slot, tick)
    state.story_crowd[slot, state.story_posts[slot] % CROWD] = seq
    state.story_posts[slot] += 1
    if state.story_posts[slot] >= state.story_next[slot]:
        state.numbers[GREW] = 1
    for mark in range(MARKS):
        state.story_marks[slot, mark] += (state.recent_marks[at] >> np.uint32(mark)) & np.uint32(1)
    author = state.recent_authors[at]
    if author == np.uint64(0):
        return
    state.story_known[slot] += 1
    bit = np.int64(author & np.uint64(AUTHOR_BITS - 1))
    followers = state.recent_followers[at]
    if state.story_authors[slot, bit] == 0:
        state.story_authors[slot, bit] = 1
        if followers >= 0:
            state.story_followers[slot, 0] += followers
            state.story_followers[slot, 1] += 1


@compiled(types.void(STATE_TYPE, types.int64, types.int64[::1], types.int64))
def count_past(state: State, slot: int, seqs: NDArray[np.int64], quiet_s: int) -> None:
    """Count recent posts, in order, for a story that opens with them."""
    for seq in seqs:
        tick = state.recent_ticks[seq & (state.recent_ticks.size - 1)]
        find_places(tick, state.places)
        count_for_story(state, slot, seq, tick, quiet_s)
