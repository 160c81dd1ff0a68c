"""Stories that may not fit, and those that were not offered, on the screens."""

import msgspec
import pytest
from playwright.async_api import expect

from rtm.types import Verdict
from tests.browser.cards import LIGHTS, TRAILER
from tests.browser.chromium import page_of
from tests.browser.feed import feeding

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser for all

TRIAL = msgspec.structs.replace(TRAILER, is_trial=True)
LET_BE = Verdict(
    story="s-lamps",
    title="Lamps <b>went</b> dark",
    relevance=0.12,
    risk=0.0,
    posts=9,
    is_offered=False,
    sentence="Not offered: relevance 12 of 100, 30 are needed; only 1 of 9 posts touch it.",
)
OFFERED = msgspec.structs.replace(LET_BE, story="s-on", title="Offered one", is_offered=True)


async def test_a_trial_never_stands_on_the_wall(browser):
    async with feeding(LIGHTS, TRIAL) as feed, page_of(browser, 1920, 1080) as page:
        await page.goto(f"{feed.address}/wall")
        await page.locator(".card").first.wait_for()

        await expect(page.locator(".card")).to_have_count(1)
        await expect(page.locator("#wall")).not_to_contain_text("Iron Man 3 trailer")


async def test_the_same_card_offered_stands_on_the_wall(browser):
    async with feeding(LIGHTS, TRAILER) as feed, page_of(browser, 1920, 1080) as page:
        await page.goto(f"{feed.address}/wall")

        await expect(page.locator(".card")).to_have_count(2)
        await expect(page.locator("#wall")).to_contain_text("Iron Man 3 trailer")


async def test_a_wall_of_trials_alone_is_a_quiet_wall(browser):
    async with feeding(TRIAL) as feed, page_of(browser, 1920, 1080) as page:
        await page.goto(f"{feed.address}/wall")

        await expect(page.locator("#wall-main")).to_contain_text("Nothing worth your time")


async def test_the_desk_asks_of_a_trial_whether_it_fits_behind_all_else(browser):
    urgent = msgspec.structs.replace(TRIAL, score=99.0, closes_low_ms=LIGHTS.closes_low_ms)
    async with feeding(urgent, LIGHTS) as feed, page_of(browser, 1440, 900) as page:
        await page.goto(f"{feed.address}/desk#o-trailer")

        await expect(page.locator("#desk-story")).to_contain_text("Unsure: does this fit?")
        await expect(page.locator("#desk-list button[data-card]").last).to_contain_text("Unsure")


async def test_the_desk_asks_nothing_of_an_offer(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1440, 900) as page:
        await page.goto(f"{feed.address}/desk#o-trailer")

        await expect(page.locator("#desk-story h1")).to_be_visible()
        await expect(page.locator("#desk")).not_to_contain_text("Unsure")


async def test_the_desk_says_why_what_is_followed_was_not_offered(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1440, 900) as page:
        feed.verdicts = [LET_BE, OFFERED]
        await page.goto(f"{feed.address}/desk")
        aside = page.get_by_label("Followed, not offered")

        await expect(aside).to_contain_text("Lamps <b>went</b> dark")
        await expect(aside).to_contain_text("9 posts. Not offered: relevance 12 of 100")
        await expect(aside).not_to_contain_text("Offered one")
        await aside.get_by_role("button").click()
        await expect(aside).not_to_contain_text("Lamps")


async def test_the_desk_has_no_empty_list_of_what_was_not_offered(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1440, 900) as page:
        feed.verdicts = [OFFERED]
        await page.goto(f"{feed.address}/desk")

        await expect(page.locator("#desk-list button[data-card]")).to_have_count(1)
        await expect(page.locator("#desk-list .aside")).to_have_count(0)
