"""The outbox: it takes what people fired to the network, exactly once, and says what became of it.

Be a post: your pictures go up first, which nobody sees. Then you are marked as firing, looked at a
last time (is your story locked, is everything stopped, is a moderator there?), and sent. If the
answer gets lost you are unknown, people are told so once, and you are read back until the network
says that it has you or has not; where it cannot say, a person looks. Only where the same key twice
is one post are you sent again. What waits for an account whose network asks for rest, waits too.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from rtm.clock import Beat
from rtm.decisions import Outcome, Refused, Sent, Unknown
from rtm.draft import Message, Picture
from rtm.errors import OutcomeUnknown, PublishError
from rtm.publish.publisher import Attached, Limits, Outgoing, Publisher, Receipt

POLL_S = 1.0
LONGEST_LOOK_S = 60.0  # between two readings of an unknown post
STUCK_S = 5.0  # until the next try after an error of our own
STUCK_TRIES = 20
PATIENCE = timedelta(minutes=10)  # since it was fired; what is older goes out only by a person
SURE = timedelta(minutes=1)  # since it was called last; it may be on its way for so long

log = logging.getLogger(__name__)


class Sending(Protocol):
    """A post on its way, as it stands in the store."""

    @property
    def id(self) -> int: ...  # noqa: D102
    @property
    def opportunity(self) -> str: ...  # noqa: D102
    @property
    def channel(self) -> str: ...  # noqa: D102
    @property
    def account(self) -> str: ...  # noqa: D102
    @property
    def key(self) -> str: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def message(self) -> Message: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def tries(self) -> int: ...  # noqa: D102


class Sendings(Protocol):
    """Where they are kept; these calls block, each is one transaction.

    Those that move it return False when the sending was settled or taken back meanwhile.
    """

    def due(self, now: datetime) -> Sequence[Sending]:
        """Return what is to be sent (queued) or looked for (firing when rtm stopped, unknown)."""
        ...

    def firing(self, sending: int) -> bool:
        """Mark that the network is about to be called."""
        ...

    def later(self, sending: int, at: datetime) -> bool:
        """Queue it again: the network surely has not taken it."""
        ...

    def twins(self, sending: int) -> tuple[frozenset[str], int]:
        """Return the addresses of the same words on the account, and how many may be out too."""
        ...

    def look_again(self, sending: int, at: datetime | None) -> bool:
        """Look for it again at a moment; None: only a person can look."""
        ...


Settle = Callable[[int, Outcome], Awaitable[None]]
Held = Callable[[str], str | None]
"""Says why nothing of an opportunity may leave now, or None; asked right before each call."""
Forbids = Callable[[str, str, Message], Awaitable[str | None]]
"""Says what is wrong by now with the message of an opportunity for a channel, or None."""
Attach = Callable[[Picture, Limits], Awaitable[Attached]]
"""Gives a picture as a channel takes it; PublishError when it is kept no more."""


class Outbox:
    """Send what is due by its publisher; what belongs to an account of nobody is left alone."""

    def __init__(
        self,
        sendings: Sendings,
        settle: Settle,
        publishers: Sequence[Publisher],
        clock: Beat,
        *,
        held: Held,
        forbids: Forbids,
        attach: Attach,
    ) -> None:
        self._sendings = sendings
        self._settle = settle
        self._publishers = {(one.name, one.account): one for one in publishers}
        self._clock = clock
        self._held = held
        self._forbids = forbids
        self._attach = attach
        self._quiet_until: dict[tuple[str, str], datetime] = {}
        self._fired = asyncio.Event()
        self._busy: set[int] = set()
        self._looks: Counter[int] = Counter()
        self._doubted: dict[int, datetime] = {}  # until when calls may have arrived, by sending
        self._began = clock.now()  # calls of an earlier run were made before
        self._foreign: set[int] = set()

    def nudge(self) -> None:
        """Say that something was fired just now."""
        self._fired.set()

    async def run(self) -> None:
        """Send until cancelled. What was in the air then is read back at the next start."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._fired.clear()
                for sending in await self._due():
                    self._busy.add(sending.id)
                    tasks.create_task(self._tended(sending))
                await self._rest()

    async def _due(self) -> list[Sending]:
        # what was under way when the store was asked may be told as it stood before
        busy = frozenset(self._busy)
        try:
            due = await asyncio.to_thread(self._sendings.due, self._clock.now())
        except Exception:
            log.exception("outbox cannot be read next_try_s=%s", POLL_S)
            return []
        ours = []
        for sending in due:
            is_known = (sending.channel, sending.account) in self._publishers
            if is_known or self._is_stranded(sending):
                if sending.id not in busy and sending.id not in self._busy:
                    ours.append(sending)
            elif sending.id not in self._foreign:
                self._foreign.add(sending.id)
                log.warning(
                    "sending waits for its channel channel=%s account=%s key=%s",
                    sending.channel,
                    sending.account,
                    sending.key,
                )
        return ours

    def _is_stranded(self, sending: Sending) -> bool:
        # nobody has its account any more, it was never tried, and is too old to go out by itself
        is_untried = sending.state == "queued" and not sending.tries
        return is_untried and self._age(sending) > PATIENCE

    async def _rest(self) -> None:
        waits = [
            asyncio.create_task(_done(self._fired.wait())),
            asyncio.create_task(_done(self._clock.rest(POLL_S))),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _tended(self, sending: Sending) -> None:
        is_marked = sending.state != "queued"
        try:
            for _ in range(STUCK_TRIES):
                try:
                    if is_marked:
                        await self._read_back(sending)
                    elif (post := await self._ready(sending)) is not None:
                        is_marked = await self._mark(sending)
                        if is_marked:
                            await self._publish(sending, post)
                    return
                except Exception:  # an error of our own, so what became of the post is not known
                    if is_marked:
                        self._doubted[sending.id] = self._clock.now()
                    log.exception("sending is stuck key=%s next_try_s=%s", sending.key, STUCK_S)
                    await self._clock.rest(STUCK_S)
            log.error("sending is given up until the next start key=%s", sending.key)
        finally:
            self._busy.discard(sending.id)

    async def _mark(self, sending: Sending) -> bool:
        return await asyncio.to_thread(self._sendings.firing, sending.id)

    async def _ready(self, sending: Sending) -> Outgoing | None:
        # everything that nobody can see; None: it does not leave now
        try:
            if self._age(sending) > PATIENCE:
                raise PublishError("It could not be sent in time")
            if (quiet := self._quiet_until.get((sending.channel, sending.account))) is not None:
                wait_s = (quiet - self._clock.now()).total_seconds()
                if wait_s > 0:
                    raise PublishError(f"{sending.channel} takes no more for now", wait_s)
            self._look(sending)
            message = sending.message
            if words := await self._forbids(sending.opportunity, sending.channel, message):
                raise PublishError(f"Held before it left: {words}")
            post = await self._outgoing(sending)
            await self._by(sending).prepare(post)
        except PublishError as error:
            await self._not_taken(sending, error)
            return None
        return post

    def _look(self, sending: Sending) -> None:
        if (reason := self._held(sending.opportunity)) is not None:
            raise PublishError(f"Held before it left: {reason}")

    async def _publish(self, sending: Sending, post: Outgoing) -> None:
        try:
            self._look(sending)  # nothing is waited for between this look and the call
            receipt = await self._by(sending).publish(post)
        except OutcomeUnknown as error:
            self._doubted[sending.id] = self._clock.now()
            await self._unknown(sending, error)
        except PublishError as error:
            await self._not_taken(sending, error)
        else:
            await self._sent(sending, receipt)

    async def _not_taken(self, sending: Sending, error: PublishError) -> None:
        wait = error.retry_after_s
        is_doubtful = sending.state != "queued" or sending.id in self._doubted
        if wait is not None:
            self._rest_account(sending, wait)
            if self._age(sending) + timedelta(seconds=wait) <= PATIENCE:
                if is_doubtful:  # not queued again: what is queued surely has not left
                    await self._unknown(sending, error)
                    return
                log.warning("sending waits key=%s wait_s=%.0f reason=%s", sending.key, wait, error)
                at = self._clock.now() + timedelta(seconds=wait)
                await asyncio.to_thread(self._sendings.later, sending.id, at)
                return
        if sending.tries or is_doubtful:  # an earlier try may have arrived after all
            try:
                receipt = await self._found(sending, await self._outgoing(sending))
            except OutcomeUnknown as unknown:
                await self._unknown(sending, unknown)
                return
            if receipt is not None:
                await self._sent(sending, receipt)
                return
            if is_doubtful and not self._is_sure(sending):
                await self._unknown(sending, error)
                return
        await self._refused(sending, str(error))

    def _rest_account(self, sending: Sending, wait_s: float) -> None:
        account = (sending.channel, sending.account)
        until = self._clock.now() + timedelta(seconds=wait_s)
        if (quiet := self._quiet_until.get(account)) is None or quiet < until:
            self._quiet_until[account] = until

    async def _read_back(self, sending: Sending) -> None:
        publisher = self._by(sending)
        try:
            post = await self._outgoing(sending)
            if publisher.can_look:
                receipt = await self._found(sending, post)
            elif await self._may_repeat(sending):
                receipt = None
            else:
                raise OutcomeUnknown(f"only a person can look whether {publisher.name} has it")
        except PublishError as error:
            await self._unknown(sending, error)
            return
        if receipt is not None:
            await self._sent(sending, receipt)
        elif await self._may_repeat(sending):
            if await self._mark(sending):
                await self._publish(sending, post)
        elif not self._is_sure(sending):
            reason = OutcomeUnknown("the network has not got it yet, it may still be on its way")
            await self._unknown(sending, reason)
        else:
            await self._refused(sending, f"{publisher.name} has not got the post")

    async def _found(self, sending: Sending, post: Outgoing) -> Receipt | None:
        publisher = self._by(sending)
        receipt = await publisher.find(post)
        if receipt is not None and not publisher.repeats_safely:  # no key tells it from a twin
            taken, twins = await asyncio.to_thread(self._sendings.twins, sending.id)
            if receipt.uri in taken or twins > post.twins:
                raise OutcomeUnknown("another post of the same words left while it was looked for")
        return receipt

    async def _may_repeat(self, sending: Sending) -> bool:
        if not self._by(sending).repeats_safely or self._age(sending) > PATIENCE:
            return False
        message = sending.message
        words = await self._forbids(sending.opportunity, sending.channel, message)
        return words is None and self._held(sending.opportunity) is None

    async def _unknown(self, sending: Sending, error: PublishError) -> None:
        looks = self._looks[sending.id]
        if looks == 0 and sending.state != "unknown":
            log.warning("nobody knows whether it is out key=%s reason=%s", sending.key, error)
            await self._settled(sending, Unknown, reason=str(error))
        self._looks[sending.id] += 1
        wait = max(min(2.0 ** min(looks, 10), LONGEST_LOOK_S), error.retry_after_s or 0.0)
        can_look = self._by(sending).can_look
        at = self._clock.now() + timedelta(seconds=wait) if can_look else None
        await asyncio.to_thread(self._sendings.look_again, sending.id, at)

    async def _sent(self, sending: Sending, receipt: Receipt) -> None:
        log.info("sent key=%s uri=%s", sending.key, receipt.uri)
        await self._settled(sending, Sent, uri=receipt.uri, url=receipt.url)
        self._forget(sending)

    async def _refused(self, sending: Sending, reason: str) -> None:
        log.warning("refused key=%s reason=%s", sending.key, reason)
        if self._age(sending) > SURE and self._held(sending.opportunity) is None:
            reason = f"{reason}; fire again if its moment is still there"
        await self._settled(sending, Refused, reason=reason)
        self._forget(sending)

    async def _settled(self, sending: Sending, kind: Callable[..., Outcome], **told: Any) -> None:
        outcome = kind(
            at=self._clock.now(),
            opportunity=sending.opportunity,
            channel=sending.channel,
            account=sending.account,
            key=sending.key,
            **told,
        )
        await self._settle(sending.id, outcome)

    def _forget(self, sending: Sending) -> None:
        del self._looks[sending.id]
        self._doubted.pop(sending.id, None)

    def _is_sure(self, sending: Sending) -> bool:
        # it may have been called long after it was fired: it waited, or rtm was away
        doubted = self._doubted.get(sending.id, self._began)
        return self._clock.now() - max(doubted, sending.at) > SURE

    def _age(self, sending: Sending) -> timedelta:
        return self._clock.now() - sending.at

    def _by(self, sending: Sending) -> Publisher:
        return self._publishers[(sending.channel, sending.account)]

    async def _outgoing(self, sending: Sending) -> Outgoing:
        message, limits = sending.message, self._by(sending).limits
        taken, twins = await asyncio.to_thread(self._sendings.twins, sending.id)
        return Outgoing(
            key=sending.key,
            at=sending.at,
            text=message.text,
            more=message.more,
            pictures=tuple([await self._attach(one, limits) for one in message.pictures]),
            reply_to=message.reply_to,
            poll=message.poll,
            visibility=message.visibility,
            taken=taken,
            twins=twins,
        )


async def _done(waited: Awaitable[object]) -> None:
    await waited
