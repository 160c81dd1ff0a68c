"""What scripts of the pages ask for: who am I, a step on a card, another pace."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from aiohttp import web

from rtm.board.view import Card
from rtm.desk.deciding import NotAllowed, Wish
from rtm.desk.moments import may_open
from rtm.desk.roles import STEPS
from rtm.draft import Draft
from rtm.errors import IllegalMove, PublishError
from rtm.web.guard import PERSON, longest_body
from rtm.web.parts import DESK, ROOM, Pace

FASTEST = 3_600.0  # seconds of the board's time in one of ours
NOT_WRITING = "Only who may write a draft may do that."
GONE = "This card is not on the board any more."

_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_Shape = TypeVar("_Shape", bound=msgspec.Struct)


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A step that a person wants to take, on the work as it was seen; fields as in ``Wish``.

    A draft may be given whole, or as its ``text`` alone: then all else of it stays.
    """

    work_rev: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    text: str = ""
    draft: Draft | None = None
    channel: Annotated[str, msgspec.Meta(max_length=60)] = ""
    send_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    zone: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    is_out: bool = False
    url: Annotated[str, msgspec.Meta(max_length=2_000, pattern=r"\Ahttps?://")] | None = None


class Look(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A draft that is to be looked over, and when it is to leave."""

    draft: Draft
    send_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class PaceWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the recording shall go on; ``speed`` belongs to ``speed`` alone."""

    do: Literal["pause", "resume", "next", "speed"]
    speed: Annotated[float, msgspec.Meta(gt=0, le=FASTEST)] | None = None


async def me(request: web.Request) -> web.StreamResponse:
    """Answer GET /api/me."""
    person = request[PERSON]
    return told(
        {
            "name": person.name,
            "roles": sorted(person.roles),
            "may": [step for step in STEPS if person.may(step)],
            "may_open": may_open(person),
        }
    )


async def stories(request: web.Request) -> web.StreamResponse:
    """Answer GET /api/stories: what is followed, and why it was offered or not."""
    return told({"stories": request.app[ROOM].verdicts()})


async def step(request: web.Request) -> web.StreamResponse:
    """Answer POST /api/cards/{card}/{step}."""
    card, room = request.match_info["card"], request.app[ROOM]
    step = next((step for step in STEPS if step == request.match_info["step"]), None)
    if step is None:
        return refused(400, f"There is no such step; there are {', '.join(STEPS)}.")
    key, asked = key_of(request), await read(request, Asked)
    wish = Wish(
        step=step,
        text=asked.text,
        draft=asked.draft,
        channel=asked.channel,
        send_at=asked.send_at,
        zone=asked.zone,
        is_out=asked.is_out,
        url=asked.url,
    )
    try:
        after = await request.app[DESK].decide(
            request[PERSON], card, wish, work_rev=asked.work_rev, key=key
        )
    except NotAllowed as error:
        return refused(403, str(error))
    except IllegalMove as error:  # a screen that was too old, too
        return refused(409, str(error), card=room.card(card), rule=error.rule)
    except PublishError as error:
        return refused(502, str(error), card=room.card(card))
    except KeyError:
        return refused(404, GONE)
    return told({"card": after})


async def look_over(request: web.Request) -> web.StreamResponse:
    """Answer POST /api/cards/{card}/check: all that is wrong with a draft, nothing is kept."""
    if not request.app[DESK].may_write(request[PERSON]):
        return refused(403, NOT_WRITING)
    look = await read(request, Look)
    try:
        found = await request.app[DESK].looked_over(
            request.match_info["card"], look.draft, look.send_at
        )
    except KeyError:
        return refused(404, GONE)
    return told({"complaints": found})


class PaceDoor:
    """Let the people who watch a recording say how fast it goes; ``on_change`` tells screens."""

    def __init__(self, pace: Pace, on_change: Callable[[], object]) -> None:
        self._pace = pace
        self._on_change = on_change

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer POST /api/pace."""
        wish = await read(request, PaceWish)
        if (wish.do == "speed") != (wish.speed is not None):
            return refused(400, "speed: a number belongs to the wish for a speed, and to no other.")
        match wish.do:
            case "pause":
                self._pace.pause()
            case "resume":
                self._pace.resume()
            case "next":
                self._pace.next_moment()
            case "speed":
                self._pace.set_speed(wish.speed or 1.0)
        self._on_change()
        return told({"done": wish.do})


async def nothing(request: web.Request) -> web.StreamResponse:
    """Answer what the API does not know."""
    raise web.HTTPNotFound


def told(answer: dict[str, Any], status: int = 200) -> web.Response:
    """Return JSON; the values are whatever msgspec can write."""
    return web.Response(
        body=msgspec.json.encode(answer), status=status, content_type="application/json"
    )


def refused(status: int, error: str, **more: Card | str | None) -> web.Response:
    """Return an error in words, as JSON."""
    return told({"error": error, **more}, status)


def key_of(request: web.Request) -> str:
    """Return the key by which a step is taken once; without one, the answer is 400."""
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise web.HTTPBadRequest(
            text="Idempotency-Key: 1 to 64 of A-Z, a-z, 0-9, _ and - are needed."
        )
    return key


async def read(request: web.Request, shape: type[_Shape]) -> _Shape:
    """Return what was asked for, in its shape; anything else is answered with what is wrong."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        whole = request.clone(client_max_size=longest_body(request))
        return msgspec.json.decode(await whole.read(), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise web.HTTPBadRequest(text=str(error)) from error
