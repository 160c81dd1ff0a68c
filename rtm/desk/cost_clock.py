"""The running meter: what the room costs, by who is on duty and what is watched.

Be an hour of somebody's work: you begin with a click and end with another; forgotten, after half a
day or with the shift that you were for, as ``newsroom`` has it. While a watched event is on, the
whole room counts, every seat of the profile, on duty or not: it is held for the event. At other
times only who is on duty does.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from rtm.brand import Seats
from rtm.decisions import Record
from rtm.desk.costs import Spell, merged
from rtm.desk.newsroom import LONGEST_DUTY
from rtm.orders import DutyBegan, DutyEnded, ShiftDropped, ShiftPlanned

DAY = timedelta(days=1)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)
_HOUR_US = timedelta(hours=1) // _US
_NEVER = 1 << 62
_Stretch = tuple[int, int]  # microseconds since 1970: from, up to before


@dataclass(frozen=True, slots=True)
class _Shift:
    # a planned shift of a person in a role, and from when up to before when it was planned
    role: str
    start: int
    end: int
    planned: int
    dropped: int = _NEVER


class CostClock:
    """Told of who goes on duty and off, it knows the room and its cost at every moment.

    People and microseconds are whole numbers, so that a sum over any stretches is exact; what was
    told is summed up once, at the next question, and a question costs a search in it.
    """

    def __init__(self, seats: Seats, events: Sequence[Spell] = ()) -> None:
        self._seats = seats
        self._watched = [(_us(start), _us(end)) for start, end in merged(events)]
        self._began: dict[str, int] = {}  # who is on duty, or has forgotten to go off
        self._over: list[_Stretch] = []  # duties that are over
        self._shifts: defaultdict[str, list[_Shift]] = defaultdict(list)
        self._sums: _Sums | None = None

    def tell(self, record: Record) -> None:
        """Fold one record; those that are of no duty change nothing."""
        match record:
            case DutyBegan():
                self._end(record.who, _us(record.at))
                self._began[record.who] = _us(record.at)
            case DutyEnded():
                self._end(record.who, _us(record.at))
            case ShiftPlanned():
                self._plan(record)
            case ShiftDropped():
                self._drop(record)
            case _:
                return
        self._sums = None

    def people(self, at: datetime) -> int:
        """Return how many are paid at a moment."""
        return self._summed().people(_us(at))

    def eur_per_hour(self, at: datetime) -> float:
        """Return what an hour of the room costs, as it is at a moment."""
        return self.people(at) * self._seats.rate_eur_per_hour

    def eur(self, since: datetime, until: datetime) -> float:
        """Return what the room cost from a moment up to before another; 0 when that is earlier."""
        if until <= since:
            return 0.0
        sums = self._summed()
        worked = sums.until(_us(until)) - sums.until(_us(since))
        return worked * self._seats.rate_eur_per_hour / _HOUR_US

    def since(self, at: datetime) -> datetime | None:
        """Return since when "cost so far" counts, or None when nobody is paid.

        That is the beginning of the watched event; while none is on, the moment since which
        somebody was paid without a break, but at most a day ago.
        """
        us = _us(at)
        for start, end in self._watched:
            if start <= us < end:
                return _moment(start)
        began = self._summed().unbroken(us, us - DAY // _US)
        return None if began is None else _moment(began)

    def _end(self, who: str, at: int) -> None:
        began = self._began.pop(who, None)
        if began is not None:
            self._over += self._worked(who, began, at)

    def _plan(self, record: ShiftPlanned) -> None:
        shift = _Shift(record.role, _us(record.start), _us(record.end), _us(record.at))
        self._shifts[record.person].append(shift)

    def _drop(self, record: ShiftDropped) -> None:
        gone = _Shift(record.role, _us(record.start), _us(record.end), 0)
        self._shifts[record.person] = [
            replace(one, dropped=_us(record.at))
            if _is_same(one, gone) and one.dropped == _NEVER
            else one
            for one in self._shifts[record.person]
        ]

    def _worked(self, who: str, began: int, ended: int) -> Iterable[_Stretch]:
        # half a day, and as long after that as a shift is on which the person may have come for
        forgotten = began + LONGEST_DUTY // _US
        found = [(began, min(ended, forgotten))]
        for shift in self._shifts[who]:
            if shift.start < forgotten:
                start = max(forgotten, shift.planned)
                found.append((start, min(ended, shift.end, shift.dropped)))
        return _united(found)

    def _summed(self) -> "_Sums":
        if self._sums is None:
            running = (
                stretch
                for who, began in self._began.items()
                for stretch in self._worked(who, began, _NEVER)
            )
            self._sums = _Sums([*self._over, *running], self._watched, self._seats.count)
        return self._sums


def _is_same(one: _Shift, other: _Shift) -> bool:
    return (one.role, one.start, one.end) == (other.role, other.start, other.end)


def _united(stretches: Iterable[_Stretch]) -> Iterable[_Stretch]:
    # one person is paid once, whatever their roles
    until = -_NEVER
    for start, end in sorted(stretches):
        if end > max(start, until):
            yield max(start, until), end
            until = end


class _Sums:
    # the room as a step function of time: how many from each change on, and what was worked before

    def __init__(self, duties: Iterable[_Stretch], watched: Iterable[_Stretch], seats: int) -> None:
        changes: dict[int, list[int]] = {}
        for kind, stretches in enumerate((duties, watched)):
            for start, end in stretches:
                changes.setdefault(start, [0, 0])[kind] += 1
                changes.setdefault(end, [0, 0])[kind] -= 1
        self._at: list[int] = []
        self._people: list[int] = []
        self._worked: list[int] = []
        on_duty = is_on = worked = 0
        for at in sorted(changes):
            if self._at:
                worked += self._people[-1] * (at - self._at[-1])
            on_duty += changes[at][0]
            is_on += changes[at][1]
            self._at.append(at)
            self._people.append(max(seats, on_duty) if is_on else on_duty)
            self._worked.append(worked)

    def people(self, at: int) -> int:
        place = bisect_right(self._at, at) - 1
        return self._people[place] if place >= 0 else 0

    def until(self, at: int) -> int:
        # people times microseconds up to a moment
        place = bisect_right(self._at, at) - 1
        if place < 0:
            return 0
        return self._worked[place] + self._people[place] * (at - self._at[place])

    def unbroken(self, at: int, least: int) -> int | None:
        # since when somebody was there without a break, looking back no further than ``least``
        place = bisect_right(self._at, at) - 1
        began = None
        while place >= 0 and self._people[place] and (began is None or began > least):
            began = max(self._at[place], least)
            place -= 1
        return began


def _us(at: datetime) -> int:
    return (at - _EPOCH) // _US


def _moment(us: int) -> datetime:
    return _EPOCH + us * _US
