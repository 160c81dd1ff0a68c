"""The room: the one place where a record is kept, folded into the board, and told to screens.

Be a decision: the web hands you over with the person, the revision that was looked at and a key.
You are checked against the work as it stands and the house as it is, written to the store in one
transaction together with what follows from you (the key, the outbox row), and folded like all that
was kept, by whatever process: what a command beside us adds is read within a second.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b

import msgspec

from rtm.board.fold import Board
from rtm.board.tallies import CardResults, CostView
from rtm.board.view import (
    Card,
    Delta,
    Mood,
    Note,
    Question,
    Setting,
    Snapshot,
    SourceView,
    Tick,
    Volume,
    ms,
)
from rtm.clock import Beat
from rtm.decisions import (
    Asked,
    Forgotten,
    Labelled,
    Learned,
    Outcome,
    Record,
    Said,
    What,
)
from rtm.desk.asking import asked_next
from rtm.desk.deciding import Conditions, NotAllowed, held
from rtm.desk.newsroom import Newsroom
from rtm.desk.roles import Person
from rtm.desk.rota import Hole, able, alarms, missing, reach_of, told
from rtm.event import WatchedEvent
from rtm.house_view import house_view
from rtm.orders import House
from rtm.policy import Desk
from rtm.staff import Staff
from rtm.store.store import Store
from rtm.types import Example, Verdict, moment

LONGEST_LOOK_S = 30.0  # a backlog of hours is told in less
PLAIN = Desk()
NEIGHBOURS_S = 1.0  # between looks at what other processes kept

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pulse:
    """How the watch is, told by it after every look at the stream; see ``view.Tick``."""

    at: datetime
    warm: float = 0.0
    warm_note: str = "starting"
    posts: int = 0
    rate_per_s: float = 0.0
    sources: tuple[SourceView, ...] = ()
    verdicts: tuple[Verdict, ...] = ()  # of stories that are followed, not offered first
    mood: Mood | None = None
    questions: tuple[Question, ...] = ()
    volume: Volume = field(
        default=Volume(title="", bucket_s=1, start_ms=0, posts=(), low=(), high=())
    )


class Room:
    """Keep, fold, tell. All methods run on one event loop; the store is spoken to in a thread."""

    def __init__(
        self,
        store: Store,
        setting: Setting,
        clock: Beat,
        started: datetime,
        policy: Desk = PLAIN,
        events: Sequence[WatchedEvent] = (),
    ) -> None:
        self.epoch = blake2b(started.isoformat().encode(), digest_size=6).hexdigest()
        self.board = Board(events)
        self.listeners: list[Callable[[Delta], None]] = []
        self.on_decided: Callable[[Record], None] = lambda record: None
        self.learned: Callable[[], Awaitable[bytes]] = _nothing
        self.speed: Callable[[], float] = lambda: 1.0
        self.results_of: Callable[[str], CardResults | None] = lambda card: None
        self.costs: Callable[[], CostView | None] = lambda: None
        self.policy = policy
        self.reach = reach_of(policy, events)
        self.setting = setting
        self.store = store
        self.turn = asyncio.Lock()
        self._clock = clock
        self._pulse = Pulse(clock.now())
        self._beaten_s: float | None = None
        self._looked_s = 0.0
        self._seq = 0
        self._rota: tuple[str, ...] = ()
        self._read_to = 0  # place in the record up to which all is folded
        self._folds: list[Callable[[Record], None]] = []
        self.staff = Staff(store.people.all, self.board.newsroom)
        self.staff.refresh()
        for self._read_to, record in store.records():
            self.board.tell(record)

    def follow(self, fold: Callable[[Record], None]) -> None:
        """Have something told of all that was kept, in order, and of whatever is kept from now on.

        Reads the whole record, so it is called before anything runs.
        """
        for seq, record in self.store.records():
            if seq <= self._read_to:
                fold(record)
        self._folds.append(fold)

    @property
    def is_warm(self) -> bool:
        """Tell whether cards are shown: the watch has seen enough of the past."""
        return self._pulse.warm >= 1

    @property
    def is_well(self) -> bool:
        """Tell whether the watch looked at its stream lately, or has not begun yet."""
        return self._beaten_s is None or _steady_s() - self._beaten_s < LONGEST_LOOK_S

    @property
    def newsroom(self) -> Newsroom:
        """What holds for all work: duty, rota, rules, whether all is stopped."""
        return self.board.newsroom

    def now(self) -> datetime:
        """Return the board's own time."""
        return self._clock.now()

    def people_on_duty(self) -> dict[str, datetime]:
        """Return who is on duty, with since when, longest first."""
        return {person.name: since for person, since in self.staff.on_duty(self.now())}

    async def knows(self, key: str) -> bool:
        """Tell whether something was kept under a key."""
        return await asyncio.to_thread(self.store.knows, key)

    async def keep(self, records: Sequence[Record], first: int | None = None) -> list[Record]:
        """Keep what the engine said (its events numbered from ``first``), or time; returns news."""
        async with self.turn:
            kept = await asyncio.to_thread(self.store.keep, records, first=first)
            await self.catch_up()
            return kept

    async def settle(self, sending: int, outcome: Outcome) -> None:
        """Keep what a network said of a post that was fired."""
        async with self.turn:
            if await asyncio.to_thread(self.store.settle, sending, outcome):
                await self.catch_up()

    async def house(self, record: House, *, key: str) -> bool:
        """Keep what a person decided about the house; False when the key is known."""
        async with self.turn:
            return await self.keep_decided(record, key=key)

    async def keep_decided(self, *records: Said, key: str) -> bool:
        """Keep a person's decisions under a key and tell of them; only within one's ``turn``."""
        if not await asyncio.to_thread(lambda: self.store.decide(*records, key=key)):
            return False
        await self.catch_up()
        for record in records:
            self.on_decided(record)
        return True

    async def catch_up(self) -> None:
        """Fold all that was kept since the last time, by us or beside us; within one's ``turn``."""
        fresh = await asyncio.to_thread(self.store.since, self._read_to)
        if not fresh:
            return
        self._read_to = fresh[-1][0]
        changed = dict.fromkeys(card for _, record in fresh if (card := self.board.tell(record)))
        for _, record in fresh:
            for fold in self._folds:
                try:
                    fold(record)
                except Exception:  # whoever follows must not keep the desk from going on
                    log.exception("a record was not followed kind=%s", type(record).__name__)
        if changed and self.is_warm:
            upsert = tuple(self._with_results(self.board.card(card)) for card in changed)
            self._send(Delta(epoch=self.epoch, seq=self._next(), upsert=upsert))

    async def label(self, person: Person, post: str, *, what: What, is_so: bool, key: str) -> None:
        """Keep what a person says of a post that is quoted or was asked about; once a ``key``.

        Raises
        ------
        KeyError
            When no such post stands on the desk.
        """
        asked = (one.text for one in self._pulse.questions if one.id == post)
        text = next(asked, None) or self.board.text_of(post)
        if text is None:
            raise KeyError(post)
        at = self._clock.now()
        said = Labelled(
            at=at, who=person.name, post=post, what=what, is_so=is_so, text=text, lang=None
        )
        async with self.turn:
            await self.keep_decided(said, key=key)

    async def forget(self, person: Person, *, what: Learned, key: str) -> None:
        """Have all forgotten that the team taught of something; once a ``key``.

        Raises
        ------
        NotAllowed
            When the person is no admin.
        """
        if "admin" not in person.roles:
            raise NotAllowed(f"forget: {person.name} has not the role for it; an admin may")
        async with self.turn:
            said = Forgotten(at=self._clock.now(), who=person.name, what=what)
            await self.keep_decided(said, key=key)

    def questions(self) -> tuple[Question, ...]:
        """Return what the team is asked, oldest first."""
        return self._pulse.questions if self.is_warm else ()

    def notes(self) -> list[Note]:
        """Return what the team should know of what was learned, newest first."""
        return [Note(at_ms=ms(one.at), text=one.note) for one in reversed(self.board.notes)]

    def post(self, post: str | None) -> Example | None:
        """Return a post that is quoted or asked about at the desk; None when there is none."""
        asked = (one for one in self._pulse.questions if one.id == post)
        if (one := next(asked, None)) is not None:
            return Example(id=one.id, at=moment(one.at_ms / 1000), text=one.text, author=None)
        return None if post is None else self.board.post(post)

    async def grow_old(self) -> None:
        """Let time do its part: end what nobody took on, ask the next approver, clear away."""
        if _steady_s() - self._looked_s >= NEIGHBOURS_S:
            self._looked_s = _steady_s()
            await asyncio.to_thread(self.staff.refresh)
            async with self.turn:
                await self.catch_up()
            self._rota = self._rota_now()
        now = self._clock.now()
        due: list[Record] = [*self.board.due(now), *self._to_ask(now)]
        if due:
            await self.keep(due)
        gone = self.board.forget(now)
        if gone:
            self._send(Delta(epoch=self.epoch, seq=self._next(), remove=tuple(gone)))

    def holes(self) -> list[Hole]:
        """Return the next stretch for each role in which nobody is planned, if it is near."""
        people = self.staff.all()
        return alarms(self.newsroom.shifts, people, self.now(), reach=self.reach)

    def _rota_now(self) -> tuple[str, ...]:
        now = self.now()
        holes = [told(hole, now) for hole in self.holes()]
        planned = able(self.newsroom.shifts, self.staff.all())
        absent = missing(planned, self.people_on_duty(), now)
        late = [f"{one.person} is to be on duty as {one.role} and is not" for one in absent]
        return (*holes, *late)

    def _to_ask(self, now: datetime) -> list[Asked]:
        submitted = [work for work in self.board.works() if work.state == "submitted"]
        if not submitted:
            return []
        approvers = self.staff.in_role("approver", now)
        patience = timedelta(seconds=self.policy.answer_within_s)
        asked = (
            asked_next(
                work, approvers, now, patience=patience, own_approval=self.policy.own_approval
            )
            for work in submitted
        )
        return [one for one in asked if one is not None]

    def beat(self, pulse: Pulse) -> None:
        """Be told how the watch is; the first time it is warm, all cards appear."""
        was_warm = self.is_warm
        self._pulse = pulse
        self._beaten_s = _steady_s()
        if self.is_warm and not was_warm and (cards := self._cards()):
            self._send(Delta(epoch=self.epoch, seq=self._next(), upsert=cards))

    def has(self, card: str) -> bool:
        """Tell whether a card is on the board."""
        return card in self.board

    def card(self, card: str) -> Card | None:
        """Return a card as it stands; None when there is none."""
        return self.shown(card) if card in self.board else None

    def shown(self, card: str) -> Card:
        """Return a card as it stands, or raise KeyError."""
        return self._with_results(self.board.card(card))

    def _cards(self) -> tuple[Card, ...]:
        return tuple(self._with_results(card) for card in self.board.cards())

    def _with_results(self, card: Card) -> Card:
        if not card.sendings:
            return card
        return msgspec.structs.replace(card, results=self.results_of(card.id))

    def conditions(self) -> Conditions:
        """Return what holds in the house for all work, whoever's step it is."""
        now, newsroom = self._clock.now(), self.newsroom
        stopped, crisis = newsroom.stopped, newsroom.crisis
        return Conditions(
            moderators=self.staff.in_role("moderator", now),
            stopped=None if stopped is None else f"{stopped.who}: {stopped.reason}",
            crisis=None if crisis is None else crisis.what,
            own_approval=self.policy.own_approval,
            open_responders=self.policy.open_responders,
        )

    def held(self, card: str) -> str | None:
        """Say why nothing of a card may leave now, or None."""
        if card not in self.board:
            return "its moment left the board"
        why = held(self.board.work(card), self.conditions())
        return None if why is None else why.words

    def snapshot(self) -> Snapshot:
        """Return all that a screen needs to begin."""
        cards = self._cards() if self.is_warm else ()
        return Snapshot(epoch=self.epoch, seq=self._seq, setting=self.setting, cards=cards)

    def verdicts(self) -> tuple[Verdict, ...]:
        """Return why followed stories were offered or not, as the watch told last."""
        return self._pulse.verdicts if self.is_warm else ()

    def tick(self) -> Tick:
        """Return how the watch is now."""
        pulse = self._pulse
        return Tick(
            epoch=self.epoch,
            seq=self._seq,
            at_ms=ms(pulse.at),
            speed=self.speed(),
            warm=pulse.warm,
            warm_note=pulse.warm_note,
            posts=pulse.posts,
            rate_per_s=pulse.rate_per_s,
            stories=self.board.stories,
            sources=pulse.sources,
            volume=pulse.volume,
            mood=pulse.mood,
            house=house_view(self, self.now(), self._rota),
        )

    def _next(self) -> int:
        self._seq += 1
        return self._seq

    def _send(self, delta: Delta) -> None:
        for listener in self.listeners:
            listener(delta)


async def _nothing() -> bytes:
    return b"{}"


def _steady_s() -> float:
    return asyncio.get_running_loop().time()
