"""The outbox and the house: what is stopped, taken back or told to wait does not leave."""

import asyncio
from datetime import UTC, datetime, timedelta

from rtm.decisions import Recalled, Refused, Sent, Unknown
from rtm.errors import OutcomeUnknown, PublishError
from rtm.orders import Stopped
from rtm.publish.publisher import Outgoing, Receipt
from tests.outboxes import Desk, Hasty, Once, desk

__all__ = ["desk"]  # the fixture


class Slow(Once):
    """A network whose preparing can be held; ``ready`` lets it go on."""

    def __init__(self, *meets: Exception) -> None:
        super().__init__(*meets)
        self.preparing, self.ready = asyncio.Event(), asyncio.Event()

    async def prepare(self, post: Outgoing) -> None:
        self.preparing.set()
        await self.ready.wait()


class Noted(Once):
    """A network that tells when it is called."""

    def __init__(self, *meets: Exception) -> None:
        super().__init__(*meets)
        self.called, self.repeated = asyncio.Event(), asyncio.Event()

    async def publish(self, post: Outgoing) -> Receipt:
        (self.repeated if self.called.is_set() else self.called).set()
        return await super().publish(post)


class Blind(Once):
    """A network where only a person can look."""

    name, can_look = "blind", False


def recalled(desk: Desk, channel: Once) -> Recalled:
    (sending,) = desk.store.sendings.due(datetime.now(UTC))
    return Recalled(
        at=datetime.now(UTC), opportunity="o1", who="ada", channel=channel.name,
        account=channel.account, key=sending.key, reason="a typo",
    )  # fmt: skip


async def test_what_is_stopped_while_its_pictures_go_up_does_not_leave(desk):
    network = Slow()
    desk.fire(network)

    async with desk.working(network):
        await network.preparing.wait()
        desk.locks["o1"] = "everything is stopped"
        network.ready.set()
        await desk.until(Refused)

    assert (network.calls, network.arrived) == (0, [])
    assert "everything is stopped" in desk.outcomes[0].reason


async def test_what_is_not_stopped_leaves_once_it_is_prepared(desk):
    network = Slow()
    desk.fire(network)

    async with desk.working(network):
        await network.preparing.wait()
        network.ready.set()
        await desk.until(Sent)

    assert network.calls == 1


async def test_what_is_taken_back_while_it_is_prepared_does_not_leave(desk):
    network = Slow()
    desk.fire(network)
    back = recalled(desk, network)

    async with desk.working(network):
        await network.preparing.wait()
        assert desk.store.decide(back, key="back")
        network.ready.set()
        await asyncio.sleep(0.2)

    assert (network.calls, desk.outcomes) == (0, [])


async def test_preparing_that_fails_is_told_and_nothing_was_called(desk):
    class Broken(Once):
        async def prepare(self, post: Outgoing) -> None:
            raise PublishError("The picture is damaged.")

    network = Broken()
    desk.fire(network)

    async with desk.working(network):
        await desk.until(Refused)

    assert network.calls == 0
    assert "damaged" in desk.outcomes[0].reason


async def test_an_account_that_is_to_wait_waits_with_all_its_posts(desk):
    network, clock = Noted(PublishError("slow down", 40.0)), Hasty()
    desk.fire(network, 1)

    async with desk.working(network, clock=clock):
        await network.called.wait()
        desk.fire(network, 2)
        told = clock.ahead
        await desk.until(Sent, Sent)

    assert (clock.ahead - told).total_seconds() >= 39
    assert network.calls == 3


async def test_what_waited_before_it_was_called_is_not_told_as_absent_at_once(desk):
    class Late(Once):
        """A network that shows a post half a minute after it took it, and answers nobody."""

        async def publish(self, post: Outgoing) -> Receipt:
            if not self.meets:
                self.due, self.posted = clock.now() + timedelta(seconds=30), post.key
                self.meets.append(OutcomeUnknown("timed out"))
            return await super().publish(post)

        async def find(self, post: Outgoing) -> Receipt | None:
            if clock.now() >= self.due:
                self.arrived.append(self.posted)
            return await super().find(post)

    clock = Hasty()
    network = Late(PublishError("slow down", 120.0))
    desk.fire(network)

    async with desk.working(network, clock=clock):
        await desk.until(Unknown, Sent)

    assert network.calls == 2


async def test_what_may_be_out_is_never_among_what_can_be_taken_back(desk):
    network, clock = Noted(OutcomeUnknown("timed out"), PublishError("slow down", 90.0)), Hasty()
    network.repeats_safely = True
    desk.fire(network)
    (sending,) = desk.store.sendings.due(clock.now())

    async with desk.working(network, clock=clock):
        await desk.until(Unknown)
        await network.repeated.wait()
        await asyncio.sleep(0.1)
        stopped = Stopped(at=clock.now(), who="ada", reason="a typo")
        taken_back = desk.store.stop(stopped, key="stop")
        network.arrived.append(sending.key)  # the first try comes through after all
        await desk.until(Unknown, Sent)

    assert taken_back == []


async def test_a_repeat_that_is_refused_does_not_make_the_first_try_absent(desk):
    network = Noted(OutcomeUnknown("timed out"), PublishError("suspended"))
    network.repeats_safely = True
    desk.fire(network)
    (sending,) = desk.store.sendings.due(datetime.now(UTC))

    async with desk.working(network):
        await desk.until(Unknown)
        await network.repeated.wait()
        await asyncio.sleep(0.1)
        network.arrived.append(sending.key)
        await desk.until(Unknown, Sent)


async def test_where_only_a_person_can_look_it_stays_unknown_until_one_did(desk):
    network = Blind(OutcomeUnknown("the answer got lost"))
    desk.fire(network)

    async with desk.working(network):
        await desk.until(Unknown)
        await asyncio.sleep(0.2)

    assert (network.calls, network.arrived) == (1, [])
    assert desk.store.sendings.due(datetime(2100, 1, 1, tzinfo=UTC)) == []
    looked = Sent(
        at=datetime.now(UTC), opportunity="o1", channel="blind", account="brand",
        key=desk.outcomes[0].key, uri="https://example.com/1", url=None, who="ada",
    )  # fmt: skip
    assert desk.store.decide(looked, key="ada looked")


async def test_two_channels_are_served_and_one_that_is_not_connected_waits(desk):
    one, other, absent = Once(), Blind(), Once()
    other.account, absent.account = "second", "nobody"
    for number, channel in enumerate((one, other, absent), 1):
        desk.fire(channel, number)

    async with desk.working(one, other):
        async with asyncio.timeout(10):
            while len(desk.outcomes) < 2:
                desk.told.clear()
                await desk.told.wait()

    assert {told.account for told in desk.outcomes} == {"brand", "second"}
    assert absent.calls == 0


async def test_what_was_fired_on_an_account_that_nobody_has_any_more_is_told_as_not_sent(desk):
    mine, absent = Once(), Once()
    absent.account = "nobody"
    desk.fire(absent, 1, at=datetime.now(UTC) - timedelta(minutes=11))
    desk.fire(absent, 2)

    async with desk.working(mine):
        await desk.until(Refused)
        await asyncio.sleep(0.1)

    assert [one.opportunity for one in desk.outcomes] == ["o1"]
    assert absent.calls == 0
