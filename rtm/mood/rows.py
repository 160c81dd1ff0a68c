"""What a model is told of each post: features, and the mood stems that count in its language.

A row has hashed features at equal small values whose squares add up to one, the post's signs, how
many words of each class stand in it by its own language's lexicon, and which. So the count of
negative words is one feature for all languages, and what the team teaches of it in one language
is known in the next.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rtm.compiled import compiled
from rtm.mood.features import HASHED, SIGNS, TOTALS, Features
from rtm.mood.lexicon import CLASS_BITS, lexicon, lexicon_languages

ALWAYS = HASHED + len(SIGNS)  # column that is 1.0 in every row: how a language differs as a whole
TOTAL = ALWAYS + 1  # column of the first total
STEM = TOTAL + len(TOTALS)  # column of the first stem
CLASS = np.uint64((1 << CLASS_BITS) - 1)
NOTHING = np.uint64(0)
MOST = 3  # words of one class that count


@dataclass(frozen=True, slots=True)
class Rows:
    """Post ``i`` has ``values[starts[i]:starts[i + 1]]`` in distinct ``columns``, likewise."""

    columns: NDArray[np.int32]
    values: NDArray[np.float64]
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return int(self.starts.size - 1)

    def only(self, i: int) -> "Rows":
        """Return the row of one post."""
        start, stop = self.starts[i], self.starts[i + 1]
        bounds = np.array([0, stop - start], np.int64)
        return Rows(self.columns[start:stop], self.values[start:stop], bounds)


@cache
def columns() -> int:
    """Return how many columns there are: of hashed features, signs, totals and stems."""
    return STEM + len(lexicon().names)


@compiled(
    "int64(int32[::1], int64[::1], int32[::1], int64[::1], uint8[:, :, ::1], uint64[::1],"
    " uint8[::1], int32[::1], float64[::1], int64[::1])"
)
def _lay(
    columns: NDArray[np.int32],
    starts: NDArray[np.int64],
    stems: NDArray[np.int32],
    stem_starts: NDArray[np.int64],
    totals: NDArray[np.uint8],
    classes: NDArray[np.uint64],
    spoken: NDArray[np.uint8],
    row_columns: NDArray[np.int32],
    row_values: NDArray[np.float64],
    row_starts: NDArray[np.int64],
) -> int:
    size = 0
    for i in range(spoken.size):
        hashed = 0
        for place in range(starts[i], starts[i + 1]):
            hashed += columns[place] < HASHED
        value = 1.0 / np.sqrt(max(hashed, 1))
        for place in range(starts[i], starts[i + 1]):
            row_columns[size] = columns[place]
            row_values[size] = value if columns[place] < HASHED else 1.0
            size += 1
        row_columns[size] = ALWAYS
        row_values[size] = 1.0
        size += 1
        for kind in range(totals.shape[2]):
            count = totals[i, spoken[i], kind]
            if count > 0:
                row_columns[size] = TOTAL + kind
                row_values[size] = min(count, MOST)
                size += 1
        first = size
        shift = np.uint64(CLASS_BITS * spoken[i])
        for place in range(stem_starts[i], stem_starts[i + 1]):
            if (classes[stems[place]] >> shift) & CLASS == NOTHING:
                continue
            column = STEM + stems[place]
            is_new = True
            for earlier in range(first, size):
                is_new = is_new and row_columns[earlier] != column
            if is_new:
                row_columns[size] = column
                row_values[size] = 1.0
                size += 1
        row_starts[i + 1] = size
    return size


def rows_of(features: Features, languages: NDArray[np.uint8]) -> Rows:
    """Return the rows of posts; ``languages`` are numbers of ``rtm.text.language``."""
    n = len(features)
    most = features.columns.size + features.stems.size + n * (len(TOTALS) + 1)
    row_columns, row_values = np.empty(most, np.int32), np.empty(most, np.float64)
    row_starts = np.zeros(n + 1, np.int64)
    size = _lay(
        features.columns,
        features.starts,
        features.stems,
        features.stem_starts,
        features.totals,
        lexicon().classes,
        lexicon_languages()[languages],
        row_columns,
        row_values,
        row_starts,
    )
    return Rows(row_columns[:size].copy(), row_values[:size].copy(), row_starts)
