"""The table of live terms: bounded, counted in cells, aged by stamps.

A row is a term, a story, a language, or (row 0) the whole stream. It holds rings of cells for the
last hour and, for what is older, two decayed counts. A cell's place follows from the tick, so a row
need only be touched when its term is seen.

A term gets its row at its third sighting: the first two wait on probation, exactly. Rows live in
buckets of eight, chosen by the key's top bits (so the top six name one of 64 shards); a full
bucket gives up the row with the smallest (last tick, key). What is given up is remembered, decayed,
in a sketch, and handed back to the term if it returns.

References
----------
Cormode, Muthukrishnan (2005), the count-min sketch, doi:10.1016/j.jalgor.2003.12.001. Deviation:
a cell keeps the largest of its keys' counts, not their sum, since a key is added whole.
"""

import numpy as np
from numpy.typing import NDArray

from rtm.compiled import compiled

# rings of cells: seconds a cell, cells, and the place of the first one
SECONDS, SECONDS_CELLS, SECONDS_AT = 1, 15, 0
QUARTERS, QUARTERS_CELLS, QUARTERS_AT = 15, 4, 15
MINUTES, MINUTES_CELLS, MINUTES_AT = 60, 5, 19
BLOCKS, BLOCKS_CELLS, BLOCKS_AT = 300, 12, 24
CELLS = 36
RING_AT = (SECONDS_AT, QUARTERS_AT, MINUTES_AT, BLOCKS_AT)

WINDOWS = 5
WINDOW_S = (15, 60, 300, 900, 3600)

# decay of a block of 300 s, for half-lives of one hour and of a day: 2**(-1/12), 2**(-1/288)
HOUR_DECAY = 0.9438743126816935
DAY_DECAY = 0.9975961328836203
HOUR_POWERS = tuple(HOUR_DECAY**n for n in range(BLOCKS_CELLS + 1))
DAY_POWERS = tuple(DAY_DECAY**n for n in range(BLOCKS_CELLS + 1))

FORGOTTEN = 288 * 60  # blocks after which nothing is left of a count: 60 days

WAYS = 8  # rows in a bucket
RING = 32  # latest sightings remembered of each row
STREAM = 0  # the row of the whole stream
STORIES = 256  # rows after it, one for each open story
LANGUAGES = 256  # rows after these, one for each language
FIRST_LANGUAGE = 1 + STORIES
PAIRED = FIRST_LANGUAGE  # no language has the number 0: the row of posts whose pairs are counted
FIRST_TERM = FIRST_LANGUAGE + LANGUAGES
ABSENT = -1

UNIT = 256  # weight of one post of its own

# a row's memo of its earlier blocks: as of which block, decayed counts of all of them and of those
# older than 15 minutes (an hour's half-life, a day's), weights of an hour and of 15 minutes
MEMO_BLOCK, MEMO_ALL, MEMO_OLDER, MEMO_HOUR, MEMO_QUARTER = 0, 1, 3, 5, 6
MEMO = 7
STALE = -1.0


@compiled("float64(float64, int64)")
def power(base: float, exponent: int) -> float:
    """Raise by multiplication only, so that every machine gets the same bits."""
    if exponent > FORGOTTEN:
        return 0.0
    result = 1.0
    while exponent > 0:
        if exponent & 1:
            result *= base
        base *= base
        exponent >>= 1
    return result


@compiled("void(int64[:], int64, int64, int64, int64, int64)")
def _advance_ring(
    cells: NDArray[np.int64], at: int, count: int, width: int, before: int, now: int
) -> None:
    old, new = before // width, now // width
    for step in range(max(old + 1, new - count + 1), new + 1):
        cells[at + step % count] = 0


@compiled("void(int64[:], float64[:], int64, int64)")
def advance(cells: NDArray[np.int64], past: NDArray[np.float64], before: int, now: int) -> None:
    """Move a row on from one tick to a later one; what leaves the hour becomes past."""
    if now <= before:
        return
    _advance_ring(cells, SECONDS_AT, SECONDS_CELLS, SECONDS, before, now)
    old, new = before // BLOCKS, now // BLOCKS
    if old == new and before // QUARTERS == now // QUARTERS:
        return
    _advance_ring(cells, QUARTERS_AT, QUARTERS_CELLS, QUARTERS, before, now)
    _advance_ring(cells, MINUTES_AT, MINUTES_CELLS, MINUTES, before, now)
    steps = min(new - old, BLOCKS_CELLS)
    for step in range(old + 1, old + steps + 1):
        place = BLOCKS_AT + step % BLOCKS_CELLS
        leaving = np.float64(cells[place])
        cells[place] = 0
        past[0] = past[0] * HOUR_DECAY + leaving * HOUR_POWERS[BLOCKS_CELLS]
        past[1] = past[1] * DAY_DECAY + leaving * DAY_POWERS[BLOCKS_CELLS]
    if new - old > BLOCKS_CELLS:
        past[0] *= power(HOUR_DECAY, new - old - BLOCKS_CELLS)
        past[1] *= power(DAY_DECAY, new - old - BLOCKS_CELLS)


