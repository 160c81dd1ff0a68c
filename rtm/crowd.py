"""The crowd of a story: its latest posts and who wrote them, as far as the stream tells."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNTOLD = -1  # followers that nobody told


@dataclass(frozen=True, slots=True)
class Crowd:
    """A sample of ``n`` posts of one story, in order of arrival, one row each.

    ========= ============ =======================================================================
    column    dtype        meaning
    ========= ============ =======================================================================
    at_us     int64        when it was posted, microseconds of Unix time
    authors   uint64       author's key; 0 = unknown
    followers int64        the author's followers; ``UNTOLD`` = unknown
    clusters  uint64       name of its cluster of near-duplicates; 0 = unknown
    ages_d    float64      days since the author joined; NaN = unknown
    known_s   float64      seconds since the author was first heard here; NaN = unknown
    heard     (n, 4) int64 posts, replies, hours and days in which the author was heard; 0 = unknown
    is_reply  bool         answers another post
    marks     uint32       bits of ``text.patterns.Mark``
    is_repost bool         somebody else's words passed on
    texts     str or None  as written; None = no longer kept
    ========= ============ =======================================================================

    ``posts`` is how many the story has in all.
    """

    at_us: NDArray[np.int64]
    authors: NDArray[np.uint64]
    followers: NDArray[np.int64]
    clusters: NDArray[np.uint64]
    ages_d: NDArray[np.float64]
    known_s: NDArray[np.float64]
    heard: NDArray[np.int64]
    marks: NDArray[np.uint32]
    is_reply: NDArray[np.bool_]
    is_repost: NDArray[np.bool_]
    texts: tuple[str | None, ...]
    posts: int
