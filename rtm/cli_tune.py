"""The command ``rtm tune``: how well a setting finds what labels say happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from msgspec.structs import replace
from rich.console import Console
from typer.core import TyperGroup

from rtm.cli_tune_nab import nab
from rtm.clock import WallClock
from rtm.errors import ConfigError
from rtm.progress import Progress
from rtm.terminal import say, show, status

if TYPE_CHECKING:
    from rtm.tune.tuning import Tuning

ON_DATA = "data"  # the command that is meant where the first word names none


class DataFirst(TyperGroup):
    """A group whose first word is a command, or else the data that is tuned on."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in where the first word is none; a file so named is ``./nab``."""
        if not args or args[0] not in self.commands:
            args = [ON_DATA, *args]
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Name no command in messages where none was written."""
        name, command, rest = super().resolve_command(ctx, args)
        return ("" if name == ON_DATA else name), command, rest


tune = typer.Typer(cls=DataFirst, add_completion=False, rich_markup_mode="rich")


tune.command()(nab)


@tune.callback(help="Say how well a setting finds what labels say happened.")
def about() -> None:
    """Make a group of it, even of one command."""


@tune.command(ON_DATA, hidden=True)
def on_data(
    data: Annotated[
        Path, typer.Argument(metavar="DATA", help="Recorded posts (Parquet, NDJSON, CSV).")
    ],
    labels: Annotated[
        Path, typer.Option(help="What truly happened, and what only seemed to (JSON).")
    ],
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Change a setting; may be given again."),
    ] = None,
    sweep: Annotated[
        Path | None, typer.Option(help="Run many settings (TOML with tables grid, setting, base).")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="TIME",
            help="Labels and stories count from then on; earlier posts are the past.",
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help="Later posts are not read.")
    ] = None,
    event: Annotated[
        list[Path] | None, typer.Option(help="Watched event (TOML); may be given again.")
    ] = None,
    brand: Annotated[
        Path | None, typer.Option(help="Brand profile (TOML); none matches nothing.")
    ] = None,
    marks: Annotated[
        Path | None, typer.Option(help="What a person said of unmatched stories (TOML or JSON).")
    ] = None,
    write_marks: Annotated[
        Path | None,
        typer.Option("--write-marks", help="Write the unmatched stories there, to be marked."),
    ] = None,
    spike: Annotated[
        bool, typer.Option("--spike", help="Also plant a louder burst before each label.")
    ] = False,
    permuted: Annotated[
        int, typer.Option(min=0, max=1000, help="Also tell so many streams of permuted times.")
    ] = 0,
    against: Annotated[
        bool,
        typer.Option("--against", help="Sweep other statistics too, with all else as it is."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    figure: Annotated[
        Path | None, typer.Option(help="Write recall against stories a day (HTML).")
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option(help="Where a sweep keeps its results (default: beside the sweep file)."),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Settings of a sweep at once.")] = 2,
) -> None:
    """Say how well a setting finds what labels say happened: recall, delay, stories a day.

    A story matches a label when it opens inside its span and its terms share two keywords with it,
    or a rare one. Intervals are 95 % bootstrap intervals. A first word such as [bold]nab[/bold]
    is a command of its own; write ./nab for a file of that name.
    """
    if write_marks is not None and write_marks.exists() and write_marks != marks:
        remedy = f"add --marks {write_marks} to keep what is marked there, or name another file"
        raise ConfigError(f"--write-marks {write_marks}: exists; {remedy}")
    if sweep is None and (results is not None or jobs != 2):
        raise ConfigError("--results and --jobs are for sweeps; add --sweep FILE")
    if sweep is not None and (spike or permuted or write_marks):
        raise ConfigError("--spike, --permuted and --write-marks take one setting; leave --sweep")
    if against and (sweep is not None or spike or permuted or write_marks):
        raise ConfigError("--against sweeps by itself; leave --sweep, --spike and the like")
    with status("loading the engine"):
        from rtm.build import span_of  # a second or two, of which --help needs nothing
        from rtm.tune.tuning import tuning_of

        times = span_of(since, until)
        tuning = tuning_of(
            data,
            labels,
            changes or [],
            since=times.since,
            until=times.until,
            events=event or [],
            brand=brand,
            marks=marks,
            clock=WallClock(),
        )
    for note in (*times.notes, *tuning.notes):
        say(f"note: {note}")
    if against:
        _against(tuning, as_json, figure)
    elif sweep is None:
        _one(tuning, spike, permuted, as_json, figure, write_marks)
    else:
        kept = results or sweep.with_name(f"{sweep.name}.results.ndjson")
        _many(tuning, sweep, kept, jobs, as_json, figure)


def _one(
    tuning: "Tuning",
    spike: bool,
    permuted: int,
    as_json: bool,
    figure: Path | None,
    write_marks: Path | None,
) -> None:
    from rtm.tune import contamination, tables
    from rtm.tune.figure import write_figure
    from rtm.tune.marks import write_marks as write

    with status(f"reading {tuning.data}"):
        recording = tuning.recording()
    for note in recording.notes:
        say(f"note: {note}")
    with _following(recording.posts.height, "posts read") as progress:
        session = tuning.session(recording.posts, progress.told)
    with _following(recording.posts.height, "posts told") as progress:
        run = session.told(tuning.settings, progress.told)
        progress.told(recording.posts.height)  # the last seconds are read, but not over
    result = session.measured(run, is_explained=True)
    if spike:
        with status("planting bursts"):
            spiked = contamination.spiked(session, tuning.settings, run.matches)
        result = replace(result, spiked=spiked)
    if permuted:
        real = result.measures.stories_a_day.value
        with _following(permuted, "permuted streams told", unit_s=60) as progress:
            null = contamination.null_of(session, tuning.settings, permuted, real, progress.told)
        result = replace(result, null=null)
    if write_marks is not None:
        left = write(write_marks, run.unmatched(), tuning.asked.marks)
        say(f"{write_marks}: {left} stories to be marked")
    if figure is not None:
        write_figure(figure, tuning.title, [result])
        say(f"{figure}: written")
    if as_json:
        _print_json(result)
    else:
        for shown in tables.shown(result, tuning.title):
            show(shown)


def _many(
    tuning: "Tuning", sweep: Path, kept: Path, jobs: int, as_json: bool, figure: Path | None
) -> None:
    from rtm.tune import tables
    from rtm.tune.figure import write_figure
    from rtm.tune.sweep import Results, load_sweep
    from rtm.tune.workers import results as worked

    settings = load_sweep(sweep, tuning.settings)
    job = tuning.job()
    by_key = {job.key(each): each for each in settings}
    known = Results(kept)
    left = known.missing(by_key)
    if len(left) < len(by_key):
        say(f"note: {len(by_key) - len(left)} of {len(by_key)} settings were run before")
    if left:
        with _following(len(left), "settings run", unit_s=60) as progress:
            for number, (key, result) in enumerate(
                worked(job, {key: by_key[key] for key in left}, jobs), 1
            ):
                known.keep(key, result)
                progress.told(number)
    found = known.of(list(by_key))
    drawn = figure or kept.with_suffix(".html")
    write_figure(drawn, tuning.title, found)
    say(f"{kept}: {len(found)} results; {drawn}: the figure")
    if as_json:
        _print_json({"results": found})
    else:
        show(tables.compared(found, tuning.title))


def _against(tuning: "Tuning", as_json: bool, figure: Path | None) -> None:
    from rtm.tune.against import against, compared, usual_yardsticks
    from rtm.tune.against_table import table_of
    from rtm.tune.figure import write_figure

    with status(f"reading {tuning.data}"):
        recording = tuning.recording()
    for note in recording.notes:
        say(f"note: {note}")
    with _following(recording.posts.height, "posts read") as progress:
        session = tuning.session(recording.posts, progress.told)
    results = []
    with status("telling the posts once for each floor of each statistic"):
        for result in against(session, tuning.settings, usual_yardsticks()):
            results.append(result)
            floor = result.changed.get("story_floor", tuning.settings.story_floor)
            told = result.measures.stories_a_day.value or 0.0
            say(f"{result.variant}: floor {floor}, {told:,.1f} stories a day")
    found = compared(session, results)
    if figure is not None:
        write_figure(figure, tuning.title, results)
        say(f"{figure}: written")
    if as_json:
        _print_json(found)
    else:
        show(table_of(found, tuning.title))


@contextmanager
def _following(total: int, noun: str, unit_s: int = 1) -> Iterator[Progress]:
    console = Console(stderr=True, highlight=False)
    progress = Progress(console, say, total, None, None, noun=noun, unit_s=unit_s)
    with progress.shown():
        yield progress
    say(progress.line())


def _print_json(content: object) -> None:
    typer.echo(msgspec.json.encode(content))  # bytes: JSON is UTF-8 whatever the terminal
