"""What one live tick costs: an engine with a past, then seconds of exactly so many posts each."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import polars as pl

from rtm.clock import Stopwatch
from rtm.frame import FRAME_SCHEMA
from rtm.replay import replay
from tests.benchmarks.recorded import FRAME_ROWS, enough, fresh_engine, repeated

WARM_POSTS = 20_000
TICKS = 200  # at least; more where the recording has more to tell once
QUIET_TICKS = 5  # between the warm-up and the first tick timed
RATES = {36: 3.0, 1500: 30.0}  # posts in a tick: milliseconds that 95 % of ticks must stay under


@dataclass(frozen=True, slots=True)
class TickCost:
    """Milliseconds of ``Engine.step`` for one tick: sort, read, weigh, count, judge.

    ``p95_cpu_ms`` is processor time, all cores together: what is left when others use the machine.
    """

    posts: int
    ticks: int
    p50_ms: float
    p95_ms: float
    max_ms: float
    p95_cpu_ms: float
    required_ms: float | None
    repeats: float


def tick_cost(posts: pl.DataFrame, posts_a_tick: int) -> TickCost:
    """Warm an engine with the first posts, then tell it all the others second by second."""
    posts = enough(posts, WARM_POSTS + posts_a_tick)
    ticks = max(TICKS, (posts.height - WARM_POSTS) // posts_a_tick)
    engine = fresh_engine()
    for _ in replay(engine, posts.head(WARM_POSTS), flush=True, frame_rows=FRAME_ROWS):
        pass
    last = posts[WARM_POSTS - 1, "at"].timestamp()
    costs_ms = []
    cpu_ms = []
    frames = _frames(posts.slice(WARM_POSTS), posts_a_tick, int(last) + QUIET_TICKS)
    for tick, frame in islice(frames, ticks):
        watch = Stopwatch()
        engine.step(frame, tick)
        costs_ms.append(1000 * watch.wall_s())
        cpu_ms.append(1000 * watch.cpu_s())
    p50, p95 = np.percentile(costs_ms, [50, 95])
    return TickCost(
        posts_a_tick,
        ticks,
        float(p50),
        float(p95),
        max(costs_ms),
        float(np.percentile(cpu_ms, 95)),
        RATES.get(posts_a_tick),
        posts_a_tick * ticks / (posts.height - WARM_POSTS),
    )


def _frames(posts: pl.DataFrame, size: int, tick: int) -> Iterator[tuple[int, pl.DataFrame]]:
    # posts in the order recorded, each second's worth spread over its second
    offsets = pl.Series(np.arange(size) * (1_000_000 // size))
    left = posts.clear()
    for part in repeated(posts):
        left = left.vstack(part)
        while left.height >= size:
            at = (offsets + tick * 1_000_000).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
            yield (
                tick,
                left.head(size)
                .with_columns(at=at, tick=pl.lit(tick, pl.Int64), late=pl.lit(False))
                .select(FRAME_SCHEMA.keys())
                .rechunk(),
            )
            tick += 1
            left = left.slice(size)
