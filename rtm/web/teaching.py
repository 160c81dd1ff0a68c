"""What a team teaches: what it is asked, what it says of posts, what was learned of it."""

import re

import msgspec
from aiohttp import web

from rtm.decisions import Learned, What
from rtm.desk.deciding import NotAllowed
from rtm.web.api import key_of, read, refused, told
from rtm.web.guard import PERSON
from rtm.web.parts import ROOM

LONGEST_ID = 1000

_POST = re.compile(rf"[^\x00-\x1f]{{1,{LONGEST_ID}}}")


class LabelWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person says of a post."""

    post: str
    what: What
    is_so: bool


class ForgetWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of what all shall be forgotten that was taught."""

    what: Learned


async def questions(request: web.Request) -> web.StreamResponse:
    """Answer GET /api/questions: posts that the team is asked about, and notes for it."""
    room = request.app[ROOM]
    return told({"questions": room.questions(), "notes": room.notes()})


async def label(request: web.Request) -> web.StreamResponse:
    """Answer POST /api/labels."""
    key, wish = key_of(request), await read(request, LabelWish)
    if not _POST.fullmatch(wish.post):
        return refused(400, f"post: an id of 1 to {LONGEST_ID} letters is needed.")
    try:
        await request.app[ROOM].label(
            request[PERSON], wish.post, what=wish.what, is_so=wish.is_so, key=key
        )
    except KeyError:
        return refused(404, "This post is not on the desk any more.")
    return told({"done": "labelled"})


async def learned(request: web.Request) -> web.StreamResponse:
    """Answer GET /api/learned: all that the team taught, for people and other programs."""
    return web.Response(
        body=await request.app[ROOM].learned(),
        content_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="learned.json"'},
    )


async def forget(request: web.Request) -> web.StreamResponse:
    """Answer POST /api/forget."""
    key, wish = key_of(request), await read(request, ForgetWish)
    try:
        await request.app[ROOM].forget(request[PERSON], what=wish.what, key=key)
    except NotAllowed as error:
        return refused(403, str(error))
    return told({"done": "forgotten"})
