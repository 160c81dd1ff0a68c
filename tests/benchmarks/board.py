"""The board under load: from a person's click to the wall's pixels, and what a live tick costs.

The whole program runs as people start it; a feed on loopback speaks as Jetstream does, at a given
rate. A click is timed from before its request until the wall's next frame after it was drawn.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, cycle, islice
from pathlib import Path

import numpy as np
from playwright.async_api import Page

from tests.benchmarks.recorded import NIGHTS, posts_of, usual_file
from tests.browser.chromium import chromium, page_of
from tests.servers.board import PASSWORD, Program, Teammate, add_person, live
from tests.servers.relay import PLANTED, Feed, past_of, said

LOADS = (36, 1500)  # posts a second: all of Bluesky on average; what one machine must bear
CLICKS = 60
WATCHED_S = 20.0
BATCHES = 10  # a second

WATCH = """() => {
  window.seen = [];
  new MutationObserver(() => requestAnimationFrame(() => {
    const card = document.querySelector(".card.top");
    const state = card ? card.dataset.state : "";
    const at = performance.timeOrigin + performance.now();
    if (!seen.length || seen.at(-1)[0] !== state) seen.push([state, at]);
  })).observe(document.querySelector("#wall"), {
    subtree: true, childList: true, attributes: true, characterData: true,
  });
}"""


@dataclass(frozen=True, slots=True)
class BoardCost:
    """``posts_a_s`` is what was read; ``core`` the process's share of one core, in per cent."""

    load: int
    posts_a_s: float
    core: float
    clicks: int
    p50_ms: float
    p95_ms: float
    max_ms: float


def board_cost() -> list[BoardCost]:
    """Measure the board at each load, each with a fresh folder."""
    return [asyncio.run(_measured(load)) for load in LOADS]


async def _measured(load: int) -> BoardCost:
    past = posts_of(NIGHTS[0]).head(3_000)
    texts = posts_of(usual_file())["text"].to_list()
    feed = Feed(past_of(past, datetime.now(UTC)))
    await feed.start()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        add_person(folder, "mia", "writer")
        program = await live(folder, [feed.url]).start()
        loading = asyncio.create_task(_load(feed, cycle(texts), load))
        mate = Teammate(program.url)
        try:
            await mate.log_in("mia")
            await mate.until_warm()
            async with chromium() as browser, page_of(browser, 1920, 1080) as wall:
                return await _clicked(load, feed, program, mate, wall)
        finally:
            loading.cancel()
            with suppress(asyncio.CancelledError):
                await loading
            await mate.leave()
            await program.stop()
            await feed.stop()


async def _clicked(
    load: int, feed: Feed, program: Program, mate: Teammate, wall: Page
) -> BoardCost:
    await wall.goto(f"{program.url}/wall")
    await wall.get_by_label("Name").fill("mia")
    await wall.get_by_label("Password").fill(PASSWORD)
    await wall.get_by_role("button").click()
    await wall.locator("#wall-head .mode", has_text="LIVE").wait_for()
    await feed.add([said(text, n, f"did:plc:fan{n}") for n, text in enumerate(PLANTED, 10**9)])
    await wall.locator(".card.top").wait_for()
    began, cpu, posts = time.perf_counter(), program.cpu_s(), (await mate.tick())["posts"]
    await asyncio.sleep(WATCHED_S)
    spent = program.cpu_s() - cpu
    seconds = time.perf_counter() - began
    rate = ((await mate.tick())["posts"] - posts) / seconds
    await wall.evaluate(WATCH)
    card = (await mate.board())["cards"][0]
    asked: list[tuple[str, float]] = []
    for step, state in islice(cycle((("claim", "claimed"), ("release", "found"))), CLICKS):
        asked.append((state, time.time() * 1000))
        status, answer = await mate.act(card, step)
        assert status == 200, answer
        card = answer["card"]
        await asyncio.sleep(0.3)
    seen = [(state, at) for state, at in await wall.evaluate("() => seen") if state]
    costs = list(_matched(asked, seen))
    p50, p95 = np.percentile(costs, [50, 95])
    return BoardCost(
        load,
        round(rate, 1),
        round(100 * spent / seconds, 1),
        len(costs),
        float(p50),
        float(p95),
        max(costs),
    )


def _matched(asked: list[tuple[str, float]], seen: list[tuple[str, float]]) -> Iterator[float]:
    # each click with the first frame after it that showed its state
    for state, at in asked:
        shown = next((then for one, then in seen if one == state and then >= at), None)
        assert shown is not None, f"the wall never showed {state}"
        yield shown - at


async def _load(feed: Feed, texts: Iterator[str], rate: int) -> None:
    began = time.perf_counter()
    for number in count(1):
        sent = rate * (number - 1) // BATCHES
        due = rate * number // BATCHES
        await feed.add([said(next(texts), 10**6 + n) for n in range(sent, due)])
        await asyncio.sleep(max(0.0, began + number / BATCHES - time.perf_counter()))
