"""Other statistics in place of ours, with all else as it is: what a term's surprise is worth.

A yardstick answers, for every tick and term, how unusual the term's posts are, in its own score.
The kernel takes that for surprise (``Given``): same echo, same admission, same sources behind a
burst, same trigger, same stories. So whoever finds more at as many stories a day has the better
statistic. Scores are not bent to ours: floors of hot, linked and story are swept together, in the
proportions of our defaults.

=========== ======================================= =======================================
name        score                                   what is expected of a window
=========== ======================================= =======================================
ewma        standard deviations above               moving average of bins
ratio       times                                   the hour before, scaled
poisson     -log10 of the tail                      the rate of all the past
signitrend  standard deviations above, biased       moving average of shares, by hash
=========== ======================================= =======================================

All are treated kindly: five windows from 15 s to 1 h, each sliding by the second (the published
ones mostly have one, in fixed bins), of which the largest score counts; a history that a burst does
not enter; our warm-up; and, as the copies of our loudest source, those of theirs count as one post.

Parameters that are nobody's default are the best of a small grid on the Super Bowl night of 2013
(the touchdown stream tells none from another): half-lives of an hour and a day, spreads of 0.3 to 1
post, ``threshold_cur`` 3 to 10 with ``threshold_ref`` 0.03 to 1 (none finds anything there), priors
of 0.5 and 1 post, tail or eta, beta of 0.1 to 3 posts.

Not so kind: refiring at 1.5 times the peak and the proportions of the floors were chosen for ours.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rtm.trends.settings import Settings
from rtm.trends.state import LEVEL, TAKE, Given
from rtm.trends.table import WINDOW_S, WINDOWS
from rtm.tune.activity import DAY_S
from rtm.tune.exact import (
    ETA,
    EWMA,
    RATIO,
    SIGNITREND,
    TAIL,
    Found,
    Rule,
    find,
    room,
    scratch,
)
from rtm.tune.hashed import find_hashed, tables_of
from rtm.tune.sightings import Sightings

ROOM = 1 << 20  # findings for which there is room at first
PER_BIN = 0.2  # weight of the newest bin in Roberts's charts


@dataclass(frozen=True, slots=True)
class Yardstick:
    """Another statistic: its rule, and the lowest story floor that is worth a run."""

    name: str
    rule: Rule
    least: float

    def given(self, told: Sightings, settings: Settings, least: float) -> Given:
        """Return what the kernel is to take: all of at least ``least``, by tick and key."""
        rule = self.rule._replace(least=least, min_sources=settings.min_sources)
        if rule.kind == SIGNITREND:
            parts = [_hashed(told, rule, window) for window in range(WINDOWS)]
        else:
            parts = [_whole(lambda found: find(told, rule, found, scratch()))]
        return _taken(parts)


def ewma(half_life_s: float | None = DAY_S, least_spread: float = 1.0) -> Yardstick:
    """Return the z-score against an exponentially weighted moving average.

    Parameters
    ----------
    half_life_s
        Of the average; None weighs the newest bin 0.2, whatever its width, as charts mostly do.
    least_spread
        Posts; a term seen never or at an even pace has no spread of its own.

    References
    ----------
    Roberts (1959), control chart tests based on geometric moving averages,
    doi:10.1080/00401706.1959.10489860; West (1979), updating mean and variance estimates,
    doi:10.1145/359146.359153. Deviations: counts, not the average, are charted, since an average
    over bins is late; mean and variance are the exact weighted ones of the bins seen, free of the
    start at zero; the present bin and the one before it are left out.
    """
    return Yardstick("ewma", _rule(EWMA, least_spread, decays=_decays(half_life_s)), 2.0)


def ratio(threshold_cur: float = 3.0, threshold_ref: float = 1.0) -> Yardstick:
    """Return how many times the usual pace of the hour before a window holds.

    Parameters
    ----------
    threshold_cur, threshold_ref
        Posts in the window, below which nothing is said; posts to which what was expected is
        raised.

    References
    ----------
    ElastAlert (Yelp), rule type ``spike``: ``spike_height`` is the score. Deviations: its
    reference is as wide as its window, here an hour for all windows, or what there is of it since
    the stream began; it says nothing of a term
    whose reference is below ``threshold_ref`` (or, at 0, of none but always), here such a term is
    compared with ``threshold_ref`` itself, so that new words can be found.
    """
    return Yardstick("ratio", _rule(RATIO, threshold_ref, least_count=threshold_cur), 2.0)


def poisson(*, is_tail: bool = True, prior: float = 0.5) -> Yardstick:
    """Return the tail of a Poisson count at the fixed rate of all the past.

    Parameters
    ----------
    is_tail
        Score -log10 of the tail; else Gnip's eta, the excess over the width of the 99 % interval.
    prior
        Posts added to the past, without which a new term has no rate.

    References
    ----------
    Hendrickson, Kolb, Lehman, Montague (Gnip), trend detection in social data, Gnip-Trend-Detection
    (``Poisson``, mode ``a``). Deviations: one rate for all hours; the window is not part of its own
    past; by default the tail itself, which ranks rare terms better than eta; eta's interval is that
    of the normal distribution, one post at the least (theirs divides by zero).
    """
    kind = TAIL if is_tail else ETA
    return Yardstick("poisson", _rule(kind, prior), 2.0 if is_tail else 0.7)


def signitrend(half_life_s: float = DAY_S, bias: float = 1.0) -> Yardstick:
    """Return SigniTrend's significance of a term's share of the stream.

    Parameters
    ----------
    half_life_s
        Of the moving average and variance.
    bias
        Posts (beta): the noise that is to be expected of any term.

    References
    ----------
    Schubert, Weiler, Kriegel (2014), SigniTrend: scalable detection of emerging topics in textual
    streams by hashed significance thresholds, doi:10.1145/2623330.2623740. Significance is
    (x - max(mean, beta)) / (spread + beta). Deviations: five widths of epoch beside each other; x
    is the share in a sliding window, while cells learn by epoch, all but the latest; mean and
    variance are free of the start at zero; pairs are of neighbouring words, as ours are, not of all
    words of a post; terms seen twice at the most in all never enter a cell.
    """
    rule = _rule(SIGNITREND, bias, decays=_decays(half_life_s))
    return Yardstick("signitrend", rule, 1.0)


YARDSTICKS: Mapping[str, Callable[[], Yardstick]] = {
    "ewma": ewma,
    "ratio": ratio,
    "poisson": poisson,
    "signitrend": signitrend,
}


def _rule(
    kind: int,
    bias: float,
    *,
    decays: NDArray[np.float64] | None = None,
    least_count: float = 0.0,
) -> Rule:
    each = np.ones(WINDOWS) if decays is None else decays
    return Rule(kind, each, float(bias), float(least_count), 0.0, 0.0)


def _decays(half_life_s: float | None) -> NDArray[np.float64]:
    if half_life_s is None:
        return np.full(WINDOWS, 1.0 - PER_BIN)
    return np.array([0.5 ** (width / half_life_s) for width in WINDOW_S])


def _whole(fill: Callable[[Found], int]) -> Found:
    # once more with room enough, if there was too little
    found = room(ROOM)
    places = fill(found)
    if places > ROOM:
        found = room(places)
        fill(found)
    return Found(found.ticks[:places], found.keys[:places], found.levels[:places])


def _hashed(told: Sightings, rule: Rule, window: int) -> Found:
    return _whole(lambda found: find_hashed(told, rule, found, tables_of(told, window), window))


def _taken(parts: Sequence[Found]) -> Given:
    # by tick and key, of each the largest score, of equal ones that of the shortest window
    ticks, keys, levels = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((-levels[:, LEVEL], keys, ticks))
    ticks, keys, levels = ticks[order], keys[order], levels[order]
    is_first = np.ones(ticks.size, np.bool_)
    is_first[1:] = (np.diff(ticks) != 0) | (keys[1:] != keys[:-1])
    return Given(np.array([TAKE, 0]), ticks[is_first], keys[is_first], levels[is_first])
