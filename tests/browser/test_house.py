"""The house at the desk and on the wall: duty, rules, the kill switch, a crisis, what it costs."""

import asyncio

import msgspec
import pytest
from playwright.async_api import Page, expect

from rtm.board.view import Breach, ChannelState, Declared
from rtm.desk.roles import Person
from tests.browser.cards import (
    ANN,
    FIFTH,
    LIGHTS,
    MASTODON,
    MO,
    NOOR,
    NOW,
    WRITER,
    busy,
    house,
    setting,
)
from tests.browser.chromium import page_of
from tests.browser.desk import APPROVED, APPROVER, MODERATOR, fits, opened, steps, working
from tests.browser.feed import Feed, feeding
from tests.browser.test_wall import OUTSIDE, SIZES

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser for all

PHONE, DESK = (390, 844), (1440, 900)
STOPPED = Declared(who="mia", at_ms=NOW - 60_000, why="a crash on the road")
CRISIS = Declared(who="mo", at_ms=NOW - 120_000, why="cookies are recalled")
ANALYST = Person(name="ana", roles=frozenset({"analyst"}))
BOUNCE_S = 0.45
# headlines that are cut through the middle of a line
CUT = """heads => heads.filter((one) => {
  const lines = one.clientHeight / Number.parseFloat(getComputedStyle(one).lineHeight);
  return lines - Math.floor(lines) > 0.3;
}).map((one) => one.textContent)"""


async def on_the_desk(page: Page, feed: Feed, id: str = "o-lights") -> None:
    working(feed)
    await opened(page, feed, id)


async def test_who_is_on_duty_is_named_and_one_goes_off_and_on(browser):
    async with feeding(LIGHTS) as feed, page_of(browser, *DESK) as page:
        feed.tick = {"house": house(MO, NOOR, WRITER)}
        await on_the_desk(page, feed)
        bar = page.locator("#desk-house")

        await expect(bar).to_contain_text("mo moderator")
        await expect(bar).to_contain_text("noor")
        await expect(bar).to_contain_text("you")
        await expect(bar).not_to_contain_text("Nothing can leave")
        await page.get_by_role("button", name="Go off duty").click()
        await feed.until(lambda: feed.posted == [("/api/duty", {"on": False})])
        feed.tick = {"house": house(MO, NOOR)}
        await page.get_by_role("button", name="Go on duty").click()
        await feed.until(lambda: feed.posted[1:] == [("/api/duty", {"on": True})])


async def test_a_desk_that_is_told_of_no_house_shows_none(browser):
    async with feeding(LIGHTS) as feed, page_of(browser, *DESK) as page:
        await on_the_desk(page, feed)

        await expect(page.locator("#desk-house")).to_be_hidden()
        await expect(page.get_by_role("button", name="Submit")).to_be_enabled()


async def test_without_a_moderator_nothing_leaves_and_the_desk_says_so(browser):
    noor = msgspec.structs.replace(NOOR, name=APPROVER.name)
    async with feeding(APPROVED) as feed, page_of(browser, *PHONE) as page:
        feed.person = APPROVER
        feed.tick = {"house": house(noor, why="no moderator is on duty")}
        await on_the_desk(page, feed)

        await expect(page.locator("#desk-house")).to_contain_text(
            "Nothing can leave: no moderator is on duty."
        )
        await expect(page.get_by_role("button", name="Fire…")).to_be_disabled()
        await expect(page.locator("#desk-do")).to_contain_text("no moderator is on duty")
        await fits(page)
        feed.tick = {"house": house(noor, MO)}
        await expect(page.get_by_role("button", name="Fire…")).to_be_enabled()
        await expect(page.locator("#desk-house")).to_be_hidden()


async def test_who_is_not_on_duty_approves_nothing(browser):
    submitted = msgspec.structs.replace(APPROVED, state="submitted", approvals=())
    async with feeding(submitted) as feed, page_of(browser, *DESK) as page:
        feed.person = APPROVER
        feed.tick = {"house": house(MO, NOOR)}
        await on_the_desk(page, feed)

        await expect(page.get_by_role("button", name="Approve")).to_be_disabled()
        await expect(page.locator("#desk-do")).to_contain_text("You are not on duty")


