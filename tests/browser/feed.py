"""A server that shows the real screens what a test wants them to see."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from typing import Any

import aiohttp
import msgspec
from aiohttp import web

from dashboards.app import create_app
from rtm.board.view import (
    Card,
    Delta,
    Message,
    Note,
    Question,
    Setting,
    Snapshot,
    Tick,
    encoded,
)
from rtm.desk.roles import STEPS, Person, Role
from rtm.types import Verdict
from rtm.web.guard import PERSON, headers
from rtm.web.wsgi import Bridge
from tests.browser.cards import NOW, setting, tick

BEAT_S = 1.0
Answer = Callable[[str, str, dict[str, Any]], tuple[int, dict[str, Any]]]


class Feed:
    """The board as a test tells it.

    ``calls`` are the steps that screens asked for, ``taught`` the labels and what to forget.
    """

    def __init__(self, cards: tuple[Card, ...] = (), said: Setting | None = None) -> None:
        self.cards = {card.id: card for card in cards}
        self.setting = said or setting()
        self.person = Person(name="writer 1", roles=frozenset[Role]({"writer"}))
        self.epoch, self.seq = "e1", 1
        self.at_ms = NOW
        self.tick: dict[str, Any] = {}
        # what the structs of a tick and of a card do not hold yet
        self.raw: dict[str, Any] = {}
        self.more: dict[str, dict[str, Any]] = {}
        self.is_frozen = self.is_stuck = self.is_logged_out = False
        self.calls: list[tuple[str, str, dict[str, Any], str]] = []
        self.verdicts: list[Verdict] = []
        self.questions: list[Question] = []
        self.notes: list[Note] = []
        self.taught: list[tuple[str, dict[str, Any], str]] = []
        self.teaching: tuple[int, dict[str, Any]] = (200, {"done": "noted"})
        self.paces: list[dict[str, Any]] = []
        self.posted: list[tuple[str, Any]] = []  # to the house, of moments and views
        self.answers: dict[str, tuple[int, dict[str, Any]]] = {}  # by path, else 200 and nothing
        self.rules: dict[str, Any] | None = None
        self.complaints: list[dict[str, Any]] = []
        self.looked: list[dict[str, Any]] = []
        self.pictures: dict[str, bytes] = {}
        self.asked: list[dict[str, str]] = []
        self.answer: Answer = lambda _card, _step, _wish: (200, {})
        self._asked = asyncio.Event()
        self._sockets: set[web.WebSocketResponse] = set()
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Listen; the second time on the same port."""
        dash = create_app(brand=self.setting.brand)
        app = web.Application(middlewares=[self._known])
        app.on_response_prepare.append(headers(dash.csp_hashes()))
        bridge = Bridge(dash.server.wsgi_app)
        app.add_routes(
            [
                web.get("/ws", self._socket),
                web.get("/api/me", self._me),
                web.get("/api/stories", self._stories),
                web.get("/api/questions", self._questions),
                web.post("/api/labels", self._teach),
                web.post("/api/forget", self._teach),
                web.get("/api/rules", self._rules),
                web.post("/api/{of:duty|stop|resume|crisis|moments}", self._post),
                web.post("/api/pictures", self._picture),
                web.get("/api/pictures/{id}", self._shown),
                web.post("/api/cards/{card}/check", self._look),
                web.post("/api/cards/{card}/impressions", self._post),
                web.post("/api/cards/{card}/{step}", self._step),
                web.post("/api/pace", self._pace),
                web.route("*", "/{rest:.*}", bridge.answer),
            ]
        )
        app.on_shutdown.append(self._goodbye)

        async def shut(_app: web.Application) -> None:
            bridge.shut()

        app.on_cleanup.append(shut)
        self._runner = web.AppRunner(app, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def tell(self, *upsert: Card, remove: tuple[str, ...] = (), skip: int = 0) -> None:
        """Send a delta to every screen; ``skip`` loses some before it."""
        self.cards |= {card.id: card for card in upsert}
        for gone in remove:
            del self.cards[gone]
        self.seq += 1 + skip
        await self.send(Delta(epoch=self.epoch, seq=self.seq, upsert=upsert, remove=remove))

    async def send(self, message: Message) -> None:
        for socket in list(self._sockets):
            with contextlib.suppress(ConnectionError, RuntimeError):
                await socket.send_str(self._filled(encoded(message), "upsert"))

    async def cut(self) -> None:
        """Close every socket."""
        for socket in list(self._sockets):
            await socket.close(code=aiohttp.WSCloseCode.GOING_AWAY)

    async def until(self, holds: Callable[[], bool], within_s: float = 5.0) -> None:
        """Return once screens have asked for what a test waits for."""
        async with asyncio.timeout(within_s):
            while not holds():
                self._asked.clear()
                await self._asked.wait()

    def beat(self) -> Tick:
        return tick(self.epoch, self.seq, self.at_ms, **self.tick)

    def _filled(self, message: str, cards: str) -> str:
        told = msgspec.json.decode(message)
        told[cards] = [card | self.more.get(card["id"], {}) for card in told.get(cards, ())]
        return msgspec.json.encode(told).decode()

    def _told(self) -> str:
        told = msgspec.json.decode(encoded(self.beat()))
        return msgspec.json.encode(told | self.raw).decode()

    async def _goodbye(self, _app: web.Application) -> None:
        await self.cut()

    @web.middleware
    async def _known(self, request: web.Request, handler: Any) -> web.StreamResponse:
        request[PERSON] = self.person
        if self.is_logged_out and request.path.startswith(("/api", "/ws")):
            return web.json_response({"error": "Log in first."}, status=401)
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(timeout=0.2)
        await socket.prepare(request)
        self.asked.append(dict(request.query))
        self._asked.set()
        await socket.send_str(self._filled(encoded(self._snapshot()), "cards"))
        self._sockets.add(socket)
        beating = asyncio.create_task(self._beating(socket))
        try:
            async for _ in socket:
                pass
        finally:
            beating.cancel()
            self._sockets.discard(socket)
        return socket

    async def _beating(self, socket: web.WebSocketResponse) -> None:
        with contextlib.suppress(ConnectionError):
            while not socket.closed:
                if not self.is_frozen:
                    await socket.send_str(self._told())
                await asyncio.sleep(BEAT_S)
                if not self.is_stuck and self.tick.get("speed", 1.0):
                    self.at_ms += round(BEAT_S * 1000)

    def _snapshot(self) -> Snapshot:
        cards = tuple(self.cards.values())
        return Snapshot(epoch=self.epoch, seq=self.seq, setting=self.setting, cards=cards)

    async def _me(self, _request: web.Request) -> web.Response:
        may = [step for step in STEPS if self.person.may(step)]
        return web.json_response(
            {"name": self.person.name, "roles": sorted(self.person.roles), "may": may}
        )

    async def _stories(self, _request: web.Request) -> web.Response:
        body = msgspec.json.encode({"stories": self.verdicts})
        return web.Response(body=body, content_type="application/json")

    async def _questions(self, _request: web.Request) -> web.Response:
        body = msgspec.json.encode({"questions": self.questions, "notes": self.notes})
        return web.Response(body=body, content_type="application/json")

    async def _teach(self, request: web.Request) -> web.Response:
        wish = await request.json()
        self.taught.append((request.path, wish, request.headers["Idempotency-Key"]))
        self._asked.set()
        status, told = self.teaching
        return web.json_response(told, status=status)

    async def _step(self, request: web.Request) -> web.Response:
        wish = await request.json()
        card, step = request.match_info["card"], request.match_info["step"]
        self.calls.append((card, step, wish, request.headers["Idempotency-Key"]))
        self._asked.set()
        status, told = self.answer(card, step, wish)
        if isinstance(told.get("card"), Card):
            self.cards[card] = told["card"]
            told["card"] = msgspec.to_builtins(told["card"]) | self.more.get(card, {})
        return web.Response(
            body=msgspec.json.encode(told), status=status, content_type="application/json"
        )

    async def _rules(self, _request: web.Request) -> web.Response:
        return web.json_response(self.rules or {}, status=200 if self.rules else 404)

    async def _post(self, request: web.Request) -> web.Response:
        self.posted.append((request.path, await request.json()))
        self._asked.set()
        status, told = self.answers.get(request.path, (200, {}))
        return web.Response(
            body=msgspec.json.encode(told), status=status, content_type="application/json"
        )

    async def _look(self, request: web.Request) -> web.Response:
        self.looked.append(await request.json())
        self._asked.set()
        return web.json_response({"complaints": self.complaints})

    async def _picture(self, request: web.Request) -> web.Response:
        content = await request.read()
        id = sha256(content).hexdigest()
        self.pictures[id] = content
        return web.json_response({"id": id, "width": 800, "height": 500})

    async def _shown(self, request: web.Request) -> web.Response:
        content = self.pictures.get(request.match_info["id"])
        return web.Response(body=content, status=200 if content else 404, content_type="image/png")

    async def _pace(self, request: web.Request) -> web.Response:
        self.paces.append(await request.json())
        self._asked.set()
        return web.json_response({})


@contextlib.asynccontextmanager
async def feeding(*cards: Card, said: Setting | None = None) -> AsyncIterator[Feed]:
    """Serve these cards while a test looks at them."""
    feed = Feed(cards, said)
    await feed.start()
    try:
        yield feed
    finally:
        await feed.stop()
