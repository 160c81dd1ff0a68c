"""Time each stage alone over the same frames, and the whole, beside the plain loop.

One round runs every stage once, one after the other, so that a ratio compares two runs of the same
seconds of the same machine. Told are medians over the rounds.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

import numpy as np
import polars as pl

import rtm.engine
from rtm.clock import Stopwatch
from rtm.mood.features import features_of
from rtm.mood.mood import TARGETS, Mood
from rtm.mood.rows import rows_of
from rtm.replay import replay
from rtm.sources.lane import Lane
from rtm.text.identify import identified
from rtm.text.language import language_numbers
from rtm.text.patterns import Patterns
from rtm.text.reader import Reading, read
from rtm.trends.echo import echoes, weigh
from rtm.trends.kernel import run
from rtm.trends.monitor import Monitor
from rtm.trends.settings import Settings
from rtm.trends.state import DUE
from tests.benchmarks.alternatives import cluster_plainly, count_plainly
from tests.benchmarks.recorded import FRAME_ROWS, fresh_engine

PLAIN = "plain loop"
TEXTCLUST = "river TextClust"
TEXTCLUST_S = 10.0  # seconds given to TextClust, which would need minutes for all posts
# stage: what is timed, and how many times the plain loop's posts/s it must reach
STAGES: dict[str, tuple[str, float | None]] = {
    PLAIN: ("texts to counted terms: re and Counter, post by post; detects nothing", None),
    "lane": ("Lane.stamp: posts to frames with ticks", None),
    "reader": ("read: texts to term keys, sketches and marks", 2.0),
    "echo": ("weigh: sketches to weights and sources", None),
    "kernel": ("run: terms and weights to firings, no stories", None),
    "kernel to events": ("Engine.step, readings given: sort, echo, kernel, stories, score", 1.5),
    "languages": ("identified: texts to languages, where the network tells none", None),
    "mood": ("Mood.score_rows: texts to both probabilities, were all about the brand", None),
    "whole": ("replay: posts to events, all of the above", 1.0),
    "all about us": ("replay: the same, with the brand named in every post", 0.4),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the engine was told and what it read of it, so that a stage can be run alone.

    ``stamped`` are frames as the lane gave them, with the ticks closed by then; ``closed`` are the
    frames as the reader saw them: closed ticks only, in order.
    """

    posts: pl.DataFrame
    stamped: list[tuple[pl.DataFrame, int]]
    closed: list[pl.DataFrame]
    readings: list[Reading]
    patterns: Patterns
    events: int

    @property
    def closed_posts(self) -> int:
        """How many posts came through: all but those of the last seconds, still open."""
        return sum(frame.height for frame in self.closed)


@dataclass(frozen=True, slots=True)
class Run:
    """One stage once."""

    posts: int
    wall_s: float
    cpu_s: float

    @property
    def rate_per_s(self) -> float:
        """Posts a second."""
        return self.posts / self.wall_s

    @property
    def rate_per_cpu_s(self) -> float:
        """Posts a second of processor time, all cores together."""
        return self.posts / self.cpu_s


@dataclass(frozen=True, slots=True)
class Timing:
    """One stage over all rounds: medians, and ratios to the plain loop of the same round."""

    stage: str
    what: str
    posts: int
    rate_per_s: float
    rate_per_cpu_s: float
    ratio: float
    ratio_low: float
    ratio_high: float
    cpu_ratio: float
    required: float | None


@contextmanager
def reading_by(reader: Callable[[pl.DataFrame, Patterns], Reading]) -> Iterator[None]:
    """Have engines read by another function for a while."""
    assert hasattr(rtm.engine, "read"), "the engine no longer reads by a name of its own"
    usual = rtm.engine.read
    rtm.engine.read = reader
    try:
        yield
    finally:
        rtm.engine.read = usual


def told(posts: pl.DataFrame) -> Told:
    """Run everything once, untimed, and keep what passes between the stages."""
    closed: list[pl.DataFrame] = []
    readings: list[Reading] = []
    patterns: list[Patterns] = []

    def noting(frame: pl.DataFrame, wanted: Patterns) -> Reading:
        reading = read(frame, wanted)
        closed.append(frame)
        readings.append(reading)
        patterns.append(wanted)
        return reading

    stamped = []
    lane = Lane()
    for part in posts.iter_slices(FRAME_ROWS):
        frame = lane.stamp(part)
        stamped.append((frame, lane.closed))
    engine = fresh_engine()
    with reading_by(noting):
        events = sum(len(engine.step(frame, until)) for frame, until in stamped)
    return Told(posts, stamped, closed, readings, patterns[0], events)


def timings(given: Told, stages: list[str], rounds: int) -> list[Timing]:
    """Time the stages, and the plain loop with them, in so many rounds."""
    chosen = [PLAIN, *(stage for stage in stages if stage != PLAIN)]
    runs: dict[str, list[Run]] = {stage: [] for stage in chosen}
    for _ in range(rounds):
        for stage in chosen:
            gc.collect()  # what the stage before left behind is not this one's cost
            runs[stage].append(_RUNNERS[stage](given))
    return [_timing(stage, runs[stage], runs[PLAIN]) for stage in chosen]


