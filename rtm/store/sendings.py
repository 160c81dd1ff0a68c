"""The outbox: what people fired, and how far each sending has come.

::

    queued -> firing -> sent | refused | unknown -> sent | refused
      ^ |       |
      +-+ later +        (the network surely did not take it, and may when asked again)
        +-> refused      (recalled before it left)

``Store.decide`` queues, ``Store.settle`` ends. A sending that is ``firing`` when rtm starts was cut
off in the middle: like an unknown one it must be looked for before anything else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, assert_never

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from rtm.decisions import Fired, Outcome, Recalled, Record, Refused, Sent, Unknown
from rtm.draft import Message
from rtm.errors import TooLate
from rtm.store.database import Database
from rtm.store.tables import outbox

State = Literal["queued", "firing", "sent", "refused", "unknown"]

_OPEN: tuple[State, ...] = ("queued", "firing", "unknown")
_IN_THE_AIR = (outbox.c.state == "firing") & outbox.c.next_try_at.is_(None)


@dataclass(frozen=True, slots=True)
class Sending:
    """One post on its way; ``next_try_at`` is None while nobody has to look at it by itself.

    ``at`` is when it was to leave: the moment of firing, or the one it was scheduled for.
    """

    id: int
    opportunity: str
    channel: str
    account: str
    key: str
    text: str
    message: Message
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

    def firing(self, sending: int) -> bool:
        """Mark that the network is about to be called, before it is; False when it is settled."""
        return self._move(sending, _OPEN, "firing", None, tried=1)

    def later(self, sending: int, at: datetime) -> bool:
        """Queue it again: the network surely has not taken it, or repeats are safe."""
        return self._move(sending, _OPEN, "queued", at)

    def look_again(self, sending: int, at: datetime | None) -> bool:
        """Leave one unknown that is so, or was cut off, and look for it again at ``at``.

        None: nobody can look but a person, who says so by ``Store.decide``.
        """
        return self._move(sending, ("firing", "unknown"), "unknown", at)

    def twins(self, sending: int) -> tuple[frozenset[str], int]:
        """Return what is known of other sendings of the same words on the same account.

        The addresses of those that are out, and how many others may be, too.
        """
        one, other = outbox.alias(), outbox.alias()
        query = (
            select(other.c.uri, other.c.state)
            .join_from(
                one,
                other,
                (one.c.channel == other.c.channel)
                & (one.c.account == other.c.account)
                & (one.c.text == other.c.text)
                & (one.c.id != other.c.id),
            )
            .where(one.c.id == sending, other.c.state.in_(("sent", "firing", "unknown")))
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        taken = frozenset(row.uri for row in rows if row.uri is not None)
        return taken, sum(row.state != "sent" for row in rows)

    def _move(
        self,
        sending: int,
        froms: tuple[State, ...],
        to: State,
        next_try_at: datetime | None,
        tried: int = 0,
    ) -> bool:
        changes: dict[str, object] = {"state": to, "next_try_at": next_try_at}
        if tried:
            changes["tries"] = outbox.c.tries + tried
        with self._database.writing() as connection:
            moved = connection.execute(
                update(outbox)
                .where(outbox.c.id == sending, outbox.c.state.in_(froms))
                .values(changes)
            )
        return moved.rowcount == 1


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
        message=Message(text=row.text)
        if row.message is None
        else msgspec.json.decode(row.message, type=Message),
        at=row.at,
        state=row.state,
        tries=row.tries,
        next_try_at=row.next_try_at,
    )


def in_time(connection: Connection, records: Sequence[Record]) -> Sequence[Record]:
    """Return records without those that take back what has left, unless there are no others."""
    kept = [one for one in records if not isinstance(one, Recalled) or _is_waiting(connection, one)]
    return kept or records


def move_on(connection: Connection, record: object) -> None:
    """Queue what a record fires, keep back what it recalls, and settle what it tells of."""
    match record:
        case Fired():
            connection.execute(insert(outbox).values(_queued(record)))
        case Recalled():
            moved = connection.execute(
                update(outbox)
                .where(*_is_of(record), outbox.c.state == "queued")
                .values(state="refused", next_try_at=None, reason=record.reason)
            )
            if moved.rowcount != 1:
                raise TooLate(f"{record.channel}: too late, it has left or is leaving")
        case Sent() | Refused() | Unknown():
            if not settle(connection, record, ~_IN_THE_AIR):
                words = "it is settled already, or is being sent again just now; look again"
                raise TooLate(f"{record.channel}: {words}")


def settle(connection: Connection, outcome: Outcome, *which: ColumnElement[bool]) -> bool:
    """Move a sending on by what its network or a person said; ``which`` narrows it further.

    Returns False when there is no such sending, or it was settled before.
    """
    moved = connection.execute(
        update(outbox)
        .where(
            *which,
            *_is_of(outcome),
            outbox.c.opportunity == outcome.opportunity,
            outbox.c.state.in_(_OPEN),
        )
        .values(_settled(outcome))
    )
    return moved.rowcount == 1


def _is_waiting(connection: Connection, record: Recalled) -> bool:
    waiting = select(outbox.c.id).where(*_is_of(record), outbox.c.state == "queued")
    return connection.execute(waiting).first() is not None


def _is_of(record: Recalled | Outcome) -> tuple[ColumnElement[bool], ...]:
    return (
        outbox.c.channel == record.channel,
        outbox.c.account == record.account,
        outbox.c.key == record.key,
    )


def _queued(record: Fired) -> dict[str, object]:
    return {
        "opportunity": record.opportunity,
        "channel": record.channel,
        "account": record.account,
        "key": record.key,
        "text": record.text,
        "message": None if record.message is None else msgspec.json.encode(record.message).decode(),
        "at": record.send_at or record.at,
        "state": "queued",
        "tries": 0,
        "next_try_at": record.send_at or record.at,
    }


def _settled(outcome: Outcome) -> dict[str, object]:
    match outcome:
        case Sent(uri=uri, url=url):
            return {"state": "sent", "next_try_at": None, "uri": uri, "url": url, "reason": None}
        case Refused(reason=reason):
            return {"state": "refused", "next_try_at": None, "reason": reason}
        case Unknown(reason=reason, at=at):
            return {"state": "unknown", "next_try_at": at, "reason": reason}
        case _:
            assert_never(outcome)
