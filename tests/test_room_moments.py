"""Moments opened by hand in the room: kept once, told to screens and to the watch."""

from datetime import UTC, datetime, timedelta

import pytest

from rtm.board.view import Delta, Question, ms
from rtm.decisions import Closed, Opened
from rtm.desk.deciding import NotAllowed, Wish
from rtm.desk.moments import MOST_OPEN, Unclear
from rtm.desk.roles import Person
from rtm.errors import IllegalMove
from rtm.orders import DutyBegan
from rtm.room import Pulse, Room
from rtm.serve import _teach, _watched
from rtm.taught import Closing, Opening, read
from rtm.types import story_of
from tests.board.test_fold import AT, FOUND
from tests.desk.test_kits import OVERTIME, game
from tests.rooms import MIA, MODO, NOOR, SETTING, TEAM, clock, step, steps_of, store

__all__ = ["clock", "store"]  # fixtures

ADA = Person(name="ada", roles=frozenset({"admin"}))


@pytest.fixture
async def room(store, clock):
    room = Room(store, SETTING, clock, datetime(2026, 1, 1, tzinfo=UTC), events=[game(OVERTIME)])
    await room.keep(FOUND, first=0)
    for person in TEAM:
        await room.house(DutyBegan(at=AT, who=person.name), key=f"{person.name} comes")
    room.beat(Pulse(AT, warm=1.0))
    return room


async def open_one(room: Room, person: Person = MIA, key: str = "tap", **changes):
    said = {"title": "Overtime it is", "terms": ("overtime",), **changes}
    return await steps_of(room).open_moment(person, key=key, **said)


@pytest.mark.parametrize("person", [MIA, NOOR, MODO])
async def test_a_moment_is_kept_folded_and_told_to_screens_and_watch(room, store, person):
    deltas: list[Delta] = []
    heard: list[object] = []
    room.listeners.append(deltas.append)
    room.on_decided = heard.append

    card = await open_one(room, person)

    (said,) = [one for _, one in store.records() if isinstance(one, Opened)]
    assert (card.id, card.opened_by) == (said.opportunity, person.name)
    assert [kit.name for kit in card.kits] == ["Overtime"]
    assert deltas[-1].upsert == (card,)
    assert heard == [said]


async def test_the_same_key_again_opens_nothing_and_returns_the_same_card(room, store, clock):
    once = await open_one(room)
    clock.at += timedelta(seconds=5)

    again = await open_one(room, title="Something else")
    other = await open_one(room, key="another", title="Something else")

    assert again == once
    assert other.id != once.id
    assert len([one for _, one in store.records() if isinstance(one, Opened)]) == 2


async def test_what_may_not_be_opened_leaves_nothing_behind(room, store):
    before = list(store.records())

    with pytest.raises(NotAllowed):
        await open_one(room, ADA)
    with pytest.raises(Unclear):
        await open_one(room, terms=("the",))
    room.beat(Pulse(AT, warm=0.5))
    with pytest.raises(IllegalMove, match="starting"):
        await open_one(room)

    assert list(store.records()) == before


async def test_one_person_opens_a_title_once_a_moment(room):
    await open_one(room)

    with pytest.raises(IllegalMove, match="a moment ago"):
        await open_one(room, key="another")


async def test_no_more_are_open_than_a_room_can_look_after(room):
    cards = [await open_one(room, key=f"k{n}", title=f"No {n}") for n in range(MOST_OPEN)]

    with pytest.raises(IllegalMove, match="16 are open already; close one first"):
        await open_one(room, key="more")
    await steps_of(room).close_moment(NOOR, cards[0].id, key="close")

    assert await open_one(room, key="more")


