"""Logs made for tests of the archive, and what an engine says to them."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import polars as pl

from rtm import build
from rtm.clock import WallClock
from rtm.frame import empty_posts
from rtm.sources.lane import LAG_US, SECOND_US, Lane
from rtm.store.archive import Archive

Told = list[tuple[pl.DataFrame, int]]


@cache
def night(low: int, high: int) -> pl.DataFrame:
    """Return some posts of the demo night."""
    return build.demo(WallClock()).recording.posts[low:high]


def live_like(posts: pl.DataFrame, every_s: int = 15) -> Iterator[tuple[pl.DataFrame, int]]:
    """Yield what the engine is told live: one look after the other, many of them without a post."""
    lane, told = Lane(), -1
    us = posts["at"].to_physical()
    now, at = int(us[0]), 0
    while at < posts.height:
        upto = int(us.search_sorted(now, side="right"))
        frame = lane.stamp(posts[at:upto] if upto > at else empty_posts())
        lane.close((now - LAG_US) // SECOND_US - 1)
        if frame.height or lane.closed > told:
            yield frame, lane.closed
        told, at = lane.closed, max(at, upto)
        now += every_s * SECOND_US


def planted(entries: int, begin: int = 7_200, every: int = 1) -> Told:
    """Return a log of so many seconds; every third has two posts, one of which came late."""
    posts = night(0, 2)
    told: Told = []
    for second in range(begin, begin + entries * every, every):
        frame = Lane().stamp(posts if second % 3 == 0 else posts.clear())
        late = pl.Series("late", [False, True][: frame.height], dtype=pl.Boolean)
        tick = pl.lit(second + 1, pl.Int64).alias("tick")
        at = pl.from_epoch(pl.lit(second * SECOND_US), "us").dt.replace_time_zone("UTC").alias("at")
        names = (f"p{second}-" + pl.int_range(pl.len()).cast(pl.String)).alias("id")
        told.append((frame.with_columns(at, tick, late, names), second))
    return told


def written(folder: Path, told: Iterable[tuple[pl.DataFrame, int]]) -> None:
    """Write a log and let go of it."""
    archive = Archive(folder)
    for frame, closed in told:
        archive.append(frame, closed)
    archive.close()


def same(steps: Iterable[tuple[int, pl.DataFrame, int]], told: Told, first: int = 1) -> bool:
    """Tell whether steps are what was told, in order, from a number on."""
    steps = list(steps)
    return [(step, closed) for step, _, closed in steps] == [
        (number, closed) for number, (_, closed) in enumerate(told, first)
    ] and all(
        read.equals(frame) and read.schema == frame.schema
        for (_, read, _), (frame, _) in zip(steps, told, strict=True)
    )
