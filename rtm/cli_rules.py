"""The command ``rtm rules``: the rules of the house, and who has acknowledged them."""

import getpass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rtm.cli_live import FOLDER, Data
from rtm.cli_people import Who
from rtm.errors import ConfigError
from rtm.remedies import one_line
from rtm.terminal import say
from rtm.timeline import plain

if TYPE_CHECKING:
    from rtm.desk.newsroom import Newsroom
    from rtm.orders import RulesSet

rules = typer.Typer(
    no_args_is_help=True,
    help="The rules of the house, in Markdown. Who has not acknowledged the newest cannot publish.",
)


@rules.command("set")
def set_rules(
    file: Annotated[Path, typer.Argument(help="The rules (Markdown, UTF-8).")],
    data: Data = FOLDER,
    who: Who = None,
) -> None:
    """Make these the rules; everybody has to acknowledge them anew, unless they are the same."""
    from rtm.desk.house import rules_set
    from rtm.desk.house_rules import CHECKED, rules_of
    from rtm.store.house import house_of

    text, said_by = _text_of(file), who or getpass.getuser()

    def decide(newsroom: "Newsroom", now: datetime) -> "list[RulesSet]":
        made = rules_set(newsroom, text, who=said_by, at=now)
        return [] if made is None else [made]

    with house_of(data) as house:
        try:
            made = house.keep(decide)
        except ConfigError as error:
            raise ConfigError(one_line(f"{file}: {error}")) from error
        kept = house.newsroom().rules
    assert kept is not None
    if not made:
        typer.echo(f"These are the rules already: version {kept.version}.")
        return
    typer.echo(f"Version {kept.version} holds from now on; everybody has to acknowledge it.")
    ids = [rule.id for rule in rules_of(kept.text)]
    typer.echo(plain(f"Rules with an id ({len(ids)}): {', '.join(ids) or 'none'}."))
    without = [one for one in CHECKED if one not in ids]
    if without:
        say(f"the desk checks these, too, and the rules do not name them: {', '.join(without)}")


@rules.command("show")
def show_rules(
    data: Data = FOLDER,
    version: Annotated[
        int | None, typer.Option(min=1, help="An older one; else that of now.")
    ] = None,
) -> None:
    """Print the rules as they were written."""
    from rtm.orders import RulesSet
    from rtm.store.house import house_seen

    with house_seen(data) as house:
        records = house.records()
    known = {record.version: record for record in records if isinstance(record, RulesSet)}
    if not known:
        raise ConfigError("there are no rules yet; rtm rules starter prints some to begin with")
    found = known.get(version or max(known))
    if found is None:
        raise ConfigError(f"--version {version}: there are versions 1 to {max(known)}")
    say(f"version {found.version}, set by {found.who} on {found.at:%Y-%m-%d %H:%M} UTC")
    typer.echo(found.text.encode(), nl=False)


@rules.command("who")
def show_who(data: Data = FOLDER) -> None:
    """Tell who has acknowledged which version, and who has not."""
    from rtm.store.house import house_seen

    with house_seen(data) as house:
        newsroom, people = house.newsroom(), house.people.all()
    if newsroom.rules is None:
        say("there are no rules yet, so that nobody has to acknowledge any")
        return
    for person in sorted(people, key=lambda one: newsroom.has_acknowledged(one.name)):
        said = newsroom.acknowledged.get(person.name)
        if said is None:
            words = "has acknowledged no version"
        else:
            words = f"acknowledged version {said.version} on {said.at:%Y-%m-%d %H:%M} UTC"
        mark = "" if newsroom.has_acknowledged(person.name) else "cannot publish: "
        typer.echo(plain(f"{mark}{person.name} {words}"))
    say(f"version {newsroom.rules.version} holds")


@rules.command("starter")
def print_starter() -> None:
    """Print rules to begin with; change them until they are yours."""
    from rtm.build import RULES

    typer.echo(RULES.read_bytes(), nl=False)


def _text_of(file: Path) -> str:
    from rtm.desk.house_rules import MAX_BYTES

    try:
        with file.open("rb") as opened:
            raw = opened.read(2 * MAX_BYTES + 1)  # line ends may take two bytes
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(one_line(f"{file}: cannot be read ({error.strerror})")) from error
    except ValueError as error:  # NUL in the name, or no UTF-8
        raise ConfigError(one_line(f"{file}: not UTF-8 text; save the file as UTF-8")) from error
