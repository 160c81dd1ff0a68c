"""Work on one opportunity, as a state machine: which decision may follow which.

::

    found -> claimed -> drafted -> submitted -> approved -> firing -> fired
      ^         |          ^           |                       |-> unknown -> fired
      +---------+          +-- return -+                       |      |
      released             (an edit after approval, too)       +------+-> approved (refused)

    dismissed and expired end it. Locked, nothing goes on until a moderator unlocks it and says why;
    what was approved is then submitted again: it was approved before the story was grave.

``decided`` turns a wish into a decision or raises; ``after`` folds a decision or outcome. Both are
pure: the same record gives the same work.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from rtm.decisions import (
    Approved,
    Claimed,
    Decision,
    Dismissed,
    Drafted,
    Expired,
    Fired,
    Heard,
    Outcome,
    Refused,
    Released,
    Returned,
    Sent,
    Submitted,
    Unknown,
    Unlocked,
)
from rtm.desk.roles import Person, Step
from rtm.errors import IllegalMove

State = Literal[
    "found",
    "claimed",
    "drafted",
    "submitted",
    "approved",
    "firing",
    "fired",
    "unknown",
    "dismissed",
    "expired",
]

LONGEST_DRAFT = 10_000  # characters; a network's own limit is checked by its own counting
LONGEST_NOTE = 500

FROM: dict[Step, tuple[State, ...]] = {
    "claim": ("found", "expired"),  # late is better than never, if a person thinks so
    "release": ("claimed", "drafted"),
    "draft": ("claimed", "drafted", "submitted", "approved"),
    "submit": ("drafted",),
    "return": ("submitted", "approved"),
    "approve": ("submitted",),
    "fire": ("approved",),
    "dismiss": ("found", "claimed", "drafted", "submitted", "approved"),
    "unlock": ("found", "claimed", "drafted", "submitted", "approved", "expired"),
}
WHILE_LOCKED: frozenset[Step] = frozenset({"release", "dismiss", "unlock"})
LEFT = "It left before the lock could hold it; look whether it should stay."
OWNERS: frozenset[Step] = frozenset({"release", "draft", "submit"})


class NotAllowed(IllegalMove):
    """Say whose step it is: the person has not the role, or somebody else owns the work."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken: to which state, when, and by whom (None: by time or a network)."""

    state: State
    at: datetime
    who: str | None


@dataclass(frozen=True, slots=True)
class Sending:
    """The post that was fired, and what is known of it."""

    channel: str
    account: str
    key: str
    text: str
    uri: str | None = None
    url: str | None = None
    is_heard: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """Work on one opportunity; ``rev`` counts its changes, ``steps`` begin with its finding.

    ``note`` is the latest word to whoever has to act: why it came back, was refused, is unknown.
    ``lock`` says why nothing may go on; ``unlocked`` is its latest release.
    """

    opportunity: str
    steps: tuple[Taken, ...]
    rev: int = 1
    owner: str | None = None
    text: str = ""
    written_by: str | None = None
    approved_by: str | None = None
    note: str | None = None
    lock: str | None = None
    unlocked: Unlocked | None = None
    sending: Sending | None = None
    refused: tuple[str, ...] = field(default=())  # keys of sendings that the network refused

    @property
    def state(self) -> State:
        """What it is now."""
        return self.steps[-1].state

    @property
    def since(self) -> datetime:
        """When it came to be so."""
        return self.steps[-1].at


@dataclass(frozen=True, slots=True)
class Channel:
    """Where a post would go: the channel's name, its account, and the key made for this firing."""

    name: str
    account: str
    key: str


def found(opportunity: str, at: datetime) -> Work:
    """Return the work that a newly found opportunity asks for."""
    return Work(opportunity, (Taken("found", at, None),))


