"""Short ways to have texts read by the compiled reader."""

import polars as pl

from rtm.text.patterns import Mark, Patterns, patterns_of
from rtm.text.reader import Reading, read

NO_PATTERNS = patterns_of({})


def frame_of(texts: list[str], authors: list[str | None] | None = None) -> pl.DataFrame:
    """Return the columns that the reader looks at; nobody says which language it is."""
    return pl.DataFrame(
        {"text": texts, "author": authors or [None] * len(texts), "lang": [None] * len(texts)},
        schema={"text": pl.String, "author": pl.String, "lang": pl.String},
    )


def reading_of(*texts: str, patterns: Patterns = NO_PATTERNS) -> Reading:
    """Read texts of nobody known."""
    return read(frame_of(list(texts)), patterns)


def rows_of(reading: Reading) -> list[tuple[list[int], list[int], int, int, int]]:
    """Return what was read of each post: terms, sketch, size, marks, author."""
    return [
        (
            reading.terms[reading.starts[i] : reading.starts[i + 1]].tolist(),
            reading.sketches[i].tolist(),
            int(reading.sizes[i]),
            int(reading.marks[i]),
            int(reading.authors[i]),
        )
        for i in range(reading.sizes.size)
    ]


def keys_of(text: str) -> list[int]:
    """Return the term keys that the compiled reader finds in one text."""
    return rows_of(reading_of(text))[0][0]


def marks_of(text: str, patterns: Patterns) -> Mark:
    """Return the marks that the compiled reader finds in one text."""
    return Mark(rows_of(reading_of(text, patterns=patterns))[0][3])
