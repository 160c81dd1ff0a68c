"""What may be decided about the house, and the record it makes: duty, the rota, the rules.

Pure, and the same for a screen and for the command line. What was asked wrongly is a ConfigError,
what does not go on from how things stand an IllegalMove; both say what to do.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from rtm.desk.house_rules import rules_of, tidied
from rtm.desk.newsroom import Newsroom, Shift
from rtm.desk.roles import Person
from rtm.desk.rota import in_utc
from rtm.errors import ConfigError, IllegalMove
from rtm.orders import Acknowledged, DutyBegan, DutyEnded, RulesSet, ShiftDropped, ShiftPlanned
from rtm.phrases import listed
from rtm.remedies import one_line, shown

Change = ShiftPlanned | ShiftDropped


def named(people: Sequence[Person], name: str) -> Person:
    """Return who may log in under a name, whatever its capitals.

    Raises
    ------
    ConfigError
        When nobody does.
    """
    found = next((one for one in people if one.name.lower() == name.lower()), None)
    if found is None:
        known = listed([one.name for one in people]) or "nobody yet"
        raise ConfigError(
            one_line(f"{shown(name)}: nobody who may log in has this name; there are {known}")
        )
    return found


def duty_ended(newsroom: Newsroom, who: str, at: datetime, *, by: str | None = None) -> DutyEnded:
    """Return that a person went off duty, or was taken off it by somebody else.

    Raises
    ------
    IllegalMove
        When the person is not on duty.
    """
    if who not in newsroom.on_duty(at, [who]):
        raise IllegalMove(f"{who} is not on duty")
    return DutyEnded(at=at, who=who, by=None if by == who else by)


def duty_began(who: str, at: datetime) -> DutyBegan:
    """Return that a person went on duty; said again, it counts from then."""
    return DutyBegan(at=at, who=who)


def shift_planned(
    newsroom: Newsroom, people: Sequence[Person], shift: Shift, *, who: str, at: datetime
) -> ShiftPlanned:
    """Return that a shift is planned.

    Raises
    ------
    ConfigError
        When its person cannot be there in this role, or its times make no sense.
    IllegalMove
        When it is planned already.
    """
    wanted = _possible(people, shift)
    if wanted.end <= at:
        raise ConfigError("a shift that is over cannot be planned; look at its day and its zone")
    if wanted in newsroom.shifts:
        raise IllegalMove(f"{wanted.person} is planned then already")
    return _planned(wanted, who, at)


def shift_dropped(newsroom: Newsroom, shift: Shift, *, who: str, at: datetime) -> ShiftDropped:
    """Return that a shift is dropped.

    Raises
    ------
    IllegalMove
        When it is not planned.
    """
    if shift not in newsroom.shifts:
        raise IllegalMove("this shift is not planned any more")
    return _dropped(shift, who, at)


def rota_loaded(
    newsroom: Newsroom,
    people: Sequence[Person],
    shifts: Iterable[Shift],
    *,
    who: str,
    at: datetime,
) -> list[Change]:
    """Return what changes when from now on nothing but these shifts is planned; what was, stays.

    Raises
    ------
    ConfigError
        When a person cannot be there in the role of a shift.
    """
    wanted = {_possible(people, shift) for shift in shifts}
    ahead = {shift for shift in newsroom.shifts if shift.end > at}
    return [
        *(_dropped(shift, who, at) for shift in sorted(ahead - wanted)),
        *(_planned(shift, who, at) for shift in sorted(wanted - ahead)),
    ]


def rules_set(newsroom: Newsroom, text: str, *, who: str, at: datetime) -> RulesSet | None:
    """Return that these are the rules, or None when they are already.

    Raises
    ------
    ConfigError
        When the text cannot be the rules of a house.
    """
    kept = tidied(text)
    rules_of(kept)
    if newsroom.rules is None:
        return RulesSet(at=at, who=who, version=1, text=kept)
    if newsroom.rules.text == kept:
        return None
    return RulesSet(at=at, who=who, version=newsroom.rules.version + 1, text=kept)


def acknowledged(newsroom: Newsroom, version: int, *, who: str, at: datetime) -> Acknowledged:
    """Return that a person has read the rules and will keep to them.

    Raises
    ------
    IllegalMove
        When these are not the rules any more.
    """
    if newsroom.rules is None:
        raise IllegalMove("there are no rules to acknowledge; rtm rules set makes some")
    if version != newsroom.rules.version:
        now = newsroom.rules.version
        raise IllegalMove(f"version {version} is not what holds; read version {now} first")
    return Acknowledged(at=at, who=who, version=version)


def _possible(people: Sequence[Person], shift: Shift) -> Shift:
    person = named(people, shift.person)
    if shift.role not in person.roles:
        has = ", ".join(sorted(person.roles))
        remedy = "give it with rtm user roles, or plan another"
        raise ConfigError(
            one_line(f"{person.name} has not the role {shift.role} (but {has}); {remedy}")
        )
    try:
        return in_utc(Shift(shift.start, shift.end, person.name, shift.role))
    except (ValueError, OverflowError) as error:
        raise ConfigError(str(error)) from error


def _planned(shift: Shift, who: str, at: datetime) -> ShiftPlanned:
    return ShiftPlanned(
        at=at, who=who, person=shift.person, role=shift.role, start=shift.start, end=shift.end
    )


def _dropped(shift: Shift, who: str, at: datetime) -> ShiftDropped:
    return ShiftDropped(
        at=at, who=who, person=shift.person, role=shift.role, start=shift.start, end=shift.end
    )
