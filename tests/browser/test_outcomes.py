"""From agreement to results, in a real browser: who agreed, when it leaves, what came of it."""

import asyncio
from typing import Any

import msgspec
import pytest
from playwright.async_api import expect

from rtm.board.view import Card, Quote
from tests.browser.cards import (
    ANN,
    LIGHTS,
    MASTODON,
    MINUTE,
    MO,
    NOOR,
    NOW,
    SHOW,
    TRAILER,
    busy,
    house,
    sending,
    setting,
)
from tests.browser.chromium import page_of
from tests.browser.desk import APPROVED, APPROVER, SUBMITTED, fits, opened, steps, working
from tests.browser.feed import feeding

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser for all

PHONE, DESK = (390, 844), (1440, 900)
BOTH = setting(more=(MASTODON,))
ME = msgspec.structs.replace(NOOR, name=APPROVER.name)
AGREED = msgspec.structs.replace(APPROVED, approvals=("noor", "approver 2"))
LEAVES = NOW + 29 * MINUTE + 20_000  # 20:16 in New Orleans


def lasting(card: Card, state: Any, *sendings: Any) -> Card:
    return msgspec.structs.replace(card, state=state, sendings=sendings)


async def test_who_has_agreed_who_is_asked_and_who_is_next(browser):
    card = msgspec.structs.replace(
        SUBMITTED, approvals=("noor",), asked="approver 2", asked_ms=NOW - 42_000
    )
    async with feeding(card, said=BOTH) as feed, page_of(browser, *PHONE) as page:
        feed.person = APPROVER
        feed.tick = {"house": house(MO, NOOR, ME, ANN)}
        working(feed)
        await opened(page, feed, "o-lights")
        agreed = page.locator(".agreed")

        await expect(agreed).to_contain_text("1 of 2 have agreed: noor")
        await expect(agreed).to_contain_text("approver 2 is asked, 0:4")
        await expect(agreed).to_contain_text("; then ann")
        await fits(page)
        await page.get_by_role("button", name="Approve").click()
        await expect(agreed).to_contain_text("2 of 2 have agreed: noor and approver 2")


async def test_who_agreed_already_waits_for_another(browser):
    card = msgspec.structs.replace(SUBMITTED, approvals=("approver 2",))
    async with feeding(card, said=BOTH) as feed, page_of(browser, *DESK) as page:
        feed.person = APPROVER
        await opened(page, feed, "o-lights")

        await expect(page.locator("#desk-do")).to_contain_text("You have agreed; 1 more must.")
        assert await page.get_by_role("button", name="Approve").count() == 0


async def test_nobody_approves_their_own_words_where_the_house_says_so(browser):
    mine = msgspec.structs.replace(SUBMITTED, written_by=APPROVER.name)
    said = msgspec.structs.replace(setting(), own_approval=False)
    async with feeding(mine, said=said) as feed, page_of(browser, *DESK) as page:
        feed.person = APPROVER
        feed.tick = {"house": house(MO, ME)}
        await opened(page, feed, "o-lights")

        await expect(page.get_by_role("button", name="Approve")).to_be_disabled()
        await expect(page.locator("#desk-do")).to_contain_text("Nobody approves their own words")


async def test_the_longest_step_is_marked(browser):
    async with feeding(LIGHTS) as feed, page_of(browser, *DESK) as page:
        await opened(page, feed, "o-lights")
        told = page.locator("#desk-steps")

        await expect(told.locator("b", has_text="longest")).to_contain_text("Drafting 2:")
        await expect(told.get_by_text("longest")).to_have_count(1)


