"""What became of a fired post on each of its channels, folded from what networks and people said.

::

    scheduled -> firing -> sent | refused | unknown -> sent | refused
        |          |         +-> withdrawn
        +----------+-> recalled

A channel that refused, or from which it was recalled, may be fired to again: under another key.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from rtm.decisions import (
    Fired,
    Heard,
    Outcome,
    Recalled,
    Refused,
    Sent,
    Unknown,
    Withdrawn,
)
from rtm.draft import Message

Fate = Literal["scheduled", "firing", "sent", "refused", "unknown", "recalled", "withdrawn"]

ON_THE_WAY: tuple[Fate, ...] = ("scheduled", "firing", "unknown")


@dataclass(frozen=True, slots=True)
class Sending:
    """A post on one channel, and what is known of it; ``reason`` is the latest word on it."""

    channel: str
    account: str
    key: str
    message: Message
    state: Fate
    at: datetime
    send_at: datetime | None = None
    zone: str | None = None
    uri: str | None = None
    url: str | None = None
    is_heard: bool = False
    reason: str | None = None


def put(
    sendings: tuple[Sending, ...], record: Fired | Recalled | Withdrawn | Outcome | Heard
) -> tuple[Sending, ...]:
    """Return the sendings after a record; the very same when it says nothing new of them."""
    if isinstance(record, Fired):
        fresh = Sending(
            channel=record.channel,
            account=record.account,
            key=record.key,
            message=record.message or Message(text=record.text),
            state="firing" if record.send_at is None else "scheduled",
            at=record.at,
            send_at=record.send_at,
            zone=record.zone,
        )
        others = (one for one in sendings if one.channel != record.channel)
        return (*others, fresh)
    changed = tuple(_after(one, record) for one in sendings)
    is_same = all(new is old for new, old in zip(changed, sendings, strict=True))
    return sendings if is_same else changed


def state_of(
    sendings: tuple[Sending, ...],
) -> Literal["unknown", "firing", "scheduled", "fired", "approved"]:
    """Return what the work as a whole is, from its sendings: the least settled of them rules."""
    states = {one.state for one in sendings}
    if "unknown" in states:
        return "unknown"
    if "firing" in states:
        return "firing"
    if "scheduled" in states:
        return "scheduled"
    return "fired" if states & {"sent", "withdrawn"} else "approved"


def outcome_of(
    sending: Sending, opportunity: str, who: str, at: datetime, *, is_out: bool, url: str | None
) -> Sent | Refused:
    """Return what a person says who looked for a post on the network."""
    if is_out:
        return Sent(
            at=at,
            opportunity=opportunity,
            channel=sending.channel,
            account=sending.account,
            key=sending.key,
            uri=url or f"{sending.channel}:{sending.key}",
            url=url,
            who=who,
        )
    return Refused(
        at=at,
        opportunity=opportunity,
        channel=sending.channel,
        account=sending.account,
        key=sending.key,
        reason=f"{who} looked: it is not on {sending.channel}; fire again if its moment is there",
        who=who,
    )


def _after(one: Sending, record: Recalled | Withdrawn | Outcome | Heard) -> Sending:
    if isinstance(record, Heard):
        if one.is_heard or one.uri not in (None, record.uri):
            return one
        if record.uri.rpartition("/")[2] != one.key:  # it may be heard before it is told
            return one
        return replace(one, is_heard=True)
    if (record.channel, record.key) != (one.channel, one.key):
        return one
    match record:
        case Withdrawn() if one.state == "sent":
            return replace(one, state="withdrawn", reason=record.reason)
        case Recalled() if one.state in ON_THE_WAY:
            return replace(one, state="recalled", reason=record.reason)
        case Sent() if one.state in ON_THE_WAY:
            return replace(one, state="sent", uri=record.uri, url=record.url, reason=None)
        case Refused() if one.state in ON_THE_WAY:
            return replace(one, state="refused", reason=record.reason)
        case Unknown() if one.state in ON_THE_WAY:
            return replace(one, state="unknown", reason=record.reason)
    return one
