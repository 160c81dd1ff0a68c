"""The shapes in which screens are sent results and cost; amounts are EUR, views are impressions."""

import msgspec

from rtm.desk.costs import Compared


class ResultView(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one post; null is what nobody told.

    ``after_s``: seconds after it was sent when its network was asked last; ``views_by`` is who
    entered the views, null where the network told them; ``amplification`` is views for each
    follower.
    """

    channel: str
    account: str
    sent_ms: int
    after_s: int | None
    replies: int | None
    reposts: int | None
    likes: int | None
    views: int | None
    views_by: str | None
    followers: int | None
    amplification: float | None
    is_withdrawn: bool


class RoomCost(msgspec.Struct, frozen=True, kw_only=True):
    """What the room cost in a stretch of time, and that for a thousand of a card's views."""

    eur: float
    eur_per_thousand: float | None


class CardResults(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a card's posts, all channels together, and what that cost.

    ``found_to_sent`` is the room from when the card was found until its first post was sent;
    ``whole_event`` is the room from the event's beginning until its end, or until now, and null
    where the post was sent outside any.
    """

    posts: tuple[ResultView, ...]
    views: int | None
    amplification: float | None
    found_to_sent: RoomCost | None
    whole_event: RoomCost | None
    event: str | None


class CostView(msgspec.Struct, frozen=True, kw_only=True):
    """The running meter.

    ``since_ms`` is from when ``eur`` counts: the watched event's beginning, or since somebody is
    on duty, a day at most; null while nobody is paid. ``views`` are those of posts sent since;
    ``eur_per_thousand`` is ``eur`` for a thousand of them, ``compared`` with ``paid``, the price of
    a thousand where they are bought; from ``break_even`` views on the room is no dearer.
    """

    at_ms: int
    eur_per_hour: float
    people: int
    since_ms: int | None
    eur: float
    views: int | None
    eur_per_thousand: float | None
    paid: float | None
    break_even: int | None
    compared: Compared | None
