"""What the wall claims, looked at in a real browser."""

import asyncio

import msgspec
import pytest
from playwright.async_api import Page, expect

from tests.browser.cards import (
    FIFTH,
    HELD,
    HOUR,
    LIGHTS,
    MINUTE,
    NOW,
    SHOW,
    TRAILER,
    busy,
    card,
    setting,
    source,
    volume,
)
from tests.browser.chromium import page_of
from tests.browser.feed import feeding

SIZES = """() => {
  const sizes = [];
  const walker = document.createTreeWalker(document.getElementById("wall"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const told = walker.currentNode.data.trim();
    if (!told || node.closest(".unseen") || !node.checkVisibility()) continue;
    sizes.push([Number.parseFloat(getComputedStyle(node).fontSize), told]);
  }
  return sizes;
}"""

OUTSIDE = """() => {
  const out = [];
  for (const node of document.querySelectorAll("#wall *:not(.unseen)")) {
    if (!node.checkVisibility() || node.closest("svg, .unseen")) continue;
    if (node.parentElement.closest("h2, .why, .cut, .note, .event")) continue; // cut with dots
    const box = node.getBoundingClientRect();
    const frame = node.closest(".card")?.getBoundingClientRect();
    const right = Math.min(frame?.right ?? innerWidth, innerWidth) + 3;
    const bottom = Math.min(frame?.bottom ?? innerHeight, innerHeight) + 3;
    if (box.width && (box.right > right || box.bottom > bottom)) out.push(node.outerHTML);
  }
  return out;
}"""

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser for all

LONG = "Nobody expected that the lights of the whole stadium would go out for half an hour tonight"


async def opened(page: Page, address: str) -> None:
    await page.goto(address)
    await page.locator("#wall-main > *").first.wait_for()


@pytest.mark.parametrize(("query", "smallest"), [("", 31), ("?at=5m", 52)])
async def test_every_word_is_large_enough_for_its_distance(browser, query, smallest):
    async with feeding(*busy(), FIFTH) as feed, page_of(browser, 1920, 1080) as page:
        await opened(page, f"{feed.address}/wall{query}")
        await page.locator(".card").first.wait_for()

        sizes = await page.evaluate(SIZES)

    assert len(sizes) > 15
    assert [told for size, told in sizes if size < smallest - 0.01] == []


@pytest.mark.parametrize("count", [0, 1, 2, 4, 5])
@pytest.mark.parametrize("query", ["", "?at=5m"])
async def test_nothing_overflows_or_scrolls(browser, query, count):
    cards = [msgspec.structs.replace(one, title=LONG) for one in (*busy(), FIFTH)][:count]
    async with feeding(*cards) as feed, page_of(browser, 1920, 1080) as page:
        await opened(page, f"{feed.address}/wall{query}")

        outside = await page.evaluate(OUTSIDE)
        scrolls = await page.evaluate(
            "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
        )

        assert outside == []
        assert scrolls == [1080, 1920]
        assert await page.locator(".card").count() == min(count, 2 if query else 5)


async def test_at_most_five_cards_stand_in_their_order(browser):
    late = card("o-late", "Long ago", closes_low_ms=NOW + 5 * HOUR, closes_high_ms=NOW + 6 * HOUR)
    gone = [
        msgspec.structs.replace(card("o-no", "Not ours"), state="dismissed"),
        msgspec.structs.replace(card("o-old", "Too late"), state="expired"),
        msgspec.structs.replace(card("o-over", "Nobody speaks of it"), is_over=True),
        msgspec.structs.replace(SHOW, id="o-long", since_ms=NOW - 31 * MINUTE),
    ]
    shown = (*gone, FIFTH, *busy(), late)
    async with feeding(*shown) as feed, page_of(browser, 1920, 1080) as page:
        await opened(page, f"{feed.address}/wall")
        await page.locator(".card").first.wait_for()

        ids = await page.locator(".card").evaluate_all("all => all.map(c => c.dataset.card)")

        assert ids == ["o-lights", "o-trailer", "o-late", "o-ad", "o-king"]
        await expect(page.locator("#wall-head")).to_contain_text("5 of 6 moments")


