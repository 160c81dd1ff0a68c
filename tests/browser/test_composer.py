"""Writing for several channels, in a real browser: texts, pictures, threads, polls, kits."""

import asyncio
import base64
import re
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from playwright.async_api import Page, expect

from rtm.draft import Draft, Picture
from tests.browser.cards import LIGHTS, MASTODON, NOW, channel, drafted, setting
from tests.browser.chromium import page_of
from tests.browser.desk import MINE, SUBMITTED, fits, opened, steps, working
from tests.browser.feed import Feed, feeding
from tests.browser.picture import png

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser for all

PHONE, DESK = (390, 844), (1440, 900)
BOTH = setting(more=(MASTODON,))
PNG = png()
PICTURE = sha256(PNG).hexdigest()
GIVE = """([data, kind]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], "dark.png", { type: "image/png" }));
  const told = { bubbles: true, cancelable: true };
  const event = kind === "drop"
    ? new DragEvent("drop", { ...told, dataTransfer: files })
    : new ClipboardEvent("paste", { ...told, clipboardData: files });
  document.getElementById("desk-text").dispatchEvent(event);
}"""


def kept(feed: Feed, id: str = "o-lights") -> Draft:
    return feed.cards[id].draft


async def saved(page: Page) -> None:
    await expect(page.locator("#desk-count")).to_contain_text(re.compile(r"· saved \d"))


async def writing(page: Page, feed: Feed, id: str = "o-lights") -> None:
    working(feed)
    await opened(page, feed, id)


@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_a_channel_is_left_out_or_gets_a_text_of_its_own(browser, size):
    async with feeding(LIGHTS, said=BOTH) as feed, page_of(browser, *size) as page:
        await writing(page, feed)
        area = page.get_by_label("Draft for all")
        await expect(area).to_have_value("Power out? No problem.")

        await page.get_by_role("tab", name="Mastodon").click()
        await expect(page.locator("#desk-count")).to_contain_text("22 of 500")
        await page.get_by_label("Same text for all").uncheck()
        await page.get_by_label("Draft for Mastodon").fill("Dunk, dear Fediverse")
        await saved(page)

        assert kept(feed).text == "Power out? No problem."
        assert kept(feed).own == {"Mastodon": "Dunk, dear Fediverse"}
        await expect(page.locator(".shown-words")).to_have_text("As Mastodon shows it")
        await expect(page.locator(".paper")).to_contain_text("@oreo@social.example")
        await page.get_by_role("tab", name="Bluesky").click()
        await expect(page.get_by_label("Draft for Bluesky")).to_have_value("Power out? No problem.")
        await page.get_by_label("Goes to Bluesky").uncheck()
        await feed.until(lambda: kept(feed).channels == ("Mastodon",))
        await page.get_by_role("tab", name="Mastodon").click()
        await expect(page.get_by_label("Goes to Mastodon")).to_be_disabled()  # somewhere it goes
        await page.get_by_label("Same text for all").check()
        await feed.until(lambda: kept(feed).own == {})
        await fits(page)


async def test_each_channel_counts_in_its_own_way(browser):
    link = "https://example.com/" + "a" * 200
    short = setting(more=(msgspec.structs.replace(MASTODON, limit=100),))
    async with feeding(LIGHTS, said=short) as feed, page_of(browser, *DESK) as page:
        await writing(page, feed)
        await page.get_by_label("Draft").fill(f"Look: {link}")

        await expect(page.locator("#desk-count")).to_contain_text("226 of 300")
        await page.get_by_role("tab", name="Mastodon").click()
        await expect(page.locator("#desk-count")).to_contain_text("29 of 100")
        await page.get_by_label("Draft").fill("@ada@far.example: https://example.com/dark.")
        await expect(page.locator("#desk-count")).to_contain_text("30 of 100")
        await page.get_by_label("Draft").fill("x" * 120)
        await expect(page.locator("#desk-checks")).to_contain_text(
            "20 letters too many for Mastodon."
        )
        await expect(page.get_by_role("button", name="Submit")).to_be_disabled()
        await page.get_by_label("Goes to Mastodon").uncheck()
        await expect(page.get_by_role("button", name="Submit")).to_be_enabled()


async def test_what_a_channel_does_not_take_is_said_by_its_name(browser):
    slack = channel("Slack", pictures=0, thread=1, takes_replies=False)
    mastodon = msgspec.structs.replace(MASTODON, visibilities=("public", "unlisted"))
    said = setting(more=(slack, mastodon))
    with_picture = drafted(LIGHTS, "Dunk", pictures=(Picture(id=PICTURE, alt="A cookie"),))
    async with feeding(with_picture, said=said) as feed, page_of(browser, *PHONE) as page:
        feed.pictures[PICTURE] = PNG
        far = {"rule": "links", "words": "example.com does not answer.", "channel": "Mastodon"}
        feed.complaints = [far | {"stops": False}]
        await writing(page, feed)
        checks = page.locator("#desk-checks")

        await expect(checks).to_contain_text("Slack takes no picture.")
        await expect(checks).to_contain_text("Mastodon: example.com does not answer.")
        await page.get_by_role("tab", name="Slack").click()
        await page.get_by_label("Goes to Slack").uncheck()
        await expect(checks).not_to_contain_text("Slack")
        await page.get_by_label("Who sees it").select_option("unlisted")
        await expect(checks).to_contain_text("Bluesky shows posts to everyone only.")
        await feed.until(lambda: kept(feed).visibility == "unlisted")
        await fits(page)


