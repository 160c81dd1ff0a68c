"""What a server that speaks Mastodon's API says of posts and of itself, read with care.

A network answers with HTML that it made of our words, each server in its own way: signs become
markup, an address is cut by spans, a mention loses its domain. So words are compared by what no
server changes, letters and numbers, and letter by letter where it tells what was written.
"""

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from html.parser import HTMLParser
from math import isqrt
from typing import Any

import msgspec
import regex

from rtm.draft import LONGEST_POLL_S, MOST_PICTURES, MOST_POSTS
from rtm.publish.publisher import Limits

USUAL_LETTERS = 500  # Mastodon's own, where a server tells none
USUAL_LINK_LETTERS = 23
HEAVIEST_PICTURE = 4_000_000  # bytes; a server may take more, a phone's connection not
USUAL_PICTURE = 1_000_000

_DOMAIN = regex.compile(r"(?<![\w/])(@\w+(?:[\w.-]*\w)?)@[\w-]+(?:\.[\w-]+)*(?::\d+)?")
_CHANGED = regex.compile(r"[^\p{L}\p{M}\p{N}]+")


class Status(msgspec.Struct, frozen=True):
    """A post as the API tells it; ``text`` is what was written, where a server says so at once."""

    id: str
    created_at: datetime
    content: str = ""
    text: str | None = None
    url: str | None = None
    in_reply_to_id: str | None = None
    reblog: Any = None
    replies_count: int | None = None
    reblogs_count: int | None = None
    favourites_count: int | None = None


def status_of(told: object) -> Status | None:
    """Return the post in an answer, or None when there is none."""
    try:
        status = msgspec.convert(told, Status)
    except msgspec.ValidationError:
        return None
    is_id = status.id.isascii() and status.id.isalnum() and len(status.id) <= 100
    return status if is_id and status.created_at.tzinfo is not None else None


def may_be(status: Status, text: str) -> bool:
    """Tell whether a post may say a text, whatever its server made of it.

    >>> at = datetime.fromisoformat("2013-02-04T01:48:18Z")
    >>> may_be(Status("1", at, "<p>Dunk it, <i>dark</i> &#128578;</p>"), "Dunk it, *dark* :-)")
    True
    """
    written = status.text if status.text is not None else plain(status.content)
    return _kept(written) == _kept(text)


def is_same(written: str, text: str) -> bool:
    r"""Tell whether what a server says was written is a text, but for spaces.

    >>> is_same("dunk  it\n", "dunk it"), is_same("dunk it!", "dunk it")
    (True, False)
    """
    return _folded(written) == _folded(text)


def plain(content: str) -> str:
    r"""Return the words of HTML.

    >>> plain('<p>dunk<br>it</p><p><a href="/x"><span class="invisible">a</span>b</a></p>')
    'dunk\nit\nab\n'
    """
    words = _Words()
    words.feed(content)
    words.close()
    return "".join(words.parts)


def limits_of(instance: Mapping[str, Any], *, is_full: bool) -> Limits:
    """Return what a server says fits into its posts; ``is_full``: it speaks the API's version 2.

    Servers that do not are known to drop what they do not do and to say nothing: a poll is left
    out, an unlisted post is public. So there only what all of them do is offered.
    """
    statuses = _fields(instance, "configuration", "statuses")
    media = _fields(instance, "configuration", "media_attachments")
    polls = _fields(instance, "configuration", "polls") if is_full else {}
    old = _number(instance, "max_toot_chars", USUAL_LETTERS)
    pixels = _number(media, "image_matrix_limit", 4_000_000)
    heaviest = _number(media, "image_size_limit", USUAL_PICTURE)
    return Limits(
        graphemes=_number(statuses, "max_characters", old),
        utf8_bytes=None,
        link_letters=_number(statuses, "characters_reserved_per_url", USUAL_LINK_LETTERS),
        pictures=min(_number(statuses, "max_media_attachments", MOST_PICTURES), MOST_PICTURES),
        picture_bytes=min(heaviest, HEAVIEST_PICTURE),
        picture_px=min(2_000, max(1, isqrt(pixels))),
        alt_letters=_number(media, "description_limit", 1_500),
        poll_options=_number(polls, "max_options", 0),
        poll_letters=_number(polls, "max_characters_per_option", 50),
        poll_s=(
            _number(polls, "min_expiration", 300),
            min(_number(polls, "max_expiration", LONGEST_POLL_S), LONGEST_POLL_S),
        ),
        thread=MOST_POSTS,
        takes_replies=True,
        visibilities=("public", "unlisted", "followers") if is_full else ("public",),
    )


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self.parts.append("\n")


def _kept(text: str) -> str:
    near = _DOMAIN.sub(r"\1", unicodedata.normalize("NFC", text))
    return _CHANGED.sub("", near).casefold() or _folded(text)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _fields(told: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    for name in names:
        inner = told.get(name)
        told = inner if isinstance(inner, dict) else {}
    return told


def _number(told: Mapping[str, Any], name: str, usual: int) -> int:
    value = told.get(name)
    return value if type(value) is int and value >= 0 else usual