async def test_a_card_says_what_the_room_needs(browser):
    async with feeding(*busy()) as feed, page_of(browser, 1920, 1080) as page:
        await opened(page, f"{feed.address}/wall")

        top = page.locator(".card.top")
        await expect(top.locator("h2")).to_have_text("The lights went out at the Super Bowl")
        await expect(top).to_contain_text("ACT NOW")
        await expect(top).to_contain_text("Drafting by writer 1 for 2:")
        await expect(top).to_contain_text("10\u201332minutes left")
        await expect(top.get_by_label("Upside 4 of 5")).to_be_visible()
        await expect(top.get_by_label("Risk 1 of 5")).to_be_visible()
        await expect(top.locator(".why")).to_have_text(
            "Why usSuper Bowl XLVII is on, and 4 of 4 posts use its words"
        )
        fired = page.locator("[data-card=o-show]")
        await expect(fired).to_contain_text("Fired by writer 2 at 19:31")
        await expect(fired).to_contain_text("back in the stream")
        await expect(page.locator("#wall-head")).to_contain_text("20:46:4")  # the viewer's own
        await expect(page.locator("#wall-chart")).to_contain_text(
            "Posts about the game per 5 min: 7 now, expected 0 to 4"
        )
        await page.locator("#wall-plot .bars path").first.wait_for()


async def test_a_held_card_says_why_and_is_not_urgent(browser):
    async with feeding(HELD) as feed, page_of(browser, 1920, 1080) as page:
        await opened(page, f"{feed.address}/wall")

        held = page.locator(".card.held")
        await expect(held).to_contain_text("HELD")
        await expect(held).to_contain_text("2 of 3 posts speak of death")
        await expect(held).to_contain_text("no jokes")
        assert "ACT NOW" not in await held.inner_text()


async def test_silence_is_said_largest_and_the_watch_is_proven(browser):
    async with feeding() as feed, page_of(browser, 1920, 1080) as page:
        await opened(page, f"{feed.address}/wall")

        words = page.locator(".words")
        await expect(words.locator("h1")).to_have_text("Nothing worth your time")
        await expect(words).to_contain_text("166,012 posts read")
        await expect(words).to_contain_text("36posts a second")
        await expect(words).to_contain_text("12stories followed")
        await expect(page.locator("#wall-foot")).to_contain_text("Reddit")
        sizes = await page.evaluate(SIZES)
        assert max(sizes)[1] == "Nothing worth your time"


async def test_no_card_is_shown_before_the_watch_is_warm(browser):
    async with feeding(*busy()) as feed, page_of(browser, 1920, 1080) as page:
        feed.tick = {"warm": 0.42, "warm_note": "reading the last six hours"}
        await opened(page, f"{feed.address}/wall")
        await expect(page.locator("h1")).to_have_text("42 % warm")
        await expect(page.locator("#wall-head .mode")).to_have_text("WARMING UP")
        await expect(page.locator("#wall-main")).to_contain_text("reading the last six hours")
        assert await page.locator(".card").count() == 0

        feed.tick = {}

        await expect(page.locator(".card")).to_have_count(4)


async def test_a_change_is_drawn_within_a_second(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1920, 1080) as page:
        await opened(page, f"{feed.address}/wall")
        await expect(page.locator(".card")).to_have_count(1)

        await feed.tell(LIGHTS)

        await expect(page.locator(".card.top h2")).to_contain_text("lights", timeout=1000)
        await feed.tell(remove=("o-lights",))
        await expect(page.locator(".card")).to_have_count(1, timeout=1000)


