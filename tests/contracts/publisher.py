"""What every channel promises, whichever network it speaks to: the checks run over each.

A channel says of itself what it can do; each check holds it to that, one way or the other.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from rtm.draft import Poll
from rtm.errors import OutcomeUnknown, PublishError
from rtm.publish.pictures import fitted
from rtm.publish.publisher import Attached, Limits, Outgoing, Publisher, Receipt

PRESENT = datetime(2013, 2, 4, 1, 48, 18, 250_000, tzinfo=UTC)


def outgoing(
    channel: Publisher, text: str = "You can still dunk in the dark", **more: Any
) -> Outgoing:
    at = datetime.now(UTC)
    return Outgoing(channel.key(at), at, text, **more)


def picture(number: int = 0, alt: str = "A cookie in the dark") -> Attached:
    written = BytesIO()
    Image.new("RGB", (64, 48), (number, 20, 40)).save(written, "PNG")
    return fitted(written.getvalue(), Limits(300, None), alt)


async def said_no(call: Awaitable[object]) -> PublishError | None:
    """Return what a call was refused with, or None when it was not."""
    try:
        await call
    except PublishError as error:
        return error
    return None


async def looked(channel: Publisher, post: Outgoing, expected: Receipt | None) -> None:
    """Look for a post: the channel finds what is expected, or says that only a person can look."""
    if channel.can_look:
        assert await channel.find(post) == expected
        return
    with pytest.raises(OutcomeUnknown, match="Only a person can look"):
        await channel.find(post)


async def a_post_is_found_after_it_was_published(channel: Publisher) -> None:
    post = outgoing(channel)

    receipt = await channel.publish(post)

    await looked(channel, post, receipt)


async def a_post_that_was_not_published_is_not_found(channel: Publisher) -> None:
    await looked(channel, outgoing(channel), None)


async def keys_sort_as_they_were_made(channel: Publisher) -> None:
    moments = [
        PRESENT,
        PRESENT,
        PRESENT - timedelta(hours=1),
        PRESENT + timedelta(microseconds=1),
    ]

    keys = [channel.key(at) for at in moments]

    assert keys == sorted(set(keys))


async def the_same_post_again_is_the_same_receipt(channel: Publisher) -> None:
    post = outgoing(channel, "https://oreo.com #dark @nobody.test ünï 👩‍👩‍👧")
    tries = 3 if channel.repeats_safely else 1

    receipts = [await channel.publish(post) for _ in range(tries)]

    assert len(set(receipts)) == 1
    await looked(channel, post, receipts[0])


async def two_posts_are_two_receipts(channel: Publisher) -> None:
    receipts = {(await channel.publish(outgoing(channel))).uri for _ in range(2)}

    assert len(receipts) == 2


async def two_posts_of_the_same_words_are_told_apart(channel: Publisher) -> None:
    first, second = outgoing(channel), outgoing(channel)
    receipt = await channel.publish(first)

    await looked(channel, replace(second, taken=frozenset({receipt.uri})), None)


async def a_post_within_the_limits_is_taken(channel: Publisher) -> None:
    await channel.open()
    post = outgoing(channel, "é" * channel.limits.graphemes)

    receipt = await channel.publish(post)

    await looked(channel, post, receipt)


async def what_does_not_fit_is_refused_in_words(channel: Publisher) -> None:
    await channel.open()
    limits = channel.limits
    long = outgoing(channel, "é" * (limits.graphemes + 1))
    many = outgoing(channel, pictures=tuple(map(picture, range(limits.pictures + 1))))
    thread = outgoing(channel, more=("and on",) * limits.thread)
    options = tuple(f"answer {number}" for number in range(limits.poll_options + 2))
    poll = outgoing(channel, poll=Poll(options=options))

    reasons = [str(await refuses(channel, post)) for post in (long, many, thread, poll)]

    assert "1 letter too long" in reasons[0]
    assert "icture" in reasons[1]
    assert "thread" in reasons[2]
    assert "poll" in reasons[3]
    await looked(channel, long, None)


async def pictures_go_out_with_a_post(channel: Publisher) -> None:
    await channel.open()
    post = outgoing(channel, pictures=tuple(map(picture, range(channel.limits.pictures))))

    receipt = await channel.publish(post)

    await looked(channel, post, receipt)


async def a_thread_goes_out_whole(channel: Publisher) -> None:
    await channel.open()
    more = tuple(f"part {number}" for number in range(2, min(channel.limits.thread, 3) + 1))
    post = outgoing(channel, more=more)

    receipt = await channel.publish(post)

    await looked(channel, post, receipt)
    await looked(channel, outgoing(channel, "never sent", more=more), None)


async def an_answer_goes_out_where_answers_are_taken(channel: Publisher) -> None:
    await channel.open()
    asked = await channel.publish(outgoing(channel, "Power cut?"))
    answer = outgoing(channel, "No problem.", reply_to=asked.uri)

    if channel.limits.takes_replies:
        await looked(channel, answer, await channel.publish(answer))
    else:
        assert "answer" in str(await refuses(channel, answer))


async def a_poll_goes_out_where_polls_are_taken(channel: Publisher) -> None:
    await channel.open()
    post = outgoing(channel, poll=Poll(options=("dunk", "lick")))

    if channel.limits.poll_options:
        await looked(channel, post, await channel.publish(post))
    else:
        assert "poll" in str(await refuses(channel, post))


async def preparing_shows_nothing_and_may_be_done_again(channel: Publisher) -> None:
    await channel.open()
    post = outgoing(channel, pictures=tuple(map(picture, range(channel.limits.pictures))))

    await channel.prepare(post)
    await channel.prepare(post)

    await looked(channel, post, None)


async def a_deleted_post_is_gone_or_the_channel_says_who_can_delete(channel: Publisher) -> None:
    await channel.open()
    post = outgoing(channel, more=("two", "three")[: channel.limits.thread - 1])
    kept = outgoing(channel, "stays")
    receipt, stays = await channel.publish(post), await channel.publish(kept)

    refused = await said_no(channel.delete(receipt.uri))
    again = await said_no(channel.delete(receipt.uri))  # one that is gone already is fine

    if refused is None:
        assert again is None
        await looked(channel, post, None)
    else:
        assert "delete" in str(refused)
    await looked(channel, kept, stays)


async def counts_are_told_or_refused_in_words(channel: Publisher) -> None:
    receipt = await channel.publish(outgoing(channel))

    refusals = [
        await said_no(channel.counts(receipt.uri)),
        await said_no(channel.followers()),
    ]

    for error in filter(None, refusals):
        assert not isinstance(error, OutcomeUnknown)
        assert " tells no " in str(error)


async def opening_twice_does_no_harm(channel: Publisher) -> None:
    await channel.open()
    await channel.open()

    await looked(channel, outgoing(channel), None)


async def a_closed_channel_may_be_used_again(channel: Publisher) -> None:
    post = outgoing(channel)
    receipt = await channel.publish(post)

    await channel.close()

    await looked(channel, post, receipt)
    assert await channel.publish(outgoing(channel, "and on"))


Check = Callable[[Publisher], Awaitable[None]]
CHECKS: list[Check] = [
    a_post_is_found_after_it_was_published,
    a_post_that_was_not_published_is_not_found,
    keys_sort_as_they_were_made,
    the_same_post_again_is_the_same_receipt,
    two_posts_are_two_receipts,
    two_posts_of_the_same_words_are_told_apart,
    a_post_within_the_limits_is_taken,
    what_does_not_fit_is_refused_in_words,
    pictures_go_out_with_a_post,
    a_thread_goes_out_whole,
    an_answer_goes_out_where_answers_are_taken,
    a_poll_goes_out_where_polls_are_taken,
    preparing_shows_nothing_and_may_be_done_again,
    a_deleted_post_is_gone_or_the_channel_says_who_can_delete,
    counts_are_told_or_refused_in_words,
    opening_twice_does_no_harm,
    a_closed_channel_may_be_used_again,
]


async def refuses(channel: Publisher, post: Outgoing) -> PublishError:
    """Return what a channel says no with, when it surely did not take the post."""
    with pytest.raises(PublishError) as caught:
        await channel.publish(post)
    assert not isinstance(caught.value, OutcomeUnknown)
    return caught.value
