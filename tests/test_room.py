"""The room: what people decide is checked, kept once, folded, and told to every screen."""

from datetime import timedelta

import pytest

from rtm.board.view import Delta
from rtm.decisions import Sent
from rtm.desk.deciding import NotAllowed, Wish
from rtm.draft import Message
from rtm.errors import IllegalMove
from rtm.room import Pulse
from rtm.steps import Stale
from tests.board.test_fold import AT, FOUND
from tests.rooms import (
    MIA,
    MODO,
    NOOR,
    approved,
    clock,
    locking,
    room,
    room_of,
    step,
    steps_of,
    store,
)

__all__ = ["clock", "room", "store"]  # fixtures


async def test_a_fired_post_waits_in_the_outbox_with_the_text_that_was_approved(room, store, clock):
    nudged = []
    steps = steps_of(room)
    steps.on_fired = lambda: nudged.append(True)
    await approved(room)

    card = await step(room, NOOR, "fire", steps=steps)

    (sending,) = store.sendings.due(clock.now())
    assert card.state == "firing"
    assert nudged == [True]
    assert (sending.opportunity, sending.text) == ("o1", "You can still dunk in the dark")


async def test_the_same_key_again_decides_nothing(room, store, clock):
    await approved(room)
    rev = room.board.work("o1").rev
    once = await step(room, NOOR, "fire", key="tap", rev=rev)

    again = await step(room, NOOR, "fire", key="tap", rev=rev)

    assert again == once
    assert len(store.sendings.due(clock.now())) == 1
    with pytest.raises(Stale):
        await step(room, NOOR, "fire", key="another tap", rev=rev)


async def test_a_screen_that_is_old_decides_nothing(room):
    rev = room.board.work("o1").rev
    await step(room, MIA, "claim")

    with pytest.raises(Stale, match="meanwhile"):
        await step(room, MIA, "dismiss", "not us", rev=rev)

    assert room.board.card("o1").state == "claimed"


async def test_whoever_may_not_changes_nothing_anywhere(room, store):
    await step(room, MIA, "claim")
    before = list(store.records())

    with pytest.raises(NotAllowed):
        await step(room, NOOR, "submit")

    assert list(store.records()) == before


async def test_a_post_too_long_for_its_network_is_not_submitted(room):
    await step(room, MIA, "claim")
    await step(room, MIA, "draft", "x" * 301)

    with pytest.raises(IllegalMove, match="1 letter too long"):
        await step(room, MIA, "submit")

    await step(room, MIA, "draft", "x" * 300, key="shorter")
    assert (await step(room, MIA, "submit", key="again")).state == "submitted"


async def test_a_draft_that_gives_a_secret_away_goes_no_further(room, store):
    await step(room, MIA, "claim")
    await step(room, MIA, "draft", "Our walnut filling comes in spring")
    store.secrets.add("Fresh idea", "The walnut filling comes out in spring", "ada")

    with pytest.raises(
        IllegalMove, match=r"submit: .*ives away 'Fresh idea' .* take out 'walnut f"
    ):
        await step(room, MIA, "submit")

    await step(room, MIA, "draft", "You can still dunk in the dark", key="harmless")
    assert (await step(room, MIA, "submit", key="again")).state == "submitted"


@pytest.mark.parametrize("last", ["approve", "fire"])
async def test_a_secret_that_is_added_later_stops_the_next_step(room, store, last):
    steps = ["claim", "draft", "submit", "approve"]
    for name in steps[: 3 if last == "approve" else 4]:
        who = NOOR if name == "approve" else MIA
        await step(room, who, name, "Our walnut filling" if name == "draft" else "")
    store.secrets.add("Fresh idea", "walnut filling", "ada")

    with pytest.raises(IllegalMove, match=f"{last}: .*ives away 'Fresh idea'"):
        await step(room, NOOR, last, key="last")

    forbids = steps_of(room).forbids
    words = await forbids("o1", "dry", Message(text="Our walnut filling"))
    assert words is not None
    assert "Fresh idea" in words
    assert await forbids("o1", "dry", Message(text="You can still dunk")) is None


