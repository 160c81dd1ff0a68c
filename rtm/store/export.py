"""The record as a table for whoever audits it, row by row, in CSV or as JSON, one object a line.

Columns, all text but ``seq``, empty (in JSON null) where a row has none:

=============  =====================================================================================
seq            the row's number
at             its moment, RFC 3339 UTC
kind           what it is: claimed, approved, fired, sent, story_opened ...
who            the person who did it; empty for what the engine told or a network said
opportunity    its id
text           of a draft, of what was fired, or of the post that was labelled
reason         why it was dismissed, unlocked or refused
note           what an approver wrote; of a label, what was said of the post (negative: yes)
channel        where it was posted to
account        as whom
key            the name of the post there, chosen before it was sent
uri            the post there; of a label, the post that it is of
hash           the row's link (see ``chain``), hexadecimal
=============  =====================================================================================

In CSV a cell that begins with = + - @, a tab or an end of line gets an apostrophe in front, or a
spreadsheet would run what strangers wrote as a formula. JSON has all as it was kept.
"""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec
from sqlalchemy import text

from rtm.store.audit import PAGE, is_chained
from rtm.store.database import reader_of
from rtm.store.tables import microseconds_of, moment_of

Form = Literal["csv", "json"]
FORMS: tuple[Form, ...] = get_args(Form)

COLUMNS = (
    *("seq", "at", "kind", "who", "opportunity", "text", "reason", "note"),
    *("channel", "account", "key", "uri", "hash"),
)
_AS_THEY_ARE = ("who", "text", "reason", "note", "channel", "account", "key", "uri")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

Cells = dict[str, str | int | None]


def exported(
    folder: Path,
    form: Form,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    url: str | None = None,
) -> Iterator[str]:
    """Yield the lines of a folder's record, those from ``since`` to before ``until``.

    Raises
    ------
    StoreError
        When there is no record, or it cannot be read.
    """
    rows = _rows(folder, since, until, url)
    if form == "json":
        for cells in rows:
            yield msgspec.json.encode(cells).decode() + "\n"
        return
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for cells in rows:
        yield writer.writerow([guarded(cells[column]) for column in COLUMNS])


def _rows(
    folder: Path, since: datetime | None, until: datetime | None, url: str | None
) -> Iterator[Cells]:
    span = {"since": since, "until": until}
    given = {name: microseconds_of(at) for name, at in span.items() if at is not None}
    wheres = [f"at {'>=' if name == 'since' else '<'} :{name}" for name in given]
    where = f"WHERE {' AND '.join(wheres)}" if wheres else ""
    with reader_of(folder, url) as database, database.reading() as connection:
        link = "link" if is_chained(connection) else "NULL"
        query = text(
            f"SELECT seq, at, kind, line, {link} FROM events {where} ORDER BY seq"
        ).execution_options(yield_per=PAGE)
        for row in connection.execute(query, given):
            yield _cells(*row)


def _cells(seq: int, at: Any, kind: str, line: str, link: Any) -> Cells:
    cells: Cells = dict.fromkeys(COLUMNS)
    cells |= {"seq": seq, "at": _rfc3339(at), "kind": _clean(kind)}
    cells["hash"] = bytes(link).hex() if isinstance(link, bytes | memoryview) else None
    try:
        record = msgspec.json.decode(_clean(line), type=dict[str, Any])
    except msgspec.DecodeError as error:
        return {**cells, "note": f"cannot be read: {error}"}
    for name in _AS_THEY_ARE:
        if isinstance(said := record.get(name), str):
            cells[name] = said
    if isinstance(about := record.get("opportunity"), dict):  # the engine tells of it whole
        about = about.get("id")
    cells["opportunity"] = about
    if "what" in record:
        answer = f": {'yes' if record['is_so'] else 'no'}" if "is_so" in record else ""
        cells |= {"note": f"{record['what']}{answer}", "uri": record.get("post")}
    return cells


def _rfc3339(at: Any) -> str | None:
    try:
        return moment_of(at).isoformat().replace("+00:00", "Z")
    except (TypeError, OverflowError):  # of a damaged row
        return None


def _clean(text: Any) -> str:
    return str(text).encode(errors="replace").decode()  # as in a damaged row


def guarded(cell: str | int | None) -> str | int | None:
    """Return a cell of a CSV as no spreadsheet takes it for a formula.

    >>> guarded("=1+1"), guarded("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


class _Echo:
    # what the csv module writes to, to have the line back
    def write(self, line: str) -> str:
        return line
