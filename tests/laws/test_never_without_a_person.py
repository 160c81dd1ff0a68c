"""Whatever several people do, in whatever order: nothing leaves but what they may let out.

The room, its store and its outbox are real; the network is a list. What must hold is told from the
record by an oracle that shares no line with the desk's rules.
"""

import asyncio
import contextlib
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from rtm.board.view import Setting
from rtm.brand import Brand
from rtm.desk import deciding
from rtm.desk import work as desk_work
from rtm.desk.deciding import Wish
from rtm.desk.roles import STEPS, Person, Role, Step
from rtm.draft import Draft, Picture
from rtm.errors import PublishError, RtmError
from rtm.orders import Acknowledged, CrisisDeclared, CrisisOver, DutyBegan, DutyEnded, RulesSet
from rtm.outbox import Outbox
from rtm.policy import Desk
from rtm.publish.dry import Dry
from rtm.publish.publisher import Attached, Limits, Outgoing, Receipt
from rtm.review import Review
from rtm.room import Room
from rtm.staff import Staff
from rtm.steps import Steps
from rtm.store.store import Store
from rtm.types import OpportunityFound, OpportunityLocked
from tests.board.test_fold import AT, FOUND
from tests.laws.oracle import Oracle
from tests.rooms import RestingClock, channel_view

ROLES: dict[str, set[Role]] = {
    "mia": {"writer"},
    "noor": {"approver"},
    "lee": {"approver", "writer"},
    "modo": {"moderator"},
    "bo": {"writer", "approver", "moderator", "admin"},
    "eve": {"employee"},
}
PEOPLE = {name: Person(name=name, roles=frozenset(roles)) for name, roles in ROLES.items()}
NAMES = st.sampled_from(sorted(ROLES))
TEXTS = ["You can still dunk in the dark", "Power out? No problem.", ""]
DRAFTS = [*(Draft(text=text) for text in TEXTS), Draft(text="Sorry!", reply_to="at://them/p/1")]
MEMORY = Path("/dev/shm")  # a record on a disk that waits for itself would take minutes
WAY: list[tuple[Step, str]] = [
    ("claim", "lee"), ("draft", "lee"), ("submit", "lee"), ("approve", "noor"), ("approve", "bo"),
]  # fmt: skip


class Network(Dry):
    """A channel that tells an oracle of every call."""

    def __init__(self, tell: Any) -> None:
        super().__init__(None)
        self._tell = tell

    async def publish(self, post: Outgoing) -> Receipt:
        self._tell(post)
        return await super().publish(post)


