"""Results and cost beside a room: what is kept, what is taught, what is told."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from rtm.brand import Brand, Seats
from rtm.clock import FixedClock
from rtm.decisions import Measured, Record
from rtm.desk.deciding import NotAllowed
from rtm.desk.roles import Person
from rtm.errors import IllegalMove
from rtm.orders import DutyBegan
from rtm.policy import Desk
from rtm.reckoning import Reckoning
from rtm.score.lessons import Lesson
from tests.board.test_fold import FOUND
from tests.board.test_results import GAME
from tests.desk.test_looks import AT, measured, sent

ANN = Person(name="ann", roles=frozenset({"analyst"}))
BRAND = Brand(
    name="Oreo",
    seats=Seats(count=15, rate_eur_per_hour=150.0),
    desk=Desk(paid_eur_per_thousand=8.0),
)
POSTS = [sent(n, f"k{n}") for n in range(4)]
USUAL = [measured(3_600, one, likes=20) for one in POSTS[:3]]
HIT = measured(3_600, POSTS[3], likes=2_000)


class FakeRoom:
    """Keeps records and tells of them, as the room does."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.clock = FixedClock(AT)
        self.records: list[Record] = []
        self.keys: set[str] = set()
        self.cards: set[str] = set()
        self.tell: Any = None

    def now(self) -> datetime:
        return self.clock.now()

    def has(self, card: str) -> bool:
        return card in self.cards

    async def keep(self, records: Sequence[Record]) -> list[Record]:
        async with self.turn:
            for record in records:
                self.records.append(record)
                self.tell(record)
        return list(records)

    async def keep_decided(self, record: Measured, /, *, key: str) -> bool:
        assert self.turn.locked()
        if key in self.keys:
            return False
        self.keys.add(key)
        self.records.append(record)
        self.tell(record)
        return True


class Desktop:
    def __init__(self, *records: Record) -> None:
        self.room = FakeRoom()
        self.lessons: list[Lesson] = []
        self.reckoning = Reckoning(self.room, BRAND, [GAME], self.lessons.append)
        self.room.tell = self.reckoning.tell
        for record in records:
            self.reckoning.tell(record)

    async def enter(self, card: str = "o1", key: str = "k", person: Person = ANN, **told: Any):
        wish = {"channel": "bluesky", "views": 3_002_355, "followers": 69_000, **told}
        return await self.reckoning.enter_impressions(person, card, key=key, **wish)


async def test_a_measurement_is_kept_and_shown():
    desk = Desktop(*FOUND, sent())

    await desk.reckoning.measured(measured(60, likes=7, views=100))

    results = desk.reckoning.results_of("o1")
    assert desk.room.records == [measured(60, likes=7, views=100)]
    assert results is not None
    assert (results.posts[0].likes, results.views) == (7, 100)


async def test_a_post_that_did_better_than_usual_teaches_once_it_is_kept():
    desk = Desktop(*POSTS, *USUAL)

    await desk.reckoning.measured(HIT)

    assert [(one.kind, one.opportunity) for one in desk.lessons] == [("result", "o1")]


async def test_what_is_told_again_at_a_restart_teaches_nothing_again():
    desk = Desktop(*POSTS, *USUAL, HIT)

    assert desk.lessons == []


async def test_a_usual_post_teaches_nothing():
    desk = Desktop(*POSTS, *USUAL)

    await desk.reckoning.measured(measured(3_600, POSTS[3], likes=20))

    assert desk.lessons == []


async def test_impressions_that_a_person_read_are_kept_once_a_key():
    desk = Desktop(*FOUND, sent())
    desk.room.clock.at += timedelta(hours=1)

    results = await desk.enter()
    again = await desk.enter()

    (record,) = desk.room.records
    assert isinstance(record, Measured)
    assert (record.who, record.views, record.after_s) == ("ann", 3_002_355, 3_600)
    assert results == again
    assert results.posts[0].views_by == "ann"
    assert results.amplification == pytest.approx(43.5, abs=0.05)


async def test_a_card_that_left_the_board_is_still_told_of():
    desk = Desktop(sent())

    assert "o1" not in desk.room.cards
    assert (await desk.enter()).views == 3_002_355


async def test_there_are_no_impressions_where_nothing_was_sent():
    desk = Desktop(*FOUND)
    desk.room.cards.add("o1")

    assert desk.reckoning.results_of("o1") is None
    with pytest.raises(IllegalMove, match="nothing was sent on bluesky"):
        await desk.enter()
    with pytest.raises(KeyError):
        await desk.enter("o9")
    with pytest.raises(KeyError):
        desk.reckoning.results_of("o9")
    assert desk.room.records == []


async def test_whoever_has_not_the_role_enters_nothing():
    desk = Desktop(sent())

    with pytest.raises(NotAllowed):
        await desk.enter(person=Person(name="mo", roles=frozenset({"moderator"})))
    assert desk.room.records == []


def test_the_meter_runs_on_the_board_s_time():
    desk = Desktop()
    desk.room.clock.at = GAME.start + timedelta(minutes=34)

    view = desk.reckoning.costs()

    assert (view.people, view.eur_per_hour, view.eur, view.paid) == (15, 2_250, 1_275, 8.0)


def test_who_is_on_duty_is_paid_outside_an_event():
    desk = Desktop(DutyBegan(at=GAME.end + timedelta(hours=1), who="ada"))
    desk.room.clock.at = GAME.end + timedelta(hours=3)

    assert desk.reckoning.costs().eur == 300
