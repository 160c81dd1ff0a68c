"""What commands write with: results on stdout, all else on stderr, plain where it is piped."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import typer
from rich.console import Console, RenderableType

from rtm.timeline import plain

PIPED_WIDTH = 100  # characters a line where no terminal says how wide it is


def show(shown: RenderableType) -> None:
    """Print a result as a person reads it."""
    console = Console(highlight=False)
    if console.is_terminal:
        console.print(shown)
        return
    piped = Console(file=StringIO(), highlight=False, width=PIPED_WIDTH)
    with piped.capture() as capture:
        piped.print(shown)
    typer.echo("\n".join(line.rstrip() for line in capture.get().splitlines()))


def say(line: str) -> None:
    """Say one line to whoever waits."""
    typer.echo(f"rtm: {plain(line)}", err=True)


@contextmanager
def status(doing: str) -> Iterator[None]:
    """Show on a terminal what is being done for as long as it lasts."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield
        return
    with console.status(plain(doing)):
        yield
