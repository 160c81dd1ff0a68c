"""The posts that are measured on, and the same again later with fresh ids."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from rtm.brand import Brand
from rtm.config import load
from rtm.engine import Engine
from rtm.event import WatchedEvent
from rtm.sources.files import read_file

ROOT = Path(__file__).parents[2]
CORPORA = ROOT.parent / "shared" / "data" / "corpora"
DEMO = ROOT / "rtm" / "demo"
TOUCHDOWNS = CORPORA / "nfl_touchdown_stream_2014.parquet"
REDDIT = CORPORA / "reddit_top_2013.parquet"
NIGHTS = (
    DEMO / "superbowl-xlvii-2013.parquet",
    CORPORA / "reddit_superbowl_xlvii_2013.parquet",
)
ENOUGH = 40_000  # posts below which a recording is repeated
FRAME_ROWS = 10_000


def usual_file() -> Path:
    """Return the file measured on when none is named."""
    return next((path for path in (TOUCHDOWNS, *NIGHTS) if path.exists()), NIGHTS[0])


def posts_of(path: Path) -> pl.DataFrame:
    """Read all posts of a file, as ``rtm replay`` would."""
    return read_file(path, now=datetime.now(UTC)).posts


def repeated(posts: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the posts again and again, each time later by their span (whole hours) and renamed."""
    at = posts["at"]
    first, last = at.min(), at.max()
    assert isinstance(first, datetime)
    assert isinstance(last, datetime)
    hour = timedelta(hours=1)
    step = ((last - first) // hour + 1) * hour
    number = 0
    while True:
        yield posts.with_columns(
            at=pl.col("at") + number * step,
            id=pl.col("id") if number == 0 else pl.col("id") + f"~{number}",
        )
        number += 1


def enough(posts: pl.DataFrame, rows: int = ENOUGH) -> pl.DataFrame:
    """Return the posts, repeated as often as it takes to have so many rows."""
    parts: list[pl.DataFrame] = []
    for part in repeated(posts):
        parts.append(part)
        if len(parts) * posts.height >= rows:
            return pl.concat(parts) if len(parts) > 1 else posts
    raise AssertionError("repeats never end")


def fresh_engine() -> Engine:
    """Return an engine that has seen nothing, with the demo's brand and watched event."""
    return Engine(
        load(DEMO / "oreo.toml", Brand), [load(DEMO / "superbowl-xlvii.toml", WatchedEvent)]
    )
