"""What stands behind a site in tests: a room, a desk, people, pictures and a pace, in memory."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec

from rtm.board.view import (
    Card,
    ChannelView,
    Delta,
    Note,
    Question,
    Setting,
    Snapshot,
    Tick,
    Volume,
)
from rtm.decisions import Kind, Learned, Recalled, What
from rtm.desk.checks import Complaint
from rtm.desk.deciding import NotAllowed, Wish
from rtm.desk.moments import opened
from rtm.desk.newsroom import Newsroom
from rtm.desk.roles import Person, Role
from rtm.desk.rota import ALWAYS
from rtm.desk.work import EMPTY
from rtm.draft import Draft
from rtm.errors import IllegalMove, PublishError, StoreError
from rtm.orders import House
from rtm.types import Verdict

WINNIE = Person(name="winnie", roles=frozenset({"writer"}))
ABE = Person(name="abe", roles=frozenset({"approver"}))
ADA = Person(name="ada", roles=frozenset({"admin", "moderator"}))
PASSWORD = "correct horse"
NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


def card(id: str = "o1", **changes: Any) -> Card:
    made = Card(
        id=id,
        rev=1,
        work_rev=1,
        title="the lights went out",
        terms=("lights",),
        posts=3,
        voices=3.0,
        surprise=5.5,
        per_min=2.0,
        acceleration=0.5,
        opened_ms=0,
        found_ms=0,
        closes_low_ms=60_000,
        closes_high_ms=120_000,
        score=26.0,
        relevance=0.6,
        risk=0.1,
        audience=None,
        reasons=("why",),
        quotes=(),
        is_over=False,
        lock=None,
        release=None,
        state="found",
        since_ms=0,
        owner=None,
        text="",
        draft=EMPTY,
        written_by=None,
        approvals=(),
        asked=None,
        asked_ms=None,
        waits_on="somebody to claim it",
        note=None,
        breach=None,
        steps=(),
        sendings=(),
    )
    return msgspec.structs.replace(made, **changes)


DRY = ChannelView(
    name="dry",
    network="dry",
    account="-",
    owner="",
    approvals=1,
    limit=300,
    limit_bytes=3_000,
    link_letters=None,
    pictures=4,
    thread=1,
    poll_options=0,
    takes_replies=False,
    visibilities=("public",),
    is_dry=True,
)


class FakeRoom:
    def __init__(self, *cards: Card) -> None:
        self.epoch = "e1"
        self.listeners: list[Any] = []
        self.cards = {card.id: card for card in cards}
        self.keys: list[str] = []
        self.seq = 0
        self.is_well = True
        self.verdicts_told: tuple[Verdict, ...] = ()
        self.said: list[tuple[str, str, str, bool]] = []
        self.newsroom = Newsroom()
        self.reach = ALWAYS
        self.kept: list[House] = []
        self.names = (WINNIE.name, ABE.name, ADA.name)

    def now(self) -> datetime:
        return NOW

    def people_on_duty(self) -> dict[str, datetime]:
        return self.newsroom.on_duty(self.now(), self.names)

    async def knows(self, key: str) -> bool:
        return key in self.keys

    async def house(self, record: House, *, key: str) -> bool:
        await asyncio.sleep(0)  # as a store would let others run
        if key in self.keys:
            return False
        self.keys.append(key)
        self.kept.append(record)
        self.newsroom.tell(record)
        return True

    def snapshot(self) -> Snapshot:
        setting = Setting(
            brand="Oreo",
            mode="live",
            channels=(DRY,),
            events=(),
            eur_per_hour=0.0,
        )
        return Snapshot(
            epoch=self.epoch, seq=self.seq, setting=setting, cards=tuple(self.cards.values())
        )

    def tick(self) -> Tick:
        volume = Volume(title="", bucket_s=60, start_ms=0, posts=(), low=(), high=())
        return Tick(
            epoch=self.epoch,
            seq=self.seq,
            at_ms=0,
            speed=1.0,
            warm=1.0,
            warm_note="",
            posts=0,
            rate_per_s=0.0,
            stories=0,
            sources=(),
            volume=volume,
        )

    def questions(self) -> list[Question]:
        return [Question(id="at://asked", at_ms=1_000, text="is this bad?", chance=0.5)]

    def notes(self) -> list[Note]:
        return [Note(at_ms=1_000, text="The mood has changed.")]

    async def learned(self) -> bytes:
        return b'{"relevance":{},"mood":{}}'

    async def label(self, person: Person, post: str, *, what: What, is_so: bool, key: str) -> None:
        if post != "at://asked":
            raise KeyError(post)
        self.said.append((person.name, post, what, is_so))

    async def forget(self, person: Person, *, what: Learned, key: str) -> None:
        if "admin" not in person.roles:
            raise NotAllowed("forget: not you")
        self.said.append((person.name, "", what, True))

    def verdicts(self) -> tuple[Verdict, ...]:
        return self.verdicts_told

    def card(self, card: str) -> Card | None:
        return self.cards.get(card)

    def change(self, id: str, **changes: Any) -> None:
        seen = self.cards.get(id)
        rev = seen.rev + 1 if seen else 1
        self.cards[id] = msgspec.structs.replace(seen or card(id), rev=rev, **changes)
        self._tell(upsert=(self.cards[id],))

    def remove(self, id: str) -> None:
        del self.cards[id]
        self._tell(remove=(id,))

    def _tell(self, **parts: Any) -> None:
        self.seq += 1
        for listener in self.listeners:
            listener(Delta(epoch=self.epoch, seq=self.seq, **parts))


class FakeDesk:
    """Takes steps in a fake room: each one counts, and is kept as a claim."""

    def __init__(self, room: FakeRoom) -> None:
        self.room = room
        self.wishes: list[Wish] = []
        self.complaints: list[Complaint] = []
        self.stopped: list[str] = []
        self.resumed: list[str] = []
        self.is_silent = False

    async def open_moment(
        self,
        person: Person,
        *,
        title: str,
        terms: Sequence[str],
        kind: Kind = "moment",
        reply_to: str | None = None,
        key: str,
    ) -> Card:
        said = opened(
            person,
            datetime(2013, 2, 4, tzinfo=UTC),
            title=title,
            terms=terms,
            kind=kind,
            reply_to=reply_to,
        )
        self.room.change(said.opportunity, title=said.title, terms=said.terms, opened_by=said.who)
        return self.room.cards[said.opportunity]

    async def close_moment(self, person: Person, card: str, *, key: str) -> Card:
        if self.room.cards[card].opened_by is None:
            raise IllegalMove("close: not opened by hand")
        self.room.change(card, is_over=True)
        return self.room.cards[card]

    def like(self, card: str) -> tuple[str, ...]:
        return tuple(other for other in self.room.cards if other != card)

    def may_write(self, person: Person) -> bool:
        return person.may("draft")

    async def decide(
        self, person: Person, card: str, wish: Wish, *, work_rev: int, key: str
    ) -> Card:
        seen, keys = self.room.cards[card], self.room.keys
        if key in keys:
            return seen
        if not person.may(wish.step):
            raise NotAllowed(f"{wish.step}: {person.name} has not the role for it")
        if work_rev != seen.work_rev:
            raise IllegalMove(f"{wish.step}: the work went on meanwhile", "stale")
        if self.is_silent:
            raise PublishError("the network does not answer")
        keys.append(key)
        self.wishes.append(wish)
        self.room.change(
            card, work_rev=work_rev + 1, state="claimed", owner=person.name, text=wish.text
        )
        return self.room.cards[card]

    async def looked_over(
        self, card: str, draft: Draft, send_at: datetime | None = None
    ) -> list[Complaint]:
        self.room.cards[card]
        return self.complaints

    async def stop(
        self, person: Person, reason: str, *, key: str
    ) -> tuple[list[Recalled], list[str], list[str]]:
        if "analyst" in person.roles:
            raise NotAllowed(f"stop: {person.name} has not the role for it")
        self.stopped.append(reason)
        one = Recalled(
            at=self.room.now(),
            opportunity="o1",
            who=person.name,
            channel="dry",
            account="-",
            key="k",
            reason=reason,
        )
        return [one], ["o2"], ["o3"]

    async def resume(self, person: Person, *, key: str) -> None:
        if not {"moderator", "admin"} & person.roles:
            raise NotAllowed(f"resume: {person.name} has not the role for it; a moderator may")
        self.resumed.append(person.name)


class FakePictures:
    """Pictures in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def keep(self, content: bytes) -> str:
        id_ = sha256(content).hexdigest()
        self.kept[id_] = content
        return id_

    def read(self, id_: str) -> bytes:
        if id_ not in self.kept:
            raise StoreError("no picture has such an id")
        return self.kept[id_]


