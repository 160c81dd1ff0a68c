"""Checks of the moment: an open crisis, open complaints, and whether an offer still holds."""

from collections.abc import Iterator
from datetime import UTC, datetime

from rtm.desk.checks.scene import Complaint, Look


def crisis(look: Look) -> Iterator[Complaint]:
    """Stop all but answers to complaints while a crisis is open, as the outbox will."""
    about = look.scene.crisis
    if about is not None and not look.scene.is_answer:
        words = "only answers leave. Answer who complains, or keep it until the crisis is over."
        yield Complaint("crisis", f"A crisis is open ({about}): {words}")


def promotion(look: Look) -> Iterator[Complaint]:
    """Stop what answers nobody on a channel where people wait with complaints."""
    if look.draft.reply_to is not None:
        return
    for channel in sorted(set(look.scene.channels)):
        number = look.scene.complaints.get(channel, 0)
        if number > 0:
            waiting = "1 complaint is" if number == 1 else f"{number:,} complaints are"
            words = f"{waiting} open on {channel}: answer there first, or leave {channel} out."
            yield Complaint("promotion", words, channel)


def offer(look: Look) -> Iterator[Complaint]:
    """Stop an offer that is over, or will be when the post leaves."""
    until, scene = look.draft.offer_until, look.scene
    if until is None:
        return
    if _utc(until) <= _utc(scene.now):
        words = "take it out, or say until when it holds now."
        yield Complaint("offer", f"The offer was over at {_written(until)}: {words}")
    elif scene.send_at is not None and _utc(until) <= _utc(scene.send_at):
        words = f"it is over at {_written(until)}: send it sooner, or without the offer."
        yield Complaint("offer", f"At {_written(scene.send_at)} the offer no longer holds; {words}")


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _written(at: datetime) -> str:
    return f"{_utc(at):%Y-%m-%d %H:%M} UTC"
