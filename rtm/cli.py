"""The command ``rtm``: its subcommands, each small; what they write with is in ``terminal``."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from rtm import __version__
from rtm.cli_alerts import alerts, digest
from rtm.cli_audit import audit
from rtm.cli_cost import cost
from rtm.cli_evaluate import evaluate
from rtm.cli_live import Host, Port, board_of_the_night, live, users
from rtm.cli_new import new
from rtm.cli_people import duty
from rtm.cli_rota import rota
from rtm.cli_rules import rules
from rtm.cli_secret import secret
from rtm.cli_tune import tune
from rtm.clock import WallClock
from rtm.errors import RtmError
from rtm.progress import Progress
from rtm.terminal import say, show, status
from rtm.timeline import Anchor, Timeline, heading, plain, with_anchors, zone_of
from rtm.types import Event, line_of, schema

if TYPE_CHECKING:
    from rtm.build import Told


ABOUT = (
    "rtm reads public posts as they come and tells a brand's team of the moments worth answering. "
    "It finds what people suddenly speak of, judges whether it fits the brand and how long it will "
    "last, and says why; people decide.\n\n"
    "Type [bold]rtm demo[/bold] first: the real night of Super Bowl XLVII in 2013, when the lights "
    "went out, on a board. Then [bold]rtm new[/bold] asks six questions about your brand, and "
    "[bold]rtm live[/bold] watches Bluesky for it."
)

app = typer.Typer(
    name="rtm",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="Exit codes: 0 fine, 1 failed, 2 wrong usage, profile or file.",
)

app.command()(new)
app.command()(live)
app.command()(cost)
app.add_typer(users, name="user")
app.command()(digest)
app.add_typer(alerts, name="alerts")
app.add_typer(duty, name="duty")
app.add_typer(rota, name="rota")
app.add_typer(rules, name="rules")
app.add_typer(audit, name="audit")
app.add_typer(secret, name="secret")
app.add_typer(tune, name="tune")
app.add_typer(evaluate, name="evaluate")

Json = Annotated[bool, typer.Option("--json", help="Print events, one JSON object a line.")]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; whatever rtm raises on purpose becomes one line and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may know no UTF-8
    try:
        app(arguments, prog_name="rtm")
    except RtmError as error:
        say(str(error))
        raise SystemExit(2) from None


@app.callback(invoke_without_command=True, help=ABOUT)
def about(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Print the version where that is all that is asked."""
    if version:
        typer.echo(__version__)


@app.command()
def demo(
    headless: Annotated[
        bool, typer.Option("--headless", help="Tell the night here, as a timeline.")
    ] = False,
    as_json: Json = False,
    host: Host = "127.0.0.1",
    port: Port = 8050,
) -> None:
    """Play the real night of 3 February 2013, when the lights went out. No network is used."""
    if not headless and not as_json:
        board_of_the_night(host, port)
        return
    with status("loading the engine and the night"):
        from rtm import build  # a second or two, of which --help needs nothing

        told = build.demo(WallClock())
    events = _events(told)
    if as_json:
        _print_lines(events)
        return
    title = "The night of Super Bowl XLVII, as rtm would have told it to a brand's team"
    today = "Lines marked so are the demo's own, from the public record; the engine saw none of it."
    _print_account(told, with_anchors(events, build.anchors()), title, [("Known today", today)])


@app.command()
def replay(
    file: Annotated[
        Path,
        typer.Argument(
            help="Recorded posts (Parquet, NDJSON, CSV), or what rtm live kept (a folder)."
        ),
    ],
    brand: Annotated[Path, typer.Option(help="Brand profile (TOML).")],
    event: Annotated[
        list[Path] | None, typer.Option(help="Watched event (TOML); may be given again.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="TIME",
            help="Tell events from then on. Earlier posts are still read: they are the past that "
            "the engine compares with. RFC 3339, or 2013-02-04 01:30 for UTC.",
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--to", metavar="TIME", help="Time goes on until then, and stops there."),
    ] = None,
    speed: Annotated[
        str, typer.Option(metavar="max|N", help="As fast as can be, or N times real time.")
    ] = "max",
    as_json: Json = False,
    flush: Annotated[
        bool,
        typer.Option("--flush", help="Take the last post for the end: wait for no later ones."),
    ] = False,
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OURS=THEIRS",
            help="Which column holds what, such as at=created_at; remembered beside the file.",
        ),
    ] = None,
) -> None:
    """Tell recorded posts to the engine as if they came now, and print what it finds."""
    with status(f"loading the engine and {file}"):
        from rtm import build  # a second or two, of which --help needs nothing

        times, pace = build.span_of(since, until), build.speed_of(speed)
        told = build.recorded(
            file, brand, event or [], span=times, columns=column or [], clock=WallClock()
        )
    events = _events(told, pace, flush)
    if as_json:
        _print_lines(events)
    else:
        _print_account(told, events, f"Replay of {file}", [])


@app.command()
def check(
    files: Annotated[
        list[Path], typer.Argument(help="Brand profiles, watched events and rotas (TOML).")
    ],
) -> None:
    """Say what rtm makes of a brand profile, a watched event or a rota."""
    from rtm.check import check as checked  # the only command that needs it

    wrong = False
    for file in files:
        try:
            lines = checked(file)
        except RtmError as error:
            wrong = True
            say(str(error))
            continue
        typer.echo("\n".join(plain(line) for line in [f"{file}: fine.", *lines]))
    raise typer.Exit(2 if wrong else 0)


@app.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of the events that --json prints."""
    typer.echo(json.dumps(schema(), indent=2))


def _events(told: "Told", speed: float | None = None, flush: bool = False) -> Iterator[Event]:
    recording = told.recording
    for note in (*told.span.notes, *recording.notes):
        say(f"note: {note}")
    if recording.aside:
        causes = ", ".join(f"{cause} {count:,}" for cause, count in recording.aside.items())
        where = f"; see {recording.aside_path}" if recording.aside_path else ""
        say(f"note: of {recording.rows:,} rows these are no posts: {causes}{where}")
    console = Console(stderr=True, highlight=False)
    progress = Progress(console, say, recording.posts.height, told.last, speed)
    with progress.shown():
        for event in told.replay(
            clock=WallClock(), speed=speed, flush=flush, on_told=progress.told
        ):
            progress.hide()  # or the bar and the event would share a line of the terminal
            yield event
            progress.show()
    say(progress.line())


def _print_lines(events: Iterable[Event]) -> None:
    for event in events:
        typer.echo(line_of(event).encode())  # bytes: JSON is UTF-8 whatever the terminal


def _print_account(
    told: "Told",
    entries: Iterable[Event | Anchor],
    title: str,
    more: Sequence[tuple[str, str]],
) -> None:
    zone = zone_of(told.events)
    timeline = Timeline(zone)
    show(heading(title, [*told.lines(), *more], zone))
    for entry in entries:
        shown = timeline.told(entry)
        if shown is not None:
            show(shown)
    show(timeline.closing(told.recording.posts.height))