async def test_one_channel_that_is_shut_is_named_with_its_reason(browser):
    channels = (
        ChannelState(name="Bluesky", why=None),
        ChannelState(name="Mastodon", why="its login has expired"),
    )
    said = setting(more=(MASTODON,))
    async with feeding(LIGHTS, said=said) as feed, page_of(browser, *DESK) as page:
        feed.tick = {"house": house(MO, channels=channels)}
        await on_the_desk(page, feed)

        bar = page.locator("#desk-house")
        await expect(bar).to_contain_text("Mastodon: Its login has expired.")
        await expect(bar).not_to_contain_text("Bluesky")


async def test_holes_in_the_rota_and_leaks_are_told_beside_it(browser):
    leak = {"post": "at://x/1", "label": "kit 7", "text": "the lamps of kit 7", "at_ms": NOW}
    house_told = msgspec.to_builtins(house(MO, WRITER))
    hole = "nobody is planned as moderator from 02:00 to 06:00"
    async with feeding(LIGHTS) as feed, page_of(browser, *PHONE) as page:
        feed.raw = {"house": house_told | {"rota": [hole], "leaks": [leak, leak]}}
        await on_the_desk(page, feed)
        bar = page.locator("#desk-house")

        await expect(bar).to_contain_text("LEAK of kit 7, 19:46: “the lamps of kit 7” and 1 more")
        await page.get_by_role("button", name="All moments").click()
        await expect(bar).to_contain_text("Nobody is planned as moderator from 02:00 to 06:00.")
        await fits(page)


async def test_rules_that_are_not_acknowledged_block_until_they_are(browser):
    async with feeding(LIGHTS) as feed, page_of(browser, *PHONE) as page:
        feed.tick = {"house": house(MO, WRITER, rules=3)}
        feed.rules = {"version": 3, "is_acknowledged": False}
        await on_the_desk(page, feed)

        told = page.locator("#desk-changed")
        await expect(told).to_have_text("You have not acknowledged version 3: read it")
        link = told.get_by_role("link", name="read it")
        assert await link.get_attribute("href") == "/rules"
        assert await link.get_attribute("target") == "_blank"
        await expect(page.get_by_role("button", name="Submit")).to_be_disabled()
        await expect(page.get_by_role("link", name="Rules v3")).to_be_visible()
        feed.rules = {"version": 3, "is_acknowledged": True}
        await page.evaluate("dispatchEvent(new Event('focus'))")
        await expect(page.get_by_role("button", name="Submit")).to_be_enabled()
        await expect(told).to_be_hidden()


async def test_a_breach_names_its_rule_and_who_it_was(browser):
    breach = Breach(
        who="writer 1", step="submit", rule="leak", words="submit: it gives away “kit 7”"
    )
    mine = msgspec.structs.replace(LIGHTS, breach=breach)
    async with feeding(mine) as feed, page_of(browser, *DESK) as page:
        await on_the_desk(page, feed)
        told = page.locator("#desk-changed")

        await expect(told).to_contain_text("Refused by rule leak: It gives away “kit 7”.")
        link = told.get_by_role("link", name="leak")
        assert await link.get_attribute("href") == "/rules#leak"
        others = msgspec.structs.replace(breach, who="noor")
        await feed.tell(msgspec.structs.replace(mine, rev=9, breach=others))
        await expect(told).to_contain_text("noor was refused by rule leak")


@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_two_taps_stop_everything_and_it_says_what_came_of_it(browser, size):
    async with feeding(*busy()) as feed, page_of(browser, *size) as page:
        feed.answers["/api/stop"] = (
            200,
            {
                "kept_back": [{"card": "o-trailer", "channel": "Bluesky"}],
                "in_the_air": ["o-king"],
                "left": ["o-show"],
            },
        )
        await on_the_desk(page, feed)
        await page.mouse.wheel(0, 2_000)
        button = page.get_by_role("button", name="Stop everything")
        box = await button.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 60  # in reach wherever one reads
        middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

        await page.mouse.dblclick(*middle)
        await asyncio.sleep(BOUNCE_S)
        assert feed.posted == []
        sheet = page.get_by_role("dialog")
        await sheet.get_by_label("Why, if there is time").fill("a crash")
        await sheet.get_by_role("button", name="Stop now").click()

        await expect(sheet).to_contain_text("Kept back: Iron Man 3 trailer (Bluesky).")
        await expect(sheet).to_contain_text("In the air: King Richard III's skeleton")
        await expect(sheet).to_contain_text("Already left in the last hour: Beyoncé's")
        assert feed.posted == [("/api/stop", {"reason": "a crash"})]
        await fits(page)
        await sheet.get_by_role("button", name="Close").click()
        await expect(sheet).to_have_count(0)


