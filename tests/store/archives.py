"""Logs made for tests of the archive."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from rtm.sources.lane import SECOND_US, Lane
from rtm.store.archive import Archive
from rtm.store.segment import Step
from tests.streams import START, posts_frame

Told = list[tuple[pl.DataFrame, int]]


def planted(entries: int, begin: int = 7_200, every: int = 1) -> Told:
    """Return a log of so many seconds; every third has two posts, one of which came late."""
    posts = posts_frame({"at": START, "text": text} for text in ("lights out", "שלום 🏈"))
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


def same(steps: Iterable[Step], told: Told, first: int = 1) -> bool:
    """Tell whether steps are what was told, in order, from a number on."""
    steps = list(steps)
    return [(step, closed) for step, _, closed in steps] == [
        (number, closed) for number, (_, closed) in enumerate(told, first)
    ] and all(
        isinstance(read, pl.DataFrame) and read.equals(frame) and read.schema == frame.schema
        for (_, read, _), (frame, _) in zip(steps, told, strict=True)
    )


def frames(steps: Iterable[Step]) -> Iterator[tuple[pl.DataFrame, int]]:
    """Return what an engine was told, of a log without lessons."""
    for _, what, closed in steps:
        assert isinstance(what, pl.DataFrame)
        yield what, closed