@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_a_post_is_set_for_a_time_in_a_zone_and_shown_in_both(browser, size):
    async with feeding(AGREED, said=BOTH) as feed, page_of(browser, *size) as page:
        feed.person = APPROVER
        feed.tick = {"house": house(MO, ME)}
        working(feed)
        await opened(page, feed, "o-lights")

        await page.get_by_role("button", name="At a time…").click()
        zone = page.get_by_label("Zone")
        assert await zone.locator("option").all_inner_texts() == [
            "CST, the event",
            "EST, here",
            "UTC",
        ]
        leaves = page.get_by_label("Leaves at")
        await leaves.fill("2013-02-03T19:00")
        await expect(page.locator(".shown-back")).to_contain_text("is over. Choose a later time.")
        await expect(page.get_by_role("button", name="Let it leave then")).to_be_disabled()
        await leaves.fill("2013-02-03T20:16")
        await expect(page.locator(".shown-back")).to_contain_text(
            "Leaves Sun 3 Feb 20:16 CST, 21:16 here, in 29 min."
        )
        await zone.select_option("America/New_York")  # the same hour, there
        await expect(page.locator(".shown-back")).to_contain_text("20:16 EST is over.")
        await zone.select_option("UTC")
        await leaves.fill("2013-02-04T02:16")
        await expect(page.locator(".shown-back")).to_contain_text(
            "Mon 4 Feb 02:16 UTC, Sun 21:16 here"
        )
        await fits(page)
        await page.get_by_role("button", name="Let it leave then").click()

        await feed.until(lambda: steps(feed) == ["fire"])
        wish = feed.calls[0][2]
        assert (wish["send_at"], wish["zone"]) == ("2013-02-04T02:16:00.000Z", "UTC")


async def test_what_is_scheduled_says_when_it_leaves_and_is_taken_back(browser):
    scheduled = lasting(
        AGREED,
        "scheduled",
        sending("Bluesky", "scheduled", send_ms=LEAVES, zone="America/Chicago"),
        sending("Mastodon", "scheduled", send_ms=LEAVES, zone="America/Chicago"),
    )
    async with feeding(scheduled, said=BOTH) as feed, page_of(browser, *PHONE) as page:
        feed.person = APPROVER
        working(feed)
        await opened(page, feed, "o-lights")

        await expect(page.locator(".outcome")).to_contain_text(
            "leaves Sun 3 Feb 20:16 CST, 21:16 here, in 29 min"
        )
        await fits(page)
        await page.get_by_label("Channels").get_by_role("button", name="Take back").last.click()
        await feed.until(lambda: len(feed.calls) == 1)
        await page.get_by_role("button", name="Take all back").click()
        await feed.until(lambda: len(feed.calls) == 2)
        assert steps(feed) == ["recall", "recall"]
        assert [wish["channel"] for _, _, wish, _ in feed.calls] == ["Mastodon", ""]
        await page.get_by_role("button", name="All moments").click()
        await expect(page.locator("#desk-list")).to_contain_text("leaves at 20:16")


async def test_the_wall_says_when_a_scheduled_post_leaves(browser):
    scheduled = lasting(AGREED, "scheduled", sending("Bluesky", "scheduled", send_ms=LEAVES))
    async with feeding(scheduled) as feed, page_of(browser, 1920, 1080) as page:
        await page.goto(f"{feed.address}/wall")

        await expect(page.locator(".card")).to_contain_text("Scheduled, leaves at 20:16")


async def test_each_channel_has_its_line_and_what_was_refused_is_tried_again(browser):
    fired = lasting(
        SHOW, "fired", *SHOW.sendings, sending("Mastodon", "refused", reason="too many posts")
    )
    async with feeding(fired, said=BOTH) as feed, page_of(browser, *PHONE) as page:
        feed.person = APPROVER
        feed.tick = {"house": house(MO, ME)}
        working(feed)
        await opened(page, feed, "o-show")
        lines = page.get_by_label("Channels").get_by_role("listitem")

        await expect(lines.nth(0)).to_contain_text("Bluesky is out, came back through the stream")
        await expect(lines.nth(1)).to_contain_text("Mastodon refused: too many posts")
        await fits(page)
        await lines.nth(1).get_by_role("button", name="Try again…").click()
        await expect(page.locator("#desk-do")).to_contain_text("fires to Mastodon.")
        await asyncio.sleep(0.5)
        await page.get_by_role("button", name="Fire now").click()
        await feed.until(lambda: steps(feed) == ["fire"])


