"""Tell engines of posts in many ways, and keep what they say."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

import polars as pl

from rtm import build
from rtm.clock import WallClock
from rtm.engine import Engine
from rtm.sources.lane import Lane
from rtm.types import line_of
from tests.streams import BRAND, GAMES, SMALL

NewEngine = Callable[[], Engine]
Log = list[tuple[pl.DataFrame, int]]  # stamped rows, and the tick closed behind them


def small_engine() -> Engine:
    """Return an engine that has seen nothing, in little memory."""
    return Engine(BRAND, GAMES, SMALL)


class Night:
    """The real night of 3 February 2013, and engines that watch it."""

    def __init__(self) -> None:
        told = build.demo(WallClock())
        self.posts, self.brand, self.events = told.recording.posts, told.brand, told.events

    def engine(self) -> Engine:
        """Return an engine that has seen nothing."""
        return Engine(self.brand, self.events)


def cuts_every(posts: pl.DataFrame, rows: int) -> list[int]:
    """Return the bounds of frames of so many rows."""
    return [*range(0, posts.height, rows), posts.height]


def random_cuts(posts: pl.DataFrame, seed: int, most: int = 40) -> list[int]:
    """Return bounds of frames; some are empty."""
    rng = random.Random(seed)
    inner = (rng.randint(0, posts.height) for _ in range(rng.randint(1, most)))
    return [0, *sorted(inner), posts.height]


def logged(posts: pl.DataFrame, cuts: Sequence[int]) -> Log:
    """Return what an engine is told when posts are cut into frames there."""
    lane = Lane()
    return [(lane.stamp(posts[low:high]), lane.closed) for low, high in pairwise(cuts)]


def lines(log: Iterable[tuple[pl.DataFrame, int]], engine: Engine) -> list[str]:
    """Return the events that an engine answers a log with, as lines."""
    return [line_of(event) for frame, closed in log for event in engine.step(frame, closed)]


def told(
    posts: pl.DataFrame,
    cuts: Sequence[int] | None = None,
    new_engine: NewEngine = small_engine,
) -> list[str]:
    """Return the events of posts, cut into frames there, or in one."""
    return lines(logged(posts, cuts or [0, posts.height]), new_engine())


def live(posts: pl.DataFrame, seed: int) -> Log:
    """Return the log of a run by the clock: frames of fractions of a second, ticks closed by it.

    Posts come as they were stamped, or with the newest before them; in silence the clock closes.
    """
    rng = random.Random(seed)
    lane, log = Lane(), []
    at = posts["at"].dt.epoch("us").cum_max().to_list()
    second, place = at[0] / 1e6, 0
    while place < posts.height:
        second += rng.choice([0.2, 0.7, 3.0, 12.0])
        if at[place] / 1e6 > second + 300:  # nothing happens for long: look up later
            second = at[place] / 1e6 - rng.choice([0.0, 1.0, 100.0])
        behind = place
        while behind < posts.height and at[behind] / 1e6 <= second:
            behind += 1
        frame = lane.stamp(posts[place:behind])
        lane.close(int(second) - 4)
        log.append((frame, lane.closed))
        place = behind
    return log


def recut(log: Log, seed: int) -> Log:
    """Tell a log once more: some entries by row, some joined; each closed when its last row is."""
    rng = random.Random(seed)
    return list(_recut(log, rng))


def _recut(log: Log, rng: random.Random) -> Iterator[tuple[pl.DataFrame, int]]:
    place, before = 0, -1
    while place < len(log):
        joined = log[place : place + rng.choice([1, 1, 2, 5, 200])]
        place += len(joined)
        frame, closed = pl.concat(frame for frame, _ in joined), joined[-1][1]
        for row in range(frame.height if len(joined) == 1 else 0):
            yield frame[row : row + 1], before
        yield (frame if len(joined) > 1 else frame.clear()), closed
        before = closed
