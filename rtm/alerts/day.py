"""What a digest tells of a day: plain types, without a word of how it is written down."""

from dataclasses import dataclass
from datetime import datetime

from rtm.alerts.house import Hole
from rtm.desk.newsroom import Shift


@dataclass(frozen=True, slots=True)
class Moment:
    """An opportunity of the day, and what became of it, in words."""

    id: str
    title: str
    score: float
    found_at: datetime
    became: str = "nobody took it on"


@dataclass(frozen=True, slots=True)
class Post:
    """A post that was fired that day; counts are None where the network does not tell."""

    title: str
    channel: str
    account: str
    who: str
    at: datetime
    became: str = "under way"
    url: str | None = None
    replies: int | None = None
    reposts: int | None = None
    likes: int | None = None
    views: int | None = None


@dataclass(frozen=True, slots=True)
class Took:
    """How long a step took that day, in the middle: seconds, and of how many."""

    step: str
    median_s: float
    count: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that called people; ``over_at`` is None while it lasts."""

    at: datetime
    what: str
    over_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """A day from ``start`` up to before ``end``, and what lies ahead of its end.

    ``holes`` and ``cost_eur`` are None where nobody looked.
    """

    start: datetime
    end: datetime
    found: int
    claimed: int
    let_go: int
    expired: int
    moments: tuple[Moment, ...]
    posts: tuple[Post, ...]
    took: tuple[Took, ...]
    breaches: tuple[tuple[str, int], ...]
    alarms: tuple[Alarm, ...]
    shifts: tuple[Shift, ...]
    holes: tuple[Hole, ...] | None
    cost_eur: float | None
