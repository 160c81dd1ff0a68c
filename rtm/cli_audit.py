"""The commands that prove and hand over the record: ``rtm audit verify`` and ``rtm audit export``.

Both only read, also while a board is running on the folder.
"""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from rtm.cli_live import FOLDER, Data
from rtm.errors import ConfigError
from rtm.remedies import shown
from rtm.timeline import plain

if TYPE_CHECKING:
    from rtm.store.audit import Break

audit = typer.Typer(
    no_args_is_help=True, help="Prove that the record is as it was kept, and hand it over."
)

_TOLD = {
    "changed": "row {seq:,} was changed, or put in",
    "missing before": "rows are missing before row {seq:,}",
    "out of order": "row {seq:,} is not in its place",
    "put in": "row {seq:,} was put in",
    "not chained": "row {seq:,} has no link: it was put in, or its link was taken out",
    "cut off": "{note} is not in the record, which ends with row {seq:,}: "
    "its newest rows were cut off, or it was written anew",
}


@audit.command()
def verify(
    data: Data = FOLDER,
    head: Annotated[
        str | None,
        typer.Option(metavar="HASH", help="A head that you noted: it must be in the record."),
    ] = None,
) -> None:
    """Find the first row that was changed, removed, moved or put in; exit 1 if there is one.

    Note the head it prints, away from this machine: it alone proves that nobody wrote all anew.
    """
    from rtm.store.audit import verify as verified

    if head is not None and not re.fullmatch(r"[0-9a-fA-F]{64}", head):
        raise ConfigError(f"--head {shown(head)}: write the 64 hexadecimal digits that were told")
    verdict = verified(data, head=bytes.fromhex(head) if head else None)
    if verdict.broken is not None:
        typer.echo(plain(f"{verdict.rows:,} rows, broken: {_told(verdict.broken)}"))
        raise typer.Exit(1)
    late = f" (the first {verdict.late:,} chained when rtm was updated)" if verdict.late else ""
    typer.echo(f"{verdict.rows:,} rows, unbroken{late}; head {verdict.head.link.hex()}")


@audit.command()
def export(
    form: Annotated[str, typer.Option("--format", metavar="csv|json", help="Form of the rows.")],
    data: Data = FOLDER,
    since: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Rows from then on. RFC 3339, or 2013-02-04 for UTC."),
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Rows before then.")] = None,
) -> None:
    """Print the record: who did what and when, what left and what became of it, each row's hash.

    In CSV, cells that begin with = + - or @ get an apostrophe in front, so that no spreadsheet
    takes them for formulas. JSON is one object a line.
    """
    from rtm.store.export import FORMS, exported

    known = next((one for one in FORMS if one == form), None)
    if known is None:
        raise ConfigError(f"--format {shown(form)}: write csv or json")
    start, end = _moment("--since", since), _moment("--until", until)
    if start is not None and end is not None and end <= start:
        raise ConfigError(f"--until {until}: write a moment after --since ({start.isoformat()})")
    for line in exported(data, known, since=start, until=end):
        typer.echo(line.encode(), nl=False)  # bytes: the same whatever the terminal


def _told(broken: "Break") -> str:
    return _TOLD[broken.what].format(seq=broken.seq, note=broken.note)


def _moment(option: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        example = "2013-02-04T01:30:00Z"
        raise ConfigError(f"{option} {shown(text)}: write a time such as {example}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
