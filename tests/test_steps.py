"""Steps that race with the outbox, with a network or with one another."""

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest

from rtm.brand import Brand
from rtm.decisions import Fired, Heard, Record, Sent, Unknown, Withdrawn
from rtm.desk.deciding import Wish
from rtm.desk.sendings import Sending
from rtm.draft import Draft
from rtm.errors import IllegalMove, PublishError
from rtm.orders import DutyBegan
from rtm.publish.dry import Dry
from rtm.review import Review
from rtm.room import Room
from rtm.steps import Steps
from tests.board.test_fold import AT
from tests.rooms import MIA, NOOR, SETTING, approved, channel_view, clock, room, step, store

__all__ = ["clock", "room", "store"]  # the fixtures of a room


class Deleting(Dry):
    """A channel that notes what is deleted; ``meets`` is what the next calls meet."""

    def __init__(self, name: str) -> None:
        super().__init__(None, name)
        self.deleted: list[str] = []
        self.meets: list[Exception] = []
        self.meanwhile: Callable[[], object] = lambda: None

    async def delete(self, uri: str) -> None:
        if self.meets:
            raise self.meets.pop(0)
        self.deleted.append(uri)
        self.meanwhile()


@pytest.fixture
def channels():
    return {name: Deleting(name) for name in ("dry", "wet")}


@pytest.fixture
def steps(room: Room, channels: dict[str, Deleting]) -> Steps:
    views = tuple(channel_view(name) for name in channels)
    room.setting = msgspec.structs.replace(SETTING, channels=views)
    review = Review(Brand(name="Oreo"), (), room.store.secrets, channels)
    return Steps(room, channels, review)


async def fired(room: Room, steps: Steps) -> tuple[Sending, ...]:
    await approved(room)
    await step(room, NOOR, "fire", steps=steps)
    return room.board.work("o1").sendings


async def sent(room: Room, steps: Steps) -> None:
    for number, one in enumerate(await fired(room, steps), 1):
        await room.settle(
            number,
            Sent(
                at=AT, opportunity="o1", channel=one.channel, account=one.account, key=one.key,
                uri=f"at://dry/{one.key}", url=None,
            ),
        )  # fmt: skip


def states(room: Room) -> dict[str, str]:
    return {one.channel: one.state for one in room.board.work("o1").sendings}


async def test_what_is_leaving_is_not_taken_back_and_the_person_is_told_so(room, steps, store):
    await fired(room, steps)
    for number in (1, 2):
        store.sendings.firing(number)

    with pytest.raises(IllegalMove, match="too late, it has left or is leaving"):
        await step(room, NOOR, "recall", steps=steps)


async def test_of_two_of_which_one_is_leaving_the_other_is_taken_back(room, steps, store):
    await fired(room, steps)
    store.sendings.firing(1)

    await step(room, NOOR, "recall", steps=steps)

    assert states(room) == {"dry": "firing", "wet": "recalled"}
    assert store.sendings.due(datetime(2100, 1, 1, tzinfo=UTC)) == []


async def test_what_is_settled_meanwhile_is_told_as_such(room, steps, store):
    (one, _) = await fired(room, steps)
    await room.settle(
        1,
        Unknown(
            at=AT, opportunity="o1", channel=one.channel, account=one.account, key=one.key,
            reason="timed out",
        ),
    )  # fmt: skip
    store.sendings.firing(1)

    with pytest.raises(IllegalMove, match="being sent again"):
        await step(room, NOOR, "settle", steps=steps)


async def test_a_post_is_deleted_once_however_often_the_tap_arrives(room, steps, channels):
    await sent(room, steps)
    rev = room.board.work("o1").rev
    wish = Wish("withdraw", "a typo")

    for _ in range(2):
        await steps.decide(NOOR, "o1", wish, work_rev=rev, key="tap")

    assert states(room) == {"dry": "withdrawn", "wet": "withdrawn"}
    assert [len(one.deleted) for one in channels.values()] == [1, 1]


async def test_a_screen_that_is_old_deletes_nothing(room, steps, channels):
    await sent(room, steps)

    with pytest.raises(IllegalMove, match="meanwhile"):
        await step(room, NOOR, "withdraw", "a typo", rev=1, steps=steps)

    assert [len(one.deleted) for one in channels.values()] == [0, 0]


