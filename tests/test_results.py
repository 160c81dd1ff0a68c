"""What became of posts is asked of their networks at stated times, whatever breaks on the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from random import Random

import pytest

from rtm import results
from rtm.decisions import Measured, Record
from rtm.desk.looks import AFTER_S
from rtm.errors import PublishError, StoreError
from rtm.publish.publisher import Counts, Limits, Outgoing, Receipt
from rtm.results import LATEST_S, SOONEST_S, Lookout
from tests.clocks import HandClock
from tests.desk.test_looks import AT, measured, sent, withdrawn

OURS = ("bluesky", "oreo")


class Network:
    """A network that counts; ``meets`` is what the next calls meet before it answers again."""

    name, account, limits, is_dry = "bluesky", "oreo", Limits(300, None), False
    repeats_safely = can_look = True

    def __init__(self) -> None:
        self.meets: list[Exception] = []
        self.asked: list[str] = []
        self.asked_followers = 0
        self.answers = asyncio.Event()
        self.answers.set()
        self.followers_meets: list[Exception] = []

    def key(self, at: object) -> str:
        return str(at)

    async def open(self) -> None:
        return None

    async def prepare(self, post: Outgoing) -> None:
        return None

    async def publish(self, post: Outgoing) -> Receipt:
        return Receipt(f"at://{post.key}", None)

    async def find(self, post: Outgoing) -> Receipt | None:
        return None

    async def delete(self, uri: str) -> None:
        return None

    async def counts(self, uri: str) -> Counts:
        self.asked.append(uri)
        await self.answers.wait()
        if self.meets:
            raise self.meets.pop(0)
        return Counts(replies=1, reposts=2, likes=10 * len(self.asked))

    async def followers(self) -> int | None:
        self.asked_followers += 1
        if self.followers_meets:
            raise self.followers_meets.pop(0)
        return 69_000

    async def close(self) -> None:
        return None


class Desk:
    """The record, and a lookout on a clock that the test moves."""

    def __init__(self, *records: Record) -> None:
        self.records: list[Record] = list(records)
        self.clock = HandClock()
        self.clock.now_s = AT.timestamp()
        self.network = Network()
        self.full = 0  # times that the store will have no room

    async def measured(self, record: Measured) -> None:
        if self.full:
            self.full -= 1
            raise StoreError("the disk is full")
        self.records.append(record)

    @property
    def looks(self) -> list[Measured]:
        return [one for one in self.records if isinstance(one, Measured)]

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[Lookout]:
        lookout = Lookout({OURS: self.network}, self.measured, self.clock, Random(1))
        for record in self.records:
            lookout.tell(record)
        task = asyncio.create_task(lookout.run())
        await self.clock.go(0)
        try:
            yield lookout
        finally:
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled()

    async def go(self, seconds: int) -> None:
        """Let time go on second by second."""
        for _ in range(seconds):
            await self.clock.go(1)


async def test_a_post_is_looked_at_at_the_stated_times_and_no_others():
    desk = Desk(sent())

    async with desk.looking():
        await desk.go(3_700)
        desk.clock.now_s += 82_690
        await desk.go(100)

    assert [one.after_s for one in desk.looks] == list(AFTER_S)
    first, second = desk.looks[:2]
    assert (first.opportunity, first.channel, first.account, first.key) == (
        "o1", "bluesky", "oreo", "k",
    )  # fmt: skip
    assert (first.replies, first.reposts, first.likes, first.views) == (1, 2, 10, None)
    assert (first.at - AT, second.at - AT) == (timedelta(seconds=60), timedelta(seconds=300))
    assert all(one.who is None for one in desk.looks)


async def test_followers_are_asked_at_the_first_look_alone():
    desk = Desk(sent())

    async with desk.looking():
        await desk.go(1_000)

    assert [one.followers for one in desk.looks] == [69_000, None, None]
    assert desk.network.asked_followers == 1


async def test_counts_are_kept_though_followers_are_not_told_and_these_are_asked_again():
    desk = Desk(sent())
    desk.network.followers_meets = [PublishError("no")]

    async with desk.looking():
        await desk.go(400)

    assert [(one.likes, one.followers) for one in desk.looks] == [(10, None), (20, 69_000)]


async def test_after_a_restart_the_latest_look_that_was_missed_is_made_up_for_once():
    desk = Desk(sent(), measured(60, followers=5))
    desk.clock.now_s += 2_000

    for _ in range(2):
        async with desk.looking():
            await desk.go(5)

    assert [one.after_s for one in desk.looks] == [60, 2_000]
    assert desk.network.asked == ["at://k"]
    assert desk.network.asked_followers == 0


async def test_a_network_that_does_not_answer_is_asked_again_ever_less_often():
    desk = Desk(sent(), measured(900))
    desk.network.meets = [PublishError("away", retry_after_s=1.0)] * 10_000
    desk.clock.now_s += 3_599

    asked = []
    async with desk.looking():
        for _ in range(4_000):
            await desk.go(1)
            asked.append(len(desk.network.asked))

    assert asked[0] == 1
    assert 0.5 * 4_000 / LATEST_S < asked[-1] < 40
    assert asked[int(2 * SOONEST_S) + 1] > 1
    assert desk.looks == [measured(900)]


async def test_it_waits_as_long_as_the_network_asks_it_to():
    desk = Desk(sent(), measured(900))
    desk.network.meets = [PublishError("slow down", retry_after_s=500.0)]
    desk.clock.now_s += 3_600

    async with desk.looking():
        await desk.go(499)
        before = len(desk.network.asked)
        await desk.go(5)

    assert (before, len(desk.network.asked)) == (1, 2)
    assert [one.after_s for one in desk.looks][1:] == [4_100]


async def test_a_look_is_given_up_when_the_next_is_due_and_that_one_is_made_at_once():
    desk = Desk(sent())
    desk.network.meets = [PublishError("away", retry_after_s=10_000.0)]

    async with desk.looking():
        await desk.go(310)

    assert [one.after_s for one in desk.looks] == [300]


async def test_a_post_that_was_taken_back_is_looked_at_no_more():
    desk = Desk(sent())

    async with desk.looking() as lookout:
        await desk.go(70)
        lookout.tell(withdrawn())
        await desk.go(400)

    assert [one.after_s for one in desk.looks] == [60]


async def test_what_a_network_says_of_a_post_that_was_taken_back_meanwhile_is_not_kept():
    desk = Desk(sent())
    desk.network.answers.clear()

    async with desk.looking() as lookout:
        await desk.go(61)
        lookout.tell(withdrawn())
        desk.network.answers.set()
        await desk.go(5)

    assert desk.network.asked == ["at://k"]
    assert desk.looks == []


async def test_a_slow_answer_is_waited_for_and_not_asked_for_twice():
    desk = Desk(sent())
    desk.network.answers.clear()

    async with desk.looking():
        await desk.go(90)
        desk.network.answers.set()
        await desk.go(1)

    assert desk.network.asked == ["at://k"]
    assert [one.after_s for one in desk.looks] == [91]


async def test_a_network_that_never_answers_holds_up_no_other_look(monkeypatch, caplog):
    monkeypatch.setattr(results, "PATIENCE_S", 0.01)
    desk = Desk(sent())
    desk.network.answers.clear()

    async with desk.looking():
        await desk.go(61)
        await asyncio.sleep(0.05)
        desk.network.answers.set()
        await desk.go(20)

    assert "no answer in time" in caplog.text
    assert len(desk.network.asked) == 2
    assert len(desk.looks) == 1


@pytest.mark.parametrize("error", [ValueError("a bug"), PublishError("gone for good")])
async def test_an_error_at_one_post_ends_no_other(error):
    desk = Desk(sent(), sent(1, "other"))
    desk.network.meets = [error]

    async with desk.looking():
        await desk.go(100)

    assert sorted(one.key for one in desk.looks) == ["k", "other"]


async def test_what_could_not_be_kept_is_asked_again():
    desk = Desk(sent())
    desk.full = 1

    async with desk.looking():
        await desk.go(100)

    assert [one.key for one in desk.looks] == ["k"]
    assert len(desk.network.asked) == 2


async def test_a_post_of_another_account_waits_and_says_so_once(caplog):
    desk = Desk(sent(channel="mastodon"), sent())

    async with desk.looking():
        await desk.go(100)

    assert [one.channel for one in desk.looks] == ["bluesky"]
    assert caplog.text.count("results wait for their channel") == 1


async def test_posts_of_one_account_are_asked_for_one_after_the_other():
    desk = Desk(*(sent(0, f"k{n}") for n in range(5)))
    desk.network.answers.clear()

    async with desk.looking():
        await desk.go(70)
        at_once = len(desk.network.asked)
        desk.network.answers.set()
        await desk.go(2)

    assert at_once == 1
    assert len(desk.looks) == 5
