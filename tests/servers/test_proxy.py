"""The proxy does to a call what it says, and says no more than it did."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

import aiohttp
import pytest
from aiohttp import web

from tests.servers.proxy import Call, Fault, Proxy

ENOUGH_S = 20.0  # for an answer that comes, on however busy a machine
ARRIVING: list[Fault] = ["mute", "cut", "truncate", "gateway"]
NOT_ARRIVING: list[Fault] = ["swallow", "close", "away"]


class Server:
    """Counts what arrives, by its path."""

    def __init__(self) -> None:
        self.arrived: list[str] = []
        self.url = ""

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        self.arrived.append(request.path_qs)
        told = {"said": (await request.read()).decode(), "token": request.headers.get("Token")}
        return web.json_response(told, status=201, headers={"Kept": "yes"})


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    await server.start()
    yield server
    await server.stop()


class Before:
    """A proxy with one fault before a server, and somebody who asks it once."""

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        self.stages: list[str] = []
        proxy.watch = lambda call: self.stages.append(call.stage)

    async def first_met(self) -> tuple[Fault, int]:
        while True:
            if self.proxy.met:
                return self.proxy.met.most_common()[0]
            await asyncio.sleep(0.01)

    async def ask(self, patience_s: float = 0.3) -> tuple[int, str]:
        patience = aiohttp.ClientTimeout(total=patience_s)
        async with (
            aiohttp.ClientSession(timeout=patience) as asking,
            asking.post(f"{self.proxy.url}/a?b=c", data=b"dunk", headers={"Token": "t"}) as answer,
        ):
            return answer.status, await answer.text()


@pytest.fixture
async def before(server: Server, request: pytest.FixtureRequest) -> AsyncIterator[Before]:
    proxy = Proxy(server.url, Random(1), lambda call: {request.param: 1.0}, latest_s=0.1)
    await proxy.start()
    yield Before(proxy)
    await proxy.stop()


@pytest.mark.parametrize("before", ["none", "slow", "twice"], indirect=True)
async def test_what_gets_through_is_whole_both_ways(before, server):
    status, body = await before.ask(ENOUGH_S)

    assert (status, body) == (201, '{"said": "dunk", "token": "t"}')
    assert set(server.arrived) == {"/a?b=c"}
    assert before.stages == ["came", "taken", "answered"]


@pytest.mark.parametrize(("before", "times"), [("none", 1), ("twice", 2)], indirect=["before"])
async def test_a_call_arrives_as_often_as_it_was_sent(before, times, server):
    await before.ask(ENOUGH_S)

    assert len(server.arrived) == times
    assert [call.taken for call in before.proxy.calls] == [times]


@pytest.mark.parametrize("before", ["swallow", "close", "mute", "cut", "truncate"], indirect=True)
async def test_a_caller_gets_no_whole_answer(before):
    with pytest.raises((aiohttp.ClientError, TimeoutError)):
        await before.ask()

    assert "answered" not in before.stages


@pytest.mark.parametrize(
    ("before", "status"), [("away", 502), ("gateway", 504)], indirect=["before"]
)
async def test_a_gateway_answers_instead(before, status):
    assert (await before.ask(ENOUGH_S))[0] == status


@pytest.mark.parametrize(
    ("before", "times"),
    [*((fault, 0) for fault in NOT_ARRIVING), *((fault, 1) for fault in ARRIVING)],
    indirect=["before"],
)
async def test_without_an_answer_it_arrived_or_did_not(before, times, server):
    await asyncio.gather(before.ask(), return_exceptions=True)
    await before.proxy.arrived()

    assert len(server.arrived) == times


@pytest.mark.parametrize("before", ["late"], indirect=True)
async def test_a_late_call_arrives_when_its_caller_has_gone(before, server):
    with pytest.raises(aiohttp.ClientError):
        await before.ask()
    assert server.arrived == []

    await before.proxy.arrived()

    assert server.arrived == ["/a?b=c"]


@pytest.mark.parametrize("before", ["swallow", "mute", "late", "slow"], indirect=True)
async def test_what_it_counts_has_happened(before):
    await asyncio.gather(before.ask(), return_exceptions=True)

    (call,) = before.proxy.calls
    async with asyncio.timeout(5):
        assert await before.first_met() == (call.fault, 1)


async def test_what_is_remembered_arrives_once(server):
    def is_log_in(call: Call) -> bool:
        return call.path == "/a?b=c"

    proxy = Proxy(server.url, Random(1), lambda call: {"none": 1.0}, 0.1, remembers=is_log_in)
    await proxy.start()

    answers = [await Before(proxy).ask() for _ in range(3)]

    await proxy.stop()
    assert len(set(answers)) == len(server.arrived) == 1


async def test_a_seed_draws_the_same_faults_again(server):
    drawn = []
    for _ in range(2):
        proxy = Proxy(server.url, Random(7), lambda call: {"none": 1, "twice": 1, "away": 1}, 0.1)
        await proxy.start()
        for _ in range(12):
            await Before(proxy).ask()
        await proxy.stop()
        drawn.append([call.fault for call in proxy.calls])

    assert drawn[0] == drawn[1]
    assert len(set(drawn[0])) == 3
