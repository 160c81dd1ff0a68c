"""The command ``rtm rota``: who is to be there when, and where nobody is."""

import getpass
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, available_timezones

import msgspec
import typer
from rich.table import Table

from rtm.cli_live import FOLDER, Data
from rtm.cli_people import Who
from rtm.errors import ConfigError
from rtm.remedies import shown
from rtm.terminal import say, show
from rtm.timeline import plain

if TYPE_CHECKING:
    from rtm.desk.house import Change
    from rtm.desk.newsroom import Newsroom
    from rtm.desk.rota import Reach
    from rtm.desk.rota_view import RotaView
    from rtm.orders import House
    from rtm.store.house import HouseRecord

rota = typer.Typer(
    no_args_is_help=True,
    help="Who is to be on duty when. A hole is told a day and a half before it begins.",
)

Person = Annotated[str, typer.Argument(help="What the person logs in with.")]
Zone = Annotated[str, typer.Option(metavar="ZONE", help="Whose clock, such as Europe/Tallinn.")]
Role = Annotated[str, typer.Argument(help="As what, such as moderator; the person has the role.")]

_START = "When it begins: 2026-12-24T08:00 by the clock of --zone, or with an offset of its own."


@rota.command("add")
def add_shift(
    person: Person,
    role: Role,
    start: Annotated[str, typer.Argument(help=_START)],
    end: Annotated[str, typer.Argument(help="When it ends, written the same way.")],
    data: Data = FOLDER,
    zone: Zone = "UTC",
    who: Who = None,
) -> None:
    """Plan a shift."""
    from rtm.desk.house import shift_planned
    from rtm.desk.newsroom import Shift
    from rtm.store.house import house_of

    wanted = Shift(_moment("START", start, zone), _moment("END", end, zone), person, role)
    said_by = who or getpass.getuser()
    with house_of(data) as house:
        people = house.people.all()
        _tell_changes(
            house.keep(
                lambda newsroom, now: [shift_planned(newsroom, people, wanted, who=said_by, at=now)]
            ),
            zone,
        )
        _tell_alarms(house)


@rota.command("load")
def load_rota(
    file: Annotated[Path, typer.Argument(help="A rota (TOML); rtm check says what it means.")],
    data: Data = FOLDER,
    weeks: Annotated[
        int, typer.Option(min=1, max=53, help="For how long weekly shifts are written out.")
    ] = 8,
    who: Who = None,
) -> None:
    """Replace what is planned from now on by what a file says, and tell what changed."""
    from rtm.config import load
    from rtm.desk.house import rota_loaded
    from rtm.desk.rota_file import Rota, expanded
    from rtm.store.house import house_of

    wanted = load(file, Rota)
    said_by = who or getpass.getuser()

    def decide(newsroom: "Newsroom", now: datetime) -> "list[Change]":
        return rota_loaded(newsroom, people, expanded(wanted, now, weeks), who=said_by, at=now)

    with house_of(data) as house:
        people = house.people.all()
        try:
            changes = house.keep(decide)
        except ConfigError as error:
            raise ConfigError(f"{file}: {error}") from error
        _tell_changes(changes, wanted.zone)
        _tell_alarms(house)


@rota.command("drop")
def drop_shifts(
    person: Person,
    start: Annotated[str | None, typer.Argument(help=_START)] = None,
    data: Data = FOLDER,
    zone: Zone = "UTC",
    ahead: Annotated[
        bool, typer.Option("--all", help="All shifts of the person that are not over.")
    ] = False,
    who: Who = None,
) -> None:
    """Drop the shifts of a person that begin at a moment, or all that are not over."""
    from rtm.desk.house import shift_dropped
    from rtm.store.house import house_of

    if (start is None) != ahead:
        raise ConfigError("drop: write when the shift begins, or --all for all that are not over")
    begins = None if start is None else _moment("START", start, zone)
    said_by = who or getpass.getuser()

    def decide(newsroom: "Newsroom", now: datetime) -> "list[Change]":
        gone = [
            shift
            for shift in sorted(newsroom.shifts)
            if shift.person.lower() == person.lower()
            and (shift.end > now if begins is None else shift.start == begins)
        ]
        if not gone:
            when = "any more" if begins is None else "from then on; rtm rota show lists the shifts"
            raise ConfigError(f"{shown(person)} is not planned {when}")
        return [shift_dropped(newsroom, shift, who=said_by, at=now) for shift in gone]

    with house_of(data) as house:
        _tell_changes(house.keep(decide), zone)
        _tell_alarms(house)


