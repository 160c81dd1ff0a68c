"""Rude posts: veiled on the desk until somebody asks, by mouse or keys."""

import msgspec
import pytest
from playwright.async_api import expect

from rtm.board.view import Quote
from tests.browser.cards import NOW, card
from tests.browser.chromium import page_of
from tests.browser.desk import opened
from tests.browser.feed import feeding

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser for all

RUDE = Quote(
    id="q-rude", at_ms=NOW, author="foul mouth", text="what the fuck", rude="profanity, in disguise"
)
POLITE = Quote(id="q-polite", at_ms=NOW, author="kind", text="what a night")
CARD = msgspec.structs.replace(card("o-rude", "The lights went out"), quotes=(RUDE, POLITE))


async def test_a_rude_post_is_veiled_until_it_is_asked_for_by_keys(browser):
    async with feeding(CARD) as feed, page_of(browser, 1440, 900) as page:
        await opened(page, feed, "o-rude")
        story = page.locator("#desk-story")
        show = page.get_by_role("button", name="Show the post")

        await expect(story).to_contain_text("Not for a public screen: profanity, in disguise.")
        await expect(story).to_contain_text("what a night")
        assert "fuck" not in await page.content()
        assert "foul mouth" not in await page.content()
        assert "blur" in await story.locator(".veiled p.blur").evaluate(
            "node => getComputedStyle(node).filter"
        )

        await show.focus()
        await page.keyboard.press("Enter")

        await expect(story).to_contain_text("what the fuck")
        await expect(show).to_have_attribute("aria-pressed", "true")
        await expect(show).to_be_focused()
        await feed.tell(msgspec.structs.replace(CARD, rev=9, posts=99))
        await expect(story).to_contain_text("99 posts")
        await expect(story).to_contain_text("what the fuck")

        await page.keyboard.press("Enter")

        await expect(story).not_to_contain_text("what the fuck")


async def test_each_screen_says_which_it_is(browser):
    async with feeding(CARD) as feed, page_of(browser, 1440, 900) as page:
        await opened(page, feed, "o-rude")
        await page.goto(f"{feed.address}/wall")
        await feed.until(lambda: len(feed.asked) > 1)

        assert [asked["screen"] for asked in feed.asked] == ["desk", "wall"]
