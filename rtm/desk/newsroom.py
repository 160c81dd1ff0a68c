"""The newsroom as a fold: who is on duty, which rules hold, whether anything may leave at all.

Be a person: you go on duty with a click and off with another; forgotten, you are off after half a
day, though not before the shift is over for which you came. What the rota plans is a plan: a shift
without its person is a hole like any other.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rtm.orders import (
    Acknowledged,
    CrisisDeclared,
    CrisisOver,
    DutyBegan,
    DutyEnded,
    House,
    Resumed,
    RulesSet,
    ShiftDropped,
    ShiftPlanned,
    Stopped,
)

LONGEST_DUTY = timedelta(hours=12)  # whoever is on longer, outside a shift, forgot to go off


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """A person's planned duty in a role, from ``start`` up to before ``end``."""

    start: datetime
    end: datetime
    person: str
    role: str


class Newsroom:
    """What holds for all work: told of house records in order, it is as they say."""

    def __init__(self) -> None:
        self._began: dict[str, datetime] = {}
        self._acknowledged: dict[str, Acknowledged] = {}
        self.shifts: set[Shift] = set()
        self.rules: RulesSet | None = None
        self.stopped: Stopped | None = None
        self.crisis: CrisisDeclared | None = None

    def tell(self, record: House) -> None:
        """Fold one record."""
        match record:
            case DutyBegan():
                self._began[record.who] = record.at
            case DutyEnded():
                self._began.pop(record.who, None)
            case ShiftPlanned():
                self.shifts.add(_shift(record))
            case ShiftDropped():
                self.shifts.discard(_shift(record))
            case RulesSet():
                # two programs may give two texts one number: who read the first read not this one
                self._acknowledged = {
                    who: said
                    for who, said in self._acknowledged.items()
                    if said.version < record.version
                }
                self.rules = record
            case Acknowledged():
                self._acknowledged[record.who] = record
            case Stopped():
                self.stopped = record
            case Resumed():
                self.stopped = None
            case CrisisDeclared():
                self.crisis = record
            case CrisisOver():
                self.crisis = None

    def on_duty(self, at: datetime, known: Collection[str]) -> dict[str, datetime]:
        """Return who of the people that may log in is on duty, with since when, longest first."""
        return {
            who: since
            for who, since in sorted(self._began.items(), key=lambda one: (one[1], one[0]))
            if who in known and (at - since < LONGEST_DUTY or self._came_for(who, since, at))
        }

    def _came_for(self, who: str, since: datetime, at: datetime) -> bool:
        # a shift that is on, and began before the duty would have been over: not one of tomorrow
        return any(
            shift.person == who
            and shift.start <= at < shift.end
            and shift.start - since < LONGEST_DUTY
            for shift in self.shifts
        )

    def has_acknowledged(self, who: str) -> bool:
        """Tell whether a person has acknowledged the rules that hold now; no rules, no need."""
        if self.rules is None:
            return True
        said = self._acknowledged.get(who)
        return said is not None and said.version >= self.rules.version

    @property
    def acknowledged(self) -> Mapping[str, Acknowledged]:
        """What each person acknowledged last: which version, and when."""
        return self._acknowledged


def _shift(record: ShiftPlanned | ShiftDropped) -> Shift:
    return Shift(record.start, record.end, record.person, record.role)