async def test_bytes_are_told_where_they_run_out_first(browser):
    heavy = "👩‍👩‍👧‍👦" * 110  # 25 bytes each
    async with feeding(MINE) as feed, page_of(browser, *DESK) as page:
        await writing(page, feed, "o-mine")

        await page.get_by_label("Draft").fill("short")
        await expect(page.locator("#desk-count")).not_to_contain_text("bytes")
        await page.get_by_label("Draft").fill(heavy)

        await expect(page.locator("#desk-count")).to_contain_text("2,750 of 3,000 bytes")
        await page.get_by_label("Draft").fill(heavy + heavy[:110])
        await expect(page.locator("#desk-checks")).to_contain_text("bytes too many for Bluesky")


@pytest.mark.parametrize("way", ["choose", "drop", "paste"])
async def test_a_picture_needs_its_alt_text_before_it_is_submitted(browser, way):
    size = PHONE if way == "choose" else DESK
    async with feeding(LIGHTS) as feed, page_of(browser, *size) as page:
        await writing(page, feed)
        if way == "choose":
            chosen: Any = {"name": "dark.png", "mimeType": "image/png", "buffer": PNG}
            await page.get_by_label("Add a picture").set_input_files(chosen)
        else:
            await page.evaluate(GIVE, [base64.b64encode(PNG).decode(), way])

        alt = page.get_by_label("Alt text of picture 1")
        await expect(alt).to_have_attribute("aria-invalid", "true")
        await expect(page.locator("#desk-checks")).to_contain_text("Picture 1 has no alt text.")
        await expect(page.locator(".paper")).to_contain_text("NO ALT")
        await expect(page.get_by_role("button", name="Submit")).to_be_disabled()
        if way == "drop":
            await page.locator("body").press("a")  # the key that the complaint names
            await expect(alt).to_be_focused()
        await alt.press_sequentially("A cookie in the dark", delay=5)

        await expect(page.get_by_role("button", name="Submit")).to_be_enabled()
        await expect(page.locator(".paper img")).to_have_attribute("alt", "A cookie in the dark")
        assert await page.locator(".paper img").evaluate("image => image.naturalWidth") == 32
        await saved(page)
        assert kept(feed).pictures == (Picture(id=PICTURE, alt="A cookie in the dark"),)
        await fits(page)
        await page.get_by_role("button", name="Remove picture 1").click()
        await feed.until(lambda: kept(feed).pictures == ())


async def test_a_picture_that_the_server_does_not_take_is_said(browser):
    async with feeding(LIGHTS) as feed, page_of(browser, *DESK) as page:
        await writing(page, feed)

        async def refuse(route: Any) -> None:
            await route.fulfill(status=400, json={"error": "It is larger than 5 MB."})

        await page.route("**/api/pictures", refuse)
        await page.evaluate(GIVE, [base64.b64encode(PNG).decode(), "drop"])

        await expect(page.get_by_role("alert")).to_contain_text(
            ["dark.png: It is larger than 5 MB."]
        )
        assert kept(feed).pictures == ()


async def test_a_thread_a_poll_and_an_end_of_the_offer_go_with_a_draft(browser):
    async with feeding(LIGHTS, said=BOTH) as feed, page_of(browser, *PHONE) as page:
        await writing(page, feed)

        await page.get_by_role("button", name="Add another post").click()
        await page.get_by_role("textbox", name="Post 2 of 2").fill("And a second one")
        await page.get_by_role("button", name="Add a poll").click()
        await page.get_by_label("Answer 1").fill("Dunk")
        await page.get_by_label("Answer 2").fill("Lick")
        await page.get_by_label("Open for").select_option("21600")
        await page.get_by_role("button", name="Offer ends at…").click()
        await page.get_by_label("Offer ends").fill("2013-02-03T23:30")
        await feed.until(lambda: kept(feed).offer_until is not None)

        await feed.until(lambda: kept(feed).more == ("And a second one",))
        poll, until = kept(feed).poll, kept(feed).offer_until
        assert poll is not None
        assert (poll.options, poll.lasts_s) == (("Dunk", "Lick"), 21_600)
        assert until is not None
        assert until.isoformat() == "2013-02-04T05:30:00+00:00"
        await expect(page.locator("#desk-more")).to_contain_text("Sun 3 Feb 23:30 CST")
        await expect(page.locator(".paper .post")).to_have_count(2)
        await expect(page.locator(".paper .poll")).to_contain_text("Open for 6 hours")
        await fits(page)
        await page.get_by_role("button", name="Remove post 2 of 2").click()
        await feed.until(lambda: kept(feed).more == ())


