"""The socket: a screen says where it was, gets what it missed, and is told from then on."""

import asyncio
import contextlib
from collections.abc import Coroutine

from aiohttp import web

from rtm.web.guard import TOKEN, wrong
from rtm.web.hub import Hub, Screen

HEARTBEAT_S = 5.0
LONGEST_MESSAGE = 4 * 1024  # from a screen, which has nothing to say
GOODBYE_S = 2.0
LONGEST_SEQ = 15  # digits


class ScreenDoor:
    """Answer GET /ws?epoch=E&seq=N&screen=S; only the desk, which asks, is told what is rude."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Speak with one screen until it goes."""
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT_S,
            max_msg_size=LONGEST_MESSAGE,
            compress=False,  # one text for all, and small
            timeout=GOODBYE_S,
        )
        if not socket.can_prepare(request):
            return wrong(request, 426, "This address speaks WebSocket only.")
        seq = request.query.get("seq", "")
        is_number = seq.isascii() and seq.isdigit() and len(seq) <= LONGEST_SEQ
        screen = self._hub.join(
            request[TOKEN],
            request.query.get("epoch", ""),
            int(seq) if is_number else None,
            is_desk=request.query.get("screen") == "desk",
        )
        if screen is None:
            return wrong(request, 503, "Too many screens are open; close some.")
        try:
            await socket.prepare(request)
            await _any_of(self._tell(socket, screen), _read(socket), screen.closing.wait())
        finally:
            self._hub.leave(screen)
        if screen.close_code is not None:
            with contextlib.suppress(TimeoutError):  # it may not be reading
                async with asyncio.timeout(GOODBYE_S):
                    await socket.close(code=screen.close_code)
        return socket

    async def _tell(self, socket: web.WebSocketResponse, screen: Screen) -> None:
        with contextlib.suppress(ConnectionError):  # it has gone
            while True:
                text = await screen.next()
                if text is None:
                    text = self._hub.snapshot_text(is_desk=screen.is_desk)
                    screen.holds(self._hub.seq)
                await socket.send_str(text)


async def _read(socket: web.WebSocketResponse) -> None:
    async for _ in socket:  # so that pongs and the end are noticed
        pass


async def _any_of(*works: Coroutine[None, None, object]) -> None:
    # until one ends; then the others are let go
    tasks = [asyncio.create_task(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
