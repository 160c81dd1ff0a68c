"""How many posts speak of the brand's subjects, against what their own past made expect.

Counts in buckets of five minutes. The expectation is a share of the stream, as for a term: posts
about the subjects out of all posts, decayed with half-lives of an hour and of a day, the larger
ruling; a bucket is compared with the buckets before it, never with itself.
"""

from collections import deque
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

BUCKET_S = 300
KEPT = 288  # buckets: a day
USUAL = 6  # closed buckets whose mean says how long the open one will grow
DECAYS = (0.5 ** (BUCKET_S / 3600), 0.5 ** (BUCKET_S / 86_400))
PRIOR = (0.5, 50.0)  # posts about the subjects, of so many: before anything was seen
ENOUGH = 100.0  # posts seen from which an expectation is stated
DISPERSION = 0.05  # variance above chance, as a share of the mean squared
TAIL = 0.05  # below the lower and above the higher bound


@dataclass(frozen=True, slots=True)
class Bucket:
    """Posts of five minutes; ``low`` to ``high`` is what 90 % of such buckets would have held."""

    start: int
    about: int
    posts: int
    low: float | None
    high: float | None


class Volume:
    """Count posts by bucket; told of rows of closed ticks in order of their ticks."""

    def __init__(self) -> None:
        self._closed: deque[Bucket] = deque(maxlen=KEPT)
        self._past = [[0.0, 0.0], [0.0, 0.0]]  # (about, all) by half-life
        self._start = -1
        self._about = self._posts = 0

    def count(self, ticks: NDArray[np.int64], is_about: NDArray[np.bool_]) -> None:
        """Count posts: the second of each (ascending), and whether it speaks of the subjects."""
        if not ticks.size:
            return
        starts = ticks - ticks % BUCKET_S
        firsts = np.flatnonzero(np.diff(starts, prepend=-1))
        for first, stop in zip(firsts, [*firsts[1:], ticks.size], strict=True):
            if self._start < 0:
                self._start = int(starts[first])
            self.close(int(starts[first]) - 1)
            self._about += int(is_about[first:stop].sum())
            self._posts += int(stop - first)

    def close(self, tick: int) -> None:
        """Be told that all ticks up to this one are over."""
        if self._start < 0:
            return
        start = (tick + 1) - (tick + 1) % BUCKET_S
        over = (start - self._start) // BUCKET_S
        if over > KEPT:  # a hole of more than a day: only what is kept is worth stepping through
            self._end()
            self._start = start - KEPT * BUCKET_S
            over = KEPT
        for _ in range(over):
            self._end()

    def buckets(self, latest: int) -> list[Bucket]:
        """Return the latest buckets, the last one still growing, expected as if it were whole."""
        if self._start < 0:
            return []
        usual = [bucket.posts for bucket in list(self._closed)[-USUAL:]]
        posts = max(self._posts, sum(usual) / len(usual)) if usual else float(self._posts)
        growing = Bucket(self._start, self._about, self._posts, *self._expected(posts))
        return [*list(self._closed)[max(0, len(self._closed) + 1 - latest) :], growing]

    def closed_after(self, start: int) -> list[Bucket]:
        """Return the kept buckets that are over and begin after this second, in order."""
        return [bucket for bucket in self._closed if bucket.start > start]

    def snapshot(self) -> bytes:
        """Return all that is remembered."""
        kept = [(b.start, b.about, b.posts, b.low, b.high) for b in self._closed]
        return msgspec.json.encode((kept, self._past, self._start, self._about, self._posts))

    def restore(self, content: bytes) -> None:
        """Take up where a snapshot was made."""
        kept, self._past, self._start, self._about, self._posts = msgspec.json.decode(
            content,
            type=tuple[
                list[tuple[int, int, int, float | None, float | None]],
                list[list[float]],
                int,
                int,
                int,
            ],
        )
        self._closed = deque((Bucket(*bucket) for bucket in kept), maxlen=KEPT)

    def _end(self) -> None:
        expected = self._expected(self._posts)
        self._closed.append(Bucket(self._start, self._about, self._posts, *expected))
        for past, decay in zip(self._past, DECAYS, strict=True):
            past[0] = past[0] * decay + self._about
            past[1] = past[1] * decay + self._posts
        self._start += BUCKET_S
        self._about = self._posts = 0

    def _expected(self, posts: float) -> tuple[float | None, float | None]:
        if self._past[1][1] < ENOUGH:
            return None, None
        about, of = max(self._past, key=lambda past: (past[0] + PRIOR[0]) / (past[1] + PRIOR[1]))
        shape = about + PRIOR[0]
        mean = shape / (of + PRIOR[1]) * posts
        return bounds(mean, 1 / (DISPERSION + 1 / shape))


def bounds(mean: float, shape: float) -> tuple[float, float]:
    """Return how few and how many are usual: the 5 % and 95 % quantiles of a negative binomial.

    >>> bounds(2.0, 1e9)
    (0.0, 5.0)
    """
    if mean <= 0:
        return 0.0, 0.0
    if mean > 500:  # near enough to normal, and long to count through
        spread = 1.645 * float(np.sqrt(mean + mean * mean / shape))
        return max(0.0, round(mean - spread)), float(round(mean + spread))
    chance = float(np.exp(-shape * np.log1p(mean / shape)))
    odds = mean / (mean + shape)
    count, below = 0, chance
    low = 0.0 if below >= TAIL else None
    while below < 1 - TAIL and count < 10_000:
        chance *= (count + shape) / (count + 1) * odds
        count += 1
        below += chance
        if low is None and below >= TAIL:
            low = float(count)
    return low or 0.0, float(count)
