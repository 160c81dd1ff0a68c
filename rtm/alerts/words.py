"""What a message says, and how it is written where it goes: nothing of it can ping or pretend.

Be a headline of a stranger: you come in plain, on one line, cut where you are long. In a chat you
are letters and nothing else: no mention, no link, no bold; in a mail's subject you stay on it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from rtm.alerting import Kind
from rtm.alerts.alert import Alert, Delivery
from rtm.publish.slack import escaped

MOST_LINES = 10  # of alerts in a message; the board shows all
LONGEST_TITLE = 200
LONGEST_TEXT = 600
LONGEST_SUBJECT = 150
LONGEST_DISCORD = 2_000  # characters of a message there
NOTHING_MORE = "\N{ZERO WIDTH SPACE}"

HEADS: dict[Kind, tuple[str, str]] = {
    "opportunity": ("New opportunity", "{} new opportunities"),
    "approval": ("A draft waits for approval", "{} drafts wait for approval"),
    "locked": ("Locked as grave", "{} locked as grave"),
    "crisis": ("Crisis declared", "{} crises declared"),
    "moderator": ("No moderator is on duty", "No moderator is on duty"),
    "rota": ("A shift has nobody", "{} shifts have nobody"),
    "stopped": ("All is stopped", "All is stopped"),
    "unknown": (
        "Nobody knows whether a post is out",
        "Of {} posts nobody knows whether they are out",
    ),
    "source": ("A source is lost", "{} sources are lost"),
    "leak": ("A secret is given away", "{} secrets are given away"),
}
"""What is said of one, and of several."""

_MARKS = re.compile(r"([\\*_~`|>#\[\]()<:.+=-])")  # what Discord's Markdown, or a link, is made of


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks, and where its board is: ``public_url`` as browsers reach it."""

    brand: str
    public_url: str

    def link(self, card: str | None) -> str:
        """Return where a card is on a phone; the desk where there is none.

        >>> Voice("Oreo", "https://rtm.example/").link("o 1")
        'https://rtm.example/desk#o%201'
        """
        desk = f"{self.public_url.rstrip('/')}/desk"
        return desk if card is None else f"{desk}#{quote(card, safe='')}"


@dataclass(frozen=True, slots=True)
class Line:
    """One alert in a message: ``head`` and ``text`` are ours, ``title`` may be strangers' words."""

    head: str
    title: str
    text: str
    url: str

    @property
    def first(self) -> str:
        """What is said first, on one line."""
        return f"{self.head}: {self.title}" if self.title else self.head


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to one target; ``more`` alerts are on the board alone, ``told`` is for programs."""

    id: str
    at: datetime
    subject: str
    lines: tuple[Line, ...]
    more: int
    told: dict[str, Any]
    is_critical: bool = False


def message_of(delivery: Delivery, voice: Voice) -> Message:
    """Word a delivery."""
    one, many = HEADS[delivery.kind]
    unanswered = [_line(f"Not answered: {one}", alert, voice) for alert in delivery.unanswered]
    news = [_line(one, alert, voice) for alert in delivery.news]
    over = [_line(f"Over: {one}", it.alert, voice, it.note) for it in delivery.over]
    lines = (*unanswered, *news, *over)
    first = unanswered or news or over
    prefix = first[0].head.removesuffix(one)
    told = first[0].first if len(first) == 1 else prefix + many.format(len(first))
    return Message(
        id=delivery.id,
        at=delivery.at,
        subject=_cut(f"{on_one_line(voice.brand)}: {told}", LONGEST_SUBJECT),
        lines=lines[:MOST_LINES],
        more=len(lines) - len(lines[:MOST_LINES]),
        told={
            "brand": voice.brand,
            "kind": delivery.kind,
            "unanswered": _told(delivery.unanswered, voice),
            "news": _told(delivery.news, voice),
            "over": _told((it.alert for it in delivery.over), voice),
        },
        is_critical=delivery.is_critical,
    )


def trial(voice: Voice, at: datetime, target: str) -> Message:
    """Return a message that only tries whether a target is reached."""
    text = "If you read this, alerts reach you here. Nothing is to be done."
    line = Line("A test", f"target {target}", text, voice.link(None))
    subject = f"{on_one_line(voice.brand)}: a test of alerts"
    told = {"brand": voice.brand, "kind": "test", "unanswered": [], "news": [], "over": []}
    return Message(f"msg_test_{at:%Y%m%d%H%M%S}", at, subject, (line,), 0, told)


def plain_text(message: Message) -> str:
    """Return a message as plain text, for mail and whatever else there is."""
    parts = [
        "\n".join(part for part in (line.first, line.text, line.url) if part)
        for line in message.lines
    ]
    return "\n\n".join([*parts, *_rest(message)])


def slack(message: Message) -> dict[str, Any]:
    """Return the JSON of Slack's incoming webhook.

    Strangers' words stand in ``plain_text``, where nothing is read as a mention or a link.
    """
    blocks: list[dict[str, Any]] = []
    for line in message.lines:
        said = "\n".join(part for part in (line.first, line.text) if part)
        blocks.append(
            {"type": "section", "text": {"type": "plain_text", "text": said, "emoji": False}}
        )
        link = f"<{escaped(line.url)}|Open on the board>"
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": link}]})
    for rest in _rest(message):
        blocks.append({"type": "section", "text": {"type": "plain_text", "text": rest}})
    return {
        "text": escaped(message.subject),  # what a phone's notification shows
        "blocks": blocks,
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def discord(message: Message) -> dict[str, Any]:
    """Return the JSON of Discord's webhook; what does not fit is on the board."""
    content, shown = "", 0
    for line in message.lines:
        said = f"**{discord_escaped(line.first)}**\n{discord_escaped(line.text)}\n<{line.url}>\n"
        if len(content) + len(said) > LONGEST_DISCORD - 60:
            break
        content, shown = content + said, shown + 1
    left = message.more + len(message.lines) - shown
    return {
        "content": content + (f"and {left} more on the board" if left else ""),
        "allowed_mentions": {"parse": []},
        "flags": 4,  # no previews of links
    }


def discord_escaped(text: str) -> str:
    r"""Return a text as Discord shows it letter by letter.

    >>> discord_escaped("*hi* http://x")
    '\\*hi\\* http\\://x'
    """
    return _MARKS.sub(r"\\\1", text).replace("@", f"@{NOTHING_MORE}")


def on_one_line(text: str) -> str:
    r"""Return a text without ends of lines, and without what cannot be seen or turns letters round.

    >>> on_one_line("a\r\nBcc: b\u202e")
    'a Bcc: b'
    """
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _line(head: str, alert: Alert, voice: Voice, note: str | None = None) -> Line:
    text = alert.text if note is None else note
    return Line(
        head,
        _cut(on_one_line(alert.title), LONGEST_TITLE),
        _cut(on_one_line(text), LONGEST_TEXT),
        voice.link(alert.card),
    )


def _told(alerts: Iterable[Alert], voice: Voice) -> list[dict[str, Any]]:
    return [
        {
            "id": alert.id,
            "title": _cut(on_one_line(alert.title), LONGEST_TITLE),
            "text": _cut(on_one_line(alert.text), LONGEST_TEXT),
            "since": alert.since,
            "card": alert.card,
            "asked": alert.asked,
            "is_critical": alert.is_critical,
            "url": voice.link(alert.card),
        }
        for alert in alerts
    ]


def _rest(message: Message) -> list[str]:
    return [f"and {message.more} more on the board"] if message.more else []


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
