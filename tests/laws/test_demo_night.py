"""The demo's night with a scripted team: from the story to the fired post, in minutes.

The engine, the room, the store, the checks, the outbox and the channel are the real ones, on the
recorded night, by the recording's own clock. The team is a script: how long its people look, write
and think is said here, and all else is what rtm needs.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from rtm import build
from rtm.board.view import Card
from rtm.clock import WallClock
from rtm.desk.deciding import Wish
from rtm.desk.roles import Person, Step
from rtm.draft import Draft
from rtm.engine import Engine
from rtm.errors import IllegalMove
from rtm.live import Stream, Watch
from rtm.orders import DutyBegan
from rtm.outbox import Outbox
from rtm.publish.dry import Dry
from rtm.review import Review
from rtm.room import Room
from rtm.sources.recorded import Recorded
from rtm.steps import Steps
from rtm.store.store import Store
from tests.laws.test_never_without_a_person import no_picture
from tests.rooms import SETTING

MIA = Person(name="mia", roles=frozenset({"writer"}))
NOOR = Person(name="noor", roles=frozenset({"approver"}))
MODO = Person(name="modo", roles=frozenset({"moderator"}))
SEES_S = 30  # until somebody takes a new card on
WRITES_S = 180  # words of one's own, with the picture for them
FILLS_S = 20  # a kit that fits
READS_S = 45  # what an approver reads
HOLDS_S = 5  # from approval to letting it go
FAST = timedelta(seconds=60)  # between looks while nothing is expected
LIGHTS = datetime(2013, 2, 4, 1, 40, tzinfo=UTC)
WHISTLE = datetime(2013, 2, 4, 3, 50, tzinfo=UTC)
OWN_WORDS = "Power out? You can still dunk in the dark."


class Night:
    """A clock over the recording, moved on by the watch's own looks; rests are real and short."""

    def __init__(self, since: datetime, slow_from: datetime) -> None:
        self.at, self._slow_from = since, slow_from

    def now(self) -> datetime:
        return self.at

    async def rest(self, seconds: float) -> None:
        await asyncio.sleep(0.005)

    def go_on(self) -> None:
        self.at += timedelta(seconds=1) if self.at >= self._slow_from else FAST


class Team:
    """Two people and a moderator, who do the next thing when they are done with the last."""

    def __init__(
        self,
        room: Room,
        steps: Steps,
        words: Callable[[Card], tuple[str, int]],
        since: datetime,
    ) -> None:
        self._room, self._steps, self._words = room, steps, words
        self._since_ms = 1000 * since.timestamp()
        self.card = ""
        self.refused: list[str] = []
        self.fired_at: datetime | None = None

    async def look(self) -> None:
        for card in self._room.board.cards():
            if (
                not self.card
                and not card.is_trial
                and card.state == "found"
                and card.found_ms >= self._since_ms
            ):
                self.card = card.id
        if self.card:
            await self._work(self._room.board.card(self.card))

    async def _work(self, card: Card) -> None:
        waited_s = self._room.now().timestamp() - card.since_ms / 1000
        text, writes_s = self._words(card)
        match card.state:
            case "found" if waited_s >= SEES_S:
                await self._take(MIA, "claim", card)
            case "claimed" if waited_s >= writes_s:
                await self._take(MIA, "draft", card, Draft(text=text))
            case "drafted" if waited_s >= HOLDS_S:
                await self._take(MIA, "submit", card)
            case "submitted" if waited_s >= READS_S:
                await self._take(NOOR, "approve", card)
            case "approved" if waited_s >= HOLDS_S:
                await self._take(NOOR, "fire", card)
            case "fired":
                self.fired_at = self._room.now()

    async def _take(
        self, person: Person, step: Step, card: Card, draft: Draft | None = None
    ) -> None:
        wish = Wish(step, draft=draft)
        try:
            await self._steps.decide(
                person, card.id, wish, work_rev=card.work_rev, key=f"{step} {card.work_rev}"
            )
        except IllegalMove as error:
            self.refused.append(error.rule or str(error))