class FakePeople:
    def __init__(self, *people: Person) -> None:
        self.passwords = {person.name: PASSWORD for person in people}
        self.known = {person.name: person for person in people}
        self.sessions: dict[str, Person] = {}
        self.invites: dict[str, frozenset[Role]] = {}
        self.checks = 0

    def any(self) -> bool:
        return bool(self.known)

    def all(self) -> list[Person]:
        return sorted(self.known.values(), key=lambda person: person.name)

    def check(self, name: str, password: str) -> Person | None:
        self.checks += 1
        return self.known[name] if self.passwords.get(name) == password else None

    def begin(self, person: Person) -> str:
        if person.name not in self.known:
            raise StoreError("switched off")
        token = f"token-{len(self.sessions)}-{person.name}"
        self.sessions[token] = person
        return token

    def person(self, token: str) -> Person | None:
        return self.sessions.get(token)

    def end(self, token: str) -> None:
        self.sessions.pop(token, None)

    def invited(self, token: str) -> frozenset[Role] | None:
        return self.invites.get(token)

    def accept(self, token: str, name: str, password: str) -> Person:
        if token not in self.invites:
            raise StoreError("invitation: used")
        if name in self.known:
            raise StoreError(f'name "{name}": taken; choose another')
        person = Person(name=name, roles=self.invites.pop(token))
        self.known[name], self.passwords[name] = person, password
        return person


class FakePace:
    def __init__(self) -> None:
        self.done: list[Any] = []

    def pause(self) -> None:
        self.done.append("pause")

    def resume(self) -> None:
        self.done.append("resume")

    def next_moment(self) -> None:
        self.done.append("next")

    def set_speed(self, speed: float) -> None:
        self.done.append(speed)