class Evening(RuleBasedStateMachine):
    """People in a room, two of them racing now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        self.clock = RestingClock(AT)
        self.store = Store.open(self.folder, now=self.clock.now)
        self.network = Network(self.left)
        self.keys = 0
        self.read = 0
        self.version = 0
        self.sent: dict[str, str] = {}

    @initialize(needed=st.sampled_from([1, 2]), own=st.booleans())
    def begin(self, needed: int, own: bool) -> None:
        self.oracle = Oracle(ROLES, needed)  # type: ignore[arg-type]
        setting = Setting(
            brand="Oreo",
            mode="live",
            channels=(channel_view(approvals=needed),),
            events=(),
            eur_per_hour=0.0,
        )
        policy = Desk(own_approval=own, open_responders=True)
        channels = {"dry": self.network}
        self.room = Room(self.store, setting, self.clock, datetime(2026, 1, 1, tzinfo=UTC), policy)
        self.room.staff = Staff(lambda: list(PEOPLE.values()), self.room.newsroom)
        self.room.staff.refresh()
        review = Review(Brand(name="Oreo"), (), self.store.secrets, channels)
        self.steps = Steps(self.room, channels, review)
        self.outbox = Outbox(
            self.store.sendings,
            self.room.settle,
            [self.network],
            self.clock,
            held=self.room.held,
            forbids=self.steps.forbids,
            attach=no_picture,
        )
        self.do(self.room.keep(FOUND, first=0))

    def do(self, what: Any) -> Any:
        return self.loop.run_until_complete(what)

    def key(self) -> str:
        self.keys += 1
        return f"k{self.keys}"

    def left(self, post: Outgoing) -> None:
        self.catch_up()
        self.oracle.leaves("o1", post.text)

    def catch_up(self) -> None:
        for place, record in self.store.since(self.read):
            self.read = place
            self.oracle.read(record)

    async def tried(self, name: str, wish: Wish, rev: int) -> None:
        with contextlib.suppress(RtmError):
            await self.steps.decide(PEOPLE[name], "o1", wish, work_rev=rev, key=self.key())

    @rule(name=NAMES, step=st.sampled_from(STEPS), draft=st.sampled_from(DRAFTS))
    def anybody_wants_a_step(self, name: str, step: Step, draft: Draft) -> None:
        wish = Wish(step, "because", draft=draft)
        self.do(self.tried(name, wish, self.room.board.work("o1").rev))

    @rule(draft=st.sampled_from(DRAFTS[:2]))
    def the_team_gets_it_approved(self, draft: Draft) -> None:
        for step, name in WAY:
            wish = Wish(step, "because", draft=draft)
            self.do(self.tried(name, wish, self.room.board.work("o1").rev))

    @rule(name=st.sampled_from(["noor", "bo"]), hours=st.sampled_from([0, 0, 1]))
    def an_approver_fires(self, name: str, hours: int) -> None:
        send_at = self.clock.now() + timedelta(hours=hours) if hours else None
        self.do(self.tried(name, Wish("fire", send_at=send_at), self.room.board.work("o1").rev))

    @rule(one=NAMES, other=NAMES, step=st.sampled_from(STEPS), draft=st.sampled_from(DRAFTS))
    def two_race(self, one: str, other: str, step: Step, draft: Draft) -> None:
        rev = self.room.board.work("o1").rev

        async def both() -> None:
            await asyncio.gather(
                self.tried(one, Wish("draft", draft=draft), rev),
                self.tried(other, Wish(step, "because"), rev),
                self.tried("noor", Wish("fire"), rev),
            )

        self.do(both())

    @rule(name=NAMES, comes=st.booleans())
    def somebody_comes_or_goes(self, name: str, comes: bool) -> None:
        at = self.clock.now()
        record = DutyBegan(at=at, who=name) if comes else DutyEnded(at=at, who=name)
        self.do(self.room.house(record, key=self.key()))

    @rule()
    def all_come(self) -> None:
        for name in ROLES:
            self.somebody_comes_or_goes(name, True)

    @rule(is_new=st.booleans(), name=NAMES)
    def rules_change_or_are_read(self, is_new: bool, name: str) -> None:
        at = self.clock.now()
        if is_new:
            self.version += 1
            record: Any = RulesSet(at=at, who="bo", version=self.version, text="# Rules")
        else:
            record = Acknowledged(at=at, who=name, version=self.version)
        self.do(self.room.house(record, key=self.key()))

    @rule()
    def all_read_the_rules(self) -> None:
        for name in ROLES:
            self.rules_change_or_are_read(False, name)

    @rule(is_open=st.booleans())
    def a_crisis_begins_or_ends(self, is_open: bool) -> None:
        at = self.clock.now()
        record = CrisisDeclared(at=at, who="bo", what="recall") if is_open else CrisisOver(
            at=at, who="bo"
        )  # fmt: skip
        self.do(self.room.house(record, key=self.key()))

    @rule()
    def the_story_turns_out_grave(self) -> None:
        (found,) = (one.opportunity for one in FOUND if isinstance(one, OpportunityFound))
        locking = OpportunityLocked(at=self.clock.now(), opportunity=found, reason="grave")
        self.do(self.room.keep([locking]))

    @rule(goes_on=st.booleans())
    def all_is_stopped_or_goes_on(self, goes_on: bool) -> None:
        if goes_on:
            self.do(self.steps.resume(PEOPLE["bo"], key=self.key()))
        else:
            self.do(self.steps.stop(PEOPLE["mia"], "wait", key=self.key()))

    @rule(minutes=st.sampled_from([0, 1, 61]))
    def time_passes_and_the_outbox_works(self, minutes: int) -> None:
        self.clock.at += timedelta(minutes=minutes)

        async def work() -> None:
            for sending in await self.outbox._due():
                await self.outbox._tended(sending)

        self.do(work())

    @invariant()
    def nothing_is_wrong(self) -> None:
        self.catch_up()
        oracle = getattr(self, "oracle", None)
        assert oracle is None or oracle.wrong == []

    @invariant()
    def no_post_is_there_twice(self) -> None:
        fired = {post.key for post in self.network.sent}
        assert len(fired) == len(self.network.sent)

    def teardown(self) -> None:
        self.store.close()
        self.loop.close()
        shutil.rmtree(self.folder)


async def no_picture(picture: Picture, _limits: Limits) -> Attached:
    raise PublishError(f"no picture {picture.id}")


QUICK = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
LONG = settings(QUICK, max_examples=600, stateful_step_count=60)


def test_nothing_leaves_but_what_people_may_let_out():
    run_state_machine_as_test(Evening, settings=QUICK)


@pytest.mark.long
def test_nothing_leaves_but_what_people_may_let_out_in_many_long_evenings():
    run_state_machine_as_test(Evening, settings=LONG)


def off_duty(evening: Evening) -> None:
    evening.begin(needed=1, own=True)
    evening.the_team_gets_it_approved(DRAFTS[0])
    evening.an_approver_fires("noor", 0)


def edited(evening: Evening) -> None:
    evening.begin(needed=2, own=True)
    evening.all_come()
    for name, step, draft in [
        ("lee", "claim", 0), ("lee", "draft", 0), ("lee", "submit", 0), ("noor", "approve", 0),
        ("lee", "draft", 1), ("lee", "submit", 1), ("bo", "approve", 1),
    ]:  # fmt: skip
        evening.anybody_wants_a_step(name, step, DRAFTS[draft])
    evening.an_approver_fires("noor", 0)


def alone(evening: Evening) -> None:
    evening.begin(needed=1, own=True)
    evening.all_come()
    evening.the_team_gets_it_approved(DRAFTS[0])
    evening.an_approver_fires("noor", 1)
    for name in ("modo", "bo"):
        evening.somebody_comes_or_goes(name, False)
    evening.time_passes_and_the_outbox_works(61)


def nothing(*_: object) -> None:
    return None


@pytest.mark.parametrize(
    ("course", "where", "name", "broken"),
    [
        (off_duty, deciding, "_heed_house", nothing),
        (edited, desk_work, "_UNASKED", {}),
        (alone, Room, "held", nothing),
    ],
    ids=["nobody is on duty", "an edit after one approval", "the moderators go before it leaves"],
)
def test_a_desk_without_one_of_its_rules_is_caught(course, where, name, broken, monkeypatch):
    sound, broke = Evening(), Evening()

    course(sound)
    sound.nothing_is_wrong()
    monkeypatch.setattr(where, name, broken)
    course(broke)

    with pytest.raises(AssertionError):
        broke.nothing_is_wrong()
    for evening in (sound, broke):
        evening.teardown()