async def test_what_was_deleted_is_kept_as_such_though_it_is_heard_meanwhile(
    room, steps, channels, store
):
    await sent(room, steps)
    (one, _) = room.board.work("o1").sendings
    heard = Heard(at=AT, opportunity="o1", uri=one.uri)
    channels["dry"].meanwhile = lambda: store.keep([heard])

    await step(room, NOOR, "withdraw", "a typo", steps=steps)

    assert states(room) == {"dry": "withdrawn", "wet": "withdrawn"}


async def test_of_two_of_which_one_is_not_deleted_the_other_is_kept_as_deleted(
    room, steps, channels, store
):
    await sent(room, steps)
    channels["wet"].meets.append(PublishError("away"))

    with pytest.raises(PublishError, match="away"):
        await step(room, NOOR, "withdraw", "a typo", key="tap", steps=steps)
    assert states(room) == {"dry": "withdrawn", "wet": "sent"}

    await step(room, NOOR, "withdraw", "a typo", key="tap", steps=steps)
    assert states(room) == {"dry": "withdrawn", "wet": "withdrawn"}
    kept = [record for _, record in store.records() if isinstance(record, Withdrawn)]
    assert [one.channel for one in kept] == ["dry", "wet"]


async def test_whatever_moment_was_named_for_leaving_stopping_takes_it_back(room, steps, store):
    await approved(room)
    west = timezone(timedelta(hours=-12))
    last = datetime(9999, 12, 31, 23, 59, tzinfo=west)  # there is no such moment in UTC
    rev = room.board.work("o1").rev

    with pytest.raises(IllegalMove, match="within a year"):
        await steps.decide(NOOR, "o1", Wish("fire", send_at=last), work_rev=rev, key="late")
    soon = AT + timedelta(hours=2)
    await steps.decide(NOOR, "o1", Wish("fire", send_at=soon), work_rev=rev, key="soon")
    recalled, _, _ = await steps.stop(NOOR, "a mistake", key="stop")

    assert [one.channel for one in recalled] == ["dry", "wet"]


async def test_all_is_stopped_before_it_is_anybodys_turn(room, steps):
    await approved(room)

    async with room.turn:  # somebody waits for a busy disk
        stopping = asyncio.create_task(steps.stop(NOOR, "a mistake", key="stop"))
        await asyncio.sleep(0)
        why = room.held("o1")

    await stopping
    assert why is not None
    assert "everything is stopped" in why
    assert "a mistake" in (room.held("o1") or "")


async def test_who_follows_the_record_and_fails_does_not_hold_up_the_desk(room, steps, caplog):
    def broken(record: Record) -> None:
        if isinstance(record, Fired):
            raise ZeroDivisionError

    room.follow(broken)

    await fired(room, steps)

    assert states(room) == {"dry": "firing", "wet": "firing"}
    assert caplog.text.count("a record was not followed kind=Fired") == 2


async def test_however_many_drafts_are_looked_over_what_leaves_does_not_wait(
    room, steps, store, monkeypatch
):
    released, held_up = threading.Event(), []

    def slow(text: str) -> None:
        held_up.append(text)
        released.wait(10)

    await approved(room)
    monkeypatch.setattr(store.secrets, "leak_in", slow)
    looks = [
        asyncio.create_task(steps.looked_over("o1", Draft(text=f"draft {n}"))) for n in range(50)
    ]
    await asyncio.sleep(0.3)
    stopped = await asyncio.wait_for(steps.stop(NOOR, "a mistake", key="stop"), 5)
    released.set()
    await asyncio.gather(*looks)

    assert stopped == ([], [], [])
    assert len(held_up) == 50


@pytest.mark.parametrize(("hours", "year"), [(-12, 9999), (14, 1)])
async def test_an_offer_until_no_moment_of_utc_is_not_kept(hours, year, room, steps):
    await step(room, MIA, "claim", steps=steps)
    day = (12, 31, 23) if year == 9999 else (1, 1, 1)
    until = datetime(year, *day, tzinfo=timezone(timedelta(hours=hours)))
    draft = Draft(text="Half the price", offer_until=until)
    rev = room.board.work("o1").rev

    with pytest.raises(IllegalMove, match="no such moment"):
        await steps.decide(MIA, "o1", Wish("draft", draft=draft), work_rev=rev, key="draft")


async def test_a_key_that_was_used_for_something_else_does_not_swallow_a_step(room):
    await room.house(DutyBegan(at=room.now(), who="mia"), key="tap")

    with pytest.raises(IllegalMove, match="used for something else"):
        await step(room, MIA, "claim", key="tap")

    assert room.card("o1").state == "found"
