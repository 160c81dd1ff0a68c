"""Other statistics of a term's own counts, worked out term by term: z-score, ratio, Poisson.

Each is asked at the end of every tick that brought the term, for each window that is warm: the
posts of exactly so many seconds, if as many sources stand behind them as behind our own bursts; the
largest score counts. What is compared with never overlaps the window.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from rtm.compiled import compiled, type_of
from rtm.trends.judge import WARM_WINDOWS
from rtm.trends.significance import surprise
from rtm.trends.state import COUNT, LEVEL, LEVELS, MEAN, WINDOW
from rtm.trends.table import UNIT, WINDOW_S, WINDOWS
from rtm.tune.sightings import SIGHTINGS_TYPE, Sightings, voices

EWMA, RATIO, ETA, TAIL, SIGNITREND = range(5)
HOUR_S = 3600
LAG = 2  # bins: that of the present, and the one that the window still reaches into
POISSON = 1e9  # shape of a negative binomial that is as good as Poisson
WIDE = 2 * 2.5758293035489004  # standard deviations that 99 % of a normal distribution span


class Rule(NamedTuple):
    """What a statistic is told."""

    kind: int
    decays: NDArray[np.float64]  # (WINDOWS,) of a bin as wide as the window
    bias: float  # posts; each statistic says what for
    least_count: float  # posts in the window, ElastAlert's threshold_cur
    least: float  # score below which nothing is found
    min_sources: float  # as in Settings


class Found(NamedTuple):
    """Room for what is found; a statistic returns how much it found, room or not."""

    ticks: NDArray[np.int64]
    keys: NDArray[np.uint64]
    levels: NDArray[np.float64]  # (m, LEVELS)


class Scratch(NamedTuple):
    """What is known of the term at hand, by window; pointers go into ``by_group``."""

    lows: NDArray[np.int64]  # first sighting in the window
    olds: NDArray[np.int64]  # first sighting in the hour before it
    folds: NDArray[np.int64]  # first sighting not in the moving average yet
    bins: NDArray[np.int64]  # last bin in the moving average
    inside: NDArray[np.int64]  # weights in the window
    hour: NDArray[np.int64]  # weights in the hour before
    past: NDArray[np.int64]  # weights before the window
    sums: NDArray[np.float64]  # (WINDOWS, 2) of counts and of their squares, decayed


def room(places: int) -> Found:
    """Return room for so many findings."""
    levels = np.empty((places, LEVELS), np.float64)
    return Found(np.empty(places, np.int64), np.empty(places, np.uint64), levels)


def scratch() -> Scratch:
    """Return what a run needs beside its rule."""
    whole = [np.zeros(WINDOWS, np.int64) for _ in Scratch._fields[:-1]]
    return Scratch._make([*whole, np.zeros((WINDOWS, 2))])


FOUND_TYPE = type_of(room(1))
RULE_TYPE = type_of(Rule(EWMA, np.ones(WINDOWS), 1.0, 1.0, 1.0, 1.0))
_SCRATCH = type_of(scratch())
_TWO = types.Tuple((types.float64, types.float64))


@compiled("UniTuple(float64, 2)(float64, float64, float64, float64)")
def moments(total: float, squares: float, decay: float, bins: float) -> tuple[float, float]:
    """Return the exponentially weighted mean and variance of so many bins, the last the newest.

    ``total`` and ``squares`` are the decayed sums of the bins' counts and of their squares.

    >>> moments(3.0, 5.0, 1.0, 2.0)
    (1.5, 0.25)
    """
    weight = bins if decay == 1.0 else (1.0 - decay**bins) / (1.0 - decay)
    mean = total / weight
    return mean, max(0.0, squares / weight - mean * mean)


@compiled(types.float64(RULE_TYPE, types.float64, types.float64, types.float64))
def _score(rule: Rule, count: float, mean: float, spread: float) -> float:
    if rule.kind == RATIO:
        return count / mean
    if count <= mean:
        return 0.0
    if rule.kind == TAIL:
        return surprise(count, mean, POISSON)
    return (count - mean) / spread


@compiled(types.void(SIGHTINGS_TYPE, RULE_TYPE, _SCRATCH, types.int64, types.int64))
def _move_on(told: Sightings, rule: Rule, at: Scratch, tick: int, window: int) -> None:
    # let go of what leaves the window, and of what leaves the hour before it
    width, posts = WINDOW_S[window], told.by_group
    while told.ticks[posts[at.lows[window]]] <= tick - width:
        weight = told.weights[posts[at.lows[window]]]
        at.inside[window] -= weight
        at.hour[window] += weight
        at.past[window] += weight
        at.lows[window] += 1
    while (
        at.olds[window] < at.lows[window]
        and told.ticks[posts[at.olds[window]]] <= tick - width - HOUR_S
    ):
        at.hour[window] -= told.weights[posts[at.olds[window]]]
        at.olds[window] += 1


@compiled(types.void(SIGHTINGS_TYPE, RULE_TYPE, _SCRATCH, types.int64, types.int64, types.int64))
def _fold(told: Sightings, rule: Rule, at: Scratch, tick: int, window: int, behind: int) -> None:
    # take bins that are over into the moving average
    width, posts, sums = WINDOW_S[window], told.by_group, at.sums[window]
    until = tick // width - LAG
    while at.folds[window] < behind:
        one = told.ticks[posts[at.folds[window]]] // width
        if one > until:
            break
        count = np.int64(0)
        while at.folds[window] < behind and told.ticks[posts[at.folds[window]]] // width == one:
            count += told.weights[posts[at.folds[window]]]
            at.folds[window] += 1
        fade = rule.decays[window] ** np.float64(one - at.bins[window])
        sums[0] = sums[0] * fade + count / UNIT
        sums[1] = sums[1] * fade + (count / UNIT) * (count / UNIT)
        at.bins[window] = one
    if at.bins[window] < until:
        fade = rule.decays[window] ** np.float64(until - at.bins[window])
        sums[0] *= fade
        sums[1] *= fade
        at.bins[window] = until


@compiled(
    _TWO(SIGHTINGS_TYPE, RULE_TYPE, _SCRATCH, types.int64, types.int64, types.int64, types.int64)
)
def _expected(
    told: Sightings,
    rule: Rule,
    at: Scratch,
    tick: int,
    window: int,
    first: int,
    behind: int,
) -> tuple[float, float]:
    # what a window should hold, and how far off it usually is
    width = WINDOW_S[window]
    if rule.kind == EWMA:
        _fold(told, rule, at, tick, window, behind)
        bins = tick // width - LAG - first // width + 1
        total, squares = at.sums[window, 0], at.sums[window, 1]
        mean, variance = moments(total, squares, rule.decays[window], np.float64(bins))
        return mean, max(math.sqrt(variance), rule.bias)
    if rule.kind == RATIO:
        seconds = min(HOUR_S, tick - width + 1 - first)
        return max(at.hour[window] / UNIT * width / seconds, rule.bias), 0.0
    mean = (at.past[window] / UNIT + rule.bias) * width / (tick - width + 1 - first)
    return mean, max(WIDE * math.sqrt(mean), 1.0)


@compiled(types.int64(SIGHTINGS_TYPE, RULE_TYPE, FOUND_TYPE, _SCRATCH))
def find(told: Sightings, rule: Rule, found: Found, at: Scratch) -> int:
    """Find every tick and term that scores ``rule.least``; returns how many, room or not."""
    places = 0
    best = 0
    for group in range(told.keys.size):
        low, high = told.bounds[group], told.bounds[group + 1]
        first = told.firsts[told.by_group[low]]
        for window in range(WINDOWS):
            at.lows[window] = low
            at.olds[window] = low
            at.folds[window] = low
            at.bins[window] = first // WINDOW_S[window] - 1
            at.inside[window] = 0
            at.hour[window] = 0
            at.past[window] = 0
            at.sums[window, 0] = 0.0
            at.sums[window, 1] = 0.0
        behind = low
        while behind < high:
            tick = told.ticks[told.by_group[behind]]
            weight = np.int64(0)
            while behind < high and told.ticks[told.by_group[behind]] == tick:
                weight += told.weights[told.by_group[behind]]
                behind += 1
            largest, mean_there, count_there = 0.0, 0.0, 0.0
            for window in range(WINDOWS):
                at.inside[window] += weight
                _move_on(told, rule, at, tick, window)
                count = at.inside[window] / UNIT
                is_cold = tick - first < WARM_WINDOWS * WINDOW_S[window]
                if is_cold or count < rule.min_sources or count < rule.least_count:
                    continue
                mean, spread = _expected(told, rule, at, tick, window, first, behind)
                score = _score(rule, count, mean, spread)
                if score < rule.least or score <= largest:
                    continue
                sources, loudest = voices(told, low, behind, tick - WINDOW_S[window] + 1)
                if sources < rule.min_sources:
                    continue
                heard = min(count, count * (1.0 - loudest) + 1.0)  # as in judge
                score = _score(rule, heard, mean, spread)
                if score > largest and score >= rule.least and heard >= rule.least_count:
                    largest, best, count_there, mean_there = score, window, count, mean
            if largest > 0.0:
                if places < found.ticks.size:
                    found.ticks[places] = tick
                    found.keys[places] = told.keys[group]
                    found.levels[places, LEVEL] = largest
                    found.levels[places, WINDOW] = best
                    found.levels[places, COUNT] = count_there
                    found.levels[places, MEAN] = mean_there
                places += 1
    return places
