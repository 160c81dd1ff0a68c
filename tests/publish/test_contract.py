"""Every channel keeps the promises of a channel, against the real PDS and snac2 too."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import count

import pytest

from rtm.clock import WallClock
from rtm.publish.bluesky import Bluesky
from rtm.publish.dry import Dry
from rtm.publish.mastodon import Mastodon
from rtm.publish.publisher import Outgoing, Publisher
from tests.contracts.faults import FAULTS, FaultCheck, Line
from tests.contracts.publisher import CHECKS, Check, refuses
from tests.publish.lines import LINES
from tests.servers.pds import Account, Pds
from tests.servers.snac import Snac
from tests.servers.xrpc_server import XrpcServer

_numbers = count()


@pytest.fixture
async def brand(pds: Pds) -> Account:
    return await asyncio.to_thread(pds.account, f"brand{next(_numbers)}.test")


@pytest.fixture
async def real(pds: Pds, brand: Account) -> AsyncIterator[Bluesky]:
    channel = Bluesky(pds.url, brand.handle, brand.password, clock=WallClock(), langs=("en",))
    yield channel
    await channel.close()


@pytest.fixture(
    params=["dry", "dry in memory", "bluesky on a real PDS", "mastodon on a real snac2"]
)
async def channel(request: pytest.FixtureRequest, tmp_path) -> AsyncIterator[Publisher]:
    # before anything is started: where it is absent, the test is skipped here
    pds: Pds | None = request.getfixturevalue("pds") if "PDS" in request.param else None
    snac: Snac | None = request.getfixturevalue("snac") if "snac2" in request.param else None
    match request.param:
        case "dry":
            made: Publisher = Dry(tmp_path)
        case "dry in memory":
            made = Dry(None)
        case "mastodon on a real snac2":
            assert snac is not None
            author = await asyncio.to_thread(snac.account, f"brand{next(_numbers)}")
            made = Mastodon(snac.url, author.token, clock=WallClock())
        case _:
            assert pds is not None
            brand = await asyncio.to_thread(pds.account, f"brand{next(_numbers)}.test")
            made = Bluesky(
                pds.url, brand.handle, brand.password, clock=WallClock(), appview=pds.url
            )
    yield made
    await made.close()


@pytest.fixture(params=LINES)
async def line(request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    made: Line = await LINES[request.param]()
    yield made
    await made.channel.close()
    await made.server.stop()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_every_channel(check: Check, channel: Publisher):
    await check(channel)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_every_line_to_a_network(check: Check, line: Line):
    await check(line.channel)


@pytest.mark.parametrize("check", FAULTS, ids=lambda check: check.__name__)
async def test_every_line_when_the_network_fails(check: FaultCheck, line: Line):
    await check(line)


async def test_a_post_too_long_by_one_letter_never_reaches_the_network(
    bluesky: Bluesky, network: XrpcServer
):
    post = Outgoing(bluesky.key(datetime.now(UTC)), datetime.now(UTC), "é" * 301)

    error = await refuses(bluesky, post)

    assert "1 letter too long" in str(error)
    assert error.retry_after_s is None
    assert network.calls == []


async def test_the_real_network_counts_letters_as_we_do(real: Bluesky, pds: Pds, brand: Account):
    at = datetime.now(UTC)
    family = "👩‍👩‍👧"  # one letter, 18 bytes
    await real.publish(Outgoing(real.key(at), at, family * 100 + "e\u0301" * 100 + "z" * 100))

    (record,) = await asyncio.to_thread(pds.records, brand.did)

    assert record["value"]["text"].count(family) == 100


async def test_facets_on_the_real_network_are_the_bytes_of_their_words(
    real: Bluesky, pds: Pds, brand: Account
):
    friend = await asyncio.to_thread(pds.account, f"friend{next(_numbers)}.test")
    at = datetime.now(UTC)
    text = f"Tumé 👩‍👩‍👧 @{friend.handle}, (https://oreo.com/dark?é=1) #黑暗 @nobody.test end"

    await real.publish(Outgoing(real.key(at), at, text))

    (record,) = await asyncio.to_thread(pds.records, brand.did)
    value = record["value"]
    found = [
        (
            text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(),
            facet["features"][0],
        )
        for facet in value["facets"]
    ]
    kind = "app.bsky.richtext.facet"
    link = "https://oreo.com/dark?é=1"
    assert found == [
        (f"@{friend.handle}", {"$type": f"{kind}#mention", "did": friend.did}),
        (link, {"$type": f"{kind}#link", "uri": link}),
        ("#黑暗", {"$type": f"{kind}#tag", "tag": "黑暗"}),
    ]
    assert (value["text"], value["langs"]) == (text, ["en"])


async def test_the_same_record_again_makes_no_commit_on_the_real_network(
    real: Bluesky, pds: Pds, brand: Account
):
    at = datetime.now(UTC)
    post = Outgoing(real.key(at), at, "once #dark")
    await real.publish(post)
    (before,) = await asyncio.to_thread(pds.records, brand.did)
    head = await asyncio.to_thread(pds.head, brand.did)
    again = Bluesky(pds.url, brand.handle, brand.password, clock=WallClock(), langs=("en",))

    await again.publish(post)
    await again.close()

    assert await asyncio.to_thread(pds.records, brand.did) == [before]
    assert await asyncio.to_thread(pds.head, brand.did) == head
