"""The leak guard in public: posts that name the brand and give away what the team keeps secret.

Be a post. If you do not name the brand you are let go at once. Else you wait, and are looked at
twice: quickly, for runs of a secret's words; then, when there is time, for codenames and figures,
whose hashes are slow on purpose. There is time for a share of each second only, whatever comes; of
too many posts the oldest that wait are let go, and counted. The same words are looked at once.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec
import numpy as np
import polars as pl

from rtm.brand import Brand
from rtm.clock import Stopwatch
from rtm.desk.leaks import Fingerprint, leaks_in
from rtm.text.columns import laid_out
from rtm.text.mentions import Names
from rtm.text.patterns import Mark, patterns_of
from rtm.text.walker import walk

MOST_PER_S = 20  # posts that are looked at quickly: 10 ms each with 50 secrets
SLOW_S = 0.25  # of each second, for codenames and figures; a post takes up to a second
MOST_WAITING = 2_000  # posts, before either look
MOST_ALIKE = 100  # posts with the same words, while these wait
REMEMBERED = 5_000  # texts, and alarms
LONGEST = 2_000  # characters of a post that are read

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class GivenAway:
    """A post gives a secret away: its id and words, the secret's label, how much of a passage."""

    post: str
    label: str
    share: float
    text: str


class Leaking:
    """Watches public posts for one brand; ``fingerprints`` tells what is guarded now.

    ``heed`` is quick; ``alarms`` may take a second and belongs in a thread.
    """

    def __init__(
        self,
        brand: Brand,
        fingerprints: Callable[[], Sequence[Fingerprint]],
        *,
        most_per_s: float = MOST_PER_S,
        slow_s: float = SLOW_S,
    ) -> None:
        names = Names(brand)
        self._patterns = patterns_of({}, names=names.to_find(), confirm=names.confirmed)
        self._fingerprints = fingerprints
        self._most_per_s, self._slow_s = most_per_s, slow_s
        self._waiting: deque[tuple[str, str]] = deque()
        self._slowly: dict[str, list[str]] = {}  # ids by their words
        self._known: dict[str, dict[str, float]] = {}  # share by label, of words looked at
        self._alarmed: dict[tuple[str, str], None] = {}
        self._salts: tuple[bytes, ...] = ()
        self._looked_s: float | None = None
        self._credit, self._credit_s = 0.0, 0.0  # posts and seconds that may be spent now
        self.missed = 0

    def heed(self, posts: pl.DataFrame) -> None:
        """Take the posts (columns ``id`` and ``text``) that name the brand."""
        if not posts.height:
            return
        *_, marks = walk(*laid_out(posts["text"]), self._patterns)
        if self._patterns.confirm is not None:
            marks = self._patterns.confirm(posts["text"], marks)
        (places,) = np.nonzero(marks & np.uint32(Mark.MENTION))
        for post, text in posts[places].select("id", "text").iter_rows():
            self._waiting.append((post, text[:LONGEST]))
        while len(self._waiting) > MOST_WAITING:
            self._waiting.popleft()
            self.missed += 1

    def alarms(self, now_s: float) -> list[GivenAway]:
        """Return what is given away by posts that there is time for, once a post and label.

        ``now_s`` counts seconds, from whenever. Raises what ``fingerprints`` raises; then the posts
        wait on.
        """
        kept = self._fingerprints()
        self._take_up(kept)
        self._earn(now_s)
        found = [*self._quickly(kept), *self._in_time(kept)]
        fresh = {(one.post, one.label): one for one in reversed(found)}
        news = [one for place, one in fresh.items() if place not in self._alarmed][::-1]
        self._alarmed |= dict.fromkeys((one.post, one.label) for one in news)
        _shorten(self._alarmed)
        return news

    def _take_up(self, kept: Sequence[Fingerprint]) -> None:
        salts = tuple(one.salt for one in kept)
        if salts != self._salts:  # what was looked at was not looked at for this
            self._salts = salts
            self._known.clear()
        if not kept:
            self._waiting.clear()
            self._slowly.clear()

    def _earn(self, now_s: float) -> None:
        since_s = 1.0 if self._looked_s is None else max(0.0, now_s - self._looked_s)
        self._looked_s = now_s
        self._credit = min(self._most_per_s, self._credit + since_s * self._most_per_s)
        self._credit_s = min(self._slow_s, self._credit_s + since_s * self._slow_s)

    def _quickly(self, kept: Sequence[Fingerprint]) -> Iterator[GivenAway]:
        quick = [_parted(one, is_slow=False) for one in kept]
        has_slow = any(one.whole for secret in kept for one in secret.passages)
        while self._waiting and self._credit >= 1:
            self._credit -= 1
            post, text = self._waiting.popleft()
            if text not in self._known:
                self._known[text] = _shares(text, quick)
                _shorten(self._known)
                if has_slow:
                    self._slowly.setdefault(text, [])
            if text in self._slowly and len(self._slowly[text]) < MOST_ALIKE:
                self._slowly[text].append(post)
            yield from _given(post, text, self._known[text])
        while len(self._slowly) > MOST_WAITING:
            oldest = next(iter(self._slowly))
            self.missed += len(self._slowly.pop(oldest))
            self._known.pop(oldest, None)

    def _in_time(self, kept: Sequence[Fingerprint]) -> Iterator[GivenAway]:
        slow = [_parted(one, is_slow=True) for one in kept]
        while self._slowly and self._credit_s > 0:
            watch = Stopwatch()
            text = next(iter(self._slowly))
            shares = _shares(text, slow)
            self._known[text] = self._known.get(text, {}) | shares
            yield from (
                given for post in self._slowly.pop(text) for given in _given(post, text, shares)
            )
            self._credit_s -= watch.wall_s()


def _parted(kept: Fingerprint, *, is_slow: bool) -> Fingerprint:
    passages = tuple(one for one in kept.passages if bool(one.whole) == is_slow)
    return msgspec.structs.replace(kept, passages=passages)


def _shares(text: str, kept: Sequence[Fingerprint]) -> dict[str, float]:
    return {leak.name: leak.share for leak in leaks_in(text, kept)}


def _given(post: str, text: str, shares: dict[str, float]) -> Iterator[GivenAway]:
    for label, share in shares.items():
        yield GivenAway(post, label, share, text)


def _shorten(remembered: dict[Key, Value]) -> None:
    while len(remembered) > REMEMBERED:
        del remembered[next(iter(remembered))]
