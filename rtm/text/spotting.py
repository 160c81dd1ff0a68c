"""Which of a few lists of phrases stand in texts: those that come and go while the reader stays."""

from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rtm.text.columns import laid_out
from rtm.text.patterns import only_phrases
from rtm.text.walker import walk

MOST_LISTS = 32  # one bit each


class Spotter:
    """Look for up to ``MOST_LISTS`` lists of phrases, found as a watched event's terms are."""

    def __init__(self, lists: Sequence[Iterable[str]]) -> None:
        assert len(lists) <= MOST_LISTS, f"{len(lists)} lists of phrases"
        self._patterns = only_phrases({1 << place: phrases for place, phrases in enumerate(lists)})

    def bits(self, texts: pl.Series) -> NDArray[np.uint32]:
        """Return for each text a bit for each list of which a phrase stands in it, first lowest.

        >>> spotter = Spotter([["lights out"], ["cookie"]])
        >>> spotter.bits(pl.Series(["LIGHTS OUT!", "cookies"])).tolist()
        [1, 2]
        """
        return walk(*laid_out(texts), self._patterns)[-1]
