"""All that counting remembers, as arrays of a fixed size, and the rows it is told."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rtm.compiled import type_of
from rtm.text.walker import MAX_TERMS
from rtm.trends.regulars import no_regulars
from rtm.trends.settings import Settings
from rtm.trends.table import CELLS, FIRST_TERM, MEMO, RING, STALE, STORIES, WINDOWS
from rtm.trends.trigger import STATE

# places in State.numbers
OPEN_TICK, FIRST_TICK, LAST_TICK, SEQ, TOUCHED, FIRED, GREW, DUE = range(8)
FILTER, YOUNG_PAIRS, OLD_PAIRS = range(8, 11)  # turn of the filters, pairs noted in each
NOTED = 11  # surprises noted and not fetched yet
PAIRED_SINCE = 12  # tick since which pairs are counted, or NO_TICK
NUMBERS = 13
JUDGE, NOTE, TAKE = range(3)  # what to do about surprises, see Given
# columns of State.levels
LEVEL, WINDOW, COUNT, MEAN = range(4)
LEVELS = 4
NO_TICK = -1
NO_STORY = -1

LOW_BITS = 0x7FFFFFFF
MARKS = 15  # kinds of marks counted for each story: the lowest bits
STORY_AT = CELLS + 2 + 2 + STATE + MEMO
ROW = 72  # places of 8 bytes a row: cells, past, last, seen, trigger, memo, story, and the ring
AUTHOR_BITS = 4096  # places in a story's author counter; counts up to some ten thousand
TICK_MOST = 4096  # terms that may fire in one tick
NOTED_MOST = 1 << 15  # surprises that may wait to be fetched; a run stops at half of them
PAIRED_TERMS = 16  # first terms of a post that have pairs: about eight words and their neighbours
PAIRS_MOST = PAIRED_TERMS * (PAIRED_TERMS - 1) // 2
LOG = 256  # moments kept of each story's posts
CROWD = 256  # latest posts kept of each story: a share of them is known to some 3 points


class State(NamedTuple):
    """All that counting remembers: ``r`` rows, ``p`` on probation, ``n`` recent posts."""

    numbers: NDArray[np.int64]  # (NUMBERS,) see the names above
    keys: NDArray[np.uint64]  # (r,) 0 = empty
    cells: NDArray[np.int64]  # (r, CELLS) weights
    past: NDArray[np.float64]  # (r, 2) decayed weights older than the cells
    last: NDArray[np.int64]  # (r,) tick to which the row has been moved on
    seen: NDArray[np.int64]  # (r,) sightings ever
    rings: NDArray[np.int32]  # (r, RING) seq of the latest sightings
    triggers: NDArray[np.float64]  # (r, STATE) see trigger
    memos: NDArray[np.float64]  # (r, MEMO) see table
    story: NDArray[np.int64]  # (r,) slot of the story that the term belongs to, or NO_STORY
    probation_keys: NDArray[np.uint64]  # (p,)
    probation_ticks: NDArray[np.int64]  # (p,) of the latest sighting
    probation: NDArray[np.int64]  # (p, 8) sightings so far; tick, seq, weight of each of two
    sketch: NDArray[np.float32]  # (2, s, 2) what the tables gave up, see table.remembered
    filters: NDArray[np.uint64]  # (2, f) bits of (author, term) pairs
    recent_ticks: NDArray[np.int64]  # (n,) of the post with seq modulo n
    recent_sources: NDArray[np.uint64]  # (n,)
    recent_authors: NDArray[np.uint64]  # (n,)
    recent_marks: NDArray[np.uint32]  # (n,)
    recent_weights: NDArray[np.int32]  # (n,)
    recent_followers: NDArray[np.int64]  # (n,) -1 = not told
    recent_languages: NDArray[np.uint8]  # (n,) see Rows
    recent_clusters: NDArray[np.uint64]  # (n,) name of the cluster of near-duplicates
    looked_up: NDArray[np.int64]  # (MAX_TERMS + 1, 2) scratch: row and waiting place of each term
    pairs: NDArray[np.uint64]  # (PAIRS_MOST,) scratch: keys of the pairs of a post
    touched: NDArray[np.int64]  # (r,) scratch: rows touched in the open tick
    given: NDArray[np.int64]  # (r,) scratch: place of the row's given surprise, from 1 on
    noted_ticks: NDArray[np.int64]  # (NOTED_MOST,) scratch: of surprises noted, see Noting
    noted_keys: NDArray[np.uint64]  # (NOTED_MOST,) scratch: their terms, as rows change hands
    noted_levels: NDArray[np.float64]  # (NOTED_MOST, LEVELS) scratch: as levels
    places: NDArray[np.int64]  # (4,) cells of the open tick
    stream: NDArray[np.float64]  # (3, WINDOWS) scratch: sums of the stream, see table.sums
    paired: NDArray[np.float64]  # (3, WINDOWS) scratch: the same of posts with pairs counted
    term: NDArray[np.float64]  # (3, WINDOWS) scratch: the same of a term
    language: NDArray[np.float64]  # (3, WINDOWS) scratch: the same of its language
    heard_sources: NDArray[np.uint64]  # (RING,) scratch: of a row's latest sightings
    heard_weights: NDArray[np.int64]  # (RING,) scratch: the same
    fired: NDArray[np.int64]  # (TICK_MOST,) rows that fired in the tick just closed
    levels: NDArray[
        np.float64
    ]  # (TICK_MOST, LEVELS) surprise, window, count and expectation of each
    story_posts: NDArray[np.int64]  # (STORIES,)
    story_next: NDArray[np.int64]  # (STORIES,) posts at which the story is looked at again
    story_latest: NDArray[np.int64]  # (STORIES,) seq of the latest post counted
    story_marks: NDArray[np.int64]  # (STORIES, MARKS) posts with each mark
    story_known: NDArray[np.int64]  # (STORIES,) posts whose author is known
    story_authors: NDArray[np.uint8]  # (STORIES, AUTHOR_BITS) authors seen
    story_followers: NDArray[np.int64]  # (STORIES, 2) followers of authors seen, posts that tell
    story_log: NDArray[np.int64]  # (STORIES, LOG) tick of every so many-th post
    story_stride: NDArray[np.int64]  # (STORIES,) of how many
    story_crowd: NDArray[np.int64]  # (STORIES, CROWD) seq of the latest posts, a ring
    regulars: NDArray[np.int64]  # (a, WIDTH) authors heard before, see regulars


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
    languages: NDArray[np.uint8]  # number of each one's language, 0 = unknown
    clusters: NDArray[np.uint64]  # name of its cluster of near-duplicates, see echo
    replies: NDArray[np.uint8]  # 1 = answers another post


class Given(NamedTuple):
    """Surprises to take as they are, ``m`` of them in order of tick, instead of judging.

    They are what an earlier run noted, or another statistic worked out.
    """

    mode: NDArray[np.int64]  # (2,) JUDGE, NOTE or TAKE; place of the next one to take
    ticks: NDArray[np.int64]
    keys: NDArray[np.uint64]
    levels: NDArray[np.float64]  # (m, 4) as State.levels


def empty_state(settings: Settings, noted_most: int = NOTED_MOST) -> State:
    """Return a state that has seen nothing, all of it touched, so that it never grows."""
    rows = FIRST_TERM + (1 << settings.row_bits)
    # what belongs to a row lies side by side, since every sighting touches all of it
    row = np.full((rows, ROW), 0, np.int64)
    waiting = 1 << settings.probation_bits
    recent = 1 << settings.recent_bits
    numbers = np.zeros(NUMBERS, np.int64)
    numbers[[OPEN_TICK, FIRST_TICK, LAST_TICK, PAIRED_SINCE]] = NO_TICK
    row[:, STORY_AT] = NO_STORY
    row.view(np.float64)[:, CELLS + 4 + STATE] = STALE
    return State(
        numbers,
        np.full(rows, 0, np.uint64),
        row[:, :CELLS],
        row.view(np.float64)[:, CELLS : CELLS + 2],
        row[:, CELLS + 2],
        row[:, CELLS + 3],
        row.view(np.int32)[:, -RING:],
        row.view(np.float64)[:, CELLS + 4 : CELLS + 4 + STATE],
        row.view(np.float64)[:, CELLS + 4 + STATE : CELLS + 4 + STATE + MEMO],
        row[:, STORY_AT],
        np.full(waiting, 0, np.uint64),
        np.full(waiting, 0, np.int64),
        np.full((waiting, 8), 0, np.int64),
        np.full((2, 1 << settings.sketch_bits, 2), 0.0, np.float32),
        np.full((2, 1 << (settings.author_bits - 6)), 0, np.uint64),
        np.full(recent, 0, np.int64),
        np.full(recent, 0, np.uint64),
        np.full(recent, 0, np.uint64),
        np.full(recent, 0, np.uint32),
        np.full(recent, 0, np.int32),
        np.full(recent, 0, np.int64),
        np.full(recent, 0, np.uint8),
        np.full(recent, 0, np.uint64),
        np.full((MAX_TERMS + 1, 2), 0, np.int64),
        np.full(PAIRS_MOST, 0, np.uint64),
        np.full(rows, 0, np.int64),
        np.full(rows, 0, np.int64),
        np.full(noted_most, 0, np.int64),
        np.full(noted_most, 0, np.uint64),
        np.full((noted_most, LEVELS), 0.0, np.float64),
        np.full(4, 0, np.int64),
        np.full((3, WINDOWS), 0.0, np.float64),
        np.full((3, WINDOWS), 0.0, np.float64),
        np.full((3, WINDOWS), 0.0, np.float64),
        np.full((3, WINDOWS), 0.0, np.float64),
        np.full(RING, 0, np.uint64),
        np.full(RING, 0, np.int64),
        np.full(TICK_MOST, 0, np.int64),
        np.full((TICK_MOST, LEVELS), 0.0, np.float64),
        np.full(STORIES, 0, np.int64),
        np.full(STORIES, 0, np.int64),
        np.full(STORIES, 0, np.int64),
        np.full((STORIES, MARKS), 0, np.int64),
        np.full(STORIES, 0, np.int64),
        np.full((STORIES, AUTHOR_BITS), 0, np.uint8),
        np.full((STORIES, 2), 0, np.int64),
        np.full((STORIES, LOG), 0, np.int64),
        np.full(STORIES, 1, np.int64),
        np.full((STORIES, CROWD), 0, np.int64),
        no_regulars(settings.regular_bits),
    )


_SMALL = Settings(
    row_bits=6,
    probation_bits=6,
    sketch_bits=6,
    cluster_bits=6,
    recent_bits=6,
    regular_bits=4,
    author_bits=12,
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
        np.empty(0, np.uint8),
        np.empty(0, np.uint64),
        np.empty(0, np.uint8),
    )
)


def judging(mode: int = JUDGE) -> Given:
    """Return what has surprises judged, and noted too if asked."""
    return Given(
        np.array([mode, 0]), np.empty(0, np.int64), np.empty(0, np.uint64), np.empty((0, 4))
    )


GIVEN_TYPE = type_of(judging())
SETTINGS_TYPE = type_of(_SMALL)