async def test_a_moment_is_closed_once_by_whoever_works_there(room, store):
    card = await open_one(room)

    with pytest.raises(NotAllowed):
        await steps_of(room).close_moment(ADA, card.id, key="c0")
    closed = await steps_of(room).close_moment(NOOR, card.id, key="c1")
    again = await steps_of(room).close_moment(NOOR, card.id, key="c1")

    assert closed.is_over
    assert again == closed
    assert len([one for _, one in store.records() if isinstance(one, Closed)]) == 1
    with pytest.raises(IllegalMove, match="close"):
        await steps_of(room).close_moment(NOOR, card.id, key="c2")
    with pytest.raises(IllegalMove, match="close"):
        await steps_of(room).close_moment(NOOR, "o1", key="c3")
    with pytest.raises(KeyError):
        await steps_of(room).close_moment(NOOR, "oh-gone", key="c4")


async def test_found_cards_that_share_its_terms_are_named(room):
    like = await open_one(room, terms=("lights out", "lights"))
    unlike = await open_one(room, key="other", title="Comet", terms=("comet",))

    assert (room.board.like(like.id), room.board.like(unlike.id)) == (("o1",), ())


async def test_an_answer_quotes_the_post_where_it_stands_on_the_desk(room):
    asked = Question(id="at://asked", at_ms=ms(AT), text="is this bad?", chance=0.5)
    room.beat(Pulse(AT, warm=1.0, questions=(asked,)))

    texts = [
        (await open_one(room, title=post, key=f"k{n}", kind="complaint", reply_to=post))
        .quotes[0]
        .text
        for n, post in enumerate(("p1", "at://asked", "at://unread"))
    ]

    assert texts == ["dark!", "is this bad?", ""]


async def test_a_moment_is_worked_on_as_any_other(room):
    card = await open_one(room)

    claimed = await steps_of(room).decide(
        MIA, card.id, Wish("claim"), work_rev=card.work_rev, key="claim"
    )

    assert (claimed.state, claimed.owner) == ("claimed", "mia")


@pytest.mark.parametrize("text", ["{score} at half-time", "Half-time, { team name }!"])
async def test_a_draft_with_a_slot_left_is_not_submitted(room, text):
    await step(room, MIA, "claim")
    await step(room, MIA, "draft", text)

    with pytest.raises(IllegalMove, match=r"submit: .*\{"):
        await step(room, MIA, "submit")
    await step(room, MIA, "draft", "21:14 at half-time", key="again")
    await step(room, MIA, "submit")

    assert room.board.work("o1").state == "submitted"


async def test_all_is_there_after_a_restart(room, store, clock):
    card = await open_one(room)

    again = Room(store, SETTING, clock, datetime(2026, 1, 2, tzinfo=UTC), events=[game(OVERTIME)])

    assert again.card(card.id) == card
    assert [one.opportunity for one in again.board.untold()] == [card.id]


class FakeWatch:
    def __init__(self) -> None:
        self.lessons: list[object] = []

    async def restore(self) -> None:
        """Take up nothing."""

    async def run(self) -> None:
        """Watch nothing."""

    def teach(self, lesson: bytes) -> None:
        self.lessons.append(read(lesson))


async def test_what_is_opened_closed_and_dismissed_is_told_to_the_watch(room):
    watch = FakeWatch()
    room.on_decided = lambda said: _teach(watch, said)  # type: ignore[arg-type]

    card = await open_one(room)
    await steps_of(room).close_moment(NOOR, card.id, key="c")
    rev = room.board.work(card.id).rev
    await steps_of(room).decide(NOOR, card.id, Wish("dismiss", "too late"), work_rev=rev, key="d")
    await step(room, NOOR, "dismiss", "too late")

    opened, *closings = watch.lessons
    assert isinstance(opened, Opening)
    assert (opened.story, opened.tick) == (story_of(card.id), int(AT.timestamp()))
    assert closings == [Closing(story=story_of(card.id))] * 2


async def test_what_the_watch_never_heard_of_is_told_to_it_at_the_next_start(room):
    card = await open_one(room)
    watch = FakeWatch()

    await _watched(watch, room)  # type: ignore[arg-type]

    (opened,) = watch.lessons
    assert isinstance(opened, Opening)
    assert opened.story == story_of(card.id)
