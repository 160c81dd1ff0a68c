"""A recording that comes in as if it were live: by a clock, which may be a playhead."""

import asyncio
from collections.abc import Sequence

import polars as pl

from rtm.clock import Beat
from rtm.sources.stream import Health


class Recorded:
    """Both source and inbox: whoever takes gets all posts stamped up to the clock's present."""

    def __init__(self, name: str, posts: pl.DataFrame, clock: Beat) -> None:
        self.name = name
        self.health = Health(state="live", note="from a recording")
        self._posts = posts
        self._at = posts["at"].to_physical()
        self._clock = clock
        self._told = 0

    async def read(self, since_us: int | None, already: Sequence[str]) -> None:
        """Do nothing, for ever: posts are taken when their time has come."""
        await asyncio.get_running_loop().create_future()

    def take(self) -> pl.DataFrame:
        """Return the posts that came since the last time (``POST_SCHEMA``)."""
        now_us = round(self._clock.now().timestamp() * 1e6)
        upto = int(self._at.search_sorted(now_us, side="right"))
        posts = self._posts.slice(self._told, max(0, upto - self._told))
        self._told = max(self._told, upto)
        self.health.posts = self._told
        if self._told:
            self.health.heard_us = now_us  # a recording is heard from as long as it plays
        return posts

    def told_until_us(self, now_us: int) -> int | None:
        """Return the present: all posts until then were taken."""
        return now_us
