"""Duty and the rota on the web: who is there, who should be, and changes to both."""

import asyncio
from datetime import datetime
from typing import Annotated

import msgspec
from aiohttp import web

from rtm.desk.house import duty_began, duty_ended, named, shift_dropped, shift_planned
from rtm.desk.newsroom import Shift
from rtm.desk.roles import Role
from rtm.desk.rota import shift_id
from rtm.desk.rota_view import rota_view
from rtm.errors import ConfigError, IllegalMove
from rtm.web.api import key_of, read, refused, told
from rtm.web.guard import PERSON
from rtm.web.parts import PEOPLE, ROOM

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]

_ENDERS: frozenset[Role] = frozenset({"admin", "moderator"})


class DutyWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether a person is on duty from now on; ``who`` is the person who asks where not said."""

    on: bool
    who: Name | None = None


class ShiftWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A shift that somebody wants to plan."""

    person: Name
    role: Role
    start: Moment
    end: Moment


class RotaDoor:
    """Show the rota; let people go on duty and off, and admins plan."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def rota(self, request: web.Request) -> web.StreamResponse:
        """Answer GET /api/rota."""
        room = request.app[ROOM]
        people = await asyncio.to_thread(request.app[PEOPLE].all)
        seen = rota_view(
            room.newsroom.shifts, people, room.people_on_duty(), room.now(), reach=room.reach
        )
        return told(msgspec.structs.asdict(seen))

    async def duty(self, request: web.Request) -> web.StreamResponse:
        """Answer POST /api/duty."""
        key, wish = key_of(request), await read(request, DutyWish)
        room, me = request.app[ROOM], request[PERSON]
        who = me.name if wish.who is None else wish.who
        if who != me.name and wish.on:
            return refused(403, "duty: nobody is put on duty by somebody else.")
        if who != me.name and not me.roles & _ENDERS:
            return refused(403, "duty: only a moderator or an admin ends that of somebody else.")
        async with self._turn:
            if not await room.knows(key):
                try:
                    record = (
                        duty_began(who, room.now())
                        if wish.on
                        else duty_ended(room.newsroom, who, room.now(), by=me.name)
                    )
                except IllegalMove as error:
                    return refused(409, str(error))
                await room.house(record, key=key)
        return told({"done": "on" if wish.on else "off", "on_duty": room.people_on_duty()})

    async def plan(self, request: web.Request) -> web.StreamResponse:
        """Answer POST /api/rota/shifts."""
        key, wish, room = key_of(request), await read(request, ShiftWish), request.app[ROOM]
        if (refusal := _not_admin(request)) is not None:
            return refusal
        people = await asyncio.to_thread(request.app[PEOPLE].all)
        try:
            person = named(people, wish.person).name
            wanted = Shift(wish.start, wish.end, person, wish.role)
            async with self._turn:
                if not await room.knows(key):
                    record = shift_planned(
                        room.newsroom, people, wanted, who=request[PERSON].name, at=room.now()
                    )
                    await room.house(record, key=key)
        except ConfigError as error:
            return refused(400, str(error))
        except IllegalMove as error:
            return refused(409, str(error))
        return told({"done": "planned", "shift": shift_id(wanted)})

    async def drop(self, request: web.Request) -> web.StreamResponse:
        """Answer POST /api/rota/shifts/{shift}/drop."""
        key, room, name = key_of(request), request.app[ROOM], request.match_info["shift"]
        if (refusal := _not_admin(request)) is not None:
            return refusal
        async with self._turn:
            if not await room.knows(key):
                shift = next((one for one in room.newsroom.shifts if shift_id(one) == name), None)
                if shift is None:
                    return refused(404, "This shift is not planned any more.")
                record = shift_dropped(
                    room.newsroom, shift, who=request[PERSON].name, at=room.now()
                )
                await room.house(record, key=key)
        return told({"done": "dropped"})


def _not_admin(request: web.Request) -> web.Response | None:
    person = request[PERSON]
    if "admin" in person.roles:
        return None
    return refused(403, f"rota: {person.name} has not the role for it; an admin may.")
