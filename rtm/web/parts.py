"""What the web is told of the rest: the room, the people, the pace; and where it keeps them."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

from aiohttp import web

from rtm.board.view import Card, Delta, Note, Question, Snapshot, Tick
from rtm.decisions import House, Learned, Recalled, What
from rtm.desk.checks import Complaint
from rtm.desk.roles import Person, Role
from rtm.desk.work import Wish
from rtm.draft import Draft
from rtm.types import Verdict


class Room(Protocol):
    """Where decisions are kept and told; all of it runs on the web's own event loop."""

    epoch: str
    listeners: list[Callable[[Delta], None]]

    def snapshot(self) -> Snapshot:
        """Return all that a screen needs to begin."""
        ...

    def tick(self) -> Tick:
        """Return how the watch is."""
        ...

    def verdicts(self) -> Sequence[Verdict]:
        """Return why followed stories were offered or not."""
        ...

    def questions(self) -> Sequence[Question]:
        """Return what the team is asked."""
        ...

    def notes(self) -> Sequence[Note]:
        """Return what the team should know of what was learned."""
        ...

    @property
    def learned(self) -> Callable[[], Awaitable[bytes]]:
        """Return all that the team taught, as JSON."""
        ...

    async def label(self, person: Person, post: str, *, what: What, is_so: bool, key: str) -> None:
        """Keep what a person says of a post, or raise KeyError where no such post stands."""
        ...

    async def forget(self, person: Person, *, what: Learned, key: str) -> None:
        """Have all forgotten that was taught of something, or raise NotAllowed."""
        ...

    def card(self, card: str) -> Card | None:
        """Return a card as it stands, or None when there is none."""
        ...

    async def house(self, record: House, *, key: str) -> bool:
        """Keep what a person decided about the house; False when the key is known."""
        ...

    def now(self) -> datetime:
        """Return the board's own time."""
        ...


class Desk(Protocol):
    """Where the steps of the desk are taken."""

    async def decide(
        self, person: Person, card: str, wish: Wish, *, work_rev: int, key: str
    ) -> Card:
        """Take a person's step; the card as it stands after it.

        Raises
        ------
        NotAllowed, IllegalMove
            When it is not that person's step, or not possible now, or the screen was old.
        PublishError
            When a network did not do what was asked.
        KeyError
            When there is no such card.
        """
        ...

    async def looked_over(
        self, card: str, draft: Draft, send_at: datetime | None = None
    ) -> list[Complaint]:
        """Return all that is wrong with a draft of a card; KeyError when there is no such card."""
        ...

    async def stop(
        self, person: Person, reason: str, *, key: str
    ) -> tuple[list[Recalled], list[str], list[str]]:
        """Stop everything; what was taken back, the cards in the air, and those that had left."""
        ...

    async def resume(self, person: Person, *, key: str) -> None:
        """Let posts leave again."""
        ...


class People(Protocol):
    """Who may come in. Every call may block, so it is made in a thread."""

    def any(self) -> bool:
        """Tell whether anybody is known yet."""
        ...

    def check(self, name: str, password: str) -> Person | None:
        """Return the person with that name and password."""
        ...

    def begin(self, person: Person) -> str:
        """Begin a session; its token."""
        ...

    def person(self, token: str) -> Person | None:
        """Return whose session it is, or None when it is over."""
        ...

    def end(self, token: str) -> None:
        """End a session."""
        ...

    def invited(self, token: str) -> frozenset[Role] | None:
        """Return the roles that an invitation still offers."""
        ...

    def accept(self, token: str, name: str, password: str) -> Person:
        """Use an invitation up; StoreError says why not."""
        ...


class Pace(Protocol):
    """How fast a recording is played; there is none where the watch is live."""

    def pause(self) -> None:
        """Let the board's time stand still."""
        ...

    def resume(self) -> None:
        """Let it go on."""
        ...

    def next_moment(self) -> None:
        """Go fast until something happens."""
        ...

    def set_speed(self, speed: float) -> None:
        """Pass so many seconds of the board's time in one of ours."""
        ...


ROOM = web.AppKey("room", Room)
DESK = web.AppKey("desk", Desk)
PEOPLE = web.AppKey("people", People)
