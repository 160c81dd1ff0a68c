"""A lane: one source's own time. It stamps each row's tick and says which ticks are over."""

import polars as pl

from rtm.frame import FRAME_SCHEMA

LAG_US = 3_000_000  # how far behind the newest post a tick stays open
SECOND_US = 1_000_000


class Lane:
    """Follow one source's posts in the order of their arrival.

    ``closed`` is the last tick that is over: its posts have come, or will be late.
    """

    def __init__(self) -> None:
        self._newest_us = -1
        self.closed = -1

    def stamp(self, posts: pl.DataFrame) -> pl.DataFrame:
        """Return posts (``POST_SCHEMA``, in order of arrival) as a Frame, and move ``closed`` on.

        A post whose second is over is ``late`` and counted in the first second still open. Where
        the rows are cut makes no difference.
        """
        at = pl.col("at").dt.epoch("us")
        before = pl.max_horizontal(at.cum_max().shift(1, fill_value=-1), pl.lit(self._newest_us))
        first_open = pl.max_horizontal((before - LAG_US) // SECOND_US, pl.lit(self.closed + 1))
        frame = posts.with_columns(
            tick=pl.max_horizontal(at // SECOND_US, first_open), late=at // SECOND_US < first_open
        ).select(FRAME_SCHEMA.keys())
        newest = posts["at"].dt.epoch("us").max()
        if newest is not None:
            assert isinstance(newest, int)
            self._newest_us = max(self._newest_us, newest)
            self.closed = max(self.closed, (self._newest_us - LAG_US) // SECOND_US - 1)
        return frame

    def close(self, tick: int) -> None:
        """Be told by a clock that a tick is over although nobody spoke since."""
        self.closed = max(self.closed, tick)

    def flush(self) -> None:
        """Close everything seen so far: no more posts will come."""
        self.closed = max(self.closed, self._newest_us // SECOND_US)
