"""The commands ``rtm alerts`` and ``rtm digest``: what reaches people away from the board."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from rtm.alerting import AlertsConfig, Target, refuse_unknown_zone
from rtm.brand import Brand
from rtm.cli_live import FOLDER, Data
from rtm.clock import WallClock
from rtm.config import load
from rtm.errors import ConfigError, PublishError
from rtm.timeline import plain

if TYPE_CHECKING:
    from rtm.alerts.mail import Letter

BOARD = "http://127.0.0.1:8050"  # where rtm live serves unless it is told otherwise

alerts = typer.Typer(no_args_is_help=True, help="Who is told what away from the board.")

PublicUrl = Annotated[
    str, typer.Option("--public-url", metavar="URL", help="Where browsers reach the board.")
]


@alerts.callback()
def about() -> None:
    """Keep ``test`` a command of its own, though it is the only one."""


@alerts.command("test")
def try_targets(
    file: Annotated[Path, typer.Argument(help="Targets and routes (alerts.toml).")],
    public_url: PublicUrl = BOARD,
) -> None:
    """Send a test message to each target, and say what came back; exit 1 if one failed."""
    config = load(file, AlertsConfig)
    if not config.targets:
        raise ConfigError(f"{file}: names no target; add [[target]] with name and kind")
    complaints = asyncio.run(_tried(config, public_url))
    for target, complaint in zip(config.targets, complaints, strict=True):
        typer.echo(plain(f"{target.name} ({target.kind}): {complaint or 'taken'}"))
    raise typer.Exit(1 if any(complaints) else 0)


def digest(
    data: Data = FOLDER,
    to_stdout: Annotated[
        bool, typer.Option("--to-stdout", help="Print it, also where it could be mailed.")
    ] = False,
    config_file: Annotated[
        Path | None,
        typer.Option("--alerts", metavar="FILE", help="alerts.toml: mails it as [digest] says."),
    ] = None,
    brand: Annotated[
        Path | None, typer.Option(help="Brand profile (TOML): whose day it was, what is not fit.")
    ] = None,
    zone: Annotated[
        str | None, typer.Option(metavar="NAME", help="Time zone, as Europe/Tallinn; else UTC.")
    ] = None,
    public_url: PublicUrl = BOARD,
) -> None:
    """Tell the last 24 hours at the desk: print them, or mail them. The board may be running."""
    config = None if config_file is None else load(config_file, AlertsConfig)
    when = None if config is None else config.digest
    if config is not None and when is None and not to_stdout:
        raise ConfigError(f"{config_file}: [digest] is missing; add it, or --to-stdout")
    profile = None if brand is None else load(brand, Brand)
    letter = _letter(data, profile, _zone(zone or (when.zone if when else "UTC")), public_url)
    if config is None or when is None or to_stdout:
        typer.echo(letter.text.encode(), nl=False)
        return
    asyncio.run(_mailed(letter, config, when.to))
    typer.echo(plain(f"Mailed to {', '.join(when.to)}."))


def _letter(data: Path, brand: Brand | None, zone: ZoneInfo, public_url: str) -> "Letter":
    from rtm.alerts.digest import digest_of, holes_ahead
    from rtm.alerts.digest_mail import digest_letter
    from rtm.alerts.words import Voice
    from rtm.desk.cost_clock import CostClock
    from rtm.store.house import house_seen
    from rtm.store.reading import STORIES, records_in
    from rtm.text.screening import Screening, screening_of

    now = WallClock().now()
    holes = None
    if brand is None or brand.desk.reachable == "always":  # else watched events say when
        with house_seen(data) as house:
            holes = holes_ahead(house.newsroom().shifts, house.people.all(), now)
    told = digest_of(
        records_in(data, without=STORIES),
        now - timedelta(days=1),
        now,
        screening=Screening() if brand is None else screening_of(brand),
        holes=holes,
        cost=None if brand is None else CostClock(brand.seats),
    )
    return digest_letter(told, Voice("rtm" if brand is None else brand.name, public_url), zone)


async def _mailed(letter: "Letter", config: AlertsConfig, to: tuple[str, ...]) -> None:
    from rtm.alerts.mail import send
    from rtm.alerts.targets import password_of

    assert config.smtp is not None  # its __post_init__ has seen to it
    await send(letter, config.smtp, password_of(config.smtp, os.environ), to)


async def _tried(config: AlertsConfig, public_url: str) -> list[str | None]:
    return await asyncio.gather(*(_complaint(one, config, public_url) for one in config.targets))


async def _complaint(one: Target, config: AlertsConfig, public_url: str) -> str | None:
    from rtm.alerts.targets import target_of
    from rtm.alerts.words import Voice, trial

    clock = WallClock()
    try:
        target = target_of(one, config, os.environ, clock)
        await target.send(trial(Voice("rtm", public_url), clock.now(), one.name))
    except (ConfigError, PublishError) as error:
        return str(error)
    return None


def _zone(name: str) -> ZoneInfo:
    try:
        refuse_unknown_zone(name)
    except ValueError as error:
        raise ConfigError(f"--{error}") from error
    return ZoneInfo(name)
