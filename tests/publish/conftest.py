"""The channels under test: each in the state in which a person would first fire."""

from collections.abc import AsyncIterator

import pytest

from rtm.clock import WallClock
from rtm.publish.bluesky import Bluesky
from rtm.publish.mastodon import Mastodon
from tests.publish.lines import mastodon_to
from tests.servers.mastodon_server import Manners, MastodonServer
from tests.servers.xrpc_server import XrpcServer


@pytest.fixture
async def network() -> AsyncIterator[XrpcServer]:
    server = XrpcServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def bluesky(network: XrpcServer) -> AsyncIterator[Bluesky]:
    channel = Bluesky(
        network.url, network.handle, network.password, clock=WallClock(), patience_s=0.5
    )
    yield channel
    await channel.close()


@pytest.fixture
async def instance() -> AsyncIterator[MastodonServer]:
    server = MastodonServer(Manners(heeds_keys=False))
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def mastodon(instance: MastodonServer) -> AsyncIterator[Mastodon]:
    channel = mastodon_to(instance)
    yield channel
    await channel.close()
