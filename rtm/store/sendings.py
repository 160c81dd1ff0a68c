"""The outbox: what people fired, and how far each sending has come.

::

    queued -> firing -> sent | refused | unknown -> sent | refused
      ^         |
      +- later -+        (the network surely did not take it, and may when asked again)

``Store.decide`` queues, ``Store.settle`` ends. A sending that is ``firing`` when rtm starts was cut
off in the middle: like an unknown one it must be looked for before anything else.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, select, update

from rtm.errors import StoreError
from rtm.store.database import Database
from rtm.store.tables import outbox

State = Literal["queued", "firing", "sent", "refused", "unknown"]

_OPEN = ("queued", "firing", "unknown")


@dataclass(frozen=True, slots=True)
class Sending:
    """One post on its way; ``next_try_at`` is None while nobody has to look at it by itself."""

    id: int
    opportunity: str
    channel: str
    account: str
    key: str
    text: str
    at: datetime
    state: State
    tries: int
    next_try_at: datetime | None


class Sendings:
    """The outbox, one row a sending."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, now: datetime) -> list[Sending]:
        """Return what has to be looked at now, oldest first.

        Queued ones are to be sent. Unknown ones, and those that were firing when rtm last stopped,
        are to be looked for; a sending that is firing right now is not among them.
        """
        query = (
            select(outbox)
            .where(outbox.c.state.in_(_OPEN), outbox.c.next_try_at <= now)
            .order_by(outbox.c.id)
        )
        with self._database.reading() as connection:
            return [sending_of(row) for row in connection.execute(query)]

    def firing(self, sending: int) -> None:
        """Mark that the network is about to be called, before it is."""
        self._move(sending, ("queued", "firing", "unknown"), "firing", None, tried=1)

    def later(self, sending: int, at: datetime) -> None:
        """Queue it again: the network surely has not taken it, or repeats are safe."""
        self._move(sending, ("queued", "firing", "unknown"), "queued", at)

    def look_again(self, sending: int, at: datetime) -> None:
        """Leave an unknown or cut-off one as it is, and look for it again at ``at``."""
        self._move(sending, ("firing", "unknown"), None, at)

    def _move(
        self,
        sending: int,
        froms: tuple[State, ...],
        to: State | None,
        next_try_at: datetime | None,
        tried: int = 0,
    ) -> None:
        changes: dict[str, object] = {"next_try_at": next_try_at}
        if to is not None:
            changes["state"] = to
        if tried:
            changes["tries"] = outbox.c.tries + tried
        with self._database.writing() as connection:
            moved = connection.execute(
                update(outbox)
                .where(outbox.c.id == sending, outbox.c.state.in_(froms))
                .values(changes)
            )
            if moved.rowcount != 1:
                raise StoreError(f"sending {sending}: there is none, or it is settled")


def wake_cut_off(connection: Connection) -> None:
    """Let whatever was firing or unknown when rtm stopped be looked at, now that it starts."""
    connection.execute(
        update(outbox)
        .where(outbox.c.state.in_(("firing", "unknown")))
        .values(next_try_at=outbox.c.at)
    )  # fmt: skip


def sending_of(row: Row[Any]) -> Sending:
    """Return a row of the outbox as a sending."""
    return Sending(
        id=row.id,
        opportunity=row.opportunity,
        channel=row.channel,
        account=row.account,
        key=row.key,
        text=row.text,
        at=row.at,
        state=row.state,
        tries=row.tries,
        next_try_at=row.next_try_at,
    )
