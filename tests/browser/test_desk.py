"""What people do at the desk, done in a real browser."""

import msgspec
import pytest
from playwright.async_api import expect

from rtm.board.view import Card
from tests.browser.cards import HELD, LIGHTS, NOW, SHOW, TRAILER, busy, claimed, drafted, setting
from tests.browser.chromium import page_of
from tests.browser.desk import APPROVER, MINE, MODERATOR, SUBMITTED, opened, steps, working
from tests.browser.feed import feeding

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser for all

THEIRS = msgspec.structs.replace(drafted(LIGHTS, "Theirs"), rev=9, work_rev=9)
FAMILY = "👩‍👩‍👧‍👦"


async def test_a_claim_names_what_was_looked_at_and_its_own_key(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1440, 900) as page:
        working(feed)
        await opened(page, feed, "o-trailer")

        await page.get_by_role("button", name="Claim it").click()

        await expect(page.get_by_label("Draft")).to_be_visible()
        id, step, wish, key = feed.calls[0]
        assert (id, step, wish) == ("o-trailer", "claim", {"work_rev": 1})
        assert len(key) == 32


async def test_typing_is_counted_in_letters_and_saved_when_it_rests(browser):
    async with feeding(MINE) as feed, page_of(browser, 1440, 900) as page:
        working(feed)
        await opened(page, feed, "o-mine")

        await page.get_by_label("Draft").press_sequentially(f"Lights {FAMILY}", delay=20)

        await expect(page.locator("#desk-count")).to_contain_text("8 of 300")
        await expect(page.locator("#desk-count")).to_contain_text("not saved yet")
        await expect(page.locator("#desk-count")).to_contain_text("saved 0 s ago")
        await expect(page.locator("#desk-count")).to_contain_text("saved 2 s ago")
        assert [wish["draft"]["text"] for _, _, wish, _ in feed.calls] == [f"Lights {FAMILY}"]


async def test_what_is_typed_survives_whatever_comes_in(browser):
    async with feeding(MINE) as feed, page_of(browser, 1440, 900) as page:
        feed.answer = lambda *_: (500, {"error": "the store is full"})
        await opened(page, feed, "o-mine")
        area = page.get_by_label("Draft")
        await area.press_sequentially("Power out?")

        other = msgspec.structs.replace(drafted(MINE, "somebody else's"), rev=9, posts=99)
        await feed.tell(other)
        await expect(page.locator("#desk-story")).to_contain_text("99 posts")
        await area.press_sequentially(" No problem.")

        await expect(area).to_have_value("Power out? No problem.")
        await expect(page.locator("#desk-count")).to_contain_text("NOT saved")
        await page.locator("body").press("Escape")
        await expect(area).to_have_value("Power out? No problem.")


async def test_a_more_urgent_card_does_not_push_away_the_one_in_hand(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1440, 900) as page:
        await page.goto(f"{feed.address}/desk")
        await expect(page.locator("#desk-story h1")).to_have_text("Iron Man 3 trailer")

        await feed.tell(LIGHTS)

        await expect(page.locator("#desk-list button[data-card]")).to_have_count(2)
        await expect(page.locator("#desk-list button[data-card]").first).to_contain_text("lights")
        await expect(page.locator("#desk-story h1")).to_have_text("Iron Man 3 trailer")


async def test_what_is_saved_follows_the_server(browser):
    async with feeding(LIGHTS) as feed, page_of(browser, 1440, 900) as page:
        await opened(page, feed, "o-lights")
        area = page.get_by_label("Draft")
        await expect(area).to_have_value("Power out? No problem.")

        await feed.tell(THEIRS)

        await expect(area).to_have_value("Theirs")


async def test_submitting_saves_first(browser):
    async with feeding(MINE) as feed, page_of(browser, 1440, 900) as page:
        working(feed)
        await opened(page, feed, "o-mine")
        await page.get_by_label("Draft").fill("Power out? No problem.")

        await page.get_by_label("Draft").press("Control+Enter")

        await feed.until(lambda: len(feed.calls) == 2)
        assert steps(feed) == ["draft", "submit"]
        assert [wish["work_rev"] for _, _, wish, _ in feed.calls] == [2, 3]
        await expect(page.locator("#desk-do")).to_contain_text("Waits for an approver on duty.")
        assert await page.get_by_role("button", name="Approve").count() == 0


async def test_a_text_that_is_too_long_cannot_be_submitted(browser):
    async with feeding(LIGHTS) as feed, page_of(browser, 1440, 900) as page:
        working(feed)
        await opened(page, feed, "o-lights")
        submit = page.get_by_role("button", name="Submit")
        await expect(submit).to_be_enabled()

        await page.get_by_label("Draft").fill("x" * 320)

        await expect(submit).to_be_disabled()
        await expect(page.locator("#desk-do")).to_contain_text("20 letters too many for Bluesky.")


