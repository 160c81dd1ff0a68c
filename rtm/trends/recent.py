"""The latest posts, by their number in the stream, for naming terms and quoting people."""

import bisect
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rtm.frame import FRAME_SCHEMA
from rtm.text.terms import Term, terms_of

COLUMNS = ["id", "at", "text", "author"]
CACHED = 4096  # posts kept ready, since the posts of a story are asked for again and again
CHUNK = 2048  # rows up to which small frames are kept together


@dataclass(frozen=True, slots=True)
class Post:
    """One recent post with its distinct term keys."""

    seq: int
    id: str
    at: datetime
    text: str
    author: str | None
    terms: frozenset[int]

    def term(self, key: int) -> Term:
        """Return one of the post's terms with its name."""
        return _named(self.text)[key]


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


class Recent:
    """Keep the last ``capacity`` posts; older ones are gone, however the stream was framed."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._chunks: deque[_Chunk] = deque()
        self._next = 0
        self._cached: dict[int, Post] = {}

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
        # merge neighbours of like size, so that there are few and each is merged a few times only
        while self._chunks and self._chunks[-1].posts.height <= min(chunk.posts.height, CHUNK):
            chunk = self._chunks.pop().joined(chunk)
        self._chunks.append(chunk)

    def post(self, seq: int, now: int) -> Post | None:
        """Return a post by number, or None when it was too old at the time of post ``now``."""
        if seq <= now - self._capacity or not self._chunks or seq < self._chunks[0].first:
            return None
        if seq in self._cached:
            return self._cached[seq]
        place = bisect.bisect_right(self._chunks, seq, key=lambda chunk: chunk.first) - 1
        chunk = self._chunks[place]
        row = seq - chunk.first
        id_, at, text, author = chunk.posts.row(row)
        terms = chunk.terms[chunk.starts[row] : chunk.starts[row + 1]]
        post = Post(seq, id_, at, text, author, frozenset(terms.tolist()))
        if len(self._cached) >= CACHED:
            self._cached.clear()
        self._cached[seq] = post
        return post

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
        self._cached.clear()
        self._next = first
        self.append(posts, terms, starts)
