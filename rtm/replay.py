"""Tell the engine of recorded posts, as if they came now: fast, or in their own time."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

import polars as pl

from rtm.clock import Clock
from rtm.decisions import Noted
from rtm.engine import Engine
from rtm.sources.lane import LAG_US, SECOND_US, Lane
from rtm.text.reader import Reading
from rtm.types import Event

FRAME_ROWS = 50_000  # rows told at once when nobody waits for them
_Step = tuple[int, int, list[Event]]  # rows told, last tick closed, what came of it
WAKES_PER_S = 20  # times a second of the clock that a fast paced replay tells more


@dataclass(frozen=True, slots=True)
class Pace:
    """Tell posts when their time comes, ``speed`` seconds of theirs in one of the clock's.

    Posts before ``since`` are history and told at once; None starts at the first post.
    """

    clock: Clock
    speed: float
    since: datetime | None = None


def replay(
    engine: Engine,
    posts: pl.DataFrame,
    *,
    until: datetime | None = None,
    flush: bool = False,
    frame_rows: int = FRAME_ROWS,
    pace: Pace | None = None,
    on_told: Callable[[int, int], object] = lambda rows, tick: None,
) -> Iterator[Event]:
    """Yield the events of posts (``POST_SCHEMA``, in order of time).

    The end of the posts closes nothing that is not over by their own times.

    Parameters
    ----------
    until
        Time went on to this moment, although nobody spoke.
    flush
        The last post was the end of all: close its tick too.
    frame_rows, pace
        How many rows are told at once, and when: now if there is no pace. Neither changes events.
    on_told
        Called with the rows told so far and the last tick closed.
    """
    lane, rows = Lane(), 0
    parts = _parts(posts, frame_rows) if pace is None else _paced(posts, frame_rows, pace, until)
    steps = _stamped(lane, parts)
    for told, closed, events in read_ahead(engine, steps) if pace is None else _told(engine, steps):
        yield from events
        rows += told
        on_told(rows, closed)
    if until is not None:
        lane.close(int(until.timestamp()) - 1)
    if flush:
        lane.flush()
    yield from engine.step(lane.stamp(posts.clear()), lane.closed)


def replay_log(
    engine: Engine,
    steps: Iterable[tuple[int, pl.DataFrame | bytes, int]],
    *,
    until: datetime | None = None,
    pace: Pace | None = None,
    on_told: Callable[[int, int], object] = lambda rows, tick: None,
) -> Iterator[Event]:
    """Yield the events of an input log, as a live watch kept it.

    Its entries are (number, Frame or lesson, last tick closed). Ticks, lateness and lessons are
    those of that day, so the events are too. The rest as in ``replay``.
    """
    rows = 0
    began, start = None, None
    for _, what, closed in steps:
        if until is not None and closed >= until.timestamp():
            break
        if pace is not None and (pace.since is None or closed >= pace.since.timestamp()):
            if began is None or start is None:
                began, start = pace.clock.now(), closed
            pace.clock.sleep_until(began + timedelta(seconds=(closed - start) / pace.speed))
        if isinstance(what, bytes):
            yield from (told for told in engine.teach(what) if not isinstance(told, Noted))
            continue
        yield from engine.step(what, closed)
        rows += what.height
        on_told(rows, closed)


def read_ahead(engine: Engine, steps: Iterator[tuple[pl.DataFrame, int]]) -> Iterator[_Step]:
    """Yield rows told, last tick closed and events of each step: (Frame, last tick closed).

    A second core makes, orders and reads the next step while this one is counted.
    """

    def read_next() -> tuple[int, int, pl.DataFrame, Reading] | None:
        step = next(steps, None)
        if step is None:
            return None
        frame = engine.ordered(*step)
        return step[0].height, step[1], frame, engine.read(frame)

    with ThreadPoolExecutor(1, "reader") as reader:
        ahead = reader.submit(read_next)
        while (told := ahead.result()) is not None:
            ahead = reader.submit(read_next)
            height, closed, frame, reading = told
            yield height, closed, engine.count(frame, reading, closed)


def _stamped(
    lane: Lane, parts: Iterable[tuple[pl.DataFrame, int]]
) -> Iterator[tuple[pl.DataFrame, int]]:
    for part, tick in parts:
        frame = lane.stamp(part)
        lane.close(tick)
        yield frame, lane.closed


def _told(engine: Engine, steps: Iterable[tuple[pl.DataFrame, int]]) -> Iterator[_Step]:
    for frame, closed in steps:
        yield frame.height, closed, engine.step(frame, closed)


def _parts(posts: pl.DataFrame, rows: int) -> Iterator[tuple[pl.DataFrame, int]]:
    for start in range(0, posts.height, rows):
        yield posts.slice(start, rows), -1  # closes no more than the posts themselves do


def _paced(
    posts: pl.DataFrame, frame_rows: int, pace: Pace, until: datetime | None
) -> Iterator[tuple[pl.DataFrame, int]]:
    if not posts.height:
        return
    seconds = posts["at"].dt.epoch("s")
    newest = int(seconds[-1])
    end = newest + 1
    if until is not None:
        newest = end = max(end, ceil(until.timestamp()))
    start = second = int(seconds[0] if pace.since is None else pace.since.timestamp())
    told = int(seconds.search_sorted(second))
    yield from _parts(posts.head(told), frame_rows)
    began = pace.clock.now()
    while second < end:
        second = min(second + max(1, round(pace.speed / WAKES_PER_S)), end)
        pace.clock.sleep_until(began + timedelta(seconds=(second - start) / pace.speed))
        upto = int(seconds.search_sorted(second))
        # as if a post came now, so that what is over is told in silence too; at the end it is
        # the newest post that counts, as when all are told at once
        yield posts[told:upto], min(second, newest) - 1 - LAG_US // SECOND_US
        told = upto
