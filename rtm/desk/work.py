"""Work on one opportunity, as a state machine: which decision may follow which.

::

    found -> claimed -> drafted -> submitted -> approved -> scheduled -> firing -> fired
      ^         |          ^           |                                    |-> unknown -> fired
      +---------+          +-- return -+                                    |      |
      released             (an edit after approval, too)                    +------+-> approved
                                                                          (refused, recalled)

    dismissed and expired end it. Locked, nothing goes on until a moderator unlocks it and says why;
    what was approved is then submitted again: it was approved before the story was grave.

``decided`` turns a wish into decisions or raises; ``after`` folds a decision or outcome. Both are
pure: the same record gives the same work. What becomes of a post on each channel is ``sendings``.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, NamedTuple

from rtm.decisions import (
    Approved,
    Asked,
    Breached,
    Claimed,
    Decision,
    Dismissed,
    Drafted,
    Expired,
    Fired,
    Heard,
    Measured,
    Outcome,
    Recalled,
    Refused,
    Released,
    Returned,
    Sent,
    Submitted,
    Unknown,
    Unlocked,
    Withdrawn,
)
from rtm.desk.roles import Person, Step
from rtm.desk.sendings import ON_THE_WAY, Sending, outcome_of, put, state_of
from rtm.draft import LONGEST_TEXT, Draft
from rtm.errors import IllegalMove

State = Literal[
    "found",
    "claimed",
    "drafted",
    "submitted",
    "approved",
    "scheduled",
    "firing",
    "fired",
    "unknown",
    "dismissed",
    "expired",
]

EMPTY = Draft()
LONGEST_NOTE = 500
MOST_CHANNELS = 20

FROM: dict[Step, tuple[State, ...]] = {
    "claim": ("found", "expired"),  # late is better than never, if a person thinks so
    "release": ("claimed", "drafted"),
    "draft": ("claimed", "drafted", "submitted", "approved"),
    "submit": ("drafted",),
    "return": ("submitted", "approved"),
    "approve": ("submitted",),
    "fire": ("approved", "fired"),  # fired: the channels that it has not reached
    "recall": ("scheduled", "firing"),
    "settle": ("unknown",),
    "withdraw": ("fired", "unknown"),
    "dismiss": ("found", "claimed", "drafted", "submitted", "approved"),
    "unlock": ("found", "claimed", "drafted", "submitted", "approved", "expired"),
}
WHILE_LOCKED: frozenset[Step] = frozenset(
    {"release", "dismiss", "unlock", "recall", "settle", "withdraw"}
)
OWNERS: frozenset[Step] = frozenset({"release", "draft", "submit"})
PUBLISHING: frozenset[Step] = frozenset({"submit", "approve", "fire"})
LEFT = "It left before the lock could hold it; look whether it should stay."


class NotAllowed(IllegalMove):
    """Say whose step it is: the person has not the role, or somebody else owns the work."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken: to which state, when, and by whom (None: by time or a network)."""

    state: State
    at: datetime
    who: str | None


@dataclass(frozen=True, slots=True)
class Work:
    """Work on one opportunity; ``rev`` counts its changes, ``steps`` begin with its finding.

    ``approvals`` are of the draft as it stands, whose digest is ``agreed``. ``asked`` is the
    approver whose answer is awaited since ``asked_at``; ``passed_over`` were silent. ``note`` is
    the latest word to whoever has to act: why it came back, was refused, is unknown. ``lock`` says
    why nothing may go on; ``unlocked`` is its latest release. ``breach`` is the latest step that a
    rule did not allow, until another step is taken.
    """

    opportunity: str
    steps: tuple[Taken, ...]
    rev: int = 1
    owner: str | None = None
    draft: Draft = EMPTY
    written_by: str | None = None
    approvals: tuple[str, ...] = ()
    agreed: str = ""
    asked: str | None = None
    asked_at: datetime | None = None
    passed_over: tuple[str, ...] = ()
    note: str | None = None
    lock: str | None = None
    unlocked: Unlocked | None = None
    breach: Breached | None = None
    sendings: tuple[Sending, ...] = ()
    measured: tuple[Measured, ...] = ()
    is_answer: bool = False

    @property
    def state(self) -> State:
        """What it is now."""
        return self.steps[-1].state

    @property
    def since(self) -> datetime:
        """When it came to be so."""
        return self.steps[-1].at

    @property
    def answers(self) -> bool:
        """Whether it answers somebody."""
        return self.is_answer or self.draft.reply_to is not None

    def sending(self, channel: str) -> Sending | None:
        """Return what became of it on a channel, None when it never was to go there."""
        return next((one for one in self.sendings if one.channel == channel), None)