@asynccontextmanager
async def evening(
    folder: Path, slow_from: datetime, words: Callable[[Card], tuple[str, int]], *on_duty: Person
) -> AsyncIterator[tuple[Team, Room, Callable[[], asyncio.Future[None]], Night]]:
    told = build.demo(WallClock())
    posts = told.recording.posts.filter(pl.col("at") < slow_from + timedelta(minutes=20))
    clock = Night(datetime(2013, 2, 3, 22, tzinfo=UTC), slow_from)
    store = Store.open(folder, now=clock.now)
    for person in (MIA, NOOR, MODO):
        store.people.add(person.name, "dunk in the dark", person.roles)
    for person in on_duty:
        began = DutyBegan(at=clock.at, who=person.name)
        store.decide(began, key=f"{person.name} comes")
    channel = Dry(None)
    room = Room(store, SETTING, clock, datetime(2026, 1, 1, tzinfo=UTC), events=told.events)
    review = Review(told.brand, told.events, store.secrets, {"dry": channel})
    steps = Steps(room, {"dry": channel}, review)
    team = Team(room, steps, words, slow_from)
    outbox = Outbox(
        store.sendings,
        room.settle,
        [channel],
        clock,
        held=room.held,
        forbids=steps.forbids,
        attach=no_picture,
    )
    steps.on_fired = outbox.nudge
    over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def beat() -> None:
        clock.go_on()
        await asyncio.sleep(0.002)  # the outbox's turn
        await team.look()
        if (team.fired_at or clock.at >= slow_from + timedelta(minutes=20)) and not over.done():
            over.set_result(None)

    recorded = Recorded("reddit", posts, clock)
    stream = Stream(recorded, recorded.read, recorded.take)
    engine = Engine(told.brand, told.events)
    watch = Watch(engine, stream, store, room, clock, subjects="Super Bowl", beat=beat)
    await watch.restore()
    tasks = [asyncio.create_task(watch.run()), asyncio.create_task(outbox.run())]
    try:
        yield team, room, lambda: over, clock
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        store.close()


def own_words(_card: Card) -> tuple[str, int]:
    return OWN_WORDS, WRITES_S


def kit_or_own_words(card: Card) -> tuple[str, int]:
    return (card.kits[0].text, FILLS_S) if card.kits else own_words(card)


def minutes(card: Card) -> float:
    return (card.since_ms - card.opened_ms) / 60_000


async def test_the_lights_go_out_and_ten_minutes_later_a_post_is_out(tmp_path, caplog):
    caplog.set_level("INFO", "rtm.steps")
    async with evening(tmp_path, LIGHTS, kit_or_own_words, MIA, NOOR, MODO) as (
        team,
        room,
        over,
        _,
    ):
        await over()

    card = room.board.card(team.card)
    assert "lights" in card.terms
    assert card.kits == ()
    assert (card.state, card.text) == ("fired", OWN_WORDS)
    assert minutes(card) < 10
    at_ms = {step.state: step.at_ms for step in card.steps}
    assert at_ms["fired"] - at_ms["approved"] <= 60_000
    told = [record.getMessage() for record in caplog.records]
    assert [line.split()[3] for line in told] == [
        f"step={step}" for step in ("claim", "draft", "submit", "approve", "fire")
    ]
    assert all(float(line.rpartition("s=")[2]) >= HOLDS_S for line in told)


async def test_with_a_kit_it_takes_less_than_five_minutes(tmp_path):
    async with evening(tmp_path, WHISTLE, kit_or_own_words, MIA, NOOR, MODO) as (
        team,
        room,
        over,
        _,
    ):
        await over()

    card = room.board.card(team.card)
    assert [kit.name for kit in card.kits] == ["Final whistle"]
    assert (card.state, card.text) == ("fired", card.kits[0].text)
    assert (card.since_ms - card.found_ms) / 60_000 < 5


async def test_without_the_moderator_it_never_leaves(tmp_path):
    async with evening(tmp_path, LIGHTS, kit_or_own_words, MIA, NOOR) as (team, room, over, clock):
        await over()

    card = room.board.card(team.card)
    assert card.state == "approved"
    assert set(team.refused) == {"moderator"}
    assert card.breach is not None
    assert (card.breach.step, card.breach.rule) == ("fire", "moderator")
    assert team.fired_at is None
    assert clock.at >= LIGHTS + timedelta(minutes=20)
