"""What became of posts, as a fold: the latest that is known of each, by network or by person.

Be a count: you come with a measurement and stand until a newer one has you, too; a network that
says nothing of views takes nothing away from what a person read off its statistics.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import get_args

from rtm.decisions import Measured, Record, Sent, Withdrawn
from rtm.desk.costs import amplification
from rtm.desk.deciding import NotAllowed
from rtm.desk.looks import Post, post_of
from rtm.desk.roles import Person, Role
from rtm.errors import IllegalMove
from rtm.event import MAX_LENGTH
from rtm.types import OpportunityFound, OpportunityLocked, OpportunityTried

KEPT = MAX_LENGTH + timedelta(days=1)  # a post is remembered through the longest event
ENTERING: frozenset[Role] = frozenset(("writer", "approver", "analyst"))
"""Who may enter what a network does not tell."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a post so far; None is what nobody told.

    ``after_s`` is how long after it was sent its network was asked last; ``views_by`` is who
    entered its views (impressions), None where the network told them.
    """

    sent: Sent
    after_s: int | None = None
    replies: int | None = None
    reposts: int | None = None
    likes: int | None = None
    views: int | None = None
    views_by: str | None = None
    followers: int | None = None
    is_withdrawn: bool = False

    @property
    def amplification(self) -> float | None:
        """How often it was seen for each follower of the account."""
        return amplified([self])


class Results:
    """Told the record in order, it knows what became of every post of the last two weeks."""

    def __init__(self) -> None:
        self._posts: dict[Post, Result] = {}
        self._found: dict[str, datetime] = {}

    def tell(self, record: Record) -> None:
        """Fold one record; those of no post change nothing."""
        match record:
            case OpportunityFound() | OpportunityTried() | OpportunityLocked():
                self._found.setdefault(record.opportunity.id, record.at)
            case Sent():
                self._posts.setdefault(post_of(record), Result(record))
                self._forget(record.at - KEPT)
            case Measured():
                result = self._posts.get(post_of(record))
                if result is not None:
                    self._posts[post_of(record)] = _measured(result, record)
            case Withdrawn():
                result = self._posts.get(post_of(record))
                if result is not None:
                    self._posts[post_of(record)] = replace(result, is_withdrawn=True)

    def of(self, opportunity: str) -> list[Result]:
        """Return what became of the posts of an opportunity, in order of sending."""
        return [one for one in self._posts.values() if one.sent.opportunity == opportunity]

    def found_at(self, opportunity: str) -> datetime | None:
        """Return when an opportunity was first shown to people."""
        return self._found.get(opportunity)

    def sent_since(self, since: datetime) -> list[Result]:
        """Return what became of the posts that were sent from a moment on."""
        return [one for one in self._posts.values() if one.sent.at >= since]

    def _forget(self, before: datetime) -> None:
        self._posts = {post: one for post, one in self._posts.items() if one.sent.at >= before}
        self._found = {id: at for id, at in self._found.items() if at >= before}


def views_of(results: Iterable[Result]) -> int | None:
    """Return how often posts were seen together, or None where nobody told of any."""
    known = [one.views for one in results if one.views is not None]
    return sum(known) if known else None


def amplified(results: Iterable[Result]) -> float | None:
    """Return how often posts were seen for each follower, of those where both are known."""
    known = [(one.views, one.followers) for one in results if one.views is not None]
    views = sum(views for views, followers in known if followers)
    followers = sum(followers for _, followers in known if followers)
    return amplification(views, followers) if followers else None


def entered(
    results: Results,
    person: Person,
    opportunity: str,
    at: datetime,
    *,
    channel: str,
    views: int,
    followers: int | None = None,
) -> Measured:
    """Return the record of what a person read off a network's own statistics.

    Raises
    ------
    NotAllowed
        When the person has none of the roles in ``ENTERING``.
    IllegalMove
        When nothing of the opportunity was sent on that channel.
    """
    if not ENTERING & person.roles:
        roles = ", ".join(role for role in get_args(Role) if role in ENTERING)
        raise NotAllowed(f"impressions: {person.name} has not the role for it; one of {roles} may")
    posts = results.of(opportunity)
    sent = next((one.sent for one in reversed(posts) if one.sent.channel == channel), None)
    if sent is None:
        where = ", ".join(dict.fromkeys(one.sent.channel for one in posts)) or "nowhere"
        raise IllegalMove(f"impressions: nothing was sent on {channel}; it was sent on: {where}")
    return Measured(
        at=at,
        opportunity=opportunity,
        channel=sent.channel,
        account=sent.account,
        key=sent.key,
        after_s=max(0, (at - sent.at) // timedelta(seconds=1)),
        views=views,
        followers=followers,
        who=person.name,
    )


def _measured(result: Result, record: Measured) -> Result:
    told = {
        name: count
        for name in ("replies", "reposts", "likes", "views", "followers")
        if (count := getattr(record, name)) is not None
    }
    views_by = record.who if record.views is not None else result.views_by
    # what a person entered makes the network's counts no newer
    after_s = record.after_s if record.who is None else result.after_s
    return replace(result, after_s=after_s, views_by=views_by, **told)