async def test_nobody_decides_on_a_card_that_is_not_there(room):
    with pytest.raises(KeyError):
        await steps_of(room).decide(MIA, "o2", Wish("claim"), work_rev=1, key="k")


async def test_every_change_is_told_once_in_order(room):
    told: list[Delta] = []
    room.listeners.append(told.append)

    await approved(room)

    assert [delta.upsert[0].state for delta in told] == [
        "claimed",
        "drafted",
        "submitted",
        "approved",
    ]
    assert [delta.seq for delta in told] == list(range(told[0].seq, told[0].seq + 4))
    assert room.snapshot().seq == told[-1].seq


async def test_no_card_is_shown_before_the_watch_is_warm_and_all_are_then(store, clock):
    room = room_of(store, clock)
    told: list[Delta] = []
    room.listeners.append(told.append)

    await room.keep(FOUND, first=0)
    room.beat(Pulse(AT, warm=0.6))
    assert room.snapshot().cards == ()
    assert told == []

    room.beat(Pulse(AT, warm=1.0))
    assert [card.id for card in room.snapshot().cards] == ["o1"]
    assert [card.id for delta in told for card in delta.upsert] == ["o1"]


async def test_a_restarted_room_knows_all_that_was_decided(room, store, clock):
    await approved(room)
    await step(room, NOOR, "fire")
    (sending,) = store.sendings.due(clock.now())
    await room.settle(
        sending.id,
        Sent(
            at=AT, opportunity="o1", channel=sending.channel, account=sending.account,
            key=sending.key, uri="dry:1", url=None,
        ),
    )  # fmt: skip
    again = room_of(store, clock)
    again.beat(Pulse(AT, warm=1.0))

    assert again.board.card("o1").state == "fired"
    assert [c.state for c in again.snapshot().cards] == ["fired"]
    assert again.board.work("o1") == room.board.work("o1")


async def test_time_ends_what_nobody_took_on_and_later_clears_it_away(room, store, clock):
    told: list[Delta] = []
    room.listeners.append(told.append)
    clock.at = AT + timedelta(minutes=33)

    await room.grow_old()
    assert told[-1].upsert[0].state == "expired"

    clock.at += timedelta(hours=25)
    await room.grow_old()
    assert told[-1].remove == ("o1",)
    assert room.snapshot().cards == ()
    assert room_of(store, clock).board.card("o1").state == "expired"


async def test_a_lock_on_an_approved_card_holds_it_until_a_moderator_releases_it(room):
    await approved(room)
    await room.keep([locking("4 of 9 posts speak of death: locked.")])

    with pytest.raises(IllegalMove, match="fire: locked, 4 of 9"):
        await step(room, NOOR, "fire")
    assert room.held("o1") == "locked, 4 of 9 posts speak of death: locked."
    with pytest.raises(NotAllowed):
        await step(room, NOOR, "unlock", "it is a film", key="noor")
    card = await step(room, MODO, "unlock", "it is a film")

    assert room.held("o1") is None
    assert card.lock is None
    assert card.release is not None
    assert (card.release.who, card.release.reason) == ("modo", "it is a film")
    await step(room, NOOR, "approve", key="again")
    assert (await step(room, NOOR, "fire", key="fire it")).state == "firing"


async def test_a_release_outlives_a_restart_and_what_is_not_on_the_board_is_not_held(
    room, store, clock
):
    await room.keep([locking("3 of 10 posts speak of death: locked.")])
    await step(room, MODO, "unlock", "it is a film")

    later = room_of(store, clock)

    assert later.card("o1") == room.card("o1")
    assert later.held("o1") is None
    assert later.held("o99") == "its moment left the board"
