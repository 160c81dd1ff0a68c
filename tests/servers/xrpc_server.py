"""A small server of the AT Protocol on loopback that can fail in every way a network does."""

import asyncio
from collections import defaultdict, deque
from typing import Any, Literal

from aiohttp import web

# cut and hang: before the call is taken; lost and held: after it was taken
Fault = Literal["cut", "hang", "lost", "held", "garbage"] | web.Response
DID = "did:plc:fake"


def refusal(status: int, error: str, message: str = "", **headers: str) -> web.Response:
    """Return a refusal as the network words it."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.json_response({"error": error, "message": message}, status=status, headers=names)


class XrpcServer:
    """One account's server. ``faults[METHOD]`` are what the next calls of a method meet.

    ``records`` are by key, ``commits`` counts what changed them, ``calls`` names all calls.
    """

    def __init__(self) -> None:
        self.url = ""
        self.handle = "brand.test"
        self.password = "a-secret-of-ours"
        self.records: dict[str, dict[str, Any]] = {}
        self.commits = 0
        self.calls: list[str] = []
        self.faults: dict[str, deque[Fault]] = defaultdict(deque)
        self.people = {"ada.test": "did:plc:ada"}
        self.held = asyncio.Event()  # set while an answer is held back
        self._tokens = 0
        self._over = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Listen on a free port, or on this one."""
        app = web.Application()
        app.router.add_route("*", "/xrpc/{method}", self._answer)
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

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        name = method.rpartition(".")[2]
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
        return web.Response(body=b"\x00[" * 70_000) if fault == "garbage" else answer

    async def _hold(self) -> None:
        self.held.set()
        await self._over.wait()

    def _cut(self, request: web.Request) -> web.Response:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _taken(self, name: str, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "")
        match name:
            case "createSession":
                told = await request.json()
                if (told["identifier"], told["password"]) != (self.handle, self.password):
                    words = f"Invalid identifier or password {told['password']}"
                    return refusal(401, "AuthenticationRequired", words)
                return self._session()
            case "refreshSession":
                if token != f"Bearer refresh-{self._tokens}":
                    return refusal(400, "ExpiredToken")
                return self._session()
            case "resolveHandle":
                did = self.people.get(request.query["handle"])
                return web.json_response({"did": did}) if did else refusal(400, "InvalidRequest")
            case "getRecord":
                key = request.query["rkey"]
                if key not in self.records:
                    return refusal(400, "RecordNotFound")
                return web.json_response({"uri": _uri(key), "value": self.records[key]})
            case "putRecord":
                if token != f"Bearer access-{self._tokens}":
                    return refusal(401, "InvalidToken")
                told = await request.json()
                if self.records.get(told["rkey"]) != told["record"]:
                    self.records[told["rkey"]] = told["record"]
                    self.commits += 1
                return web.json_response({"uri": _uri(told["rkey"]), "cid": "bafy"})
        return refusal(501, "MethodNotImplemented")

    def _session(self) -> web.Response:
        self._tokens += 1
        return web.json_response(
            {
                "did": DID,
                "accessJwt": f"access-{self._tokens}",
                "refreshJwt": f"refresh-{self._tokens}",
            }
        )


def _uri(key: str) -> str:
    return f"at://{DID}/app.bsky.feed.post/{key}"
