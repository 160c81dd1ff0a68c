"""The latest posts, by their number in the stream, for naming terms and quoting people."""

import bisect
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rtm.frame import FRAME_SCHEMA
from rtm.text.terms import Term, terms_of
from rtm.trends.pairs import key_of
from rtm.trends.state import PAIRED_TERMS

COLUMNS = ["id", "at", "text", "author", "labels", "joined", "reply_to", "is_repost"]
POST = 5  # of these are what a ``Post`` is
CHUNK = 32  # rows up to which frames are kept together: a frame by itself takes some kilobytes


@dataclass(frozen=True, slots=True)
class Post:
    """One recent post, in full."""

    seq: int
    id: str
    at: datetime
    text: str
    author: str | None
    labels: str | None = None

    def term(self, key: int) -> Term:
        """Return one of the post's terms, or a pair of them, with its name."""
        parts = self.parts(key)
        if not parts:
            return _named(self.text)[key]
        one, other = (_named(self.text)[part] for part in parts)
        return Term(key, "together", f"{one.name} + {other.name}", (*one.words, *other.words))

    def parts(self, key: int) -> tuple[int, ...]:
        """Return the keys of the two terms that a pair is of, as they stand; none for a term."""
        return () if key in _named(self.text) else _paired(self.text)[key]


@dataclass(frozen=True, slots=True)
class _Chunk:
    first: int
    posts: pl.DataFrame
    terms: NDArray[np.uint64]
    starts: NDArray[np.int64]

    def joined(self, later: "_Chunk") -> "_Chunk":
        return _Chunk(
            self.first,
            pl.concat((self.posts, later.posts), rechunk=True),
            np.concatenate((self.terms, later.terms)),
            np.concatenate((self.starts, later.starts[1:] + self.starts[-1])),
        )


@lru_cache(maxsize=256)
def _named(text: str) -> dict[int, Term]:
    # the plain reader is slow, and the terms of one burst stand in the same few posts
    return {term.key: term for term in terms_of(text)}


@lru_cache(maxsize=256)
def _paired(text: str) -> dict[int, tuple[int, int]]:
    paired = combinations(list(_named(text))[:PAIRED_TERMS], 2)
    return {key_of(one, other): (one, other) for one, other in paired}


class Recent:
    """Keep the last ``capacity`` posts; older ones are gone, however the stream was framed."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._chunks: deque[_Chunk] = deque()
        self._next = 0

    def append(
        self, posts: pl.DataFrame, terms: NDArray[np.uint64], starts: NDArray[np.int64]
    ) -> None:
        """Take the next posts, numbered on from the last; columns as ``COLUMNS`` and terms."""
        if not posts.height:
            return
        # what is too old now, before these posts: their ticks are yet to be looked at
        oldest = self._next - self._capacity
        while self._chunks and self._chunks[0].first + self._chunks[0].posts.height <= oldest:
            self._chunks.popleft()
        chunk = _Chunk(self._next, posts[COLUMNS], terms, starts)
        self._next += posts.height
        if self._chunks and self._chunks[-1].posts.height + posts.height <= CHUNK:
            chunk = self._chunks.pop().joined(chunk)
        self._chunks.append(chunk)

    def post(self, seq: int, now: int) -> Post | None:
        """Return a post by number, or None when it was too old at the time of post ``now``."""
        chunk = self._chunk(seq, now)
        return None if chunk is None else Post(seq, *chunk.posts.row(seq - chunk.first)[:POST])

    def row(self, seq: int, now: int) -> dict[str, Any] | None:
        """Return all that is kept of a post, by ``COLUMNS``, or None when it was too old."""
        chunk = self._chunk(seq, now)
        return None if chunk is None else chunk.posts.row(seq - chunk.first, named=True)

    def terms(self, seq: int, now: int) -> NDArray[np.uint64] | None:
        """Return a post's distinct term keys, or None when it was too old."""
        chunk = self._chunk(seq, now)
        if chunk is None:
            return None
        row = seq - chunk.first
        return chunk.terms[chunk.starts[row] : chunk.starts[row + 1]]

    def _chunk(self, seq: int, now: int) -> _Chunk | None:
        if seq <= now - self._capacity or not self._chunks or seq < self._chunks[0].first:
            return None
        newest = self._chunks[-1]
        if seq >= newest.first:
            return newest
        return self._chunks[bisect.bisect_right(self._chunks, seq, key=lambda one: one.first) - 1]

    def oldest(self, now: int) -> int:
        """Return the number of the oldest post that is kept at the time of post ``now``."""
        return max(0, now - self._capacity + 1)

    def since(self, seq: int) -> pl.DataFrame:
        """Return the posts from a number on, which must not be before the oldest."""
        if not self._chunks:
            return pl.DataFrame(schema={name: FRAME_SCHEMA[name] for name in COLUMNS})
        later = (one for one in self._chunks if one.first + one.posts.height > seq)
        posts = pl.concat([one.posts for one in later] or [self._chunks[-1].posts.clear()])
        return posts.tail(self._next - seq)

    def kept(self) -> tuple[int, pl.DataFrame]:
        """Return the number of the first post kept, and the posts."""
        if not self._chunks:
            return self._next, pl.DataFrame(schema={name: FRAME_SCHEMA[name] for name in COLUMNS})
        return self._chunks[0].first, pl.concat(chunk.posts for chunk in self._chunks)

    def refill(
        self, first: int, posts: pl.DataFrame, terms: NDArray[np.uint64], starts: NDArray[np.int64]
    ) -> None:
        """Keep exactly these posts, numbered from ``first``."""
        self._chunks.clear()
        self._next = first
        self.append(posts, terms, starts)