async def test_an_older_screen_is_told_what_changed_and_keeps_the_text(browser):
    async with feeding(LIGHTS) as feed, page_of(browser, 1440, 900) as page:
        working(feed)
        await opened(page, feed, "o-lights")
        feed.cards["o-lights"] = THEIRS

        await page.get_by_label("Draft").fill("Mine")

        box = page.locator("#desk-changed")
        await expect(box).to_contain_text("It changed meanwhile.")
        await expect(box).to_contain_text("Now: Drafting by writer 1, with the text “Theirs”.")
        await expect(page.get_by_label("Draft")).to_have_value("Mine")
        await page.get_by_role("button", name="Save mine").click()
        await expect(page.locator("#desk-count")).to_contain_text("saved 0 s ago")
        await expect(box).to_be_empty()
        assert feed.cards["o-lights"].text == "Mine"


async def test_taking_what_stands_lets_the_typed_text_go(browser):
    async with feeding(LIGHTS) as feed, page_of(browser, 1440, 900) as page:
        working(feed)
        await opened(page, feed, "o-lights")
        feed.cards["o-lights"] = THEIRS
        await page.get_by_label("Draft").fill("Mine")

        await page.get_by_role("button", name="Take what stands").click()

        await expect(page.get_by_label("Draft")).to_have_value("Theirs")


async def test_a_refusal_is_shown_in_the_servers_words(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1440, 900) as page:
        feed.answer = lambda *_: (403, {"error": "claim: <b>writer 1</b> has not the role for it"})
        await opened(page, feed, "o-trailer")

        await page.get_by_role("button", name="Claim it").click()

        await expect(page.locator("#desk-say")).to_have_text(
            "claim: <b>writer 1</b> has not the role for it"
        )


async def test_an_answer_that_is_lost_is_asked_for_again_under_the_same_key(browser):
    async with feeding(TRAILER) as feed, page_of(browser, 1440, 900) as page:
        working(feed)
        await opened(page, feed, "o-trailer")
        lost = []

        async def lose(route):
            lost.append(route.request.headers["idempotency-key"])
            if len(lost) == 1:
                await route.abort()
            else:
                await route.continue_()

        await page.route("**/claim", lose)
        await page.get_by_role("button", name="Claim it").click()

        await feed.until(lambda: len(feed.calls) == 1)
        assert lost[0] == lost[1] == feed.calls[0][3]


async def test_a_held_card_can_only_be_let_go(browser):
    mine = msgspec.structs.replace(claimed(HELD, "writer 1"), id="o-held")
    async with feeding(mine) as feed, page_of(browser, 1440, 900) as page:
        await opened(page, feed, "o-held")

        acts = await page.locator("#desk-do button").all_inner_texts()

        assert acts == ["Give it back", "Let it go…"]
        await expect(page.locator("#desk-do")).to_contain_text(
            "Held: 2 of 3 posts speak of death. Only a moderator may release the lock."
        )


async def test_a_moderator_releases_the_lock_and_says_why(browser):
    held = msgspec.structs.replace(
        LIGHTS, id="o-held", lock="2 of 3 posts speak of death: locked.", risk=1.0
    )
    async with feeding(held) as feed, page_of(browser, 1440, 900) as page:
        feed.person = MODERATOR
        working(feed)
        await opened(page, feed, "o-held")
        do = page.locator("#desk-do")
        await expect(do).to_contain_text("Held: 2 of 3 posts speak of death: locked.")

        await page.get_by_role("button", name="Release the lock…").click()
        await page.get_by_role("button", name="Release the lock", exact=True).click()
        await expect(page.locator("#desk-say")).to_contain_text("Say why, in a few words.")
        assert steps(feed) == []
        await page.get_by_label("Why the lock may be released").fill("It is the film of 1998")
        await page.get_by_role("button", name="Release the lock", exact=True).click()

        await expect(page.locator("#desk-changed")).to_contain_text("moderator 3 released the lock")
        await expect(page.locator("#desk-changed")).to_contain_text("It is the film of 1998")
        await expect(do).not_to_contain_text("Held")
        assert [(step, wish["text"]) for _, step, wish, _ in feed.calls] == [
            ("unlock", "It is the film of 1998")
        ]

        now = feed.cards["o-held"]
        await feed.tell(msgspec.structs.replace(now, rev=9, work_rev=9, lock="5 of 9: locked."))
        await expect(page.locator("#desk-changed")).to_contain_text("and it got worse since")
        await expect(page.get_by_role("button", name="Release the lock…")).to_be_visible()