async def test_what_no_channel_takes_is_not_offered(browser):
    plain = msgspec.structs.replace(BOTH, channels=(channel(thread=1, pictures=0),))
    async with feeding(LIGHTS, said=plain) as feed, page_of(browser, *DESK) as page:
        await writing(page, feed)

        adds = await page.locator("#desk-more button, #desk-more label").all_inner_texts()

        assert adds == ["Offer…"]


async def test_the_checks_of_the_server_are_live_and_stop_the_submitting(browser):
    async with feeding(LIGHTS) as feed, page_of(browser, *PHONE) as page:
        rival = {"rule": "rival", "words": "It names a rival.", "channel": None, "stops": True}
        loud = {"rule": "shouting", "words": "Much is in capitals.", "channel": None}
        feed.complaints = [rival, loud | {"stops": False}]
        await writing(page, feed)
        checks = page.locator("#desk-checks")

        await expect(checks).to_contain_text("It names a rival.")
        await expect(checks).to_contain_text("Much is in capitals.")
        link = checks.get_by_role("link", name="rival")
        assert await link.get_attribute("href") == "/rules#rival"
        await expect(page.get_by_role("button", name="Submit")).to_be_disabled()
        before = len(feed.looked)
        feed.complaints = []
        await page.get_by_label("Draft").press_sequentially(" Dunk in the dark", delay=10)
        await expect(checks).to_contain_text("Nothing is wrong with it.")
        await expect(page.get_by_role("button", name="Submit")).to_be_enabled()
        assert len(feed.looked) == before + 1  # once the writing rested, not with every letter
        await fits(page)


async def test_who_only_reads_asks_for_no_checks(browser):
    async with feeding(SUBMITTED) as feed, page_of(browser, *DESK) as page:
        await writing(page, feed)
        await asyncio.sleep(0.8)

        assert feed.looked == []
        await expect(page.locator("#desk-checks")).to_be_hidden()


async def test_a_draft_is_shown_as_its_network_will(browser):
    text = "Dunk #superbowl with @fan.example at https://example.com/dark, not mail@home.example"
    mine = drafted(LIGHTS, text, reply_to="at://did:plc:x/app.bsky.feed.post/3k")
    async with feeding(mine) as feed, page_of(browser, *DESK) as page:
        await writing(page, feed)

        marked = await page.locator(".paper .post .facet").all_inner_texts()

        assert marked == ["#superbowl", "@fan.example", "https://example.com/dark"]
        await expect(page.locator(".paper .reply")).to_contain_text("Answers at://did:plc:x")
        quote = msgspec.structs.replace(mine.quotes[0], id=mine.draft.reply_to or "")
        await feed.tell(msgspec.structs.replace(mine, rev=9, quotes=(quote,)))
        await expect(page.locator(".paper .reply")).to_contain_text("Answers thanks_obama: The li")


async def test_messages_that_differ_are_all_shown_to_who_approves(browser):
    card = drafted(SUBMITTED, "For all of you", own={"Mastodon": "For you alone"})
    async with feeding(card, said=BOTH) as feed, page_of(browser, *PHONE) as page:
        await writing(page, feed)

        papers = await page.locator(".paper .post > p").all_inner_texts()
        heads = await page.locator(".shown-words").all_inner_texts()

        assert papers == ["For all of you", "For you alone"]
        assert heads == ["Bluesky", "Mastodon"]
        await fits(page)


async def test_a_kit_fills_the_draft_and_leaves_its_slots_to_people(browser):
    kit: dict[str, Any] = {
        "name": "power cut",
        "text": "{team} in the dark.",
        "image": PICTURE,
        "alt": "A cookie",
        "event": "the game",
        "until_ms": NOW + 60_000,
        "channels": {},
    }
    async with feeding(LIGHTS) as feed, page_of(browser, *DESK) as page:
        feed.pictures[PICTURE] = PNG
        feed.more["o-lights"] = {"kits": [kit]}
        await writing(page, feed)
        kits = page.get_by_role("region", name="Kits")
        await expect(kits).to_contain_text("power cut")

        await page.locator("body").press("1")

        await expect(page.get_by_label("Draft")).to_have_value("{team} in the dark.")
        await expect(kits).to_contain_text("in the draft")
        await expect(page.locator(".paper mark")).to_have_text("{team}")
        await expect(page.locator("#desk-checks")).to_contain_text("{team} is still to be filled")
        await expect(page.get_by_role("button", name="Submit")).to_be_disabled()
        await saved(page)
        assert kept(feed).kit == "power cut"
        assert kept(feed).pictures == (Picture(id=PICTURE, alt="A cookie"),)
        await page.get_by_label("Draft").fill("Ravens in the dark.")
        await expect(page.get_by_role("button", name="Submit")).to_be_enabled()
        await page.get_by_role("button", name="Put back what was there").click()
        await expect(page.get_by_label("Draft")).to_have_value("Power out? No problem.")
        assert steps(feed)[-1] == "draft"