async def test_stopping_needs_no_reason_and_a_refusal_is_said(browser):
    async with feeding(LIGHTS) as feed, page_of(browser, *PHONE) as page:
        feed.answers["/api/stop"] = (403, {"error": "stop: writer 1 has not the role for it"})
        await on_the_desk(page, feed)
        await page.get_by_role("button", name="Stop everything").click()
        sheet = page.get_by_role("dialog")
        assert await page.evaluate("document.activeElement.id") == "desk-sheet"  # no keyboard
        await asyncio.sleep(BOUNCE_S)

        await sheet.get_by_role("button", name="Stop now").click()

        await expect(sheet).to_contain_text("has not the role for it")
        assert feed.posted == [("/api/stop", {"reason": ""})]
        await page.keyboard.press("Escape")
        await expect(sheet).to_have_count(0)
        await page.keyboard.press("c")  # keys are the desk's again


async def test_who_may_not_stop_is_not_offered_it(browser):
    async with feeding(LIGHTS) as feed, page_of(browser, *DESK) as page:
        feed.person = ANALYST
        await on_the_desk(page, feed)

        assert await page.get_by_role("button", name="Stop everything").count() == 0


@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_a_moderator_lets_posts_leave_again_with_two_taps(browser, size):
    async with feeding(LIGHTS) as feed, page_of(browser, *size) as page:
        feed.person = MODERATOR
        feed.tick = {"house": house(MO, why="everything is stopped", stopped=STOPPED)}
        await on_the_desk(page, feed)
        band = page.locator("#desk-band")

        await expect(band).to_contain_text(
            "STOPPED by mia at 19:45: A crash on the road. Nothing leaves."
        )
        box = await band.bounding_box()
        assert box is not None
        assert box["width"] == size[0]
        await page.get_by_role("button", name="Let posts leave again").click()
        await asyncio.sleep(BOUNCE_S)
        assert feed.posted == []
        await fits(page)
        await page.get_by_role("button", name="Really let them leave?").click()

        await feed.until(lambda: feed.posted == [("/api/resume", {})])
        feed.tick = {"house": house(MO)}
        await expect(band).to_be_hidden()
        await expect(page.get_by_role("button", name="Stop everything")).to_be_visible()


async def test_a_writer_sees_that_all_is_stopped_and_cannot_resume(browser):
    async with feeding(LIGHTS) as feed, page_of(browser, *DESK) as page:
        feed.tick = {"house": house(MO, WRITER, why="everything is stopped", stopped=STOPPED)}
        await on_the_desk(page, feed)

        await expect(page.locator("#desk-band")).to_contain_text("STOPPED by mia")
        assert await page.get_by_role("button", name="Let posts leave again").count() == 0
        assert await page.get_by_role("button", name="Stop everything").count() == 0


async def test_a_crisis_is_declared_and_ended_and_holds_promotions(browser):
    on = (MO, msgspec.structs.replace(NOOR, name=APPROVER.name))
    async with feeding(APPROVED) as feed, page_of(browser, *DESK) as page:
        feed.person = APPROVER
        feed.tick = {"house": house(*on)}
        await on_the_desk(page, feed)
        await page.get_by_role("button", name="Crisis…").click()
        sheet = page.get_by_role("dialog")
        await expect(sheet.get_by_role("button", name="Declare it")).to_be_disabled()
        await sheet.get_by_label("What it is").fill("cookies are recalled")
        await asyncio.sleep(BOUNCE_S)
        await sheet.get_by_role("button", name="Declare it").click()
        await feed.until(
            lambda: (
                feed.posted == [("/api/crisis", {"is_open": True, "what": "cookies are recalled"})]
            )
        )
        await expect(sheet).to_have_count(0)

        feed.tick = {"house": house(*on, crisis=CRISIS)}

        band = page.locator("#desk-band")
        await expect(band).to_contain_text("CRISIS: Cookies are recalled.")
        await expect(band).to_contain_text("promotions are held")
        await expect(page.get_by_role("button", name="Fire…")).to_be_disabled()
        await page.get_by_role("button", name="It is over").click()
        await asyncio.sleep(BOUNCE_S)
        await page.get_by_role("button", name="Really over?").click()
        await feed.until(lambda: feed.posted[1:] == [("/api/crisis", {"is_open": False})])
        draft = msgspec.structs.replace(APPROVED.draft, reply_to="at://did:plc:x/post/1")
        await feed.tell(msgspec.structs.replace(APPROVED, rev=9, draft=draft))
        await expect(
            page.get_by_role("button", name="Fire…")
        ).to_be_enabled()  # it answers somebody
        assert steps(feed) == []


