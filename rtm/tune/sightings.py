"""Every sighting of every term of a recording, term by term: what other statistics are fed.

They count what the kernel counts: posts weigh what their echo leaves of them, an author's repeats
within 15 minutes are left out, late posts too. Terms seen only once or twice in all never get a
row, so nothing is worked out for them. Needs about 60 bytes a sighting while it is made, 12 after.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from rtm.compiled import compiled, type_of
from rtm.text.keys import chained
from rtm.trends.admission import PROBATION, is_repeat, turn_filters
from rtm.trends.echo import echoes, weigh
from rtm.trends.settings import Settings
from rtm.trends.state import STATE_TYPE, State, empty_state
from rtm.trends.table import RING, UNIT, WINDOW_S
from rtm.tune.reading import Part


class Sightings(NamedTuple):
    """``p`` posts in order, ``s`` sightings, ``g`` groups: one for each term and stretch.

    A stretch is the stream between two silences; after one, everything starts anew. A group's
    sightings stand side by side in ``by_group``, in order of the stream.
    """

    ticks: NDArray[np.int64]  # (p,) of posts that were not late
    weights: NDArray[np.int64]  # (p,)
    sources: NDArray[np.uint64]  # (p,)
    firsts: NDArray[np.int64]  # (p,) tick at which the stretch began
    totals: NDArray[np.int64]  # (p, WINDOWS) weights of the stream in each window, ending there
    starts: NDArray[np.int64]  # (p + 1,) sightings of each post, in in_order
    in_order: NDArray[np.int32]  # (s,) group of each sighting, post by post
    by_group: NDArray[np.int32]  # (s,) post of each sighting, group by group
    bounds: NDArray[np.int64]  # (g + 1,) sightings of each group, in by_group
    keys: NDArray[np.uint64]  # (g,) the term


@compiled(
    types.void(
        STATE_TYPE,
        types.int64[::1],
        types.uint64[::1],
        types.uint64[::1],
        types.int64[::1],
        types.boolean[::1],
    )
)
def _find_repeats(
    state: State,
    ticks: NDArray[np.int64],
    authors: NDArray[np.uint64],
    terms: NDArray[np.uint64],
    starts: NDArray[np.int64],
    is_counted: NDArray[np.bool_],
) -> None:
    tick = np.int64(-1)
    for post in range(ticks.size):
        if ticks[post] != tick:
            tick = ticks[post]
            turn_filters(state, tick)
        if authors[post] == np.uint64(0):
            continue
        for i in range(starts[post], starts[post + 1]):
            if is_repeat(state, chained(authors[post], terms[i])):
                is_counted[i] = False


def sightings_of(parts: Sequence[Part], settings: Settings) -> Sightings:
    """Return the sightings of a recording that was read."""
    memory = echoes(settings.cluster_bits)
    whole, name = np.empty(0, np.int64), np.empty(0, np.uint64)
    pieces, words, names = [(whole, whole, whole)], [name], [(name, name)]
    for part in parts:
        reading, ticks = part.reading, part.frame["tick"].to_numpy().copy()
        light = np.zeros(ticks.size, np.int32)
        sources = np.zeros(ticks.size, np.uint64)
        clusters = np.zeros(ticks.size, np.uint64)
        weigh(
            memory,
            ticks,
            reading.sketches,
            reading.sizes,
            reading.authors,
            light,
            sources,
            clusters,
        )
        on_time = ~part.frame["late"].to_numpy()
        lengths = np.diff(reading.starts)
        pieces.append((ticks[on_time], light[on_time].astype(np.int64), lengths[on_time]))
        words.append(reading.terms[np.repeat(on_time, lengths)])
        names.append((sources[on_time], reading.authors[on_time]))
    ticks, weights, lengths = (np.concatenate(each) for each in zip(*pieces, strict=True))
    sources, authors = (np.concatenate(each) for each in zip(*names, strict=True))
    terms = np.concatenate(words)
    starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    is_counted = np.ones(terms.size, np.bool_)
    if authors.any():
        state = empty_state(_FILTERS._replace(author_bits=settings.author_bits))
        _find_repeats(state, ticks, authors, terms, starts, is_counted)
    return grouped(ticks, weights, sources, terms, starts, is_counted, settings.gap_s)


def grouped(
    ticks: NDArray[np.int64],
    weights: NDArray[np.int64],
    sources: NDArray[np.uint64],
    terms: NDArray[np.uint64],
    starts: NDArray[np.int64],
    is_counted: NDArray[np.bool_],
    gap_s: int,
) -> Sightings:
    """Sort the sightings of posts: ``terms`` laid end to end, as ``starts`` has them."""
    posts = np.repeat(np.arange(ticks.size, dtype=np.int32), np.diff(starts))
    _, term, seen = np.unique(terms, return_inverse=True, return_counts=True)
    chosen = is_counted & (seen > PROBATION)[term]
    terms, posts, term = terms[chosen], posts[chosen], term[chosen].astype(np.int64)
    begins = np.diff(ticks, prepend=ticks[:1] - gap_s - 1) > gap_s
    stretch = np.cumsum(begins)
    firsts = ticks[np.flatnonzero(begins)][stretch - 1]
    belongs = term * (int(stretch[-1]) + 1 if stretch.size else 1) + stretch[posts]
    order = np.argsort(belongs, kind="stable")
    belongs = belongs[order]
    heads = np.flatnonzero(np.diff(belongs, prepend=-1))
    in_order = np.empty(terms.size, np.int32)
    in_order[order] = np.cumsum(np.diff(belongs, prepend=-1) > 0) - 1
    before = np.concatenate(([0], np.cumsum(weights)))
    behind = np.searchsorted(ticks, ticks, "right")
    totals = [before[behind] - before[np.searchsorted(ticks, ticks - s, "right")] for s in WINDOW_S]
    return Sightings(
        ticks,
        weights,
        sources,
        firsts,
        np.ascontiguousarray(np.stack(totals, axis=1)),
        np.concatenate(([0], np.cumsum(np.bincount(posts, minlength=ticks.size)))),
        in_order,
        posts[order],
        np.append(heads, terms.size).astype(np.int64),
        terms[order][heads],
    )


# the filters of authors are all that is needed of a state
_FILTERS = Settings(row_bits=6, probation_bits=6, sketch_bits=6, cluster_bits=6, recent_bits=6)

_TWO = types.Tuple((types.float64, types.float64))
SIGHTINGS_TYPE = type_of(
    grouped(
        np.zeros(1, np.int64),
        np.full(1, UNIT, np.int64),
        np.zeros(1, np.uint64),
        np.zeros(1, np.uint64),
        np.array([0, 1]),
        np.ones(1, np.bool_),
        1,
    )
)


@compiled(
    types.Tuple((types.float64, types.float64))(
        SIGHTINGS_TYPE, types.int64, types.int64, types.int64
    )
)
def voices(told: Sightings, first: int, behind: int, since: int) -> tuple[float, float]:
    """Return how many effective sources a group's latest sightings have, and the loudest's share.

    As ``trends.tally.voices``: of those in ``by_group`` from ``first`` on and before ``behind``,
    the latest ``RING``, none before tick ``since``.
    """
    low = behind
    while low > first and behind - low < RING and told.ticks[told.by_group[low - 1]] >= since:
        low -= 1
    same = 0
    weight = np.int64(0)
    loudest = np.int64(0)
    for i in range(low, behind):
        own = np.int64(0)
        for j in range(low, behind):
            if told.sources[told.by_group[i]] == told.sources[told.by_group[j]]:
                same += 1
                own += told.weights[told.by_group[j]]
        weight += told.weights[told.by_group[i]]
        loudest = max(loudest, own)
    if behind == low:
        return 0.0, 1.0
    return (behind - low) * (behind - low) / same, loudest / weight