async def test_a_stopped_server_is_told_within_10_s_and_the_wall_comes_back(browser):
    async with feeding(*busy()) as feed, page_of(browser, 1920, 1080) as page:
        await opened(page, f"{feed.address}/wall")
        await expect(page.locator(".mode")).to_have_text("LIVE")

        await feed.stop()

        await expect(page.locator(".mode")).to_contain_text("DISCONNECTED", timeout=6_000)
        await expect(page.locator("#wall")).to_have_class("gone")
        await expect(page.locator("#wall-head")).to_contain_text("board as of 19:46:4")
        await expect(page.locator("#wall-head")).to_contain_text("next try in")
        await expect(page.locator(".card.top")).to_contain_text("left then")
        assert await page.locator(".card").count() == 4  # it covers nothing

        feed.epoch, feed.seq = "e2", 1
        await feed.start()

        await expect(page.locator(".mode")).to_have_text("LIVE", timeout=10_000)
        await expect(page.locator("#wall")).not_to_have_class("gone")
        assert feed.asked[-1]["epoch"] == "e1"


async def test_a_frozen_server_is_told_as_stale_and_thaws(browser):
    async with feeding(*busy()) as feed, page_of(browser, 1920, 1080) as page:
        await opened(page, f"{feed.address}/wall")

        feed.is_frozen = True

        await expect(page.locator(".mode")).to_contain_text("STALE", timeout=8_000)
        feed.is_frozen = False
        await expect(page.locator(".mode")).to_have_text("LIVE", timeout=8_000)


async def test_ticks_whose_time_stands_still_are_stale_unless_paused(browser):
    async with feeding(*busy()) as feed, page_of(browser, 1920, 1080) as page:
        await opened(page, f"{feed.address}/wall")
        feed.is_stuck = True
        await expect(page.locator(".mode")).to_contain_text("STALE", timeout=8_000)

        feed.tick = {"speed": 0.0}

        await expect(page.locator(".mode")).to_have_text("PAUSED", timeout=3_000)
        await asyncio.sleep(4.2)  # longer than silence is borne
        assert await page.locator(".mode").inner_text() == "PAUSED"


async def test_a_screen_whose_login_ended_says_so(browser):
    async with feeding(*busy()) as feed, page_of(browser, 1920, 1080) as page:
        await opened(page, f"{feed.address}/wall")
        await expect(page.locator(".mode")).to_have_text("LIVE")
        feed.is_logged_out = True

        await feed.cut()

        await expect(page.locator(".mode")).to_have_text("LOGGED OUT", timeout=8_000)
        await expect(page.locator("#wall-head")).to_contain_text("log in again")


async def test_a_lost_delta_makes_the_screen_ask_for_all(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1920, 1080) as page:
        await opened(page, f"{feed.address}/wall")
        await expect(page.locator(".card")).to_have_count(1)
        feed.cards[LIGHTS.id] = LIGHTS

        await feed.tell(FIFTH, skip=1)

        await expect(page.locator(".card")).to_have_count(3, timeout=3_000)
        assert feed.asked == [{"screen": "wall"}, {"screen": "wall"}]


async def test_a_cut_line_is_taken_up_where_it_was(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1920, 1080) as page:
        await opened(page, f"{feed.address}/wall")
        await feed.tell(LIGHTS)
        await expect(page.locator(".card")).to_have_count(2)

        await feed.cut()

        await feed.until(lambda: len(feed.asked) == 2)
        assert feed.asked[1] == {"screen": "wall", "epoch": "e1", "seq": "2"}


async def test_sources_are_late_at_10_s_and_silent_at_30_s(browser):
    ages = {"fresh": 2, "late": 14, "silent": 33}
    sources = tuple(source(name, NOW - age * 1000) for name, age in ages.items())
    async with feeding(*busy()) as feed, page_of(browser, 1920, 1080) as page:
        feed.tick = {"sources": sources}
        await opened(page, f"{feed.address}/wall")

        for name, level in (("fresh", "ok"), ("late", "watch"), ("silent", "act")):
            line = page.locator(f'#wall-foot li[data-level="{level}"]')
            await expect(line).to_contain_text(name)


