"""Read and weigh the posts of a Parquet file, and keep the result: ``FILE POSTS RESULT``.

Run with ``NUMBA_DISABLE_JIT=1`` this is the plain-Python form of the compiled modules.
"""

import sys
from pathlib import Path

import numpy as np
import polars as pl

from rtm.text.patterns import Mark, patterns_of
from rtm.text.reader import read
from rtm.trends.echo import echoes, weigh
from rtm.trends.significance import surprise
from rtm.trends.trigger import STATE, fires


def results(path: Path, posts: int) -> dict[str, np.ndarray]:
    """Return all that reader, echo, significance and trigger make of the first posts."""
    night = pl.read_parquet(path).head(posts).sort("created_at", "id")
    half = pl.when(pl.int_range(pl.len()) % 2 == 0).then("subreddit")
    lang = pl.lit(None, pl.String)
    frame = night.select("id", "text", at="created_at", author=half, lang=lang)  # half known
    patterns = patterns_of(
        {Mark.EVENT: ["super bowl", "#sb47", "half time show"], Mark.THEME: ["cookie"]},
        {Mark.MENTION: ["Oreo", "Dr. Pepper"]},
    )
    with np.errstate(over="ignore"):  # 64-bit keys wrap around, in machine code without a word
        reading = read(frame, patterns)
        ticks = frame["at"].dt.epoch("s").to_numpy().copy()
        weights, sources = np.zeros(posts, np.int32), np.zeros(posts, np.uint64)
        copied = (reading.sketches, reading.sizes, reading.authors)
        weigh(echoes(6), ticks, *copied, weights, sources, np.zeros(posts, np.uint64))
        levels = np.array([surprise(1.0 + n, 0.01 * (1 + n % 7), 0.5 + n % 50) for n in range(60)])
        state = np.zeros(STATE)
        told = [fires(state, n * 37, level, 4.0, 1.5, 600) for n, level in enumerate(levels)]
    return {
        "terms": reading.terms,
        "starts": reading.starts,
        "sketches": reading.sketches,
        "sizes": reading.sizes,
        "marks": reading.marks,
        "authors": reading.authors,
        "weights": weights,
        "sources": sources,
        "levels": levels,
        "told": np.array(told),
    }


def main() -> None:
    """Keep the results as arrays."""
    path, posts, kept = sys.argv[1:]
    np.savez(kept, allow_pickle=False, **results(Path(path), int(posts)))


if __name__ == "__main__":
    main()
