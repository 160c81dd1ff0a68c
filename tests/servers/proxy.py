"""A proxy before a real server: it does to calls what networks and middle boxes do to them.

Be a call: you are read whole and your fault is drawn. You are passed on at once, later, twice or
never; your answer comes back whole, in part, as another, or not at all. Whoever watches is told
when you came, when the server had taken you, and when your answer had left for the caller.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from time import monotonic
from typing import Literal

from aiohttp import ClientSession, ClientTimeout, TCPConnector, web
from multidict import CIMultiDict, CIMultiDictProxy

Fault = Literal[
    "none",
    "swallow",  # it never arrives, and nobody answers
    "close",  # it never arrives, and the connection is closed
    "away",  # it never arrives, and a gateway says so (502)
    "late",  # the connection is closed, and it arrives afterwards
    "slow",  # it waits on its way, and so does its answer
    "twice",  # it arrives twice
    "mute",  # it arrives, and nobody answers
    "cut",  # it arrives, and the connection is closed
    "truncate",  # it arrives, and the answer breaks off anywhere
    "gateway",  # it arrives, and a gateway gives up on the answer (504)
]
Stage = Literal["came", "taken", "answered"]
Draw = Callable[["Call"], Mapping[Fault, float]]

MOST_BYTES = 1 << 24
LONGEST_HOLD_S = 30.0  # a caller that is still there after that is let go
LOOK_S = 0.01
_PER_CONNECTION = {
    name.lower()
    for name in ("Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length", "Host")
}


@dataclass(eq=False, slots=True)
class Call:
    """One request: ``taken`` counts its arrivals at the server, ``stage`` is how far it came.

    ``took_s`` is how long after it came the server had last taken it.
    """

    verb: str
    path: str
    headers: CIMultiDictProxy[str]
    body: bytes
    fault: Fault = "none"
    stage: Stage = "came"
    taken: int = 0
    took_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    reason: str
    headers: CIMultiDict[str]
    body: bytes


class Proxy:
    """Stand before ``server``; ``faults`` weighs what a call may meet.

    ``latest_s`` is the longest that a call is held before it arrives. What ``remembers`` is true
    of arrives once: the same call again gets the answer of the first. ``met`` counts what truly
    happened, ``calls`` are all that came, in order.
    """

    def __init__(
        self,
        server: str,
        rng: Random,
        faults: Draw,
        latest_s: float,
        remembers: Callable[["Call"], bool] = lambda call: False,
    ) -> None:
        self.url = ""
        self.met: Counter[Fault] = Counter()
        self.calls: list[Call] = []
        self.watch: Callable[[Call], None] = lambda call: None
        self._server = server
        self._rng = rng
        self._faults = faults
        self._latest_s = latest_s
        self._remembers = remembers
        self._memory: dict[tuple[str, str, bytes], _Answer] = {}
        self._under_way: set[asyncio.Task[_Answer]] = set()
        self._is_over = False

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        self._asking = ClientSession(
            connector=TCPConnector(force_close=True, limit=0),
            timeout=ClientTimeout(total=LONGEST_HOLD_S),
            auto_decompress=False,
        )
        app = web.Application(client_max_size=MOST_BYTES)
        app.router.add_route("*", "/{rest:.*}", self._pass_on)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening, once all has arrived that was to arrive late."""
        await self.arrived()
        self._is_over = True
        await self._runner.cleanup()
        await self._asking.close()

    def calm(self) -> None:
        """Pass on whatever comes from now on as it is."""
        self._faults = lambda call: {"none": 1.0}

    async def arrived(self) -> None:
        """Return once nothing is on its way to the server any more."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _pass_on(self, request: web.Request) -> web.StreamResponse:
        call = Call(request.method, request.raw_path, request.headers, await request.read())
        weights = self._faults(call)
        (call.fault,) = self._rng.choices(list(weights), list(weights.values()))
        self.calls.append(call)
        self._reached(call, "came")
        met = await self._met(call, request)
        self.met[call.fault] += 1
        return met

    async def _met(self, call: Call, request: web.Request) -> web.StreamResponse:
        match call.fault:
            case "swallow":
                return await self._held(request)
            case "close":
                return _cut(request)
            case "away":
                return web.Response(status=502, text="Bad Gateway")
            case "late":
                self._send(call, wait_s=self._rng.uniform(0, self._latest_s))
                return _cut(request)
        wait_s = self._rng.uniform(0, self._latest_s) if call.fault == "slow" else 0.0
        answer = await self._send(call, wait_s)
        if call.fault == "twice":
            answer = self._rng.choice([answer, await self._send(call)])
        self._reached(call, "taken")
        match call.fault:
            case "mute":
                return await self._held(request)
            case "cut":
                return _cut(request)
            case "gateway":
                return web.Response(status=504, text="Gateway Timeout")
            case "truncate":
                return _cut(request, after=self._part_of(answer))
            case "slow":
                await asyncio.sleep(self._rng.uniform(0, self._latest_s))
        response = web.Response(
            status=answer.status, reason=answer.reason, headers=answer.headers, body=answer.body
        )
        with suppress(ConnectionError):
            await response.prepare(request)
            await response.write_eof()
            if not _is_gone(request):
                self._reached(call, "answered")
        return response

    def _send(self, call: Call, wait_s: float = 0.0) -> "asyncio.Task[_Answer]":
        task = asyncio.create_task(self._sent(call, wait_s))  # arrives even if the caller is gone
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _sent(self, call: Call, wait_s: float) -> _Answer:
        came = monotonic()
        await asyncio.sleep(wait_s)
        name = (call.verb, call.path, call.body)
        if (known := self._memory.get(name)) is not None:
            return known
        async with self._asking.request(
            call.verb, self._server + call.path, data=call.body, headers=_kept(call.headers)
        ) as told:
            body = await told.read()
        call.taken += 1
        call.took_s = monotonic() - came
        answer = _Answer(told.status, told.reason or "", _kept(told.headers), body)
        if self._remembers(call):
            self._memory[name] = answer
        return answer

    def _reached(self, call: Call, stage: Stage) -> None:
        call.stage = stage
        self.watch(call)

    async def _held(self, request: web.Request) -> web.Response:
        until = monotonic() + LONGEST_HOLD_S
        while not (self._is_over or _is_gone(request)):
            await asyncio.sleep(LOOK_S)
            if monotonic() > until:
                break
        return _cut(request)

    def _part_of(self, answer: _Answer) -> bytes:
        lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        lines += [f"Content-Length: {len(answer.body)}", "", ""]
        whole = "\r\n".join(lines).encode() + answer.body
        return whole[: self._rng.randrange(1, len(whole))]


def _is_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _cut(request: web.Request, after: bytes = b"") -> web.Response:
    if request.transport is not None:
        request.transport.write(after)
        request.transport.close()
    return web.Response()


def _kept(headers: Mapping[str, str]) -> CIMultiDict[str]:
    return CIMultiDict(
        (name, value) for name, value in headers.items() if name.lower() not in _PER_CONNECTION
    )
