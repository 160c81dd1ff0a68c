"""The whole thread: real posts on a real server, found, answered by people, and heard coming back.

The PDS is Bluesky's own; Jetstream's framing around its firehose is made by our relay, and so is
the past before it: posts of the shipped Reddit night, moved so that they end now.
"""

import asyncio
import signal
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.chromium import page_of
from tests.servers.board import DEMO, PASSWORD, Program, live
from tests.servers.evening import plant, relaying, running, team
from tests.servers.pds import Account
from tests.servers.relay import PLANTED

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser for all

TEXT = "You can still dunk in the dark 🌃 #superbowl with @fan0.test https://example.com/dark"
SOON = 1_000  # milliseconds in which a step at the desk stands on the wall


@pytest.fixture(scope="module")
def people_of_the_pds(pds) -> tuple[Account, list[Account]]:
    return pds.account("oreo.test"), [pds.account(f"fan{n}.test") for n in range(4)]


async def log_in(page: Page, url: str, name: str, path: str, password: str = PASSWORD) -> None:
    await page.goto(f"{url}{path}")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button").click()
    await page.wait_for_url(f"**{path}")


def unlooked(folder: Path) -> Path:
    """Return the demo's profile where links are not looked up: tests are alone on their machine."""
    profile = folder / "oreo.toml"
    words = (DEMO / "oreo.toml").read_text("utf-8")
    profile.write_text(f"{words}\n[desk]\nlook_up_links = false\n", "utf-8")
    return profile


