"""Small frozen maps from a raw state to bits, made once and probed by compiled code."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rtm.compiled import compiled

FOLDED = np.uint64(29)


class Lookup(NamedTuple):
    """An open-addressed map, a power of two long; the key 0 stands for an empty place."""

    keys: NDArray[np.uint64]
    values: NDArray[np.uint64]


def lookup_of(entries: Mapping[int, int]) -> Lookup:
    """Freeze a mapping; its keys are never 0.

    >>> found(*lookup_of({7: 3}), np.uint64(7)), found(*lookup_of({7: 3}), np.uint64(8))
    (3, 0)
    """
    size = 8
    while size < 3 * len(entries):
        size *= 2
    keys = np.zeros(size, np.uint64)
    values = np.zeros(size, np.uint64)
    for key in sorted(entries):
        place = (key ^ (key >> 29)) & (size - 1)
        while keys[place]:
            place = (place + 1) & (size - 1)
        keys[place] = key
        values[place] = entries[key]
    return Lookup(keys, values)


@compiled("uint64(uint64[::1], uint64[::1], uint64)")
def found(keys: NDArray[np.uint64], values: NDArray[np.uint64], key: np.uint64) -> np.uint64:
    """Return the bits kept under a key, or 0."""
    mask = np.uint64(keys.size - 1)
    place = (key ^ (key >> FOLDED)) & mask
    while keys[place] != np.uint64(0):
        if keys[place] == key:
            return values[place]
        place = (place + np.uint64(1)) & mask
    return np.uint64(0)
