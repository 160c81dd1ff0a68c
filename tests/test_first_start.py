"""The first evening with the whole program: come in by the one-time link, watch, replay it."""

from datetime import UTC, datetime

import aiohttp
import pytest

from rtm.cli import main
from rtm.store.store import Store
from rtm.types import line_of
from tests.servers.board import DEMO, PASSWORD, Teammate, live
from tests.servers.evening import running
from tests.servers.relay import PLANTED, Feed, past_of, said
from tests.test_live import posts_of

NAME = "ada"


@pytest.fixture
async def feed():
    feed = Feed(past_of(posts_of(1), datetime.now(UTC)))
    await feed.start()
    yield feed
    await feed.stop()


async def accepted(link: str) -> int:
    form = {"name": NAME, "password": PASSWORD, "again": PASSWORD}
    origin = {"Origin": link.partition("/invite/")[0]}
    async with (
        aiohttp.ClientSession(headers=origin) as session,
        session.post(link, data=form, allow_redirects=False) as answer,
    ):
        return answer.status


async def test_the_first_person_comes_in_by_a_link_that_works_once(tmp_path, feed):
    async with running(live(tmp_path, [feed.url])) as program:
        link = (await program.line_with("/invite/")).rpartition(" ")[2]

        assert await accepted(link) in (302, 303)
        assert await accepted(link) not in (200, 302, 303)

        ada = Teammate(program.url)
        await ada.log_in(NAME)
        assert (await ada.board())["setting"]["brand"] == "Oreo"
        await ada.leave()

    async with running(live(tmp_path, [feed.url])) as program:
        await program.line_with("Ctrl+C")
        assert not [line for line in program.lines if "/invite/" in line]


async def test_what_a_watch_kept_is_replayed_to_the_same_events(tmp_path, feed, capfd):
    async with running(live(tmp_path, [feed.url])) as program:
        link = (await program.line_with("/invite/")).rpartition(" ")[2]
        await accepted(link)
        ada = Teammate(program.url)
        await ada.log_in(NAME)
        await ada.until_warm()
        for number, text in enumerate(PLANTED):
            await feed.add([said(text, 10**9 + number, f"did:plc:fan{number}")])
        await ada.until_card()
        await ada.leave()
    capfd.readouterr()

    with pytest.raises(SystemExit) as ended:
        main(["replay", str(tmp_path), "--brand", str(DEMO / "oreo.toml"), "--json"])

    assert not ended.value.code
    told = capfd.readouterr().out.splitlines()
    store = Store.open(tmp_path)
    kept = [line_of(record) for _, record in store.records()]  # type: ignore[arg-type]
    store.close()
    assert told == [line for line in kept if '"event":"expired"' not in line]
    assert any("opportunity_found" in line for line in told)
