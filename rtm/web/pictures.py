"""Pictures of drafts: one is put up, with its bytes as the body, and given back by its id.

What is no picture that a network could take is refused here, where a person still looks at it.
"""

import asyncio

from aiohttp import web

from rtm.errors import PublishError, StoreError
from rtm.publish.pictures import fitted
from rtm.publish.publisher import Limits
from rtm.web.api import NOT_WRITING, refused, told
from rtm.web.guard import PERSON, longest_body
from rtm.web.parts import DESK, PICTURES

AT_ONCE = 2  # pictures worked on: each may take 160 MB, and threads must stay free for posts
TURNS = web.AppKey("turns", asyncio.Semaphore)
AS_SHOWN = Limits(graphemes=0, utf8_bytes=None, pictures=1)


async def keep(request: web.Request) -> web.StreamResponse:
    """Answer POST /api/pictures."""
    if not request.app[DESK].may_write(request[PERSON]):
        return refused(403, NOT_WRITING)
    content = await request.clone(client_max_size=longest_body(request)).read()
    try:
        async with request.app[TURNS]:
            shown = await asyncio.to_thread(fitted, content, AS_SHOWN)
        kept = await asyncio.to_thread(request.app[PICTURES].keep, content)
    except (PublishError, StoreError) as error:
        return refused(400, str(error))
    return told({"id": kept, "width": shown.width, "height": shown.height})


async def show(request: web.Request) -> web.StreamResponse:
    """Answer GET /api/pictures/{picture}: as it would be posted, without what a camera wrote."""
    try:
        content = await asyncio.to_thread(request.app[PICTURES].read, request.match_info["picture"])
        async with request.app[TURNS]:
            shown = await asyncio.to_thread(fitted, content, AS_SHOWN)
    except (PublishError, StoreError) as error:
        return refused(404, str(error))
    return web.Response(
        body=shown.content,
        content_type=shown.kind,
        headers={"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"},
    )