def facets_of(record: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    raw = record["text"].encode()
    return [
        (
            raw[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(),
            facet["features"][0],
        )
        for facet in record["facets"]
    ]


async def test_a_moment_is_found_answered_fired_once_and_heard(
    tmp_path, browser, pds, people_of_the_pds
):
    brand, fans = people_of_the_pds
    team(tmp_path)
    account = {
        "RTM_BLUESKY_SERVICE": pds.url,
        "RTM_BLUESKY_HANDLE": brand.handle,
        "RTM_BLUESKY_PASSWORD": brand.password,
    }
    async with (
        relaying(pds) as feed,
        running(
            live(tmp_path, [feed.url], "--publish", "bluesky", brand=unlooked(tmp_path), **account)
        ) as program,
        page_of(browser, 1440, 900) as mia,
        page_of(browser, 390, 844) as noor,
        page_of(browser, 1920, 1080) as wall,
    ):
        await log_in(wall, program.url, "mia", "/wall")
        await log_in(mia, program.url, "mia", "/desk")
        await log_in(noor, program.url, "noor", "/desk")
        top = wall.locator(".card.top")
        await expect(wall.locator("#wall-head .mode")).to_have_text("LIVE", timeout=30_000)
        assert await top.count() == 0

        await plant(pds, fans, PLANTED[:3])
        await expect(top).to_contain_text("lights", timeout=10_000)

        await expect(mia.locator("#desk-story h1")).to_contain_text("lights")
        await mia.get_by_role("button", name="Claim it").click()
        await expect(top).to_contain_text("Claimed by mia", timeout=SOON)
        await mia.get_by_label("Draft").fill(TEXT)
        await expect(top).to_contain_text("Drafting by mia", timeout=SOON + 600)  # saved at rest
        await mia.get_by_label("Draft").press("Control+Enter")
        # so soon after a start the checks' dictionaries may still be read
        await expect(top).to_contain_text("Submitted by mia", timeout=SOON + 20_000)

        await noor.locator("#desk-list button").first.click()
        await noor.get_by_role("button", name="Approve").click()
        await expect(top).to_contain_text("Approved by noor", timeout=SOON)
        await noor.get_by_role("button", name="Fire…").click()
        await asyncio.sleep(0.5)
        await noor.get_by_role("button", name="Fire now").click()

        fired = wall.locator(".card", has_text="Fired by noor")
        await expect(fired).to_be_visible(timeout=5_000)
        await expect(fired).to_contain_text("back in the stream", timeout=10_000)
        await expect(mia.locator("#desk")).to_contain_text("came back through the stream")

    (record,) = pds.records(brand.did)
    assert record["value"]["text"] == TEXT
    (tag, tagged), (mention, mentioned), (link, linked) = facets_of(record["value"])
    assert (tag, tagged["tag"]) == ("#superbowl", "superbowl")
    assert (mention, mentioned["did"]) == ("@fan0.test", fans[0].did)
    assert (link, linked["uri"]) == ("https://example.com/dark", "https://example.com/dark")


async def test_the_wall_says_when_the_server_is_stopped_frozen_and_back(tmp_path, browser, pds):
    team(tmp_path)
    async with relaying(pds, 300) as feed:
        program = live(tmp_path, [feed.url])
        async with running(program), page_of(browser, 1920, 1080) as wall:
            mode = wall.locator("#wall-head .mode")
            await log_in(wall, program.url, "mia", "/wall")
            await expect(mode).to_have_text("LIVE", timeout=30_000)
            port = int(program.url.rpartition(":")[2])

            program.signal(signal.SIGSTOP)
            await expect(mode).to_contain_text("STALE", timeout=10_000)
            program.signal(signal.SIGCONT)
            await expect(mode).to_have_text("LIVE", timeout=10_000)

            await program.stop()
            await expect(mode).to_contain_text("DISCONNECTED", timeout=10_000)
            again = live(tmp_path, [feed.url], port=port)
            async with running(again):
                await expect(mode).to_have_text("LIVE", timeout=10_000)


@pytest.mark.long
async def test_the_wall_comes_back_after_five_minutes(tmp_path, browser, pds):
    team(tmp_path)
    async with relaying(pds, 300) as feed:
        program = live(tmp_path, [feed.url])
        async with running(program), page_of(browser, 1920, 1080) as wall:
            mode = wall.locator("#wall-head .mode")
            await log_in(wall, program.url, "mia", "/wall")
            await expect(mode).to_have_text("LIVE", timeout=30_000)
            port = int(program.url.rpartition(":")[2])
            await program.kill()
            await expect(mode).to_contain_text("DISCONNECTED", timeout=10_000)

            await asyncio.sleep(300)

            async with running(live(tmp_path, [feed.url], port=port)):
                await expect(mode).to_have_text("LIVE", timeout=10_000)


async def test_the_demo_plays_to_the_blackout_and_a_post_is_kept_not_sent(browser):
    async with (
        running(Program("demo", "--port", "0")) as program,
        page_of(browser, 1440, 900) as mia,
        page_of(browser, 390, 844) as noor,
        page_of(browser, 1920, 1080) as wall,
    ):
        await program.line_with("noor")
        words = [line.split() for line in program.lines if line.startswith("Log in as")]
        passwords = {line[3]: line[-1] for line in words}
        await log_in(wall, program.url, "mia", "/wall", passwords["mia"])
        await log_in(mia, program.url, "mia", "/desk", passwords["mia"])
        await log_in(noor, program.url, "noor", "/desk", passwords["noor"])
        await expect(wall.locator(".card.top")).to_contain_text("lights went out", timeout=60_000)
        await expect(wall.locator("#wall-head")).to_contain_text("01:4")

        await mia.get_by_role("button", name="Pause").click()
        await expect(wall.locator("#wall-head .mode")).to_contain_text(
            "PAUSED", timeout=SOON + 1_000
        )
        await mia.get_by_role("button", name="Claim it").click()
        await mia.get_by_label("Draft").fill("You can still dunk in the dark")
        await mia.get_by_label("Draft").press("Control+Enter")
        await noor.locator("#desk-list button").first.click()
        await noor.get_by_role("button", name="Approve").click()
        await noor.get_by_role("button", name="Fire…").click()
        await asyncio.sleep(0.5)
        await noor.get_by_role("button", name="Fire now").click()
        await expect(wall.locator(".card", has_text="Fired by noor")).to_be_visible(timeout=5_000)

        await mia.get_by_role("button", name="Next moment").click()
        await expect(wall.locator("#wall-main")).to_contain_text("Ravens", timeout=60_000)