@pytest.mark.parametrize(("name", "is_out"), [("It is out…", True), ("It is not out…", False)])
async def test_a_person_who_looked_says_whether_it_is_out(browser, name, is_out):
    unknown = lasting(SHOW, "unknown", *SHOW.sendings, sending("Mastodon", "unknown"))
    async with feeding(unknown, said=BOTH) as feed, page_of(browser, *PHONE) as page:
        feed.person = APPROVER
        working(feed)
        await opened(page, feed, "o-show")

        await page.get_by_role("button", name=name).click()
        await asyncio.sleep(0.5)
        assert feed.calls == []
        wanted: dict[str, Any] = {"work_rev": unknown.work_rev, "channel": "Mastodon"}
        wanted["is_out"] = is_out
        if is_out:
            wanted["url"] = "https://social.example/@oreo/1"
            await page.get_by_label("Its address on Mastodon").fill(wanted["url"])
        else:
            await expect(page.locator("#desk-panel")).to_contain_text("Look on Mastodon first.")
        await fits(page)
        await page.get_by_role("button", name=name.rstrip("…"), exact=True).click()

        await feed.until(lambda: steps(feed) == ["settle"])
        assert feed.calls[0][2] == wanted


async def test_a_post_is_deleted_with_a_reason_and_not_offered_again(browser):
    async with feeding(SHOW) as feed, page_of(browser, *DESK) as page:
        feed.person = APPROVER
        working(feed)
        await opened(page, feed, "o-show")

        await page.get_by_role("button", name="Delete it…").click()
        await page.get_by_role("button", name="Delete it", exact=True).click()
        await expect(page.locator("#desk-say")).to_have_text("Say why, in a few words.")
        await page.get_by_label("Why it is deleted").fill("wrong score")
        await page.get_by_role("button", name="Delete it", exact=True).click()

        await feed.until(lambda: steps(feed) == ["withdraw"])
        wish = feed.calls[0][2]
        assert (wish["text"], wish["channel"]) == ("wrong score", "Bluesky")
        gone = sending("Bluesky", "withdrawn", reason="wrong score")
        await feed.tell(lasting(msgspec.structs.replace(SHOW, rev=9, work_rev=9), "fired", gone))
        await expect(page.get_by_label("Channels")).to_contain_text("deleted: wrong score")
        assert await page.locator("#desk-do").get_by_role("button", name="Fire").count() == 0


async def test_a_moment_is_opened_by_hand(browser):
    async with feeding(*busy()) as feed, page_of(browser, *PHONE) as page:
        feed.answers["/api/moments"] = (200, {"card": "o-trailer", "like": ["o-king"]})
        await page.goto(f"{feed.address}/desk")
        await page.get_by_role("button", name="Open a moment…").click()
        sheet = page.get_by_role("dialog")
        await expect(sheet.get_by_role("button", name="Open it")).to_be_disabled()

        await sheet.get_by_label("What happens").fill("The roof leaks")
        await sheet.get_by_label("Terms").fill("roof, #leak ,")
        await fits(page)
        await asyncio.sleep(0.4)
        await sheet.get_by_role("button", name="Open it").click()

        await expect(page.locator("#desk-story h1")).to_have_text(TRAILER.title)
        wanted = {"title": "The roof leaks", "terms": ["roof", "#leak"], "kind": "moment"}
        assert feed.posted == [("/api/moments", wanted)]
        await page.get_by_role("button", name="All moments").click()
        await expect(page.locator(".opener")).to_contain_text("1 moment on the board may be the")


