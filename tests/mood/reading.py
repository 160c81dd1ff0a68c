"""Short ways to read features of texts, and small made-up brands' posts."""

import numpy as np
import polars as pl

from rtm.mood.features import HASHED, SIGNS, TOTALS, Features, features_of
from rtm.mood.lexicon import LANGUAGES
from rtm.mood.rows import Rows, rows_of
from rtm.text.language import number_of

EN = number_of("en")
CS = number_of("cs")
BAD = ("the flight was late again", "worst service, lost my bag", "still no refund", "so rude")
GOOD = ("thank you so much", "great crew today", "love the new seats", "awesome, best day")


def read(*texts: str) -> Features:
    """Return the features of texts."""
    return features_of(pl.Series(list(texts), dtype=pl.String()))


def rows(*texts: str, language: int = EN) -> Rows:
    """Return the rows of texts of one language."""
    return rows_of(read(*texts), np.full(len(texts), language, np.uint8))


def columns_of(features: Features, i: int = 0) -> list[int]:
    """Return the columns of one text."""
    return [int(c) for c in features.columns[features.starts[i] : features.starts[i + 1]]]


def signs_of(text: str) -> set[str]:
    """Return the signs read of a text as a whole."""
    return {SIGNS[column - HASHED] for column in columns_of(read(text)) if column >= HASHED}


def totals_of(text: str, language: str) -> dict[str, int]:
    """Return how many words of each class a text has by the lexicon of a language."""
    totals = read(text).totals[0, LANGUAGES.index(language)]
    return {name: int(count) for name, count in zip(TOTALS, totals, strict=True) if count}
