"""The command ``rtm evaluate text``: how well posts are understood, on labelled data."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.table import Table

from rtm.errors import ConfigError
from rtm.remedies import shown
from rtm.terminal import say, show

if TYPE_CHECKING:
    from rtm.evaluate.figure import Figure

evaluate = typer.Typer(add_completion=False, rich_markup_mode="rich")


@evaluate.callback(help="Say how well rtm understands what it reads, on labelled data.")
def about() -> None:
    """Make a group of it, even of one command."""


@evaluate.command()
def text(
    data: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder with the folders corpora and sources.")
    ],
    part: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this part; may be given again. Default: all."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure language, mentions, mood, risk, relevance, manners and fakes; nothing is tuned."""
    from rtm.evaluate.text import PARTS  # reading takes a second, of which --help needs nothing

    if not data.is_dir():
        raise ConfigError(f"--data {shown(str(data))}: no such folder; name one with corpora/")
    names = list(dict.fromkeys(part or PARTS))
    for name in names:
        if name not in PARTS:
            raise ConfigError(f"--part {shown(name)}: write one of {', '.join(PARTS)}")
    figures: list[Figure] = []
    for name in names:
        say(f"measuring {name}")
        figures += PARTS[name](data)
    if as_json:
        typer.echo(msgspec.json.encode(figures).decode())
        return
    show(_table(figures))


def _table(figures: "list[Figure]") -> Table:
    table = Table(title="How well posts are understood", title_justify="left")
    for column in ("part", "measured", "value", "95 %", "of", "aim", "note"):
        table.add_column(column, overflow="fold")
    for figure in figures:
        told = figure.estimate
        met = {True: " ok", False: " missed", None: ""}[figure.is_met]
        aim = "" if figure.aim is None else f"{'>=' if figure.better == 'more' else '<='} "
        table.add_row(
            figure.part,
            figure.name,
            "" if told.value is None else f"{told.value:.3f}",
            "" if told.low is None or told.high is None else f"{told.low:.3f} to {told.high:.3f}",
            f"{told.of:,}" if told.of else "",
            aim + (f"{figure.aim:g}{met}" if figure.aim is not None else ""),
            figure.note,
        )
    return table
