"""The rules on a phone: they fit it, a link lands at its rule, one tap acknowledges them."""

from pathlib import Path

import pytest

import rtm.demo
from rtm.orders import Acknowledged, RulesSet
from tests.browser.chromium import chromium, page_of
from tests.web.fakes import NOW, PASSWORD

STARTER = Path(rtm.demo.__file__).with_name("rules.md").read_text(encoding="utf-8")
WIDE = f"\n```\n{'x' * 300}\n```\n\n|{'wide|' * 30}\n|{'-|' * 30}\n"


@pytest.fixture
async def page():
    async with chromium() as browser, page_of(browser, 390, 844) as page:
        yield page


@pytest.fixture
async def site(site_of, page):
    site = await site_of()
    site.room.newsroom.tell(RulesSet(at=NOW, who="ada", version=1, text=STARTER + WIDE))
    await page.goto(str(site.client.make_url("/login?next=/healthz")))
    await page.fill("#name", "winnie")
    await page.fill("#password", PASSWORD)
    await page.click("button")
    return site


async def test_the_rules_fit_a_phone_and_a_link_lands_at_its_rule(site, page):
    await page.goto(str(site.client.make_url("/rules?next=/healthz#leak")))

    width = await page.evaluate("document.documentElement.scrollWidth")
    top = await page.evaluate("document.getElementById('leak').getBoundingClientRect().top")

    assert width <= 390
    assert 0 <= top < 100


async def test_one_tap_acknowledges_them_and_leads_back(site, page):
    await page.goto(str(site.client.make_url("/rules?next=/healthz")))
    box = await page.locator("button").bounding_box()
    await page.click("button")

    assert box is not None
    assert box["height"] >= 48
    assert page.url == str(site.client.make_url("/healthz"))
    assert site.room.kept == [Acknowledged(at=NOW, who="winnie", version=1)]

    await page.goto(str(site.client.make_url("/rules")))
    assert await page.locator("button").count() == 0
    await page.click("summary")
    assert await page.get_by_text("winnie: version 1 on").is_visible()
