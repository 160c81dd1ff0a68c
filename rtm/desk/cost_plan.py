"""Before an event is staffed: what the room will cost, and what it must reach to be worth it."""

from datetime import timedelta

import msgspec

from rtm.brand import Seats, euros
from rtm.desk.costs import (
    HOUR,
    Compared,
    amplification,
    break_even,
    compared,
    cost,
    hours_at,
    per_thousand,
)
from rtm.event import span

# a rare success, to measure a hope by: as was told of Oreo's post of 3 February 2013
OREO_IMPRESSIONS, OREO_FOLLOWERS = 3_000_000, 69_000


class CostPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked and all that follows from it; null is what was not asked, or cannot be known.

    ``break_even`` and ``impressions`` are impressions, ``paid`` is EUR a thousand where they are
    bought; ``amplification`` is impressions for each follower, ``amplification_needed`` the same at
    break-even; ``affordable_hours``: so long may the room work for ``impressions`` at ``paid``.
    """

    seats: int
    rate: float
    eur_per_hour: float
    hours: float | None = None
    eur: float | None = None
    paid: float | None = None
    impressions: int | None = None
    followers: int | None = None
    break_even: int | None = None
    amplification_needed: float | None = None
    eur_per_thousand: float | None = None
    compared: Compared | None = None
    amplification: float | None = None
    affordable_hours: float | None = None


def cost_plan(
    seats: Seats,
    time: timedelta | None = None,
    *,
    paid: float | None = None,
    impressions: int | None = None,
    followers: int | None = None,
) -> CostPlan:
    """Return all that follows from what is known; ValueError says what makes no sense.

    >>> cost_plan(Seats(count=15), timedelta(hours=17), impressions=3_002_355).eur
    38250.0
    """
    people, rate = seats.count, seats.rate_eur_per_hour
    eur = None if time is None else cost(people, rate, time)
    even = None if eur is None or paid is None else break_even(eur, paid)
    price = None if eur is None or impressions is None else per_thousand(eur, impressions)
    affordable = None
    if paid is not None and impressions is not None and rate > 0:
        affordable = hours_at(paid, impressions, people, rate)
    return CostPlan(
        seats=people,
        rate=rate,
        eur_per_hour=seats.eur_per_hour,
        hours=None if time is None else time / HOUR,
        eur=eur,
        paid=paid,
        impressions=impressions,
        followers=followers,
        break_even=even,
        amplification_needed=_each(even, followers),
        eur_per_thousand=price,
        compared=None if price is None or paid is None else compared(price, paid),
        amplification=_each(impressions, followers),
        affordable_hours=affordable,
    )


def in_words(plan: CostPlan, what: str = "") -> list[str]:
    """Say a plan to whoever has to decide; ``what`` names what the time is for.

    >>> print(*in_words(cost_plan(Seats(count=15), timedelta(minutes=34)))[:2], sep=chr(10))
    15 seats at EUR 150 an hour: EUR 2,250 an hour.
    34 min: EUR 1,275.
    """
    lines = [
        f"{plan.seats:,} seat{'' if plan.seats == 1 else 's'} at {euros(plan.rate)} an hour: "
        f"{euros(plan.eur_per_hour)} an hour."
    ]
    if plan.hours is not None and plan.eur is not None:
        length = span(plan.hours * HOUR)
        lines.append(f"{f'{what}, ' if what else ''}{length}: {euros(plan.eur)}.")
    if plan.break_even is not None and plan.paid is not None and plan.eur is not None:
        lines.append(
            f"Bought at {euros(plan.paid)} a thousand, {euros(plan.eur)} is "
            f"{plan.break_even:,} impressions: with fewer the room is dearer than bought media, "
            "with more it is cheaper."
        )
    if plan.amplification_needed is not None:
        lines.append(
            f"At {plan.followers:,} followers that is {plan.amplification_needed:,.1f} impressions "
            f"for each of them. {_oreo()}"
        )
    lines += _reached(plan)
    return lines + _missing(plan)


def _reached(plan: CostPlan) -> list[str]:
    # what follows from a number of impressions that is hoped for or was had
    lines = []
    if plan.impressions is None:
        return []
    if plan.eur_per_thousand is not None:
        against = {
            "dearer": ", dearer than bought media",
            "cheaper": ", cheaper than bought media",
            "the same": ", the same as bought media",
            None: "",
        }[plan.compared]
        lines.append(
            f"{plan.impressions:,} impressions would cost {euros(plan.eur_per_thousand)} a "
            f"thousand{against}."
        )
    if plan.amplification is not None:
        lines.append(
            f"{plan.impressions:,} impressions at {plan.followers:,} followers: "
            f"{plan.amplification:,.1f} for each of them."
        )
    if plan.affordable_hours is not None and plan.paid is not None:
        lines.append(
            f"For {plan.impressions:,} impressions at {euros(plan.paid)} a thousand the room may "
            f"work {span(plan.affordable_hours * HOUR)} in all."
        )
    return lines


def _missing(plan: CostPlan) -> list[str]:
    # what is needed to say whether it is worth it
    if plan.hours is None and plan.affordable_hours is None:
        return ["Add --event, --hours or --minutes for what it will cost."]
    if plan.paid is None:
        return [
            "Whether that is dear is not known: say with --paid what a thousand impressions cost "
            "you elsewhere, or in the profile: [desk] paid_eur_per_thousand."
        ]
    if plan.followers is None and plan.break_even is not None:
        return ["Add --followers for how far a post must go beyond those who follow you."]
    return []


def _each(impressions: int | None, followers: int | None) -> float | None:
    if impressions is None or followers is None:
        return None
    return amplification(impressions, followers)


def _oreo() -> str:
    each = amplification(OREO_IMPRESSIONS, OREO_FOLLOWERS)
    return (
        f"(Oreo's post of 3 February 2013, a rare success, had {each:.1f}: over "
        f"{OREO_IMPRESSIONS:,} at {OREO_FOLLOWERS:,}.)"
    )
