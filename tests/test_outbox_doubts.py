"""What becomes of a post of which nobody knows whether it is out: never doubled, never lost."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest

from rtm.decisions import Refused, Sent, Unknown
from rtm.errors import OutcomeUnknown, PublishError
from rtm.publish.publisher import Outgoing
from rtm.store.sendings import Sending
from rtm.store.store import Store
from tests.outboxes import (
    CHILD,
    Crossed,
    Desk,
    Hasty,
    Late,
    Once,
    bluesky,
    desk,
    network,
    settled,
)

__all__ = ["bluesky", "desk", "network"]  # fixtures


async def test_a_receipt_that_cannot_be_kept_is_read_back_not_sent_again(desk, bluesky, network):
    desk.failures = 2

    await settled(desk, network, bluesky)

    assert [type(outcome) for outcome in desk.outcomes] == [Sent]
    assert network.calls.count("putRecord") == network.commits == 1


async def test_what_nobody_knows_of_is_told_though_that_could_not_be_kept_at_first(desk):
    channel = Once(OutcomeUnknown("timed out"))
    channel.can_look = False
    desk.failures = 1
    desk.fire(channel)

    async with desk.working(channel):
        await desk.until(Unknown)

    assert channel.calls == 1


async def test_where_repeats_are_two_posts_an_unknown_one_is_never_sent_again(desk):
    channel = Once(OutcomeUnknown("timed out"))
    desk.fire(channel)

    async with desk.working(channel):
        await desk.until(Unknown, Refused)

    assert channel.calls == 1


async def test_a_slow_look_that_saw_it_queued_does_not_send_it_again(desk, monkeypatch):
    ready = asyncio.Event()

    class Slow(Once):
        async def prepare(self, post: Outgoing) -> None:
            await ready.wait()

    channel, due, seen = Slow(OutcomeUnknown("timed out")), desk.store.sendings.due, []

    def slow(now: datetime) -> list[Sending]:
        told: list[Sending] = due(now)
        seen.append(told)
        if len(seen) == 2:  # it is being prepared, and stands there as queued
            loop.call_soon_threadsafe(ready.set)
            while not desk.outcomes:
                sleep(0.01)
            sleep(0.1)
        return told

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(desk.store.sendings, "due", slow)
    desk.fire(channel)

    async with desk.working(channel):
        await desk.until(Unknown, Refused)

    assert [one.state for one in seen[1]] == ["queued"]
    assert channel.calls == 1


async def test_where_repeats_are_two_posts_one_surely_not_taken_is_sent_again(desk):
    channel = Once(PublishError("away", 0.0))
    desk.fire(channel)

    async with desk.working(channel):
        await desk.until(Sent)

    assert (channel.calls, len(channel.arrived)) == (2, 1)


async def test_a_post_that_arrived_after_all_is_not_told_as_refused(desk):
    channel = Once(PublishError("away", 0.0), PublishError("suspended"))
    desk.fire(channel)
    channel.arrived.append(desk.store.sendings.due(datetime.now(UTC))[0].key)

    async with desk.working(channel):
        await desk.until(Sent)

    assert len(channel.arrived) == 1


async def test_a_post_that_waited_long_and_arrives_late_is_not_told_as_refused(desk):
    clock = Hasty()
    channel = Late(clock)
    desk.fire(channel, at=clock.now() - timedelta(minutes=3))  # and then rtm was down

    async with desk.working(channel, clock=clock):
        await desk.until(Unknown, Sent)


async def test_a_post_cut_off_by_a_kill_and_arriving_late_is_not_told_as_refused(desk):
    clock = Hasty()
    channel = Late(clock)
    desk.fire(channel, at=clock.now() - timedelta(minutes=3))
    desk.store.sendings.firing(desk.store.sendings.due(clock.now())[0].id)
    channel.sent_on()
    desk.store.close()
    desk.store = Store.open(desk.folder)

    async with desk.working(channel, clock=clock):
        await desk.until(Unknown, Sent)


async def test_a_post_that_is_refused_when_repeated_may_still_arrive(desk):
    clock = Hasty()
    channel = Late(clock, PublishError("suspended"))
    channel.repeats_safely = True
    desk.fire(channel)

    async with desk.working(channel, clock=clock):
        async with asyncio.timeout(10):
            while not any(isinstance(outcome, Sent | Refused) for outcome in desk.outcomes):
                desk.told.clear()
                await desk.told.wait()

    assert [type(outcome) for outcome in desk.outcomes] == [Unknown, Sent]


async def test_a_post_that_waited_long_and_never_arrives_is_told_as_refused(desk):
    channel = Once(OutcomeUnknown("timed out"))
    desk.fire(channel, at=datetime.now(UTC) - timedelta(minutes=3))

    async with desk.working(channel):
        await desk.until(Unknown, Refused)

    assert channel.calls == 1


async def test_a_twin_that_leaves_while_one_is_looked_for_is_not_taken_for_it(desk):
    now = datetime.now(UTC)
    channel = Crossed(desk.store)
    desk.fire(channel, number=1, at=now)
    desk.fire(channel, number=2, at=now + timedelta(hours=1))
    lost, channel.twin = desk.store.sendings.due(now + timedelta(hours=2))
    desk.store.sendings.firing(lost.id)
    desk.store.sendings.look_again(lost.id, now)

    async with desk.working(channel):
        await desk.until(Refused)

    assert desk.outcomes[-1].key == lost.key


@pytest.mark.parametrize("fault", ["held", "hang"])
async def test_killed_between_request_and_answer_then_started_there_is_one_record(
    fault, tmp_path, bluesky, network
):
    folder = tmp_path / "store"
    before = Desk(folder)
    before.fire(bluesky)
    before.store.close()
    network.faults["putRecord"].append(fault)
    command = [str(CHILD), str(folder), network.url, network.handle, network.password]
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-P", *command, cwd=CHILD.parents[1]
    )
    async with asyncio.timeout(30):
        await network.held.wait()
    child.kill()
    await child.wait()

    after = Desk(folder)
    async with after.working(bluesky):
        await after.until(Sent)
    after.store.close()

    assert len(network.records) == network.commits == 1
