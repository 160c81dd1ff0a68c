"""What holds for the whole house, in the room: duty, rules, the stop, schedules, results."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rtm.brand import Brand
from rtm.decisions import Breached, Sent
from rtm.desk.deciding import NotAllowed, Wish
from rtm.desk.sendings import Sending
from rtm.desk.work import to_send
from rtm.draft import Message
from rtm.errors import IllegalMove
from rtm.orders import Acknowledged, DutyBegan, DutyEnded, RulesSet
from rtm.reckoning import Reckoning
from rtm.store.chain import Entry, append
from rtm.store.database import beside
from rtm.store.people import people_of
from tests.board.test_fold import AT
from tests.rooms import (
    MIA,
    MODO,
    NOOR,
    approved,
    clock,
    room,
    step,
    steps_of,
    store,
)

__all__ = ["clock", "room", "store"]  # fixtures


async def test_off_duty_a_moderator_turns_the_channels_red_and_nothing_is_fired(room):
    await approved(room)
    assert [one.why for one in room.tick().house.channels] == [None]

    await room.house(DutyEnded(at=AT, who="modo"), key="modo goes")

    assert [one.why for one in room.tick().house.channels] == ["no moderator is on duty"]
    with pytest.raises(IllegalMove, match="fire: no moderator is on duty"):
        await step(room, NOOR, "fire")
    assert room.held("o1") == "no moderator is on duty"
    await room.house(DutyBegan(at=AT, who="modo"), key="modo comes back")
    assert (await step(room, NOOR, "fire", key="again")).state == "firing"


async def test_who_is_switched_off_beside_us_is_on_duty_no_more(room, tmp_path, clock):
    with people_of(tmp_path, now=clock.now) as people:
        people.switch_off("modo")

    await room.grow_old()

    assert room.held("o1") == "no moderator is on duty"


async def test_what_a_command_beside_us_keeps_is_heeded_within_a_look(room, tmp_path, clock):
    gone = DutyEnded(at=AT, who="modo", by="ada")
    line = f'{{"event":"duty_ended","at":"{AT.isoformat()}","who":"modo","by":"ada"}}'
    with beside(tmp_path, None) as database, database.writing() as connection:
        append(connection, [Entry(at=gone.at, kind="duty_ended", about="", line=line)])

    await room.grow_old()

    assert [one.name for one in room.tick().house.on_duty] == ["mia", "noor"]


async def test_who_has_not_acknowledged_the_rules_publishes_nothing_and_the_breach_is_kept(
    room, store
):
    await step(room, MIA, "claim")
    await step(room, MIA, "draft", "You can still dunk in the dark")
    await room.house(RulesSet(at=AT, who="ada", version=1, text="# Rules"), key="rules")

    with pytest.raises(IllegalMove, match="read version 1"):
        await step(room, MIA, "submit")

    breach = room.card("o1").breach
    assert (breach.who, breach.step, breach.rule) == ("mia", "submit", "rules")
    assert isinstance(list(store.records())[-1][1], Breached)
    await room.house(Acknowledged(at=AT, who="mia", version=1), key="read")
    card = await step(room, MIA, "submit", key="again")
    assert (card.state, card.breach) == ("submitted", None)


async def test_a_silent_approver_is_passed_over_after_a_minute(store, clock, room):
    lee = store.people.add("lee", "dunk in the dark", {"approver"})
    clock.at += timedelta(seconds=1)
    await room.house(DutyBegan(at=clock.at, who=lee.name), key="lee comes")
    await approved(room)
    await step(room, MIA, "draft", "Another text", key="edit")
    await step(room, MIA, "submit", key="once more")

    asked = []
    for _ in range(4):
        await room.grow_old()
        asked.append(room.card("o1").asked)
        clock.at += timedelta(seconds=30)

    assert asked == ["noor", "noor", "lee", "lee"]
    assert room.card("o1").state == "submitted"


async def test_the_kill_switch_takes_back_what_waits_and_says_what_had_left(room, store, clock):
    steps = steps_of(room)
    await approved(room)
    await step(room, NOOR, "fire", steps=steps)

    kept_back, in_the_air, left = await steps.stop(MIA, "wrong picture", key="stop")

    assert [one.opportunity for one in kept_back] == ["o1"]
    assert (in_the_air, left) == ([], [])
    assert room.card("o1").state == "approved"
    assert store.sendings.due(clock.now()) == []
    with pytest.raises(IllegalMove, match="everything is stopped: mia: wrong picture"):
        await step(room, NOOR, "fire", key="again", steps=steps)
    with pytest.raises(NotAllowed):
        await steps.resume(MIA, key="mia may not")
    await steps.resume(MODO, key="go on")
    assert (await step(room, NOOR, "fire", key="once more", steps=steps)).state == "firing"


async def test_what_had_left_when_all_was_stopped_is_named(room, store, clock):
    steps = steps_of(room)
    await approved(room)
    await step(room, NOOR, "fire", steps=steps)
    (sending,) = store.sendings.due(clock.now())
    store.sendings.firing(sending.id)

    kept_back, in_the_air, left = await steps.stop(NOOR, "", key="stop")
    assert (kept_back, in_the_air, left) == ([], ["o1"], [])

    await room.settle(
        sending.id,
        Sent(
            at=AT, opportunity="o1", channel="dry", account="dry", key=sending.key, uri="dry:1",
            url=None,
        ),
    )  # fmt: skip
    _, in_the_air, left = await steps.stop(NOOR, "", key="stop again")
    assert (in_the_air, left) == ([], ["o1"])


async def test_what_is_scheduled_waits_in_the_outbox_until_its_time(room, store, clock):
    steps = steps_of(room)
    await approved(room)
    wish = Wish("fire", send_at=AT + timedelta(hours=1), zone="Europe/Tallinn")

    card = await steps.decide(NOOR, "o1", wish, work_rev=room.board.work("o1").rev, key="at nine")

    assert (card.state, card.sendings[0].zone) == ("scheduled", "Europe/Tallinn")
    assert store.sendings.due(clock.now()) == []
    assert len(store.sendings.due(clock.now() + timedelta(hours=1))) == 1
    assert (await step(room, MIA, "recall")).state == "approved"
    assert store.sendings.due(clock.now() + timedelta(hours=1)) == []


async def test_a_card_that_was_fired_is_drawn_with_its_results(room, store, clock):
    reckoning = Reckoning(room, Brand(name="Oreo"), (), lambda lesson: None)
    room.follow(reckoning.tell)
    room.results_of, room.costs = reckoning.results_of, reckoning.costs
    await approved(room)
    card = await step(room, NOOR, "fire")
    assert card.results is None

    (sending,) = store.sendings.due(clock.now())
    receipt = Sent(
        at=AT, opportunity="o1", channel="dry", account="dry", key=sending.key, uri="dry:1",
        url=None,
    )  # fmt: skip
    await room.settle(sending.id, receipt)
    await reckoning.enter_impressions(
        MIA, "o1", channel="dry", views=3_000_000, followers=69_000, key="seen"
    )

    shown = room.card("o1")
    assert shown is not None
    assert shown.results is not None
    assert round(shown.results.amplification, 1) == 43.5
    assert room.tick().house.cost is not None


async def test_what_was_deleted_is_not_fired_again_with_what_was_refused(room):
    work = room.board.work("o1")
    gone = Sending("dry", "dry", "k", Message(text=""), "withdrawn", AT)

    assert to_send(replace(work, sendings=(gone,)), ("dry", "mastodon")) == ("mastodon",)


async def test_a_stop_that_is_asked_again_after_it_was_lifted_stops_nothing(room):
    steps = steps_of(room)
    await steps.stop(MIA, "wait", key="stop")
    await steps.resume(MODO, key="go on")

    assert await steps.stop(MIA, "wait", key="stop") == ([], [], [])

    assert room.newsroom.stopped is None
    await steps.stop(MIA, "wait", key="stop now")
    assert room.newsroom.stopped is not None
