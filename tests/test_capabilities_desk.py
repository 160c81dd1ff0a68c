"""What rtm is asked to be able to do at the desk, one test for each row, named after it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from time import monotonic

import pytest

from rtm.board.view import Card
from rtm.brand import Brand
from rtm.config import struct_of
from rtm.decisions import Breached
from rtm.desk.deciding import NotAllowed, Wish
from rtm.desk.newsroom import Shift
from rtm.desk.roles import Person, Step
from rtm.desk.rota import alarms
from rtm.errors import ConfigError, IllegalMove
from rtm.orders import Acknowledged, DutyBegan, DutyEnded, RulesSet
from rtm.policy import Desk, Outlet
from rtm.publish.channels import outlets
from rtm.room import Pulse
from tests.board.test_fold import AT
from tests.rooms import MIA, NOOR, approved, clock, room, room_of, step, steps_of, store
from tests.servers.board import Teammate, live
from tests.servers.evening import on_duty, running, team

__all__ = ["clock", "room", "store"]  # the fixtures of a room

TEXT = "You can still dunk in the dark"


async def test_0_09_without_the_current_rules_acknowledged_nothing_is_published(room, store):
    await approved(room)
    for version, text in ((1, "# Rules"), (2, "# Rules, again")):
        await room.house(RulesSet(at=AT, who="ada", version=version, text=text), key=text)
    await room.house(Acknowledged(at=AT, who="noor", version=1), key="the old ones")

    with pytest.raises(IllegalMove, match="read version 2 and acknowledge it first"):
        await step(room, NOOR, "fire")

    breach = list(store.records())[-1][1]
    assert isinstance(breach, Breached)
    assert (breach.who, breach.step, breach.rule) == ("noor", "fire", "rules")
    await room.house(Acknowledged(at=AT, who="noor", version=2), key="these")
    assert (await step(room, NOOR, "fire", key="again")).state == "firing"


async def test_0_13_without_its_moderator_a_channel_is_red_within_five_seconds(tmp_path):
    team(tmp_path)
    async with running(live(tmp_path, ["ws://127.0.0.1:9"])) as program:
        mia, noor = Teammate(program.url), Teammate(program.url)
        await mia.log_in("mia")
        await noor.log_in("noor")
        (channel,) = (await mia.tick())["house"]["channels"]
        assert channel == {"name": "dry", "why": None}

        status, _ = await noor.post("/api/duty", {"on": False})
        gone_s = monotonic()

        assert status == 200
        while (channel := (await mia.tick())["house"]["channels"][0])["why"] is None:
            assert monotonic() - gone_s < 5
        assert channel["why"] == "no moderator is on duty"
        await mia.leave()
        await noor.leave()


async def test_0_13_without_a_moderator_nothing_is_fired_and_with_one_it_is(room):
    await approved(room)
    await room.house(DutyEnded(at=AT, who="modo"), key="modo goes")

    with pytest.raises(IllegalMove, match="no moderator is on duty"):
        await step(room, NOOR, "fire")

    await room.house(DutyBegan(at=AT, who="modo"), key="modo comes back")
    assert (await step(room, NOOR, "fire", key="again")).state == "firing"


def test_0_14_a_channel_without_an_owner_is_refused():
    with pytest.raises(ConfigError, match="owner"):
        struct_of({"name": "Oreo", "channel": [{"name": "bluesky"}]}, Brand, "oreo.toml")
    with pytest.raises(ConfigError, match="bluesky: has no owner; add"):
        outlets(Brand(name="Oreo"), ["bluesky"])

    owned = Brand(name="Oreo", channels=(Outlet(name="bluesky", owner="Marketing"),))
    assert [one.owner for one in outlets(owned, ["bluesky"])] == ["Marketing"]


async def test_0_20_each_step_from_alert_to_post_is_measured(room, store, clock, caplog):
    caplog.set_level("INFO", "rtm.steps")
    for who, name, text, seconds in [
        (MIA, "claim", "", 40), (MIA, "draft", TEXT, 20), (MIA, "submit", "", 90),
        (NOOR, "approve", "", 30), (NOOR, "fire", "", 10),
    ]:  # fmt: skip
        clock.at += timedelta(seconds=seconds)
        await step(room, who, name, text)

    steps = room.card("o1").steps
    assert [one.state for one in steps] == [
        "found", "claimed", "drafted", "submitted", "approved", "firing",
    ]  # fmt: skip
    spent = [(b.at_ms - a.at_ms) / 1000 for a, b in pairwise(steps)]
    assert spent[1:] == [20, 90, 30, 10]
    told = [record.getMessage() for record in caplog.records]
    assert told[-1] == "step taken card=o1 step=fire who=noor after=approved s=10.0"


@pytest.mark.parametrize("is_open", [False, True])
async def test_3_10_in_an_open_house_an_engineer_answers_inside_the_policy(store, clock, is_open):
    eve = Person(name="eve", roles=frozenset({"employee"}))
    room = room_of(store, clock, Desk(open_responders=is_open))
    room.beat(Pulse(AT, warm=1.0))
    steps = steps_of(room)
    card = await steps.open_moment(
        MIA, title="Stale cookies", terms=["stale cookie"], kind="complaint",
        reply_to="at://them/app.bsky.feed.post/1", key="open",
    )  # fmt: skip
    await room.house(RulesSet(at=AT, who="ada", version=1, text="# Rules"), key="rules")

    async def take(name: Step, card: Card, text: str = "") -> Card:
        return await steps.decide(
            eve, card.id, Wish(name, text), work_rev=card.work_rev, key=f"{name}{card.work_rev}"
        )

    if not is_open:
        with pytest.raises(NotAllowed):
            await take("claim", card)
        return
    card = await take("draft", await take("claim", card), "Sorry, a fresh pack is on its way.")
    assert (card.owner, card.draft.reply_to) == ("eve", "at://them/app.bsky.feed.post/1")
    with pytest.raises(IllegalMove, match="has not acknowledged the rules"):
        await take("submit", card)
    await room.house(Acknowledged(at=AT, who="eve", version=1), key="read")
    assert (await take("submit", card)).state == "submitted"


def test_4_02_a_hole_in_the_rota_alarms_a_day_before_it_begins():
    modo = Person(name="modo", roles=frozenset({"moderator"}))
    now = datetime(2026, 12, 1, 8, tzinfo=UTC)
    week = [now + timedelta(hours=12 * half) for half in range(15)]
    whole = {Shift(start, end, "modo", "moderator") for start, end in pairwise(week)}
    hole = week[5]
    planned = {shift for shift in whole if shift.start != hole}

    (alarm,) = alarms(planned, [modo], hole - timedelta(hours=24))

    assert (alarm.start, alarm.role) == (hole, "moderator")
    assert alarms(whole, [modo], hole - timedelta(hours=24)) == []


async def test_4_03_the_rules_are_one_tap_away_for_everybody_who_writes(tmp_path):
    team(tmp_path)
    on_duty(tmp_path, "mia")
    async with running(live(tmp_path, ["ws://127.0.0.1:9"])) as program:
        mia = Teammate(program.url)
        await mia.log_in("mia")

        status, page = await mia.get("/rules")

        assert status == 200
        assert "no rules" in page.lower()
        await mia.leave()
