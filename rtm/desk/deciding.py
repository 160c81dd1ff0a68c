"""Which decision a person may take: a wish, held against the work and the house as they stand.

Be a wish: whoever wants you needs the role, the work must be where you can follow, nothing of it
locked, and you are its owner's where only an owner may. Where you publish, the house must allow it:
rules read, on duty, a moderator there, nothing stopped. Then you are a decision, or several: a wish
to fire is one for each channel. It is pure; whatever breaks a rule names the rule.
"""

from dataclasses import dataclass
from datetime import MAXYEAR, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rtm.decisions import (
    Approved,
    Claimed,
    Decision,
    Dismissed,
    Drafted,
    Fired,
    Outcome,
    Recalled,
    Released,
    Returned,
    Submitted,
    Unlocked,
    Withdrawn,
)
from rtm.desk.roles import Person, Step
from rtm.desk.sendings import Sending, outcome_of
from rtm.desk.work import State, Work, replace_text
from rtm.draft import LONGEST_TEXT, Draft
from rtm.errors import IllegalMove

LONGEST_NOTE = 500
MOST_CHANNELS = 20
FIRST_YEAR = 1970  # in later ones, up to the last, every moment has one in UTC
LONGEST_WAIT = timedelta(days=366)  # of what is scheduled

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


class NotAllowed(IllegalMove):
    """Say whose step it is: the person has not the role, or somebody else owns the work."""


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
    if house.crisis is not None and not work.is_answer:  # who is answered stands with the card
        return Held("crisis", f"a crisis is open: {house.crisis}")
    if not house.moderators:
        return Held("moderator", "no moderator is on duty")
    return None


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
    if wish.send_at is not None and wish.send_at - at > LONGEST_WAIT:
        raise IllegalMove("fire: the moment to send it is too far away; name one within a year")
    if wish.send_at is not None and wish.zone is not None and not _is_zone(wish.zone):
        raise IllegalMove(f'fire: "{wish.zone}" is no time zone; write one such as Europe/Tallinn')
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


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found, or no name of a file at all
        return False
    return True


def _those(work: Work, wish: Wish, states: tuple[str, ...]) -> list[Sending]:
    those = [
        one for one in work.sendings if one.state in states and wish.channel in ("", one.channel)
    ]
    if not those:
        where = f" on {wish.channel}" if wish.channel else ""
        raise IllegalMove(f"{wish.step}: nothing{where} is {' or '.join(states)}")
    return those


def _kept(draft: Draft) -> Draft:
    for text in (draft.text, *draft.own.values(), *draft.more):
        if len(text) > LONGEST_TEXT:
            words = f"{len(text):,} characters; at most {LONGEST_TEXT:,} are kept"
            raise IllegalMove(f"draft: {words}", "length")
    if draft.offer_until is not None and not FIRST_YEAR < draft.offer_until.year < MAXYEAR:
        raise IllegalMove("draft: there is no such moment as that until which it offers something")
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
