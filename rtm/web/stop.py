"""The kill switch and what else holds for the whole house: stop, resume, a crisis and its end."""

from typing import Annotated

import msgspec
from aiohttp import web

from rtm.desk.deciding import NotAllowed
from rtm.orders import CrisisDeclared, CrisisOver
from rtm.web.api import key_of, read, refused, told
from rtm.web.guard import PERSON
from rtm.web.parts import DESK, ROOM

DECLARERS = frozenset({"moderator", "approver", "admin"})


class Why(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why, in a person's words."""

    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""


class Crisis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether there is a crisis, and what it is."""

    is_open: bool
    what: Annotated[str, msgspec.Meta(max_length=300)] = ""


async def stop(request: web.Request) -> web.StreamResponse:
    """Answer POST /api/stop: nothing more leaves; what was taken back, and what had left."""
    key, why = key_of(request), await read(request, Why)
    try:
        recalled, in_the_air, left = await request.app[DESK].stop(
            request[PERSON], why.reason, key=key
        )
    except NotAllowed as error:
        return refused(403, str(error))
    kept_back = [{"card": one.opportunity, "channel": one.channel} for one in recalled]
    return told({"kept_back": kept_back, "in_the_air": in_the_air, "left": left})


async def resume(request: web.Request) -> web.StreamResponse:
    """Answer POST /api/resume."""
    key, _ = key_of(request), await read(request, Why)
    try:
        await request.app[DESK].resume(request[PERSON], key=key)
    except NotAllowed as error:
        return refused(403, str(error))
    return told({"done": "resume"})


async def crisis(request: web.Request) -> web.StreamResponse:
    """Answer POST /api/crisis: declare one, or that it is over."""
    key, said = key_of(request), await read(request, Crisis)
    person, room = request[PERSON], request.app[ROOM]
    if not DECLARERS & person.roles:
        return refused(403, f"crisis: {person.name} has not the role for it; a moderator may")
    what = " ".join(said.what.split())
    if said.is_open and not what:
        return refused(400, "what: say what the crisis is, in a few words.")
    if said.is_open:
        await room.house(CrisisDeclared(at=room.now(), who=person.name, what=what), key=key)
    else:
        await room.house(CrisisOver(at=room.now(), who=person.name), key=key)
    return told({"is_open": said.is_open})
