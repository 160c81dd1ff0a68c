"""Read recorded posts once, and tell the same readings to a fresh engine for each setting."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from rtm.engine import Engine
from rtm.sources.lane import Lane
from rtm.text.reader import Reading
from rtm.types import Event

FRAME_ROWS = 50_000  # rows read at once


@dataclass(frozen=True, slots=True)
class Part:
    """Posts of closed ticks in order, what was read of them, and the last tick closed."""

    frame: pl.DataFrame
    reading: Reading
    closed: int


def parts_of(
    engine: Engine,
    posts: pl.DataFrame,
    on_read: Callable[[int], object] = lambda rows: None,
) -> list[Part]:
    """Order and read posts (``POST_SCHEMA``, by time) as a replay would; the engine stays unused.

    The end of the posts closes nothing that is not over by their own times, as in a replay.
    """
    lane, parts = Lane(), []
    for start in range(0, posts.height, FRAME_ROWS):
        stamped = lane.stamp(posts.slice(start, FRAME_ROWS))
        frame = engine.ordered(stamped, lane.closed)
        parts.append(Part(frame, engine.read(frame), lane.closed))
        on_read(min(start + FRAME_ROWS, posts.height))
    return parts


def events_of(
    engine: Engine,
    parts: Sequence[Part],
    on_told: Callable[[int], object] = lambda rows: None,
) -> Iterator[Event]:
    """Yield what a new engine says of parts that were read by another for the same brand."""
    rows = 0
    for part in parts:
        yield from engine.count(part.frame, part.reading, part.closed)
        rows += part.frame.height
        on_told(rows)
