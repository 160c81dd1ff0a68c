"""Turn a person's answers into a brand profile and a watched event, and these into TOML files.

Pure: an answer goes in as it was typed, and comes out checked by the very rules of the files. What
is wrong is a ConfigError that begins with `file`, the place where the answer was given.
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import tomlkit
from tomlkit.items import Array

from rtm.brand import Brand
from rtm.config import struct_of
from rtm.errors import ConfigError
from rtm.event import WatchedEvent
from rtm.languages import LANGUAGES
from rtm.remedies import one_line, shown

STARTS, ENDS = "18:00", "24:00"  # of a watched event, where nobody says otherwise: an evening
LONGEST_LINE = 90  # characters of a list that stands on one line
LONGEST_SLUG = 50  # characters of a file's name: 200 bytes in the widest script

Zoned = Callable[[datetime], datetime]  # gives a time on the wall its zone

_TIME = re.compile(
    r"(?:(?P<day>\d{4}-\d{2}-\d{2})[ T]+)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
    r" ?(?P<zone>Z|[+-]\d{2}:\d{2})?",
    re.ASCII,
)
_DATED = re.compile(r"\s*\d{4}-", re.ASCII)
_CODES = {name.casefold(): code for code, name in LANGUAGES.items()} | {"slovene": "sl"}


def phrases_of(answer: str, file: str) -> list[str]:
    """Return the phrases of an answer, between commas; one with a comma in it stands in quotes.

    >>> phrases_of('cookie, glass of milk, "Ben, Jerry"', "--about")
    ['cookie', 'glass of milk', 'Ben, Jerry']
    """
    _refuse_broken(answer, file)
    try:
        fields = next(csv.reader([answer], skipinitialspace=True, strict=True), [])
    except csv.Error as error:
        remedy = 'quotes stand around a whole phrase ("Ben, Jerry") or nowhere; write it so'
        raise ConfigError(one_line(f"{file}: {shown(answer)}: {remedy}")) from error
    return [phrase.strip() for phrase in fields if phrase.strip()]


def codes_of(answer: str, file: str) -> list[str]:
    """Return the codes of languages given by code or name; what is neither stays as it is.

    >>> codes_of("Estonian, EN", "--languages")
    ['et', 'en']
    """
    words = [word.casefold() for word in phrases_of(answer, file)]
    return [_CODES.get(word, word) for word in words]


def brand_with(brand: Brand | None, key: str, answer: str, file: str) -> Brand:
    """Return the profile with one more question answered; the first one is ``brand``."""
    table: dict[str, Any] = {}
    if brand is not None:
        table = {name: getattr(brand, name) for name in _BRAND_NOTES}
    match key:
        case "brand":
            name, *aliases = phrases_of(answer, file) or [""]
            table |= {"name": name, "aliases": aliases}
        case "languages":
            table["languages"] = codes_of(answer, file) or ["en"]
        case _:
            place = {"about": "themes", "rivals": "rivals", "never": "no_go"}[key]
            table[place] = phrases_of(answer, file)
    return struct_of(table, Brand, file)


def titled(answer: str, today: date, zoned: Zoned, file: str) -> WatchedEvent | None:
    """Return an event of this title on today's evening; None when nothing was said."""
    title = answer.strip()
    if not title:
        return None
    _refuse_broken(title, file)
    start = _moment(STARTS, today, zoned, file)
    end = _moment(ENDS, today, zoned, file)
    table = {"title": title, "start": start, "end": end, "terms": [title]}
    return struct_of(table, WatchedEvent, file)


def event_with(
    event: WatchedEvent, key: str, answer: str, today: date, zoned: Zoned, file: str
) -> WatchedEvent:
    """Return the event with one more question answered: ``from``, then ``to``, then ``words``."""
    changes: dict[str, Any]
    match key:
        case "from":
            start = _moment(answer or STARTS, today, zoned, file)
            changes = {"start": start, "end": _end("", start, zoned, file)}
        case "to":
            changes = {"end": _end(answer, event.start, zoned, file)}
        case _:
            changes = {"terms": phrases_of(answer, file) or [event.title]}
    table = {name: getattr(event, name) for name in ("title", "start", "end", "terms")}
    return struct_of(table | changes, WatchedEvent, file)


def slug_of(name: str, otherwise: str) -> str:
    """Return a file's name for a brand or an event, without ending.

    >>> slug_of("Eesti Laul: põhivõistlus!", "event")
    'eesti-laul-pohivoistlus'
    """
    letters = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    return "-".join(re.findall(r"[^\W_]+", bare))[:LONGEST_SLUG].strip("-") or otherwise


def brand_text(brand: Brand) -> str:
    """Return the file of a profile made from answers, every key explained."""
    values = {key: getattr(brand, key) for key in _BRAND_NOTES}
    return _text(_BRAND_HEAD, values, _BRAND_NOTES, _BRAND_TAIL)


def event_text(event: WatchedEvent) -> str:
    """Return the file of an event made from answers, every key explained."""
    values = {key: getattr(event, key) for key in _EVENT_NOTES}
    return _text(_EVENT_HEAD, values, _EVENT_NOTES, _EVENT_TAIL)


def _refuse_broken(answer: str, file: str) -> None:
    try:
        answer.encode()
    except UnicodeEncodeError as error:
        remedy = "is not UTF-8 text; type it again on a terminal that speaks UTF-8"
        raise ConfigError(one_line(f"{file}: {shown(answer)} {remedy}")) from error


