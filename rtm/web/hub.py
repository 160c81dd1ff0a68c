"""What all screens are told: each message is written once, numbered, and kept for a while.

Be a delta: the room hands you over. If you bring something urgent (a new card, another state, a
lock) you leave at once, with whatever was waiting; else you wait, at most a quarter of a second,
together with others, and only the latest form of each card goes on. You are numbered here, so that
the numbers on the wire have no holes, kept in the ring for screens that come back, and put into
every screen's queue as one of two texts: whole for the desk, and for all others without what is
rude.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine
from typing import NamedTuple

import msgspec

from rtm.board.public import public_delta, public_snapshot, public_tick
from rtm.board.view import Card, Delta, encoded
from rtm.clock import Beat
from rtm.text.screening import Screening
from rtm.web.parts import Room
from rtm.web.sessions import Sessions

log = logging.getLogger(__name__)

REST_S = 0.25  # between deltas that are not urgent
KEPT = 512  # deltas in the ring
WAITING = 64  # messages in a screen's queue; more, and it gets a snapshot in their place
MOST_SCREENS = 256
LOOK_S = 4.0  # between looks at whether the sessions behind the screens still stand
SWITCHED_OFF = 4401  # the socket's close codes, as screens know them
GOING_AWAY = 1001


class Screen:
    """One socket's queue: texts, a delta's with its number.

    ``None`` for a text stands for a snapshot, to be made when it is sent; deltas that it holds
    already, though they were queued behind it, are left out.
    """

    def __init__(self, token: str, *, is_desk: bool = False) -> None:
        self.token = token
        self.is_desk = is_desk
        self.close_code: int | None = None
        self.closing = asyncio.Event()
        self._queue: deque[tuple[str | None, int | None]] = deque()
        self._more = asyncio.Event()

    def put(self, text: str | None, seq: int | None = None) -> None:
        """Queue a message; in a full queue a snapshot takes the place of all."""
        if len(self._queue) >= WAITING:
            self._queue.clear()
            text = seq = None
        self._queue.append((text, seq))
        self._more.set()

    def close(self, code: int) -> None:
        """Let it send nothing more, and end with this code."""
        self.close_code = code
        self.closing.set()

    async def next(self) -> str | None:
        """Return the next message, once there is one."""
        while not self._queue:
            self._more.clear()
            await self._more.wait()
        text, _ = self._queue.popleft()
        return text

    def holds(self, seq: int) -> None:
        """Be told up to which delta the screen knows everything."""
        self._queue = deque(
            (text, number) for text, number in self._queue if number is None or number > seq
        )


class Hub:
    """Tell all screens. ``seq`` counts the deltas that were sent."""

    def __init__(
        self, room: Room, sessions: Sessions, clock: Beat, screening: Screening | None = None
    ) -> None:
        self.seq = 0
        self.screens: set[Screen] = set()
        self._room, self._sessions, self._clock = room, sessions, clock
        self._screening = screening or Screening()
        self._ring: deque[tuple[int, _Texts]] = deque(maxlen=KEPT)
        self._upsert: dict[str, Card] = {}
        self._remove: set[str] = set()
        self._shown: dict[str, tuple[str, str | None]] = {}
        self._snapshot: dict[bool, str] = {}  # for the desk, for all others
        self._dirty = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def is_well(self) -> bool:
        """Whether its tasks run."""
        return bool(self._tasks) and not any(task.done() for task in self._tasks)

    def start(self) -> None:
        """Listen to the room."""
        self._shown = {card.id: _urgency(card) for card in self._room.snapshot().cards}
        self._room.listeners.append(self.tell)
        self._tasks = [self._started(work) for work in (self._flow(), self._beat(), self._look())]

    def close_screens(self) -> None:
        """Say goodbye to all screens."""
        for screen in self.screens:
            screen.close(GOING_AWAY)

    async def stop(self) -> None:
        """Listen no more."""
        self._room.listeners.remove(self.tell)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def join(
        self, token: str, epoch: str, seq: int | None, *, is_desk: bool = False
    ) -> Screen | None:
        """Return a new screen's queue, with all that it missed; None when there are too many."""
        if len(self.screens) >= MOST_SCREENS:
            return None
        screen = Screen(token, is_desk=is_desk)
        missed = self._missed(epoch, seq)
        if missed is None:
            screen.put(None)
        for number, texts in missed or ():
            screen.put(texts.of(screen), number)
        self.screens.add(screen)
        screen.put(self._tick_texts().of(screen))
        return screen

    def leave(self, screen: Screen) -> None:
        """Forget a screen."""
        self.screens.discard(screen)

    def tell(self, delta: Delta) -> None:
        """Take a delta from the room."""
        self._snapshot = {}
        is_urgent = False
        for card in delta.upsert:
            waiting = self._upsert.get(card.id)
            if waiting is None or waiting.rev <= card.rev:
                self._upsert[card.id] = card
            self._remove.discard(card.id)
            if self._shown.get(card.id) != _urgency(card):
                self._shown[card.id] = _urgency(card)
                is_urgent = True
        for gone in delta.remove:
            self._upsert.pop(gone, None)
            self._shown.pop(gone, None)
            self._remove.add(gone)
        if is_urgent:
            self._flush()
        else:
            self._dirty.set()

    def tell_tick(self) -> None:
        """Tell all screens how the watch is, now."""
        texts = self._tick_texts()
        for screen in self.screens:
            screen.put(texts.of(screen))

    def snapshot_text(self, *, is_desk: bool = False) -> str:
        """Return all there is, as of ``seq``; what waits to be sent is in it already."""
        if is_desk not in self._snapshot:
            whole = msgspec.structs.replace(self._room.snapshot(), seq=self.seq)
            shown = whole if is_desk else public_snapshot(whole, self._screening)
            self._snapshot[is_desk] = encoded(shown)
        return self._snapshot[is_desk]

    def _missed(self, epoch: str, seq: int | None) -> "list[tuple[int, _Texts]] | None":
        if epoch != self._room.epoch or seq is None or seq > self.seq:
            return None
        if self.seq - seq > len(self._ring):
            return None
        # a queue that is full from the start would be dropped
        missed = [told for told in self._ring if told[0] > seq]
        return missed if len(missed) < WAITING else None

    def _tick_texts(self) -> "_Texts":
        tick = msgspec.structs.replace(self._room.tick(), seq=self.seq)
        return _Texts(encoded(tick), encoded(public_tick(tick, self._screening)))

    def _flush(self) -> None:
        self._dirty.clear()
        if not self._upsert and not self._remove:
            return
        self.seq += 1
        self._snapshot = {}
        delta = Delta(
            epoch=self._room.epoch,
            seq=self.seq,
            upsert=tuple(self._upsert.values()),
            remove=tuple(sorted(self._remove)),
        )
        texts = _Texts(encoded(delta), encoded(public_delta(delta, self._screening)))
        self._upsert, self._remove = {}, set()
        self._ring.append((self.seq, texts))
        for screen in self.screens:
            screen.put(texts.of(screen), self.seq)

    async def _flow(self) -> None:
        while True:
            await self._dirty.wait()
            self._flush()
            await self._clock.rest(REST_S)

    async def _beat(self) -> None:
        while True:
            self.tell_tick()
            await self._clock.rest(1.0)

    async def _look(self) -> None:
        while True:
            await self._clock.rest(LOOK_S)
            for token in {screen.token for screen in self.screens}:
                try:
                    person = await self._sessions.person(token)
                except Exception:  # whatever the store has, this look supervises all screens
                    log.exception("sessions not looked at, next look in %.0f s", LOOK_S)
                    break
                if person is None:
                    self._switch_off(token)

    def _switch_off(self, token: str) -> None:
        for screen in self.screens:
            if screen.token == token:
                screen.close(SWITCHED_OFF)

    def _started(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        task.add_done_callback(_mourn)
        return task


class _Texts(NamedTuple):
    """A message as the desk is told it, and as all others are."""

    whole: str
    public: str

    def of(self, screen: Screen) -> str:
        return self.whole if screen.is_desk else self.public


def _urgency(card: Card) -> tuple[str, str | None]:
    return card.state, card.lock


def _mourn(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("screens are told nothing more, restart rtm", exc_info=error)
