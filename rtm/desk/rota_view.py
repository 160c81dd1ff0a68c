"""The rota as people and programs look at it: shifts, holes, who is missing, who is on duty."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from rtm.desk.newsroom import Shift
from rtm.desk.roles import Person
from rtm.desk.rota import (
    ALWAYS,
    LOOK,
    NO_ROTA,
    Hole,
    Reach,
    able,
    alarms,
    holes,
    missing,
    roles_of,
    shift_id,
    told,
)


class ShiftView(msgspec.Struct, frozen=True, kw_only=True):
    """A shift; ``is_able`` is false where its person may log in no more, or lost the role."""

    id: str
    person: str
    role: str
    start: datetime
    end: datetime
    is_able: bool


class OnDuty(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is on duty."""

    who: str
    roles: tuple[str, ...]
    since: datetime


class RotaView(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, at one moment; times in UTC.

    ``shifts`` are those that are not over, ``roles`` those for which a rota is kept. ``holes`` are
    looked for up to ``until``, ``alarms`` say in words which of them are near. ``note`` says so
    where no rota is kept at all.
    """

    at: datetime
    until: datetime
    roles: tuple[str, ...]
    holes: tuple[Hole, ...]
    alarms: tuple[str, ...]
    missing: tuple[ShiftView, ...]
    on_duty: tuple[OnDuty, ...]
    shifts: tuple[ShiftView, ...]
    note: str | None


def rota_view(
    shifts: set[Shift],
    people: Sequence[Person],
    on_duty: Mapping[str, datetime],
    at: datetime,
    *,
    reach: Reach = ALWAYS,
    look: timedelta = LOOK,
) -> RotaView:
    """Return the rota as it stands at a moment; ``people`` are those who may log in."""
    filled, roles = able(shifts, people), roles_of(shifts, at)
    has = {person.name: tuple(sorted(person.roles)) for person in people}

    def shown(shift: Shift) -> ShiftView:
        return ShiftView(
            id=shift_id(shift),
            person=shift.person,
            role=shift.role,
            start=shift.start,
            end=shift.end,
            is_able=shift in filled,
        )

    found = [hole for role in roles for hole in holes(filled, role, at, at + look, reach)]
    return RotaView(
        at=at,
        until=at + look,
        roles=tuple(roles),
        holes=tuple(sorted(found)),
        alarms=tuple(told(hole, at) for hole in alarms(shifts, people, at, reach=reach)),
        missing=tuple(shown(shift) for shift in missing(filled, on_duty, at)),
        on_duty=tuple(
            OnDuty(who=who, roles=has.get(who, ()), since=since) for who, since in on_duty.items()
        ),
        shifts=tuple(shown(shift) for shift in sorted(shifts) if shift.end > at),
        note=None if roles else NO_ROTA,
    )
