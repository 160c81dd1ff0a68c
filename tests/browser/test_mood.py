"""The mood on the screens, and what the team teaches of it."""

import asyncio

import msgspec
import pytest
from playwright.async_api import Page, expect

from rtm.board.view import Note, Question, Quote
from rtm.desk.roles import Person
from tests.browser.cards import FIFTH, LIGHTS, MINUTE, NOW, TRAILER, busy, card, mood
from tests.browser.chromium import page_of
from tests.browser.desk import opened
from tests.browser.feed import Feed, feeding
from tests.browser.test_wall import OUTSIDE, SIZES

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser for all

TOO_FEW = mood(posts=7, negative=None, low=None, high=None, complaints=None)
ASKED = Question(id="p-1", at_ms=NOW, text="oreo, where did the cream go", chance=0.55)
HOSTILE = '<img src=x onerror="document.title=1"><b>stale</b>'
ADMIN = Person(name="admin 4", roles=frozenset({"admin"}))
RUDE = Quote(id="q-rude", at_ms=NOW, author="foul", text="what the fuck", rude="profanity")
LINE = "23 % negative (18 to 29 %) of 143 posts that name Oreo, last hour; 9 % complain"


async def at_desk(page: Page, feed: Feed) -> None:
    await opened(page, feed, "o-trailer")
    await expect(page.get_by_role("link", name="What rtm learned")).to_be_visible()


async def test_the_wall_tells_the_mood_in_one_line(browser):
    async with feeding(*busy()) as feed, page_of(browser, 1920, 1080) as page:
        feed.tick = {"mood": mood()}
        await page.goto(f"{feed.address}/wall")

        await expect(page.locator("#wall-mood")).to_have_text(f"Mood: {LINE}")
        await expect(page.locator("#wall")).not_to_contain_text("unusually many")


async def test_the_wall_says_when_so_many_are_unusual(browser):
    async with feeding(*busy()) as feed, page_of(browser, 1920, 1080) as page:
        feed.tick = {"mood": mood(is_unusual=True)}
        await page.goto(f"{feed.address}/wall")

        await expect(page.locator("#wall-mood")).to_contain_text(
            "(18 to 29 %), unusually many, of 143"
        )


@pytest.mark.parametrize("told", [None, TOO_FEW])
async def test_the_wall_has_no_mood_where_too_few_posts_tell_it(browser, told):
    async with feeding(*busy()) as feed, page_of(browser, 1920, 1080) as page:
        feed.tick = {"mood": told}
        await page.goto(f"{feed.address}/wall")

        await expect(page.locator("#wall-chart h2")).to_contain_text("Posts about the game")
        await expect(page.locator("#wall-mood")).to_be_hidden()
        await expect(page.locator("#wall")).not_to_contain_text("Mood")


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)])
@pytest.mark.parametrize("count", [0, 1, 2, 4, 5])
async def test_the_mood_is_large_enough_and_pushes_nothing_off_the_wall(browser, size, count):
    width, height = size
    cards = (*busy(), FIFTH)[:count]
    async with feeding(*cards) as feed, page_of(browser, width, height) as page:
        feed.tick = {"mood": mood(is_unusual=True)}
        await page.goto(f"{feed.address}/wall")
        await page.locator("#wall-main > *").first.wait_for()
        unit = await page.evaluate("Math.min(innerHeight / 1080, innerWidth / 1800)")
        sizes = await page.evaluate(SIZES)

        assert [told for px, told in sizes if px < 31 * unit - 0.01] == []
        assert await page.evaluate(OUTSIDE) == []
        line = page.locator("#wall-mood")
        cut = await line.evaluate("node => node.scrollHeight > node.clientHeight + 1")
        plot = await page.locator("#wall-plot").evaluate("node => node.clientHeight")
        assert not cut
        assert await line.is_visible() == (count < 5)
        assert plot > 150 * unit or count == 5


async def test_the_desk_tells_the_mood_what_taught_it_and_what_drifted(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1440, 900) as page:
        feed.tick = {"mood": mood()}
        feed.notes = [Note(at_ms=NOW - 5 * MINUTE, text="Labels and guesses drift apart.")]
        await at_desk(page, feed)
        told = page.get_by_label("Mood")

        await expect(told).to_contain_text(LINE)
        await expect(told).to_contain_text("learned from 12 labels")
        await expect(told).to_contain_text("19:41 Labels and guesses drift apart.")


async def test_the_desk_says_that_too_few_tell_the_mood(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1440, 900) as page:
        feed.tick = {"mood": msgspec.structs.replace(TOO_FEW, labels=0)}
        await at_desk(page, feed)
        told = page.get_by_label("Mood")

        await expect(told).to_contain_text("Too few posts name Oreo to tell: 7 in the last hour.")
        await expect(told).to_contain_text("by word lists only")


async def test_an_answered_question_sends_one_label_thanks_and_goes(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1440, 900) as page:
        feed.questions = [ASKED]
        await at_desk(page, feed)
        asked = page.get_by_label("Is this negative?")
        await expect(asked).to_contain_text(ASKED.text)

        await asked.get_by_role("button", name="Not negative").dblclick()

        await expect(asked).to_contain_text("Thank you. Noted: not negative")
        await expect(asked).to_have_count(0, timeout=8_000)
        [(path, wish, key)] = feed.taught
        assert (path, len(key)) == ("/api/labels", 32)
        assert wish == {"post": "p-1", "what": "negative", "is_so": False}


