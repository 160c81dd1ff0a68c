"""Stories that people opened: which posts they are told of, and when.

Be a post in whose minute somebody opened a story by hand: its phrases are looked for in you, beside
all that the reader found. If one stands in you, you are counted for the story as the last thing of
your tick, in the same table as posts of stories that were found, so that all else (voices, pace,
examples, who speaks) is told of both alike. Posts that were there before are looked through once,
when the story is opened. While none is open nothing is done.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rtm.text.spotting import MOST_LISTS, Spotter
from rtm.trends.open_story import Asked, OpenStory
from rtm.trends.recent import Recent
from rtm.trends.state import SEQ, Rows, State
from rtm.trends.stories import Stories
from rtm.types import Example

BACK_S = 900  # seconds before its opening whose posts belong to a story, as far as they are kept


@dataclass(frozen=True, slots=True)
class Heard:
    """The posts of one tick that speak of open stories: numbers of posts, by story.

    Rows before ``stop`` are those up to the end of the tick.
    """

    tick: int
    stop: int
    posts: tuple[tuple[OpenStory, NDArray[np.int64]], ...]


class ByHand:
    """Follow what people opened; told of rows of closed ticks, in order."""

    def __init__(self, state: State, stories: Stories, recent: Recent) -> None:
        self._state = state
        self._stories = stories
        self._recent = recent
        self._followed: list[OpenStory] = []
        self._spotter = Spotter([])

    def open(self, id: str, asked: Asked, tick: int) -> OpenStory | None:
        """Open a story with the posts of the last minutes that speak of it, as of a closed tick.

        None when it is open already, or when too many are.
        """
        self.follow()
        if len(self._followed) == MOST_LISTS or any(one.id == id for one in self._followed):
            return None
        first, posts = self._known(tick)
        said = np.flatnonzero(Spotter([asked.terms]).bits(posts["text"])) + first
        story = self._stories.open_by_hand(id, asked, tick, said)
        self.follow()
        return story

    def story(self, id: str) -> OpenStory | None:
        """Return a story that is followed; None when it is not, or not any more."""
        return next((one for one in self._followed if one.id == id and self._is_open(one)), None)

    def post(self, id: str, tick: int) -> Example | None:
        """Return a post by its network's id, if it came in the last minutes."""
        _, posts = self._known(tick)
        for found in posts.filter(pl.col("id") == id).rows(named=True)[:1]:
            return Example(id=id, at=found["at"], text=found["text"], author=found["author"])
        return None

    def heard(self, texts: pl.Series, rows: Rows) -> list[Heard]:
        """Return what rows that are about to be counted say of open stories, a tick at a time."""
        if not self._followed:
            return []
        self.follow()
        bits = self._spotter.bits(texts) * (rows.late == 0)
        seqs = int(self._state.numbers[SEQ]) + np.cumsum(rows.late == 0) - 1
        (places,) = bits.nonzero()
        found = []
        for now in np.split(places, np.diff(rows.ticks[places]).nonzero()[0] + 1):
            if now.size:
                tick = int(rows.ticks[now[0]])
                posts = [
                    (story, seqs[now[bits[now] >> place & 1 == 1]])
                    for place, story in enumerate(self._followed)
                ]
                stop = int(rows.ticks.searchsorted(tick, "right"))
                found.append(Heard(tick, stop, tuple(one for one in posts if one[1].size)))
        return found

    def count(self, heard: Heard) -> Iterator[OpenStory]:
        """Count the posts of a tick that the kernel has closed; the stories to look at again."""
        for story, seqs in heard.posts:
            if not self._is_open(story):  # it was quiet for too long
                continue
            self._stories.count(story, seqs)
            if self._stories.is_due(story):
                yield story

    def follow(self) -> None:
        """Look for what is open now, after a snapshot was taken up."""
        opened = [story for _, story in sorted(self._stories.open.items()) if story.asked]
        if [story.id for story in opened] != [story.id for story in self._followed]:
            self._spotter = Spotter([story.asked.terms for story in opened if story.asked])
        self._followed = opened

    def _is_open(self, story: OpenStory) -> bool:
        return self._stories.open.get(story.slot) is story

    def _known(self, tick: int) -> tuple[int, pl.DataFrame]:
        # the posts of the last minutes of which all is known, and the number of the first
        now, ticks = int(self._state.numbers[SEQ]), self._state.recent_ticks
        seqs = np.arange(max(0, now - ticks.size, self._recent.oldest(now)), now)
        first = now - int((ticks[seqs & (ticks.size - 1)] > tick - BACK_S).sum())
        return first, self._recent.since(first)
