"""The room: the one place where a record is kept, folded into the board, and told to screens.

Be a decision: the web hands you over with the person, the revision that was looked at and a key.
You are checked against the work as it stands, written to the store in one transaction together
with what follows from you (the key, the outbox row), folded, and told to every listener.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from rtm.board.fold import folded
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
    ByHand,
    Decision,
    Fired,
    Forgotten,
    Kind,
    Labelled,
    Learned,
    Outcome,
    Record,
    Teaching,
    What,
)
from rtm.desk.kits import unfilled
from rtm.desk.moments import MOST_OPEN, closed, opened
from rtm.desk.roles import Person, Step
from rtm.desk.work import Channel, NotAllowed, decided, held
from rtm.errors import IllegalMove
from rtm.event import WatchedEvent
from rtm.publish.length import too_long
from rtm.publish.publisher import Publisher
from rtm.store.store import Store
from rtm.types import Example, Verdict, moment

LONGEST_LOOK_S = 30.0  # a backlog of hours is told in less


class Stale(IllegalMove):
    """Say that the work went on since the screen was drawn."""


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
        publisher: Publisher,
        clock: Beat,
        started: datetime,
        events: Sequence[WatchedEvent] = (),
    ) -> None:
        self.epoch = blake2b(started.isoformat().encode(), digest_size=6).hexdigest()
        self.board = folded((record for _, record in store.records()), events)
        self.listeners: list[Callable[[Delta], None]] = []
        self.on_fired: Callable[[], None] = lambda: None
        self.on_decided: Callable[[Decision | Teaching | ByHand], None] = lambda decision: None
        self.learned: Callable[[], Awaitable[bytes]] = _nothing
        self.speed: Callable[[], float] = lambda: 1.0
        self._store = store
        self._setting = setting
        self._publisher = publisher
        self._clock = clock
        self._pulse = Pulse(clock.now())
        self._beaten_s: float | None = None
        self._seq = 0
        self._turn = asyncio.Lock()

    @property
    def is_warm(self) -> bool:
        """Tell whether cards are shown: the watch has seen enough of the past."""
        return self._pulse.warm >= 1

    @property
    def is_well(self) -> bool:
        """Tell whether the watch looked at its stream lately, or has not begun yet."""
        return self._beaten_s is None or _steady_s() - self._beaten_s < LONGEST_LOOK_S

    async def keep(self, records: Sequence[Record], first: int | None = None) -> list[Record]:
        """Keep what the engine said (its events numbered from ``first``), or time; returns news."""
        async with self._turn:
            kept = await asyncio.to_thread(self._store.keep, records, first=first)
            self._tell(kept)
            return kept

    async def settle(self, sending: int, outcome: Outcome) -> None:
        """Keep what a network said of a post that was fired."""
        async with self._turn:
            await asyncio.to_thread(self._store.settle, sending, outcome)
            self._tell([outcome])

    async def decide(
        self, person: Person, card: str, step: Step, *, work_rev: int, text: str, key: str
    ) -> Card:
        """Take a person's step; the card as it stands after it.

        The same ``key`` again does nothing and returns the card as it stands.

        Raises
        ------
        NotAllowed, Stale, IllegalMove
            When it is not that person's step, the screen was old, or the step is not possible.
        KeyError
            When there is no such card.
        """
        seen = self.board.work(card)
        leak = None
        if step in ("submit", "approve", "fire"):  # before its turn: it may take a second
            leak = await asyncio.to_thread(self._store.secrets.leak_in, seen.text)
        async with self._turn:
            work = self.board.work(card)
            if await asyncio.to_thread(self._store.knows, key):
                return self.board.card(card)
            if work_rev != work.rev or work.text != seen.text:
                raise Stale(f"{step}: somebody went on with it meanwhile; look again")
            now = self._clock.now()
            channel = None
            if step in ("submit", "approve", "fire"):
                complaint = unfilled(work.text) or too_long(work.text, self._publisher.limits)
                if complaint is not None:
                    raise IllegalMove(f"{step}: {complaint}")
                if leak is not None:
                    raise IllegalMove(f"{step}: {leak.complaint(work.text)}")
            if step == "fire":
                name, account = self._publisher.name, self._publisher.account
                channel = Channel(name, account, self._publisher.key(now))
            decision = decided(work, step, person, now, text=text, channel=channel)
            if await asyncio.to_thread(self._store.decide, decision, key=key):
                self._tell([decision])
                self.on_decided(decision)
        if isinstance(decision, Fired):
            self.on_fired()
        return self.board.card(card)

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
        """Open a moment that rtm has not found; its card, and on the same ``key`` that card again.

        Raises
        ------
        NotAllowed, IllegalMove
            When it is not that person's to open, or cannot be followed so (``Unclear``), or now.
        KeyError
            When the card that was opened under the key is gone.
        """
        async with self._turn:
            before = await asyncio.to_thread(self._store.about, key)
            if before is not None:
                return self.board.card(before)
            said = opened(
                person,
                self._clock.now(),
                title=title,
                terms=terms,
                kind=kind,
                reply_to=reply_to,
                answers=self._read(reply_to),
            )
            if not self.is_warm:
                raise IllegalMove("open: the watch is starting; try again when cards are shown")
            if said.opportunity in self.board:
                raise IllegalMove("open: you opened this a moment ago")
            if len(self.board.followed()) >= MOST_OPEN:
                raise IllegalMove(f"open: {MOST_OPEN} are open already; close one first")
            await self._by_hand(said, key)
        return self.board.card(said.opportunity)

    async def close_moment(self, person: Person, card: str, *, key: str) -> Card:
        """Have a moment that was opened by hand followed no longer; its card.

        Raises
        ------
        NotAllowed, IllegalMove
            When it is not that person's to close, or was not opened by hand, or is over.
        KeyError
            When there is no such card.
        """
        async with self._turn:
            seen = self.board.card(card)
            if await asyncio.to_thread(self._store.knows, key):
                return seen
            said = closed(person, self._clock.now(), card)
            if seen.opened_by is None or seen.is_over:
                raise IllegalMove("close: only what was opened by hand and goes on can be closed")
            await self._by_hand(said, key)
        return self.board.card(card)

    def like(self, card: str) -> tuple[str, ...]:
        """Return the cards of found stories that share the terms of one opened by hand."""
        return self.board.like(card)

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
        await self._taught(said, key)

    async def forget(self, person: Person, *, what: Learned, key: str) -> None:
        """Have all forgotten that the team taught of something; once a ``key``.

        Raises
        ------
        NotAllowed
            When the person is no admin.
        """
        if "admin" not in person.roles:
            raise NotAllowed(f"forget: {person.name} has not the role for it; an admin may")
        said = Forgotten(at=self._clock.now(), who=person.name, what=what)
        await self._taught(said, key)

    def questions(self) -> tuple[Question, ...]:
        """Return what the team is asked, oldest first."""
        return self._pulse.questions if self.is_warm else ()

    def notes(self) -> list[Note]:
        """Return what the team should know of what was learned, newest first."""
        return [Note(at_ms=ms(one.at), text=one.note) for one in reversed(self.board.notes)]

    async def _taught(self, said: Teaching, key: str) -> None:
        async with self._turn:
            if await asyncio.to_thread(self._store.decide, said, key=key):
                self._tell([said])
                self.on_decided(said)

    async def _by_hand(self, said: ByHand, key: str) -> None:
        # within the room's turn
        if await asyncio.to_thread(self._store.decide, said, key=key):
            self._tell([said])
            self.on_decided(said)

    def _read(self, post: str | None) -> Example | None:
        # a post that stands on the desk
        asked = (one for one in self._pulse.questions if one.id == post)
        if (one := next(asked, None)) is not None:
            return Example(id=one.id, at=moment(one.at_ms / 1000), text=one.text, author=None)
        return None if post is None else self.board.post(post)

    async def grow_old(self) -> None:
        """Let time end what nobody took on, and clear away what ended long ago."""
        now = self._clock.now()
        over = self.board.due(now)
        if over:
            await self.keep(over)
        gone = self.board.forget(now)
        if gone:
            self._send(Delta(epoch=self.epoch, seq=self._next(), remove=tuple(gone)))

    def beat(self, pulse: Pulse) -> None:
        """Be told how the watch is; the first time it is warm, all cards appear."""
        was_warm = self.is_warm
        self._pulse = pulse
        self._beaten_s = _steady_s()
        if self.is_warm and not was_warm and (cards := self.board.cards()):
            self._send(Delta(epoch=self.epoch, seq=self._next(), upsert=cards))

    def card(self, card: str) -> Card | None:
        """Return a card as it stands; None when there is none."""
        return self.board.card(card) if card in self.board else None

    def held(self, card: str) -> str | None:
        """Say why nothing of a card may leave now, or None."""
        return held(self.board.work(card)) if card in self.board else None

    async def gives_away(self, text: str) -> str | None:
        """Return the label of a secret that a text gives away, or None."""
        leak = await asyncio.to_thread(self._store.secrets.leak_in, text)
        return None if leak is None else leak.name

    def snapshot(self) -> Snapshot:
        """Return all that a screen needs to begin."""
        cards = self.board.cards() if self.is_warm else ()
        return Snapshot(epoch=self.epoch, seq=self._seq, setting=self._setting, cards=cards)

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
        )

    def _tell(self, records: Sequence[Record]) -> None:
        changed = dict.fromkeys(card for record in records if (card := self.board.tell(record)))
        if changed and self.is_warm:
            upsert = tuple(self.board.card(card) for card in changed)
            self._send(Delta(epoch=self.epoch, seq=self._next(), upsert=upsert))

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