async def test_catching_up_and_losing_the_only_source_take_the_place_of_live(browser):
    behind = source(state="catching up", note="catching up, 40 s behind")
    async with feeding(*busy()) as feed, page_of(browser, 1920, 1080) as page:
        feed.tick = {"sources": (behind,)}
        await opened(page, f"{feed.address}/wall")
        await expect(page.locator(".mode")).to_have_text("CATCHING UP")
        await expect(page.locator("#wall-head")).to_contain_text("catching up, 40 s behind")

        feed.tick = {"sources": (source(state="lost", note="no answer, next try in 8 s"),)}

        await expect(page.locator(".mode")).to_have_text("NO SOURCE")
        await expect(page.locator("#wall-head")).to_contain_text("no answer, next try in 8 s")


@pytest.mark.parametrize(
    "title",
    [
        '<img src=x onerror="document.title=1"><script>document.title=2</script>',
        "שלום עולם, האורות כבו",
        "👩‍👩‍👧‍👦🏳️‍🌈" * 60,
        "W" * 400,
    ],
)
async def test_a_strangers_words_stay_words_in_their_place(browser, title):
    strange = msgspec.structs.replace(LIGHTS, title=title, reasons=(title,))
    async with feeding(strange, TRAILER) as feed, page_of(browser, 1920, 1080) as page:
        await opened(page, f"{feed.address}/wall")

        await expect(page.locator(".card.top h2")).to_have_text(title)
        assert await page.locator(".card img, .card script").count() == 0
        assert await page.title() == "Oreo, wall"
        assert await page.evaluate(OUTSIDE) == []


async def test_in_the_hand_the_wall_is_one_column(browser):
    async with feeding(*busy()) as feed, page_of(browser, 390, 844) as page:
        await opened(page, f"{feed.address}/wall")
        await page.locator(".card").first.wait_for()

        width = await page.evaluate("document.documentElement.scrollWidth")
        lefts = await page.locator(".card").evaluate_all("all => all.map(c => c.offsetLeft)")

        assert width == 390
        assert len(set(lefts)) == 1


@pytest.mark.parametrize("path", ["/wall", "/desk"])
async def test_nothing_leaves_the_origin_and_nobody_complains(browser, path):
    asked: list[str] = []
    said: list[str] = []
    demo = setting("demo", is_dry=True)
    async with feeding(*busy(), said=demo) as feed, page_of(browser, 1920, 1080) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda line: said.append(line.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        await page.goto(feed.address + path)
        await expect(page.locator(".mode").first).to_have_text("DEMO")
        await asyncio.sleep(2.2)  # two ticks drawn

        assert said == []
        assert {url for url in asked if not url.startswith((feed.address, "data:"))} == set()
        drawing = [url for url in asked if "plotly" in url]
        assert len(drawing) == (1 if path == "/wall" else 0)
        assert all("/assets/plotly-basic" in url for url in drawing)


async def test_the_chart_says_when_there_is_nothing_to_expect_from(browser):
    young = msgspec.structs.replace(volume(), low=(None,) * 24, high=(None,) * 24)
    async with feeding(*busy()) as feed, page_of(browser, 1920, 1080) as page:
        feed.tick = {"volume": young}
        await opened(page, f"{feed.address}/wall")

        await expect(page.locator("#wall-chart")).to_contain_text("nothing to expect from yet")
        await page.locator("#wall-plot .bars path").first.wait_for()


async def test_the_chart_tells_when_the_volume_was_unusual(browser):
    usual = msgspec.structs.replace(volume(), unusual=(False,) * 24)
    async with feeding(*busy()) as feed, page_of(browser, 1920, 1080) as page:
        await opened(page, f"{feed.address}/wall")
        await expect(page.locator("#wall-plot")).to_contain_text("unusual")

        feed.tick = {"volume": usual}

        await expect(page.locator("#wall-plot")).not_to_contain_text("unusual")
