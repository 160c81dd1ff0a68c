"""From approval to outcome, done in a real browser: firing twice is the worst failure."""

import asyncio

import msgspec
import pytest
from playwright.async_api import expect

from tests.browser.cards import SHOW, TRAILER, busy, claimed
from tests.browser.chromium import page_of
from tests.browser.desk import APPROVED, APPROVER, SUBMITTED, opened, steps, working
from tests.browser.feed import feeding

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser for all


async def test_an_approver_approves_then_fires_with_two_taps(browser):
    async with feeding(SUBMITTED) as feed, page_of(browser, 390, 844) as page:
        feed.person = APPROVER
        working(feed)
        await opened(page, feed, "o-lights")

        await page.get_by_role("button", name="Approve").click()
        await page.get_by_role("button", name="Fire…").click()
        await asyncio.sleep(0.5)
        await page.get_by_role("button", name="Fire now").click()

        await expect(page.locator("#desk-shown")).to_contain_text("Firing")
        assert steps(feed) == ["approve", "fire"]


@pytest.mark.parametrize("size", [(390, 844), (1440, 900)])
async def test_a_double_tap_does_not_fire(browser, size):
    async with feeding(APPROVED) as feed, page_of(browser, *size) as page:
        feed.person = APPROVER
        await opened(page, feed, "o-lights")
        box = await page.get_by_role("button", name="Fire…").bounding_box()
        assert box is not None
        middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

        await page.mouse.dblclick(*middle)
        await page.mouse.click(*middle, click_count=3)
        await asyncio.sleep(0.3)

        assert feed.calls == []


async def test_an_armed_post_disarms_itself(browser):
    async with feeding(APPROVED) as feed, page_of(browser, 1440, 900) as page:
        feed.person = APPROVER
        await opened(page, feed, "o-lights")
        await page.get_by_role("button", name="Fire…").click()
        await expect(page.get_by_role("button", name="Fire now")).to_be_visible()

        await expect(page.get_by_role("button", name="Fire now")).to_have_count(0, timeout=7_000)

        await expect(page.get_by_role("button", name="Fire…")).to_be_visible()
        assert feed.calls == []


async def test_a_post_goes_back_with_a_note(browser):
    async with feeding(SUBMITTED) as feed, page_of(browser, 1440, 900) as page:
        feed.person = APPROVER
        await opened(page, feed, "o-lights")
        await page.get_by_role("button", name="Return…").click()

        await page.get_by_role("button", name="Return it").click()
        await expect(page.locator("#desk-say")).to_have_text("Say why, in a few words.")
        await page.get_by_label("What to change").fill("Say cookie")
        await page.get_by_role("button", name="Return it").click()

        await feed.until(lambda: len(feed.calls) == 1)
        assert feed.calls[0][1] == "return"
        assert feed.calls[0][2]["text"] == "Say cookie"


async def test_a_board_that_may_be_old_lets_nobody_fire(browser):
    async with feeding(APPROVED) as feed, page_of(browser, 1440, 900) as page:
        feed.person = APPROVER
        await opened(page, feed, "o-lights")
        await expect(page.get_by_role("button", name="Fire…")).to_be_visible()

        feed.is_frozen = True

        await expect(page.get_by_role("button", name="Fire…")).to_have_count(0, timeout=8_000)
        await expect(page.locator("#desk-do")).to_contain_text("wait for the connection")


@pytest.mark.parametrize(
    ("url", "links"), [("https://bsky.example/3k", 1), ("javascript:alert(1)", 0), (None, 0)]
)
async def test_the_outcome_links_to_the_post_and_to_nothing_else(browser, url, links):
    (post,) = SHOW.sendings
    shown = msgspec.structs.replace(SHOW, sendings=(msgspec.structs.replace(post, url=url),))
    async with feeding(shown) as feed, page_of(browser, 1440, 900) as page:
        await opened(page, feed, "o-show")

        outcome = page.locator(".sendings")
        await expect(outcome).to_contain_text("came back through the stream")
        assert await outcome.locator("a").count() == links


async def test_unknown_is_said_in_words(browser):
    unknown = claimed(APPROVED, "approver 2", "unknown", note="no answer within 20 s")
    async with feeding(unknown) as feed, page_of(browser, 1440, 900) as page:
        feed.person = APPROVER
        await opened(page, feed, "o-lights")

        await expect(page.locator("#desk-do")).to_contain_text("Nobody knows yet")
        await expect(page.locator("#desk-changed")).to_contain_text("no answer within 20 s")
        assert await page.get_by_role("button", name="Fire").count() == 0


async def test_cards_stand_in_three_groups(browser):
    gone = msgspec.structs.replace(claimed(TRAILER, "writer 3", "dismissed"), id="o-no", note="no")
    async with feeding(*busy(), gone) as feed, page_of(browser, 1440, 900) as page:
        await opened(page, feed, "o-lights")

        groups = {
            name: await page.get_by_role("region", name=name, exact=True)
            .get_by_role("button")
            .count()
            for name in ("To do", "Fired", "Let go")
        }

        assert groups == {"To do": 3, "Fired": 1, "Let go": 1}
