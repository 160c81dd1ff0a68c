"""A desk to work at: cards on their way, and a room that answers steps as the real one does."""

from typing import Any

import msgspec
from playwright.async_api import Page, expect

from rtm.board.view import Release
from rtm.desk.roles import Person
from rtm.draft import Draft
from tests.browser.cards import LIGHTS, card, claimed
from tests.browser.feed import Feed

MINE = claimed(card("o-mine", "The lights went out"), "writer 1")
SUBMITTED = claimed(LIGHTS, "writer 1", "submitted", waits_on="an approver on duty")
APPROVED = claimed(SUBMITTED, "approver 2", "approved", approvals=("approver 2",))
MODERATOR = Person(name="moderator 3", roles=frozenset({"moderator"}))
APPROVER = Person(name="approver 2", roles=frozenset({"approver"}))


def working(feed: Feed) -> None:
    """Let the feed answer as a room would: each step counts, drafts are kept."""
    states = {"claim": "claimed", "submit": "submitted", "approve": "approved", "fire": "firing"}

    def answer(id: str, step: str, wish: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        now = feed.cards[id]
        if wish["work_rev"] != now.work_rev:
            return 409, {"error": "the work went on since the screen was drawn", "card": now}
        changes: dict[str, Any] = {"rev": now.rev + 1, "work_rev": now.work_rev + 1}
        if step == "draft":
            draft = msgspec.convert(wish["draft"], Draft)
            changes |= {"text": draft.text, "draft": draft, "state": "drafted"}
        elif step == "submit":
            changes["waits_on"] = "an approver on duty"
        elif step == "claim":
            changes["owner"] = feed.person.name
        elif step == "approve":
            changes["approvals"] = (*now.approvals, feed.person.name)
        elif step == "unlock":
            why = Release(who=feed.person.name, at_ms=feed.at_ms, reason=wish["text"])
            changes |= {"lock": None, "release": why}
        changes.setdefault("state", states.get(step, now.state))
        return 200, {"card": msgspec.structs.replace(now, **changes)}

    feed.answer = answer


async def opened(page: Page, feed: Feed, id: str) -> None:
    await page.goto(f"{feed.address}/desk#{id}")
    await page.locator("#desk-story h1").wait_for()
    await expect(page.locator("#desk-head")).to_contain_text("You are")


async def fits(page: Page) -> None:
    """Nothing may scroll sideways."""
    width, inner = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width == inner


def steps(feed: Feed) -> list[str]:
    return [step for _, step, _, _ in feed.calls]
