"""SigniTrend: the moving average and variance of a term's share, kept by hash, not by term.

Each epoch, a cell of a table learns the largest share of all terms that hash to it; a term asks the
one of its cells that expects least.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from rtm.compiled import compiled, type_of
from rtm.trends.judge import WARM_WINDOWS
from rtm.trends.state import COUNT, LEVEL, MEAN, WINDOW
from rtm.trends.table import UNIT, WINDOW_S
from rtm.tune.exact import FOUND_TYPE, LAG, RULE_TYPE, Found, Rule, moments
from rtm.tune.sightings import SIGHTINGS_TYPE, Sightings, voices

TABLES = 2
TABLE_BITS = 20  # 2**20 cells a table: 117 MB in all
# columns of a cell: decayed sum of shares and of their squares, and the epoch they are of; then the
# two latest epochs it was touched in, the newer first, and the largest count of a term in each
SUM, SQUARES, AS_OF, NEWER, NEWER_MOST, OLDER, OLDER_MOST = range(7)
CELL = 7
NEVER = -1.0


class Tables(NamedTuple):
    """The cells, and what is known of each group in the present epoch and window."""

    cells: NDArray[np.float64]  # (TABLES, 2**TABLE_BITS, CELL)
    stream: NDArray[np.float64]  # (epochs,) weight of the stream in each, from the first one on
    epochs: NDArray[np.int64]  # (g,) the latest in which a group was seen
    counts: NDArray[np.int64]  # (g,) its weight in it
    lows: NDArray[np.int64]  # (g,) its first sighting in the window
    behinds: NDArray[np.int64]  # (g,) its first sighting after now
    inside: NDArray[np.int64]  # (g,) its weight in the window
    asked: NDArray[np.int64]  # (g,) tick at which it asked last


def tables_of(told: Sightings, window: int, bits: int = TABLE_BITS) -> Tables:
    """Return empty tables for one width of epochs."""
    width, groups = WINDOW_S[window], told.keys.size
    epochs = told.ticks // width
    first = epochs[:1].sum()
    return Tables(
        np.zeros((TABLES, 1 << bits, CELL)),
        np.bincount(epochs - first, told.weights).astype(np.float64),
        np.full(groups, -1, np.int64),
        np.zeros(groups, np.int64),
        told.bounds[:-1].copy(),
        told.bounds[:-1].copy(),
        np.zeros(groups, np.int64),
        np.full(groups, -1, np.int64),
    )


TABLES_TYPE = type_of(
    Tables(np.zeros((TABLES, 1, CELL)), np.zeros(1), *(np.zeros(1, np.int64) for _ in range(6)))
)


@compiled("int64(uint64, int64, int64)")
def _cell_of(key: np.uint64, table: int, size: int) -> np.int64:
    return np.int64((key >> np.uint64(24 * table)) & np.uint64(size - 1))


@compiled(types.void(types.float64[::1], types.float64[::1], types.float64, types.float64))
def _fold(
    cell: NDArray[np.float64], stream: NDArray[np.float64], decay: float, start: float
) -> None:
    # the older epoch goes into the sums
    if cell[OLDER] < start:
        return
    share = cell[OLDER_MOST] / stream[np.int64(cell[OLDER])]
    fade = decay ** (cell[OLDER] - cell[AS_OF])
    cell[SUM] = cell[SUM] * fade + share
    cell[SQUARES] = cell[SQUARES] * fade + share * share
    cell[AS_OF] = cell[OLDER]
    cell[OLDER] = NEVER


@compiled(
    types.void(
        types.float64[::1],
        types.float64[::1],
        types.float64,
        types.float64,
        types.float64,
        types.int64,
    )
)
def _learn(
    cell: NDArray[np.float64],
    stream: NDArray[np.float64],
    decay: float,
    start: float,
    epoch: float,
    count: int,
) -> None:
    if cell[NEWER] != epoch:
        _fold(cell, stream, decay, start)
        cell[OLDER] = cell[NEWER]
        cell[OLDER_MOST] = cell[NEWER_MOST]
        cell[NEWER] = epoch
        cell[NEWER_MOST] = 0.0
    cell[NEWER_MOST] = max(cell[NEWER_MOST], np.float64(count))


@compiled("UniTuple(float64, 2)(float64[::1], float64[::1], float64, float64, float64)")
def _known(
    cell: NDArray[np.float64],
    stream: NDArray[np.float64],
    decay: float,
    start: float,
    until: float,
) -> tuple[float, float]:
    # mean and variance of the shares of a cell's epochs up to one
    if cell[OLDER] <= until:
        _fold(cell, stream, decay, start)
    fade = decay ** (until - cell[AS_OF])
    return moments(cell[SUM] * fade, cell[SQUARES] * fade, decay, until - start + 1.0)


@compiled(types.void(TABLES_TYPE, types.float64))
def _clear(tables: Tables, start: float) -> None:
    for table in range(tables.cells.shape[0]):
        for place in range(tables.cells.shape[1]):
            cell = tables.cells[table, place]
            cell[SUM] = 0.0
            cell[SQUARES] = 0.0
            cell[AS_OF] = start - 1.0
            cell[NEWER] = NEVER
            cell[NEWER_MOST] = 0.0
            cell[OLDER] = NEVER


@compiled(types.int64(SIGHTINGS_TYPE, RULE_TYPE, FOUND_TYPE, TABLES_TYPE, types.int64))
def find_hashed(told: Sightings, rule: Rule, found: Found, tables: Tables, window: int) -> int:
    """Find every tick and term that scores ``rule.least`` in a window; returns how many."""
    width, decay, size = WINDOW_S[window], rule.decays[window], tables.cells.shape[1]
    places = 0
    post = 0
    stretch = np.int64(-1)
    zero = told.ticks[0] // width if told.ticks.size else 0
    while post < told.ticks.size:
        tick, first = told.ticks[post], told.firsts[post]
        start = np.float64(first // width - zero)
        if first != stretch:
            stretch = first
            _clear(tables, start)
        epoch = np.float64(tick // width - zero)
        behind = post
        while behind < told.ticks.size and told.ticks[behind] == tick:
            for i in range(told.starts[behind], told.starts[behind + 1]):
                group = told.in_order[i]
                if tables.epochs[group] != np.int64(epoch):
                    tables.epochs[group] = np.int64(epoch)
                    tables.counts[group] = 0
                tables.counts[group] += told.weights[behind]
                tables.inside[group] += told.weights[behind]
                tables.behinds[group] += 1
                for table in range(TABLES):
                    cell = tables.cells[table, _cell_of(told.keys[group], table, size)]
                    _learn(cell, tables.stream, decay, start, epoch, tables.counts[group])
            behind += 1
        is_warm = tick - first >= WARM_WINDOWS * width
        total = np.float64(told.totals[post, window])
        for i in range(told.starts[post] if is_warm else told.starts[behind], told.starts[behind]):
            group = told.in_order[i]
            if tables.asked[group] == tick:
                continue
            tables.asked[group] = tick
            while told.ticks[told.by_group[tables.lows[group]]] <= tick - width:
                tables.inside[group] -= told.weights[told.by_group[tables.lows[group]]]
                tables.lows[group] += 1
            count = tables.inside[group] / UNIT
            if count < rule.min_sources or count < rule.least_count:
                continue
            mean, variance = np.inf, 0.0
            for table in range(TABLES):
                cell = tables.cells[table, _cell_of(told.keys[group], table, size)]
                one, spread = _known(cell, tables.stream, decay, start, epoch - LAG)
                if one < mean:
                    mean, variance = one, spread
            # shares of the stream, told in posts
            mean *= total / UNIT
            spread = math.sqrt(variance) * total / UNIT + rule.bias
            if (count - max(mean, rule.bias)) / spread < rule.least:
                continue
            since = tick - width + 1
            sources, loudest = voices(told, told.bounds[group], tables.behinds[group], since)
            heard = min(count, count * (1.0 - loudest) + 1.0)  # as in judge
            score = (heard - max(mean, rule.bias)) / spread
            if sources < rule.min_sources or score < rule.least or heard < rule.least_count:
                continue
            if places < found.ticks.size:
                found.ticks[places] = tick
                found.keys[places] = told.keys[group]
                found.levels[places, LEVEL] = score
                found.levels[places, WINDOW] = window
                found.levels[places, COUNT] = count
                found.levels[places, MEAN] = mean
            places += 1
        post = behind
    return places
