"""A story with what lies ahead of it: how fast it goes, and until when."""

from datetime import timedelta
from typing import Any, Protocol

import msgspec

from rtm.crowd import Crowd
from rtm.score.closes import Closes, Forecast, forecast
from rtm.types import Interval, Pace, Story, Tally, is_by_hand, moment

# a person saw it, so that few posts do not mean that it is over; as long as a draft takes at most
BY_HAND = timedelta(minutes=15)
ENOUGH = 4.0  # weight of posts from which a stretch of time has a pace


class Teller(Protocol):
    """Whoever can tell of stories."""

    def tally(self, story: Any, tick: int) -> Tally:
        """Return what has been counted of a story, as of a tick."""
        ...

    def paces(self, story: Any, tick: int) -> tuple[Pace, ...]:
        """Return how many posts the last minutes had and those before, shortest stretch first."""
        ...

    def told(self, story: Any, tick: int) -> Story:
        """Return it as people are shown it, without what lies ahead."""
        ...

    def crowd(self, story: Any, tick: int) -> Crowd:
        """Return its latest posts and what is known of their authors."""
        ...


class Prospect:
    """Tell of stories as ``Teller`` does, with their pace and the interval in which they close."""

    def __init__(self, teller: Teller, closes: Closes) -> None:
        self._teller = teller
        self._closes = closes

    def tally(self, story: Any, tick: int) -> Tally:
        """Return what has been counted of a story, as of a tick."""
        return self._teller.tally(story, tick)

    def crowd(self, story: Any, tick: int) -> Crowd:
        """Return its latest posts and what is known of their authors."""
        return self._teller.crowd(story, tick)

    def forecast(self, story: Any, tick: int) -> Forecast:
        """Return how long it may go on, by its own past."""
        tally = self._teller.tally(story, tick)
        return forecast(tally.age_s, tally.posts, self._teller.paces(story, tick))

    def told(self, story: Any, tick: int) -> Story:
        """Return it as people are shown it."""
        age_s = self._teller.tally(story, tick).age_s
        per_min, acceleration = speed(age_s, self._teller.paces(story, tick))
        low_s, high_s = self._closes.interval(self.forecast(story, tick))
        told, high = self._teller.told(story, tick), moment(tick + 1 + high_s)
        if is_by_hand(told.id):
            high = max(high, told.opened_at + BY_HAND)
        return msgspec.structs.replace(
            told,
            per_min=per_min,
            acceleration=acceleration,
            closes_at=Interval(low=moment(tick + 1 + low_s), high=high),
        )


def speed(age_s: int, paces: tuple[Pace, ...]) -> tuple[float, float]:
    """Return posts a minute, and by how many that grows a minute, ``age_s`` after the first post.

    >>> speed(600, (Pace(latest=30.0, latest_s=60, before=40.0, before_s=120),))
    (30.0, 6.67)
    """
    pace = next((one for one in paces if one.latest >= ENOUGH), paces[-1])
    latest_s = min(pace.latest_s, age_s)
    before_s = min(pace.before_s, max(age_s - latest_s, 1))
    latest, before = 60 * pace.latest / latest_s, 60 * pace.before / before_s
    growth = (latest - before) / ((latest_s + before_s) / 120)
    return round(latest, 2), round(growth, 2) + 0.0  # never minus nothing
