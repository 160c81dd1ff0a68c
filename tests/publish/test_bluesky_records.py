"""What Bluesky's repository holds: once, whole, whatever was tried before, on the real PDS too."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.request import urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.clock import WallClock
from rtm.errors import OutcomeUnknown, PublishError
from rtm.publish.bluesky import Bluesky
from rtm.publish.bluesky_record import place_in
from rtm.publish.cid import cid_of
from rtm.publish.publisher import Counts
from rtm.publish.tid import Tids, thread_keys
from tests.contracts.publisher import outgoing, picture, refuses
from tests.servers.pds import Account, Pds
from tests.servers.xrpc_server import DID, XrpcServer, refusal

_numbers = count()


def again(network: XrpcServer) -> Bluesky:
    """Return the same account after a restart: it remembers nothing."""
    return Bluesky(network.url, network.handle, network.password, clock=WallClock())


class Overwriting(Bluesky):
    """A broken twin: it puts its record whatever is there."""

    async def _sent(self, method: str, told: dict[str, Any]) -> Any:
        told.pop("swapRecord", None)
        return await super()._sent(method, told)


@pytest.fixture
async def account(pds: Pds) -> Account:
    return await asyncio.to_thread(pds.account, f"writer{next(_numbers)}.test")


def on_pds(pds: Pds, account: Account) -> Bluesky:
    return Bluesky(pds.url, account.handle, account.password, clock=WallClock(), appview=pds.url)


@pytest.mark.parametrize(("kind", "commits"), [(Bluesky, 1), (Overwriting, 2)])
async def test_another_try_after_a_restart_changes_nothing_even_if_a_mention_is_known_now(
    kind, commits, bluesky: Bluesky, network: XrpcServer
):
    post = outgoing(bluesky, "@grace.test #dark")
    receipt = await bluesky.publish(post)
    first = network.records[post.key]
    network.people["grace.test"] = "did:plc:grace"
    restarted = kind(network.url, network.handle, network.password, clock=WallClock())

    repeated = await restarted.publish(post)
    await restarted.close()

    assert repeated == receipt
    assert network.commits == commits
    assert (network.records[post.key] == first) == (commits == 1)


async def test_another_try_after_a_restart_changes_nothing_on_the_real_network(
    pds: Pds, account: Account
):
    friend = f"late{next(_numbers)}.test"
    channel, restarted = on_pds(pds, account), on_pds(pds, account)
    post = outgoing(channel, f"@{friend} #dark")
    receipt = await channel.publish(post)
    head = await asyncio.to_thread(pds.head, account.did)
    await asyncio.to_thread(pds.account, friend)

    repeated = await restarted.publish(post)
    await channel.close()
    await restarted.close()

    assert repeated == receipt
    assert await asyncio.to_thread(pds.head, account.did) == head


async def test_a_thread_on_the_real_network_is_one_commit_with_addresses_that_are_right(
    pds: Pds, account: Account
):
    channel = on_pds(pds, account)
    texts = (f"two @{account.handle} https://oreo.com/é", "three 👩‍👩‍👧")
    post = outgoing(channel, "one", more=texts, pictures=(picture(),))
    await channel.open()

    receipt = await channel.publish(post)
    head = await asyncio.to_thread(pds.head, account.did)
    repeated = await channel.publish(post)
    await channel.close()

    first, second, third = await asyncio.to_thread(pds.records, account.did)
    place = [{"uri": one["uri"], "cid": one["cid"]} for one in (first, second)]
    assert [one["value"]["text"] for one in (first, second, third)] == ["one", *texts]
    assert second["value"]["reply"] == {"root": place[0], "parent": place[0]}
    assert third["value"]["reply"] == {"root": place[0], "parent": place[1]}
    assert receipt.uri == first["uri"]
    assert repeated == receipt
    assert await asyncio.to_thread(pds.head, account.did) == head
    assert cid_of(third["value"]) == third["cid"]


async def test_pictures_on_the_real_network_are_those_that_were_fitted(pds: Pds, account: Account):
    channel = on_pds(pds, account)
    pictures = tuple(picture(number, f"words {number}") for number in range(4))

    await channel.publish(outgoing(channel, pictures=pictures))
    await channel.close()

    (record,) = await asyncio.to_thread(pds.records, account.did)
    images = record["value"]["embed"]["images"]
    assert [image["alt"] for image in images] == [f"words {number}" for number in range(4)]
    assert images[0]["aspectRatio"] == {"width": 64, "height": 48}
    link = images[3]["image"]["ref"]["$link"]
    address = f"{pds.url}/xrpc/com.atproto.sync.getBlob?did={account.did}&cid={link}"
    assert await asyncio.to_thread(_read, address) == pictures[3].content


def _read(address: str) -> bytes:
    with urlopen(address) as response:
        content: bytes = response.read()
    return content


async def test_an_answer_on_the_real_network_names_the_root_of_what_it_answers(
    pds: Pds, account: Account
):
    fan = await asyncio.to_thread(pds.account, f"fan{next(_numbers)}.test")
    channel = on_pds(pds, account)
    root = await channel.publish(outgoing(channel, "Power out?"))
    (told,) = await asyncio.to_thread(pds.records, account.did)
    place = {"uri": told["uri"], "cid": told["cid"]}
    reply = {"root": place, "parent": place}
    asked = await asyncio.to_thread(pds.post, fan, "and now?", reply=reply)
    page = f"https://bsky.app/profile/{fan.handle}/post/{asked.rpartition('/')[2]}"

    await channel.publish(outgoing(channel, "Dunk.", reply_to=page))
    await channel.close()

    answer = (await asyncio.to_thread(pds.records, account.did))[-1]["value"]["reply"]
    assert answer["root"]["uri"] == root.uri
    assert answer["parent"]["uri"] == asked


async def test_a_post_elsewhere_is_answered_by_what_the_view_of_the_network_says(
    bluesky: Bluesky, network: XrpcServer
):
    viewed = XrpcServer()
    await viewed.start()
    elsewhere = Bluesky(
        network.url, network.handle, network.password, clock=WallClock(), appview=viewed.url
    )
    viewed.records["3aaa"] = {"text": "Power out?"}
    network.people["ada.test"] = DID

    await elsewhere.publish(
        outgoing(elsewhere, reply_to="https://bsky.app/profile/ada.test/post/3aaa")
    )
    gone = await refuses(
        elsewhere, outgoing(elsewhere, reply_to=f"at://{DID}/app.bsky.feed.post/2")
    )
    odd = await refuses(elsewhere, outgoing(elsewhere, reply_to="https://example.com/1"))
    await elsewhere.close()
    await viewed.stop()

    (record,) = network.records.values()
    assert record["reply"]["parent"]["cid"] == cid_of({"text": "Power out?"})
    assert "not there any more" in str(gone)
    assert "is no post on Bluesky" in str(odd)


async def test_a_thread_is_found_only_when_all_of_it_is_there_and_is_completed(
    bluesky: Bluesky, network: XrpcServer
):
    post = outgoing(bluesky, "one", more=("two", "three"))
    receipt = await bluesky.publish(post)
    whole = dict(network.records)
    del network.records[thread_keys(post.key, 3)[1]]
    restarted = again(network)

    assert await bluesky.find(post) is None
    assert await restarted.publish(post) == receipt
    await restarted.close()

    assert network.records == whole
    assert await bluesky.find(post) == receipt


async def test_a_thread_of_which_nobody_knows_is_whole_or_not_there(
    bluesky: Bluesky, network: XrpcServer
):
    lost, cut = (outgoing(bluesky, "one", more=("two",)) for _ in range(2))
    network.faults["applyWrites"].extend(["lost", "cut"])

    for post in (lost, cut):
        with pytest.raises(OutcomeUnknown):
            await bluesky.publish(post)

    assert await bluesky.find(lost) is not None
    assert await bluesky.find(cut) is None
    assert len(network.records) == 2


async def test_pictures_that_the_network_let_go_are_uploaded_again(
    bluesky: Bluesky, network: XrpcServer
):
    post = outgoing(bluesky, pictures=(picture(),))
    await bluesky.prepare(post)
    network.blobs.clear()

    await bluesky.publish(post)

    assert network.calls.count("uploadBlob") == 2
    assert network.commits == 1


async def test_a_picture_that_is_refused_is_said_so_before_anything_is_public(
    bluesky: Bluesky, network: XrpcServer
):
    network.faults["uploadBlob"].append(refusal(400, "BlobTooLarge", "too large"))

    error = await refuses(bluesky, outgoing(bluesky, pictures=(picture(),)))

    assert "BlobTooLarge" in str(error)
    assert not network.records


async def test_an_expired_session_is_renewed_for_a_picture_too(
    bluesky: Bluesky, network: XrpcServer
):
    await bluesky.open()
    network.faults["uploadBlob"].append(refusal(400, "ExpiredToken"))

    await bluesky.publish(outgoing(bluesky, pictures=(picture(),)))

    assert network.commits == 1


async def test_counts_are_of_all_posts_of_a_thread(network: XrpcServer):
    channel = Bluesky(
        network.url,
        network.handle,
        network.password,
        clock=WallClock(),
        appview=network.url,
    )
    receipt = await channel.publish(outgoing(channel, "one", more=("two", "three")))
    await channel.publish(outgoing(channel, "an answer", reply_to=receipt.uri))

    counts, followers = await channel.counts(receipt.uri), await channel.followers()
    await channel.close()

    assert counts == Counts(replies=1, reposts=3, likes=21)
    assert followers == 42


async def test_a_post_that_the_view_does_not_know_yet_is_to_be_asked_for_later(
    network: XrpcServer,
):
    channel = Bluesky(
        network.url,
        network.handle,
        network.password,
        clock=WallClock(),
        appview=network.url,
    )

    with pytest.raises(PublishError, match="does not know the post") as caught:
        await channel.counts(f"at://{DID}/app.bsky.feed.post/3aovl6s6b622b")
    await channel.close()

    assert caught.value.retry_after_s is not None


@pytest.mark.parametrize("uri", ["", "at://did:plc:other/app.bsky.feed.post/3aovl6s6b622b"])
async def test_what_is_not_ours_cannot_be_deleted(uri, bluesky: Bluesky):
    with pytest.raises(PublishError, match="has no such post"):
        await bluesky.delete(uri)


async def test_a_deletion_takes_the_thread_and_nothing_else(bluesky: Bluesky, network: XrpcServer):
    posts = [outgoing(bluesky, str(number), more=("and on",) * 2) for number in range(3)]
    beside = replace(posts[1], key=bluesky.key(posts[1].at + timedelta(microseconds=1)), more=())
    for post in (*posts, beside):
        await bluesky.publish(post)

    await bluesky.delete((await bluesky.publish(posts[1])).uri)

    gone = set(thread_keys(posts[1].key, 3))
    assert len(network.records) == 7
    assert not gone & set(network.records)


moments = st.integers(0, 1 << 50).map(
    lambda us: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(0, 0, us)
)


@given(moments, st.integers(0, 5000), st.integers(1, 25), st.lists(st.integers(0, 30), max_size=30))
def test_no_key_is_one_of_a_threads_further_posts(at, process, posts, steps):
    tids, other = Tids(process), Tids(process + 1)
    first = tids.next(at)

    thread = thread_keys(first, posts)

    keys = {
        kept.next(at + timedelta(microseconds=step)) for step in steps for kept in (tids, other)
    }
    assert thread[0] == first
    assert len(set(thread)) == posts
    assert not keys & set(thread[1:])
    assert thread == thread_keys(first, 25)[:posts]


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("at://did:plc:a/app.bsky.feed.post/3k", ("did:plc:a", "3k")),
        ("https://bsky.app/profile/oreo.com/post/3k/", ("oreo.com", "3k")),
        ("https://bsky.app/profile/did:plc:a/post/3k?ref=x", ("did:plc:a", "3k")),
        ("https://bsky.app/profile/oreo.com", None),
        ("https://evil.example/profile/oreo.com/post/3k", None),
        ("at://did:plc:a/app.bsky.feed.like/3k", None),
        ("at://did:plc:a/app.bsky.feed.post/3k\n", None),
    ],
)
def test_a_post_has_an_address_on_the_network_and_one_in_a_browser(address, place):
    assert place_in(address) == place
