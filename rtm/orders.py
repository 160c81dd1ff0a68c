"""What people decide about the house, not about one opportunity: duty, rota, rules, and the stop.

Each is one JSON object of the record, as decisions are: ``event`` (its kind), ``at``, ``who``.
"""

from datetime import datetime

import msgspec


class Stopped(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="stopped"):
    """A person stopped everything: nothing leaves until it is let go on."""

    at: datetime
    who: str
    reason: str


class Resumed(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="resumed"):
    """A person let posts leave again."""

    at: datetime
    who: str


class CrisisDeclared(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="crisis_declared"
):
    """A person declared a crisis: nothing but answers leaves until it is over."""

    at: datetime
    who: str
    what: str


class CrisisOver(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="crisis_over"):
    """A person declared that a crisis is over."""

    at: datetime
    who: str


class DutyBegan(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="duty_began"):
    """A person went on duty."""

    at: datetime
    who: str


class DutyEnded(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="duty_ended"):
    """A person went off duty; ``by`` is who ended it, where somebody else did."""

    at: datetime
    who: str
    by: str | None = None


class ShiftPlanned(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="shift_planned"
):
    """A person is to be on duty in a role from ``start`` up to before ``end``."""

    at: datetime
    who: str
    person: str
    role: str
    start: datetime
    end: datetime


class ShiftDropped(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="shift_dropped"
):
    """A planned shift is not to be."""

    at: datetime
    who: str
    person: str
    role: str
    start: datetime
    end: datetime


class RulesSet(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="rules_set"):
    """The rules of the house, in Markdown, replace those before; ``version`` counts from 1."""

    at: datetime
    who: str
    version: int
    text: str


class Acknowledged(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="acknowledged"
):
    """A person read a version of the rules and will keep to it."""

    at: datetime
    who: str
    version: int


House = (
    Stopped
    | Resumed
    | CrisisDeclared
    | CrisisOver
    | DutyBegan
    | DutyEnded
    | ShiftPlanned
    | ShiftDropped
    | RulesSet
    | Acknowledged
)
"""What is decided about the house, not about one opportunity."""