@pytest.mark.parametrize("query", ["", "?at=5m"])
async def test_one_band_takes_the_place_of_a_card_on_a_full_wall(browser, query):
    async with feeding(*busy(), FIFTH) as feed, page_of(browser, 1920, 1080) as page:
        feed.tick = {"house": house(MO, why="stopped", stopped=STOPPED)}
        await page.goto(f"{feed.address}/wall{query}")
        await page.locator(".card").first.wait_for()

        await expect(page.locator(".card")).to_have_count(1 if query else 4)
        assert await page.evaluate(OUTSIDE) == []
        assert await page.locator(".card h2").evaluate_all(CUT) == []


@pytest.mark.parametrize(("query", "smallest"), [("", 31), ("?at=5m", 52)])
async def test_the_wall_shows_both_bands_and_nothing_overflows(browser, query, smallest):
    async with feeding(*busy()) as feed, page_of(browser, 1920, 1080) as page:
        feed.tick = {"house": house(NOOR, why="stopped", stopped=STOPPED, crisis=CRISIS)}
        await page.goto(f"{feed.address}/wall{query}")
        await page.locator(".card").first.wait_for()

        band = page.locator("#wall-band")
        await expect(band).to_contain_text("STOPPED by mia at 19:45: A crash on the road.")
        await expect(band).to_contain_text("CRISIS: Cookies are recalled.")
        await expect(page.locator("#wall-foot")).to_contain_text("No moderator on duty")
        assert await page.evaluate(OUTSIDE) == []
        heads = await page.locator(".card h2").evaluate_all(CUT)
        assert heads == []
        sizes = await page.evaluate(SIZES)
        assert [told for size, told in sizes if size < smallest - 0.01] == []
        assert await page.locator("#wall button").count() == 0
        top = page.locator(".card.top")
        await expect(top).to_contain_text("HELD")
        await expect(top).to_contain_text("drafting by writer 1, until the crisis is over")
        await expect(top).not_to_contain_text("ACT NOW")


async def test_a_wall_whose_house_is_well_has_no_band(browser):
    async with feeding(*busy()) as feed, page_of(browser, 1920, 1080) as page:
        feed.tick = {"house": house(MO, ANN)}
        await page.goto(f"{feed.address}/wall")
        await page.locator(".card").first.wait_for()

        await expect(page.locator("#wall-band")).to_be_hidden()
        await expect(page.locator("#wall-foot")).to_contain_text("Moderator on duty")
        await expect(page.locator("#wall-foot")).not_to_contain_text("No moderator")
        await expect(page.locator("#wall-main")).not_to_contain_text("HELD")
        assert await page.evaluate(OUTSIDE) == []


async def test_the_cost_so_far_is_the_meters_where_there_is_one(browser):
    async with feeding(LIGHTS) as feed, page_of(browser, *DESK) as page:
        await on_the_desk(page, feed)
        head = page.locator("#desk-head")
        await expect(head).to_contain_text("Cost EUR 9,000")  # by the event's clock

        meter = {"eur_per_hour": 2250.0, "eur": 9625.4, "people": 15, "since_ms": NOW - 60_000}
        told = msgspec.to_builtins(house(MO)) | {"cost": meter}
        feed.raw = {"house": told}

        await expect(head).to_contain_text("Cost EUR 9,625")
