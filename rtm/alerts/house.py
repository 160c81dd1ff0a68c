"""From how the house stands, second by second, to what people are to be told of it.

Be a trouble: you must last a while before anybody hears of you, since a shift changes and a stream
breaks off, and most are back soon. Only a hole in the rota is told at once: it lies ahead.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

import msgspec

from rtm.alerting import Kind
from rtm.alerts.alert import Alert, Change, Resolution

PATIENCE = timedelta(seconds=30)  # when a screen shows a source as lost, too
OF_THE_HOUSE: frozenset[Kind] = frozenset(("moderator", "rota", "source"))
"""Kinds of which no record tells, but the state of the house."""

_NOTES = {
    "moderator": "One is on duty",
    "source": "It is heard again",
    "rota": "Somebody is planned, or it has passed",
}


class Hole(Protocol):
    """A stretch in which nobody of a role is planned."""

    @property
    def start(self) -> datetime: ...  # noqa: D102
    @property
    def end(self) -> datetime: ...  # noqa: D102
    @property
    def role(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class HouseState:
    """How the house stands, told every second.

    ``has_moderator`` is None where nobody keeps duty; ``holes`` are those that people shall know of
    by now; ``lost`` are the names of sources that are not heard, those that only try among them.
    """

    has_moderator: bool | None = None
    holes: Sequence[Hole] = ()
    lost: Sequence[str] = ()


class Troubles:
    """What is wrong with the house, since when, and whether it was told."""

    def __init__(self) -> None:
        self._since: dict[str, datetime] = {}
        self._told: set[str] = set()
        self._holes: dict[str, Hole] = {}

    def begin(self, standing: Iterable[Alert]) -> None:
        """Take up those that were told before rtm stopped."""
        for alert in standing:
            if alert.kind in OF_THE_HOUSE:
                self._since[alert.fingerprint] = alert.since
                self._told.add(alert.fingerprint)

    def state(self, state: HouseState, at: datetime) -> list[Change]:
        """Return what of it people must be told, in order."""
        troubles: dict[str, Alert] = {}
        if state.has_moderator is False:
            text = "No grave story can be unlocked until one is there."
            troubles["moderator"] = _trouble("moderator", "moderator", "", text, at)
        for source in state.lost:
            fingerprint, text = f"source/{source}", "Nothing is heard from it."
            troubles[fingerprint] = _trouble("source", fingerprint, source, text, at)
        for fingerprint, hole in self._followed(state.holes).items():
            troubles[fingerprint] = _trouble("rota", fingerprint, hole.role, _span(hole), at)
        return [*self._begun(troubles, at), *self._ended(troubles)]

    def _begun(self, troubles: dict[str, Alert], at: datetime) -> Iterator[Change]:
        for fingerprint, alert in troubles.items():
            since = self._since.setdefault(fingerprint, at)
            is_short = alert.kind != "rota" and at - since < PATIENCE
            if fingerprint not in self._told and not is_short:
                self._told.add(fingerprint)
                yield msgspec.structs.replace(alert, since=since)

    def _ended(self, troubles: dict[str, Alert]) -> Iterator[Change]:
        for fingerprint in [one for one in self._since if one not in troubles]:
            del self._since[fingerprint]
            if fingerprint in self._told:
                self._told.discard(fingerprint)
                note = _NOTES[fingerprint.partition("/")[0]]
                yield Resolution(fingerprint=fingerprint, note=note)

    def _followed(self, holes: Iterable[Hole]) -> dict[str, Hole]:
        # the same hole, though its ends move with the time from which and up to which one looks
        followed: dict[str, Hole] = {}
        for hole in holes:
            same = (
                fingerprint
                for fingerprint, known in self._holes.items()
                if known.role == hole.role and known.start < hole.end and hole.start < known.end
            )
            begun = f"rota/{hole.role}/{hole.start.astimezone(UTC):%Y-%m-%dT%H:%M}"
            followed[next((one for one in same if one not in followed), begun)] = hole
        self._holes = followed
        return followed


def _trouble(kind: Kind, fingerprint: str, title: str, text: str, at: datetime) -> Alert:
    return Alert(
        fingerprint=fingerprint,
        kind=kind,
        title=title,
        text=text,
        since=at,
        is_critical=kind != "rota",  # which lies ahead
    )


def _span(hole: Hole) -> str:
    start, end = hole.start.astimezone(UTC), hole.end.astimezone(UTC)
    return f"From {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC nobody is planned."
