"""Who was heard before: authors by key, with how often, how lately and how they took part.

A table of a fixed size, four places to a bucket. An author who finds a bucket full takes the place
of whoever in it was heard least lately, so that those who come back stay and those who were here
once make room. Counted post by post in the kernel, it is the same however the stream is framed.
"""

import numpy as np
from numpy.typing import NDArray

from rtm.compiled import compiled

KEY, FIRST, LAST, POSTS, REPLIES, HOURS, DAYS = range(7)  # columns
WIDTH = 8  # places of 8 bytes: a line of the processor's cache
WAYS = 4  # places in a bucket
HOUR_S, DAY_S = 3600, 86_400


def no_regulars(bits: int) -> NDArray[np.int64]:
    """Return room for ``2**bits`` authors, touched, shape (2**bits, WIDTH)."""
    return np.full((1 << bits, WIDTH), 0, np.int64)


@compiled("void(int64[:, ::1], uint64, int64, int64)")
def meet(table: NDArray[np.int64], author: np.uint64, tick: int, is_reply: int) -> None:
    """Count a post of a known author; hours and days are those of the clock, UTC."""
    key = np.int64(author)
    bucket = np.int64(author & np.uint64(table.shape[0] // WAYS - 1)) * WAYS
    taken = bucket
    for place in range(bucket, bucket + WAYS):
        row = table[place]
        if row[KEY] == key:
            row[HOURS] += tick // HOUR_S != row[LAST] // HOUR_S
            row[DAYS] += tick // DAY_S != row[LAST] // DAY_S
            row[LAST] = tick
            row[POSTS] += 1
            row[REPLIES] += is_reply
            return
        if row[LAST] < table[taken, LAST]:
            taken = place
    row = table[taken]
    row[KEY], row[FIRST], row[LAST] = key, tick, tick
    row[POSTS], row[REPLIES], row[HOURS], row[DAYS] = 1, is_reply, 1, 1


def met(table: NDArray[np.int64], authors: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return what is remembered of authors, shape (n, WIDTH); zeros of those forgotten or unknown.

    >>> table = no_regulars(4)
    >>> meet(table, np.uint64(7), 3600, 1)
    >>> met(table, np.array([7, 0], np.uint64))[:, POSTS].tolist()
    [1, 0]
    """
    buckets = (authors & np.uint64(table.shape[0] // WAYS - 1)).astype(np.int64) * WAYS
    rows = table[buckets[:, None] + np.arange(WAYS)]
    is_theirs = (rows[:, :, KEY] == authors.view(np.int64)[:, None]) & (authors != 0)[:, None]
    found: NDArray[np.int64] = (rows * is_theirs[:, :, None]).sum(axis=1)
    return found