def textclust(posts: pl.DataFrame) -> Run:
    """Let TextClust learn posts from the first on, for about ten seconds."""
    texts = posts["text"].to_list()
    watch = Stopwatch()
    return _run(cluster_plainly(texts, TEXTCLUST_S), watch)


def _timing(stage: str, runs: list[Run], plain: list[Run]) -> Timing:
    what, required = STAGES[stage]
    pairs = list(zip(runs, plain, strict=True))
    ratios = [run.rate_per_s / beside.rate_per_s for run, beside in pairs]
    return Timing(
        stage=stage,
        what=what,
        posts=runs[0].posts,
        rate_per_s=median(run.rate_per_s for run in runs),
        rate_per_cpu_s=median(run.rate_per_cpu_s for run in runs),
        ratio=median(ratios),
        ratio_low=min(ratios),
        ratio_high=max(ratios),
        cpu_ratio=median(run.rate_per_cpu_s / beside.rate_per_cpu_s for run, beside in pairs),
        required=required,
    )


def _run(posts: int, watch: Stopwatch) -> Run:
    return Run(posts, watch.wall_s(), watch.cpu_s())


def _plain(given: Told) -> Run:
    texts = given.posts["text"].to_list()  # before the clock starts: a gift to the plain loop
    watch = Stopwatch()
    count_plainly(texts)
    return _run(len(texts), watch)


def _lane(given: Told) -> Run:
    lane = Lane()
    watch = Stopwatch()
    for part in given.posts.iter_slices(FRAME_ROWS):
        lane.stamp(part)
    return _run(given.posts.height, watch)


def _reader(given: Told) -> Run:
    watch = Stopwatch()
    for frame in given.closed:
        read(frame, given.patterns)
    return _run(given.closed_posts, watch)


def _echo(given: Told) -> Run:
    memory = echoes(Settings().cluster_bits)
    ticks = [frame["tick"].to_numpy().copy() for frame in given.closed]
    watch = Stopwatch()
    for at, reading in zip(ticks, given.readings, strict=True):
        weigh(
            memory,
            at,
            reading.sketches,
            reading.sizes,
            reading.authors,
            np.empty(at.size, np.int32),
            np.empty(at.size, np.uint64),
            np.empty(at.size, np.uint64),
        )
    return _run(given.closed_posts, watch)


def _kernel(given: Told) -> Run:
    monitor = Monitor(Settings())
    monitor.state.numbers[DUE] = 1 << 60  # no story is ever over, since none opens
    frames = zip(given.closed, given.readings, strict=True)
    rows = [monitor._rows(frame, reading) for frame, reading in frames]
    watch = Stopwatch()
    for told_rows in rows:
        post = 0
        while post < told_rows.ticks.size:
            post = int(run(monitor.state, monitor.settings, told_rows, monitor.given, post))
    return _run(given.closed_posts, watch)


def _kernel_to_events(given: Told) -> Run:
    engine = fresh_engine()
    readings = iter(given.readings)
    with reading_by(lambda frame, patterns: next(readings)):
        watch = Stopwatch()
        for frame, until in given.stamped:
            engine.step(frame, until)
        return _run(given.closed_posts, watch)


def _mood(given: Told) -> Run:
    mood = Mood()
    frames = [(frame["text"], language_numbers(frame["lang"])) for frame in given.closed]
    watch = Stopwatch()
    for texts, languages in frames:
        rows = rows_of(features_of(texts), languages)
        for target in TARGETS:
            mood.score_rows(rows, languages, target)
    return _run(given.closed_posts, watch)


def _languages(given: Told) -> Run:
    watch = Stopwatch()
    for frame in given.closed:
        identified(frame["text"])
    return _run(given.closed_posts, watch)


def _whole(given: Told) -> Run:
    return _replayed(given.posts, given.closed_posts)


def _all_about_us(given: Told) -> Run:
    naming = pl.concat_str(pl.lit("@oreo "), pl.col("text")).alias("text")
    return _replayed(given.posts.with_columns(naming), given.closed_posts)


def _replayed(posts: pl.DataFrame, closed_posts: int) -> Run:
    engine = fresh_engine()
    watch = Stopwatch()
    for _ in replay(engine, posts, frame_rows=FRAME_ROWS):
        pass
    return _run(closed_posts, watch)


_RUNNERS: dict[str, Callable[[Told], Run]] = {
    PLAIN: _plain,
    "lane": _lane,
    "reader": _reader,
    "echo": _echo,
    "kernel": _kernel,
    "kernel to events": _kernel_to_events,
    "languages": _languages,
    "mood": _mood,
    "whole": _whole,
    "all about us": _all_about_us,
}
