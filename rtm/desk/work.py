"""Work on one opportunity, as a state machine: which decision may follow which.

::

    found -> claimed -> drafted -> submitted -> approved -> scheduled -> firing -> fired
      ^         |          ^           |                                    |-> unknown -> fired
      +---------+          +-- return -+                                    |      |
      released             (an edit after approval, too)                    +------+-> approved
                                                                          (refused, recalled)

    dismissed and expired end it. Locked, nothing goes on until a moderator unlocks it and says why;
    what was approved is then submitted again: it was approved before the story was grave.

``deciding`` turns a wish into decisions or raises; ``after`` folds a decision or outcome: the same
record gives the same work. What becomes of a post on each channel is ``sendings``.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

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
from rtm.desk.sendings import ON_THE_WAY, Sending, put, state_of
from rtm.draft import Draft

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
LEFT = "It left before the lock could hold it; look whether it should stay."


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


def found(opportunity: str, at: datetime, *, is_answer: bool = False) -> Work:
    """Return the work that a newly found opportunity asks for."""
    return Work(opportunity, (Taken("found", at, None),), is_answer=is_answer)


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


def to_send(work: Work, channels: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the house's channels that a draft still has to reach.

    A draft that names none goes to all.
    """
    wanted = [name for name in channels if not work.draft.channels or name in work.draft.channels]
    over = (*ON_THE_WAY, "sent", "withdrawn")  # what was deleted is not to come back by itself
    done = {one.channel for one in work.sendings if one.state in over}
    return tuple(name for name in wanted if name not in done)


def replace_text(draft: Draft, text: str) -> Draft:
    """Return a draft with another text, and all else as it was."""
    return Draft(
        **{**{name: getattr(draft, name) for name in draft.__struct_fields__}, "text": text}
    )


_UNASKED = {"approvals": (), "agreed": "", "asked": None, "asked_at": None, "passed_over": ()}


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
    # which of the fields the changes are is not known to the checker of types
    return replace(work, steps=steps, rev=work.rev + 1, breach=None, **changes)  # type: ignore[arg-type]
