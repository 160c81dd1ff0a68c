"""What the web is told of the rest: the room, the people, the pace; and where it keeps them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from aiohttp import web

from rtm.board.view import Card, Delta, Note, Question, Snapshot, Tick
from rtm.decisions import Kind, Learned, What
from rtm.desk.roles import Person, Role, Step
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

    def card(self, card: str) -> Card | None:
        """Return a card as it stands, or None when there is none."""
        ...

    async def decide(
        self, person: Person, card: str, step: Step, *, work_rev: int, text: str, key: str
    ) -> Card:
        """Take a person's step; the card as it stands after it.

        Raises
        ------
        NotAllowed, IllegalMove
            When it is not that person's step, or not possible now, or the screen was old.
        KeyError
            When there is no such card.
        """
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
PEOPLE = web.AppKey("people", People)
