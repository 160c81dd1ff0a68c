"""The command ``rtm tune nab``: how good detectors are on ten labelled series of brand mentions."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from rtm.clock import Stopwatch
from rtm.errors import ConfigError
from rtm.remedies import shown
from rtm.timeline import plain

if TYPE_CHECKING:
    from rtm.tune.nab_rows import Row

PIPED_WIDTH = 100  # characters a line where no terminal says how wide it is
LINE_EVERY_S = 10.0  # seconds between two lines of progress

LEGEND = (
    "100 is every window at its first row; 0 is silence. The threshold is the one for all series "
    "that scores most, as NAB has it; in brackets each series is judged by the threshold that is "
    "best for the other nine. F1 counts labels with an alarm within two hours, and alarms without "
    "a label. Rise's settings were found on these very series; published scores are for the "
    "threshold refitted to them."
)


def nab(
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the series; a clone has it in tests/data/nab."),
    ] = None,
    detector: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this one; may be given again. Default: all."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the table as JSON.")] = False,
) -> None:
    """Score detectors on ten labelled series of NAB, beside published ones and blind alerts."""
    from rtm.series.detector import DETECTORS  # a second, of which --help needs nothing
    from rtm.tune.nab_data import anchors, folder_of, read
    from rtm.tune.nab_rows import published, row_of, scored, yardsticks

    names = list(dict.fromkeys(detector or DETECTORS))
    for name in names:
        if name not in DETECTORS:
            raise ConfigError(f"--detector {shown(name)}: write one of {', '.join(DETECTORS)}")
    folder = folder_of(data)
    series, others = read(folder), published(anchors(folder))
    rows = []
    for number, name in enumerate(names, 1):
        on_scored = _telling(f"{name} ({number} of {len(names)})")
        scores = scored(DETECTORS[name], series, on_scored)
        rows.append(row_of(name, "detector", series, scores))
    rows += [*others, *yardsticks(series)]
    if as_json:
        typer.echo(msgspec.json.encode(rows).decode())
    else:
        _print(rows)


def _telling(doing: str) -> Callable[[int, int], None]:
    watch, told_s = Stopwatch(), 0.0

    def on_scored(done: int, of: int) -> None:
        nonlocal told_s
        now_s = watch.wall_s()
        if now_s - told_s >= LINE_EVERY_S:
            told_s = now_s
            left_s = now_s / done * (of - done)
            _say(f"{doing}: {done:,} of {of:,} bins, {left_s:.0f} s left")

    return on_scored


def _print(rows: Sequence["Row"]) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("NAB realTweets")
    for heading in ("standard", "few false alarms", "few misses", "F1"):
        table.add_column(heading, justify="right")
    kind = rows[0].kind
    for row in rows:
        if row.kind != kind:
            table.add_row()
            kind = row.kind
        told = [
            f"{one.score:.1f}" + ("       " if one.left_out is None else f" ({one.left_out:5.1f})")
            for one in row.profiles.values()
        ]
        table.add_row(row.name, *told, f"{row.near.f1:.2f}" if row.near else "-")
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, width=PIPED_WIDTH)
    with console.capture() as capture:
        console.print(table)
        console.print()
        console.print(LEGEND)
    typer.echo("\n".join(line.rstrip() for line in capture.get().splitlines()))


def _say(line: str) -> None:
    typer.echo(f"rtm: {plain(line)}", err=True)
