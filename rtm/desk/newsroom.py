"""The newsroom as a fold: who is on duty, which rules hold, whether anything may leave at all.

Be a person: you go on duty with a click and off with another; forgotten, you are off after half a
day. What the rota plans is a plan: a shift without its person is a hole like any other.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rtm.decisions import (
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

LONGEST_DUTY = timedelta(hours=12)  # whoever is on longer has forgotten to go off


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
        self._acknowledged: dict[str, int] = {}
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
                self.rules = record
            case Acknowledged():
                self._acknowledged[record.who] = record.version
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
            if who in known and at - since < LONGEST_DUTY
        }

    def has_acknowledged(self, who: str) -> bool:
        """Tell whether a person has acknowledged the rules that hold now; no rules, no need."""
        return self.rules is None or self._acknowledged.get(who, 0) >= self.rules.version

    @property
    def acknowledged(self) -> Mapping[str, int]:
        """The latest version that each person has acknowledged."""
        return self._acknowledged


def _shift(record: ShiftPlanned | ShiftDropped) -> Shift:
    return Shift(record.start, record.end, record.person, record.role)
