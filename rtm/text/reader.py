"""The reader: what each post of a frame says, in columns. It has no state."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rtm.text.columns import laid_out
from rtm.text.grave import weighed
from rtm.text.identify import spoken_in
from rtm.text.language import language_numbers
from rtm.text.patterns import Patterns
from rtm.text.walker import hash_texts, walk


@dataclass(frozen=True)
class Reading:
    """What was read of ``n`` posts.

    ========= ============== =====================================================================
    column    shape, dtype   meaning
    ========= ============== =====================================================================
    terms     (t,) uint64    distinct term keys of each post, laid end to end
    starts    (n + 1,) int64 post ``i`` has ``terms[starts[i]:starts[i + 1]]``
    sketches  (n, 16) uint64 smallest word keys, ascending; what near-duplicates share
    sizes     (n,) int32     used places of a sketch; 0 = too short, compared exactly by its first
    marks     (n,) uint32    bits of ``patterns.Mark``
    authors   (n,) uint64    author's key; 0 = unknown
    languages (n,) uint8     number of the language that the network told; 0 = unknown
    texts     (n,) String    the words as written, not copied
    spoken    (n,) uint8     the told language, and where none is told that of the words themselves
    ========= ============== =====================================================================

    ``spoken`` is found when first asked for: identifying costs ten times all the rest.
    """

    terms: NDArray[np.uint64]
    starts: NDArray[np.int64]
    sketches: NDArray[np.uint64]
    sizes: NDArray[np.int32]
    marks: NDArray[np.uint32]
    authors: NDArray[np.uint64]
    languages: NDArray[np.uint8]
    texts: pl.Series

    @cached_property
    def spoken(self) -> NDArray[np.uint8]:
        """Number of the language that each post speaks; see ``rtm.text.identify``."""
        return spoken_in(self.texts, self.languages)


def read(frame: pl.DataFrame, patterns: Patterns) -> Reading:
    """Read ``text``, ``author`` and ``lang`` of every row; order and number of rows are kept."""
    terms, starts, sketches, sizes, marks = walk(*laid_out(frame["text"]), patterns)
    if patterns.confirm is not None:
        marks = patterns.confirm(frame["text"], marks)
    authors = frame["author"]
    keys = np.zeros(frame.height, np.uint64)
    if authors.null_count() < frame.height:
        keys = hash_texts(*laid_out(authors))
        keys[authors.is_null().to_numpy()] = 0
    told = language_numbers(frame["lang"])
    return Reading(terms, starts, sketches, sizes, weighed(marks), keys, told, frame["text"])
