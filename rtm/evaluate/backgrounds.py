"""Real bursts in which automated posts are planted, from streams that people recorded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from rtm.evaluate.places import corpus
from rtm.evaluate.planted import Written

NFL = "nfl_touchdown_stream_2014"
SUPER_BOWL = "superbowl_li_2017"
BURST = 256  # posts of a burst: what is kept of a story
NEAR = timedelta(minutes=1)
# what is automated or one person's words there, as the set's labels tell; never a background
FALSE_BURSTS = (
    (datetime(2015, 1, 12, 1, 23, tzinfo=UTC), datetime(2015, 1, 12, 1, 26, tzinfo=UTC)),
    (datetime(2015, 1, 12, 1, 45, tzinfo=UTC), datetime(2015, 1, 12, 1, 47, tzinfo=UTC)),
    (datetime(2015, 1, 12, 2, 5, 30, tzinfo=UTC), datetime(2015, 1, 12, 2, 10, 30, tzinfo=UTC)),
)
TOUCHDOWN = (
    datetime(2014, 12, 15, 1, 36, 40, tzinfo=UTC),
    datetime(2014, 12, 15, 1, 42, 40, tzinfo=UTC),
)
ENTIRE = datetime(2010, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Background:
    """Bursts about one subject; ``is_unseen`` says that nothing was chosen on them."""

    name: str
    corpus: str
    pattern: str
    words: tuple[str, str]
    span: tuple[datetime, datetime]
    bursts: int
    is_unseen: bool


BACKGROUNDS = (
    Background(
        "Cowboys at Eagles, 2014",
        NFL,
        "touchdown|td|cowboys|murray",
        ("touchdown", "Cowboys"),
        TOUCHDOWN,
        8,
        is_unseen=False,
    ),
    Background(
        "Colts at Broncos, 2015",
        NFL,
        "colts|broncos|manning|vinatieri|barth",
        ("Colts", "Broncos"),
        (datetime(2015, 1, 12, tzinfo=UTC), ENTIRE[1]),
        12,
        is_unseen=True,
    ),
    Background(
        "Super Bowl LI, 2017",
        SUPER_BOWL,
        "touchdown|gaga|halftime|falcons|patriots|brady",
        ("SuperBowl", "Falcons"),
        ENTIRE,
        8,
        is_unseen=True,
    ),
)
# a minute in which a network of accounts posts one Spanish headline some 305 times, among people
NETWORK = Background(
    "network of accounts, 2015",
    NFL,
    "colts|broncos|manning|vinatieri|barth",
    ("", ""),
    FALSE_BURSTS[2],
    1,
    is_unseen=True,
)


def bursts(data: Path, background: Background) -> list[list[Written]]:
    """Return real bursts of ``BURST`` posts each, in order of time; none where the set is not."""
    place = corpus(data, background.corpus)
    if place is None:
        return []
    posts = (
        pl.read_parquet(place)
        .filter(
            pl.col("created_at").is_between(*background.span)
            & pl.col("text").str.contains("(?i)" + background.pattern)
        )
        .sort("created_at", "id")
    )
    numbers = pl.col("author").rank("dense").fill_null(0).cast(pl.Int64)  # equal where authors are
    rows = posts.select(
        "created_at", "text", numbers, pl.col("reply_to").is_not_null(), "is_repost"
    ).rows()
    written = [Written(*row) for row in rows]
    starts = np.linspace(0, max(0, len(written) - BURST), background.bursts).astype(int)
    return list(_apart([written[start : start + BURST] for start in starts], background))


def _apart(found: Sequence[list[Written]], background: Background) -> Iterator[list[Written]]:
    for burst in found:
        is_false = any(
            burst[0].at < end + NEAR and burst[-1].at > start - NEAR for start, end in FALSE_BURSTS
        )
        if background is NETWORK or not is_false:
            yield burst
