"""Moments that people open by hand, over HTTP."""

import msgspec
from aiohttp import web

from rtm.decisions import Kind
from rtm.desk.deciding import NotAllowed
from rtm.desk.moments import Unclear
from rtm.errors import IllegalMove
from rtm.web.api import key_of, read, refused, told
from rtm.web.guard import PERSON
from rtm.web.parts import DESK, ROOM

GONE = "This card is not on the board any more."


class MomentWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person saw, and the words by which posts about it are known."""

    title: str
    terms: tuple[str, ...]
    kind: Kind = "moment"
    reply_to: str | None = None


async def open_moment(request: web.Request) -> web.StreamResponse:
    """Answer POST /api/moments: the card, and the ids of found ones that share its terms."""
    desk = request.app[DESK]
    key, wish = key_of(request), await read(request, MomentWish)
    try:
        card = await desk.open_moment(
            request[PERSON],
            title=wish.title,
            terms=wish.terms,
            kind=wish.kind,
            reply_to=wish.reply_to,
            key=key,
        )
        like = desk.like(card.id)
    except NotAllowed as error:
        return refused(403, str(error))
    except Unclear as error:
        return refused(400, str(error))
    except IllegalMove as error:
        return refused(409, str(error))
    except KeyError:
        return refused(404, GONE)
    return told({"card": card, "like": like})


async def close_moment(request: web.Request) -> web.StreamResponse:
    """Answer POST /api/moments/{card}/close."""
    card, desk = request.match_info["card"], request.app[DESK]
    try:
        after = await desk.close_moment(request[PERSON], card, key=key_of(request))
    except NotAllowed as error:
        return refused(403, str(error))
    except IllegalMove as error:
        return refused(409, str(error), card=request.app[ROOM].card(card))
    except KeyError:
        return refused(404, GONE)
    return told({"card": after})
