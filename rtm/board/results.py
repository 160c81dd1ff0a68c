"""What screens are sent of results and of cost; amounts are EUR, views are impressions.

A room that works on several cards at once costs each of them in full: the figures of two cards do
not add up to what the room cost, and a card's price of a thousand is no lower than the truth.
"""

from collections.abc import Sequence
from datetime import datetime

from rtm.board.tallies import CardResults, CostView, ResultView, RoomCost
from rtm.board.view import ms
from rtm.desk.cost_clock import CostClock
from rtm.desk.costs import break_even, compared, per_thousand
from rtm.desk.results import Result, Results, amplified, views_of
from rtm.event import WatchedEvent


def card_results(
    results: Results,
    clock: CostClock,
    events: Sequence[WatchedEvent],
    card: str,
    now: datetime,
) -> CardResults | None:
    """Return what became of a card's posts as of now; None while nothing was sent."""
    posts = results.of(card)
    if not posts:
        return None
    views, first = views_of(posts), min(one.sent.at for one in posts)
    found_at = results.found_at(card)
    event = next((one for one in events if one.is_on(first)), None)
    whole = None if event is None else clock.eur(event.start, min(now, event.end))
    return CardResults(
        posts=tuple(_drawn(one) for one in posts),
        views=views,
        amplification=amplified(posts),
        found_to_sent=None if found_at is None else _room(clock.eur(found_at, first), views),
        whole_event=None if whole is None else _room(whole, views),
        event=None if event is None else event.title,
    )


def cost_view(clock: CostClock, results: Results, paid: float | None, now: datetime) -> CostView:
    """Return the running meter as of now; ``paid`` is EUR a thousand, None where it is not told."""
    since = clock.since(now)
    eur = 0.0 if since is None else clock.eur(since, now)
    views = None if since is None else views_of(results.sent_since(since))
    price = _room(eur, views).eur_per_thousand
    return CostView(
        at_ms=ms(now),
        eur_per_hour=clock.eur_per_hour(now),
        people=clock.people(now),
        since_ms=None if since is None else ms(since),
        eur=eur,
        views=views,
        eur_per_thousand=price,
        paid=paid,
        break_even=None if paid is None else break_even(eur, paid),
        compared=None if price is None or paid is None else compared(price, paid),
    )


def _room(eur: float, views: int | None) -> RoomCost:
    return RoomCost(eur=eur, eur_per_thousand=per_thousand(eur, views) if views else None)


def _drawn(result: Result) -> ResultView:
    return ResultView(
        channel=result.sent.channel,
        account=result.sent.account,
        sent_ms=ms(result.sent.at),
        after_s=result.after_s,
        replies=result.replies,
        reposts=result.reposts,
        likes=result.likes,
        views=result.views,
        views_by=result.views_by,
        followers=result.followers,
        amplification=result.amplification,
        is_withdrawn=result.is_withdrawn,
    )
