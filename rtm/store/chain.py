"""The chain: each row of the record is sealed together with the seal of the row before.

Be a row: your link is the BLAKE2b hash of the link before you and of all that you are, your number
and moment included. Whoever changes you, takes you out, puts another in or has you change places
must make a new link for you, and then for all rows after you.

The engine's own events are links as well as what people did: what was decided answers what was
told, so that the order of both is the evidence, and a link costs little beside the disk's wait.

What it cannot prove: who can write the file may build the whole chain anew, or cut off its newest
rows, and it is unbroken. A head (the last link) that was noted elsewhere proves it then. Nor does
the chain cover the tables beside the record: people, and the outbox, which follows from the record.

For another program: ``link = blake2b(before + row, digest_size=32, person="rtm audit 1")``, where
``before`` is 32 zero bytes for the first row, and ``row`` is the MessagePack array ``[seq, at,
kind, about, line, told]`` in its shortest form, ``at`` in microseconds of Unix time. Rows kept by
an rtm without a chain were linked when it was updated; they have ``person="rtm audit late"``.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, insert, select

from rtm.store.tables import events, microseconds_of

SIZE = 32  # bytes of a link
NOTHING = bytes(SIZE)  # what is before the first row

_KEPT, _LATE = b"rtm audit 1", b"rtm audit late"


class Sealed(NamedTuple):
    """All of a row that its link seals; ``at`` in microseconds of Unix time."""

    seq: int
    at: int
    kind: str
    about: str
    line: str
    told: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that is to be kept; its number and link are given by ``append``."""

    at: datetime
    kind: str
    about: str
    line: str
    told: int | None = None


class Head(NamedTuple):
    """The newest row's number and link."""

    seq: int
    link: bytes


def link_of(before: bytes, row: Sealed, *, is_late: bool = False) -> bytes:
    """Return the link of a row to the one before.

    >>> link_of(NOTHING, Sealed(1, 0, "noted", "", "{}", None)).hex()[:16]
    '60bcbb95b7442a7b'
    """
    person = _LATE if is_late else _KEPT
    return blake2b(before + msgspec.msgpack.encode(row), digest_size=SIZE, person=person).digest()


def head_of(connection: Connection) -> Head:
    """Return the head of the record: number 0 and ``NOTHING`` while it is empty."""
    query = select(events.c.seq, events.c.link).order_by(events.c.seq.desc()).limit(1)
    newest = connection.execute(query).one_or_none()
    if newest is None:
        return Head(0, NOTHING)
    return Head(newest.seq, newest.link or NOTHING)  # one without a link is for an audit to name


def append(connection: Connection, entries: Sequence[Entry]) -> int:
    """Keep rows, each linked to the one before; return the number of the last.

    This is the only place that writes to the record, inside the caller's transaction.
    """
    newest = head_of(connection)
    link = newest.link
    rows: list[dict[str, object]] = []
    for seq, entry in enumerate(entries, newest.seq + 1):
        at = microseconds_of(entry.at)
        link = link_of(link, Sealed(seq, at, entry.kind, entry.about, entry.line, entry.told))
        rows.append({"seq": seq, **asdict(entry), "link": link})
    connection.execute(insert(events), rows)
    return newest.seq + len(entries)
