"""Tell an engine millions of new terms, then a burst: ``python -m tests.laws.flood POSTS``.

Prints one line of JSON: terms told, megabytes held at most in the first half and in the second, and
whether the burst was found. With ``leaky`` as second argument all that is told is kept as well;
with ``paired`` pairs are counted, and are not among the terms told.
"""

import json
import sys
from datetime import timedelta

import numpy as np
import polars as pl

from rtm.engine import Engine
from rtm.frame import FRAME_SCHEMA
from tests.benchmarks.memory import used_mb
from tests.streams import BRAND, GAMES, SMALL, START, WORDS, posts_frame

FRAME_ROWS = 5_000
WORDS_EACH = 12  # words a post; nearly as many pairs
PER_S = 50
SUBJECT = "lamps went dark"


def flood(frame: int) -> pl.DataFrame:
    """Return posts of words that were never seen before."""
    rng = np.random.default_rng(frame)
    words = rng.integers(0, 2**60, FRAME_ROWS * WORDS_EACH, dtype=np.uint64)
    table = pl.DataFrame({"word": words, "post": np.repeat(np.arange(FRAME_ROWS), WORDS_EACH)})
    spelled = table.select(
        "post", word="w" + pl.col("word").cast(pl.String).str.replace_all("(..)", "${1}q")
    )
    texts = spelled.group_by("post", maintain_order=True).agg(pl.col("word").str.join(" "))["word"]
    first = frame * FRAME_ROWS
    second = int(START.timestamp()) + (first + np.arange(FRAME_ROWS)) // PER_S
    return stamped(
        pl.DataFrame(
            {
                "id": [f"f{first + n}" for n in range(FRAME_ROWS)],
                "at": pl.Series(second * 1_000_000).cast(pl.Datetime("us", "UTC")),
                "text": texts,
                "author": [f"u{n % 5000}" for n in range(FRAME_ROWS)],
            }
        ).with_columns(source=pl.lit("a"), is_repost=False)
    )


def stamped(posts: pl.DataFrame) -> pl.DataFrame:
    """Return posts as a Frame, none of them late."""
    ticked = posts.with_columns(tick=pl.col("at").dt.epoch("s"), late=False)
    missing = FRAME_SCHEMA.keys() - set(ticked.columns)
    return ticked.with_columns(pl.lit(None).alias(name) for name in sorted(missing)).select(
        pl.col(name).cast(dtype) for name, dtype in FRAME_SCHEMA.items()
    )


def burst(second: int) -> pl.DataFrame:
    """Return a few posts about one thing."""
    return stamped(
        posts_frame(
            {
                "at": START + timedelta(seconds=second + n),
                "text": f"{SUBJECT} {WORDS[n]}",
                "author": f"someone{n}",
            }
            for n in range(12)
        )
    )


def main() -> None:
    """Tell, and print what it took."""
    frames = int(sys.argv[1]) // FRAME_ROWS
    kept: list[list[str]] = []
    rate = 1_000.0 if sys.argv[2:] == ["paired"] else 0.0
    engine = Engine(BRAND, GAMES, SMALL._replace(author_bits=20, sketch_bits=16, pair_rate=rate))
    held_mb = []
    for number in range(frames):
        frame = flood(number)
        engine.step(frame, int(frame["tick"][-1]))
        if sys.argv[2:] == ["leaky"]:
            kept.append(frame["text"].to_list())
        held_mb.append(used_mb()[1])
    second = frames * FRAME_ROWS // PER_S
    frame = burst(second)
    events = engine.step(frame, int(frame["tick"][-1]))
    report = {
        "terms": frames * FRAME_ROWS * (2 * WORDS_EACH - 1),
        "warm_mb": max(held_mb[: frames // 2]),
        "end_mb": max(held_mb[frames // 2 :]),
        "is_found": any(SUBJECT in str(event) for event in events),
    }
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main()
