"""The rota: who is to be there when, the holes in it, and who is not there though it is their turn.

Be a hole: you are a stretch that must be covered and for which nobody of a role is planned. You are
told of a day and a half before you begin, so that the night hours in between take nothing from the
24 hours that a team needs to find somebody.

All moments have their zone, and stand in UTC where they are reckoned with: between two moments of
one local zone Python reckons by the clock on the wall, which stands still or jumps twice a year.
"""

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

from rtm.desk.newsroom import Shift
from rtm.desk.roles import ROLES, Person
from rtm.event import WatchedEvent
from rtm.policy import Desk

AHEAD = timedelta(hours=36)  # 24, and twelve more: some of them are by day wherever the team is
GRACE = timedelta(minutes=5)  # to open the board and say that one is there
LOOK = timedelta(days=14)  # holes are not followed further
GIVEN_UP = timedelta(days=28)  # a role without a shift for so long has no rota any more
LONGEST_SHIFT = timedelta(days=7)  # longer is a slip of the finger

NO_ROTA = (
    "No rota is kept, so that nobody is told of a hole before it is there. "
    "rtm rota load rota.toml begins one."
)


class Stretch(NamedTuple):
    """A time from ``start`` up to before ``end``."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, order=True)
class Hole:
    """A stretch for which nobody of ``role`` is planned; in UTC."""

    start: datetime
    end: datetime
    role: str


@dataclass(frozen=True, slots=True)
class Reach:
    """When somebody must be there: around the clock, or while something is on."""

    is_always: bool = True
    times: tuple[Stretch, ...] = ()

    def stretches(self, since: datetime, until: datetime) -> list[Stretch]:
        """Return what must be covered of a time, in order and apart from each other."""
        if self.is_always:
            return _joined([Stretch(since, until)], since, until)
        return _joined(self.times, since, until)


ALWAYS = Reach()


def reach_of(desk: Desk, events: Iterable[WatchedEvent]) -> Reach:
    """Return when somebody must be there, as the desk's policy says."""
    times = tuple(Stretch(event.start, event.end) for event in events)
    return Reach(desk.reachable == "always", times)


def in_utc(shift: Shift) -> Shift:
    """Return a shift in UTC.

    Raises
    ------
    ValueError
        When it does not end after it begins, or lasts too long.
    """
    start, end = shift.start.astimezone(UTC), shift.end.astimezone(UTC)
    if end <= start:
        raise ValueError(f"a shift ends after it begins ({_moment(start)})")
    if end - start > LONGEST_SHIFT:
        raise ValueError(f"a shift lasts at most {LONGEST_SHIFT.days} days; write several")
    return replace(shift, start=start, end=end)


def shift_id(shift: Shift) -> str:
    """Return a name for a shift that follows from what it is, as 16 hexadecimal digits."""
    parts = (shift.start, shift.end, shift.person, shift.role)
    words = [one.astimezone(UTC).isoformat() if isinstance(one, datetime) else one for one in parts]
    return blake2b("\0".join(words).encode(), digest_size=8).hexdigest()


def able(shifts: Iterable[Shift], people: Iterable[Person]) -> set[Shift]:
    """Return the shifts of people who may log in and have the role; others are nobody's."""
    roles = {person.name: person.roles for person in people}
    return {shift for shift in shifts if shift.role in roles.get(shift.person, ())}


def roles_of(shifts: Iterable[Shift], now: datetime) -> list[str]:
    """Return the roles for which a rota is kept: those with a shift lately, or to come."""
    planned = {shift.role for shift in shifts if now - shift.end < GIVEN_UP}
    return [role for role in ROLES if role in planned]


def holes(
    shifts: Iterable[Shift], role: str, since: datetime, until: datetime, reach: Reach = ALWAYS
) -> list[Hole]:
    """Return the stretches, in order, in which nobody of a role is planned but must be.

    >>> at = lambda hour: datetime(2026, 12, 1, hour, tzinfo=UTC)
    >>> day = [Shift(at(8), at(12), "ann", "writer"), Shift(at(11), at(16), "bob", "writer")]
    >>> [(hole.start.hour, hole.end.hour) for hole in holes(day, "writer", at(6), at(20))]
    [(6, 8), (16, 20)]
    """
    planned = _joined(
        (Stretch(shift.start, shift.end) for shift in shifts if shift.role == role), since, until
    )
    found = []
    for start, end in reach.stretches(since, until):
        for cover in planned:
            if cover.end <= start or cover.start >= end:
                continue
            if cover.start > start:
                found.append(Hole(start, cover.start, role))
            start = cover.end
        if start < end:
            found.append(Hole(start, end, role))
    return found


def next_hole(
    shifts: Iterable[Shift],
    role: str,
    now: datetime,
    within: timedelta = AHEAD,
    reach: Reach = ALWAYS,
) -> Hole | None:
    """Return the first hole that begins within a time from now, or is open now; else None.

    One that ends with the look ahead (``LOOK``) may go on.
    """
    first = next(iter(holes(shifts, role, now, now + LOOK, reach)), None)
    return first if first is not None and first.start < now.astimezone(UTC) + within else None


def alarms(
    shifts: Collection[Shift],
    people: Iterable[Person],
    now: datetime,
    within: timedelta = AHEAD,
    reach: Reach = ALWAYS,
) -> list[Hole]:
    """Return the next hole of each role for which a rota is kept, the nearest first.

    ``people`` are those who may log in. A rota whose people have all gone is still one: a hole.
    """
    filled = able(shifts, people)
    found = (next_hole(filled, role, now, within, reach) for role in roles_of(shifts, now))
    return sorted(hole for hole in found if hole is not None)


def on_shift(shifts: Iterable[Shift], at: datetime) -> list[Shift]:
    """Return whose turn it is at a moment, whoever began first in front."""
    return sorted(shift for shift in shifts if shift.start <= at < shift.end)


def missing(
    shifts: Iterable[Shift], on_duty: Container[str], at: datetime, grace: timedelta = GRACE
) -> list[Shift]:
    """Return the shifts that have begun, ``grace`` ago or more, without their person on duty."""
    return [
        shift
        for shift in on_shift(shifts, at)
        if shift.person not in on_duty and at - shift.start >= grace
    ]


def told(hole: Hole, now: datetime) -> str:
    """Say in a sentence that there is a hole.

    >>> now = datetime(2026, 12, 1, 8, tzinfo=UTC)
    >>> told(Hole(now + timedelta(hours=30), now + timedelta(hours=32), "moderator"), now)
    'Nobody is planned as moderator from 2026-12-02 14:00 to 2026-12-02 16:00 UTC, in 30 h.'
    """
    left_h = (hole.start - now) / timedelta(hours=1)
    when = "now" if left_h <= 0 else f"in {left_h:.0f} h" if left_h >= 1 else "within the hour"
    span = f"{_moment(hole.start)} to {_moment(hole.end)} UTC"
    return f"Nobody is planned as {hole.role} from {span}, {when}."


def _joined(times: Iterable[Stretch], since: datetime, until: datetime) -> list[Stretch]:
    # in UTC, cut to a time, in order, apart from each other
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    cut = sorted(
        Stretch(max(start.astimezone(UTC), since), min(end.astimezone(UTC), until))
        for start, end in times
    )
    joined: list[Stretch] = []
    for start, end in cut:
        if end <= start:
            continue
        if joined and start <= joined[-1].end:
            joined[-1] = Stretch(joined[-1].start, max(joined[-1].end, end))
        else:
            joined.append(Stretch(start, end))
    return joined


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"