async def test_a_quoted_post_with_an_address_is_answered(browser):
    address = "at://did:plc:x/app.bsky.feed.post/3k"
    quotes = (Quote(id=address, at_ms=NOW, text="My cookie broke", author="ann"), *LIGHTS.quotes)
    async with (
        feeding(msgspec.structs.replace(LIGHTS, quotes=quotes)) as feed,
        page_of(browser, *DESK) as page,
    ):
        feed.answers["/api/moments"] = (409, {"error": "terms: 1 is said in nearly every post"})
        await opened(page, feed, "o-lights")

        await page.get_by_role("button", name="Answer this post").click()  # the one of three
        sheet = page.get_by_role("dialog")
        await sheet.get_by_label("Terms").fill("broken cookie")
        await asyncio.sleep(0.45)
        await sheet.get_by_role("button", name="Open it").click()

        await expect(sheet).to_contain_text("is said in nearly every post")
        path, wish = feed.posted[0]
        assert (path, wish["kind"], wish["reply_to"]) == ("/api/moments", "complaint", address)
        assert wish["title"] == "Answer ann: My cookie broke"


async def test_a_post_that_was_never_read_is_linked_and_not_answered_twice(browser):
    address = "https://social.example/@ann/1"
    quotes = (Quote(id=address, at_ms=NOW, text="", author=None),)
    async with (
        feeding(msgspec.structs.replace(LIGHTS, quotes=quotes)) as feed,
        page_of(browser, *PHONE) as page,
    ):
        feed.more["o-lights"] = {"kind": "complaint", "reply_to": address, "opened_by": "mia"}
        await opened(page, feed, "o-lights")
        story = page.locator("#desk-story")

        await expect(story).to_contain_text("Opened by mia to answer a post")
        await expect(story).to_contain_text("rtm has not read this post.")
        link = story.get_by_role("link", name="Look at it")
        assert await link.get_attribute("href") == address
        assert await page.get_by_role("button", name="Answer this post").count() == 0


RESULTS: dict[str, Any] = {
    "posts": [
        {
            "channel": "Bluesky",
            "account": "@oreo.example",
            "sent_ms": NOW,
            "after_s": 600,
            "replies": 12,
            "reposts": 1,
            "likes": 340,
            "views": 3_002_355,
            "views_by": "ana",
            "followers": 69_000,
            "amplification": 43.51,
            "is_withdrawn": False,
        }
    ],
    "views": 3_002_355,
    "amplification": 43.51,
    "found_to_sent": {"eur": 562.5, "eur_per_thousand": 0.19},
    "whole_event": {"eur": 38_250.0, "eur_per_thousand": 12.74},
    "event": "Super Bowl XLVII",
}


async def test_what_a_post_came_to_stands_in_one_line_and_views_are_entered(browser):
    async with feeding(SHOW) as feed, page_of(browser, *PHONE) as page:
        feed.more["o-show"] = {"results": RESULTS}
        feed.answers["/api/cards/o-show/impressions"] = (200, {})
        await opened(page, feed, "o-show")
        results = page.get_by_role("region", name="Results")

        for words in ("3,002,355 views", "340 likes", "1 repost", "12 replies", "43.5x"):
            await expect(results).to_contain_text(words)
        await expect(results).to_contain_text("EUR 12.74 per thousand views, of Super Bowl XLVII")
        await page.get_by_role("button", name="Enter views…").click()
        await expect(page.get_by_role("button", name="Keep")).to_be_disabled()
        await page.get_by_label("Views", exact=True).fill("3,100,000")
        await page.get_by_label("Followers").fill("69000")
        await fits(page)
        await page.get_by_role("button", name="Keep").click()

        await expect(page.get_by_role("button", name="Enter views…")).to_be_visible()
        wanted = {"channel": "Bluesky", "views": 3_100_000, "followers": 69_000}
        assert feed.posted == [("/api/cards/o-show/impressions", wanted)]


async def test_a_card_without_results_has_no_line_of_them(browser):
    async with feeding(SHOW) as feed, page_of(browser, *DESK) as page:
        await opened(page, feed, "o-show")

        assert await page.locator(".results").count() == 0
        assert await page.get_by_role("button", name="Enter views…").count() == 0
