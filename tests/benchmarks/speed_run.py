"""Replay a whole file once, as a person who waits for it would see it."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from rtm.clock import Stopwatch
from rtm.replay import replay
from tests.benchmarks.recorded import REDDIT, fresh_engine, posts_of

REQUIRED_S = {REDDIT.name: 20.0}


@dataclass(frozen=True, slots=True)
class SpeedRun:
    """A file from its first byte to its last event."""

    file: str
    posts: int
    ticks: int
    ticks_with_posts: int
    reading_s: float
    engine_s: float
    engine_cpu_s: float
    posts_per_s: float
    required_s: float | None
    events: dict[str, int]


def speed_run(path: Path, sample: int | None = None) -> SpeedRun:
    """Read a file and replay it through an engine that stands ready."""
    reading = Stopwatch()
    posts = posts_of(path)
    reading_s = reading.wall_s()
    posts = posts.head(sample) if sample else posts
    engine = fresh_engine()
    watch = Stopwatch()
    events = Counter(type(event).__name__ for event in replay(engine, posts))
    engine_s, engine_cpu_s = watch.wall_s(), watch.cpu_s()
    seconds = posts.select(pl.col("at").dt.epoch("s"))["at"]
    first, last = seconds.min(), seconds.max()
    assert isinstance(first, int)
    assert isinstance(last, int)
    return SpeedRun(
        path.name,
        posts.height,
        last - first + 1,
        seconds.n_unique(),
        reading_s,
        engine_s,
        engine_cpu_s,
        posts.height / engine_s,
        REQUIRED_S.get(path.name),
        dict(sorted(events.items())),
    )
