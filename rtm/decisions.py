"""What people decide at the desk, and what became of it: the second half of the record.

Every decision and every outcome is one JSON object, as the engine's events are: ``event`` (its
kind), ``at`` (the board's time, RFC 3339 UTC), ``opportunity`` (its id), and ``who`` decided. The
record is the engine's events and these, in the order in which they were kept.
"""

from datetime import datetime
from typing import Literal

import msgspec

from rtm.draft import Draft, Message
from rtm.orders import House
from rtm.types import Event, Example

What = Literal["negative", "complaint"]
Learned = Literal["relevance", "mood"]
Kind = Literal["moment", "complaint"]


class Noted(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="noted"):
    """Something that the team should know of what was learned from it; ``note`` is a sentence."""

    at: datetime
    note: str


class Labelled(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="labelled"):
    """A person said of a post that it is negative, or a complaint, or that it is not."""

    at: datetime
    who: str
    post: str
    what: What
    is_so: bool
    text: str
    lang: str | None


class Forgotten(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="forgotten"):
    """A person had all forgotten that the team taught of something."""

    at: datetime
    who: str
    what: Learned


class Claimed(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="claimed"):
    """A person took an opportunity on."""

    at: datetime
    opportunity: str
    who: str


class Released(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="released"):
    """Its owner gave it back."""

    at: datetime
    opportunity: str
    who: str


class Drafted(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="drafted"):
    """A draft was kept; it replaces what stood there. Older records have its ``text`` alone."""

    at: datetime
    opportunity: str
    who: str
    draft: Draft | None = None
    text: str = ""


class Submitted(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="submitted"):
    """The draft was handed to an approver."""

    at: datetime
    opportunity: str
    who: str


class Asked(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="asked"):
    """An approver was asked for an answer; ``passed_over`` was asked before and stayed silent."""

    at: datetime
    opportunity: str
    approver: str
    passed_over: str | None = None


class Returned(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="returned"):
    """An approver handed the draft back; ``note`` says what to change."""

    at: datetime
    opportunity: str
    who: str
    note: str


class Approved(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="approved"):
    """An approver agreed to the draft as it stands; ``is_last``: nobody else has to.

    ``digest`` is that of exactly this draft, empty in older records.
    """

    at: datetime
    opportunity: str
    who: str
    digest: str = ""
    is_last: bool = True


class Fired(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="fired"):
    """A person let what was approved go out on one channel; ``text`` leaves letter by letter.

    ``key`` names the post on its network, chosen before the first call. ``message`` is all that
    leaves, where that is more than a text. ``send_at`` is when it shall leave, null for at once,
    and ``zone`` the IANA name of the time zone in which that was said.
    """

    at: datetime
    opportunity: str
    who: str
    channel: str
    account: str
    key: str
    text: str
    message: Message | None = None
    send_at: datetime | None = None
    zone: str | None = None


class Recalled(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="recalled"):
    """A post that had not left was taken back, by a person or because all was stopped."""

    at: datetime
    opportunity: str
    who: str
    channel: str
    account: str
    key: str
    reason: str


class Withdrawn(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="withdrawn"):
    """A post that was out was deleted on its network, at a person's wish."""

    at: datetime
    opportunity: str
    who: str
    channel: str
    account: str
    key: str
    reason: str


class Breached(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="breached"):
    """A step was refused because it would have broken a rule; ``rule`` is the rule's id."""

    at: datetime
    opportunity: str
    who: str
    step: str
    rule: str
    reason: str


class Unlocked(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="unlocked"):
    """A moderator released the lock of a grave story, and answers for it with the reason."""

    at: datetime
    opportunity: str
    who: str
    reason: str


class Dismissed(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="dismissed"):
    """A person decided against it, and said why."""

    at: datetime
    opportunity: str
    who: str
    reason: str


class Expired(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="expired"):
    """Its time was over before anybody took it on."""

    at: datetime
    opportunity: str


class Sent(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="sent"):
    """The network has the post: the receipt. ``url`` is null where nobody can look at it.

    ``who`` said so, where only a person could look.
    """

    at: datetime
    opportunity: str
    channel: str
    account: str
    key: str
    uri: str
    url: str | None
    who: str | None = None


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="refused"):
    """The network does not have the post and will not: ``reason`` in words, with what to do.

    ``who`` said so, where only a person could look.
    """

    at: datetime
    opportunity: str
    channel: str
    account: str
    key: str
    reason: str
    who: str | None = None


class Unknown(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="unknown"):
    """Nobody knows yet whether the network has the post; it is being read back."""

    at: datetime
    opportunity: str
    channel: str
    account: str
    key: str
    reason: str


class Heard(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="heard"):
    """The post came back through our own stream."""

    at: datetime
    opportunity: str
    uri: str


class Measured(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="measured"):
    """What became of a post ``after_s`` seconds after it was sent; null is what is not told.

    ``who`` entered it, where the network does not tell.
    """

    at: datetime
    opportunity: str
    channel: str
    account: str
    key: str
    after_s: int
    replies: int | None = None
    reposts: int | None = None
    likes: int | None = None
    views: int | None = None
    followers: int | None = None
    who: str | None = None


class Opened(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="opened"):
    """A person opened a moment by hand: ``terms`` are what posts about it say.

    One of kind ``complaint`` answers somebody who complains: ``reply_to`` is the id or address of
    the post that is answered, ``answers`` that post, where rtm has read it.
    """

    at: datetime
    opportunity: str
    who: str
    title: str
    terms: tuple[str, ...]
    kind: Kind = "moment"
    reply_to: str | None = None
    answers: Example | None = None


class Closed(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="closed"):
    """A person had a moment that was opened by hand followed no longer."""

    at: datetime
    opportunity: str
    who: str


class Leaked(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="leaked"):
    """A stranger's post that names the brand gives away the secret with this label."""

    at: datetime
    post: str
    label: str
    text: str


Decision = (
    Claimed
    | Released
    | Drafted
    | Submitted
    | Returned
    | Approved
    | Fired
    | Recalled
    | Withdrawn
    | Dismissed
    | Unlocked
)
Outcome = Sent | Refused | Unknown
ByTime = Asked | Expired
Watching = Heard | Measured | Breached
Teaching = Labelled | Forgotten
ByHand = Opened | Closed
Said = Decision | Outcome | Measured | Teaching | ByHand | House
"""Whatever a person may say at the desk."""

Record = Event | Decision | Outcome | ByTime | Watching | Teaching | Noted | ByHand | Leaked | House


def record_of(line: str | bytes) -> Record:
    """Read a record back from its line."""
    record: Record = msgspec.json.decode(line, type=Record)
    return record
