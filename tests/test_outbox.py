"""What was fired reaches the network exactly once, whatever breaks on the way."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest

from rtm.decisions import Refused, Sent, Unknown
from rtm.errors import OutcomeUnknown
from rtm.outbox import PATIENCE
from tests.outboxes import (
    Hasty,
    NewKeys,
    Once,
    bluesky,
    desk,
    network,
    settled,
)
from tests.servers.xrpc_server import refusal

__all__ = ["bluesky", "desk", "network"]  # fixtures


async def test_what_was_fired_is_sent_and_told(desk, bluesky, network):
    await settled(desk, network, bluesky)

    (sent,) = desk.outcomes
    assert isinstance(sent, Sent)
    assert list(network.records) == [sent.key]
    assert desk.store.sendings.due(datetime.now(UTC) + timedelta(days=1)) == []


@pytest.mark.parametrize(
    "fault", ["lost", "held", "garbage", "cut", "hang", refusal(500, "Failed")]
)
async def test_a_post_whose_answer_never_came_is_there_exactly_once(fault, desk, bluesky, network):
    await settled(desk, network, bluesky, fault)

    assert [type(outcome) for outcome in desk.outcomes] == [Unknown, Sent]
    assert len(network.records) == network.commits == 1


@pytest.mark.parametrize("fault", ["lost", "held"])
async def test_an_outbox_with_a_new_key_for_each_try_is_caught_by_the_same_measure(
    fault, desk, bluesky, network
):
    await settled(desk, network, NewKeys(bluesky), fault)

    assert len(network.records) == 2


async def test_an_unknown_post_is_told_once_however_long_it_stays_so(desk, bluesky, network):
    network.faults["getRecord"].extend([refusal(503, "Away") for _ in range(4)])

    await settled(desk, network, bluesky, "lost")

    assert [type(outcome) for outcome in desk.outcomes] == [Unknown, Sent]


async def test_a_rate_limit_is_waited_out(desk, bluesky, network):
    network.faults["putRecord"].append(refusal(429, "RateLimitExceeded", Retry_After="1"))
    desk.fire(bluesky)

    async with desk.working(bluesky):
        await desk.until(Sent)

    sent, fired = desk.outcomes[0], next(iter(desk.store.records()))[1]
    assert sent.at - fired.at >= timedelta(seconds=1)
    assert network.commits == 1


async def test_a_rate_limit_longer_than_a_moment_goes_back_to_people(desk, bluesky, network):
    limit = refusal(429, "RateLimitExceeded", Retry_After="3600")

    await settled(desk, network, bluesky, limit)

    (refused,) = desk.outcomes
    assert isinstance(refused, Refused)
    assert "3,600 s" in refused.reason


async def test_a_refusal_is_told_in_the_networks_words_and_not_tried_again(desk, bluesky, network):
    await settled(desk, network, bluesky, refusal(400, "InvalidRequest", "no such language"))

    (refused,) = desk.outcomes
    assert isinstance(refused, Refused)
    assert "no such language" in refused.reason
    assert network.calls.count("putRecord") == 1


async def test_a_post_fired_long_ago_is_not_sent_by_itself(desk, bluesky, network):
    desk.fire(bluesky, at=datetime.now(UTC) - PATIENCE - timedelta(seconds=1))

    async with desk.working(bluesky):
        await desk.until(Refused)

    assert network.records == {}


async def test_what_was_locked_after_it_was_fired_does_not_leave(desk, bluesky, network):
    desk.locks["o1"] = "4 of 9 posts speak of death: locked."

    await settled(desk, network, bluesky)

    (refused,) = desk.outcomes
    assert isinstance(refused, Refused)
    assert refused.reason == "Held before it left: 4 of 9 posts speak of death: locked."
    assert "putRecord" not in network.calls
    assert network.records == {}


async def test_what_gives_a_secret_away_does_not_leave(desk, bluesky, network):
    desk.secrets["You can still dunk in the dark"] = "Fresh idea"

    await settled(desk, network, bluesky)

    (refused,) = desk.outcomes
    assert isinstance(refused, Refused)
    assert refused.reason == "Held before it left: It gives away 'Fresh idea'"
    assert "putRecord" not in network.calls
    assert network.records == {}


async def test_a_lock_holds_its_own_post_alone(desk, bluesky, network):
    desk.locks["o1"] = "grave"
    desk.fire(bluesky, number=1)
    desk.fire(bluesky, number=2)

    async with desk.working(bluesky), asyncio.timeout(10):
        while len(desk.outcomes) < 2:
            desk.told.clear()
            await desk.told.wait()

    assert {one.opportunity: type(one) for one in desk.outcomes} == {"o1": Refused, "o2": Sent}


async def test_what_waits_out_a_rate_limit_is_locked_meanwhile_and_stays(desk, bluesky, network):
    network.faults["putRecord"].append(refusal(429, "RateLimitExceeded", Retry_After="1"))
    clock = Hasty()
    rest = clock.rest

    async def locked_meanwhile(seconds: float) -> None:
        if "putRecord" in network.calls:
            desk.locks["o1"] = "grave"
        await rest(seconds)

    clock.rest = locked_meanwhile  # type: ignore[method-assign]
    desk.fire(bluesky)

    async with desk.working(bluesky, clock=clock):
        await desk.until(Refused)

    assert network.calls.count("putRecord") == 1
    assert network.records == {}


async def test_what_had_left_before_the_lock_is_told_as_sent(desk, bluesky, network):
    network.faults["putRecord"].append("held")
    desk.fire(bluesky)

    async with desk.working(bluesky):
        async with asyncio.timeout(10):
            await network.held.wait()
        desk.locks["o1"] = "grave"
        await desk.until(Unknown, Sent)

    assert network.commits == 1


async def test_what_nobody_knows_of_is_not_sent_again_once_it_is_locked(desk):
    channel = Once(OutcomeUnknown("timed out"))
    channel.repeats_safely = True
    desk.fire(channel)

    async with desk.working(channel):
        async with asyncio.timeout(10):
            await desk.told.wait()
        desk.locks["o1"] = "grave"
        await desk.until(Unknown, Refused)

    assert (channel.calls, channel.arrived) == (1, [])


async def test_the_same_without_a_lock_is_sent_again(desk):
    channel = Once(OutcomeUnknown("timed out"))
    channel.repeats_safely = True
    desk.fire(channel)

    async with desk.working(channel):
        await desk.until(Unknown, Sent)

    assert channel.calls == 2


async def test_a_nudge_sends_at_once(desk, bluesky, network):
    clock = Hasty()
    clock.rest = lambda seconds: asyncio.sleep(3600)  # type: ignore[method-assign]

    async with desk.working(bluesky, clock=clock) as outbox:
        await asyncio.sleep(0.05)
        desk.fire(bluesky)
        outbox.nudge()
        await desk.until(Sent)

    assert network.commits == 1


async def test_a_post_of_another_account_is_left_alone_and_ours_goes_on(
    desk, bluesky, network, caplog
):
    caplog.set_level(logging.WARNING)
    desk.fire(Once(), number=1)
    desk.fire(bluesky, number=2)

    async with desk.working(bluesky):
        await desk.until(Sent)

    (left,) = desk.store.sendings.due(datetime.now(UTC))
    assert (left.channel, left.state, network.commits) == ("once", "queued", 1)
    assert caplog.text.count("waits for its channel") == 1


async def test_one_post_that_hangs_does_not_hold_up_another(desk, bluesky, network):
    network.faults["putRecord"].append("held")
    desk.fire(bluesky, number=1)
    desk.fire(bluesky, number=2)

    async with desk.working(bluesky):
        async with asyncio.timeout(10):
            await desk.told.wait()

    assert isinstance(desk.outcomes[0], Sent)
