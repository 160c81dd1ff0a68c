"""A lane: one source's own time. It stamps each row's tick and says which ticks are over."""

import numpy as np
import polars as pl

LAG_US = 3_000_000  # how far behind the newest post a tick stays open
SECOND_US = 1_000_000


class Lane:
    """Follow one source's posts in the order of their arrival.

    ``closed`` is the last tick that is over: its posts have come, or will be late. A lane that goes
    on after a restart is told the last one.
    """

    def __init__(self, closed: int = -1) -> None:
        self._newest_us = -1
        self.closed = closed

    def stamp(self, posts: pl.DataFrame) -> pl.DataFrame:
        """Return posts (``POST_SCHEMA``, in order of arrival) as a Frame, and move ``closed`` on.

        A post whose second is over is ``late`` and counted in the first second still open. Where
        the rows are cut makes no difference.
        """
        at = posts["at"].to_physical().to_numpy()
        newest = np.maximum.accumulate(np.concatenate(([self._newest_us], at)))
        first_open = np.maximum((newest[:-1] - LAG_US) // SECOND_US, self.closed + 1)
        ticks = at // SECOND_US
        frame = posts.hstack(
            [
                pl.Series("tick", np.maximum(ticks, first_open)),
                pl.Series("late", ticks < first_open),
            ]
        )
        self._newest_us = int(newest[-1])
        self.closed = max(self.closed, (self._newest_us - LAG_US) // SECOND_US - 1)
        return frame

    def close(self, tick: int) -> None:
        """Be told by a clock that a tick is over although nobody spoke since."""
        self.closed = max(self.closed, tick)

    def flush(self) -> None:
        """Close everything seen so far: no more posts will come."""
        self.closed = max(self.closed, self._newest_us // SECOND_US)
