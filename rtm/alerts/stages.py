"""The way of an alert to a target, as a list of stages: the list is the policy.

Be a notice, an alert on its way to one target: each stage says the first moment at which you may
pass it, or that you never may as things stand. You pass when all say now; whoever passes together,
about one kind and to one target, goes out as one message.

References
----------
Prometheus Alertmanager, notify/notify.go: MuteStage, WaitStage, DedupStage as a MultiStage; and
dispatch/dispatch.go for groups. Deviation: a stage answers with a moment, not with the alerts that
it lets through, so that the same list also tells when to look again; groups are by kind and target.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from rtm.alerting import AlertsConfig, Quiet, Route, time_of
from rtm.alerts.alert import ALARMS, Acknowledgement, Alert, Silence

What = Literal["news", "unanswered", "over"]
MOST_ROUNDS = 1_000  # a silence may end in quiet hours, which may end in a silence, and so on


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A target was told of it by a route, when, and by which message."""

    route: str
    target: str
    at: datetime
    message: str


class Standing(msgspec.Struct, kw_only=True):
    """An alert as it stands: since when it is known, whom it was told, whether anybody has it.

    ``closed`` says who was told of its end.
    """

    alert: Alert
    since: datetime
    told: list[Told] = []
    acknowledged: Acknowledgement | None = None
    resolved_at: datetime | None = None
    note: str = ""
    closed: list[Told] = []

    def told_by(self, route: str) -> datetime | None:
        """Return when a route first told it, or None."""
        return min((one.at for one in self.told if one.route == route), default=None)


@dataclass(frozen=True, slots=True)
class Notice:
    """An alert on its way to a target; ``after`` is the route that nobody answered."""

    standing: Standing
    what: What
    route: Route
    target: str
    after: str | None = None


@dataclass(slots=True)
class Policy:
    """What stages go by besides the notice."""

    config: AlertsConfig
    silences: Mapping[str, Silence]
    stages: Sequence["Stage"]
    routes: Mapping[str, Route] = field(init=False)

    def __post_init__(self) -> None:
        self.routes = {route.name: route for route in self.config.routes}


Stage = Callable[[Notice, datetime, Policy], datetime | None]


def notices(standing: Standing, policy: Policy) -> Iterator[Notice]:
    """Yield all that could be said of an alert: as news, as unanswered to who is next, as over."""
    for route in policy.config.routes:
        if standing.alert.kind in route.kinds:
            for target in route.targets:
                yield Notice(standing, "news", route, target)
    for name in dict.fromkeys(one.route for one in standing.told):
        before = policy.routes.get(name)
        if before is not None and before.escalate_to is not None:
            route = policy.routes[before.escalate_to]
            for target in route.targets:
                yield Notice(standing, "unanswered", route, target, after=name)
    if standing.resolved_at is not None:
        for one in {one.target: one for one in reversed(standing.told)}.values():
            if one.route in policy.routes:
                yield Notice(standing, "over", policy.routes[one.route], one.target)


def dedupe(notice: Notice, at: datetime, policy: Policy) -> datetime | None:
    """Nobody is told twice: not by two routes either, but by each route that is next."""
    told, what = notice.standing.told, notice.what
    if what == "over":
        is_closed = any(one.target == notice.target for one in notice.standing.closed)
        return None if is_closed else at
    is_known = any(
        one.target == notice.target and (what == "news" or one.route == notice.route.name)
        for one in told
    )
    return None if is_known else at


def acknowledge(notice: Notice, at: datetime, policy: Policy) -> datetime | None:
    """Nobody else is called once a person has it; of an alarm's end they are told all the same."""
    return None if notice.standing.acknowledged and notice.what != "over" else at


def resolve(notice: Notice, at: datetime, policy: Policy) -> datetime | None:
    """Keep what is over from being news; only of alarms people are told that they are over."""
    over_at = notice.standing.resolved_at
    if notice.what != "over":
        return at if over_at is None else None
    is_told = over_at is not None and notice.standing.alert.kind in ALARMS
    return max(at, over_at) if over_at is not None and is_told else None


def escalate(notice: Notice, at: datetime, policy: Policy) -> datetime | None:
    """Let who is next know only when who was told before had time to answer."""
    if notice.after is None:
        return at
    told_at = notice.standing.told_by(notice.after)
    if told_at is None:
        return None
    return max(at, told_at + timedelta(seconds=policy.config.escalate_after_s))


def silence(notice: Notice, at: datetime, policy: Policy) -> datetime | None:
    """Nothing passes while a silence covers it."""
    ends = (
        one.until
        for one in policy.silences.values()
        if one.at <= at < one.until and one.covers(notice.standing.alert)
    )
    return max(ends, default=at)


def quiet(notice: Notice, at: datetime, policy: Policy) -> datetime | None:
    """In a route's quiet hours only what is critical passes."""
    hours = notice.route.quiet
    return at if hours is None or notice.standing.alert.is_critical else quiet_end(hours, at)


STAGES: tuple[Stage, ...] = (dedupe, acknowledge, resolve, escalate, silence, quiet)


@lru_cache(maxsize=1024)
def quiet_end(hours: Quiet, at: datetime) -> datetime:
    """Return the end of the quiet hours that a moment is in; the moment itself outside of them.

    >>> hours = Quiet(start="22:00", end="07:00", zone="Europe/Tallinn")
    >>> quiet_end(hours, datetime(2026, 1, 5, 21, tzinfo=UTC)).isoformat()
    '2026-01-06T05:00:00+00:00'
    """
    zone, start, end = ZoneInfo(hours.zone), time_of(hours.start), time_of(hours.end)
    today = at.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        last = day if end > start else day + timedelta(days=1)
        begins = datetime.combine(day, start, zone).astimezone(UTC)
        ends = datetime.combine(last, end, zone).astimezone(UTC)
        if begins <= at < ends:
            return ends
    return at


def earliest(notice: Notice, at: datetime, policy: Policy) -> datetime | None:
    """Return the first moment, not before ``at``, at which a notice passes all stages."""
    for _ in range(MOST_ROUNDS):
        begun = at
        for stage in policy.stages:
            passes_at = stage(notice, at, policy)
            if passes_at is None:
                return None
            at = passes_at
        if at == begun:
            return at
    return None


def gathered(
    group: Collection[Notice], at: datetime, sent_at: datetime | None, policy: Policy
) -> tuple[datetime, list[Notice]] | None:
    """Return when a group's next message goes out, not before ``at``, and what is in it then.

    It waits ``group_wait_s`` from its first notice on, and ``group_every_s`` from the message
    before. None when nothing of it may go out as things stand.
    """
    firsts = [
        first
        for notice in group
        if (first := earliest(notice, notice.standing.since, policy)) is not None
    ]
    if not firsts:
        return None
    at = max(at, min(firsts) + timedelta(seconds=policy.config.group_wait_s))
    if sent_at is not None:
        at = max(at, sent_at + timedelta(seconds=policy.config.group_every_s))
    passing = [(earliest(notice, at, policy), notice) for notice in group]
    moments = [moment for moment, _ in passing if moment is not None]
    if not moments:
        return None
    next_at = min(moments)
    return next_at, [notice for moment, notice in passing if moment == next_at]