def decided(
    work: Work,
    step: Step,
    person: Person,
    at: datetime,
    *,
    text: str = "",
    channel: Channel | None = None,
) -> Decision:
    """Turn a person's wish into a decision; ``text`` is the draft, the note or the reason.

    Raises
    ------
    NotAllowed
        When the person has not the role for the step, or the work is somebody else's.
    IllegalMove
        When the step cannot follow on the present state, or lacks what it needs.
    """
    if not person.may(step):
        raise NotAllowed(f"{step}: {person.name} has not the role for it")
    if work.state not in FROM[step]:
        raise IllegalMove(f"{step}: not possible while it is {work.state}")
    if (reason := held(work)) is not None and step not in WHILE_LOCKED:
        raise IllegalMove(f"{step}: locked, {reason}")
    if step in OWNERS and work.owner != person.name:
        raise NotAllowed(f"{step}: {work.owner or 'nobody'} has it; claim it first")
    who, about = person.name, work.opportunity
    match step:
        case "claim":
            return Claimed(at=at, opportunity=about, who=who)
        case "release":
            return Released(at=at, opportunity=about, who=who)
        case "draft":
            return Drafted(at=at, opportunity=about, who=who, text=_kept(text, LONGEST_DRAFT, step))
        case "submit":
            if not work.text.strip():
                raise IllegalMove("submit: the draft is empty; write it first")
            return Submitted(at=at, opportunity=about, who=who)
        case "return":
            return Returned(at=at, opportunity=about, who=who, note=_said(text, step))
        case "approve":
            return Approved(at=at, opportunity=about, who=who)
        case "fire":
            if channel is None:
                raise IllegalMove("fire: no channel is connected; start rtm with one")
            return Fired(
                at=at,
                opportunity=about,
                who=who,
                channel=channel.name,
                account=channel.account,
                key=channel.key,
                text=work.text,
            )
        case "dismiss":
            return Dismissed(at=at, opportunity=about, who=who, reason=_said(text, step))
        case "unlock":
            if work.lock is None:
                raise IllegalMove("unlock: it is not locked")
            return Unlocked(at=at, opportunity=about, who=who, reason=_said(text, step))


def after(work: Work, record: Decision | Outcome | Expired | Heard) -> Work:
    """Return the work as it stands after a decision, an outcome, or time."""
    match record:
        case Claimed():
            return _on(work, "claimed" if not work.text else "drafted", record, owner=record.who)
        case Released():
            return _on(work, "found", record, owner=None)
        case Drafted():
            return _on(
                work,
                "drafted",
                record,
                text=record.text,
                written_by=record.who,
                approved_by=None,
                note=work.note if work.state == "drafted" else None,
            )
        case Submitted():
            return _on(work, "submitted", record, note=None)
        case Returned():
            return _on(work, "drafted", record, approved_by=None, note=record.note)
        case Approved():
            return _on(work, "approved", record, approved_by=record.who, note=None)
        case Fired():
            sending = Sending(record.channel, record.account, record.key, record.text)
            return _on(work, "firing", record, note=None, sending=sending)
        case Dismissed():
            return _on(work, "dismissed", record, note=record.reason)
        case Unlocked():
            state: State = "submitted" if work.state == "approved" else work.state
            return _on(work, state, record, lock=None, unlocked=record, approved_by=None)
        case Expired():
            return _on(work, "expired", record) if work.state == "found" else work
        case Sent() | Refused() | Unknown() | Heard():
            return _told_by_network(work, record)


def locked(work: Work, reason: str) -> Work:
    """Return the work after its story became grave, or graver: nothing goes on until unlocked."""
    note = LEFT if work.state == "fired" else work.note
    return replace(work, lock=reason, note=note, rev=work.rev + 1)


def held(work: Work) -> str | None:
    """Say why nothing of this work may leave, or None: the one rule, for desk and outbox."""
    return work.lock


def _told_by_network(work: Work, record: Outcome | Heard) -> Work:
    sending = work.sending
    if sending is None:
        return work
    if isinstance(record, Heard):
        if sending.is_heard or sending.uri not in (None, record.uri):
            return work
        if record.uri.rpartition("/")[2] != sending.key:  # it may be heard before it is told
            return work
        return replace(work, sending=replace(sending, is_heard=True), rev=work.rev + 1)
    if record.key != sending.key or work.state not in ("firing", "unknown"):
        return work
    match record:
        case Sent():
            sending = replace(sending, uri=record.uri, url=record.url)
            note = None if held(work) is None else LEFT
            return _on(work, "fired", record, sending=sending, note=note)
        case Unknown():
            return _on(work, "unknown", record, note=record.reason)
        case Refused():
            return _on(
                work,
                "approved",
                record,
                note=record.reason,
                sending=None,
                refused=(*work.refused, record.key),
            )


def _on(work: Work, state: State, record: Decision | Outcome | Expired, **changes: object) -> Work:
    who = getattr(record, "who", None)
    steps = work.steps
    if state != work.state:  # a draft kept again is the same step going on
        steps = (*steps, Taken(state, record.at, who))
    return replace(work, steps=steps, rev=work.rev + 1, **changes)  # type: ignore[arg-type]


def _kept(text: str, longest: int, step: Step) -> str:
    if len(text) > longest:
        raise IllegalMove(f"{step}: {len(text):,} characters; at most {longest:,} are kept")
    return text


def _said(text: str, step: Step) -> str:
    said = " ".join(text.split())
    if not said:
        raise IllegalMove(f"{step}: say why, in a few words")
    return _kept(said, LONGEST_NOTE, step)
