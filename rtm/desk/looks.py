"""When to look what became of a post: 1, 5, 15 and 60 minutes and a day after it was sent.

Be a post: a minute after you were sent somebody looks at you for the first time. If nobody could,
it is tried until the next look is due, which then takes its place; after two days nobody looks any
more, nor once you were taken back.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rtm.decisions import Measured, Record, Sent, Withdrawn

AFTER_S = (60, 5 * 60, 15 * 60, 60 * 60, 24 * 60 * 60)  # seconds since a post was sent
LAST = timedelta(days=2)  # since it was sent; a look that failed until then is given up

Post = tuple[str, str, str]  # channel, account, key


@dataclass(frozen=True, slots=True)
class Look:
    """A look that is due at a post; ``after_s`` is for when it was due.

    ``asks_followers``: it is not known yet how many followed the account.
    """

    sent: Sent
    after_s: int
    asks_followers: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    sent: Sent
    after_s: int = 0  # of the latest look by the network's own counts
    knows_followers: bool = False


class Looks:
    """Told of what was sent, measured and taken back, in order, it knows what is due."""

    def __init__(self) -> None:
        self._seen: dict[Post, _Seen] = {}

    def tell(self, record: Record) -> None:
        """Fold one record; those of no post change nothing."""
        match record:
            case Sent():
                self._seen.setdefault(post_of(record), _Seen(record))
            case Measured(who=None):
                seen = self._seen.get(post_of(record))
                if seen is not None:
                    self._seen[post_of(record)] = replace(
                        seen,
                        after_s=max(seen.after_s, record.after_s),
                        knows_followers=seen.knows_followers or record.followers is not None,
                    )
            case Withdrawn():
                self._seen.pop(post_of(record), None)

    def due(self, now: datetime) -> list[Look]:
        """Return the looks that are due, one a post at most, oldest post first.

        Of several that were missed, it is the latest: what was to be seen earlier is gone.
        """
        for post, seen in list(self._seen.items()):
            if seen.after_s >= AFTER_S[-1] or now - seen.sent.at > LAST:
                del self._seen[post]
        return [look for seen in self._seen.values() if (look := _due(seen, now)) is not None]

    def follows(self, post: Post) -> bool:
        """Tell whether a post is looked at: it was sent lately and not taken back."""
        return post in self._seen


def post_of(record: Sent | Measured | Withdrawn) -> Post:
    """Return what names a post, whichever record speaks of it."""
    return record.channel, record.account, record.key


def _due(seen: _Seen, now: datetime) -> Look | None:
    age_s = (now - seen.sent.at) // timedelta(seconds=1)
    after_s = max((one for one in AFTER_S if one <= age_s), default=0)
    if after_s <= seen.after_s:
        return None
    return Look(seen.sent, after_s, asks_followers=not seen.knows_followers)
