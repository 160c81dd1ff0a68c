"""What a room of people costs, and whether what it reaches is cheaper than impressions bought.

Two equations hold between all of it, and whatever is not known is solved from the rest::

    cost = people x rate x time
    cost = price x impressions / 1,000     price: EUR a thousand impressions

Money is EUR, a rate is EUR per person and hour. The price of a thousand impressions is what media
planners call CPM.
"""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol

from rtm.remedies import wrong

HOUR = timedelta(hours=1)
THOUSAND = 1_000

Compared = Literal["dearer", "cheaper", "the same"]


class Spell(Protocol):
    """Something with a beginning and an end, such as a watched event."""

    @property
    def start(self) -> datetime:
        """When it begins."""
        ...

    @property
    def end(self) -> datetime:
        """When it is over."""
        ...


def cost(people: float, rate: float, time: timedelta) -> float:
    """Return what people cost for a time.

    Raises ValueError, in words, for no people, a rate below nothing, or no time.

    >>> cost(15, 150, HOUR), cost(15, 150, timedelta(minutes=34))
    (2250.0, 1275.0)
    """
    _positive("people", people)
    _not_negative("rate", rate)
    _positive("time", time / HOUR)
    return people * rate * time.total_seconds() / HOUR.total_seconds()


def per_thousand(eur: float, impressions: float) -> float:
    """Return the price of a thousand impressions (CPM) when so many cost so much.

    >>> round(per_thousand(38_250, 3_002_355), 2)
    12.74
    """
    _not_negative("cost", eur)
    _positive("impressions", impressions)
    return eur / impressions * THOUSAND


def cost_at(price: float, impressions: float) -> float:
    """Return what so many impressions cost at a price a thousand.

    >>> cost_at(8.0, 1_000_000)
    8000.0
    """
    _not_negative("price", price)
    _not_negative("impressions", impressions)
    return price * impressions / THOUSAND


def break_even(eur: float, paid: float) -> int:
    """Return from how many impressions on a cost is no dearer than what they cost bought.

    ``paid`` is the price of a thousand where they are bought.

    >>> break_even(15_750, paid=8.0)
    1968750
    """
    _not_negative("cost", eur)
    _positive("paid", paid)
    return math.ceil(round(eur / paid * THOUSAND, 6))  # 6: what binary fractions leave over


def hours_at(price: float, impressions: float, people: float, rate: float) -> float:
    """Return the hours that people may work for so many impressions at a price a thousand.

    >>> round(hours_at(12.74, 3_002_355, people=15, rate=150), 1)
    17.0
    """
    _positive("people", people)
    _positive("rate", rate)
    return cost_at(price, impressions) / (people * rate)


def people_at(price: float, impressions: float, rate: float, time: timedelta) -> float:
    """Return how many people may work for a time for so many impressions at a price a thousand.

    >>> people_at(9.0, 1_000_000, rate=150, time=timedelta(hours=6))
    10.0
    """
    return cost_at(price, impressions) / cost(1, _positive("rate", rate), time)


def rate_at(price: float, impressions: float, people: float, time: timedelta) -> float:
    """Return what an hour of one may cost for so many impressions at a price a thousand.

    >>> rate_at(9.0, 1_000_000, people=10, time=timedelta(hours=6))
    150.0
    """
    return cost_at(price, impressions) / cost(people, 1.0, time)


def compared(price: float, paid: float) -> Compared:
    """Tell whether a thousand impressions were dearer or cheaper than bought, to the cent.

    >>> compared(12.74, paid=8.0), compared(5.25, paid=8.0)
    ('dearer', 'cheaper')
    """
    _not_negative("price", price)
    difference = round(price, 2) - round(_positive("paid", paid), 2)
    return "dearer" if difference > 0 else "cheaper" if difference < 0 else "the same"


def amplification(impressions: float, followers: float) -> float:
    """Return how many times as often as followers could explain a post was seen.

    >>> round(amplification(3_000_000, 69_000), 1)
    43.5
    """
    _not_negative("impressions", impressions)
    return impressions / _positive("followers", followers)


def merged(spells: Sequence[Spell]) -> list[tuple[datetime, datetime]]:
    """Return the stretches that spells cover together, in order, none of them touching another."""
    found: list[tuple[datetime, datetime]] = []
    for start, end in sorted((one.start, one.end) for one in spells):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def staffed(spells: Sequence[Spell]) -> timedelta:
    """Return for how long a room is staffed that is there for each of them; overlaps count once."""
    return sum((end - start for start, end in merged(spells)), timedelta())


def _positive(name: str, value: float) -> float:
    if not (math.isfinite(value) and value > 0):
        raise wrong(name, value, "write a number above 0")
    return value


def _not_negative(name: str, value: float) -> float:
    if not (math.isfinite(value) and value >= 0):
        raise wrong(name, value, "write 0 or more")
    return value
