"""What alerts are made of: what is told to the pipeline, and what leaves it."""

from datetime import datetime
from hashlib import blake2b
from typing import Annotated

import msgspec
from msgspec import Meta

from rtm.alerting import Kind

LONGEST_WHY = 500
ALARMS: frozenset[Kind] = frozenset(
    ("locked", "crisis", "moderator", "rota", "stopped", "unknown", "source")
)
"""Kinds whose end is told; what is to be done is over with being done."""


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Something that people must know; two with the same ``fingerprint`` are one.

    ``title`` may be strangers' words, ``text`` is ours; both are fit to be seen. ``card`` is the
    opportunity's id, ``asked`` who has to act where it is one person, ``since`` when it came to be
    so; what ``is_critical`` is told in quiet hours, too.
    """

    fingerprint: str
    kind: Kind
    title: str
    text: str
    since: datetime
    card: str | None = None
    asked: str | None = None
    is_critical: bool = False

    @property
    def id(self) -> str:
        """The fingerprint as it may stand in an address."""
        return short_of(self.fingerprint)


class Resolution(msgspec.Struct, frozen=True, kw_only=True):
    """It is over; ``note`` says how it ended, in a few words."""

    fingerprint: str
    note: str = ""


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """A person has it: by a step at the desk, or by a click."""

    fingerprint: str
    who: str


class Silence(msgspec.Struct, frozen=True, kw_only=True):
    """From ``at`` up to before ``until`` nothing is told of a kind, a card, or a kind on a card.

    Told again with the same ``id`` it replaces what was: with an earlier ``until``, it ends.
    """

    id: str
    at: datetime
    until: datetime
    who: str
    why: Annotated[str, Meta(max_length=LONGEST_WHY)]
    kind: Kind | None = None
    card: str | None = None

    def covers(self, alert: Alert) -> bool:
        """Tell whether an alert is of what it names; one that names nothing covers nothing."""
        return (
            (self.kind is not None or self.card is not None)
            and self.kind in (None, alert.kind)
            and self.card in (None, alert.card)
        )


Change = Alert | Resolution | Acknowledgement
"""What the record and the house tell the pipeline."""

Said = Change | Silence
"""All that it can be told."""


class Over(msgspec.Struct, frozen=True, kw_only=True):
    """An alert that was told and is over."""

    alert: Alert
    note: str


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one target about one kind: what is new, still unanswered, and over.

    ``id`` stays the same however often it is tried.
    """

    id: str
    at: datetime
    target: str
    kind: Kind
    news: tuple[Alert, ...] = ()
    unanswered: tuple[Alert, ...] = ()
    over: tuple[Over, ...] = ()

    @property
    def is_critical(self) -> bool:
        """Whether any of it is."""
        return any(alert.is_critical for alert in (*self.news, *self.unanswered))


def short_of(*words: str) -> str:
    """Return a short name made from words, always the same for the same.

    >>> short_of("crisis")
    '4ac8e9419e8c'
    """
    return blake2b("\0".join(words).encode(), digest_size=6).hexdigest()
