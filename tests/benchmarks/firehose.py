"""A minute of one-second frames at full load, in a process of its own; and ten times the words.

Posts are put together from the first half of one recorded post and the second half of another, by
made-up authors, so that they say many different things in words as frequent as people's. With more
words, each post's are those of one of ten languages that nobody speaks: every word of three
characters and more gets the language's letter. ``python -m tests.benchmarks.firehose FILE`` prints
one line of JSON.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from rtm.clock import Stopwatch
from rtm.frame import POST_SCHEMA
from rtm.replay import read_ahead
from rtm.sources.lane import Lane
from tests.benchmarks.alternatives import count_plainly
from tests.benchmarks.memory import used_mb
from tests.benchmarks.recorded import fresh_engine, posts_of

LOAD = 100_000  # posts a second that must be kept up with
SECONDS = 60
WARM_S, QUIET = 300, 2_000  # seconds before the minute, and posts in each
BURST_S, BURST_SHARE = 10, 200  # seconds that a subject lasts, and one post in how many is about it
SETTLED_S = 10  # seconds after which memory may no longer grow
ALLOWED_PERCENT = 5.0
ALLOWED_VOCABULARY = 1.7  # times the cost of a post with ten times the words
REQUIRED_RATIO = 1.5  # times the plain loop over the same posts
LETTERS = "bcdfghjklm"  # one for each language that nobody speaks
AUTHORS = 5_000_000
PLAIN_POSTS = 50_000
START = datetime(2026, 1, 1, 18, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Firehose:
    """What a minute at full load took; rates are posts a second of the wall clock."""

    load: int
    seconds: int
    rate: float
    cpu_s: float
    slowest_s: float  # the longest that one second's posts took
    plain_rate: float
    ratio: float
    held_mb: float
    growth_percent: float
    vocabulary_cost: float
    events: int


def firehose(path: Path) -> Firehose:
    """Measure in a fresh process, so that nothing else is counted."""
    command = [sys.executable, "-P", "-m", __name__, str(path)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Firehose(**json.loads(told))


class Made:
    """Makes a second's posts, the same for the same seed."""

    def __init__(self, recorded: pl.DataFrame, seed: int = 1) -> None:
        words = pl.col("text").str.split(" ")
        half = (words.list.len() + 1) // 2
        self._heads = recorded.select(words.list.head(half).list.join(" ")).to_series()
        self._tails = recorded.select(words.list.slice(half).list.join(" ")).to_series()
        self._rng = np.random.default_rng(seed)

    def second(self, number: int, posts: int, *, is_wordy: bool) -> pl.DataFrame:
        """Return the posts (``POST_SCHEMA``) of a second."""
        rng = self._rng
        heads, tails = (
            half[rng.integers(0, half.len(), posts)] for half in (self._heads, self._tails)
        )
        frame = pl.DataFrame({"text": heads + " " + tails})
        if is_wordy:
            language = pl.Series(list(LETTERS))[rng.integers(0, len(LETTERS), posts)]
            frame = frame.with_columns(
                text=_in_languages(frame["text"], language),
            )
        offsets = np.sort(rng.integers(0, 1_000_000, posts))
        start_us = round((START + timedelta(seconds=number)).timestamp() * 1e6)
        author = pl.Series(rng.integers(0, AUTHORS, posts)).cast(pl.String)
        return frame.with_columns(
            id=pl.int_range(number * posts, (number + 1) * posts, eager=True).cast(pl.String),
            at=pl.Series(start_us + offsets).cast(POST_SCHEMA["at"]),
            author="u" + author,
            is_repost=pl.lit(False),
            source=pl.lit("made"),
        ).select(
            pl.col(name) if name in _TOLD else pl.lit(None, kind).alias(name)
            for name, kind in POST_SCHEMA.items()
        )


_TOLD = {"text", "id", "at", "author", "is_repost", "source"}


def _in_languages(texts: pl.Series, letters: pl.Series) -> pl.Series:
    marked = texts.str.replace_all(r"\b([A-Za-z]{3,})\b", "${1}\x01")
    frame = pl.DataFrame({"text": marked, "letter": letters})
    return frame.select(pl.col("text").str.replace_all("\x01", pl.col("letter"), literal=True))[
        "text"
    ]


def _minute(made: Made) -> list[pl.DataFrame]:
    # a quiet quarter of an hour in small, so that windows may speak, then the minute, with bursts
    frames = [made.second(number, QUIET, is_wordy=False) for number in range(-WARM_S, 0)]
    for number in range(SECONDS):
        frame = made.second(number, LOAD, is_wordy=False)
        subject = f"kettle{number // BURST_S}s boiling{number // BURST_S}s"
        is_about = pl.int_range(pl.len()) % BURST_SHARE == 0
        text = pl.when(is_about).then(pl.lit(subject + " ") + pl.col("text"))
        frames.append(frame.with_columns(text=text.otherwise(pl.col("text"))))
    return frames


def _stamped(frames: list[pl.DataFrame]) -> Iterator[tuple[pl.DataFrame, int]]:
    lane = Lane()
    for frame in frames:
        stamped = lane.stamp(frame)
        yield stamped, lane.closed


def _cost_s(recorded: pl.DataFrame, *, is_wordy: bool) -> float:
    # of ten seconds after ten that fill the tables, by the processor
    engine = fresh_engine()
    made = Made(recorded)
    frames = [made.second(number, LOAD // 5, is_wordy=is_wordy) for number in range(20)]
    steps = list(_stamped(frames))
    for step in steps[:10]:
        engine.step(*step)
    watch = Stopwatch()
    for step in steps[10:]:
        engine.step(*step)
    return watch.cpu_s()


def main() -> None:
    """Measure and print."""
    recorded = posts_of(Path(sys.argv[1]))
    frames = _minute(Made(recorded))
    texts = frames[-1]["text"][:PLAIN_POSTS].to_list()
    plain = Stopwatch()
    count_plainly(texts)
    plain_rate = PLAIN_POSTS / plain.wall_s()
    engine = fresh_engine()
    for frame, closed in _stamped(frames[:WARM_S]):
        engine.step(frame, closed)
    events, slowest, settled_mb, before_s = 0, 0.0, 0.0, 0.0
    watch = Stopwatch()
    for second, (_, _, told) in enumerate(read_ahead(engine, _stamped(frames[WARM_S:])), 1):
        events += len(told)
        now_s = watch.wall_s()
        slowest, before_s = max(slowest, now_s - before_s), now_s
        if second == SETTLED_S:
            settled_mb = used_mb()[1]
    wall_s, cpu_s = watch.wall_s(), watch.cpu_s()
    held_mb = used_mb()[1]
    del frames
    rate = SECONDS * LOAD / wall_s
    usual_s = _cost_s(recorded, is_wordy=False)
    found = Firehose(
        LOAD,
        SECONDS,
        rate,
        cpu_s,
        slowest,
        plain_rate,
        rate / plain_rate,
        held_mb,
        100 * (held_mb / settled_mb - 1),
        _cost_s(recorded, is_wordy=True) / usual_s,
        events,
    )
    sys.stdout.write(json.dumps(asdict(found)) + "\n")


if __name__ == "__main__":
    main()
