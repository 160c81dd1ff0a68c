"""Alerts and a small configuration, as the tests here tell them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from rtm.alerting import AlertsConfig, Kind, Quiet, Route, Target
from rtm.alerts.alert import Alert, Delivery, Silence

START = datetime(2026, 1, 5, 12, tzinfo=UTC)
NIGHT = Quiet(start="22:00", end="07:00", zone="Europe/Tallinn")


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def slack(name: str) -> Target:
    return Target(name=name, kind="slack", url_env="RTM_ALERTS_SLACK")


def config(**changes: Any) -> AlertsConfig:
    """Return two routes: the team, and the lead whom it is passed on to."""
    routes = (
        Route(
            name="desk",
            kinds=("opportunity", "approval", "crisis", "stopped"),
            targets=("team",),
            escalate_to="leads",
        ),
        Route(name="leads", targets=("lead",)),
    )
    told: dict[str, Any] = {"targets": (slack("team"), slack("lead")), "routes": routes}
    return AlertsConfig(**{**told, **changes})


def alert(fingerprint: str = "opportunity/o1", **changes: Any) -> Alert:
    kind, _, card = fingerprint.partition("/")
    told: dict[str, Any] = {
        "kind": kind,
        "title": "the lights went out",
        "text": "Open until 12:05 UTC.",
        "since": START,
        "card": card or None,
    }
    return Alert(fingerprint=fingerprint, **{**told, **changes})


def silence(id: str = "s1", *, until_s: float, at_s: float = 0.0, **covers: Any) -> Silence:
    return Silence(id=id, at=after(at_s), until=after(until_s), who="mia", why="we know", **covers)


def told(deliveries: list[Delivery]) -> list[tuple[str, Kind, list[str], list[str], list[str]]]:
    """Return of each message its target and kind, and whom it names as new, unanswered, over."""
    return [
        (
            one.target,
            one.kind,
            [it.fingerprint for it in one.news],
            [it.fingerprint for it in one.unanswered],
            [it.alert.fingerprint for it in one.over],
        )
        for one in deliveries
    ]
