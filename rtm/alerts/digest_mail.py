"""The digest as a person reads it in the morning: the same parts as plain text and as HTML.

Be a part: a title, and below it sentences or a table. You are left out where there is nothing to
say in you, unless that itself is worth knowing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from rtm.alerts.day import Digest, Post
from rtm.alerts.digest import AHEAD
from rtm.alerts.mail import Letter
from rtm.alerts.words import Voice, on_one_line
from rtm.brand import euros

MOST_ROWS = 40
LONGEST_CELL = 160

_STYLE = "font:15px/1.45 system-ui,sans-serif;color:#111;max-width:44em"
_CELL = "text-align:left;vertical-align:top;padding:2px 12px 2px 0"


_HOLES: dict[int | None, tuple[str, ...]] = {
    None: (),
    0: ("No hole is known of.",),
    1: ("One shift has nobody.",),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """Words in a table, and where they lead."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A title, sentences, and the rows of a table under their headings."""

    title: str
    sentences: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()


def digest_letter(digest: Digest, voice: Voice, zone: ZoneInfo) -> Letter:
    """Return the mail; times in it are of ``zone``."""
    day = digest.end.astimezone(zone)
    parts = parts_of(digest, voice, zone)
    title = f"{on_one_line(voice.brand)}: the last day on the desk"
    return Letter(
        id=f"digest_{day:%Y%m%d}",
        at=digest.end,
        subject=f"{title}, {day:%A %d %B %Y}",
        text=_as_text(title, parts),
        html=_as_html(title, parts),
    )


def parts_of(digest: Digest, voice: Voice, zone: ZoneInfo) -> list[Part]:
    """Return the parts of a digest, those with something to say."""
    parts = [
        _summary(digest, voice, zone),
        _moments(digest, voice, zone),
        _posts(digest, zone),
        _took(digest),
        _breaches(digest),
        _alarms(digest, zone),
        _ahead(digest, zone),
    ]
    return [part for part in parts if part.sentences or part.rows]


def _summary(digest: Digest, voice: Voice, zone: ZoneInfo) -> Part:
    counts = (
        (digest.found, "found"),
        (digest.claimed, "claimed"),
        (len(digest.posts), "fired"),
        (digest.let_go, "let go"),
        (digest.expired, "gone before anybody took them on"),
    )
    said = ", ".join(f"{count} {word}" for count, word in counts)
    cost = () if digest.cost_eur is None else (f"Cost: {euros(digest.cost_eur)}.",)
    return Part(
        f"{_moment(digest.start, zone)} to {_moment(digest.end, zone)} ({zone.key})",
        (f"Opportunities: {said}.", *cost, f"The desk: {voice.link(None)}"),
    )


def _moments(digest: Digest, voice: Voice, zone: ZoneInfo) -> Part:
    rows = [
        (
            Cell(_clock(one.found_at, zone)),
            Cell(one.title, voice.link(one.id)),
            Cell(f"{one.score:.0f}"),
            Cell(one.became),
        )
        for one in digest.moments
    ]
    return _table("What became of each opportunity", ("At", "What", "Score", "Became"), rows)


def _posts(digest: Digest, zone: ZoneInfo) -> Part:
    rows = [
        (
            Cell(_clock(one.at, zone)),
            Cell(one.title, one.url),
            Cell(f"{one.channel} as {one.account}, by {one.who}"),
            Cell(one.became),
            Cell(_results(one)),
        )
        for one in digest.posts
    ]
    return _table("Fired", ("At", "What", "Where", "Became", "Results so far"), rows)


def _took(digest: Digest) -> Part:
    rows = [
        (Cell(one.step), Cell(f"{one.median_s:,.0f} s"), Cell(str(one.count)))
        for one in digest.took
    ]
    return _table("How long steps took", ("Step", "Median", "Of"), rows)


def _breaches(digest: Digest) -> Part:
    rows = [(Cell(rule), Cell(str(count))) for rule, count in digest.breaches]
    return _table("Refused by a rule", ("Rule", "Times"), rows)


def _alarms(digest: Digest, zone: ZoneInfo) -> Part:
    rows = [
        (
            Cell(_moment(one.at, zone)),
            Cell(one.what),
            Cell("still" if one.over_at is None else f"until {_moment(one.over_at, zone)}"),
        )
        for one in digest.alarms
    ]
    return _table("Alarms", ("At", "What", "Lasted"), rows)


def _ahead(digest: Digest, zone: ZoneInfo) -> Part:
    nobody = [(hole.start, hole.end, hole.role, "NOBODY") for hole in digest.holes or ()]
    planned = [(one.start, one.end, one.role, one.person) for one in digest.shifts]
    rows = [
        (Cell(f"{_moment(start, zone)} to {_moment(end, zone)}"), Cell(role), Cell(person))
        for start, end, role, person in sorted([*nobody, *planned])
    ]
    count = None if digest.holes is None else len(digest.holes)
    said = _HOLES.get(count, (f"{count} shifts have nobody.",))
    table = _table(f"Shifts until {_moment(digest.end + AHEAD, zone)}", ("When", "As", "Who"), rows)
    return Part(table.title, (*said, *table.sentences), table.headings, table.rows)


def _table(title: str, headings: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> Part:
    left = len(rows) - MOST_ROWS
    more = (f"The first {MOST_ROWS}; {left} more are on the desk.",) if left > 0 else ()
    return Part(title, more, tuple(headings), tuple(rows[:MOST_ROWS]))


def _results(post: Post) -> str:
    counts = (
        (post.likes, "likes"),
        (post.reposts, "reposts"),
        (post.replies, "replies"),
        (post.views, "views"),
    )
    known = (f"{count:,} {word}" for count, word in counts if count is not None)
    return ", ".join(known) or "not measured"


def _as_text(title: str, parts: Iterable[Part]) -> str:
    written = [title]
    for part in parts:
        lines = [part.title, "-" * len(part.title), *part.sentences]
        for row in part.rows:
            said = " | ".join(_shown(cell) for cell in row if cell.text)
            lines.append(f"- {said}")
            lines.extend(f"  {cell.url}" for cell in row if cell.url)
        written.append("\n".join(lines))
    return "\n\n".join(written) + "\n"


def _as_html(title: str, parts: Iterable[Part]) -> str:
    body = "".join(_part_as_html(part) for part in parts)
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
    return f'{head}<body style="{_STYLE}"><h1>{escape(title)}</h1>{body}</body></html>\n'


def _part_as_html(part: Part) -> str:
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in part.sentences)
    table = ""
    if part.rows:
        heads = "".join(f'<th style="{_CELL}">{escape(head)}</th>' for head in part.headings)
        rows = "".join(
            "<tr>" + "".join(f'<td style="{_CELL}">{_linked(cell)}</td>' for cell in row) + "</tr>"
            for row in part.rows
        )
        table = f"<table><tr>{heads}</tr>{rows}</table>"
    return f"<h2>{escape(part.title)}</h2>{said}{table}"


def _linked(cell: Cell) -> str:
    words = escape(_shown(cell))
    is_safe = cell.url is not None and cell.url.startswith(("https://", "http://"))
    return f'<a href="{escape(cell.url or "")}">{words}</a>' if is_safe else words


def _shown(cell: Cell) -> str:
    said = on_one_line(cell.text)
    return said if len(said) <= LONGEST_CELL else f"{said[: LONGEST_CELL - 1]}…"


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %d %b %H:%M}"


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"
