"""What all small servers share: listening on loopback, and failing in the ways networks do."""

import asyncio
from collections import defaultdict, deque
from typing import Literal

from aiohttp import web

# cut and hang: before the call is taken; lost, held and failed: after it was taken
Fault = Literal["cut", "hang", "lost", "held", "failed", "garbage"] | web.Response


class Faulty:
    """A server; ``faults[NAME]`` are what the next calls of a name meet, ``calls`` names all calls.

    One that is derived says how a call is named, and answers it.
    """

    def __init__(self) -> None:
        self.url = ""
        self.calls: list[str] = []
        self.faults: dict[str, deque[Fault]] = defaultdict(deque)
        self.held = asyncio.Event()  # set while an answer is held back
        self._over = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Listen on a free port, or on this one."""
        app = web.Application(client_max_size=1 << 26)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening; held answers are cut."""
        self._over.set()
        if self._runner is not None:
            await self._runner.cleanup()

    def _name(self, request: web.Request) -> str:
        raise NotImplementedError

    async def _taken(self, name: str, request: web.Request) -> web.Response:
        raise NotImplementedError

    async def _answer(self, request: web.Request) -> web.Response:
        name = self._name(request)
        self.calls.append(name)
        fault = self.faults[name].popleft() if self.faults[name] else None
        if isinstance(fault, web.Response):
            return fault
        if fault == "hang":
            await self._hold()
        if fault in ("cut", "hang"):
            return self._cut(request)
        answer = await self._taken(name, request)
        if fault == "held":
            await self._hold()
        if fault in ("lost", "held"):
            return self._cut(request)
        if fault == "failed":
            return web.json_response({"error": "InternalServerError"}, status=500)
        return web.Response(body=b"\x00[" * 70_000) if fault == "garbage" else answer

    async def _hold(self) -> None:
        self.held.set()
        await self._over.wait()

    def _cut(self, request: web.Request) -> web.Response:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
