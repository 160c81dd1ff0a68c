"""The command ``rtm cost``: what a room will cost, asked before an event is staffed."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from rtm.errors import ConfigError
from rtm.timeline import plain

MOST_HOURS = 10_000
MOST = 1e12  # of anything else: more people than there are


def cost(
    brand: Annotated[
        Path | None,
        typer.Argument(help="Brand profile (TOML): its seats, and its price of bought media."),
    ] = None,
    event: Annotated[
        list[Path] | None,
        typer.Option(help="Watched event (TOML): for how long; may be given again."),
    ] = None,
    seats: Annotated[
        int | None, typer.Option(help="People in the room, instead of the profile's.")
    ] = None,
    rate: Annotated[
        float | None, typer.Option(help="EUR for an hour of one of them, instead of the profile's.")
    ] = None,
    hours: Annotated[
        float | None, typer.Option(help="For how long, instead of the event's length.")
    ] = None,
    minutes: Annotated[float | None, typer.Option(help="Minutes, added to the hours.")] = None,
    impressions: Annotated[
        int | None, typer.Option(help="How often the posts will be, or were, seen.")
    ] = None,
    followers: Annotated[int | None, typer.Option(help="How many follow your accounts.")] = None,
    paid: Annotated[
        float | None,
        typer.Option(help="EUR for a thousand impressions where you buy them."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print figures as JSON.")] = False,
) -> None:
    """Say what a room will cost, and what it must reach to be worth it.

    Whatever is not given is left out, or solved: with --impressions and --paid alone, for how long
    the room may work.
    """
    _sensible({"--seats": seats, "--impressions": impressions, "--followers": followers})
    _sensible({"--rate": rate, "--paid": paid, "--hours": hours, "--minutes": minutes})
    if (hours or 0) + (minutes or 0) / 60 > MOST_HOURS:
        raise ConfigError(f"--hours and --minutes: write at most {MOST_HOURS:,} hours in all")

    import msgspec

    from rtm.brand import Brand, Seats
    from rtm.config import load
    from rtm.desk.cost_plan import cost_plan, in_words
    from rtm.desk.costs import staffed
    from rtm.event import WatchedEvent

    profile = None if brand is None else load(brand, Brand)
    events = [load(one, WatchedEvent) for one in event or []]
    room = Seats() if profile is None else profile.seats
    room = Seats(
        count=room.count if seats is None else seats,
        rate_eur_per_hour=room.rate_eur_per_hour if rate is None else rate,
    )
    if paid is None and profile is not None:
        paid = profile.desk.paid_eur_per_thousand
    is_told = hours is not None or minutes is not None
    time = timedelta(hours=hours or 0, minutes=minutes or 0) if is_told else staffed(events)
    plan = cost_plan(room, time or None, paid=paid, impressions=impressions, followers=followers)
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(plan)))
        return
    about = "" if is_told else " and ".join(one.title for one in events)
    typer.echo("\n".join(plain(line) for line in in_words(plan, about)))


def _sensible(options: Mapping[str, float | None]) -> None:
    for option, value in options.items():
        least = "0 or more" if option == "--rate" else "a number above 0"  # people may be free
        is_enough = value is None or value > 0 or (value == 0 and option == "--rate")
        if not is_enough or (value or 0) > MOST:
            raise ConfigError(f"{option} {value:g}: write {least}, at most {MOST:g}")
