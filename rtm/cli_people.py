"""The commands about people: more of ``rtm user``, and ``rtm duty``.

All of them may be given while a board runs on the folder; it knows within seconds.
"""

import getpass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from rtm.cli_live import FOLDER, Data, users
from rtm.errors import ConfigError
from rtm.remedies import shown
from rtm.terminal import say
from rtm.timeline import plain

if TYPE_CHECKING:
    from rtm.desk.newsroom import Newsroom
    from rtm.desk.roles import Person, Role
    from rtm.store.house import HouseRecord

duty = typer.Typer(no_args_is_help=True, help="Who is on duty now; nothing leaves without them.")

Name = Annotated[str, typer.Argument(help="What the person logs in with.")]
Who = Annotated[
    str | None, typer.Option(help="Who says so; else the name you have on this machine.")
]


@users.command("list")
def list_users(data: Data = FOLDER) -> None:
    """List who may log in, and as what."""
    from rtm.store.house import house_seen

    with house_seen(data) as house:
        people = house.people.all()
    for person in people:
        typer.echo(plain(f"{person.name}: {', '.join(sorted(person.roles))}"))
    if not people:
        say("nobody may log in; rtm user add lets somebody in")


@users.command("off")
def switch_off(name: Name, data: Data = FOLDER) -> None:
    """Let a person in no more; what they did stays in the record, under their name."""
    from rtm.desk.house import named
    from rtm.store.house import house_of

    with house_of(data) as house:
        person = named(house.people.all(), name)
        house.people.switch_off(person.name)
        typer.echo(plain(f"{person.name} is let in no more."))
        _tell_what_is_left(house, lost=person.roles)


@users.command("roles")
def set_roles(
    name: Name,
    role: Annotated[
        list[str], typer.Option(help="A role that the person has from now on; may be given again.")
    ],
    data: Data = FOLDER,
) -> None:
    """Give a person these roles, and no others."""
    from rtm.desk.house import named
    from rtm.desk.roles import ROLES
    from rtm.store.house import house_of

    unknown = next((one for one in role if one not in ROLES), None)
    if unknown is not None:
        raise ConfigError(f"--role {shown(unknown)}: write one of {', '.join(ROLES)}")
    with house_of(data) as house:
        known = named(house.people.all(), name)
        person = house.people.set_roles(known.name, [one for one in ROLES if one in role])
        typer.echo(plain(f"{person.name} is {' and '.join(sorted(person.roles))} from now on."))
        _tell_what_is_left(house, lost=known.roles - person.roles)


@duty.command("on")
def begin_duty(person: Name, data: Data = FOLDER) -> None:
    """Put a person on duty; said again, the twelve hours count from now."""
    from rtm.desk.house import duty_began, named
    from rtm.store.house import house_of

    with house_of(data) as house:
        who = named(house.people.all(), person)
        house.keep(lambda newsroom, now: [duty_began(who.name, now)])
    typer.echo(plain(f"{who.name} is on duty, as {', '.join(sorted(who.roles))}."))


@duty.command("off")
def end_duty(person: Name, data: Data = FOLDER, who: Who = None) -> None:
    """Take a person off duty."""
    from rtm.desk.house import duty_ended, named
    from rtm.store.house import house_of

    by = who or getpass.getuser()
    with house_of(data) as house:
        name = named(house.people.all(), person).name
        house.keep(lambda newsroom, now: [duty_ended(newsroom, name, now, by=by)])
        typer.echo(plain(f"{name} is off duty."))
        _tell_who_is_there(house.newsroom(), house.people.all(), house.now)


@duty.command("show")
def show_duty(data: Data = FOLDER) -> None:
    """Show who is on duty since when, whose turn it is, and who is missing."""
    from rtm.desk.rota import able, missing, on_shift
    from rtm.store.house import house_seen

    with house_seen(data) as house:
        newsroom, people, now = house.newsroom(), house.people.all(), house.now
    roles = {person.name: ", ".join(sorted(person.roles)) for person in people}
    on_duty = newsroom.on_duty(now, roles)
    for who, since in on_duty.items():
        typer.echo(plain(f"{who} ({roles[who]}) since {since:%Y-%m-%d %H:%M} UTC"))
    filled = able(newsroom.shifts, people)
    for shift in on_shift(filled, now):
        typer.echo(plain(f"planned: {shift.person} as {shift.role} until {shift.end:%H:%M} UTC"))
    for shift in missing(filled, on_duty, now):
        say(f"{shift.person} is missing: planned as {shift.role} since {shift.start:%H:%M} UTC")
    _tell_who_is_there(newsroom, people, now)


def _tell_who_is_there(newsroom: "Newsroom", people: "list[Person]", now: datetime) -> None:
    on_duty = newsroom.on_duty(now, [one.name for one in people])
    if not on_duty:
        say("nobody is on duty, so nothing can leave")
    elif not any(one.name in on_duty and "moderator" in one.roles for one in people):
        say("no moderator is on duty, so nothing can leave")


def _tell_what_is_left(house: "HouseRecord", *, lost: "frozenset[Role]") -> None:
    from rtm.desk.rota import able, alarms, told

    people, newsroom, now = house.people.all(), house.newsroom(), house.now
    for role in sorted(lost):
        if not any(role in person.roles for person in people):
            say(f"nobody who may log in is {role} any more; rtm user roles gives the role")
    planned = {shift for shift in newsroom.shifts if shift.end > now}
    if nobodys := len(planned - able(planned, people)):
        say(f"of the planned shifts {nobodys} are nobody's now; see rtm rota show")
    for hole in alarms(newsroom.shifts, people, now):
        say(told(hole, now))