@dataclass(frozen=True, slots=True)
class Channel:
    """Where a post would go: the channel's name, its account, and the key made for this firing."""

    name: str
    account: str
    key: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants: a step, and what it needs.

    ``text`` is the note or the reason; ``draft`` the draft to keep; ``channel`` where to recall,
    settle or withdraw; ``send_at`` when to let it go, said in the time zone ``zone``; ``is_out``
    and ``url`` are what a person saw who looked on the network.
    """

    step: Step
    text: str = ""
    draft: Draft | None = None
    channel: str = ""
    send_at: datetime | None = None
    zone: str | None = None
    is_out: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Conditions:
    """What holds in the house while a step is decided, for the person whose step it is.

    ``unread`` is the version of the rules that the person has not acknowledged; ``moderators`` are
    those on duty; ``needed`` is how many must agree; ``channels`` are those it may be fired to.
    """

    is_on_duty: bool = True
    moderators: tuple[str, ...] = ()
    unread: int | None = None
    stopped: str | None = None
    crisis: str | None = None
    needed: int = 1
    own_approval: bool = True
    open_responders: bool = False
    channels: tuple[Channel, ...] = ()


def found(opportunity: str, at: datetime, *, is_answer: bool = False) -> Work:
    """Return the work that a newly found opportunity asks for."""
    return Work(opportunity, (Taken("found", at, None),), is_answer=is_answer)


def decided(
    work: Work, wish: Wish, person: Person, at: datetime, house: Conditions
) -> tuple[Decision | Outcome, ...]:
    """Turn a person's wish into decisions; a wish to fire gives one for each channel.

    Raises
    ------
    NotAllowed
        When the person has not the role for the step, or the work is somebody else's.
    IllegalMove
        When the step cannot follow on the present state, lacks what it needs, or breaks a rule of
        the house, which it then names.
    """
    step = wish.step
    if not person.may(step, is_answer=work.answers, is_open=house.open_responders):
        raise NotAllowed(f"{step}: {person.name} has not the role for it")
    if work.state not in FROM[step]:
        raise IllegalMove(f"{step}: not possible while it is {work.state}")
    if work.lock is not None and step not in WHILE_LOCKED:
        raise IllegalMove(f"{step}: locked, {work.lock}", "lock")
    if step in OWNERS and work.owner != person.name:
        raise NotAllowed(f"{step}: {work.owner or 'nobody'} has it; claim it first")
    if step in PUBLISHING:
        _heed_house(work, step, person, house)
    who, about = person.name, work.opportunity
    match step:
        case "claim":
            return (Claimed(at=at, opportunity=about, who=who),)
        case "release":
            return (Released(at=at, opportunity=about, who=who),)
        case "draft":
            draft = _kept(wish.draft or replace_text(work.draft, wish.text))
            return (Drafted(at=at, opportunity=about, who=who, draft=draft),)
        case "submit":
            if work.draft.is_empty:
                raise IllegalMove("submit: the draft is empty; write it first", "empty")
            return (Submitted(at=at, opportunity=about, who=who),)
        case "return":
            return (Returned(at=at, opportunity=about, who=who, note=_said(wish.text, step)),)
        case "approve":
            return (_approved(work, person, at, house),)
        case "fire":
            return _fired(work, wish, person, at, house)
        case "recall":
            return tuple(
                Recalled(
                    at=at,
                    opportunity=about,
                    who=who,
                    channel=one.channel,
                    account=one.account,
                    key=one.key,
                    reason=_said(wish.text or "taken back", step),
                )
                for one in _those(work, wish, ("scheduled", "firing"))
            )
        case "settle":
            return tuple(
                outcome_of(one, about, who, at, is_out=wish.is_out, url=wish.url)
                for one in _those(work, wish, ("unknown",))
            )
        case "withdraw":
            return tuple(
                Withdrawn(
                    at=at,
                    opportunity=about,
                    who=who,
                    channel=one.channel,
                    account=one.account,
                    key=one.key,
                    reason=_said(wish.text, step),
                )
                for one in _those(work, wish, ("sent",))
            )
        case "dismiss":
            return (Dismissed(at=at, opportunity=about, who=who, reason=_said(wish.text, step)),)
        case "unlock":
            if work.lock is None:
                raise IllegalMove("unlock: it is not locked")
            return (Unlocked(at=at, opportunity=about, who=who, reason=_said(wish.text, step)),)


def after(
    work: Work, record: Decision | Outcome | Asked | Expired | Heard | Measured | Breached
) -> Work:
    """Return the work as it stands after a decision, an outcome, or time."""
    match record:
        case Claimed():
            return _on(work, "drafted" if _is_begun(work) else "claimed", record, owner=record.who)
        case Released():
            return _on(work, "found", record, owner=None)
        case Drafted():
            return _on(
                work,
                "drafted",
                record,
                draft=record.draft or Draft(text=record.text),
                written_by=record.who,
                note=work.note if work.state == "drafted" else None,
                **_UNASKED,
            )
        case Submitted():
            return _on(work, "submitted", record, note=None, **_UNASKED)
        case Asked():
            passed = work.passed_over
            if record.approver in passed:
                passed = ()  # all were asked: once more around
            elif record.passed_over is not None:
                passed = (*passed, record.passed_over)
            return replace(work, asked=record.approver, asked_at=record.at, passed_over=passed)
        case Returned():
            return _on(work, "drafted", record, note=record.note, **_UNASKED)
        case Approved():
            return _on(
                work,
                "approved" if record.is_last else "submitted",
                record,
                approvals=(*work.approvals, record.who),
                agreed=record.digest or work.draft.digest,
                note=None,
                asked=None,
                asked_at=None,
                passed_over=(),
            )
        case Dismissed():
            return _on(work, "dismissed", record, note=record.reason)
        case Unlocked():
            state: State = "submitted" if work.state == "approved" else work.state
            return _on(work, state, record, lock=None, unlocked=record, **_UNASKED)
        case Expired():
            return _on(work, "expired", record) if work.state == "found" else work
        case Measured():
            return replace(work, measured=(*work.measured, record))
        case Breached():
            return replace(work, breach=record)
        case Fired() | Recalled() | Withdrawn() | Sent() | Refused() | Unknown() | Heard():
            return _sent_on(work, record)


def locked(work: Work, reason: str) -> Work:
    """Return the work after its story became grave, or graver: nothing goes on until unlocked."""
    note = LEFT if work.state == "fired" else work.note
    return replace(work, lock=reason, note=note, rev=work.rev + 1)


class Held(NamedTuple):
    """Why nothing may leave: the id of the rule, and words."""

    rule: str
    words: str


def held(work: Work, house: Conditions) -> Held | None:
    """Say why nothing of this work may leave now, or None: the one rule, for desk and outbox."""
    if house.stopped is not None:
        return Held("stop", f"everything is stopped: {house.stopped}")
    if work.lock is not None:
        return Held("lock", f"locked, {work.lock}")
    if house.crisis is not None and not work.answers:
        return Held("crisis", f"a crisis is open: {house.crisis}")
    if not house.moderators:
        return Held("moderator", "no moderator is on duty")
    return None


def to_send(work: Work, channels: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the house's channels that a draft still has to reach.

    A draft that names none goes to all.
    """
    wanted = [name for name in channels if not work.draft.channels or name in work.draft.channels]
    done = {one.channel for one in work.sendings if one.state in (*ON_THE_WAY, "sent")}
    return tuple(name for name in wanted if name not in done)


