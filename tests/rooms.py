"""A room with a store, a team on duty and a dry channel."""

from datetime import UTC, datetime, timedelta

import pytest

from rtm.board.view import ChannelView, Setting
from rtm.brand import Brand
from rtm.clock import FixedClock
from rtm.desk.deciding import Wish
from rtm.desk.roles import Person
from rtm.orders import DutyBegan
from rtm.policy import Desk
from rtm.publish.dry import Dry
from rtm.review import Review
from rtm.room import Pulse, Room
from rtm.steps import Steps
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


def locking(reason: str) -> OpportunityLocked:
    (opportunity,) = (one.opportunity for one in FOUND if isinstance(one, OpportunityFound))
    return OpportunityLocked(at=AT, opportunity=opportunity, reason=reason)
