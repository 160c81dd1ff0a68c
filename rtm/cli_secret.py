"""The command ``rtm secret``: what no draft may give away."""

import getpass
import sys
from typing import Annotated

import typer

from rtm.cli_live import FOLDER, Data
from rtm.terminal import say
from rtm.timeline import plain

secret = typer.Typer(
    no_args_is_help=True,
    help="What no draft may give away: codenames, figures, sentences, pages. Only fingerprints are "
    "kept. They let nobody read a secret, but who has them can test guesses: guard the folder.",
)

Label = Annotated[
    str, typer.Argument(help="What the desk calls the secret; everybody there may read it.")
]


@secret.command("add")
def add_secret(
    label: Label,
    data: Data = FOLDER,
    who: Annotated[
        str | None, typer.Option(help="Who says so; else the name you have on this machine.")
    ] = None,
) -> None:
    """Guard a secret, read from standard input or asked for. The board may be running meanwhile."""
    from rtm.store.secrets import secrets_of

    if sys.stdin.isatty():
        text = typer.prompt(f"What {label} stands for (not shown)", hide_input=True)
    else:
        text = sys.stdin.read()
    with secrets_of(data) as secrets:
        kept = secrets.add(label, text, who or getpass.getuser())
    typer.echo(plain(f"No draft that gives away {kept.label} leaves from now on."))


@secret.command("list")
def list_secrets(data: Data = FOLDER) -> None:
    """List the labels, who added them and when; the secrets themselves stand nowhere."""
    from rtm.store.secrets import secrets_of

    with secrets_of(data) as secrets:
        kept = secrets.all()
    for one in kept:
        typer.echo(plain(f"{one.label} ({one.who}, {one.at:%Y-%m-%d %H:%M} UTC)"))
    if not kept:
        say("no secret is guarded")


@secret.command("remove")
def remove_secret(label: Label, data: Data = FOLDER) -> None:
    """Guard a secret no more."""
    from rtm.store.secrets import secrets_of

    with secrets_of(data) as secrets:
        secrets.remove(label)
    typer.echo(plain(f"{label} is guarded no more."))
