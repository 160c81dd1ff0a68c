"""The language of each post as a number, so that each language may have a share of its own."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rtm.languages import LANGUAGES

UNKNOWN = 0
OTHER = 255  # told, but by no two letters that stand in the table
_NUMBERS = {code: number for number, code in enumerate(sorted(LANGUAGES), 1)}
_CODES = {number: code for code, number in _NUMBERS.items()}


def number_of(code: str | None) -> int:
    """Return the number of a network's language code; region and case are no matter.

    >>> number_of("pt-BR") == number_of("PT"), number_of("tlh"), number_of(None)
    (True, 255, 0)
    """
    if not code or code == "und":
        return UNKNOWN
    return _NUMBERS.get(code.replace("_", "-").split("-")[0].lower(), OTHER)


def code_of(number: int) -> str | None:
    """Return the two letters that a number stands for; None for one that stands for no language.

    >>> code_of(number_of("pt-BR")), code_of(UNKNOWN), code_of(OTHER)
    ('pt', None, None)
    """
    return _CODES.get(number)


def language_numbers(codes: pl.Series) -> NDArray[np.uint8]:
    """Return the number of each code of a column; 0 where the network told none."""
    if codes.null_count() == codes.len():
        return np.zeros(codes.len(), np.uint8)
    known = codes.unique()
    numbers = pl.Series([number_of(code) for code in known], dtype=pl.UInt8())
    return codes.replace_strict(known, numbers, return_dtype=pl.UInt8()).to_numpy().copy()
