"""The audit: whether the record still says what was kept.

Be the record: you are read once, from the first row to the last, each row's link made anew from
the link before and compared. Where one does not fit, the rows behind it are read once more, to tell
what was done: a row that fits elsewhere changed places, one behind which the right one stands was
put in. At the end the heads that were noted must have been met; what ``chain`` says of its limits
holds here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, inspect, text

from rtm.errors import StoreError
from rtm.store.chain import NOTHING, Head, Sealed, link_of
from rtm.store.database import reader_of
from rtm.store.heads import NotedHead, heads_in

PAGE = 1_000  # rows held at once

What = Literal["changed", "missing before", "out of order", "put in", "not chained", "cut off"]


class Found(NamedTuple):
    """A row as it is found, and the link found with it."""

    row: Sealed
    link: bytes | None


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the record is not what was kept.

    ``seq`` is the row's number; for what was cut off, that of the last row there is. Of a single
    wrong row the chain cannot tell whether it was changed or put in at the end: it is "changed".
    """

    seq: int
    what: What
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an audit found: ``late`` of ``rows`` were chained only when rtm was updated."""

    rows: int
    late: int
    head: Head
    broken: Break | None


def verify(folder: Path, *, head: bytes | None = None, url: str | None = None) -> Verdict:
    """Read the record of a folder and say whether it is unbroken.

    Parameters
    ----------
    head
        A link noted elsewhere, which must be in the record as well.

    Raises
    ------
    StoreError
        When there is no record, it cannot be read, or was made before records were chained.
    """
    noted = list(heads_in(folder))  # before the record, which may grow meanwhile
    if head is not None:
        noted.append(NotedHead(head, "the head that you noted"))
    with reader_of(folder, url) as database, database.reading() as connection:
        if not is_chained(connection):
            remedy = "start rtm live on it once, which chains what is there"
            raise StoreError(f"{database.place}: made before records were chained; {remedy}")
        return _verdict(connection, noted)


def is_chained(connection: Connection) -> bool:
    """Tell whether the record has links: an older rtm gave it none."""
    return any(column["name"] == "link" for column in inspect(connection).get_columns("events"))


def _verdict(connection: Connection, noted: list[NotedHead]) -> Verdict:
    missing = {head.link for head in noted} - {NOTHING}
    rows = late = 0
    newest, may_be_late = Head(0, NOTHING), True
    for found in _found(connection):
        is_late = may_be_late and _fits(newest.link, found.row, found.link, is_late=True)
        if not is_late and not _fits(newest.link, found.row, found.link):
            what = _what(connection, newest, found)
            total = connection.execute(text("SELECT count(*) FROM events")).scalar_one()
            return Verdict(total, late, newest, Break(found.row.seq, what))
        rows, late, may_be_late = rows + 1, late + is_late, is_late
        newest = Head(found.row.seq, found.link or NOTHING)
        missing.discard(newest.link)
    gone = next((head for head in noted if head.link in missing), None)
    broken = gone and Break(newest.seq, "cut off", gone.said)
    return Verdict(rows, late, newest, broken)


def _found(connection: Connection, after: int | None = None) -> Iterator[Found]:
    # by hand, as no type of a column can be trusted here
    where = "" if after is None else "WHERE seq > :after"
    query = text(
        f"SELECT seq, at, kind, about, line, told, link FROM events {where} ORDER BY seq"
    ).execution_options(yield_per=PAGE)
    for *row, link in connection.execute(query, {"after": after} if where else {}):
        yield Found(Sealed(*row), _bytes(link))


def _bytes(link: Any) -> bytes | None:
    return bytes(link) if isinstance(link, bytes | memoryview) else None


def _fits(before: bytes, row: Sealed, link: bytes | None, *, is_late: bool = False) -> bool:
    try:
        return link_of(before, row, is_late=is_late) == link
    except UnicodeEncodeError:  # no UTF-8 any more
        return False


def _fits_either(before: bytes | None, row: Sealed, link: bytes | None) -> bool:
    if before is None or link is None:
        return False
    return _fits(before, row, link) or _fits(before, row, link, is_late=True)


def _what(connection: Connection, newest: Head, wrong: Found) -> What:
    if not wrong.link:
        return "not chained"
    has_come_later = False
    before, here = wrong.link, wrong.row.seq
    for row, link in _found(connection, after=here):
        moved = wrong.row._replace(seq=row.seq)
        # its own place: behind the row before, or, if the two changed places, behind this one
        if _fits_either(before, moved, wrong.link) or _fits_either(link, moved, wrong.link):
            return "out of order"
        right = row._replace(seq=here)
        if _fits_either(newest.link, right, wrong.link):
            return "out of order"  # what belongs here stands there, without its link
        has_come_later |= _fits_either(newest.link, right, link)
        has_come_later |= _fits_either(newest.link, row, link)
        before = link or NOTHING
    if has_come_later:
        return "put in"
    return "missing before" if here > newest.seq + 1 else "changed"
