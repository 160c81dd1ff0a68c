"""What was fired reaches the network exactly once, whatever breaks on the way."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep

import pytest

from rtm.clock import WallClock
from rtm.decisions import Fired, Outcome, Refused, Sent, Unknown
from rtm.draft import Message, Picture
from rtm.errors import OutcomeUnknown, PublishError, StoreError
from rtm.outbox import PATIENCE, Outbox
from rtm.publish.bluesky import Bluesky
from rtm.publish.publisher import Attached, Counts, Limits, Outgoing, Publisher, Receipt
from rtm.store.sendings import Sending
from rtm.store.store import Store
from tests.servers.xrpc_server import Fault, XrpcServer, refusal

CHILD = Path(__file__).parent / "outbox_child.py"


class Hasty:
    """A clock on which rests are over at once: time jumps ahead by as much."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def rest(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)
        await asyncio.sleep(0.01)


class NewKeys:
    """A channel as it must not be: it makes up a key for each try."""

    name, limits, is_dry, repeats_safely = "bluesky", Bluesky.limits, False, True
    can_look = True

    def __init__(self, channel: Bluesky) -> None:
        self._channel = channel
        self.account = channel.account
        self.key, self.find = channel.key, channel.find
        self.open, self.close = channel.open, channel.close
        self.prepare, self.delete = channel.prepare, channel.delete
        self.counts, self.followers = channel.counts, channel.followers

    async def publish(self, post: Outgoing) -> Receipt:
        return await self._channel.publish(replace(post, key=self.key(post.at)))


class Once:
    """A network where the same key twice is two posts. ``meets`` is what the next calls meet."""

    name, account, limits, is_dry = "once", "brand", Limits(300, None), False
    repeats_safely = False
    can_look = True

    def __init__(self, *meets: Exception) -> None:
        self.meets = list(meets)
        self.arrived: list[str] = []
        self.calls = 0

    def key(self, at: datetime) -> str:
        return at.isoformat()

    async def open(self) -> None:
        return None

    async def prepare(self, post: Outgoing) -> None:
        return None

    async def delete(self, uri: str) -> None:
        return None

    async def counts(self, uri: str) -> Counts:
        return Counts()

    async def followers(self) -> int | None:
        return None

    async def publish(self, post: Outgoing) -> Receipt:
        self.calls += 1
        if self.meets:
            raise self.meets.pop(0)
        self.arrived.append(post.key)
        return Receipt(f"once:{post.key}", None)

    async def find(self, post: Outgoing) -> Receipt | None:
        return Receipt(f"once:{post.key}", None) if post.key in self.arrived else None

    async def close(self) -> None:
        return None


class Late(Once):
    """A network that a post reaches half a minute after its call was cut off."""

    def __init__(self, clock: Hasty, *meets: Exception) -> None:
        super().__init__(OutcomeUnknown("broke off"), *meets)
        self._clock = clock
        self._arrives: datetime | None = None

    async def publish(self, post: Outgoing) -> Receipt:
        self.sent_on()
        return await super().publish(post)

    async def find(self, post: Outgoing) -> Receipt | None:
        is_there = self._arrives is not None and self._clock.now() >= self._arrives
        return Receipt(f"once:{post.key}", None) if is_there else None

    def sent_on(self) -> None:
        self._arrives = self._arrives or self._clock.now() + timedelta(seconds=30)


class Crossed(Once):
    """A network on which ``twin`` leaves and arrives while another of its words is looked for."""

    twin: Sending

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    async def find(self, post: Outgoing) -> Receipt | None:
        if post.taken:
            return None
        uri = f"once:{self.twin.key}"
        if not post.twins:
            self._store.sendings.firing(self.twin.id)
            return Receipt(uri, None)
        sent = Sent(
            at=self.twin.at,
            opportunity=self.twin.opportunity,
            channel=self.name,
            account=self.account,
            key=self.twin.key,
            uri=uri,
            url=None,
        )
        self._store.settle(self.twin.id, sent)
        raise OutcomeUnknown("1 of 2 posts of the same words are there")


class Desk:
    """A store with what was fired and what became of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store.open(folder)
        self.outcomes: list[Outcome] = []
        self.told = asyncio.Event()
        self.locks: dict[str, str] = {}  # by opportunity
        self.secrets: dict[str, str] = {}  # labels by text
        self.failures = 0  # of settling, from now on

    def fire(self, channel: Publisher, number: int = 1, at: datetime | None = None) -> None:
        at = at or datetime.now(UTC)
        fired = Fired(
            at=at,
            opportunity=f"o{number}",
            who="ada",
            channel=channel.name,
            account=channel.account,
            key=channel.key(at),
            text="You can still dunk in the dark",
        )
        self.store.decide(fired, key=f"fire {number}")

    async def settle(self, sending: int, outcome: Outcome) -> None:
        if self.failures:
            self.failures -= 1
            raise StoreError("the disk is full")
        await asyncio.to_thread(self.store.settle, sending, outcome)
        self.outcomes.append(outcome)
        self.told.set()

    async def forbids(self, _card: str, _channel: str, message: Message) -> str | None:
        secret = self.secrets.get(message.text)
        return None if secret is None else f"It gives away '{secret}'"

    async def attach(self, picture: Picture, _limits: Limits) -> Attached:
        raise PublishError(f"no picture {picture.id}")

    async def until(self, *kinds: type) -> None:
        async with asyncio.timeout(10):
            while [type(outcome) for outcome in self.outcomes] != list(kinds):
                self.told.clear()
                await self.told.wait()

    @asynccontextmanager
    async def working(
        self, *channels: Publisher, clock: Hasty | None = None
    ) -> AsyncIterator[Outbox]:
        outbox = Outbox(
            self.store.sendings,
            self.settle,
            channels,
            clock or Hasty(),
            held=self.locks.get,
            forbids=self.forbids,
            attach=self.attach,
        )
        task = asyncio.create_task(outbox.run())
        try:
            yield outbox
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path / "store")
    yield made
    made.store.close()


@pytest.fixture
async def network():
    server = XrpcServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def bluesky(network: XrpcServer):
    channel = Bluesky(
        network.url, network.handle, network.password, clock=WallClock(), patience_s=0.3
    )
    yield channel
    await channel.close()


async def settled(desk: Desk, network: XrpcServer, channel: Publisher, *faults: Fault) -> None:
    """Fire one post at a network with faults, and wait until it is told as sent."""
    network.faults["putRecord"].extend(faults)
    desk.fire(channel)

    async with desk.working(channel), asyncio.timeout(10):
        while not any(isinstance(outcome, Sent | Refused) for outcome in desk.outcomes):
            desk.told.clear()
            await desk.told.wait()


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
