"""What is alert, who was told, what failed; and what people say to it: I have it, be silent."""

from datetime import timedelta
from typing import Annotated, Protocol

import msgspec
from aiohttp import web

from rtm.alerting import Kind
from rtm.alerts.alert import LONGEST_WHY, Silence
from rtm.alerts.view import AlertsView, silence_view
from rtm.desk.roles import Role
from rtm.errors import IllegalMove
from rtm.web.api import key_of, read, refused, told
from rtm.web.guard import PERSON

MAY_TAKE_ON: frozenset[Role] = frozenset(("writer", "approver", "moderator", "responder", "admin"))
MAY_SILENCE: frozenset[Role] = frozenset(("approver", "moderator", "admin"))
LONGEST_MINUTES = 7 * 24 * 60  # a longer one is forgotten; a route is changed instead


class Alerts(Protocol):
    """Who tells people away from the board."""

    def view(self) -> AlertsView:
        """Return all that there is to show."""
        ...

    def acknowledge(self, id: str, who: str) -> None:
        """Let a person take an alert on; KeyError where none with that id stands."""
        ...

    def silence(
        self, who: str, why: str, lasts: timedelta, *, kind: Kind | None, card: str | None, key: str
    ) -> Silence:
        """Let nothing be told for a while, once for a key; IllegalMove says why not."""
        ...

    def end_silence(self, id: str, who: str) -> None:
        """End a silence before its time; KeyError where there is none."""
        ...


class SilenceWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of what nothing shall be told, for how long, and why."""

    minutes: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_MINUTES)]
    why: Annotated[str, msgspec.Meta(max_length=LONGEST_WHY)]
    kind: Kind | None = None
    card: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None


def routes(alerts: Alerts) -> list[web.RouteDef]:
    """Return what is answered about alerts."""
    door = _Door(alerts)
    return [
        web.get("/api/alerts", door.show),
        web.post("/api/alerts/{id}/acknowledge", door.acknowledge),
        web.post("/api/silences", door.silence),
        web.delete("/api/silences/{id}", door.end_silence),
    ]


class _Door:
    def __init__(self, alerts: Alerts) -> None:
        self._alerts = alerts

    async def show(self, request: web.Request) -> web.StreamResponse:
        return told(msgspec.structs.asdict(self._alerts.view()))

    async def acknowledge(self, request: web.Request) -> web.StreamResponse:
        if not request[PERSON].roles & MAY_TAKE_ON:
            return refused(403, "acknowledge: only who works at the desk may")
        try:
            self._alerts.acknowledge(request.match_info["id"], request[PERSON].name)
        except KeyError:
            return refused(404, "This alert is over already.")
        return told({"done": "acknowledged"})

    async def silence(self, request: web.Request) -> web.StreamResponse:
        key, wish = key_of(request), await read(request, SilenceWish)
        if not request[PERSON].roles & MAY_SILENCE:
            return refused(403, _NOT_YOURS)
        try:
            made = self._alerts.silence(
                request[PERSON].name,
                wish.why,
                timedelta(minutes=wish.minutes),
                kind=wish.kind,
                card=wish.card,
                key=key,
            )
        except IllegalMove as error:
            return refused(409, str(error))
        return told({"silence": silence_view(made)})

    async def end_silence(self, request: web.Request) -> web.StreamResponse:
        if not request[PERSON].roles & MAY_SILENCE:
            return refused(403, _NOT_YOURS)
        try:
            self._alerts.end_silence(request.match_info["id"], request[PERSON].name)
        except KeyError:
            return refused(404, "This silence is over already.")
        return told({"done": "ended"})


_NOT_YOURS = "silence: an approver, a moderator or an admin may"
