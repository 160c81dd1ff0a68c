"""What the web is told of the rest: the room, the people, the pace; and where it keeps them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from aiohttp import web

from rtm.board.view import Card, Delta, Note, Question, Snapshot, Tick
from rtm.decisions import Kind, Learned, Recalled, What
from rtm.desk.checks import Complaint
from rtm.desk.deciding import Wish
from rtm.desk.newsroom import Newsroom
from rtm.desk.roles import Person, Role
from rtm.desk.rota import Reach
from rtm.draft import Draft
from rtm.orders import House
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

    @property
    def newsroom(self) -> Newsroom:
        """What holds for all work: duty, the rota, the rules."""
        ...

    @property
    def reach(self) -> Reach:
        """When somebody must be there, as the desk's policy says."""
        ...

    def now(self) -> datetime:
        """Return the board's present moment."""
        ...

    def people_on_duty(self) -> Mapping[str, datetime]:
        """Return who is on duty, with since when."""
        ...

    async def knows(self, key: str) -> bool:
        """Tell whether something was kept under a key."""
        ...

    async def house(self, record: House, *, key: str) -> bool:
        """Keep and fold a decision about the house, once a ``key``; False when it is known."""

    def card(self, card: str) -> Card | None:
        """Return a card as it stands, or None when there is none."""
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
        """Open a moment by hand; its card. Raises what ``decide`` does."""
        ...

    async def close_moment(self, person: Person, card: str, *, key: str) -> Card:
        """Have a moment that was opened by hand followed no longer. Raises what ``decide`` does."""
        ...

    def like(self, card: str) -> Sequence[str]:
        """Return the cards of found stories that share a card's terms."""
        ...

    def may_write(self, person: Person) -> bool:
        """Tell whether a person may write anything here."""
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


class Pictures(Protocol):
    """The pictures of drafts. Every call may block, so it is made in a thread."""

    def keep(self, content: bytes) -> str:
        """Keep a picture; its id. StoreError says why not."""
        ...

    def read(self, id_: str) -> bytes:
        """Return a picture's bytes, or raise StoreError."""
        ...


class People(Protocol):
    """Who may come in. Every call may block, so it is made in a thread."""

    def any(self) -> bool:
        """Tell whether anybody is known yet."""
        ...

    def all(self) -> Sequence[Person]:
        """Return everybody who may log in, by name."""
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
PICTURES = web.AppKey("pictures", Pictures)
