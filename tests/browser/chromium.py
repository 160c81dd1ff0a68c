"""Debian's Chromium under playwright; tests that need it are skipped where it is absent."""

import contextlib
import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, async_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"]


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start a headless browser; skip the test where there is none."""
    if shutil.which(CHROMIUM) is None:
        pytest.skip(f"{CHROMIUM} is absent: run scripts/setup-browser as root")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=[*FLAGS, *sandbox]
        )
        try:
            yield browser
        finally:
            await browser.close()


@contextlib.asynccontextmanager
async def page_of(
    browser: Browser, width: int, height: int, zone: str = "America/New_York"
) -> AsyncIterator[Page]:
    """Open a window of its own, as a viewer in another zone than the event's."""
    context = await browser.new_context(
        viewport={"width": width, "height": height}, timezone_id=zone, locale="en-US"
    )
    context.set_default_timeout(15_000)
    try:
        yield await context.new_page()
    finally:
        await context.close()
