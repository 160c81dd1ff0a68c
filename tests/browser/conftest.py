import pytest_asyncio

from tests.browser.chromium import chromium


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser():
    """One browser for all; each test opens a window of its own."""
    async with chromium() as one:
        yield one
