"""What a screen may show of alerts: plain structs that become JSON. Moments are Unix milliseconds.

Addresses of targets stand nowhere in them.
"""

from collections.abc import Collection
from datetime import datetime

import msgspec

from rtm.alerting import Kind
from rtm.alerts.alert import Silence
from rtm.alerts.alerts import Alerts
from rtm.alerts.lane import Lane, Outbound, State
from rtm.alerts.stages import Standing
from rtm.board.view import ms

MOST_DELIVERIES = 50


class AlertView(msgspec.Struct, frozen=True, kw_only=True):
    """An alert that stands; ``told`` are the targets that know of it, ``by`` is who has it."""

    id: str
    kind: Kind
    title: str
    text: str
    since_ms: int
    card: str | None
    asked: str | None
    is_critical: bool
    is_silenced: bool
    told: tuple[str, ...]
    by: str | None


class DeliveryView(msgspec.Struct, frozen=True, kw_only=True):
    """A message to a target; ``at_ms`` is when it was due, ``why`` the latest failure."""

    target: str
    subject: str
    at_ms: int
    state: State
    tries: int
    why: str


class TargetView(msgspec.Struct, frozen=True, kw_only=True):
    """How a target does; ``failed`` says why the latest try failed, null when it did not."""

    name: str
    waiting: int
    sent: int
    failures: int
    given_up: int
    failed: str | None


class SilenceView(msgspec.Struct, frozen=True, kw_only=True):
    """A silence that lasts."""

    id: str
    kind: Kind | None
    card: str | None
    at_ms: int
    until_ms: int
    who: str
    why: str


class AlertsView(msgspec.Struct, frozen=True, kw_only=True):
    """All of it; ``dropped`` alerts had to make room for others."""

    alerts: tuple[AlertView, ...]
    deliveries: tuple[DeliveryView, ...]
    targets: tuple[TargetView, ...]
    silences: tuple[SilenceView, ...]
    dropped: int


def view_of(alerts: Alerts, lanes: Collection[Lane], at: datetime) -> AlertsView:
    """Return what there is to show: newest alerts and deliveries first."""
    silences = alerts.silences(at)
    outbound = [(lane.name, one) for lane in lanes for one in lane.latest]
    outbound.sort(key=lambda it: it[1].message.at, reverse=True)
    return AlertsView(
        alerts=tuple(_alert(one, silences) for one in alerts.standing()),
        deliveries=tuple(_delivery(*one) for one in outbound[:MOST_DELIVERIES]),
        targets=tuple(_target(lane) for lane in lanes),
        silences=tuple(silence_view(one) for one in silences),
        dropped=alerts.dropped,
    )


def silence_view(silence: Silence) -> SilenceView:
    """Return a silence as a screen shows it."""
    return SilenceView(
        id=silence.id,
        kind=silence.kind,
        card=silence.card,
        at_ms=ms(silence.at),
        until_ms=ms(silence.until),
        who=silence.who,
        why=silence.why,
    )


def _alert(standing: Standing, silences: Collection[Silence]) -> AlertView:
    alert = standing.alert
    return AlertView(
        id=alert.id,
        kind=alert.kind,
        title=alert.title,
        text=alert.text,
        since_ms=ms(alert.since),
        card=alert.card,
        asked=alert.asked,
        is_critical=alert.is_critical,
        is_silenced=any(one.covers(alert) for one in silences),
        told=tuple(dict.fromkeys(one.target for one in standing.told)),
        by=standing.acknowledged.who if standing.acknowledged else None,
    )


def _delivery(target: str, outbound: Outbound) -> DeliveryView:
    message = outbound.message
    return DeliveryView(
        target=target,
        subject=message.subject,
        at_ms=ms(message.at),
        state=outbound.state,
        tries=outbound.tries,
        why=outbound.why,
    )


def _target(lane: Lane) -> TargetView:
    return TargetView(
        name=lane.name,
        waiting=len(lane.waiting),
        sent=lane.sent,
        failures=lane.failures,
        given_up=lane.given_up,
        failed=lane.failed,
    )
