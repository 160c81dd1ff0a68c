"""The commands that serve a board: ``rtm live``, ``rtm demo``, and ``rtm user``."""

import asyncio
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rtm.errors import ConfigError
from rtm.timeline import plain

if TYPE_CHECKING:
    from rtm.houses import Login
    from rtm.serve import House

FOLDER = Path("rtm-data")

Port = Annotated[int, typer.Option(min=0, max=65535, help="Port of the board; 0 takes a free one.")]
Host = Annotated[str, typer.Option(help="Address to serve on; others reach only what they see.")]
Data = Annotated[
    Path, typer.Option("--data", metavar="FOLDER", help="Where all that is kept is kept.")
]

users = typer.Typer(no_args_is_help=True, help="Who may log in to the board.")


def live(
    brand: Annotated[Path, typer.Option(help="Brand profile (TOML).")],
    event: Annotated[
        list[Path] | None, typer.Option(help="Watched event (TOML); may be given again.")
    ] = None,
    data: Data = FOLDER,
    publish: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CHANNEL",
            help="A [[channel]] of the profile; may be given again. Its account and secrets come "
            "from the environment, as RTM_BLUESKY_HANDLE and RTM_BLUESKY_PASSWORD. Without it dry, "
            "which keeps what would have been sent.",
        ),
    ] = None,
    alerts: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Who is told what away from the board (TOML)."),
    ] = None,
    public_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Where browsers reach the board; alerts link to it."),
    ] = None,
    host: Host = "127.0.0.1",
    port: Port = 8050,
    keep_days: Annotated[
        int, typer.Option(min=1, help="Days for which posts are kept; decisions stay.")
    ] = 30,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Name by which browsers reach us; may be given again."),
    ] = None,
    stream: Annotated[
        list[str] | None,
        typer.Option(metavar="URL", help="Jetstream server, wss://...; may be given again."),
    ] = None,
) -> None:
    """Watch Bluesky as it happens, and serve the board. No key is needed to read."""
    from rtm import houses
    from rtm.serve import Address

    house = houses.live(
        brand,
        event or [],
        data,
        Address(host, port, tuple(allow_host or ())),
        channels=publish or ["dry"],
        hosts=stream or (),
        environ=os.environ,
        kept=timedelta(days=keep_days),
        alerts=alerts,
        public_url=public_url,
    )
    invitation = houses.first_invitation(house.store)

    def ready(url: str) -> None:
        lines = [f"The board for {house.brand.name}: {url}/desk (wall: {url}/wall)"]
        if invitation is not None:
            lines.append(
                f"First, make yourself known (once, within a day): {url}/invite/{invitation}"
            )
        sent = [f"{one.name} as {one.account}" for one in house.publishers if not one.is_dry]
        if sent:
            kept = f"Fired posts go to {', '.join(sent)}."
        else:
            kept = "Nothing is posted: the channel is dry and keeps what it would have sent."
        _tell([*lines, kept, "Ctrl+C stops it; what was seen and decided is kept."])

    _serve(house, ready)


def board_of_the_night(host: str, port: int) -> None:
    """Serve the board and play the night of 3 February 2013 on it."""
    from rtm import houses
    from rtm.serve import Address

    with tempfile.TemporaryDirectory(prefix="rtm-demo-") as folder:
        house, people = houses.demo(Path(folder), Address(host, port))

        def ready(url: str) -> None:
            _tell([*_night(url), *_logins(people)])

        _serve(house, ready)


@users.command("add")
def add_user(
    name: Annotated[
        str, typer.Argument(help="What the person logs in with; stands in the record.")
    ],
    role: Annotated[
        list[str],
        typer.Option(
            help="writer, approver, moderator, responder, analyst, employee or admin; "
            "may be given again."
        ),
    ],
    data: Data = FOLDER,
    from_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Let a person log in. The board may be running meanwhile."""
    from rtm.desk.roles import ROLES
    from rtm.store.people import people_of

    unknown = [one for one in role if one not in ROLES]
    if unknown:
        raise ConfigError(f'--role "{unknown[0]}": write one of {", ".join(ROLES)}')
    if from_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = typer.prompt(f"Password for {name}", hide_input=True, confirmation_prompt=True)
    with people_of(data) as people:
        person = people.add(name, password, frozenset(one for one in ROLES if one in role))
    _tell([f"{person.name} may log in now, as {' and '.join(sorted(person.roles))}."])


def _serve(house: "House", ready: Callable[[str], None]) -> None:
    from rtm.serve import run

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    try:
        asyncio.run(run(house, ready))
    finally:
        house.store.close()


def _night(url: str) -> list[str]:
    return [
        f"The night of Super Bowl XLVII on a board: {url}/desk (wall: {url}/wall)",
        "It plays from 22:00 UTC, fast until the first opportunity; pause, speed and next moment",
        "are on the desk. Nothing can leave: the channel only keeps what it would have sent.",
    ]


def _logins(people: Sequence["Login"]) -> list[str]:
    return [f"Log in as {one.name} ({', '.join(one.roles)}): {one.password}" for one in people]


def _tell(lines: Sequence[str]) -> None:
    typer.echo("\n".join(plain(line) for line in lines))
    sys.stdout.flush()
