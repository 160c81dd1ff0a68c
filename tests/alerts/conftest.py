import pytest

from tests.servers.taking import hooks as hooks_server
from tests.servers.taking import mail_server


@pytest.fixture
async def hooks():
    async with hooks_server() as made:
        yield made


@pytest.fixture
async def mailbox():
    async with mail_server() as made:
        yield made