def _end(answer: str, start: datetime, zoned: Zoned, file: str) -> datetime:
    def as_start(wall: datetime) -> datetime:  # a start elsewhere means an end there too
        is_here = zoned(start.replace(tzinfo=None)).utcoffset() == start.utcoffset()
        return zoned(wall) if is_here else wall.replace(tzinfo=start.tzinfo)

    end = _moment(answer or ENDS, start.date(), as_start, file)
    if end > start or _DATED.match(answer):
        return end
    return _moment(answer, start.date() + timedelta(days=1), as_start, file)  # after midnight


def _moment(answer: str, day: date, zoned: Zoned, file: str) -> datetime:
    found = _TIME.fullmatch(answer.strip().upper())
    try:
        if found is None:
            raise ValueError("no time")
        on = date.fromisoformat(found["day"]) if found["day"] else day
        if not 1970 <= on.year < 9999:
            raise ValueError("no year of ours")
        hour, minute = int(found["hour"]), int(found["minute"])
        if (hour, minute) == (24, 0):
            on, hour = on + timedelta(days=1), 0
        wall = datetime.combine(on, datetime.min.time()).replace(hour=hour, minute=minute)
        if found["zone"]:
            return datetime.fromisoformat(f"{wall.isoformat()}{found['zone']}")
        return zoned(wall)
    except (ValueError, OverflowError) as error:
        remedy = f"write a time such as 20:00, or with its day, {day.isoformat()} 20:00"
        raise ConfigError(one_line(f"{file}: {shown(answer)} is no time; {remedy}")) from error


def _text(head: str, values: Mapping[str, object], notes: Mapping[str, str], tail: str) -> str:
    document = tomlkit.document()
    _comment(document, head)
    for key, note in notes.items():
        document.add(tomlkit.nl())
        _comment(document, note)
        value = values[key]
        document.add(key, _list(value) if isinstance(value, tuple) else tomlkit.item(value))
    document.add(tomlkit.nl())
    _comment(document, tail)
    return document.as_string()


def _comment(document: tomlkit.TOMLDocument, text: str) -> None:
    for line in text.splitlines():
        document.add(tomlkit.comment(line))


def _list(phrases: tuple[str, ...]) -> Array:
    array = tomlkit.array()
    array.extend(phrases)
    # one line would be hard to read, and rtm.config reads none with hundreds of dots
    array.multiline(len(array.as_string()) > LONGEST_LINE)
    return array


_BRAND_HEAD = """\
A brand profile, written by rtm new. Change it as you like, then ask what rtm makes of it:
rtm check, and the name of this file. Capital letters and extra spaces make no difference."""

_BRAND_NOTES = {
    "name": "Your brand, as people know it.",
    "aliases": "Other names that people really type.",
    "handles": 'Your accounts: "@oreo", "oreo.bsky.social", "@oreo@example.social".',
    "languages": 'Languages you can answer in, two letters each (ISO 639-1): "et" is Estonian.',
    "themes": """\
What you may speak about and be believed: your product, how it is used, your own campaigns.
A story that shares words with these fits you better.""",
    "no_go": """\
What you never touch, however large the story gets. A word here wins over any theme.
rtm has its own eye for grief; think of quarrels that are not yours, and of this week's papers.""",
    "sensitive": """\
What is grave for you or where you sell, as death and disaster are to everybody: an anniversary, a
place, a recall. A story that speaks of it is locked until a moderator releases it.""",
    "markets": """\
Countries you sell in, two letters each (ISO 3166): "EE" is Estonia. What all know there as their
tragedy is grave too.""",
    "rivals": "Whom you compete with: their names are never counted as yours.",
}

_BRAND_TAIL = """\
Four tables may follow; take the # away and change them.

How the brand speaks (plain, warm, dry or playful), shown to whoever writes a draft:
[voice]
tone = "plain"
note = "Short. Never sarcastic."

People on duty, and what an hour of one costs in euros: the cost meter runs on these.
[seats]
count = 1
rate_eur_per_hour = 150

How many must agree before a post leaves, and whether writers may approve their own words.
[desk]
approvals = 1
own_approval = true

Where posts may go, and the team that answers for it there; there may be more than one.
[[channel]]
name = "bluesky"
owner = "Marketing department\""""

_EVENT_HEAD = """\
A watched event, written by rtm new. Change it as you like, then ask what rtm makes of it:
rtm check, and the name of this file."""

_EVENT_NOTES = {
    "title": "What it is called.",
    "start": """\
From when on it is watched: date, time and zone, without quotes. Z is UTC, +02:00 two hours ahead.
Start early, so that the talk before it is no surprise.""",
    "end": "Until when. End late: the best joke is often told after the whistle.",
    "terms": """\
Words and phrases by which people talk about it, up to four words each. A story in whose posts
they stand is taken to belong to it: tags, teams, people, places, the parts that always come.""",
}

_EVENT_TAIL = """\
Kits are texts cleared beforehand, each bound to words that would announce its moment. A person
still decides and fires. Take the # away and change it; there may be more than one.
[[kit]]
name = "Overtime"
terms = ["overtime", "going to overtime"]
text = "Overtime? Good thing every pack comes with a second row.\""""
