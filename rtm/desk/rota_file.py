"""The rota file: who is planned when, as a team writes it down, by the clock on its own wall.

A time that the clock jumps over in spring is an hour later on it, one that comes twice in autumn is
the first of the two; so shifts that meet on the wall meet in truth. A file states what is planned
from now on; ``expanded`` writes its weekly shifts out for some weeks.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from difflib import get_close_matches
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Meta, Struct, field

from rtm.desk.newsroom import Shift
from rtm.desk.roles import ROLES, Role
from rtm.desk.rota import Hole, holes, in_utc
from rtm.event import FIRST_YEAR, LAST_YEAR, span
from rtm.phrases import listed, refuse_repeats
from rtm.remedies import wrong

WEEKS = 8  # for how long weekly shifts are written out where nobody says; further, all is moved
MAX_SHIFTS = 2_000  # in a file: a year of five a day
MAX_WEEKLY = 200

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = get_args(Day)

Name = Annotated[
    str,
    Meta(
        pattern=r"\A[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}\Z",
        description="the name that somebody logs in with, in quotes",
        examples=["mia"],
    ),
]
Wall = Annotated[
    datetime,
    Meta(
        description="a date and a time without quotes, by the clock in zone unless it has its own",
        examples=[datetime(2026, 12, 24, 8)],  # noqa: DTZ001 (the file says the zone)
    ),
]
Hour = Annotated[
    str,
    Meta(
        pattern=r"\A(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)\Z",
        description="hours and minutes in quotes, 00:00 to 24:00",
        examples=["08:00"],
    ),
]
Free = Annotated[date, Meta(description="a date without quotes", examples=[date(2026, 12, 24)])]

_WEEK = timedelta(days=7)
_USUAL = datetime(2001, 1, 1, tzinfo=UTC)  # a Monday, far from any change of clocks


class Single(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One shift."""

    person: Name
    role: Role
    start: Wall
    end: Wall

    def __post_init__(self) -> None:
        for key, moment in (("start", self.start), ("end", self.end)):
            if not FIRST_YEAR <= moment.year <= LAST_YEAR:
                raise wrong(key, moment, f"write a year from {FIRST_YEAR} to {LAST_YEAR}")


class Weekly(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A shift of some days of each week; one that ends no later than it begins, ends a day later.

    ``free`` (``except`` in the file) are dates on which none begins.
    """

    person: Name
    role: Role
    days: Annotated[tuple[Day, ...], Meta(min_length=1, max_length=7, examples=[["mon", "tue"]])]
    start: Hour = field(name="from")
    end: Hour = field(name="to")
    free: Annotated[
        tuple[Free, ...], Meta(max_length=MAX_SHIFTS, examples=[[date(2026, 12, 24)]])
    ] = field(default=(), name="except")

    def __post_init__(self) -> None:
        refuse_repeats("days", self.days)


class Rota(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rota as a team writes it: single shifts and weekly ones."""

    # IANA
    zone: Annotated[str, Meta(min_length=1, max_length=64, examples=["Europe/Tallinn"])]
    singles: Annotated[tuple[Single, ...], Meta(max_length=MAX_SHIFTS)] = field(
        default=(), name="shift"
    )
    weekly: Annotated[tuple[Weekly, ...], Meta(max_length=MAX_WEEKLY)] = ()

    def __post_init__(self) -> None:
        if self.zone not in available_timezones():
            near = get_close_matches(self.zone, available_timezones(), n=1)
            remedy = f'did you mean "{near[0]}"?' if near else "write e.g. Europe/Tallinn"
            raise wrong("zone", self.zone, remedy)
        if not self.singles and not self.weekly:
            raise ValueError("nobody is planned; add [[shift]] or [[weekly]] and its keys below it")
        for number, single in enumerate(self.singles, 1):
            try:
                _shift(single, ZoneInfo(self.zone))
            except ValueError as error:
                raise wrong(f"[[shift]] #{number} end", single.end, str(error)) from error


def expanded(rota: Rota, now: datetime, weeks: int = WEEKS) -> set[Shift]:
    """Return the shifts that a rota means, in UTC: those that are not over.

    Weekly ones are written out for so many weeks from now; single ones stand, however far ahead.
    """
    zone = ZoneInfo(rota.zone)
    today = now.astimezone(zone).date()
    days = _dates(today - timedelta(days=1), weeks * 7 + 2)
    until = now + weeks * _WEEK
    weekly = (one for one in _written_out(rota.weekly, days, zone) if one.start < until)
    singles = (_shift(single, zone) for single in rota.singles)
    return {shift for shift in (*weekly, *singles) if shift.end > now}


def understood(rota: Rota) -> list[str]:
    """Say in plain words what a rota means, a line for each part, for ``rtm check``."""
    planned: list[Single | Weekly] = [*rota.singles, *rota.weekly]
    people = sorted({one.person for one in planned})
    usual = list(_written_out(rota.weekly, _dates(_USUAL.date() - timedelta(days=1), 8), UTC))
    return [
        f"Rota by the clock of {rota.zone}: {_counted(len(rota.singles), 'single shift')}, "
        f"{_counted(len(rota.weekly), 'weekly one')}, of {listed(people)}.",
        *(_role_line(role, usual) for role in ROLES if any(one.role == role for one in planned)),
    ]


def _role_line(role: Role, usual: Iterable[Shift]) -> str:
    weekly = [shift for shift in usual if shift.role == role]
    if not weekly:
        return f"As {role} only single shifts; between them nobody."
    open_ = _around(holes(weekly, role, _USUAL, _USUAL + _WEEK))
    if not open_:
        return f"As {role} somebody around the clock, every usual week."
    spans = [
        f"{hole.start:%a %H:%M} to {hole.end:%a %H:%M} ({span(hole.end - hole.start)})"
        for hole in open_
    ]
    return f"As {role} nobody in a usual week: {listed(spans)}."


def _around(found: list[Hole]) -> list[Hole]:
    # the week goes on where it began
    if len(found) > 1 and found[0].start == _USUAL and found[-1].end == _USUAL + _WEEK:
        last = Hole(found[-1].start, found[0].end + _WEEK, found[0].role)
        return [*found[1:-1], last]
    return found


def _written_out(weekly: Iterable[Weekly], days: list[date], zone: tzinfo) -> Iterator[Shift]:
    for one in weekly:
        for day in days:
            if DAYS[day.weekday()] not in one.days or day in one.free:
                continue
            is_overnight = one.end <= one.start
            start = _instant(day, one.start, zone)
            end = _instant(day + timedelta(days=is_overnight), one.end, zone)
            if start < end:  # else the clock jumped over all of it
                yield Shift(start, end, one.person, one.role)


def _instant(day: date, hour: str, zone: tzinfo) -> datetime:
    if hour == "24:00":
        day, hour = day + timedelta(days=1), "00:00"
    return datetime.combine(day, time.fromisoformat(hour), zone).astimezone(UTC)


def _shift(single: Single, zone: tzinfo) -> Shift:
    start, end = (
        moment if moment.tzinfo else moment.replace(tzinfo=zone)
        for moment in (single.start, single.end)
    )
    return in_utc(Shift(start, end, single.person, single.role))


def _dates(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