async def test_keys_choose_claim_write_and_explain(browser):
    async with feeding(LIGHTS, TRAILER, SHOW) as feed, page_of(browser, 1440, 900) as page:
        working(feed)
        await opened(page, feed, "o-lights")

        await page.keyboard.press("j")
        await expect(page.locator("#desk-story h1")).to_have_text("Iron Man 3 trailer")
        await page.keyboard.press("c")
        await expect(page.get_by_label("Draft")).to_be_visible()
        await page.keyboard.press("t")
        await page.keyboard.type("jkc?")
        await expect(page.get_by_label("Draft")).to_have_value("jkc?")
        await page.keyboard.press("Escape")
        await page.keyboard.press("k")
        await expect(page.locator("#desk-story h1")).to_contain_text("The lights went out")
        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog")).to_contain_text("next moment")


async def test_the_demo_is_paced_from_the_desk(browser):
    demo = setting("demo", is_dry=True)
    async with feeding(*busy(), said=demo) as feed, page_of(browser, 1440, 900) as page:
        await opened(page, feed, "o-lights")
        await expect(page.get_by_role("button", name="1x", exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )

        for name in ("Pause", "60x", "Next moment"):
            await page.get_by_role("button", name=name).click()
        await feed.until(lambda: len(feed.paces) == 3)

        assert feed.paces == [{"do": "pause"}, {"do": "speed", "speed": 60}, {"do": "next"}]


async def test_a_live_desk_has_no_pace(browser):
    async with feeding(*busy()) as feed, page_of(browser, 1440, 900) as page:
        await opened(page, feed, "o-lights")

        await expect(page.locator("#desk-pace")).to_be_hidden()


@pytest.mark.parametrize("id", ["", "o-lights", "o-show"])
async def test_in_the_hand_nothing_scrolls_sideways(browser, id):
    cards: tuple[Card, ...] = (SUBMITTED, *busy()[1:])
    long = msgspec.structs.replace(drafted(SUBMITTED, "m" * 300), title="W" * 200)
    async with feeding(long, *cards[1:]) as feed, page_of(browser, 390, 844) as page:
        feed.person = APPROVER
        await page.goto(f"{feed.address}/desk#{id}")
        await page.locator("#desk-list button" if not id else "#desk-story h1").first.wait_for()

        assert await page.evaluate("document.documentElement.scrollWidth") == 390


async def test_in_the_hand_the_post_is_biggest_and_its_buttons_are_in_reach(browser):
    async with feeding(SUBMITTED) as feed, page_of(browser, 390, 844) as page:
        feed.person = APPROVER
        await opened(page, feed, "o-lights")

        paper = await page.locator(".paper p").evaluate(
            "e => parseFloat(getComputedStyle(e).fontSize)"
        )
        why = await page.locator(".facts dd p").first.evaluate(
            "e => parseFloat(getComputedStyle(e).fontSize)"
        )
        box = await page.get_by_role("button", name="Approve").bounding_box()

        assert paper > why
        assert box is not None
        assert box["height"] >= 60
        assert box["y"] + box["height"] <= 844


async def test_strangers_words_stay_words(browser):
    evil = '<img src=x onerror="document.title=1">'
    quote = msgspec.structs.replace(LIGHTS.quotes[0], text=evil, author=evil)
    strange = msgspec.structs.replace(
        LIGHTS, title=evil, terms=(evil,), reasons=(evil,), quotes=(quote,), note=evil, owner=evil
    )
    async with feeding(strange) as feed, page_of(browser, 1440, 900) as page:
        await opened(page, feed, "o-lights")

        await expect(page.locator("#desk-story h1")).to_have_text(evil)
        await expect(page.locator(".quotes p")).to_have_text(evil)
        assert await page.locator("#desk img").count() == 0
        assert await page.title() == "Oreo, desk"


async def test_the_way_from_first_post_to_fired_is_told_in_steps(browser):
    async with feeding(LIGHTS) as feed, page_of(browser, 1440, 900) as page:
        await opened(page, feed, "o-lights")

        told = page.locator("#desk-steps")
        await expect(told).to_contain_text("Found 0:39")
        await expect(told).to_contain_text("Unclaimed 0:17")
        await expect(told).to_contain_text("Drafting 2:")
        await expect(told).to_contain_text("of 10:00")
        assert NOW - LIGHTS.opened_ms == 225_000


@pytest.mark.parametrize(
    ("per_min", "acceleration", "said"),
    [
        (2.0, 0.5, "2 a minute, rising"),
        (40.0, -3.0, "40 a minute, falling"),
        (0.1, 0.001, "6 an hour, steady"),
    ],
)
async def test_a_story_says_how_fast_it_goes(browser, per_min, acceleration, said):
    card = msgspec.structs.replace(LIGHTS, per_min=per_min, acceleration=acceleration)
    async with feeding(card) as feed, page_of(browser, 1920, 1080) as page:
        working(feed)
        await opened(page, feed, card.id)

        await expect(page.locator(".lead .line")).to_contain_text(said)