@compiled("void(int64, int64[::1])")
def find_places(tick: int, places: NDArray[np.int64]) -> None:
    """Work out once, for a tick, which cell of each ring it falls into; ``places`` has four."""
    places[0] = SECONDS_AT + tick % SECONDS_CELLS
    places[1] = QUARTERS_AT + tick // QUARTERS % QUARTERS_CELLS
    places[2] = MINUTES_AT + tick // MINUTES % MINUTES_CELLS
    places[3] = BLOCKS_AT + tick // BLOCKS % BLOCKS_CELLS


@compiled("void(int64[:], int64[::1], int64)")
def add(cells: NDArray[np.int64], places: NDArray[np.int64], weight: int) -> None:
    """Count a weight at a row's present tick, whose places are given."""
    cells[places[0]] += weight
    cells[places[1]] += weight
    cells[places[2]] += weight
    cells[places[3]] += weight


@compiled("void(int64[:], float64[:], float64[:], int64)")
def _memorise(
    cells: NDArray[np.int64], past: NDArray[np.float64], memo: NDArray[np.float64], block: int
) -> None:
    hour, day = past[0], past[1]
    total = np.int64(0)
    older = np.int64(0)
    for age in range(BLOCKS_CELLS - 1, 0, -1):
        cell = cells[BLOCKS_AT + (block - age) % BLOCKS_CELLS]
        total += cell
        hour += cell * HOUR_POWERS[age]
        day += cell * DAY_POWERS[age]
        if age == 3:
            memo[MEMO_OLDER] = hour
            memo[MEMO_OLDER + 1] = day
            older = total
    memo[MEMO_ALL] = hour
    memo[MEMO_ALL + 1] = day
    memo[MEMO_HOUR] = total
    memo[MEMO_QUARTER] = total - older
    memo[MEMO_BLOCK] = block


@compiled("void(int64[:], float64[:], float64[:], int64, float64[:, ::1])")
def sums(
    cells: NDArray[np.int64],
    past: NDArray[np.float64],
    memo: NDArray[np.float64],
    tick: int,
    found: NDArray[np.float64],
) -> None:
    """Sum a row up at its present tick, in weights.

    Fills ``found`` (3, WINDOWS): the count in each window, and the decayed count of all that came
    before it, by half-life (an hour, a day), so that a burst does not raise its own expectation.
    ``memo`` keeps what changes only from block to block.
    """
    block = tick // BLOCKS
    if memo[MEMO_BLOCK] != block:
        _memorise(cells, past, memo, block)
    for window in range(3):
        total = np.int64(0)
        for i in range(RING_AT[window], RING_AT[window + 1]):
            total += cells[i]
        found[0, window] = total
    now = cells[BLOCKS_AT + block % BLOCKS_CELLS]
    found[0, 3] = now + memo[MEMO_QUARTER]
    found[0, 4] = now + memo[MEMO_HOUR]
    for life in range(2):
        known = now + memo[MEMO_ALL + life]
        for window in range(3):  # less the window itself: decay within it is 6 % at the most
            found[1 + life, window] = max(0.0, known - found[0, window])
        found[1 + life, 3] = memo[MEMO_OLDER + life]
        found[1 + life, 4] = past[life]


@compiled("int64(uint64[::1], uint64, int64, int64)")
def place_of(keys: NDArray[np.uint64], key: np.uint64, bits: int, first: int) -> int:
    """Return the row of a key in a table of ``2**bits`` rows from ``first`` on, or ``ABSENT``."""
    bucket = first + np.int64(key >> np.uint64(64 - bits + 3)) * WAYS
    for row in range(bucket, bucket + WAYS):
        if keys[row] == key:
            return row
    return ABSENT


@compiled("int64(uint64[::1], int64[:], uint64, int64, int64)")
def vacancy(
    keys: NDArray[np.uint64], last: NDArray[np.int64], key: np.uint64, bits: int, first: int
) -> int:
    """Return the row that a new key takes: an empty one, else that of smallest (tick, key)."""
    bucket = first + np.int64(key >> np.uint64(64 - bits + 3)) * WAYS
    best = bucket
    for row in range(bucket, bucket + WAYS):
        if keys[row] == np.uint64(0):
            return row
        if last[row] < last[best] or (last[row] == last[best] and keys[row] < keys[best]):
            best = row
    return best


@compiled("float64(float32[:, :, ::1], uint64, int64)")
def remembered(sketch: NDArray[np.float32], key: np.uint64, block: int) -> float:
    """Return the sketch's decayed count (weight) of a key that a table gave up.

    ``sketch`` is (2, places, 2): the count, and the block of 300 s as of which it is decayed.
    """
    least = np.inf
    mask = np.uint64(sketch.shape[1] - 1)
    for depth in range(2):
        place = sketch[depth, (key >> np.uint64(24 * depth)) & mask]
        least = min(least, place[0] * power(DAY_DECAY, block - np.int64(place[1])))
    return least


@compiled("void(float32[:, :, ::1], uint64, int64, float64)")
def remember(sketch: NDArray[np.float32], key: np.uint64, block: int, weight: float) -> None:
    """Keep a key's decayed count (weight) in the sketch."""
    mask = np.uint64(sketch.shape[1] - 1)
    for depth in range(2):
        place = sketch[depth, (key >> np.uint64(24 * depth)) & mask]
        if weight > place[0] * power(DAY_DECAY, block - np.int64(place[1])):
            place[0] = weight
            place[1] = block  # exact in 24 bits until the year 2129