def replace_text(draft: Draft, text: str) -> Draft:
    """Return a draft with another text, and all else as it was."""
    return Draft(
        **{**{name: getattr(draft, name) for name in draft.__struct_fields__}, "text": text}
    )


_UNASKED = {"approvals": (), "agreed": "", "asked": None, "asked_at": None, "passed_over": ()}


def _heed_house(work: Work, step: Step, person: Person, house: Conditions) -> None:
    if house.unread is not None:
        remedy = f"read version {house.unread} and acknowledge it first"
        raise IllegalMove(
            f"{step}: {person.name} has not acknowledged the rules; {remedy}", "rules"
        )
    if step == "submit":
        return
    if not house.is_on_duty:
        raise IllegalMove(f"{step}: {person.name} is not on duty; go on duty first", "duty")
    if step == "fire" and (why := held(work, house)) is not None:
        raise IllegalMove(f"fire: {why.words}", why.rule)


def _approved(work: Work, person: Person, at: datetime, house: Conditions) -> Approved:
    if person.name in work.approvals:
        raise IllegalMove(f"approve: {person.name} has agreed already; another must", "approval")
    if not house.own_approval and person.name == work.written_by:
        raise IllegalMove("approve: nobody approves their own words here", "approval")
    return Approved(
        at=at,
        opportunity=work.opportunity,
        who=person.name,
        digest=work.draft.digest,
        is_last=len(work.approvals) + 1 >= house.needed,
    )


