"""Parts of the scripts that are pure, held to their promises in the browser that runs them."""

import random
from typing import Any

import pytest
from playwright.async_api import Page

from rtm.publish.length import letters
from tests.browser.cards import MINUTE
from tests.browser.chromium import page_of
from tests.browser.feed import feeding

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser for all

CHANGES = {  # when the clocks were changed: forward, back
    "America/Chicago": (1_362_902_400_000, 1_383_462_000_000),
    "Europe/Tallinn": (1_364_691_600_000, 1_382_835_600_000),
    "Australia/Lord_Howe": (1_380_987_000_000, 1_365_260_400_000),  # by half an hour
    "Asia/Kolkata": (1_362_902_400_000, 1_383_462_000_000),  # never
}

BACK = """async ([zone, moments]) => {
  const { localOf, momentOf } = await import("/assets/times.js");
  return moments.map((ms) => {
    const local = localOf(ms, zone);
    const found = momentOf(local, zone);
    return [ms, found, localOf(found, zone) === local];
  });
}"""

FILL = """async (lists) => {
  const { el, fill } = await import("/assets/draw.js");
  const parent = document.body.appendChild(document.createElement("div"));
  const made = (name) => name.startsWith("-")
    ? el("p", null, name)
    : el("input", { "data-key": name, "data-value": name });
  const told = [];
  for (const list of lists) {
    const inputs = [...parent.querySelectorAll("input")];
    const before = new Map(inputs.map((one) => [one.dataset.key, one]));
    const focused = [...before.values()].find((one) => list.includes(one.dataset.key));
    focused?.focus();
    fill(parent, list.map(made));
    const now = [...parent.children];
    told.push({
      shown: now.map((one) => one.dataset.key ?? one.textContent),
      values: now.filter((one) => one.dataset.key).map((one) => one.value),
      kept: now.every((one) => !before.has(one.dataset.key) || before.get(one.dataset.key) === one),
      inOrder: !focused || document.activeElement === focused,
    });
  }
  return told;
}"""


async def at_the_desk(page: Page, address: str) -> None:
    await page.goto(f"{address}/desk")
    await page.locator("#desk-head").wait_for(state="attached")


@pytest.mark.parametrize("zone", CHANGES)
async def test_a_local_time_is_the_moment_it_was_made_of(browser, zone):
    moments = [
        at + step * 30 * MINUTE
        for at in (*CHANGES[zone], 1_359_942_400_000)
        for step in range(-8, 9)
    ]
    async with feeding() as feed, page_of(browser, 390, 844) as page:
        await at_the_desk(page, feed.address)

        told = await page.evaluate(BACK, [zone, [at // MINUTE * MINUTE for at in moments]])

    assert all(is_same for _, _, is_same in told)
    others = [(at, found) for at, found, _ in told if at != found]
    assert all(0 < at - found <= 60 * MINUTE for at, found in others)  # an hour that comes twice
    assert len(others) <= 2
    assert bool(others) == (zone != "Asia/Kolkata")


async def test_lists_that_change_keep_their_nodes_and_what_is_typed(browser):
    rng = random.Random(7)
    names = ["a", "b", "c", "d", "-x", "-y"]
    lists = [rng.sample(names, rng.randrange(7)) for _ in range(300)]
    growing = [["c"], ["a", "c"], ["a", "b", "c"], ["-x", "a", "b", "c"], ["b", "c"]]
    async with feeding() as feed, page_of(browser, 390, 844) as page:
        await at_the_desk(page, feed.address)

        told: list[dict[str, Any]] = await page.evaluate(FILL, lists)
        grown: list[dict[str, Any]] = await page.evaluate(FILL, growing)

    for wanted, seen in zip(lists, told, strict=True):
        assert seen["shown"] == wanted
        assert seen["values"] == [name for name in wanted if not name.startswith("-")]
        assert seen["kept"]
    assert all(seen["inOrder"] for seen in grown)  # what only moved down stays in focus


async def test_letters_are_counted_as_the_server_counts_them(browser):
    texts = [
        "",
        "Lights",
        "e\u0301t\u00e9",
        "👩‍👩‍👧‍👦👍🏽🇪🇪",
        "नमस्ते",
        "한국어",
        "a\r\nb",
        "ÕÄÖÜ\u200d",
        "ก็",
    ]
    async with feeding() as feed, page_of(browser, 390, 844) as page:
        await at_the_desk(page, feed.address)

        counted = await page.evaluate(
            "texts => import('/assets/counting.js').then(({ count }) => texts.map(count))", texts
        )

    assert counted == [letters(text) for text in texts]
