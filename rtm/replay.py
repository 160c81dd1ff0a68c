"""Tell the engine of recorded posts, as if they came now: fast, or in their own time."""

from collections.abc import Iterator
from datetime import datetime

import polars as pl

from rtm.engine import Engine
from rtm.sources.lane import Lane
from rtm.types import Event

FRAME_ROWS = 50_000  # rows told at once when nobody waits for them


def replay(
    engine: Engine,
    posts: pl.DataFrame,
    *,
    until: datetime | None = None,
    flush: bool = False,
    frame_rows: int = FRAME_ROWS,
) -> Iterator[Event]:
    """Yield the events of posts (``POST_SCHEMA``, in order of time), whatever ``frame_rows``.

    The end of the posts closes nothing that is not over by their own times. ``until`` says that
    time went on to that moment; ``flush`` that the last post was the end of all.
    """
    lane = Lane()
    for start in range(0, posts.height, frame_rows):
        frame = lane.stamp(posts.slice(start, frame_rows))
        yield from engine.step(frame, lane.closed)
    if until is not None:
        lane.close(int(until.timestamp()) - 1)
    if flush:
        lane.flush()
    yield from engine.step(lane.stamp(posts.clear()), lane.closed)