def _fired(
    work: Work, wish: Wish, person: Person, at: datetime, house: Conditions
) -> tuple[Fired, ...]:
    if work.agreed != work.draft.digest or len(work.approvals) < house.needed:
        raise IllegalMove("fire: the draft as it stands is not approved", "approval")
    if not house.channels:
        raise IllegalMove("fire: no channel is left to send it to")
    if wish.send_at is not None and wish.send_at <= at:
        raise IllegalMove("fire: the moment to send it is over; name a later one, or none")
    fired = []
    for channel in house.channels:
        message = work.draft.message(channel.name)
        fired.append(
            Fired(
                at=at,
                opportunity=work.opportunity,
                who=person.name,
                channel=channel.name,
                account=channel.account,
                key=channel.key,
                text=message.text,
                message=message,
                send_at=wish.send_at,
                zone=wish.zone if wish.send_at else None,
            )
        )
    return tuple(fired)


def _those(work: Work, wish: Wish, states: tuple[str, ...]) -> list[Sending]:
    those = [
        one for one in work.sendings if one.state in states and wish.channel in ("", one.channel)
    ]
    if not those:
        where = f" on {wish.channel}" if wish.channel else ""
        raise IllegalMove(f"{wish.step}: nothing{where} is {' or '.join(states)}")
    return those


def _sent_on(work: Work, record: Fired | Recalled | Withdrawn | Outcome | Heard) -> Work:
    sendings = put(work.sendings, record)
    if sendings is work.sendings:
        return work
    if isinstance(record, Heard):
        return replace(work, sendings=sendings, rev=work.rev + 1)
    note = getattr(record, "reason", None)
    if isinstance(record, Sent) and work.lock is not None:
        note = LEFT
    if note is None and isinstance(record, Sent):
        note = next((one.reason for one in sendings if one.state == "refused"), None)
    return _on(work, state_of(sendings), record, sendings=sendings, note=note)


def _is_begun(work: Work) -> bool:
    return work.draft != Draft(reply_to=work.draft.reply_to)


def _on(work: Work, state: State, record: Decision | Outcome | Expired, **changes: object) -> Work:
    who = getattr(record, "who", None)
    steps = work.steps
    if state != work.state:  # a draft kept again is the same step going on
        steps = (*steps, Taken(state, record.at, who))
    return replace(work, steps=steps, rev=work.rev + 1, breach=None, **changes)  # type: ignore[arg-type]


def _kept(draft: Draft) -> Draft:
    for text in (draft.text, *draft.own.values(), *draft.more):
        if len(text) > LONGEST_TEXT:
            words = f"{len(text):,} characters; at most {LONGEST_TEXT:,} are kept"
            raise IllegalMove(f"draft: {words}", "length")
    if len(draft.own) > MOST_CHANNELS:
        raise IllegalMove(f"draft: texts of its own for more than {MOST_CHANNELS} channels")
    return draft


def _said(text: str, step: Step) -> str:
    said = " ".join(text.split())
    if not said:
        raise IllegalMove(f"{step}: say why, in a few words")
    if len(said) > LONGEST_NOTE:
        raise IllegalMove(f"{step}: {len(said):,} characters; at most {LONGEST_NOTE} are kept")
    return said