@rota.command("show")
def show_rota(
    data: Data = FOLDER,
    zone: Zone = "UTC",
    days: Annotated[int, typer.Option(min=1, max=366, help="How far to look ahead.")] = 14,
    brand: Annotated[
        Path | None,
        typer.Option(help="Brand profile: its [desk] says when somebody must be there."),
    ] = None,
    event: Annotated[
        list[Path] | None, typer.Option(help="Watched event (TOML); may be given again.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show the holes, then who is missing, who is on duty, and the shifts.

    Without a brand all hours count; with one, those that its policy says must be covered.
    """
    from rtm.desk.rota_view import rota_view
    from rtm.store.house import house_seen

    reach = _reach(brand, event or [])
    _known_zone(zone)
    with house_seen(data) as house:
        newsroom, people, now = house.newsroom(), house.people.all(), house.now
    on_duty = newsroom.on_duty(now, [one.name for one in people])
    seen = rota_view(newsroom.shifts, people, on_duty, now, reach=reach, look=timedelta(days=days))
    if as_json:
        typer.echo(msgspec.json.encode(seen))
        return
    _print(seen, zone)


def _print(seen: "RotaView", zone: str) -> None:
    if seen.note is not None:
        say(seen.note)
    for alarm in seen.alarms:
        say(alarm)
    table = Table(box=None, pad_edge=False)
    for title in ("", "who", "role", "from", "to"):
        table.add_column(title, no_wrap=True)
    rows: list[tuple[str, str, str, datetime, datetime | None]] = [
        *(("hole", "nobody", one.role, one.start, one.end) for one in seen.holes),
        *(("missing", one.person, one.role, one.start, one.end) for one in seen.missing),
        *(("on duty", one.who, ", ".join(one.roles), one.since, None) for one in seen.on_duty),
        *(
            ("" if one.is_able else "nobody's", one.person, one.role, one.start, one.end)
            for one in seen.shifts
        ),
    ]
    for kind, person, role, start, end in rows:
        until = "" if end is None else _at(end, zone)
        table.add_row(kind, plain(person), plain(role), _at(start, zone), until)
    if rows:
        show(table)
    say(f"looked ahead until {_at(seen.until, zone)}; times by the clock of {zone}")


def _tell_changes(changes: "Sequence[House]", zone: str) -> None:
    from rtm.orders import ShiftDropped, ShiftPlanned

    planned = dropped = 0
    for one in changes:
        match one:
            case ShiftPlanned():
                planned += 1
                sign = "+"
            case ShiftDropped():
                dropped += 1
                sign = "-"
            case _:
                continue
        span = f"{_at(one.start, zone)} to {_at(one.end, zone)}"
        typer.echo(plain(f"{sign} {span}  {one.person} as {one.role}"))
    say(f"{planned} planned, {dropped} dropped; times by the clock of {zone}")


def _tell_alarms(house: "HouseRecord") -> None:
    from rtm.desk.rota import alarms, told

    now = house.now
    for hole in alarms(house.newsroom().shifts, house.people.all(), now):
        say(told(hole, now))


def _reach(brand: Path | None, events: Sequence[Path]) -> "Reach":
    from rtm.brand import Brand
    from rtm.config import load
    from rtm.desk.rota import ALWAYS, reach_of
    from rtm.event import WatchedEvent

    if brand is None:
        if events:
            raise ConfigError("--event: write --brand, too; its [desk] says what must be covered")
        return ALWAYS
    return reach_of(load(brand, Brand).desk, [load(event, WatchedEvent) for event in events])


def _at(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M}"


def _moment(name: str, text: str, zone: str) -> datetime:
    _known_zone(zone)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{name} {shown(text)}: write a time such as 2026-12-24T08:00") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _known_zone(zone: str) -> None:
    if zone not in available_timezones():
        raise ConfigError(f"--zone {shown(zone)}: write an IANA name such as Europe/Tallinn")
