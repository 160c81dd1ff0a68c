"""What a day at the desk came to, as a fold of the record; ``digest_mail`` writes it down.

Be an opportunity of that day: you stand in it with what became of you, whoever reads it. The time
that each step took you is counted where the step ended, if only that is of the day.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median

from rtm.alerts.day import Alarm, Digest, Moment, Post, Took
from rtm.alerts.house import Hole
from rtm.decisions import (
    Approved,
    Asked,
    Breached,
    Claimed,
    Dismissed,
    Drafted,
    Expired,
    Fired,
    Leaked,
    Measured,
    Opened,
    Recalled,
    Record,
    Refused,
    Released,
    Returned,
    Sent,
    Submitted,
    Unknown,
    Unlocked,
    Withdrawn,
)
from rtm.desk import rota
from rtm.desk.cost_clock import CostClock
from rtm.desk.newsroom import Newsroom, Shift
from rtm.desk.roles import Person
from rtm.desk.rota import ALWAYS, Reach
from rtm.orders import CrisisDeclared, CrisisOver, Resumed, ShiftDropped, ShiftPlanned, Stopped
from rtm.text.screening import Screening
from rtm.types import OpportunityFound, OpportunityLocked, OpportunityTried

AHEAD = timedelta(hours=40)  # from eight in the morning to the end of tomorrow
STEPS = ("found to claimed", "claimed to handed in", "handed in to approved", "approved to fired")
IN_ALL = "found to fired"
OF_ALL = ("stopped", "crisis")  # alarms that hold for all work, as long as they last

_Known = tuple[str, str, str]  # channel, account, key


def digest_of(
    records: Iterable[Record],
    start: datetime,
    end: datetime,
    *,
    screening: Screening,
    holes: Collection[Hole] | None = None,
    cost: CostClock | None = None,
) -> Digest:
    """Return the digest of a day.

    Parameters
    ----------
    records
        All that was kept, from the beginning or at least well before ``start``, in order.
    holes
        Stretches ahead in which nobody of a role is planned; None where nobody looked.
    cost
        Told of nothing yet, it reckons what the day cost; None where that is nobody's business.
    """
    day = _Day(start, end, screening)
    for record in records:
        if record.at < end:
            day.tell(record)
            if cost is not None:
                cost.tell(record)
    return day.digest(holes, None if cost is None else cost.eur(start, end))


def holes_ahead(
    shifts: Collection[Shift], people: Iterable[Person], now: datetime, reach: Reach = ALWAYS
) -> list[rota.Hole]:
    """Return the stretches up to the end of tomorrow in which nobody of a role is planned.

    ``people`` are those who may log in; roles are those for which a rota is kept.
    """
    filled = rota.able(shifts, people)
    roles = rota.roles_of(shifts, now)
    return sorted(
        hole for role in roles for hole in rota.holes(filled, role, now, now + AHEAD, reach)
    )


class _Day:
    def __init__(self, start: datetime, end: datetime, screening: Screening) -> None:
        self._start, self._end, self._screening = start, end, screening
        self._titles: dict[str, str] = {}
        self._courses: dict[str, dict[str, datetime]] = {}  # when each step was taken last
        self._moments: dict[str, Moment] = {}
        self._posts: dict[_Known, Post] = {}
        self._took: dict[str, list[float]] = {step: [] for step in (*STEPS, IN_ALL)}
        self._counts: Counter[str] = Counter()
        self._breaches: Counter[str] = Counter()
        self._alarms: list[Alarm] = []
        self._lasting: dict[str, Alarm] = {}
        self._leaked: dict[str, datetime] = {}
        self._newsroom = Newsroom()

    def tell(self, record: Record) -> None:
        match record:
            case OpportunityFound() | OpportunityTried() | OpportunityLocked():
                self._from_engine(record)
            case Opened():
                self._titles[record.opportunity] = self._screening.shown(record.title)
                self._courses.setdefault(record.opportunity, {})
            case Leaked() if self._is_today(record.at):
                self._leaked.setdefault(record.label, record.at)
            case ShiftPlanned() | ShiftDropped():
                self._newsroom.tell(record)
            case Breached() if self._is_today(record.at):
                self._breaches[record.rule] += 1
            case Stopped():
                self._begin(
                    "stopped", f"All stopped by {record.who}: {self._fit(record.reason)}", record.at
                )
            case CrisisDeclared():
                self._begin(
                    "crisis",
                    f"Crisis declared by {record.who}: {self._fit(record.what)}",
                    record.at,
                )
            case Resumed():
                self._finish("stopped", record.at)
            case CrisisOver():
                self._finish("crisis", record.at)
            case Fired() | Sent() | Refused() | Unknown() | Recalled() | Withdrawn() | Measured():
                self._post(record)
            case _:
                self._step(record)

    def digest(self, holes: Collection[Hole] | None, cost_eur: float | None) -> Digest:
        until = self._end + AHEAD
        shifts = (one for one in self._newsroom.shifts if one.start < until and one.end > self._end)
        took = ((step, seconds) for step, seconds in self._took.items() if seconds)
        alarms = [*self._alarms]
        for label, at in self._leaked.items():
            alarms.append(Alarm(at, f"A post gave a secret away: {self._fit(label)}", at))
        for name, alarm in self._lasting.items():  # of a card it is news on one morning only
            if name in OF_ALL or alarm.at >= self._start:
                alarms.append(alarm)
        return Digest(
            start=self._start,
            end=self._end,
            found=self._counts["found"],
            claimed=self._counts["claimed"],
            let_go=self._counts["dismissed"],
            expired=self._counts["expired"],
            moments=tuple(self._moments.values()),
            posts=tuple(post for post in self._posts.values() if self._is_today(post.at)),
            took=tuple(Took(step, median(seconds), len(seconds)) for step, seconds in took),
            breaches=tuple(self._breaches.most_common()),
            alarms=tuple(sorted(alarms, key=lambda one: one.at)),
            shifts=tuple(sorted(shifts)),
            holes=None if holes is None else self._ahead(holes, until),
            cost_eur=cost_eur,
        )

    def _ahead(self, holes: Collection[Hole], until: datetime) -> tuple[Hole, ...]:
        ahead = (one for one in holes if one.start < until and one.end > self._end)
        return tuple(sorted(ahead, key=lambda one: (one.start, one.role)))

    def _from_engine(self, record: OpportunityFound | OpportunityTried | OpportunityLocked) -> None:
        told = record.opportunity
        title = self._titles[told.id] = self._screening.shown(told.story.title)
        course = self._courses.setdefault(told.id, {})
        is_new = "found" not in course
        if isinstance(record, OpportunityTried):
            return
        if isinstance(record, OpportunityLocked):
            self._became(told.id, f"locked: {self._fit(record.reason)}")
            self._begin(
                f"locked/{told.id}", f"Locked: {title} ({self._fit(record.reason)})", record.at
            )
            return
        if is_new:
            course["found"] = record.at
        if is_new and self._is_today(record.at):
            self._counts["found"] += 1
            owner = "claimed" in course
            became = "claimed before it was found" if owner else "nobody took it on"
            self._moments[told.id] = Moment(told.id, title, told.score, record.at, became)

    def _step(self, record: Record) -> None:
        id = getattr(record, "opportunity", None)
        course = self._courses.get(id) if isinstance(id, str) else None
        if course is None or not isinstance(id, str):
            return
        match record:
            case Claimed():
                self._count("claimed", record.at)
                self._reach(course, "claimed", record.at, since="found")
                self._became(id, f"claimed by {record.who}")
            case Released():
                self._became(id, f"given back by {record.who}")
            case Drafted():
                course.pop("submitted", None)
                course.pop("approved", None)
                self._became(id, f"written by {record.who}")
            case Submitted():
                self._reach(course, "submitted", record.at, since="claimed")
                self._became(id, f"handed in by {record.who}")
            case Asked():
                self._became(id, f"waits for {record.approver}")
            case Returned():
                course.pop("submitted", None)
                self._became(id, f"returned by {record.who}")
            case Approved(is_last=False):
                self._became(id, f"approved by {record.who}, one more has to")
            case Approved():
                self._reach(course, "approved", record.at, since="submitted")
                self._became(id, f"approved by {record.who}")
            case Unlocked():
                self._finish(f"locked/{id}", record.at)
                self._became(id, f"unlocked by {record.who}: {self._fit(record.reason)}")
            case Dismissed():
                self._count("dismissed", record.at)
                self._finish(f"locked/{id}", record.at)
                self._became(id, f"let go by {record.who}: {self._fit(record.reason)}")
            case Expired():
                self._count("expired", record.at)
                self._finish(f"locked/{id}", record.at)
                self._became(id, "nobody took it on in time")

    def _post(
        self, record: Fired | Sent | Refused | Unknown | Recalled | Withdrawn | Measured
    ) -> None:
        known = (record.channel, record.account, record.key)
        if isinstance(record, Fired):
            course = self._courses.setdefault(record.opportunity, {})
            self._reach(course, "fired", record.at, since="approved")
            title = self._titles.get(record.opportunity, record.opportunity)
            self._posts[known] = Post(title, record.channel, record.account, record.who, record.at)
            self._became(record.opportunity, f"fired by {record.who}")
            return
        post = self._posts.get(known)
        if post is None:
            return
        match record:
            case Sent():
                post = replace(post, became="out", url=record.url)
                self._finish(f"unknown/{known}", record.at)
            case Refused():
                post = replace(post, became=f"refused: {record.reason}")
                self._finish(f"unknown/{known}", record.at)
            case Unknown():
                post = replace(post, became=f"nobody knows: {record.reason}")
                what = f"Nobody knew whether a post to {record.channel} was out: {post.title}"
                self._begin(f"unknown/{known}", what, record.at)
            case Recalled():
                post = replace(post, became=f"taken back by {record.who}: {record.reason}")
            case Withdrawn():
                post = replace(post, became=f"deleted by {record.who}: {record.reason}")
            case Measured():
                told = {name: getattr(record, name) for name in _COUNTS}
                post = replace(post, **{n: c for n, c in told.items() if c is not None})
        self._posts[known] = post

    def _reach(self, course: dict[str, datetime], step: str, at: datetime, *, since: str) -> None:
        before = course.get(since)
        course[step] = at
        if not self._is_today(at):
            return
        if before is not None:
            self._took[_NAMES[step]].append((at - before).total_seconds())
        if step == "fired" and (found := course.get("found")) is not None:
            self._took[IN_ALL].append((at - found).total_seconds())

    def _became(self, id: str, words: str) -> None:
        if id in self._moments:
            self._moments[id] = replace(self._moments[id], became=words)

    def _begin(self, name: str, what: str, at: datetime) -> None:
        self._lasting.setdefault(name, Alarm(at, what))

    def _finish(self, name: str, at: datetime) -> None:
        alarm = self._lasting.pop(name, None)
        if alarm is not None and at >= self._start:
            self._alarms.append(replace(alarm, over_at=at))

    def _count(self, what: str, at: datetime) -> None:
        if self._is_today(at):
            self._counts[what] += 1

    def _is_today(self, at: datetime) -> bool:
        return self._start <= at < self._end

    def _fit(self, text: str) -> str:
        return self._screening.shown(text).strip().rstrip(".")


_NAMES = dict(zip(("claimed", "submitted", "approved", "fired"), STEPS, strict=True))
_COUNTS = ("replies", "reposts", "likes", "views")
