"""What every channel promises, whichever network it speaks to: the checks run over each."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from rtm.errors import OutcomeUnknown, PublishError
from rtm.publish.publisher import Outgoing, Publisher

AT = datetime(2013, 2, 4, 1, 48, 18, 250_000, tzinfo=UTC)


def outgoing(channel: Publisher, text: str = "You can still dunk in the dark") -> Outgoing:
    return Outgoing(channel.key(AT), AT, text)


async def a_post_is_found_after_it_was_published(channel: Publisher) -> None:
    post = outgoing(channel)

    receipt = await channel.publish(post)

    assert await channel.find(post) == receipt
    assert post.key in receipt.uri


async def a_post_that_was_not_published_is_not_found(channel: Publisher) -> None:
    assert await channel.find(outgoing(channel)) is None


async def keys_sort_as_they_were_made(channel: Publisher) -> None:
    moments = [AT, AT, AT - timedelta(hours=1), AT + timedelta(microseconds=1)]

    keys = [channel.key(at) for at in moments]

    assert keys == sorted(set(keys))


async def the_same_post_again_is_the_same_receipt(channel: Publisher) -> None:
    post = outgoing(channel, "https://oreo.com #dark @nobody.test ünï 👩‍👩‍👧")

    receipts = [await channel.publish(post) for _ in range(3)]

    assert channel.repeats_safely
    assert len(set(receipts)) == 1


async def two_posts_are_two_receipts(channel: Publisher) -> None:
    receipts = {(await channel.publish(outgoing(channel))).uri for _ in range(2)}

    assert len(receipts) == 2


async def a_post_within_the_limits_is_taken(channel: Publisher) -> None:
    post = outgoing(channel, "é" * channel.limits.graphemes)

    await channel.publish(post)

    assert await channel.find(post) is not None


async def opening_twice_does_no_harm(channel: Publisher) -> None:
    await channel.open()
    await channel.open()

    assert await channel.find(outgoing(channel)) is None


async def a_closed_channel_may_be_used_again(channel: Publisher) -> None:
    post = outgoing(channel)
    receipt = await channel.publish(post)

    await channel.close()

    assert await channel.find(post) == receipt


Check = Callable[[Publisher], Awaitable[None]]
CHECKS: list[Check] = [
    a_post_is_found_after_it_was_published,
    a_post_that_was_not_published_is_not_found,
    keys_sort_as_they_were_made,
    the_same_post_again_is_the_same_receipt,
    two_posts_are_two_receipts,
    a_post_within_the_limits_is_taken,
    opening_twice_does_no_harm,
    a_closed_channel_may_be_used_again,
]


async def refuses(channel: Publisher, post: Outgoing) -> PublishError:
    """Return what a channel says no with, when it surely did not take the post."""
    with pytest.raises(PublishError) as caught:
        await channel.publish(post)
    assert not isinstance(caught.value, OutcomeUnknown)
    return caught.value
