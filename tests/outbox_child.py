"""An outbox in a process of its own, made to be killed, and the desk that fires into it.

All that these tests know of the outbox and of the store stands here. As a program it takes FOLDER
SERVICE HANDLE PASSWORD; ``live`` is the same for a process that is forked, and may be broken in a
named manner, for the law that must notice.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, cast

from sqlalchemy import select

from rtm import outbox
from rtm.clock import WallClock
from rtm.decisions import Fired, Outcome, Refused, Sent, Unknown
from rtm.draft import Message, Picture
from rtm.publish.bluesky import Bluesky
from rtm.publish.mastodon import Mastodon
from rtm.publish.publisher import Attached, Limits, Outgoing, Publisher, Receipt
from rtm.store import tables
from rtm.store.database import reader_of
from rtm.store.sendings import Sending, Sendings
from rtm.store.store import Store

Manner = Literal["sound", "new keys", "marks late", "takes silence for no"]

Fate = Sent | Refused | Unknown


@dataclass(frozen=True, slots=True)
class Life:
    """Where an outbox lives and how: ``sure_s`` is how long an absent post may be on its way.

    It waits ``patience_s`` for an answer. It kills itself once it has marked ``marks`` posts as
    firing, just before it calls.
    """

    folder: Path
    channel: str
    service: str
    account: str
    secret: str
    sure_s: float
    manner: Manner = "sound"
    patience_s: float = 0.6
    marks: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What was fired, and how it stands: ``uri`` once it is sent."""

    key: str
    text: str
    state: str
    tries: int
    uri: str | None


def live(life: Life) -> None:
    """Send what is due until killed."""
    outbox.SURE = timedelta(seconds=life.sure_s)
    asyncio.run(_live(life, _publisher(life)))


@contextmanager
def desk(folder: Path) -> Iterator["Desk"]:
    """Give the desk of a folder whose outbox is dead."""
    store = Store.open(folder)
    try:
        yield Desk(store)
    finally:
        store.close()


class Desk:
    """Where people fire, and look what became of it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def fire(self, life: Life, number: int, text: str, waited_s: float = 0.0) -> str:
        """Let an approved draft go, now or while rtm was down; the key it goes under."""
        at = datetime.now(UTC) - timedelta(seconds=waited_s)
        key = _publisher(life).key(at)
        fired = Fired(
            at=at,
            opportunity=f"o{number}",
            who="ada",
            channel=life.channel,
            account=life.account,
            key=key,
            text=text,
        )
        self._store.decide(fired, key=f"fire {number}")
        return key

    def outcomes(self) -> list[tuple[str, Fate]]:
        """Return all that the networks said, in order, each with the key of its post."""
        records = (record for _, record in self._store.records())
        return [(one.key, one) for one in records if isinstance(one, Sent | Refused | Unknown)]


def drafts(folder: Path) -> list[Draft]:
    """Return all that was fired, as it stands; also while an outbox is at work there."""
    row = tables.outbox.c
    columns = select(row.key, row.text, row.state, row.tries, row.uri).order_by(row.id)
    with reader_of(folder) as database, database.reading() as connection:
        return [Draft(*found) for found in connection.execute(columns)]


async def main(folder: str, service: str, handle: str, password: str) -> None:
    life = Life(Path(folder), "bluesky", service, handle, password, outbox.SURE.total_seconds())
    await _live(life, Bluesky(service, handle, password, clock=WallClock()))


async def _live(life: Life, channel: Publisher) -> None:
    store = Store.open(life.folder)

    async def settle(sending: int, outcome: Outcome) -> None:
        if life.manner == "takes silence for no" and isinstance(outcome, Unknown):
            outcome = _as_refused(outcome)
        await asyncio.to_thread(store.settle, sending, outcome)

    kept = _Marking(store.sendings, life)
    await outbox.Outbox(
        kept, settle, [channel], WallClock(), held=_free, forbids=_fine, attach=_no_picture
    ).run()


def _free(_card: str) -> None:
    return None


async def _fine(_card: str, _channel: str, _message: Message) -> None:
    return None


async def _no_picture(_picture: Picture, _limits: Limits) -> Attached:
    raise NotImplementedError


def _publisher(life: Life) -> Publisher:
    channel = _CHANNELS[life.channel](life)
    return cast(Publisher, _NewKeys(channel)) if life.manner == "new keys" else channel


def _bluesky(life: Life) -> Publisher:
    return Bluesky(
        life.service, life.account, life.secret, clock=WallClock(), patience_s=life.patience_s
    )


def _mastodon(life: Life) -> Publisher:
    return Mastodon(life.service, life.secret, clock=WallClock(), patience_s=life.patience_s)


_CHANNELS: dict[str, Callable[[Life], Publisher]] = {"bluesky": _bluesky, "mastodon": _mastodon}


class _Marking:
    """The store's sendings, in a process that dies once it has marked so many."""

    def __init__(self, sendings: Sendings, life: Life) -> None:
        self._sendings = sendings
        self._marks = life.marks
        self._is_late = life.manner == "marks late"
        self.later, self.look_again = sendings.later, sendings.look_again
        self.twins = sendings.twins

    def due(self, now: datetime) -> Sequence[Sending]:
        return self._sendings.due(now)

    def firing(self, sending: int) -> bool:
        if self._is_late:
            return True  # it moves on only when the network has answered
        is_marked = self._sendings.firing(sending)
        if self._marks is not None:
            self._marks -= 1
            if self._marks <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return is_marked


class _NewKeys:
    """A channel as it must not be: each try has another key, and nothing is read back."""

    repeats_safely = True

    def __init__(self, channel: Publisher) -> None:
        self._channel = channel

    def __getattr__(self, name: str) -> Any:
        return getattr(self._channel, name)

    async def publish(self, post: Outgoing) -> Receipt:
        return await self._channel.publish(replace(post, key=self.key(datetime.now(UTC))))

    async def find(self, _post: Outgoing) -> Receipt | None:
        return None


def _as_refused(outcome: Unknown) -> Refused:
    return Refused(
        at=outcome.at,
        opportunity=outcome.opportunity,
        channel=outcome.channel,
        account=outcome.account,
        key=outcome.key,
        reason=outcome.reason,
    )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
