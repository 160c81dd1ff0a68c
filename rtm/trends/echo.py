"""Near-duplicates: the k-th copy of a text weighs less, and copies share one source.

A post joins the cluster whose founder's sketch it resembles, if that cluster was seen within
fifteen minutes; else it founds one. Candidates come from bands (pairs of neighbouring sketch
places), which near-duplicates mostly share. Texts too short for a sketch must be equal.

References
----------
Broder (1997), on the resemblance of documents, doi:10.1109/SEQUEN.1997.666900: the bottom-k sketch.
Deviation: candidates by bands of the sketch itself instead of shingles.
"""

from typing import NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from rtm.compiled import compiled, type_of
from rtm.text.keys import chained, mixed
from rtm.text.walker import EMPTY, SKETCH
from rtm.trends.table import UNIT

ALIVE_S = 900  # seconds after its latest copy in which a cluster takes in more
SIMILAR = 0.6  # share of words in common, estimated from the sketches
BANDS = 8
BAND_FROM = (0, 1, 2, 3, 0, 1, 4, 5)
BAND_TO = (1, 2, 3, 4, 2, 3, 5, 6)
BAND_WAYS = 4  # places in a bucket of the band index


@compiled("float64(uint64[::1], uint64[::1])")
def resemblance(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> float:
    """Estimate the share of words that two texts have in common, from their sketches."""
    i, j, union, common = 0, 0, 0, 0
    while union < SKETCH and (i < SKETCH or j < SKETCH):
        a = first[i] if i < SKETCH else EMPTY
        b = second[j] if j < SKETCH else EMPTY
        if a == EMPTY and b == EMPTY:
            break
        union += 1
        if a == b:
            common += 1
            i += 1
            j += 1
        elif a < b:
            i += 1
        else:
            j += 1
    return common / union if union else 0.0


@compiled("int64(int64)")
def weight_of_copies(copies: int) -> int:
    """Return what a cluster of so many copies weighs in all: ``round(256 sqrt(copies))``."""
    return np.int64(UNIT * np.sqrt(np.float64(copies)) + 0.5)


@compiled("uint64(uint64[::1], int64, int64)")
def _band(sketch: NDArray[np.uint64], size: int, band: int) -> np.uint64:
    if size == 0:
        return sketch[0]
    return mixed(chained(sketch[BAND_FROM[band]], sketch[BAND_TO[band]]))


class Echoes(NamedTuple):
    """What is remembered of clusters: ``c`` places of clusters, ``b`` places of bands."""

    band_keys: NDArray[np.uint64]  # (b,)
    band_clusters: NDArray[np.int64]  # (b,) number of the cluster that a band leads to
    sketches: NDArray[np.uint64]  # (c, SKETCH) of the founder
    sizes: NDArray[np.int32]  # (c,)
    copies: NDArray[np.int64]  # (c,)
    latest: NDArray[np.int64]  # (c,) tick of the latest copy
    names: NDArray[np.uint64]  # (c,) what stands for the cluster as a source
    founded: NDArray[np.int64]  # (1,) clusters ever founded; a cluster's place is number modulo c


def echoes(cluster_bits: int) -> Echoes:
    """Return the memory of ``2**cluster_bits`` clusters, empty and touched."""
    clusters = 1 << cluster_bits
    bands = clusters * BANDS
    return Echoes(
        np.full(bands, 0, np.uint64),
        np.full(bands, 0, np.int64),
        np.full((clusters, SKETCH), 0, np.uint64),
        np.full(clusters, 0, np.int32),
        np.full(clusters, 0, np.int64),
        np.full(clusters, 0, np.int64),
        np.full(clusters, 0, np.uint64),
        np.zeros(1, np.int64),
    )


_ECHOES = type_of(echoes(1))


@compiled(types.int64(_ECHOES, types.uint64[::1], types.int64))
def _found(memory: Echoes, sketch: NDArray[np.uint64], size: int) -> int:
    cluster = memory.founded[0]
    memory.founded[0] += 1
    at = cluster % memory.copies.size
    for i in range(SKETCH):
        memory.sketches[at, i] = sketch[i]
    memory.sizes[at] = size
    memory.copies[at] = 0
    memory.names[at] = mixed(chained(sketch[0], np.uint64(cluster)))
    buckets = np.uint64(memory.band_keys.size // BAND_WAYS - 1)
    for band in range(min(BANDS, size + 1)):
        key = _band(sketch, size, band)
        bucket = np.int64(key & buckets) * BAND_WAYS
        taken = bucket
        for place in range(bucket, bucket + BAND_WAYS):
            if memory.band_keys[place] == key:
                taken = place
                break
            if memory.band_clusters[place] < memory.band_clusters[taken]:
                taken = place
        memory.band_keys[taken] = key
        memory.band_clusters[taken] = cluster
    return cluster


@compiled(
    types.void(
        _ECHOES,
        types.int64[::1],
        types.uint64[:, ::1],
        types.int32[::1],
        types.uint64[::1],
        types.int32[::1],
        types.uint64[::1],
        types.uint64[::1],
    )
)
def weigh(
    memory: Echoes,
    ticks: NDArray[np.int64],
    sketches: NDArray[np.uint64],
    sizes: NDArray[np.int32],
    authors: NDArray[np.uint64],
    weights: NDArray[np.int32],
    sources: NDArray[np.uint64],
    clusters: NDArray[np.uint64],
) -> None:
    """Give rows, in (at, id) order, a weight, a source and the name of a cluster.

    Fills ``weights`` (256 for a post of its own), ``clusters`` and ``sources`` (the author, or the
    cluster where the author is unknown).
    """
    capacity = memory.copies.size
    buckets = np.uint64(memory.band_keys.size // BAND_WAYS - 1)
    for row in range(ticks.size):
        tick, sketch, size = ticks[row], sketches[row], np.int64(sizes[row])
        bands = min(BANDS, size + 1)
        cluster = -1
        for band in range(bands):
            key = _band(sketch, size, band)
            bucket = np.int64(key & buckets) * BAND_WAYS
            for place in range(bucket, bucket + BAND_WAYS):
                if memory.band_keys[place] != key:
                    continue
                candidate = memory.band_clusters[place]
                if memory.founded[0] - candidate > capacity:
                    continue  # its place belongs to a younger cluster
                at = candidate % capacity
                if tick - memory.latest[at] > ALIVE_S or (cluster >= 0 and candidate >= cluster):
                    continue
                is_short = memory.sizes[at] == 0
                if is_short != (size == 0):
                    continue
                if is_short:
                    is_same = memory.sketches[at, 0] == sketch[0]
                else:
                    is_same = resemblance(sketch, memory.sketches[at]) >= SIMILAR
                if is_same:
                    cluster = candidate
        if cluster < 0:
            cluster = _found(memory, sketch, size)
        at = cluster % capacity
        memory.latest[at] = tick
        memory.copies[at] += 1
        copies = memory.copies[at]
        weights[row] = weight_of_copies(copies) - weight_of_copies(copies - 1)
        clusters[row] = memory.names[at]
        sources[row] = authors[row] if authors[row] else memory.names[at]
