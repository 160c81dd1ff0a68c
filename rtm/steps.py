"""Take a person's step on a card: look it over, decide it, keep it, and say what a rule forbade.

Be a wish: the draft that you concern is looked over first, which may take a second or two; then it
is your turn, and nobody else's. If the work went on meanwhile you are stale. If a rule of the house
forbids you, that is kept as a breach, under the rule's id, and you are told why.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from rtm.board.view import Card
from rtm.decisions import Breached, Fired, Kind, Recalled, Withdrawn
from rtm.desk.checks import Complaint
from rtm.desk.deciding import PUBLISHING, Channel, Conditions, NotAllowed, Wish, decided
from rtm.desk.moments import MOST_OPEN, closed, opened
from rtm.desk.roles import Person
from rtm.desk.stopwatch import spent
from rtm.desk.work import Work, to_send
from rtm.draft import Draft, Message, drafted
from rtm.errors import IllegalMove, PublishError, TooLate
from rtm.orders import Resumed, Stopped
from rtm.publish.publisher import Publisher
from rtm.review import Review
from rtm.room import Room

LEFT_LATELY = timedelta(hours=1)  # of posts that were out already when all was stopped
LOOKS = 2  # drafts looked over at once while they are written: threads stay free for what leaves
UNANSWERED = ("found", "claimed", "drafted", "submitted", "approved", "expired")
ANYWHERE = ("dry", "webhook")  # networks that take an answer to any other's post
STOPPERS = frozenset({"writer", "approver", "moderator", "responder", "admin"})

log = logging.getLogger(__name__)


class Stale(IllegalMove):
    """Say that the work went on since the screen was drawn."""


class Steps:
    """Take steps in a room, on the channels of its publishers."""

    def __init__(self, room: Room, publishers: Mapping[str, Publisher], review: Review) -> None:
        self._room = room
        self._publishers = publishers
        self._review = review
        self.on_fired: Callable[[], None] = lambda: None
        self._looking = asyncio.Semaphore(LOOKS)

    async def decide(
        self, person: Person, card: str, wish: Wish, *, work_rev: int, key: str
    ) -> Card:
        """Take a person's step; the card as it stands after it.

        The same ``key`` again does nothing and returns the card as it stands.

        Raises
        ------
        NotAllowed, Stale, IllegalMove
            When it is not that person's step, the screen was old, or the step is not possible.
        PublishError
            When a post was to be withdrawn and its network did not do so.
        KeyError
            When there is no such card.
        """
        if wish.step == "withdraw":
            return await self._withdrawn(person, card, wish, work_rev=work_rev, key=key)
        room = self._room
        seen = room.board.work(card)
        complaints = await self._looked_over(seen, wish)
        async with room.turn:
            await room.catch_up()
            work = room.board.work(card)
            if await self._is_done(wish.step, card, key):
                return room.shown(card)
            if work_rev != work.rev or work.draft != seen.draft:
                raise Stale(f"{wish.step}: somebody went on with it meanwhile; look again")
            now = room.now()
            try:
                decisions = decided(work, wish, person, now, self._house(person, work, wish, now))
                _heed(wish, complaints)
            except IllegalMove as error:
                if error.rule is not None:
                    await self._breached(person, card, wish, error)
                raise
            try:
                is_news = await room.keep_decided(*decisions, key=key)
            except TooLate as error:  # the outbox was faster; the records of it are on their way
                raise IllegalMove(f"{wish.step}: {error}") from error
            if is_news:
                _log(work, wish, person, now)
        if any(isinstance(one, Fired) for one in decisions):
            self.on_fired()
        return room.shown(card)

    def may_write(self, person: Person) -> bool:
        """Tell whether a person may write anything here, if only answers."""
        return person.may("draft", is_answer=True, is_open=self._room.policy.open_responders)

    async def looked_over(
        self, card: str, draft: Draft, send_at: datetime | None = None
    ) -> list[Complaint]:
        """Return all that is wrong with a draft of a card as it would stand now.

        Raises KeyError when there is no such card.
        """
        work = replace(self._room.board.work(card), draft=draft)
        async with self._looking:
            return await self._complaints(work, self._names(work), send_at)

    async def forbids(self, card: str, channel: str, message: Message) -> str | None:
        """Say what is wrong by now with a message that is about to leave, or None."""
        if card not in self._room.board:
            return "its moment left the board"
        work = self._room.board.work(card)
        draft = drafted(message, offer_until=work.draft.offer_until)
        found = await self._complaints(replace(work, draft=draft), (channel,), None)
        return next((one.words for one in found if one.stops), None)

    async def stop(
        self, person: Person, reason: str, *, key: str
    ) -> tuple[list[Recalled], list[str], list[str]]:
        """Stop everything; what was taken back, the cards in the air, and those that had left.

        Raises NotAllowed when the person has no role at the desk.
        """
        if not STOPPERS & person.roles:
            raise NotAllowed(f"stop: {person.name} has not the role for it")
        room = self._room
        reason = " ".join(reason.split())[:500] or "no reason given"
        now, before = room.now(), room.newsroom.stopped
        record = Stopped(at=now, who=person.name, reason=reason)
        room.newsroom.stopped = record  # before anything is waited for: not one more leaves
        async with room.turn:
            room.newsroom.stopped = record  # whoever had the turn may have let posts leave again
            recalled = await asyncio.to_thread(room.store.stop, record, key=key)
            if recalled is None:  # asked again: what holds is what was decided since
                room.newsroom.stopped = before
            recalled = recalled or []
            await room.catch_up()
        log.warning("everything is stopped who=%s recalled=%s", person.name, len(recalled))
        works = room.board.works()
        air = [
            one.opportunity
            for one in works
            if any(sending.state in ("firing", "unknown") for sending in one.sendings)
        ]
        left = [
            one.opportunity
            for one in works
            if any(sending.state == "sent" for sending in one.sendings)
            and now - one.since <= LEFT_LATELY
        ]
        return recalled, air, left

    async def resume(self, person: Person, *, key: str) -> None:
        """Let posts leave again; nothing that was taken back leaves by itself.

        Raises NotAllowed when the person is neither moderator nor admin.
        """
        if not {"moderator", "admin"} & person.roles:
            raise NotAllowed(f"resume: {person.name} has not the role for it; a moderator may")
        await self._room.house(Resumed(at=self._room.now(), who=person.name), key=key)

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
        room = self._room
        async with room.turn:
            before = await asyncio.to_thread(room.store.about, key)
            if before is not None:
                return room.shown(before)
            said = opened(
                person,
                room.now(),
                title=title,
                terms=terms,
                kind=kind,
                reply_to=reply_to,
                answers=room.post(reply_to),
            )
            if not room.is_warm:
                raise IllegalMove("open: the watch is starting; try again when cards are shown")
            if said.opportunity in room.board:
                raise IllegalMove("open: you opened this a moment ago")
            if len(room.board.followed()) >= MOST_OPEN:
                raise IllegalMove(f"open: {MOST_OPEN} are open already; close one first")
            await room.keep_decided(said, key=key)
        return room.shown(said.opportunity)

    async def close_moment(self, person: Person, card: str, *, key: str) -> Card:
        """Have a moment that was opened by hand followed no longer; its card.

        Raises
        ------
        NotAllowed, IllegalMove
            When it is not that person's to close, or was not opened by hand, or is over.
        KeyError
            When there is no such card.
        """
        room = self._room
        async with room.turn:
            seen = room.shown(card)
            if await self._is_done("close", card, key):
                return seen
            said = closed(person, room.now(), card)
            if seen.opened_by is None or seen.is_over:
                raise IllegalMove("close: only what was opened by hand and goes on can be closed")
            await room.keep_decided(said, key=key)
        return room.shown(card)

    def like(self, card: str) -> tuple[str, ...]:
        """Return the cards of found stories that share the terms of one opened by hand."""
        return self._room.board.like(card)

    async def _is_done(self, what: str, card: str, key: str) -> bool:
        # a key that stands for something else would make this step vanish without a word
        about = await asyncio.to_thread(self._room.store.about, key)
        if about not in (None, card):
            raise IllegalMove(f"{what}: its key was used for something else; send it with another")
        return about is not None

    def _names(self, work: Work) -> tuple[str, ...]:
        there = self._on_its_network(work.draft.reply_to)
        return to_send(work, tuple(name for name in self._publishers if name in there))

    def _on_its_network(self, address: str | None) -> list[str]:
        # an answer goes where what it answers stands
        channels = self._room.setting.channels
        if address is None:
            return [one.name for one in channels]
        is_at = address.startswith("at://") or "://bsky.app/" in address
        return [
            one.name
            for one in channels
            if one.network in ANYWHERE or (one.network == "bluesky") == is_at
        ]

    def _house(self, person: Person, work: Work, wish: Wish, now: datetime) -> Conditions:
        room, names = self._room, self._names(work)
        rules = room.newsroom.rules
        is_read = rules is None or room.newsroom.has_acknowledged(person.name)
        channels = []
        if wish.step == "fire":
            for name in names:
                outlet = self._publishers[name]
                # of the moment of firing: many are scheduled for the same full hour
                channels.append(Channel(name, outlet.account, outlet.key(now)))
        return replace(
            room.conditions(),
            is_on_duty=any(one.name == person.name for one, _ in room.staff.on_duty(now)),
            unread=None if is_read or rules is None else rules.version,
            needed=max(
                (one.approvals for one in room.setting.channels if one.name in names), default=1
            ),
            channels=tuple(channels),
        )

    async def _looked_over(self, work: Work, wish: Wish) -> list[Complaint]:
        if wish.step not in PUBLISHING:
            return []
        return await self._complaints(work, self._names(work), wish.send_at)

    async def _complaints(
        self, work: Work, names: tuple[str, ...], send_at: datetime | None
    ) -> list[Complaint]:
        crisis = self._room.newsroom.crisis
        return await self._review.complaints(
            work.draft,
            names,
            self._room.now(),
            send_at=send_at,
            crisis=None if crisis is None else crisis.what,
            open_complaints=self._open_complaints(),
            is_released=work.unlocked is not None,
            is_answer=work.is_answer,
        )

    def _open_complaints(self) -> dict[str, int]:
        # whoever complains is answered before anything is advertised there
        waiting = [
            name
            for one in self._room.board.works()
            if one.is_answer and one.state in UNANSWERED
            for name in self._on_its_network(one.draft.reply_to)
        ]
        return dict(Counter(waiting))

    async def _breached(self, person: Person, card: str, wish: Wish, error: IllegalMove) -> None:
        breach = Breached(
            at=self._room.now(),
            opportunity=card,
            who=person.name,
            step=wish.step,
            rule=error.rule or "",
            reason=str(error),
        )
        await asyncio.to_thread(self._room.store.keep, [breach])
        await self._room.catch_up()

    async def _withdrawn(
        self, person: Person, card: str, wish: Wish, *, work_rev: int, key: str
    ) -> Card:
        room = self._room
        async with room.turn:
            await room.catch_up()
            work, now = room.board.work(card), room.now()
            if await self._is_done(wish.step, card, key):
                return room.shown(card)
            if work_rev != work.rev:
                raise Stale("withdraw: somebody went on with it meanwhile; look again")
            wanted = decided(work, wish, person, now, room.conditions())
        # out of turn, as a network may take seconds; whatever is gone is kept, come what may
        gone: list[Withdrawn] = []
        try:
            for one in wanted:
                if isinstance(one, Withdrawn):
                    await self._deleted(work, one)
                    gone.append(one)
        finally:
            async with room.turn:
                if len(gone) == len(wanted):
                    await room.keep_decided(*gone, key=key)
                else:  # the key stays free for another try at the others
                    for one in gone:
                        await room.keep_decided(one, key=f"{key} {one.channel}")
        _log(work, wish, person, now)
        return room.shown(card)

    async def _deleted(self, work: Work, record: Withdrawn) -> None:
        # a post that is gone already is fine
        sending = work.sending(record.channel)
        if sending is None or sending.uri is None:
            return
        outlet = self._publishers.get(sending.channel)
        if outlet is None or outlet.account != sending.account:
            raise PublishError(f"{sending.channel}: is not connected; start rtm with it")
        await outlet.delete(sending.uri)


def _heed(wish: Wish, complaints: list[Complaint]) -> None:
    stopping = [one for one in complaints if one.stops]
    if stopping:
        words = " ".join(one.words for one in stopping)
        raise IllegalMove(f"{wish.step}: {words}", stopping[0].rule)


def _log(work: Work, wish: Wish, person: Person, now: datetime) -> None:
    state, seconds = spent(work, now)[-1]
    log.info(
        "step taken card=%s step=%s who=%s after=%s s=%.1f",
        work.opportunity,
        wish.step,
        person.name,
        state,
        seconds,
    )
