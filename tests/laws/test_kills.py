"""Killed at any instant, under load, the whole program goes on: nothing decided is lost."""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count

import aiohttp
import polars as pl
import pytest

from rtm.brand import Brand
from rtm.config import load
from rtm.decisions import Claimed, Drafted, Record, Released
from rtm.engine import Engine
from rtm.replay import replay_log
from rtm.sources.files import read_file
from rtm.store.store import Store
from rtm.types import line_of
from tests.servers.board import DEMO, Program, Teammate, add_person, live
from tests.servers.relay import PLANTED, Feed, past_of, said

NIGHT = DEMO / "superbowl-xlvii-2013.parquet"
POSTS_A_S = 120


def night() -> pl.DataFrame:
    return read_file(NIGHT, now=datetime.now(UTC)).posts


async def load_on(feed: Feed, texts: list[str]) -> None:
    """Send posts for ever, and the planted moment again and again in other words."""
    for number in count(100_000):
        batch = [said(texts[(number * 12 + i) % len(texts)], number * 12 + i) for i in range(12)]
        if number % 9 == 0:
            text = PLANTED[number // 9 % len(PLANTED)]
            batch.append(said(text, 10**9 + number, f"did:plc:fan{number}"))
        await feed.add(batch)
        await asyncio.sleep(12 / POSTS_A_S)


@pytest.fixture
async def feed() -> AsyncIterator[Feed]:
    posts = night()
    feed = Feed(past_of(posts.head(3_000), datetime.now(UTC)))
    await feed.start()
    loading = asyncio.create_task(load_on(feed, posts["text"].to_list()))
    yield feed
    loading.cancel()
    with suppress(asyncio.CancelledError):
        await loading
    await feed.stop()


async def act_until_killed(url: str, rng: random.Random, acknowledged: list[str]) -> None:
    """Claim, draft and release as fast as answers come; note what was answered with 200."""
    mate = Teammate(url)
    try:
        await mate.log_in("mia")
        card = next(iter((await mate.board())["cards"]), None)
        for number in count():
            if card is None:
                card = next(iter((await mate.board())["cards"]), None)
                continue
            step = "claim" if card["owner"] != "mia" else rng.choice(["draft", "draft", "release"])
            text = f"draft {number} {rng.random()}" if step == "draft" else ""
            status, answer = await mate.act(card, step, text)
            card = answer.get("card", card)
            if status == 200:
                acknowledged.append(text or step)
    except (aiohttp.ClientError, TimeoutError, TypeError, OSError):
        pass  # killed
    finally:
        await mate.leave()


def decisions(records: list[Record]) -> list[str]:
    told = []
    for record in records:
        match record:
            case Drafted():
                told.append(record.draft.text if record.draft else record.text)
            case Claimed():
                told.append("claim")
            case Released():
                told.append("release")
    return told


@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=pytest.mark.long)])
async def test_killed_at_any_instant_under_load_nothing_is_lost(tmp_path, feed, kills):
    rng = random.Random(int(os.environ.get("RTM_SEED", "1")))
    add_person(tmp_path, "mia", "writer")
    acknowledged: list[str] = []
    warm_at_once = []

    for _ in range(kills):
        program = await live(tmp_path, [feed.url]).start()
        acting = asyncio.create_task(act_until_killed(program.url, rng, acknowledged))
        await asyncio.sleep(rng.uniform(1.0, 4.0))
        warm_at_once.append(await is_warm(program))
        await program.kill()
        await acting
    program = await live(tmp_path, [feed.url]).start()
    await asyncio.sleep(2)
    assert await program.stop() == 0

    store = Store.open(tmp_path)
    records = [record for _, record in store.records()]
    engine = Engine(load(DEMO / "oreo.toml", Brand))
    unkilled = [line_of(event) for event in replay_log(engine, store.archive.steps())]
    store.close()
    people = (Claimed, Drafted, Released)
    events = [line_of(one) for one in records if not isinstance(one, people)]  # type: ignore[arg-type]
    assert [line for line in events if '"event":"expired"' not in line] == unkilled
    assert any("opportunity_found" in line for line in unkilled)
    assert acknowledged
    kept = iter(decisions(records))
    assert all(one in kept for one in acknowledged), "acknowledged, then lost or out of order"
    assert False not in warm_at_once[1:]
    assert True in warm_at_once[1:]


async def is_warm(program: Program) -> bool | None:
    """Tell whether the watch needs no warm-up; None while it has not looked at its stream yet."""
    mate = Teammate(program.url)
    try:
        await mate.log_in("mia")
        tick = await mate.tick()
        return None if tick["warm_note"] == "starting" else bool(tick["warm"] >= 1)
    finally:
        await mate.leave()
