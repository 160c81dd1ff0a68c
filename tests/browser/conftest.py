import contextlib

import pytest

from tests.browser.chromium import chromium


@pytest.fixture
async def browser():
    # not a generator over the whole session: each test has an event loop of its own
    async with contextlib.AsyncExitStack() as stack:
        yield await stack.enter_async_context(chromium())
