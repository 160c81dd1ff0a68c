"""Our detector: how surprising a rise is, told so that one threshold fits every series.

Five parts, each measured by leaving it out. In brackets: points of NAB's standard score lost by
that, as a mean over 24 settings around these, since a single one moves by three either way.

* The *level*, a share of the whole, which an outlier teaches only a bounded step (9).
* The *spread*: counts vary by more than chance, by spread * level^2 (2).
* The *recent* quarter of an hour, smoothed, against what was expected of it (3).
* The *tail*: how far above the level this very series' highest bins reach (24).
* *Re-arming*: what was told is told again only when louder (9).

A daily pattern, learned as it goes, cost about 7 points and is left out. The settings stand on a
plateau: those around them score 76, three either way. But the series are few: settings and
threshold chosen on nine of them, and judged on the tenth, score 62.

References
----------
Coles (2001), An Introduction to Statistical Modeling of Extreme Values,
doi:10.1007/978-1-4471-3675-0: excesses over a high threshold. Deviation: exponential excesses, and
the threshold is a running quantile by Robbins and Monro (1951), doi:10.1214/aoms/1177729586.
"""

import math

import msgspec

from rtm.errors import StoreError

START = 12  # bins that find the level: nothing is clipped, and no spread or tail learned
WARM_UP = 288  # bins: a day of five minutes
MEMORY = 0.5 ** (1 / 2016)  # of level and spread, each bin: half is left after a week
CLIP = 3.0  # deviations from the level, and mean excesses, beyond which a bin teaches no more
RECENT = 1 / 3  # weight of the newest bin among the recent
LEAST = 0.5  # expected in a bin, at least: one post where none were is not news
SPREAD = 0.1  # over-dispersion before any was seen
LEAST_SPREAD = 0.005
RARE = 0.01  # share of bins above the high mark, whose excesses say how far the tail reaches
STEP = 0.01  # share of itself by which the high mark rises at an excess
HIGH = 3.0  # deviations: the high mark before anything was seen; careful, as it moves slowly
LEAST_HIGH = 0.5  # so that a series that hardly moves does not cry at a trifle
LEAST_EXCESS = 0.02
EXCESS_MEMORY = 0.5 ** (1 / 20)  # of the tail, each excess: half is left after twenty
LOUDER = 1.1  # times the loudest told, to be told again
QUIET = 0.5 ** (1 / 144)  # of the loudest told, each bin: half is left after twelve hours


class _State(msgspec.Struct):
    bins: int = 0
    amount: float = 0.0  # decayed, of the decayed whole: the level
    whole: float = 0.0
    extra: float = 0.0  # squares beyond chance, of squares of what was expected: the spread
    squares: float = 0.0
    recent: float = 0.0
    expected: float = 0.0  # of the recent bins
    high: float = HIGH
    excess: float = 1.0  # summed, over so many excesses; one of 1 before any was seen
    excesses: float = 1.0
    loudest: float = 0.0


class Rise:
    """Score rises in -log10 of their tail: 2 is one bin in a hundred, 4 one in ten thousand.

    Falls score 0, and so does what is not louder than what was told before it.

    >>> rise = Rise()
    >>> for count in [3, 5] * 200:
    ...     rise.learn_one(count)
    >>> rise.score_one(3), rise.score_one(60) > 4
    (0.0, True)
    """

    def __init__(self) -> None:
        self._state = _State()

    def score_one(self, x: float, of: float = 1.0) -> float:
        """Return the surprise of a bin; 0.0 during the first day."""
        surprise = self._surprise(x, of)
        return surprise if surprise >= LOUDER * self._state.loudest else 0.0

    def learn_one(self, x: float, of: float = 1.0) -> None:
        """Take a bin as part of the past."""
        if of <= 0:
            return
        state = self._state
        state.loudest = max(state.loudest * QUIET, self._surprise(x, of))
        mean, deviation = self._mean(of), self._deviation(x, of)
        state.recent += (x - state.recent) * RECENT
        state.expected += (mean - state.expected) * RECENT
        taught = x
        if state.bins >= START:
            self._learn_tail(deviation)
            reach = CLIP * math.sqrt(self._variance(mean))
            taught = min(max(x, mean - reach), mean + reach)
            state.extra = state.extra * MEMORY + (taught - mean) ** 2 - mean
            state.squares = state.squares * MEMORY + mean * mean
        state.amount = state.amount * MEMORY + taught
        state.whole = state.whole * MEMORY + of
        state.bins += 1

    def snapshot(self) -> bytes:
        """Return all that is remembered."""
        return msgspec.json.encode(self._state)

    def restore(self, content: bytes) -> None:
        """Take up where a snapshot was made."""
        try:
            self._state = msgspec.json.decode(content, type=_State)
        except msgspec.DecodeError as error:
            raise StoreError("snapshot: damaged; start without it") from error

    def _surprise(self, x: float, of: float) -> float:
        state = self._state
        if of <= 0 or state.bins < WARM_UP:
            return 0.0
        rare = -math.log10(RARE)
        deviation = self._deviation(x, of)
        if deviation <= state.high:
            return max(0.0, rare * deviation / state.high)
        return rare + (deviation - state.high) / (self._mean_excess() * math.log(10))

    def _learn_tail(self, deviation: float) -> None:
        state = self._state
        over = deviation - state.high
        if over <= 0:
            state.high = max(state.high * (1 - STEP * RARE), LEAST_HIGH)
            return
        bounded = min(over, CLIP * self._mean_excess())
        state.excess = state.excess * EXCESS_MEMORY + bounded
        state.excesses = state.excesses * EXCESS_MEMORY + 1
        state.high *= 1 + STEP * (1 - RARE)

    def _deviation(self, x: float, of: float) -> float:
        state = self._state
        recent = state.recent + (x - state.recent) * RECENT
        expected = state.expected + (self._mean(of) - state.expected) * RECENT
        return (recent - expected) / math.sqrt(self._variance(expected))

    def _mean(self, of: float) -> float:
        state = self._state
        return max(state.amount / state.whole * of if state.whole else 0.0, LEAST)

    def _variance(self, mean: float) -> float:
        state = self._state
        spread = max(state.extra / state.squares, LEAST_SPREAD) if state.squares else SPREAD
        return mean + spread * mean * mean

    def _mean_excess(self) -> float:
        state = self._state
        return max(state.excess / state.excesses, LEAST_EXCESS)
