"""Fired through a real server that took the post and whose answer never came: still one record."""

import asyncio
from datetime import UTC, datetime

import pytest
from aiohttp import ClientSession, web

from tests.servers.board import Teammate, live
from tests.servers.evening import plant, relaying, running, team
from tests.servers.pds import Account, Pds
from tests.servers.relay import PLANTED

PATIENCE_S = 30


class Withholding:
    """Stands before a PDS; once told to, it lets a record be put and keeps the answer."""

    def __init__(self, pds: Pds) -> None:
        self._pds = pds
        self.withholds = True
        self.puts = 0
        self.has_put = asyncio.Event()
        self.url = ""

    async def start(self) -> None:
        self._asking = ClientSession()
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self._pass_on)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self._runner.cleanup()
        await self._asking.close()

    async def _pass_on(self, request: web.Request) -> web.StreamResponse:
        passed = ("authorization", "content-type")
        async with self._asking.request(
            request.method,
            self._pds.url + request.raw_path,
            data=await request.read(),
            headers={name: request.headers[name] for name in passed if name in request.headers},
        ) as answer:
            body = await answer.read()
        if request.path.endswith("putRecord"):
            self.puts += 1
            self.has_put.set()
            if self.withholds:
                await asyncio.sleep(3600)
        return web.Response(
            body=body, status=answer.status, content_type=answer.content_type or None
        )


@pytest.fixture
async def before_the_pds(pds):
    proxy = Withholding(pds)
    await proxy.start()
    yield proxy
    await proxy.stop()


async def the_card(mate: Teammate, state: str = ""):
    async with asyncio.timeout(PATIENCE_S):
        while True:
            cards = (await mate.board())["cards"]
            if cards and state in (cards[0]["state"], ""):
                return cards[0]
            await asyncio.sleep(0.2)


async def taken(mate: Teammate, card, step: str, text: str = ""):
    status, answer = await mate.act(card, step, text)
    assert status == 200, answer
    return answer["card"]


async def test_killed_between_request_and_answer_there_is_exactly_one_record(
    tmp_path, pds, before_the_pds
):
    at = f"{datetime.now(UTC):%H%M%S%f}"[:10]
    brand: Account = pds.account(f"once{at}.test")
    fans = [pds.account(f"f{n}x{at}.test") for n in range(3)]
    team(tmp_path)
    account = {
        "RTM_BLUESKY_SERVICE": before_the_pds.url,
        "RTM_BLUESKY_HANDLE": brand.handle,
        "RTM_BLUESKY_PASSWORD": brand.password,
    }
    async with relaying(pds) as feed:
        program = await live(tmp_path, [feed.url], "--publish", "bluesky", **account).start()
        mia, noor = Teammate(program.url), Teammate(program.url)
        await mia.log_in("mia")
        await noor.log_in("noor")
        await mia.until_warm()
        await plant(pds, fans, PLANTED[:3])
        card = await taken(mia, await the_card(mia), "claim")
        card = await taken(mia, card, "draft", "You can still dunk in the dark")
        card = await taken(mia, card, "submit")
        card = await taken(noor, card, "approve")
        await taken(noor, card, "fire")
        async with asyncio.timeout(PATIENCE_S):
            await before_the_pds.has_put.wait()
        await program.kill()
        await mia.leave()
        await noor.leave()
        assert len(pds.records(brand.did)) == 1, "the server took it; only the answer is missing"

        before_the_pds.withholds = False
        async with running(live(tmp_path, [feed.url], "--publish", "bluesky", **account)) as again:
            mia = Teammate(again.url)
            await mia.log_in("mia")
            card = await the_card(mia, "fired")
            await mia.leave()

    (record,) = pds.records(brand.did)
    assert [sending["uri"] for sending in card["sendings"]] == [record["uri"]]
    assert [step["state"] for step in card["steps"]].count("firing") == 1
