"""What posts reached and what the room costs, reckoned beside the room from the same record.

Be a measurement: you are compared with what is usual for your account, kept, and if your post did
better than that, its story is taught to the engine; whoever looks at the card sees you at once.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from rtm.board.results import card_results, cost_view
from rtm.board.tallies import CardResults, CostView
from rtm.brand import Brand
from rtm.decisions import Measured, Record
from rtm.desk.cost_clock import CostClock
from rtm.desk.results import Results, entered
from rtm.desk.roles import Person
from rtm.event import WatchedEvent
from rtm.score.lessons import Lesson, lesson_of
from rtm.score.standing import Standing


class Keeping(Protocol):
    """The room, as far as it is needed here."""

    @property
    def turn(self) -> asyncio.Lock:
        """Return what a person's records are kept within."""
        ...

    def now(self) -> datetime:
        """Return the board's own time."""
        ...

    def has(self, card: str) -> bool:
        """Tell whether a card is on the board."""
        ...

    async def keep(self, records: Sequence[Record]) -> list[Record]:
        """Keep records, and tell of them."""
        ...

    async def keep_decided(self, record: Measured, /, *, key: str) -> bool:
        """Keep what a person said under a key, within one's turn; False when the key is known."""
        ...


class Reckoning:
    """Told all of the record in order, it knows results and cost; see ``web.results``."""

    def __init__(
        self,
        room: Keeping,
        brand: Brand,
        events: Sequence[WatchedEvent],
        teach: Callable[[Lesson], None],
    ) -> None:
        self._room = room
        self._events = tuple(events)
        self._paid = brand.desk.paid_eur_per_thousand
        self._teach = teach
        self._clock = CostClock(brand.seats, events)
        self._results = Results()
        self._standing = Standing()

    def tell(self, record: Record) -> None:
        """Fold one record: all that was kept first, then whatever is kept meanwhile."""
        self._clock.tell(record)
        self._results.tell(record)
        self._standing.tell(record)

    async def measured(self, record: Measured) -> None:
        """Keep what a network said of a post, and teach what that says of its story."""
        lesson = lesson_of(record, self._standing.before(record))
        await self._room.keep([record])
        if lesson is not None:
            self._teach(lesson)

    async def enter_impressions(
        self,
        person: Person,
        card: str,
        *,
        channel: str,
        views: int,
        followers: int | None,
        key: str,
    ) -> CardResults | None:
        """Keep what a person read off a network's statistics; the results after it.

        The same ``key`` again does nothing. A card that left the board may still be told of, for
        two weeks: statistics are read the day after.

        Raises
        ------
        NotAllowed
            When the person has not the role for it.
        IllegalMove
            When nothing of the card was sent on that channel.
        KeyError
            When there is no such card, nor any post of it.
        """
        self._check(card)
        async with self._room.turn:
            record = entered(
                self._results,
                person,
                card,
                self._room.now(),
                channel=channel,
                views=views,
                followers=followers,
            )
            await self._room.keep_decided(record, key=key)
        return self.results_of(card)

    def results_of(self, card: str) -> CardResults | None:
        """Return what became of a card's posts as of now, None while nothing was sent.

        Raises KeyError when there is no such card, nor any post of it.
        """
        self._check(card)
        return card_results(self._results, self._clock, self._events, card, self._room.now())

    def costs(self) -> CostView:
        """Return the running meter as of now."""
        return cost_view(self._clock, self._results, self._paid, self._room.now())

    def _check(self, card: str) -> None:
        if not self._room.has(card) and not self._results.of(card):
            raise KeyError(card)
