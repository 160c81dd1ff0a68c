"""What only a browser can tell: policies, cookies of links from elsewhere, the socket's end."""

import dash
import pytest
from aiohttp import web
from dash import html
from playwright.async_api import Page

from tests.browser.chromium import chromium, page_of
from tests.web.fakes import PASSWORD

SOCKET = "socket = new WebSocket(location.origin.replace('http', 'ws') + '/ws')"


@pytest.fixture
async def page():
    async with chromium() as browser, page_of(browser, 390, 844) as page:
        yield page


@pytest.fixture
async def site(site_of, tmp_path):
    app = dash.Dash("browsed", assets_folder=str(tmp_path))
    app.layout = html.P("the board", id="board")
    return await site_of(wsgi=app.server, scripts=app.csp_hashes(), pace=None)


async def test_a_person_comes_in_is_told_of_the_board_and_is_let_go(site, page):
    await page.goto(str(site.client.make_url("/desk?card=o1")))
    width = await page.evaluate("document.documentElement.scrollWidth")
    focused = await page.evaluate("document.activeElement.id")
    await _log_in(page)
    came_to = page.url
    first = await page.evaluate(
        f"new Promise(told => {{ {SOCKET}; socket.onmessage = heard => told(heard.data) }})"
    )
    await page.evaluate("ended = new Promise(told => { socket.onclose = told }); null")
    site.people.sessions.clear()
    await site.clock.go(5)
    code = await page.evaluate("ended.then(end => end.code)")

    assert width <= 390
    assert focused == "name"
    assert came_to == str(site.client.make_url("/desk?card=o1"))
    assert first.startswith('{"kind":"snapshot"')
    assert code == 4401


async def test_a_link_in_a_chat_leads_to_the_card_and_a_slipped_in_script_nowhere(
    site, page, aiohttp_client
):
    target = str(site.client.make_url("/desk?card=o1")) + "#o1"

    async def chat(request: web.Request) -> web.Response:
        return web.Response(text=f"<a href='{target}'>look</a>", content_type="text/html")

    elsewhere = web.Application()
    elsewhere.router.add_get("/", chat)
    there = (await aiohttp_client(elsewhere)).make_url("/").with_host("localhost")
    await page.goto(target)
    await _log_in(page)

    await page.goto(str(there))
    await page.click("a")
    await page.wait_for_selector("#board")  # drawn by Dash's own inline script, named by its hash
    await page.evaluate(
        "slipped = document.createElement('script'); slipped.textContent = 'window.ran = true';"
        "document.body.append(slipped); null"
    )

    assert page.url == target
    assert await page.evaluate("window.ran") is None


async def test_a_link_to_a_card_leads_there_through_the_login_also_at_the_second_try(site, page):
    target = str(site.client.make_url("/desk")) + "#o%201"
    await page.goto(target)
    await page.fill("#name", "winnie")
    await page.fill("#password", "wrong")
    await page.click("button")
    await page.wait_for_selector(".error")
    await _log_in(page)

    assert page.url == target


async def _log_in(page: Page) -> None:
    await page.fill("#name", "winnie")
    await page.fill("#password", PASSWORD)
    await page.click("button")
    await page.wait_for_selector("#board")
