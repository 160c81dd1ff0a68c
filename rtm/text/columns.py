"""A column of texts as compiled code sees it: one run of bytes and the bounds of each text."""

import numpy as np
import polars as pl
from numpy.typing import NDArray


def laid_out(texts: pl.Series) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return texts laid end to end: text ``i`` is ``text[bounds[i]:bounds[i + 1]]``, in UTF-8.

    >>> text, bounds = laid_out(pl.Series(["oh", "京"]))
    >>> bytes(text[bounds[1] : bounds[2]]).decode()
    '京'
    """
    # Arrow keeps strings as one run of bytes and their bounds: take these as they are
    column = texts.to_arrow()
    _, bounds, content = column.buffers()
    offset, length = column.offset, len(column)
    limits = np.frombuffer(bounds, np.int64)[offset : offset + length + 1]
    if content is None or not length:
        return np.zeros(1, np.uint8), np.zeros(length + 1, np.int64)
    # a copy, because arrays that must not be written to would compile a second version
    return np.frombuffer(content, np.uint8).copy(), limits.copy()
