"""Which story is about which label.

A story matches a label when it opens inside the label's span and its terms, at one of its tellings
up to the span's end (not later: what it became afterwards helped nobody), at most ten of them,
share two keywords with the label, or one that fewer than 0.5 % of the posts hold. A keyword of two
words is found as a pair, and counts for two.

A negative label is hit when a story matches its keywords from its first copy on (the first post
with two of the keywords, at most an hour before the label) until ten minutes after its end.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from rtm.tune.keywords import Holding, Keyword
from rtm.tune.labels import Label
from rtm.tune.told import ToldStory

ENOUGH_WORDS = 2  # shared, unless one is rare
BEFORE = timedelta(hours=1)  # how early the first copy of a false burst may come
AFTERWARDS = timedelta(minutes=10)  # in which a false burst must not be told either
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sought:
    """A label, when a story about it may open, and what that story must speak of."""

    label: Label
    since: datetime
    until: datetime
    keywords: tuple[Keyword, ...]
    rare: frozenset[str]

    def is_met_by(self, names: Iterable[str]) -> bool:
        """Tell whether a story's words and pairs share enough with the keywords."""
        held = frozenset(names)
        shared = [one for one in self.keywords if not held.isdisjoint(one.names)]
        return sum(one.words for one in shared) >= ENOUGH_WORDS or any(
            one.text in self.rare for one in shared
        )

    def is_matched_by(self, story: ToldStory) -> bool:
        """Tell whether a story is about the label."""
        return self.since <= story.opened_at <= self.until and any(
            self.is_met_by(names) for names in story.names_until(self.until)
        )


def sought(
    label: Label, keywords: Sequence[Keyword], holding: Holding, at_us: NDArray[np.int64]
) -> Sought:
    """Say what a story about a label must be; ``at_us`` are the times of the posts held."""
    rare = frozenset(one.text for one in keywords if holding.is_rare(one))
    if not label.is_negative:
        return Sought(label, label.start, label.end, tuple(keywords), rare)
    since = _first_copy(label, keywords, holding, at_us)
    return Sought(label, since, label.end + AFTERWARDS, tuple(keywords), rare)


def about(stories: Sequence[ToldStory], one: Sought) -> list[ToldStory]:
    """Return the stories about a label, first opened first; ``stories`` are in that order."""
    low = bisect_left(stories, one.since, key=lambda story: story.opened_at)
    high = bisect_right(stories, one.until, key=lambda story: story.opened_at)
    return [story for story in stories[low:high] if one.is_matched_by(story)]


def _first_copy(
    label: Label, keywords: Sequence[Keyword], holding: Holding, at_us: NDArray[np.int64]
) -> datetime:
    since, until = _us(label.start - BEFORE), _us(label.end)
    found = [holding.of(one) for one in keywords]
    inside = [posts[(since <= at_us[posts]) & (at_us[posts] <= until)] for posts in found]
    weighted = np.concatenate(
        [np.repeat(posts, one.words) for posts, one in zip(inside, keywords, strict=True)]
    )
    posts, shared = np.unique(weighted, return_counts=True)
    enough = posts[shared >= min(ENOUGH_WORDS, sum(one.words for one in keywords))]
    return EPOCH + int(at_us[enough].min()) * MICROSECOND if enough.size else label.start


def _us(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND
