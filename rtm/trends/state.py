"""All that counting remembers, as arrays of a fixed size, and the rows it is told."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rtm.compiled import type_of
from rtm.trends.settings import Settings
from rtm.trends.table import CELLS, FIRST_TERM, RING, STORIES, WINDOWS
from rtm.trends.trigger import STATE

# places in State.numbers
OPEN_TICK, FIRST_TICK, LAST_TICK, SEQ, TOUCHED, FILTERED, FILTER, FIRED, GREW = range(9)
NO_TICK = -1
NO_STORY = -1

LOW_BITS = 0x7FFFFFFF
MARKS = 8  # kinds of marks counted for each story
AUTHOR_BITS = 4096  # places in a story's author counter; counts up to some ten thousand
TICK_MOST = 4096  # terms that may fire, or be touched again, in one tick


class State(NamedTuple):
    """All that counting remembers: ``r`` rows, ``p`` on probation, ``n`` recent posts."""

    numbers: NDArray[np.int64]  # (9,) see the names above
    keys: NDArray[np.uint64]  # (r,) 0 = empty
    cells: NDArray[np.int64]  # (r, CELLS) weights
    past: NDArray[np.float64]  # (r, 2) decayed weights older than the cells
    last: NDArray[np.int64]  # (r,) tick to which the row has been moved on
    seen: NDArray[np.int64]  # (r,) sightings ever
    rings: NDArray[np.int32]  # (r, RING) seq of the latest sightings
    triggers: NDArray[np.float64]  # (r, STATE) see trigger
    story: NDArray[np.int32]  # (r,) slot of the story that the term belongs to, or NO_STORY
    probation_keys: NDArray[np.uint64]  # (p,)
    probation_ticks: NDArray[np.int64]  # (p,) of the latest sighting
    probation_first: NDArray[np.int64]  # (p, 3) tick, seq, weight of the first of two sightings
    probation_second: NDArray[np.int64]  # (p, 3) the same of the second, or -1
    sketch_counts: NDArray[np.float32]  # (2, s) what the tables gave up, decayed weight
    sketch_blocks: NDArray[np.int32]  # (2, s) block of 300 s as of which it is decayed
    filters: NDArray[np.uint64]  # (2, f) bits of (author, term) pairs
    recent_ticks: NDArray[np.int64]  # (n,) of the post with seq modulo n
    recent_sources: NDArray[np.uint64]  # (n,)
    recent_authors: NDArray[np.uint64]  # (n,)
    recent_marks: NDArray[np.uint32]  # (n,)
    recent_weights: NDArray[np.int32]  # (n,)
    recent_followers: NDArray[np.int64]  # (n,) -1 = not told
    touched: NDArray[np.int64]  # (r,) scratch: rows touched in the open tick
    counts: NDArray[np.float64]  # (2, WINDOWS) scratch: of the stream, of a term
    history: NDArray[np.float64]  # (2, 2, WINDOWS) scratch: the same, by half-life
    fired: NDArray[np.int64]  # (TICK_MOST,) rows that fired in the tick just closed
    levels: NDArray[np.float64]  # (TICK_MOST, 4) surprise, window, count and expectation of each
    story_posts: NDArray[np.int64]  # (STORIES,)
    story_next: NDArray[np.int64]  # (STORIES,) posts at which the story is looked at again
    story_latest: NDArray[np.int64]  # (STORIES,) seq of the latest post counted
    story_marks: NDArray[np.int64]  # (STORIES, MARKS) posts with each mark
    story_known: NDArray[np.int64]  # (STORIES,) posts whose author is known
    story_authors: NDArray[np.uint8]  # (STORIES, AUTHOR_BITS) authors seen
    story_followers: NDArray[np.int64]  # (STORIES, 2) followers of authors seen, posts that tell


class Rows(NamedTuple):
    """Posts of closed ticks in (tick, at, id) order, ``n`` of them; see ``reader.Reading``."""

    ticks: NDArray[np.int64]
    late: NDArray[np.uint8]
    terms: NDArray[np.uint64]
    starts: NDArray[np.int64]
    marks: NDArray[np.uint32]
    authors: NDArray[np.uint64]
    followers: NDArray[np.int64]  # -1 = not told
    weights: NDArray[np.int32]
    sources: NDArray[np.uint64]


def empty_state(settings: Settings) -> State:
    """Return a state that has seen nothing, all of it touched, so that it never grows."""
    rows = FIRST_TERM + (1 << settings.row_bits)
    waiting = 1 << settings.probation_bits
    recent = 1 << settings.recent_bits
    numbers = np.zeros(9, np.int64)
    numbers[[OPEN_TICK, FIRST_TICK, LAST_TICK]] = NO_TICK
    return State(
        numbers,
        np.full(rows, 0, np.uint64),
        np.full((rows, CELLS), 0, np.int64),
        np.full((rows, 2), 0.0, np.float64),
        np.full(rows, 0, np.int64),
        np.full(rows, 0, np.int64),
        np.full((rows, RING), 0, np.int32),
        np.full((rows, STATE), 0.0, np.float64),
        np.full(rows, NO_STORY, np.int32),
        np.full(waiting, 0, np.uint64),
        np.full(waiting, 0, np.int64),
        np.full((waiting, 3), 0, np.int64),
        np.full((waiting, 3), -1, np.int64),
        np.full((2, 1 << settings.sketch_bits), 0.0, np.float32),
        np.full((2, 1 << settings.sketch_bits), 0, np.int32),
        np.full((2, 1 << (settings.author_bits - 6)), 0, np.uint64),
        np.full(recent, 0, np.int64),
        np.full(recent, 0, np.uint64),
        np.full(recent, 0, np.uint64),
        np.full(recent, 0, np.uint32),
        np.full(recent, 0, np.int32),
        np.full(recent, 0, np.int64),
        np.full(rows, 0, np.int64),
        np.full((2, WINDOWS), 0.0, np.float64),
        np.full((2, 2, WINDOWS), 0.0, np.float64),
        np.full(TICK_MOST, 0, np.int64),
        np.full((TICK_MOST, 4), 0.0, np.float64),
        np.full(STORIES, 0, np.int64),
        np.full(STORIES, 0, np.int64),
        np.full(STORIES, 0, np.int64),
        np.full((STORIES, MARKS), 0, np.int64),
        np.full(STORIES, 0, np.int64),
        np.full((STORIES, AUTHOR_BITS), 0, np.uint8),
        np.full((STORIES, 2), 0, np.int64),
    )


_SMALL = Settings(
    row_bits=6, probation_bits=6, sketch_bits=6, cluster_bits=6, recent_bits=6, author_bits=12
)
STATE_TYPE = type_of(empty_state(_SMALL))
ROWS_TYPE = type_of(
    Rows(
        np.empty(0, np.int64),
        np.empty(0, np.uint8),
        np.empty(0, np.uint64),
        np.empty(0, np.int64),
        np.empty(0, np.uint32),
        np.empty(0, np.uint64),
        np.empty(0, np.int64),
        np.empty(0, np.int32),
        np.empty(0, np.uint64),
    )
)
SETTINGS_TYPE = type_of(_SMALL)