async def test_the_desk_asks_nothing_when_there_is_nothing_to_ask(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1440, 900) as page:
        await at_desk(page, feed)

        await expect(page.get_by_label("Is this negative?")).to_have_count(0)


async def test_a_label_that_was_not_taken_says_so_and_keeps_its_key(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1440, 900) as page:
        feed.questions = [ASKED]
        feed.teaching = (503, {"error": "the store is full"})
        await at_desk(page, feed)
        yes = page.get_by_role("button", name="Negative: oreo, where", exact=False).first

        await yes.click()

        await expect(page.get_by_role("alert").filter(has_text="Not noted.")).to_contain_text(
            "the store is full"
        )
        feed.teaching = (200, {})
        await yes.click()
        await expect(page.get_by_label("Is this negative?")).to_contain_text("Thank you.")
        assert len(feed.taught) == 4
        assert len({key for _, _, key in feed.taught}) == 1


async def test_hostile_words_in_a_question_stay_words(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1440, 900) as page:
        feed.questions = [msgspec.structs.replace(ASKED, text=HOSTILE)]
        feed.notes = [Note(at_ms=NOW, text=HOSTILE)]
        await at_desk(page, feed)

        await expect(page.get_by_label("Is this negative?").locator("li > p")).to_have_text(HOSTILE)
        await expect(page.get_by_label("Mood")).to_contain_text(HOSTILE)
        assert await page.locator("#desk-list img").count() == 0
        assert await page.title() == "Oreo, desk"


async def test_a_quote_is_labelled_by_keys(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1440, 900) as page:
        await at_desk(page, feed)
        quote = page.locator("#desk-story .quotes li").first
        await quote.get_by_role("button", name="Yes: The lights at the Superbowl").focus()

        await page.keyboard.press("Enter")

        await expect(quote).to_contain_text("Noted: negative")
        await expect(quote.get_by_role("button")).to_have_count(0)
        await expect(page.get_by_role("button", name="No: What I thought")).to_be_visible()
        [(_, wish, _)] = feed.taught
        assert wish == {"post": "q1", "what": "negative", "is_so": True}


async def test_a_rude_quote_is_asked_about_only_once_it_is_shown(browser):
    rude = msgspec.structs.replace(card("o-trailer", "Trailer"), quotes=(RUDE,))
    async with feeding(rude) as feed, page_of(browser, 1440, 900) as page:
        await at_desk(page, feed)
        await expect(page.locator("#desk-story")).not_to_contain_text("Negative?")

        await page.get_by_role("button", name="Show the post").click()

        await page.get_by_role("button", name="No: what the fuck").click()
        await expect(page.locator("#desk-story")).to_contain_text("Noted: not negative")


async def test_an_admin_forgets_by_two_presses_and_not_by_a_trembling_one(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1440, 900) as page:
        feed.person = ADMIN
        await at_desk(page, feed)
        forget = page.locator("[data-forget=mood]")
        await expect(forget).to_have_text("Forget what labels taught")

        await forget.dblclick()

        await expect(forget).to_have_text("Really forget?")
        assert feed.taught == []
        await asyncio.sleep(0.6)
        await forget.click()
        await expect(page.get_by_label("What rtm learned")).to_contain_text("Forgotten.")
        [(path, wish, key)] = feed.taught
        assert (path, wish, len(key)) == ("/api/forget", {"what": "mood"}, 32)


async def test_one_press_forgets_nothing_and_is_taken_back_by_time(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1440, 900) as page:
        feed.person = ADMIN
        await at_desk(page, feed)
        forget = page.locator("[data-forget=relevance]")

        await forget.click()

        await expect(forget).to_have_text("Really forget?")
        await expect(forget).to_have_text("Forget what clicks taught", timeout=8_000)
        assert feed.taught == []


async def test_who_is_no_admin_cannot_press_forget(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1440, 900) as page:
        await at_desk(page, feed)

        await expect(page.locator("[data-forget]")).to_have_count(0)


@pytest.mark.parametrize("size", [(390, 844), (1440, 900), (1920, 1080)])
async def test_nothing_scrolls_sideways_where_people_teach(browser, size):
    long = msgspec.structs.replace(ASKED, id="p-2", text="W" * 300)
    async with feeding(LIGHTS, TRAILER) as feed, page_of(browser, *size) as page:
        feed.person, feed.questions = ADMIN, [ASKED, long]
        feed.tick = {"mood": mood(is_unusual=True)}
        await page.goto(f"{feed.address}/desk")
        await expect(page.locator("[data-forget]")).to_have_count(2)

        wide = """() => [document.documentElement]
          .concat(...document.querySelectorAll("#desk > :not(.unseen)"))
          .filter((node) => node.scrollWidth > node.clientWidth + 1).map((node) => node.id)"""
        assert await page.evaluate(wide) == []
        await page.goto(f"{feed.address}/desk#o-lights")
        await expect(page.locator("#desk-story .label").first).to_be_visible()
        assert await page.evaluate(wide) == []
