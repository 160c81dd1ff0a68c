"""The room: what people decide is checked, kept once, folded, and told to every screen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rtm.board.view import ChannelView, Delta, Setting
from rtm.brand import Brand
from rtm.clock import FixedClock
from rtm.decisions import Breached, Sent
from rtm.desk.deciding import NotAllowed, Wish
from rtm.desk.roles import Person
from rtm.desk.sendings import Sending
from rtm.desk.work import to_send
from rtm.draft import Message
from rtm.errors import IllegalMove
from rtm.orders import Acknowledged, DutyBegan, DutyEnded, RulesSet
from rtm.policy import Desk
from rtm.publish.dry import Dry
from rtm.reckoning import Reckoning
from rtm.review import Review
from rtm.room import Pulse, Room
from rtm.steps import Stale, Steps
from rtm.store.chain import Entry, append
from rtm.store.database import beside
from rtm.store.people import people_of
from rtm.store.store import Store
from rtm.types import OpportunityFound, OpportunityLocked
from tests.board.test_fold import AT, FOUND

MIA = Person(name="mia", roles=frozenset({"writer"}))
NOOR = Person(name="noor", roles=frozenset({"approver"}))
MODO = Person(name="modo", roles=frozenset({"moderator"}))
TEAM = (MIA, NOOR, MODO)


def channel_view(name: str = "dry", approvals: int = 1) -> ChannelView:
    return ChannelView(
        name=name,
        network=name,
        account="-",
        owner="",
        approvals=approvals,
        limit=300,
        limit_bytes=None,
        link_letters=None,
        pictures=0,
        thread=1,
        poll_options=0,
        takes_replies=False,
        visibilities=("public",),
        is_dry=True,
    )


SETTING = Setting(
    brand="Oreo",
    mode="live",
    channels=(channel_view(),),
    events=(),
    eur_per_hour=150.0,
)


class RestingClock(FixedClock):
    """A clock that stands still, and whose rests cost nothing."""

    async def rest(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock():
    return RestingClock(AT)


@pytest.fixture
def store(tmp_path, clock):
    store = Store.open(tmp_path, now=clock.now)
    for person in TEAM:
        store.people.add(person.name, "dunk in the dark", person.roles)
    yield store
    store.close()


def room_of(store: Store, clock: RestingClock, policy: Desk | None = None) -> Room:
    return Room(store, SETTING, clock, datetime(2026, 1, 1, tzinfo=UTC), policy or Desk())


def steps_of(room: Room) -> Steps:
    channels = {"dry": Dry(None)}
    return Steps(room, channels, Review(Brand(name="Oreo"), (), room.store.secrets, channels))


@pytest.fixture
async def room(store, clock):
    room = room_of(store, clock)
    await room.keep(FOUND, first=0)
    for person in TEAM:
        await room.house(DutyBegan(at=AT, who=person.name), key=f"{person.name} comes")
    room.beat(Pulse(AT, warm=1.0))
    return room


async def step(room: Room, person: Person, name, text="", key="", rev=None, steps=None):
    rev = room.board.work("o1").rev if rev is None else rev
    wish = Wish(name, text)
    return await (steps or steps_of(room)).decide(person, "o1", wish, work_rev=rev, key=key or name)


async def approved(room: Room) -> None:
    await step(room, MIA, "claim")
    await step(room, MIA, "draft", "You can still dunk in the dark")
    await step(room, MIA, "submit")
    await step(room, NOOR, "approve")


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


def locking(reason: str) -> OpportunityLocked:
    (opportunity,) = (one.opportunity for one in FOUND if isinstance(one, OpportunityFound))
    return OpportunityLocked(at=AT, opportunity=opportunity, reason=reason)


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
